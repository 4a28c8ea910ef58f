"""What a rewriting run is asked for; the same for every engine, and pickled to the workers of one."""

from dataclasses import dataclass, field
from pathlib import Path

from posteditor.formats.options import ReadOptions


@dataclass(frozen=True, slots=True)
class RewriteOptions:
    """What to rewrite with, and how to read."""

    spec: str = "default"
    read: ReadOptions = field(default_factory=ReadOptions)
    source_lang: str | None = None
    """BCP 47; None when nobody said."""
    target_lang: str | None = None
    """BCP 47; None when nobody said."""
    glossary: Path | None = None
    """Terms and their translations, for rewriters that can be told."""
    gate_off: tuple[str, ...] = ()
    """Rules of the gate that are switched off, sorted."""
    force: bool = False
    """Write over an existing OUT."""
    limit: int | None = None
    """Only the first so many segments; None for all."""
    tm: tuple[Path, ...] = ()
    """Confirmed pairs for a rewriter that learns: tables (TSV), and projects."""
    project: Path | None = None
    """The project that is the input, of which such a rewriter learns too; the run sets it."""
