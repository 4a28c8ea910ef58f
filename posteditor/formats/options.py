"""How a file is to be read: what the person says about it, as opposed to what the file says itself."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What the command line says about the input; the defaults take everything from the file's name and header."""

    format: str | None = None
    """One of ``detection.FORMATS``; None takes it from the name."""
    columns: tuple[str, ...] | None = None
    """Names in order for files without a header, ``-`` for a column to pass over; one name per file for text."""
    header: bool | None = None
    """With columns: True when the first line is a header that those names replace. None: a header unless columns."""
    skip_bad: bool = False
    """Pass over bad records instead of stopping at the first; they are counted, with line and reason."""
    source_lang: str | None = None
    """BCP 47, for files with more than two languages; None takes it from the file."""
    target_lang: str | None = None
    """The same."""


@dataclass(frozen=True, slots=True)
class WriteOptions:
    """What a file written anew is to say beside its texts."""

    source_lang: str | None = None
    """BCP 47; formats that can't do without raise a UsageError when it is None."""
    target_lang: str | None = None
    """The same."""
    provenance: bool = False
    """Who or which model made each target, when, and how sure it was, where the format has a place for it."""
