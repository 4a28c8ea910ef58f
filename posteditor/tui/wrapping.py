"""Wrapping text to a number of terminal cells: nothing is cut off, wide characters are never split."""

import re
from functools import lru_cache

from rich.cells import cell_len

from posteditor.tui.visible import LINE_MARK

# What a terminal draws in one place: a character with its combining marks, joined emoji, flags. Never broken apart.
_CLUSTER = re.compile(
    r"[\U0001f1e6-\U0001f1ff]{2}"
    r"|.(?:[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0900-\u0903\u093a-\u094f\u1ab0-\u1aff"
    r"\u20d0-\u20ff\u3099\u309a\ufe00-\ufe0f\U0001f3fb-\U0001f3ff]|\u200d.)*",
    re.DOTALL,
)


@lru_cache(maxsize=4096)
def wrap_spans(text: str, width: int) -> tuple[tuple[int, int], ...]:
    """The lines of ``text`` as (start, end) offsets, each at most ``width`` cells; at least one line.

    Breaks after white space where there is some, after a line mark always, and inside a word longer than a line.
    White space at a break is part of the line before it and may stick out by its own width.
    """
    width = max(width, 2)
    spans: list[tuple[int, int]] = []
    start = cells = 0
    after_space, cells_after_space = -1, 0
    for match in _CLUSTER.finditer(text):
        cluster = match.group()
        wide = 1 if cluster.isascii() else cell_len(cluster)
        is_space = cluster.isspace()
        if cells + wide > width and not is_space:
            if after_space > start:
                spans.append((start, after_space))
                start, cells = after_space, cells - cells_after_space
            if cells + wide > width:  # the word alone is longer than a line
                spans.append((start, match.start()))
                start, cells = match.start(), 0
            after_space = -1
        cells += wide
        if is_space:
            after_space, cells_after_space = match.end(), cells
        if cluster == LINE_MARK:
            spans.append((start, match.end()))
            start, cells, after_space = match.end(), 0, -1
    if start < len(text) or not spans:
        spans.append((start, len(text)))
    return tuple(spans)


def fit(text: str, width: int) -> str:
    """``text`` without white space at its end, padded with spaces to exactly ``width`` cells."""
    text = text.rstrip()
    return text + " " * max(0, width - cell_len(text))
