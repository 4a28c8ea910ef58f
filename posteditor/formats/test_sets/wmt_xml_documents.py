"""The documents of a file in the WMT's XML, one after the other; nothing here knows of test sets.

::

    <dataset id="newstest2021.de-en">
      <doc id="..." origlang="de">
        <src lang="de"><p><seg id="1">...</seg></p></src>
        <ref lang="en" translator="A"><p><seg id="1">...</seg></p></ref>
        <hyp lang="en" system="..."><p><seg id="1">...</seg></p></hyp>

Source: schema/wmt-schema.rnc in github.com/wmt-conference/wmt-format-tools. The releases themselves also write
``language`` for the ``lang`` of a hyp, and put ``collection`` elements around documents. As in sacrebleu
(``dataset/wmt_xml.py``), documents of a ``testsuite`` are passed over, and white space in a text is one space.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from posteditor.errors import CorpusError
from posteditor.formats.columns import shown
from posteditor.formats.test_sets.xml_reading import feed_xml

_SIDES = ("src", "ref", "hyp")
_OLD_ROOTS = frozenset({"srcset", "refset", "tstset", "mteval"})
_LARGEST_DOCUMENT = 1 << 27
"""Characters, an element counting as a hundred."""
_ELEMENT = 100

Side = tuple[str, str]
"""``src`` with an empty name, ``ref`` with a translator (may be empty), or ``hyp`` with a system."""


@dataclass(frozen=True, slots=True)
class Text:
    """The segments of one side of a document."""

    line: int
    """Where the element starts."""
    lang: str | None
    segments: dict[str, str] = field(default_factory=dict)
    """Id to text."""
    lines: dict[str, int] = field(default_factory=dict)
    """Id to line."""


@dataclass(frozen=True, slots=True)
class Document:
    """One ``doc``."""

    id: str
    line: int
    sides: dict[Side, Text] = field(default_factory=dict)
    """In the order of the file."""


def read_documents(path: Path, systems: frozenset[str] | None = None) -> Iterator[Document]:
    """The documents in their order, streaming.

    Args:
        path: The file.
        systems: Systems whose texts are wanted; of the others only the side is there, without its segments. None
            leaves the texts of all sides out.

    Raises:
        CorpusError: It is no XML, not the WMT's, or lacks an id or a name that the format asks for.
    """
    builder = _Builder(path, systems)
    for _ in feed_xml(path, builder):
        yield from builder.finished
        builder.finished.clear()


class _Builder:
    """Makes documents of elements."""

    def __init__(self, path: Path, systems: frozenset[str] | None) -> None:
        self.finished: list[Document] = []
        self._path = path
        self._systems = systems
        self._has_root = False
        self._passing_over = False
        self._document: Document | None = None
        self._side: Text | None = None
        self._keeps_texts = False
        self._segment: str | None = None
        self._pieces: list[str] = []
        self._size = 0

    def start(self, name: str, attributes: dict[str, str], line: int) -> None:
        if not self._has_root:
            self._check_root(name, line)
        elif self._segment is not None:
            raise self._error(f"a <{_short(name)}> inside the text of a <seg>", line, "a <seg> holds nothing but text")
        elif name == "doc":
            self._start_document(attributes, line)
        elif self._passing_over or self._document is None:
            return
        elif name in _SIDES:
            self._start_side(self._document, name, attributes, line)
        elif name == "seg":
            self._start_segment(attributes, line)

    def end(self, name: str, line: int) -> None:
        if name == "seg" and self._segment is not None and self._side is not None:
            if self._keeps_texts:
                self._side.segments[self._segment] = " ".join("".join(self._pieces).split())
            self._segment = None
            self._pieces = []
        elif name in _SIDES:
            self._side = None
        elif name == "doc":
            if self._document is not None:
                self.finished.append(self._document)
            self._document, self._passing_over = None, False

    def text(self, text: str, line: int) -> None:
        if self._segment is None or not self._keeps_texts:
            return
        self._grow(len(text), line)
        self._pieces.append(text)

    def _grow(self, chars: int, line: int) -> None:
        """Count what a document takes in memory; one is held at a time."""
        self._size += chars
        if self._size > _LARGEST_DOCUMENT:
            raise self._error(
                f"a <doc> of more than {_LARGEST_DOCUMENT >> 20} million characters", line, "check what made the file"
            )

    def _check_root(self, name: str, line: int) -> None:
        self._has_root = True
        if name == "dataset":
            return
        if name in _OLD_ROOTS:
            raise self._error(
                f"a <{name}> file of before WMT21, which is not read",
                line,
                "take the plain text of the same release: a folder with sources, references and system-outputs",
            )
        raise self._error(
            f"it starts with <{_short(name)}>, not with the <dataset> of the WMT's XML", line, "no other XML is read"
        )

    def _start_document(self, attributes: dict[str, str], line: int) -> None:
        if self._document is not None or self._passing_over:
            raise self._error("a <doc> inside a <doc>", line, "put the file right, or fetch it again")
        self._size = 0
        if "testsuite" in attributes:
            self._passing_over = True
        else:
            self._document = Document(self._named(attributes, "doc", "id", line), line)

    def _start_side(self, document: Document, kind: str, attributes: dict[str, str], line: int) -> None:
        self._grow(_ELEMENT, line)
        name = attributes.get("translator", "") if kind == "ref" else ""
        if kind == "hyp":
            name = self._named(attributes, "hyp", "system", line)
        if self._side is not None or (kind, name) in document.sides:
            what = f"{kind} {shown(name)}" if name else kind
            raise self._error(
                f"a second {what} in the document {shown(document.id)}", line, "take one of the two out of the file"
            )
        lang = attributes.get("lang") or attributes.get("language")
        self._side = document.sides[kind, name] = Text(line, lang)
        self._keeps_texts = self._systems is not None and (kind != "hyp" or name in self._systems)

    def _start_segment(self, attributes: dict[str, str], line: int) -> None:
        if self._side is None:
            raise self._error(
                "a <seg> outside of <src>, <ref> and <hyp>", line, "put the file right, or fetch it again"
            )
        self._grow(_ELEMENT, line)
        self._segment = self._named(attributes, "seg", "id", line)
        if self._keeps_texts and self._segment in self._side.lines:
            raise self._error(f"the segment {shown(self._segment)} is there twice", line, "give one another id")
        if self._keeps_texts:
            self._side.lines[self._segment] = line

    def _named(self, attributes: dict[str, str], element: str, attribute: str, line: int) -> str:
        value = attributes.get(attribute, "").strip()
        if not value:
            raise self._error(f"a <{element}> without {attribute}", line, f"every <{element}> needs one")
        return value

    def _error(self, problem: str, line: int, hint: str) -> CorpusError:
        return CorpusError(self._path, problem, line=line, hint=hint)


def _short(name: str) -> str:
    """The name of an element, which has no control characters, in a message."""
    return name if len(name) <= 40 else f"{name[:37]}..."
