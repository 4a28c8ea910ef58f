"""What is found in an XLIFF file on the way through it: its units, and the places in its head."""

from enum import Enum
from typing import NamedTuple

from posteditor.formats.xliff.names import Scope


class FileContext:
    """What a ``<file>`` says that holds for all of its units."""

    __slots__ = ("confirmed_level", "has_target_lang", "name", "source_lang", "target_lang")

    def __init__(self, name: str, source_lang: str | None, target_lang: str | None, confirmed_level: int) -> None:
        self.name = name
        self.source_lang = source_lang
        self.target_lang = target_lang
        self.confirmed_level = confirmed_level
        """In files of Phrase, how often a segment has to be confirmed."""
        self.has_target_lang = False
        """Its targets say their language, too."""


class Unit(NamedTuple):
    """A unit as it lies in the file."""

    start: int
    """Of its start tag, in bytes of UTF-8 from the start of the file."""
    end: int
    line: int
    text: str
    """All of it, with its tags."""
    id: str | None
    context: FileContext
    scope: Scope


class Mark(Enum):
    """A place that matters to what is put into the head of a file."""

    FILE = "file"
    HEADER = "header"
    SKELETON = "skl"
    PHASES = "phase-group"
    PHASE = "phase"


class Landmark(NamedTuple):
    """Such an element begins or ends."""

    mark: Mark
    start: int
    """Of its tag."""
    end: int
    is_end: bool
    is_empty: bool
    """The tag is both."""
    name: str
    """The tag's own name, with its prefix; of a phase the name it gives itself."""


Part = Unit | Landmark


def shown_id(identity: str | None) -> str:
    """An id of a file in a message."""
    if identity is None:
        return "without an id"
    return repr(identity if len(identity) <= 60 else identity[:57] + "...")
