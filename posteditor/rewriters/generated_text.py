"""From the tokens that a model made to hunks with confidences, without what its tokenizer can't write."""

import math
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from posteditor.core.diff import word_diff
from posteditor.core.suggestion import Edit

_PART = re.compile(r"\s+|\S+")
_SURE = 0.999
"""No edit of a generative model is more certain than this."""


class Confidences:
    """How certain a model was of each part of its rewrite, from the probabilities of its tokens."""

    def __init__(self, tokenizer: Any, ids: Sequence[int], logs: Sequence[float], rewrite: str) -> None:
        """Take the tokens and the natural logarithms of their probabilities; ``rewrite`` stands in their text."""
        self._tokenizer = tokenizer
        self._ids = list(ids)
        self._logs = list(logs)
        self._rewrite = rewrite

    @cached_property
    def _bounds(self) -> list[int] | None:
        """Where each token begins in the rewrite, and its end; None where it was put together otherwise.

        Worked out once there is an edit: it takes one decoding for each token.
        """
        texts = _all_decoded(self._tokenizer, [self._ids[:count] for count in range(len(self._ids) + 1)])
        start = texts[-1].find(self._rewrite)
        return None if start < 0 else [len(text) - start for text in texts]

    def of(self, start: int, end: int) -> float:
        """The geometric mean of the probabilities of the tokens there, the one after them included; 0-1.

        The one after stands for the decision that an edit ends here, and for a deletion it is the only one.
        """
        bounds = self._bounds
        logs = self._logs
        if bounds is not None:
            places = zip(self._logs, bounds, bounds[1:], strict=False)
            logs = [log for log, first, last in places if first <= end and last > start] or self._logs[-1:]
        return round(min(_SURE, math.exp(sum(logs) / max(1, len(logs)))), 4)


def ordinary(tokenizer: Any, tokens: Sequence[int], logs: Sequence[float]) -> tuple[list[int], list[float]]:
    """The tokens that are text, with what goes with each."""
    special = set(tokenizer.all_special_ids)
    kept = [(token, log) for token, log in zip(tokens, logs, strict=True) if token not in special]
    return [token for token, _ in kept], [log for _, log in kept]


def decoded(tokenizer: Any, ids: Sequence[int]) -> str:
    """The text of tokens, every space as it was made."""
    return str(tokenizer.decode(list(ids), clean_up_tokenization_spaces=False))


def _all_decoded(tokenizer: Any, rows: Sequence[list[int]]) -> list[str]:
    """The same for many rows; in one call where the tokenizer is a fast one, which takes a quarter of the time."""
    backend = getattr(tokenizer, "backend_tokenizer", None)
    if backend is None:
        return [decoded(tokenizer, row) for row in rows]
    texts: list[str] = backend.decode_batch(list(rows), skip_special_tokens=False)
    return texts


def hunks(mt: str, rewrite: str, copied: str, confidences: Confidences) -> tuple[Edit, ...]:
    """What the rewrite changes in the mt.

    White space alone is no change: tokenizers do with it as they please. Nor is what the tokenizer can't write.

    Args:
        mt: The text.
        rewrite: What the model made of it.
        copied: What comes out of the tokenizer when the mt goes in.
        confidences: Of the parts of the rewrite.
    """
    old, places = _evened(mt)
    new, sources = _evened(rewrite)
    lost = [edit for edit in word_diff(old, _evened(copied)[0]) if not _is_space(old[edit.start : edit.end], edit)]
    found = []
    shift = 0
    for edit in word_diff(old, new):
        start = edit.start + shift
        end = start + len(edit.replacement)
        shift += len(edit.replacement) - (edit.end - edit.start)
        if _is_space(old[edit.start : edit.end], edit) or any(_meet(edit, other) for other in lost):
            continue
        confidence = confidences.of(sources[start], sources[end])
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
