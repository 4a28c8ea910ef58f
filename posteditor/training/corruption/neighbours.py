"""Words of like use, from the word-piece embeddings of a pre-trained encoder: what may stand for each other wrongly."""

import json
from collections.abc import Sequence, Set
from pathlib import Path

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError, safe_open

from posteditor.errors import ModelError
from posteditor.rewriters.tag_categories import CLOSED_CLASS_WORDS, is_form_of
from posteditor.training.corruption.sentence import is_protected

_EMBEDDINGS = "embeddings.word_embeddings.weight"
_BLOCK = 1024
"""Rows of the similarity matrix at a time."""
_CANDIDATES = 24
"""The nearest that are looked at for each word."""
_SHORTEST = 4
_NEGATIVE = ("un", "in", "im", "ir", "il", "dis", "non")
_UNGUESSABLE_TEXT = """
north south east west northern southern eastern western northeast northwest southeast southwest left right red blue
green yellow black white brown grey gray orange purple pink monday tuesday wednesday thursday friday saturday sunday
january february march april may june july august september october november december spring summer autumn winter mother
father son daughter brother sister husband wife uncle aunt cousin nephew niece man woman men women boy girl boys girls
male female king queen prince princess
"""
_OPPOSITES_TEXT = """
early late, earlier later, fast slow, faster slower, large small, larger smaller, bigger smaller, biggest smallest,
largest smallest, long short, longer shorter, high low, higher lower, highest lowest, wide narrow, wider narrower,
thick thin, thicker thinner, warm cold, warmer cooler, good evil, better worse, best worst, strong weak,
stronger weaker, heavy light, heavier lighter, young elder, younger older, upper lower, inner outer, buyer seller,
winner loser, teacher student, teachers students, import export, imports exports, increase decrease,
increased decreased, increases decreases, positive negative, maximum minimum, rural urban, ancient modern,
success failure, victory defeat, arrival departure, ancestors descendants, encouraged discouraged, married divorced,
front rear, major minor, public private, internal external, birth death, broader narrower, rich poor, accept reject,
accepted rejected, begin finish, beginning ending, rising falling, question answer, questions answers, enemy friend,
enemies friends, bought sold, buying selling, majority minority
"""
_UNGUESSABLE = frozenset(_UNGUESSABLE_TEXT.split())
"""Words that only the facts tell apart: a fault among them can't be seen in the text."""
_OPPOSITES = frozenset(frozenset(pair.split()) for pair in _OPPOSITES_TEXT.split(","))
_ENDINGS = ("ing", "ed", "ly", "s")

FloatArray = npt.NDArray[np.float32]


def read_word_pieces(folder: Path) -> tuple[list[str], FloatArray]:
    """The word pieces of the BERT encoder in ``folder`` and their embeddings, (pieces, width), in the same order.

    Raises:
        ModelError: The folder has no word-piece tokenizer or no embeddings.
    """
    try:
        model = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))["model"]
        with safe_open(folder / "model.safetensors", "numpy") as weights:
            (name,) = (key for key in weights.keys() if key.endswith(_EMBEDDINGS))  # noqa: SIM118  # it is no mapping
            embeddings: FloatArray = weights.get_tensor(name).astype(np.float32)
        if model["type"] != "WordPiece":
            raise ValueError(f"its tokenizer is {model['type']}, not WordPiece")
    except (OSError, SafetensorError, ValueError, KeyError) as error:
        raise ModelError(f"{folder}: no word-piece embeddings: {error}", hint="Name the folder of a BERT.") from error
    pieces = sorted(model["vocab"], key=model["vocab"].__getitem__)
    return pieces, embeddings[: len(pieces)]


def nearest_words(
    pieces: Sequence[str], embeddings: FloatArray, words: Set[str], *, count: int = 6, least: float = 0.4
) -> dict[str, tuple[str, ...]]:
    """For each of ``words`` that is a piece by itself, those nearest by cosine, the nearest first.

    Forms of the same word, numbers, small words, and words with another ending are left out.

    Args:
        pieces: Word pieces.
        embeddings: (pieces, width).
        words: In small letters; both sides are of these.
        count: Most neighbours of a word.
        least: Smallest cosine.
    """
    kept = [
        (piece, row)
        for row, piece in enumerate(pieces)
        if len(piece) >= _SHORTEST and piece.isalpha() and piece in words
        and piece not in CLOSED_CLASS_WORDS | _UNGUESSABLE and not is_protected(piece)
    ]  # fmt: skip
    if len(kept) < 2:
        return {}
    names = [piece for piece, _ in kept]
    rows = embeddings[[row for _, row in kept]]
    rows = rows - rows.mean(axis=0)  # what all words have in common says nothing
    rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    candidates = min(_CANDIDATES, len(kept) - 1)
    nearest: dict[str, tuple[str, ...]] = {}
    for start in range(0, len(names), _BLOCK):
        block = rows[start : start + _BLOCK] @ rows.T
        block[np.arange(len(block)), np.arange(start, start + len(block))] = -1
        best = np.argpartition(-block, candidates - 1, axis=1)[:, :candidates]
        for at, columns in enumerate(best):
            word = names[start + at]
            ordered = sorted(columns, key=lambda column: (-block[at, column], column))  # used at once
            near = [names[column] for column in ordered if block[at, column] >= least]
            if found := tuple(other for other in near if _fits(word, other))[:count]:
                nearest[word] = found
    return nearest


def _fits(word: str, other: str) -> bool:
    if frozenset((word, other)) in _OPPOSITES or any(word == a + other or other == a + word for a in _NEGATIVE):
        return False
    return not is_form_of(word, other) and not is_form_of(other, word) and _ending(word) == _ending(other)


def _ending(word: str) -> str:
    return next((ending for ending in _ENDINGS if word.endswith(ending)), "")
