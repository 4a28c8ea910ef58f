"""The units of an XLIFF file as ranges of its bytes: expat judges the XML and says where each unit lies.

Only what stands between units passes through handlers element by element; the inside of a unit is handed on as text,
which ``markup`` takes apart. Document types are refused, and with them every entity but the five of XML itself.
"""

import re
from collections.abc import Iterator
from xml.parsers import expat

from posteditor.errors import CorpusError
from posteditor.formats.xliff.encodings import BLOCK_BYTES, Utf8Source
from posteditor.formats.xliff.file_parts import FileContext, Landmark, Mark, Part, Unit, shown_id
from posteditor.formats.xliff.names import PHRASE, XLIFF_1, XLIFF_2, Scope

LONGEST_UNIT_BYTES = 1 << 24
"""A unit is held in memory; one of more than this is a mistake or an attack."""
_LONGEST_MARKUP_BYTES = 1 << 20
_DEEPEST = 1000
_CUT_SHORT = frozenset(
    expat.errors.codes[text]
    for text in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
        expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
    )
)
_TAG = re.compile(rb"<[^>\"']*(?:\"[^\"]*\"[^>\"']*|'[^']*'[^>\"']*)*>")
_SEPARATOR = " "


_LANDMARKS = {mark.value: mark for mark in Mark}


class Scanner:
    """One pass over a file."""

    def __init__(self, source: Utf8Source, name: str) -> None:
        self._source = source
        self._name = name
        self.with_landmarks = False
        """Landmarks of version 1 are among the parts; to be set before the first part."""
        self.version = 0
        """1 or 2, known after the first part."""
        self.core = ""
        """The namespace of the file's own elements."""
        self.languages: tuple[str | None, str | None] = (None, None)
        """Of the first ``<file>``."""
        self._data = bytearray()
        self._base = 0
        self._fed = 0
        self._found: list[tuple[int, int, int, str | None, FileContext, Scope] | tuple[Mark, int, bool, str]] = []
        self._kinds: dict[str, str] = {}
        self._depth = 0
        self._unit: tuple[int, int, str | None] | None = None
        self._unit_name = ""
        self._prefixes: dict[str, list[str]] = {}
        self._scope = Scope({})
        self._context = FileContext("", None, None, 1)
        self._translated = [True]
        self._parser = self._make_parser()

    def parts(self) -> Iterator[list[Part]]:
        """What is found in each block of the file.

        Raises:
            CorpusError: It can't be read, is no well-formed XML or no XLIFF.
        """
        while block := self._source.read(self._parser.CurrentLineNumber):
            self._fed += len(block)
            self._data += block
            try:
                self._parser.Parse(block, False)
            except expat.ExpatError as error:
                raise self._malformed(error) from error
            yield self._parts()
            self._check_sizes()
        self._finish()

    @property
    def settled(self) -> int:
        """Up to where everything was handed on: bytes before belong to no part that is still to come."""
        if self._unit is not None:
            return self._unit[0]
        place = self._parser.CurrentByteIndex
        return place if place >= 0 else self._fed

    def take_until(self, offset: int) -> bytes:
        """The bytes not yet taken that lie before an offset."""
        count = offset - self._base
        if count <= 0:
            return b""
        piece = bytes(memoryview(self._data)[:count])
        del self._data[:count]
        self._base = offset
        return piece

    def _make_parser(self) -> expat.XMLParserType:
        parser = expat.ParserCreate("utf-8", _SEPARATOR)
        parser.XmlDeclHandler = self._on_declaration
        parser.StartDoctypeDeclHandler = self._on_document_type
        parser.StartElementHandler = self._on_start
        parser.EndElementHandler = self._on_end
        parser.StartNamespaceDeclHandler = self._on_prefix
        parser.EndNamespaceDeclHandler = self._on_prefix_end
        return parser

    def _parts(self) -> list[Part]:
        found = [self._unit_part(*item) if len(item) == 6 else self._landmark(*item) for item in self._found]
        self._found.clear()
        return found

    def _unit_part(
        self, start: int, last: int, line: int, name: str | None, context: FileContext, scope: Scope
    ) -> Unit:
        end = self._tag_end(start)
        if not self._data.endswith(b"/>", 0, end - self._base):
            end = self._data.index(b">", last - self._base) + self._base + 1
        text = self._data[start - self._base : end - self._base].decode()
        return Unit(start, end, line, text, name, context, scope)

    def _landmark(self, mark: Mark, start: int, is_end: bool, phase: str) -> Landmark:
        if is_end and not self._data.startswith(b"</", start - self._base):
            return Landmark(mark, start, start, True, True, "")
        end = self._tag_end(start)
        tag = self._data[start - self._base : end - self._base]
        name = re.split(rb"[\s/>]", tag.lstrip(b"</"), maxsplit=1)[0].decode()
        return Landmark(mark, start, end, is_end, tag.endswith(b"/>"), phase or name)

    def _tag_end(self, start: int) -> int:
        found = _TAG.match(self._data, start - self._base)
        return found.end() + self._base if found else start

    def _check_sizes(self) -> None:
        if self._unit is not None:
            if self._fed - self._unit[0] > LONGEST_UNIT_BYTES + BLOCK_BYTES:
                raise self._error(
                    f"the unit {shown_id(self._unit[2])} has more than {LONGEST_UNIT_BYTES >> 20} MiB",
                    "is a tag in it not closed? check what made it",
                    self._unit[1],
                )
        elif self._fed - self.settled > _LONGEST_MARKUP_BYTES + BLOCK_BYTES:
            raise self._error(f"a tag or comment of more than {_LONGEST_MARKUP_BYTES >> 20} MiB", "check what made it")

    def _finish(self) -> None:
        try:
            self._parser.Parse(b"", True)
        except expat.ExpatError as error:
            if error.code not in _CUT_SHORT:
                raise self._malformed(error) from error
            raise CorpusError(
                self._name,
                f"the file ends in the middle of {self._where() or 'its XML'}",
                line=error.lineno,
                hint="it was cut off: fetch or make it again",
            ) from error

    def _on_declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        self._source.check_declaration(encoding, self._parser.CurrentLineNumber)

    def _on_document_type(self, _name: str, _system: str | None, _public: str | None, _subset: int) -> None:
        raise self._error(
            "it declares a document type, which is not read: one can name other files, or blow the file up",
            "delete the declaration <!DOCTYPE ...> if you trust the file",
        )

    def _on_prefix(self, prefix: str | None, uri: str | None) -> None:
        if self._unit is None:
            self._prefixes.setdefault(prefix or "", []).append(uri or "")
            self._scope = self._current_scope()

    def _on_prefix_end(self, prefix: str | None) -> None:
        if self._unit is None and (meanings := self._prefixes.get(prefix or "")):
            meanings.pop()
            self._scope = self._current_scope()

    def _current_scope(self) -> Scope:
        return Scope({prefix: meanings[-1] for prefix, meanings in self._prefixes.items() if meanings})

    def _on_start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise self._error(f"elements are nested more than {_DEEPEST} deep", "check what made it")
        if not self.version:
            self._on_root(name, attributes)
            return
        kind = self._kinds.get(name)
        if kind is None:
            return
        parser = self._parser
        if kind == "unit":
            if attributes.get("translate", "yes" if self._translated[-1] else "no") == "no":
                return
            self._unit = (parser.CurrentByteIndex, parser.CurrentLineNumber, attributes.get("id"))
            parser.StartElementHandler = None
            parser.EndElementHandler = self._on_end_in_unit
            return
        if kind == "file":
            self._on_file(attributes)
        if kind in ("file", "group"):
            translate = attributes.get("translate")
            self._translated.append(self._translated[-1] if translate is None else translate != "no")
        if self.with_landmarks and (mark := _LANDMARKS.get(kind)):
            phase = attributes.get("phase-name", "") if mark is Mark.PHASE else ""
            self._found.append((mark, parser.CurrentByteIndex, False, phase))

    def _on_end(self, name: str) -> None:
        self._depth -= 1
        kind = self._kinds.get(name)
        # A unit inside a unit, which is found out later, can hide where a group began.
        if kind in ("file", "group") and len(self._translated) > 1:
            self._translated.pop()
        if self.with_landmarks and kind is not None and (mark := _LANDMARKS.get(kind)):
            self._found.append((mark, self._parser.CurrentByteIndex, True, ""))

    def _on_end_in_unit(self, name: str) -> None:
        if name != self._unit_name or self._unit is None:
            return
        start, line, identity = self._unit
        self._found.append((start, self._parser.CurrentByteIndex, line, identity, self._context, self._scope))
        self._unit = None
        self._depth -= 1
        self._parser.StartElementHandler = self._on_start
        self._parser.EndElementHandler = self._on_end

    def _on_root(self, name: str, attributes: dict[str, str]) -> None:
        uri, _, local = name.rpartition(_SEPARATOR)
        self.version = 1 if uri in XLIFF_1 else 2 if uri in XLIFF_2 else 0
        if local != "xliff" or not self.version:
            of = f" of {uri[:80]}" if uri else ""
            raise self._error(
                f"this is no XLIFF 1.0 to 1.2 or 2.0 to 2.2: its outermost element is {local[:40]}{of}",
                "check the name, or say --format",
            )
        self.core = uri
        lead = uri + _SEPARATOR if uri else ""
        unit = "trans-unit" if self.version == 1 else "unit"
        self._unit_name = lead + unit
        self._kinds = {lead + kind: kind for kind in ("file", "group")} | {self._unit_name: "unit"}
        if self.with_landmarks and self.version == 1:
            self._kinds |= {lead + kind: kind for kind in _LANDMARKS}
        level = attributes.get(f"{PHRASE}{_SEPARATOR}level", "1")
        self._context = FileContext(
            "", attributes.get("srcLang"), attributes.get("trgLang"), int(level) if re.fullmatch("[1-9]", level) else 1
        )
        self.languages = (self._context.source_lang, self._context.target_lang)

    def _on_file(self, attributes: dict[str, str]) -> None:
        before = self._context
        if self.version == 2:
            name = attributes.get("id", "")
            self._context = FileContext(name, before.source_lang, before.target_lang, before.confirmed_level)
            return
        languages = attributes.get("source-language"), attributes.get("target-language")
        self._context = FileContext(attributes.get("original", ""), *languages, before.confirmed_level)
        if self.languages == (None, None):
            self.languages = languages

    def _where(self) -> str:
        return "" if self._unit is None else f"the unit {shown_id(self._unit[2])}"

    def _malformed(self, error: expat.ExpatError) -> CorpusError:
        hint = "put it right there, or fetch or make the file again"
        if error.code == expat.errors.codes[expat.errors.XML_ERROR_INVALID_TOKEN]:
            hint = "is it in the declared encoding there? is a bare & or < in a text, which has to be &amp; or &lt;?"
        where = f", in {self._where()}" if self._unit is not None else ""
        problem = f"not valid XML at column {error.offset + 1}{where}: {expat.ErrorString(error.code)}"
        return CorpusError(self._name, problem, line=error.lineno, hint=hint)

    def _error(self, problem: str, hint: str, line: int = 0) -> CorpusError:
        return CorpusError(self._name, problem, line=line or self._parser.CurrentLineNumber, hint=hint)
