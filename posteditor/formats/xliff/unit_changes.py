"""What is to be other about one unit, for those who put it in."""

from dataclasses import dataclass

from posteditor.core.segment import Status
from posteditor.formats.records import Change
from posteditor.formats.xliff.file_parts import FileContext
from posteditor.formats.xliff.markup import Element, tag_name
from posteditor.formats.xliff.places import Place, note_text
from posteditor.formats.xliff.targets import TextWriter


@dataclass(frozen=True, slots=True)
class UnitChanges:
    """A unit and the changes to its segments, all by the index of the segment in ``places``."""

    text: str
    tree: Element
    context: FileContext
    core: str
    """The namespace of the file's own elements."""
    places: list[Place]
    changes: dict[int, Change]
    contents: dict[int, str]
    """What the targets are to contain that get a new text."""
    refused: dict[int, str]
    """Segments whose new target can't be put in; their status stays, too."""
    writer: TextWriter
    phase: str = ""
    """In version 1, the name of the phase in which the new targets were made; empty for none."""

    def has_target(self, index: int) -> bool:
        """There is, or will be, a target."""
        return index in self.contents or self.places[index].target is not None

    def before(self, index: int) -> Status:
        """The status in the file."""
        place = self.places[index]
        return Status.NEW if place.target is None else place.status

    def after(self, index: int) -> Status:
        """The status to be."""
        change = self.changes.get(index)
        if change is None or change.status is None or index in self.refused:
            return self.before(index)
        return change.status

    def has_new_status(self, index: int) -> bool:
        """A status is to be written: it is another one, or the file's is about another text."""
        change = self.changes.get(index)
        if change is None or change.status is None or index in self.refused:
            return False
        return index in self.contents or change.status is not self.before(index)

    def new_note(self, index: int, notes: list[Element]) -> str | None:
        """The note to be; None where it stays.

        Args:
            notes: Those of the unit.
        """
        change = self.changes.get(index)
        if change is None or change.note is None or change.note == note_text(self.text, notes, self.places[index].key):
            return None
        return change.note

    def source_content(self, index: int) -> str:
        """The raw content of a segment's source."""
        source = self.places[index].source
        return self.text[source.open_end : source.close]

    @property
    def prefix(self) -> str:
        """Of the unit's own name, with its colon; empty if it has none."""
        name = tag_name(self.text[: self.tree.open_end])
        return name[: name.find(":") + 1]

    @property
    def target_language(self) -> str:
        """An ``xml:lang`` for a new target, with a space before it, where the file's targets have one."""
        sources = (self.text[place.source.start : place.source.open_end] for place in self.places)
        says = self.context.has_target_lang or any("xml:lang" in tag for tag in sources)
        return self.context.target_lang or "" if says else ""
