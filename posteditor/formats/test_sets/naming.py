"""Names of test sets: made of file names and of what files say, so nothing in them is trusted."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from posteditor.formats.compression import without_compression
from posteditor.formats.test_sets.definition import TestSet

_LONGEST = 80


def clean(name: str) -> str:
    """The name as it may be printed, or be a part of a file's path: no control characters, separators or dot first."""
    printable = "".join("_" if char in "/\\:" or not char.isprintable() else char for char in name.strip())
    cut = printable[:_LONGEST].strip()
    return f"_{cut[1:]}" if cut.startswith(".") else cut or "_"


def stem(path: Path) -> str:
    """The name of a file without its suffix, and without that of its compression."""
    return clean(Path(without_compression(path.name)).stem)


def with_unique_names(sets: Sequence[TestSet]) -> list[TestSet]:
    """The same test sets: those with the same name get the folder in front, or, if need be, a number behind."""
    names = [one.name for one in sets]
    counts = Counter(names)
    names = [
        f"{clean(one.files[0].resolve().parent.name)}/{name}" if counts[name] > 1 else name
        for one, name in zip(sets, names, strict=True)
    ]
    taken: set[str] = set()
    unique = []
    for one, name in zip(sets, names, strict=True):
        number, free = 1, name
        while free in taken:
            number += 1
            free = f"{name}-{number}"
        taken.add(free)
        unique.append(one if free == one.name else replace(one, name=free))
    return unique
