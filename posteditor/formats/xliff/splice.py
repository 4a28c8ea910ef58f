"""One pass over a file that puts changes into its units and hands on every other byte as it is."""

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Protocol

from posteditor.errors import CorpusError
from posteditor.formats.records import Change
from posteditor.formats.xliff.encodings import Utf8Source
from posteditor.formats.xliff.file_parts import Landmark, Mark, Unit
from posteditor.formats.xliff.markup import Element, attributes, tag_name
from posteditor.formats.xliff.phases import Heads
from posteditor.formats.xliff.places import Place
from posteditor.formats.xliff.plain_units import plain_reading
from posteditor.formats.xliff.scanning import Scanner
from posteditor.formats.xliff.splicing1 import spliced_1
from posteditor.formats.xliff.splicing2 import spliced_2
from posteditor.formats.xliff.targets import TextWriter, new_contents, unit_problem
from posteditor.formats.xliff.unit_changes import UnitChanges

_LOOKED_AT = 10_000


class Opened(Protocol):
    """The document that is spliced."""

    count: int
    refused: list[tuple[int, str]]
    removed_characters: int

    @property
    def name(self) -> str:
        """For messages."""
        ...

    def opened(self, unit: Unit) -> tuple[Element, list[Place]] | None:
        """A unit and its segments, which are counted; None for a bad one."""
        ...


class Splice:
    """Puts changes into one file."""

    def __init__(self, document: Opened, text: Utf8Source, scanner: Scanner) -> None:
        self._document = document
        self._text = text
        self._scanner = scanner
        self._heads: Heads | None = None
        self._writer = TextWriter(with_cdata=text.holds_all)
        self._changes: Iterator[Change] = iter(())
        self._next: Change | None = None

    def run(self, changes: Iterable[Change]) -> Iterator[bytes]:
        """The bytes of the new file.

        Raises:
            CorpusError: The file can't be read, or a change is for no segment of it.
        """
        start = list(islice(changes := iter(changes), _LOOKED_AT))
        self._changes = chain(start, changes)
        self._next = next(self._changes, None)
        # Phases stand before the units: whether there will be any must be known at the start of each inner file.
        if any(change.provenance is not None for change in start):
            self._heads = Heads()
            self._scanner.with_landmarks = True
        yield self._text.mark
        for parts in self._scanner.parts():
            for piece in self._through(parts):
                yield self._text.back(piece)
        yield self._text.back(b"".join(self._heads.finish()) if self._heads is not None else b"")
        if self._next is not None:
            raise CorpusError(
                self._document.name,
                f"there is a change for segment {self._next.position}, the file has {self._document.count} segments",
                hint="the file is not the one that the changes were made for",
            )

    def _through(self, parts: Iterable[Unit | Landmark]) -> Iterator[bytes]:
        for part in parts:
            if isinstance(part, Unit):
                new = self._unit(part)
                if new is not None:
                    yield from self._write(self._scanner.take_until(part.start))
                    self._scanner.take_until(part.end)
                    yield from self._write(new.encode())
            elif self._heads is not None:
                yield from self._write(self._scanner.take_until(part.start if part.is_end else part.end))
                self._heads.meet(part)
                if part.mark is Mark.FILE and part.is_end:
                    yield from self._heads.finish()
        yield from self._write(self._scanner.take_until(self._scanner.settled))

    def _write(self, piece: bytes) -> Iterator[bytes]:
        if self._heads is None:
            yield piece
        else:
            yield from self._heads.write(piece)

    def _unit(self, unit: Unit) -> str | None:
        """The new text of a unit; None where it stays as it is."""
        if self._heads is not None:
            self._heads.settle()
        first = self._document.count + 1
        if (self._next is None or self._next.position > first) and self._is_plain(unit):
            self._document.count += 1
            return None
        opened = self._document.opened(unit)
        if opened is None:
            return None
        tree, places = opened
        if not unit.context.has_target_lang:
            unit.context.has_target_lang = _says_language(unit.text, tree)
        changes: dict[int, Change] = {}
        while self._next is not None and self._next.position <= self._document.count:
            if self._next.position >= first:
                changes[self._next.position - first] = self._next
            self._next = next(self._changes, None)
        return self._changed(unit, tree, places, changes) if changes else None

    def _is_plain(self, unit: Unit) -> bool:
        """It is one segment, nothing is to be done with it, and it says nothing about the units after it."""
        if not unit.context.has_target_lang and "xml:lang" in unit.text:
            return False
        return plain_reading(unit, self._scanner.version, self._scanner.core) is not None

    def _changed(self, unit: Unit, tree: Element, places: list[Place], changes: dict[int, Change]) -> str | None:
        writer = self._writer
        name = tag_name(unit.text)
        writer.enter(unit.text, name[: name.find(":") + 1], self._scanner.version)
        contents, refused = new_contents(unit.text, places, changes, writer)
        found = UnitChanges(
            unit.text,
            tree,
            unit.context,
            self._scanner.core,
            places,
            changes,
            contents,
            refused,
            writer,
            self._phase(tree, changes, contents),
        )
        new = spliced_1(found) if self._scanner.version == 1 else spliced_2(found)
        problem = unit_problem(new, unit.scope) if new != unit.text else ""
        if problem:
            refused = {index: problem for index, change in changes.items() if change.target is not None}
        first = self._document.count - len(places) + 1
        self._document.refused += [(first + index, reason) for index, reason in sorted(refused.items())]
        self._document.removed_characters = writer.removed
        return None if problem or new == unit.text else new

    def _phase(self, tree: Element, changes: dict[int, Change], contents: dict[int, str]) -> str:
        """A unit of version 1 has one target: the last segment that has a new text says who made it."""
        made = [changes[index].provenance for index in sorted(contents)]
        last = next((provenance for provenance in reversed(made) if provenance is not None), None)
        if last is None or self._heads is None or self._scanner.version != 1 or tree.child("sdl:seg-defs"):
            return ""
        return self._heads.phases.name_for(last)


def _says_language(text: str, unit: Element) -> bool:
    if "xml:lang" not in text:
        return False
    targets = [unit.child("target"), *(child.child("target") for child in unit.children if child.name == "segment")]
    return any("xml:lang" in attributes(text, target) for target in targets if target is not None)
