"""How a file is to be read: what the person says about it, as opposed to what the file says itself."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What the command line says about the input; the defaults take everything from the file's name and header."""

    format: str | None = None
    """``tsv``, ``csv``, ``jsonl`` or ``text``; None takes it from the name."""
    columns: tuple[str, ...] | None = None
    """Names in order for files without a header, ``-`` for a column to pass over; one name per file for text."""
    header: bool | None = None
    """With columns: True when the first line is a header that those names replace. None: a header unless columns."""
    skip_bad: bool = False
    """Pass over bad records instead of stopping at the first; they are counted, with line and reason."""
