"""The text of an XML file in the encoding that it declares.

Source: Extensible Markup Language (XML) 1.0, section 4.3.3 and appendix F.
"""

import re

from posteditor.formats.compression import ByteSource
from posteditor.formats.encoded_text import EncodedText

_DECLARED = re.compile(rb"""<\?xml\s[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_UNMARKED = ((b"<\0\0\0", "utf-32-le"), (b"\0\0\0<", "utf-32-be"), (b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))


class XmlText(EncodedText):
    """The text of an XML file, to be gone through once."""

    def __init__(self, source: ByteSource) -> None:
        """Raises CorpusError when the file can't be read or declares an encoding that isn't."""
        super().__init__(source)
        if self.has_mark:
            return
        found = [encoding for start, encoding in _UNMARKED if self.start.startswith(start)]
        if found:
            self.encoding = found[0]
        elif declared := _DECLARED.match(self.start[:1024]):
            self.set_encoding(declared[1].decode())

    def fitting(self, text: str) -> str:
        """A text of ours with references to the characters that the encoding doesn't have."""
        if self.encoding.startswith("utf"):
            return text
        return text.encode(self.encoding, "xmlcharrefreplace").decode(self.encoding)
