"""What the editor is opened with."""

from dataclasses import dataclass
from pathlib import Path

from posteditor.services.editing import EditingSession


@dataclass(frozen=True, slots=True)
class EditorSetup:
    """What the editor is opened with."""

    session: EditingSession
    models: tuple[str, ...] = ("default",)
    """Rewriter SPECs, one lane each; those that suggest nothing are left out by the caller."""
    name: str = ""
    """The file's name as the status line shows it."""
    export_path: Path | None = None
    """What the export dialog proposes."""
    tm: tuple[Path, ...] = ()
    """Files with confirmed pairs, for rewriters that learn."""
    glossary: Path | None = None
    """Terms and their translations, for models that can be told."""
    allow_remote: bool = False
    """The person has let texts go to the hosts of ``models`` for this session."""
    gate_off: tuple[str, ...] = ()
    """Rules of the gate that are switched off."""
    start_lanes: bool = True
    """False to load models only when a suggestion is first wanted."""
