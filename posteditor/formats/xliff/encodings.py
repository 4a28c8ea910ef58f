"""The bytes of an XML file in any usual encoding as UTF-8, and back, so that no byte changes on the way.

Source: Extensible Markup Language (XML) 1.0, section 4.3.3 and appendix F.
"""

import codecs
import re

from posteditor.errors import CorpusError
from posteditor.formats.compression import ByteSource

BLOCK_BYTES = 1 << 18
_UTF8 = frozenset({"utf-8", "utf8"})
_UTF16 = frozenset({"utf-16", "utf-16le", "utf-16be", "ucs-2", "iso-10646-ucs-2"})
_STARTS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# One byte or several for a character, without shift states: what is read is written back the same, or it is noticed.
_EXACT = re.compile(
    r"ascii|iso8859-\d+|cp(?:125[0-8]|437|85\d|86\d|874|932|936|949|950)|koi8-[rut]|mac-\w+|shift_jis|euc_(?:jp|kr)"
    r"|gb2312|gbk|gb18030|big5"
)
_DECLARED = re.compile(rb"<\?xml\s[^>]*?\bencoding\s*=\s*[\"']([A-Za-z][A-Za-z0-9._-]*)[\"']")
_AS_UTF8 = "convert it to UTF-8, with xmllint --encode UTF-8 FILE for instance"
_WRONG_MARK = "correct the encoding in its first line, or have it written again"


class Utf8Source:
    """The bytes of an XML file as UTF-8 without a mark, and the way back."""

    def __init__(self, source: ByteSource) -> None:
        """Look at the start of the file.

        Raises:
            CorpusError: It is empty, or in an encoding that is not read.
        """
        self._source = source
        self._first = source.read(BLOCK_BYTES)
        if not self._first:
            raise CorpusError(source.name, "the file is empty", hint="check its name")
        self.mark = b""
        """The byte order mark of the file, which is not among the blocks."""
        self.family, declared = self._look()
        self.encoding = declared or self.family
        """Name of a Python codec."""
        self.holds_all = self.encoding in ("utf-8", "utf-16-le", "utf-16-be", "gb18030")
        """Every character has a place in the encoding."""
        self._decoder = self._encoder = None
        if self.encoding != "utf-8":
            self._decoder = codecs.getincrementaldecoder(self.encoding)()
            self._encoder = codecs.getincrementaldecoder("utf-8")()
        self._waiting = b""

    def read(self, line: int) -> bytes:
        """The next block; empty at the end.

        Args:
            line: Where the parser is, for messages.

        Raises:
            CorpusError: The bytes are not of the encoding, or could not be written back as they are.
        """
        block = self._first or self._source.read(BLOCK_BYTES)
        self._first = b""
        if self._decoder is None:
            return block
        at_end = not block
        while True:
            try:
                text = self._decoder.decode(block, at_end)
            except UnicodeDecodeError as error:
                raise self._undecodable(line, str(error.reason)) from error
            if text or at_end:
                break
            self._waiting += block
            block = self._source.read(BLOCK_BYTES)
            at_end = not block
        self._check_way_back(text, block, line)
        return text.encode()

    def back(self, piece: bytes) -> bytes:
        """A piece of UTF-8 as the file has it; pieces come in order and may end inside a character."""
        if self._encoder is None:
            return piece
        return self._encoder.decode(piece).encode(self.encoding, "xmlcharrefreplace")

    def check_declaration(self, declared: str | None, line: int) -> None:
        """Hold what the XML declaration says against the bytes.

        Raises:
            CorpusError: It says another encoding.
        """
        name = (declared or "").lower()
        if self.family != "utf-8":
            right = not name or name in _UTF16
        else:
            right = not name or name in _UTF8 or self.encoding != "utf-8"
        if not right:
            raise CorpusError(
                self._source.name,
                f"it is declared as {name[:40]}, but its first bytes are {self.family}",
                line=line,
                hint=_WRONG_MARK,
            )

    def _look(self) -> tuple[str, str | None]:
        """What the first bytes say: UTF-8 or UTF-16, and the codec where the declaration says another one."""
        start = self._first
        for mark, family in _STARTS:
            if start.startswith(mark):
                if family == "utf-32":
                    raise CorpusError(self._source.name, "the file is UTF-32, which is not read", hint=_AS_UTF8)
                self.mark = mark
                self._first = start[len(mark) :] or self._source.read(BLOCK_BYTES)
                return family, None
        if start.startswith(b"<\0"):
            return "utf-16-le", None
        if start.startswith(b"\0<"):
            return "utf-16-be", None
        return "utf-8", self._declared_codec(start)

    def _declared_codec(self, start: bytes) -> str | None:
        found = _DECLARED.match(start[:1000])
        name = found[1].decode().lower() if found else "utf-8"
        if name in _UTF8:
            return None
        if name in _UTF16:
            raise CorpusError(
                self._source.name, f"it is declared as {name}, but its bytes are not", line=1, hint=_WRONG_MARK
            )
        try:
            codec = codecs.lookup(name).name
        except LookupError:
            codec = ""
        if not _EXACT.fullmatch(codec):
            raise CorpusError(self._source.name, f"the encoding {name[:40]} is not read", line=1, hint=_AS_UTF8)
        return codec

    def _check_way_back(self, text: str, block: bytes, line: int) -> None:
        """Some encodings have two ways to write a character; the file could not be given back byte for byte."""
        came = self._waiting + block
        try:
            written = text.encode(self.encoding)
        except UnicodeEncodeError:
            written = b""
        if text and (not written or not came.startswith(written)):
            raise CorpusError(
                self._source.name,
                f"it has characters that {self.encoding} can write in two ways, so it could not come back as it is",
                line=line,
                hint=_AS_UTF8,
            )
        self._waiting = came[len(written) :]

    def _undecodable(self, line: int, reason: str) -> CorpusError:
        return CorpusError(
            self._source.name,
            f"the bytes after this line are not {self.encoding} ({reason})",
            line=line,
            hint="correct the encoding in its first line, or fetch or make the file again",
        )
