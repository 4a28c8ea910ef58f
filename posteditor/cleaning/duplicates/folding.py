"""Texts as arrays of code points, without the differences that don't count."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

_TABLE_SIZE = 0x20000
"""Code points from here on (rare ideographs, tags) have no case, and stay as they are."""
_FIRST_WIDE = 0x1100
_SPACE, _ZERO, _DROPPED = 0x20, 0x30, 0xFFFF_FFFF


@dataclass(frozen=True)
class Characters:
    """Code points of texts, one after the other."""

    codes: NDArray[np.uint32]
    offsets: NDArray[np.int64]
    """Where each text starts; one more than there are texts."""

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Code points in each text."""
        return np.diff(self.offsets)

    def kept(self, keep: NDArray[np.bool_]) -> "Characters":
        """Those code points that are marked."""
        before = np.zeros(len(keep) + 1, np.int64)
        np.cumsum(keep, out=before[1:])
        return Characters(self.codes[keep], before[self.offsets])


def characters(texts: Sequence[str], folds: Sequence[str]) -> Characters:
    """The texts as code points, folded.

    What a character is taken for depends on the Unicode tables of the Python that runs, for characters newer than they.
    """
    if "form" in folds:
        texts = [text if text.isascii() else unicodedata.normalize("NFC", text) for text in texts]
    return _folded(_encoded(texts), frozenset(folds) - {"form"})


def folded_further(folded: Characters, before: Sequence[str], folds: Sequence[str]) -> Characters:
    """Texts that were folded ``before``, folded by more: those that were the same are still the same."""
    if set(folds) == set(before):
        return folded
    if "form" in set(folds) - set(before):
        data, bounds = folded.codes.astype("<u4").tobytes(), folded.offsets.tolist()
        slices = (data[4 * start : 4 * end] for start, end in pairwise(bounds))
        return characters([piece.decode("utf-32-le", "surrogatepass") for piece in slices], folds)
    return _folded(folded, frozenset(folds) - {"form"})


def _encoded(texts: Sequence[str]) -> Characters:
    # Lone surrogates come from files with broken bytes; they are characters like others here.
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), "<u4").astype(np.uint32, copy=False)
    offsets = np.zeros(len(texts) + 1, np.int64)
    np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)), out=offsets[1:])
    return Characters(codes, offsets)


def _folded(plain: Characters, folds: frozenset[str]) -> Characters:
    if not folds or not len(plain.codes):
        return plain
    codes = np.take(_table(folds), plain.codes, mode="clip")
    beyond = plain.codes >= _TABLE_SIZE
    if beyond.any():
        codes[beyond] = plain.codes[beyond]
    mapped = Characters(codes, plain.offsets)
    dropped = codes == _DROPPED
    if dropped.any():
        mapped = mapped.kept(~dropped)
    return _without_runs(mapped, folds)


def _without_runs(mapped: Characters, folds: frozenset[str]) -> Characters:
    """One space for many, none at either end; one zero for a number."""
    codes = mapped.codes
    space = codes == _SPACE if "space" in folds else np.zeros(len(codes), np.bool_)
    runs = space | (codes == _ZERO) if "digits" in folds else space
    extra = np.zeros(len(codes), np.bool_)
    extra[1:] = runs[1:] & (codes[1:] == codes[:-1])
    starts = mapped.offsets[:-1][mapped.lengths > 0]
    extra[starts] = space[starts]
    result = mapped.kept(~extra) if extra.any() else mapped
    return _without_last_space(result) if space.any() else result


def _without_last_space(collapsed: Characters) -> Characters:
    last = collapsed.offsets[1:][collapsed.lengths > 0] - 1
    keep = np.ones(len(collapsed.codes), np.bool_)
    keep[last[collapsed.codes[last] == _SPACE]] = False
    return collapsed if keep.all() else collapsed.kept(keep)


@cache
def _table(folds: frozenset[str]) -> NDArray[np.uint32]:
    """What each code point below the size of the table becomes."""
    return np.fromiter((_fold_one(code, folds) for code in range(_TABLE_SIZE)), np.uint32, _TABLE_SIZE)


def _fold_one(code: int, folds: frozenset[str]) -> int:
    character = chr(code)
    category = unicodedata.category(character)
    if "space" in folds and (category in ("Zs", "Zl", "Zp", "Cc") or character.isspace()):
        return _SPACE
    if "space" in folds and category == "Cf":  # soft hyphens, zero-width and direction marks
        return _DROPPED
    if "punctuation" in folds and category[0] in "PS":
        return _DROPPED
    if "digits" in folds and category == "Nd":
        return _ZERO
    if "case" in folds:
        # One for one: ß is not ss here.
        return ord(next((text for text in (character.casefold(), character.lower()) if len(text) == 1), character))
    return code


def wide(codes: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Which code points are ideographs, syllables and the like, that say more than a letter does."""
    if not len(codes) or codes.max() < _FIRST_WIDE:
        return np.zeros(len(codes), np.bool_)
    found = np.take(_wide_table(), codes, mode="clip")
    beyond = codes >= _TABLE_SIZE
    found[beyond] = codes[beyond] < 0x40000  # the planes of rare ideographs
    return found


@cache
def _wide_table() -> NDArray[np.bool_]:
    widths = (unicodedata.east_asian_width(chr(code)) in "WF" for code in range(_TABLE_SIZE))
    return np.fromiter(widths, np.bool_, _TABLE_SIZE)
