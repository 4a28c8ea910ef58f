"""XML as a stream of elements, for files that nobody vouches for.

Document types are refused, and with them every entity but the five of XML itself: no file can make us read another one
or grow in memory. Only UTF-8 is read, like everywhere in this package, whatever a file declares.

Source: Extensible Markup Language (XML) 1.0, sections 2.8, 4.3.3 and 4.6.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol
from xml.parsers import expat

from posteditor.errors import CorpusError
from posteditor.formats.compression import file_opener, open_decompressed

_BLOCK_BYTES = 1 << 16
# A tag or a comment of this size is no text to translate; expat holds it in memory, and may read it again and again.
_LONGEST_MARKUP_BYTES = 1 << 20
_UTF8 = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})
_OTHER_MARKS = ((b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"), (b"<\0", "UTF-16LE"), (b"\0<", "UTF-16BE"))
_CUT_SHORT = frozenset(
    expat.errors.codes[text]
    for text in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
        expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
    )
)


class ElementHandler(Protocol):
    """Takes the parts of a document in their order; ``line`` is the 1-based line on which the part starts."""

    def start(self, name: str, attributes: dict[str, str], line: int) -> None:
        """An element begins."""
        ...

    def end(self, name: str, line: int) -> None:
        """An element ends."""
        ...

    def text(self, text: str, line: int) -> None:
        """A piece of text between tags; what stands between two tags may come in several pieces."""
        ...


def feed_xml(path: Path, handler: ElementHandler) -> Iterator[None]:
    """Go through a file, compressed or not; yields after each block of it, so that what was found can be handed on.

    Raises:
        CorpusError: It can't be read, is no well-formed XML in UTF-8, or has a document type declaration.
    """
    feed = _Feed(path, handler)
    source = open_decompressed(file_opener(path), str(path))
    try:
        while block := source.read(_BLOCK_BYTES):
            feed.take(block)
            yield
        feed.finish()
        yield
    finally:
        source.close()


class _Feed:
    """One parser over one file."""

    def __init__(self, path: Path, handler: ElementHandler) -> None:
        self._path = path
        self._handler = handler
        self._bytes = 0
        self._bytes_at_last_part = 0
        self._parser = parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.XmlDeclHandler = self._on_declaration
        parser.StartDoctypeDeclHandler = self._on_document_type
        parser.EntityDeclHandler = self._on_entity
        parser.StartElementHandler = self._on_start
        parser.EndElementHandler = self._on_end
        parser.CharacterDataHandler = self._on_text

    def take(self, block: bytes) -> None:
        if not self._bytes:
            self._check_marks(block)
        self._bytes += len(block)
        try:
            self._parser.Parse(block, False)
        except expat.ExpatError as error:
            raise self._malformed(error) from error
        if self._bytes - self._bytes_at_last_part > _LONGEST_MARKUP_BYTES + _BLOCK_BYTES:
            raise self._error(f"a tag or comment of more than {_LONGEST_MARKUP_BYTES >> 20} MiB", "check what made it")

    def finish(self) -> None:
        try:
            self._parser.Parse(b"", True)
        except expat.ExpatError as error:
            if not self._bytes:
                raise CorpusError(self._path, "the file is empty", hint="check its name") from error
            if error.code not in _CUT_SHORT:
                raise self._malformed(error) from error
            raise CorpusError(
                self._path,
                "the file ends in the middle of its XML",
                line=error.lineno,
                hint="it was cut off: fetch or make it again",
            ) from error

    def _check_marks(self, block: bytes) -> None:
        for mark, encoding in _OTHER_MARKS:
            if block.startswith(mark):
                raise self._foreign(encoding, 0)

    def _on_declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.lower() not in _UTF8:
            raise self._foreign(encoding, self._parser.CurrentLineNumber)

    def _on_document_type(self, _name: str, _system: str | None, _public: str | None, _subset: int) -> None:
        raise self._error(
            "it declares a document type, which is not read: one can name other files, or blow the file up",
            "delete the declaration <!DOCTYPE ...> if you trust the file",
        )

    def _on_entity(self, *_: object) -> None:
        raise self._error("it declares an entity, which is not read", "write the text in place of the entity")

    def _on_start(self, name: str, attributes: dict[str, str]) -> None:
        self._bytes_at_last_part = self._bytes
        self._handler.start(name, attributes, self._parser.CurrentLineNumber)

    def _on_end(self, name: str) -> None:
        self._bytes_at_last_part = self._bytes
        self._handler.end(name, self._parser.CurrentLineNumber)

    def _on_text(self, text: str) -> None:
        self._bytes_at_last_part = self._bytes
        self._handler.text(text, self._parser.CurrentLineNumber)

    def _malformed(self, error: expat.ExpatError) -> CorpusError:
        hint = "put it right there, or fetch or make the file again"
        if error.code == expat.errors.codes[expat.errors.XML_ERROR_INVALID_TOKEN]:
            hint = "is it UTF-8 there? is a bare & or < in a text, which has to be &amp; or &lt;?"
        problem = f"not valid XML at column {error.offset + 1}: {expat.ErrorString(error.code)}"
        return CorpusError(self._path, problem, line=error.lineno, hint=hint)

    def _foreign(self, encoding: str, line: int) -> CorpusError:
        shown = encoding if encoding.isprintable() else repr(encoding)
        return CorpusError(
            self._path,
            f"the file is {shown[:40]}, only UTF-8 is read",
            line=line,
            hint="convert it, with xmllint --encode UTF-8 FILE for instance",
        )

    def _error(self, problem: str, hint: str) -> CorpusError:
        return CorpusError(self._path, problem, line=self._parser.CurrentLineNumber, hint=hint)
