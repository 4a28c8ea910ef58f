"""The bytes of a file as text and back, every byte kept, in whatever encoding it has; for formats that declare one."""

import codecs
from collections.abc import Iterator

from posteditor.errors import CorpusError
from posteditor.formats.compression import ByteSource

MARK = "\ufeff"
"""A byte order mark, which is the first character of the text where the file has one."""

_BLOCK_BYTES = 1 << 16
_START_BYTES = 1 << 16
_CONTROLS = bytes(place for place in range(0x20) if place not in b"\t\n\r")
_MARKS = (  # the order matters: a UTF-32 mark starts with a UTF-16 one
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (codecs.BOM_UTF8, "utf-8"),
)
# Those that files in the field have; a codec of Python's must not be reached by its name alone (there is "zip").
_LEGACY = frozenset(
    {
        *(f"iso8859-{part}" for part in range(1, 17)),
        *(f"cp125{page}" for page in range(9)),
        *("koi8-r", "koi8-u", "gb2312", "gbk", "gb18030", "big5", "shift_jis", "cp932", "euc_jp", "euc_kr"),
    }
)


class EncodedText:
    """The text of a file, to be gone through once.

    In UTF-8 and older encodings bytes that are none of it are lone surrogates (``surrogateescape``), so that the place
    they stand in can be told and passed over.
    """

    def __init__(self, source: ByteSource) -> None:
        """Raises CorpusError when the file can't be read."""
        self.name = source.name
        self._source = source
        self._is_exact = True
        self.may_be_odd = False
        """There may be control characters, or bytes that are no text, in what was read so far."""
        self.start = _start_of(source)
        """The first 64 KiB or more, from which the encoding is told."""
        self.encoding = next((encoding for mark, encoding in _MARKS if self.start.startswith(mark)), "utf-8")
        """As Python calls it; what a byte order mark says, or UTF-8."""

    @property
    def has_mark(self) -> bool:
        """The file starts with a byte order mark, which decides about the encoding."""
        return any(self.start.startswith(mark) for mark, _ in _MARKS)

    def set_encoding(self, declared: str) -> None:
        """Take the encoding that the file declares; what starts with one byte to a character is not UTF-16.

        Raises:
            CorpusError: It is none that is read.
        """
        try:
            encoding = codecs.lookup(declared).name
        except LookupError:
            encoding = ""
        if encoding in _LEGACY:
            self.encoding = encoding
        elif not encoding.startswith(("utf-8", "utf-16", "utf-32", "ascii")):
            raise CorpusError(
                self.name,
                f"the file declares the encoding {declared[:40]!r}, which is not read",
                hint="convert it to UTF-8 with iconv, and let it say so",
            )

    def blocks(self) -> Iterator[str]:
        """The text in pieces.

        Raises:
            CorpusError: The file can't be read, or its bytes are none of its encoding.
        """
        is_wide = self.encoding.startswith(("utf-16", "utf-32"))
        decoder = codecs.getincrementaldecoder(self.encoding)("surrogatepass" if is_wide else "strict")
        block, self.start = self.start, b""
        waiting = b""
        while True:
            text = self._decoded(decoder, block)
            self.may_be_odd = self.may_be_odd or is_wide or len(block.translate(None, _CONTROLS)) < len(block)
            if not self.encoding.startswith("utf"):
                given, waiting = waiting + block, decoder.getstate()[0]
                self._is_exact &= self.encoded(text) == given[: len(given) - len(waiting)]
            if text:
                yield text
            if not block:
                return
            block = self._source.read(_BLOCK_BYTES)

    def encoded(self, text: str) -> bytes:
        """The bytes of a text that came from here, or whose characters the encoding has."""
        return text.encode(self.encoding, self._errors)

    def lacks(self, text: str) -> str:
        """The first character of a text that the encoding does not have; empty when it has all."""
        try:
            text.encode(self.encoding)
        except UnicodeEncodeError as error:
            return text[error.start]
        return ""

    def check_exact(self) -> None:
        """Make sure that ``encoded`` has given back the bytes that were read so far.

        Raises:
            CorpusError: It has not: some older encodings have two ways to write a character.
        """
        if not self._is_exact:
            raise CorpusError(
                self.name,
                f"the file has {self.encoding} bytes that can't be written back as they are",
                hint="convert it to UTF-8 with iconv, and let it say so",
            )

    def close(self) -> None:
        """Close the file."""
        self._source.close()

    @property
    def _errors(self) -> str:
        return "surrogatepass" if self.encoding.startswith(("utf-16", "utf-32")) else "surrogateescape"

    def _decoded(self, decoder: codecs.IncrementalDecoder, block: bytes) -> str:
        try:
            return decoder.decode(block, final=not block)
        except UnicodeDecodeError as error:
            if decoder.errors == "strict":
                decoder.errors = "surrogateescape"
                self.may_be_odd = True
                return self._decoded(decoder, block)
            raise CorpusError(
                self.name,
                f"the file is not all {self.encoding.upper()} ({error.reason})",
                hint="it was cut off, or its encoding is another than it says: fetch or make it again",
            ) from error


def _start_of(source: ByteSource) -> bytes:
    start = b""
    while len(start) < _START_BYTES and (more := source.read(_BLOCK_BYTES)):
        start += more
    return start
