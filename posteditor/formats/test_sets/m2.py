"""M2, the format of sets for grammatical error correction: sentences, and edits of one or more annotators.

::

    S She go to school .
    A 1 2|||R:VERB:SVA|||goes|||REQUIRED|||-NONE-|||0

The mt is the sentence, and each annotator's edits applied to it make a reference. The texts stay what they are,
tokens separated by single spaces: nothing is detokenised.

Sources: Dahlmeier and Ng, "Better Evaluation for Grammatical Error Correction" (NAACL 2012), and the m2scorer, from
which come that ``-NONE-`` is no text, that alternatives are separated by ``||`` (the first one is taken), and that
lines in ``I`` are passed over; ERRANT (Bryant and others, ACL 2017), ``errant/edit.py``, for the fields; the script
corr_from_m2.py of BEA-2019, for the types of edits that are no corrections.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from posteditor.core.segment import Segment
from posteditor.errors import CorpusError
from posteditor.formats.columns import shown
from posteditor.formats.compression import file_opener, without_compression
from posteditor.formats.opening import open_lines
from posteditor.formats.test_sets.definition import TestSet
from posteditor.formats.test_sets.naming import stem
from posteditor.formats.test_sets.selection import Request, refuse_selection

_NO_CHANGE = "noop"
_NOT_CORRECTED = frozenset({_NO_CHANGE, "UNK", "Um"})
_NO_TEXT = "-NONE-"
# The correction is the one field that may hold bars, as a token or between alternatives.
_EDIT = re.compile(
    r"A (?P<start>-?\d{1,9}) (?P<end>-?\d{1,9})\|\|\|(?P<type>[^|]*)\|\|\|(?P<correction>.*)"
    r"\|\|\|[^|]*\|\|\|[^|]*\|\|\|(?P<annotator>\d{1,9})\s*"
)
_EXPECTED = "A START END|||TYPE|||CORRECTION|||REQUIRED|||-NONE-|||ANNOTATOR"


class _Edit(NamedTuple):
    line: int
    start: int
    end: int
    """Offsets in tokens."""
    correction: tuple[str, ...]


@dataclass(slots=True)
class _Sentence:
    line: int
    tokens: list[str]
    edits: dict[int, list[_Edit]] = field(default_factory=dict)
    """Annotator to corrections; an annotator who found nothing to correct has none of them."""
    has_noop: bool = False


@dataclass(frozen=True, slots=True)
class _Annotators:
    """Who corrected a file."""

    numbers: tuple[int, ...]
    say_noop: bool
    """They mark sentences that are right; where they don't, silence means that."""

    def of(self, sentence: _Sentence) -> Sequence[int]:
        """Those who looked at a sentence; without any line for it, it is right and has one reference."""
        if self.say_noop:
            return sorted(sentence.edits) or (0,)
        return self.numbers or (0,)


def is_m2(path: Path) -> bool:
    """True for a name in ``.m2``."""
    return Path(without_compression(path.name)).suffix.lower() == ".m2"


def open_m2(request: Request) -> list[TestSet]:
    """The one test set that an M2 file is; it is gone through once to find the annotators.

    Raises:
        UsageError: Something was selected.
        CorpusError: The file can't be read, or a line is malformed.
    """
    refuse_selection(request)
    path = request.path
    numbers: set[int] = set()
    say_noop = False
    for sentence in _sentences(path):
        numbers.update(sentence.edits)
        say_noop |= sentence.has_noop
    annotators = _Annotators(tuple(sorted(numbers)), say_noop)
    return [
        TestSet(
            name=stem(path),
            path=path,
            files=(path,),
            kind="m2",
            read=partial(_segments, path, annotators),
            reference_kind="post-edit",
            is_tokenized=True,
        )
    ]


def _segments(path: Path, annotators: _Annotators) -> Iterator[Segment]:
    for position, sentence in enumerate(_sentences(path), 1):
        references = tuple(
            _corrected(sentence.tokens, sentence.edits.get(number, ())) for number in annotators.of(sentence)
        )
        yield Segment(position, " ".join(sentence.tokens), references=references, line=sentence.line)


def _corrected(tokens: Sequence[str], edits: Sequence[_Edit]) -> str:
    corrected: list[str] = []
    at = 0
    for edit in sorted(edits, key=_place):
        corrected += tokens[at : edit.start]
        corrected += edit.correction
        at = edit.end
    return " ".join([*corrected, *tokens[at:]])


def _place(edit: _Edit) -> tuple[int, int]:
    return edit.start, edit.end


def _sentences(path: Path) -> Iterator[_Sentence]:
    sentence: _Sentence | None = None
    for line, text in _lines(path):
        if text == "S" or text.startswith("S "):
            if sentence is not None:
                yield _checked(path, sentence)
            sentence = _Sentence(line, text[1:].split())
        elif text.startswith("A "):
            if sentence is None:
                raise CorpusError(path, "an edit without a sentence before it", line=line, hint="put the S line there")
            _add_edit(path, sentence, line, text)
        elif not text.strip():
            if sentence is not None:
                yield _checked(path, sentence)
            sentence = None
        elif not text.startswith("I "):
            raise CorpusError(
                path,
                f"the line starts with neither S nor A: {shown(text)}",
                line=line,
                hint=f"M2 has lines such as S TOKEN TOKEN and {_EXPECTED}",
            )
    if sentence is not None:
        yield _checked(path, sentence)


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    (source,) = open_lines([file_opener(path)], [str(path)])
    try:
        for block in source:
            for line, text in enumerate(block.texts, block.first):
                if line in block.faults:
                    raise CorpusError(path, block.faults[line], line=line, hint=source.encoding_hint())
                yield line, text
    finally:
        source.close()


def _add_edit(path: Path, sentence: _Sentence, line: int, text: str) -> None:
    found = _EDIT.fullmatch(text)
    if found is None:
        raise CorpusError(path, f"not an edit: {shown(text)}", line=line, hint=f"an edit is {_EXPECTED}")
    edits = sentence.edits.setdefault(int(found["annotator"]), [])
    sentence.has_noop |= found["type"] == _NO_CHANGE
    if found["type"] in _NOT_CORRECTED:
        return
    start, end = int(found["start"]), int(found["end"])
    count = len(sentence.tokens)
    if not 0 <= start <= end <= count:
        raise CorpusError(
            path,
            f"the edit {start} {end} lies outside the sentence, which has {count} tokens",
            line=line,
            hint="offsets count the tokens of the S line from 0; the second one is that after the edit",
        )
    correction = found["correction"].partition("||")[0].strip()
    edits.append(_Edit(line, start, end, () if correction == _NO_TEXT else tuple(correction.split())))


def _checked(path: Path, sentence: _Sentence) -> _Sentence:
    """The sentence, whose edits don't overlap within one annotator."""
    for number, edits in sentence.edits.items():
        ordered = sorted(edits, key=_place)
        for before, after in pairwise(ordered):
            if after.start < before.end:
                raise CorpusError(
                    path,
                    f"the edit {after.start} {after.end} of annotator {number} overlaps that of line {before.line}",
                    line=after.line,
                    hint="one annotator's edits are all applied to the same sentence: keep one of the two",
                )
    return sentence
