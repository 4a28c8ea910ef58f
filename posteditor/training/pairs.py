"""Reading (mt, target) pairs from the files of a recipe, one source after the other, with filters.

A source is a pair of parallel text files, two columns of a TSV file with a header, or clean text paired with itself.
Files may be compressed with xz.
"""

import lzma
import random
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import IO

from posteditor.core.words import split_words
from posteditor.errors import CorpusError, UsageError
from posteditor.rewriters.tag_categories import CLOSED_CLASS_WORDS

_STEM = 4


@dataclass(frozen=True, slots=True)
class Pair:
    """A machine translation or draft, and what a person made of it."""

    mt: str
    target: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where pairs come from, how many are taken and which are left out."""

    name: str
    mt: str
    """File name inside the data folder."""
    target: str = ""
    """File name of the other half; empty when ``columns`` names both, or when the text is clean and its own target."""
    columns: tuple[str, ...] = ()
    """The two columns of a TSV file; empty for plain text."""
    licence: str = ""
    """As the model card names it."""
    attribution: str = ""
    """Whom the model card thanks."""
    where: dict[str, list[str]] = field(default_factory=dict)
    """Columns whose value must be one of a list."""
    limit: int = 0
    """Pairs drawn at random from those that pass; 0 takes all."""
    first: int = 0
    """Records passed over at the beginning."""
    held_out: int = 0
    """Records at the end that are left for development."""
    only_last: int = 0
    """Only so many records at the end; 0 takes all."""
    words: tuple[int, int] = (3, 70)
    """Shortest and longest mt and target."""
    length_ratio: float = 1.6
    """The longer text has at most so many times the words of the shorter one."""
    edit_rate: float = 1.0
    """At most this share of words is not common to both texts."""
    new_content: float = 1.0
    """At most this share of the target's content words has no relative in the mt."""

    def __post_init__(self) -> None:
        if self.columns and (len(self.columns) != 2 or self.target):
            raise UsageError(
                f"training source {self.name!r}: columns {list(self.columns)} with target {self.target!r}",
                hint="Give either two columns of one file, or two files.",
            )


def read_pairs(source: Source, folder: Path, *, seed: int = 0) -> list[Pair]:
    """The pairs of ``source`` that pass its filters, in the order of the file.

    Raises:
        CorpusError: A file is missing, broken, uneven or lacks a column.
    """
    records = list(_records(source, folder))
    stop = len(records) - source.held_out
    start = max(source.first, stop - source.only_last if source.only_last else 0)
    if not source.limit:
        return [pair for pair in records[start:stop] if passes(pair, source)]
    order = list(range(start, stop))
    random.Random(f"{seed} {source.name}").shuffle(order)
    kept = islice((index for index in order if passes(records[index], source)), source.limit)
    return [records[index] for index in sorted(kept)]


def passes(pair: Pair, source: Source) -> bool:
    """True when the pair is within the bounds of ``source``."""
    old, new = _content(pair.mt), _content(pair.target)
    shortest, longest = source.words
    if not (shortest <= len(old) <= longest and shortest <= len(new) <= longest):
        return False
    if max(len(old), len(new)) > source.length_ratio * min(len(old), len(new)):
        return False
    if pair.mt == pair.target:
        return True
    return edit_rate(old, new) <= source.edit_rate and new_content(old, new) <= source.new_content


def edit_rate(old: list[str], new: list[str]) -> float:
    """The share of words, as bags, that the longer text does not have in common with the other; 0-1."""
    left = list(new)
    common = 0
    for word in old:
        if word in left:
            left.remove(word)
            common += 1
    return 1 - common / max(len(old), len(new), 1)


def new_content(old: list[str], new: list[str]) -> float:
    """The share of content words and numbers of ``new`` that nothing in ``old`` begins like; 0-1."""
    stems = {word[:_STEM] for word in old}
    content = [word for word in new if (len(word) >= _STEM or word.isdigit()) and word not in CLOSED_CLASS_WORDS]
    return sum(word[:_STEM] not in stems for word in content) / max(len(content), 1)


def content_hash(text: str) -> int:
    """A number that depends on the text alone, for splits that stay the same when files change around a line."""
    return int.from_bytes(sha256(text.encode()).digest()[:8], "big")


def file_hash(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    digest = sha256()
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _content(text: str) -> list[str]:
    return [word.text.lower() for word in split_words(text) if word.text[0].isalnum()]


def _records(source: Source, folder: Path) -> Iterator[Pair]:
    if source.columns:
        yield from _table(source, folder / source.mt)
        return
    with ExitStack() as stack:
        first = stack.enter_context(_open(folder / source.mt))
        if not source.target:
            for line in first:
                yield Pair(line.strip(), line.strip())
            return
        second = stack.enter_context(_open(folder / source.target))
        for number, mt in enumerate(first, start=1):
            if not (target := second.readline()):
                raise CorpusError(folder / source.target, f"ends before line {number}", hint="The files are uneven.")
            yield Pair(mt.strip(), target.strip())


def _table(source: Source, path: Path) -> Iterator[Pair]:
    with _open(path) as stream:
        header = stream.readline().rstrip("\n").split("\t")
        missing = [name for name in (*source.columns, *source.where) if name not in header]
        if missing:
            raise CorpusError(path, f"has no column {missing[0]!r}, only {', '.join(header)}", line=1)
        mt, target = (header.index(name) for name in source.columns)
        allowed = {header.index(name): set(values) for name, values in source.where.items()}
        for number, line in enumerate(stream, start=2):
            row = line.rstrip("\n").split("\t")
            if len(row) != len(header):
                raise CorpusError(path, f"{len(row)} fields, expected {len(header)}", line=number)
            if all(row[column] in values for column, values in allowed.items()):
                yield Pair(row[mt].strip(), row[target].strip())


def _open(path: Path) -> IO[str]:
    try:
        if path.suffix == ".xz":
            return lzma.open(path, "rt", encoding="utf-8", newline="\n")
        return path.open(encoding="utf-8", newline="\n")
    except OSError as error:
        raise CorpusError(path, f"can't be read: {error.strerror}", hint="Give the data folder with --data.") from error
