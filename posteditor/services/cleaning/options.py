"""What a cleaning run is asked for."""

import os
from dataclasses import dataclass, field
from pathlib import Path

from posteditor.cleaning.rules_file import DEFAULT_RULES
from posteditor.formats.options import ReadOptions

DEFAULT_MEMORY = 1 << 30


def all_cores() -> int:
    """How many processes can work at once here."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class CleanOptions:
    """What to clean with, and what to write beside OUT."""

    rules: Path = DEFAULT_RULES
    read: ReadOptions = field(default_factory=ReadOptions)
    """Its languages are those that the person says."""
    rejected: Path | None = None
    """For the pairs that go, with the reason; None writes no such file."""
    fixed: Path | None = None
    """For the texts that were repaired, before and after."""
    scores: Path | None = None
    """For the scores of all pairs, or with them."""
    report: Path | None = None
    """For the report as a page."""
    with_fixes: Path | None = None
    """A project made of the rejected pairs, whose confirmed ones come back."""
    limit: int | None = None
    force: bool = False
    jobs: int = field(default_factory=all_cores)
    """Processes that work; 1 works in this one."""
    memory: int = DEFAULT_MEMORY
    """Bytes that looking for duplicates may take."""


def default_rejects(output: Path) -> Path:
    """Where rejected pairs go if nobody says: ``clean.tsv.zst`` has ``clean.rejected.jsonl.zst`` beside it."""
    from posteditor.formats.compression import compression_of, without_compression

    plain = Path(without_compression(output.name))
    return output.with_name(f"{plain.stem}.rejected.jsonl{compression_of(output.name)}")
