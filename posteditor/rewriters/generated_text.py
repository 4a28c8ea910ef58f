"""From the tokens that a model made to hunks with confidences, without what its tokenizer can't write."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from posteditor.core.diff import word_diff
from posteditor.core.suggestion import Edit

_PART = re.compile(r"\s+|\S+")
_SURE = 0.999
"""No edit of a generative model is more certain than this."""


@dataclass(frozen=True, slots=True)
class Generated:
    """One answer of a generative model."""

    text: str
    bounds: tuple[int, ...]
    """Where each token begins in the text, and the length of the text at the end."""
    log_probabilities: tuple[float, ...]
    """Natural logarithms, one for each token."""


def generated(tokenizer: Any, tokens: Sequence[int], log_probabilities: Sequence[float]) -> Generated:
    """The text of ``tokens`` without special ones, and where each of them stands in it."""
    special = set(tokenizer.all_special_ids)
    kept = [(token, log) for token, log in zip(tokens, log_probabilities, strict=True) if token not in special]
    ids = [token for token, _ in kept]
    text: str = tokenizer.decode(ids, clean_up_tokenization_spaces=False)
    bounds = [
        min(len(tokenizer.decode(ids[:count], clean_up_tokenization_spaces=False)), len(text))
        for count in range(len(ids))
    ]
    return Generated(text, (*bounds, len(text)), tuple(log for _, log in kept))


def without_wrapping(answer: Generated, text: str) -> Generated:
    """The answer without what stands around ``text`` in it."""
    core = text.strip()
    start = answer.text.find(core)
    if start < 0:  # it was put together otherwise: which token is where can't be told
        return Generated(core, (0, len(core)), (_mean(answer.log_probabilities),))
    bounds = tuple(min(max(0, bound - start), len(core)) for bound in answer.bounds)
    return Generated(core, bounds, answer.log_probabilities)


def hunks(mt: str, answer: Generated, copied: str) -> tuple[Edit, ...]:
    """What the answer changes in the mt.

    White space alone is no change: tokenizers do with it as they please. Nor is what the tokenizer can't write.

    Args:
        mt: The text.
        answer: What the model made of it.
        copied: What comes out of the tokenizer when the mt goes in.
    """
    old, places = _evened(mt)
    new, sources = _evened(answer.text)
    lost = [edit for edit in word_diff(old, _evened(copied)[0]) if not _is_space(old[edit.start : edit.end], edit)]
    found = []
    shift = 0
    for edit in word_diff(old, new):
        start = edit.start + shift
        end = start + len(edit.replacement)
        shift += len(edit.replacement) - (edit.end - edit.start)
        if _is_space(old[edit.start : edit.end], edit) or any(_meet(edit, other) for other in lost):
            continue
        confidence = _confidence(answer, sources[start], sources[end])
        found.append(replace(edit, start=places[edit.start], end=places[edit.end], confidence=confidence))
    return tuple(found)


def _evened(text: str) -> tuple[str, list[int]]:
    """The text with a single space for each run of white space and none around it, and where each offset of it lies.

    An offset behind a run lies behind all of it, one before it before all of it.
    """
    parts: list[str] = []
    places: list[int] = []
    for match in _PART.finditer(text):
        if match[0].isspace():
            if match.start() > 0 and match.end() < len(text):
                parts.append(" ")
                places.append(match.start())
        else:
            parts.append(match[0])
            places += range(match.start(), match.end())
    return "".join(parts), [*places, len(text.rstrip())]


def _is_space(old: str, edit: Edit) -> bool:
    """Whether the edit changes nothing but white space."""
    return "".join(old.split()) == "".join(edit.replacement.split())


def _meet(one: Edit, other: Edit) -> bool:
    return one.start <= other.end and other.start <= one.end


def _confidence(answer: Generated, start: int, end: int) -> float:
    """The geometric mean of the probabilities of the tokens that the edit is made of, the one after it included.

    The one after it stands for the decision that the edit ends here, and for a deletion it is the only one.
    """
    logs = [
        log
        for log, first, last in zip(answer.log_probabilities, answer.bounds, answer.bounds[1:], strict=False)
        if first <= end and last > start
    ]
    if not logs:
        logs = list(answer.log_probabilities[-1:])
    return round(min(_SURE, math.exp(_mean(logs))), 4)


def _mean(logs: Sequence[float]) -> float:
    return sum(logs) / max(1, len(logs))
