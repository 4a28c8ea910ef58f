"""Reading (mt, target) pairs from the files of a recipe, one source after the other, with filters.

A source is a pair of parallel text files, two columns of a TSV file with a header, or clean text paired with itself.
Files may be compressed with xz.
"""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice, zip_longest
from pathlib import Path

from posteditor.core.words import split_words
from posteditor.errors import AlignmentError, CorpusError
from posteditor.rewriters.tag_categories import CLOSED_CLASS_WORDS
from posteditor.training.setting_checks import SettingError, check_bounds
from posteditor.training.text_lines import numbered_lines

_STEM = 4
_BOUNDS = {
    "limit": (0, math.inf),
    "first": (0, math.inf),
    "held_out": (0, math.inf),
    "only_last": (0, math.inf),
    "length_ratio": (1, math.inf),
    "edit_rate": (0, 1),
    "new_content": (0, 1),
    "few_faults": (0, 1),
    "times": (1, 100),
}


@dataclass(frozen=True, slots=True)
class Pair:
    """A machine translation or draft, and what a person made of it."""

    mt: str
    target: str
    source: str = field(default="", compare=False)
    """What the mt was made from; empty where it is not known."""
    line: int = field(default=0, compare=False)
    """Where it begins in the file of the mt, from 1; 0 for a pair out of no file."""


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
    source_column: str = ""
    """The column with what the mt was made from; empty when there is none or it is of no use."""
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
    garble: str = ""
    """What makes an mt out of clean text: "rules", or a pivot of Apertium such as "eng-cat"; empty for nothing."""
    rates: str = ""
    """File name inside the data folder of the rates of the rules; empty for the usual ones."""
    few_faults: float = 0.0
    """Share of the pairs in whose mt only one to three of the differences from the target are left; 0-1."""
    either_way: bool = False
    """Only for the verifier: the texts might as well have had a source, so half of them are taken for such."""
    times: int = 1
    """Only for the verifier: how often its evidence counts."""
    report_only: bool = False
    """Only for development: thresholds are not chosen on it."""
    drop_overlap: bool = False
    """Only for development: segments that are also in the training data are left out, where others are refused."""

    def __post_init__(self) -> None:
        where = f"training source {self.name!r}: "
        for wrong, setting, problem, hint in self._conflicts():
            if wrong:
                raise SettingError(setting, where + problem, hint=hint)
        check_bounds(self, _BOUNDS, where=where)
        shortest, longest = self.words
        if not 0 <= shortest <= longest or longest < 1:
            raise SettingError("words", f"{where}words = {list(self.words)}", hint="First the fewest, then the most.")

    def _conflicts(self) -> list[tuple[bool, str, str, str]]:
        """Whether something is wrong, with which setting, what, and what to do."""
        sides = f"columns {list(self.columns)} with target {self.target!r}"
        halves = bool(self.columns) and (len(self.columns) != 2 or bool(self.target))
        unmet = next((column for column, values in self.where.items() if not values), "")
        ends = "held_out leaves the end for development, only_last takes it: keep one of them."
        clean = "Only clean text is garbled: leave target and columns out."
        return [
            (halves, "columns", sides, "Give either two columns of one file, or two files."),
            (not self.name.strip(), "name", "name is empty", "Every source has a name."),
            (not self.mt.strip(), "mt", "mt is empty", "Every source has a file."),
            (
                bool(self.source_column) and not self.columns,
                "source_column",
                "source_column without columns",
                "Only tables have columns.",
            ),
            (
                bool(self.where) and not self.columns,
                "where",
                "where without columns",
                "Only the rows of a table can be chosen.",
            ),
            (bool(unmet), "where", f"no value of {unmet!r} is allowed", "Name one at least."),
            (bool(self.held_out and self.only_last), "only_last", "held_out and only_last both", ends),
            (bool(self.garble) and self.compares, "garble", "garble beside a target", clean),
            (
                bool(self.rates) and self.garble != "rules",
                "rates",
                "rates without garble = 'rules'",
                "Only rules have rates.",
            ),
        ]

    @property
    def compares(self) -> bool:
        """Whether its two texts may differ: False for clean text paired with itself."""
        return len(set(self.columns)) == 2 or self.target not in ("", self.mt)


def read_pairs(source: Source, folder: Path, *, seed: int = 0) -> list[Pair]:
    """The pairs of ``source`` that pass its filters, in the order of the file.

    Raises:
        CorpusError: A file is missing, broken, uneven or lacks a column.
    """
    records = list(_records(source, folder))
    stop = max(0, len(records) - source.held_out)
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
    elif source.target:
        yield from _parallel(folder / source.mt, folder / source.target)
    else:
        for number, line in numbered_lines(folder / source.mt):
            yield Pair(line.strip(), line.strip(), line=number)


def _parallel(first: Path, second: Path) -> Iterator[Pair]:
    hint = "The files are uneven: they must have the same number of lines."
    for mt, target in zip_longest(numbered_lines(first), numbered_lines(second)):
        if target is None:
            raise AlignmentError(second, f"ends before line {mt[0]} of {first.name}", hint=hint)
        if mt is None:
            raise AlignmentError(first, f"ends before line {target[0]} of {second.name}", hint=hint)
        yield Pair(mt[1].strip(), target[1].strip(), line=mt[0])


def _table(source: Source, path: Path) -> Iterator[Pair]:
    lines = numbered_lines(path)
    header = next(lines)[1].split("\t")
    wanted = (*source.columns, *source.where, *([source.source_column] if source.source_column else []))
    if missing := [name for name in wanted if name not in header]:
        raise CorpusError(
            path,
            f"has no column {missing[0]!r}, only {', '.join(header)}",
            line=1,
            hint="The first line must name the columns, with a tab between them.",
        )
    if doubled := [name for name in wanted if header.count(name) > 1]:
        raise CorpusError(path, f"has two columns {doubled[0]!r}", line=1, hint="Rename one of them.")
    mt, target = (header.index(name) for name in source.columns)
    allowed = {header.index(name): set(values) for name, values in source.where.items()}
    for number, line in lines:
        row = line.split("\t")
        if len(row) != len(header):
            raise CorpusError(
                path,
                f"{len(row)} fields, expected {len(header)}",
                line=number,
                hint="Put the row right or take it out; a field may hold neither tabs nor line breaks.",
            )
        if all(row[column] in values for column, values in allowed.items()):
            original = row[header.index(source.source_column)].strip() if source.source_column else ""
            yield Pair(row[mt].strip(), row[target].strip(), original, number)
