"""What stands in front of the units: XML declaration, document type, header.

A document type may be named, for most tools write that line, but it is never read, and it may declare nothing itself:
no file can make us read another one or grow in memory.

Source: TMX 1.4b, sections on tmx, header and body; XML 1.0, section 2.8.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple
from xml.parsers import expat

from posteditor.errors import CorpusError
from posteditor.formats.encoded_text import MARK

_LONGEST = 1 << 24
_BODY_TAG = re.compile(rb"""<(?:[^>"']|"[^"]*"|'[^']*')*>""")
_CUT_SHORT = frozenset(
    expat.errors.codes[text]
    for text in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
    )
)


class Prologue(NamedTuple):
    """What was read."""

    text: str
    """From the start of the file to behind ``<body>``."""
    rest: str
    """What was read of the file beyond it."""
    header: dict[str, str]
    """Its attributes."""
    is_closed: bool
    """The body is ``<body/>``: there are no units."""


class _BodyFound(Exception):  # noqa: N818 - stops the parser
    pass


def read_prologue(blocks: Iterator[str], name: str) -> Prologue:
    """Read to the start of the body.

    Args:
        blocks: The text of the file from its start; the first ones are taken.
        name: The file, for messages.

    Raises:
        CorpusError: It is no TMX, no well-formed XML up to there, or declares entities.
    """
    parse = _Parse(name)
    text = ""
    for block in blocks:
        text += block
        body = parse.take(block)
        if body is not None:
            end, is_closed = body
            at = len(parse.data[:end].decode()) + text.startswith(MARK)
            return Prologue(text[:at], text[at:], parse.header, is_closed)
        if len(text) > _LONGEST:
            raise CorpusError(name, f"its header is longer than {_LONGEST >> 20} MiB", hint="check what made it")
    raise parse.ended()


class _Parse:
    def __init__(self, name: str) -> None:
        self._name = name
        self._parser = parser = expat.ParserCreate("utf-8")
        parser.StartDoctypeDeclHandler = self._document_type
        parser.EntityDeclHandler = self._entity
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        self._path: list[str] = []
        self._body = 0
        self.data = b""
        self.header: dict[str, str] = {}

    def take(self, text: str) -> tuple[int, bool] | None:
        """Go on; where the tag of the body ends in ``data``, and whether it closes itself."""
        if not self.data:
            text = text.removeprefix(MARK)
        # The block goes on into the units, where bytes that are no text are another matter.
        data = text.encode(errors="replace")
        self.data += data
        try:
            self._parser.Parse(data, False)
        except _BodyFound:
            tag = _BODY_TAG.match(self.data, self._body)
            end = tag.end() if tag else len(self.data)
            return end, self.data[:end].endswith(b"/>")
        except expat.ExpatError as error:
            raise self._malformed(error) from error
        return None

    def ended(self) -> CorpusError:
        """What is wrong with a file that has no body."""
        if not self.data.strip():
            return CorpusError(self._name, "the file is empty", hint="check its name")
        try:
            self._parser.Parse(b"", True)
        except expat.ExpatError as error:
            if error.code not in _CUT_SHORT:
                return self._malformed(error)
            return CorpusError(
                self._name,
                "the file ends in the middle of its XML",
                line=error.lineno,
                hint="it was cut off: fetch or make it again",
            )
        return CorpusError(self._name, "the file has no <body>, where the units are", hint="check what made it")

    def _document_type(self, _name: str, _system: str | None, _public: str | None, has_declarations: int) -> None:
        if has_declarations:
            raise self._error(
                "it declares its own document type, which is not read: one can name other files, or blow the file up",
                "delete what stands in the [...] of <!DOCTYPE> if you trust the file",
            )

    def _entity(self, *_: object) -> None:
        raise self._error("it declares an entity, which is not read", "write the text in place of the entity")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if not self._path and name != "tmx":
            shown = name if len(name) <= 40 else name[:37] + "..."
            raise self._error(
                f"this is no TMX: it starts with the element {shown!r}", "check its name, or say --format"
            )
        if self._path == ["tmx"]:
            if name == "body":
                self._body = self._parser.CurrentByteIndex
                raise _BodyFound
            if name == "header":
                self.header = attributes
        self._path.append(name)

    def _end(self, _name: str) -> None:
        self._path.pop()

    def _malformed(self, error: expat.ExpatError) -> CorpusError:
        problem = f"not valid XML at column {error.offset + 1}: {expat.ErrorString(error.code)}"
        return CorpusError(
            self._name, problem, line=error.lineno, hint="put it right there, or fetch or make the file again"
        )

    def _error(self, problem: str, hint: str) -> CorpusError:
        return CorpusError(self._name, problem, line=self._parser.CurrentLineNumber, hint=hint)
