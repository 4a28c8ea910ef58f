"""Pairs made ready for the tagger's network: word pieces and classes in flat arrays, kept on disk for a resume."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt

from posteditor.errors import UsageError
from posteditor.rewriters.edit_tags import DELETE
from posteditor.rewriters.tag_categories import CLOSED_CLASS_WORDS
from posteditor.rewriters.tag_derivation import tags_from_pair
from posteditor.rewriters.tag_encoder import WordEncoder
from posteditor.rewriters.tag_words import is_mark, tag_words
from posteditor.training.many_processes import in_processes
from posteditor.training.pairs import Pair
from posteditor.training.tag_vocabulary import OTHER, TagVocabulary, mine_vocabulary

_CHUNK = 256
_SAMPLE = 300_000
"""Pairs that a tag vocabulary is mined from."""
_NEAR = 8
"""Slots within which a deleted word and an unknown one may belong together."""
_POOL_BATCHES = 50
"""Batches are made of texts of like length out of a pool of so many batches."""

IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class TaggedData:
    """Texts one after the other; text i has pieces ``piece_bounds[i]:piece_bounds[i + 1]``, and so for slots."""

    ids: npt.NDArray[np.int32]
    cases: npt.NDArray[np.int8]
    piece_bounds: IntArray
    slots: npt.NDArray[np.int16]
    """Place of each slot's first piece inside its text."""
    classes: npt.NDArray[np.int32]
    """0 for keep, ``OTHER`` for an edit that no known tag expresses."""
    slot_bounds: IntArray

    def __len__(self) -> int:
        return len(self.piece_bounds) - 1

    def batch(self, members: IntArray) -> "Batch":
        """The texts with these indices, padded to the longest."""
        rows, columns, pieces = _spread(self.piece_bounds, members)
        width = int(columns.max()) + 1
        ids = np.zeros((len(members), width), dtype=np.int64)
        cases = np.zeros_like(ids)
        mask = np.zeros_like(ids)
        ids[rows, columns] = self.ids[pieces]
        cases[rows, columns] = self.cases[pieces]
        mask[rows, columns] = 1
        slot_rows, _, slots = _spread(self.slot_bounds, members)
        places = self.slots[slots].astype(np.int64) + slot_rows * width
        classes = self.classes[slots].astype(np.int64)
        edited = np.flatnonzero(classes)
        return Batch(ids, cases, mask, places, edited, np.maximum(classes[edited], 0))


@dataclass(frozen=True, slots=True)
class Batch:
    """Arrays for one step."""

    ids: IntArray
    """(batch, pieces), padded with 0."""
    cases: IntArray
    """(batch, pieces)"""
    mask: IntArray
    """(batch, pieces), 1 where there is a piece."""
    places: IntArray
    """(slots,) row * pieces + place of each slot."""
    edited: IntArray
    """(edits,) the slots that need an edit."""
    classes: IntArray
    """(edits,) which one; 0 stands for one that no known tag expresses."""


def _spread(bounds: IntArray, members: IntArray) -> tuple[IntArray, IntArray, IntArray]:
    """For everything inside the bounds of ``members``: which of them it belongs to, its place there, its place."""
    starts, lengths = bounds[members], bounds[members + 1] - bounds[members]
    rows = np.repeat(np.arange(len(members)), lengths)
    columns = np.arange(len(rows)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    return rows, columns, np.repeat(starts, lengths) + columns


def batch_plan(data: TaggedData, *, pieces: int, epochs: float, seed: int) -> list[IntArray]:
    """Which texts make up each step: the same for the same data and seed, so that a resumed run takes up the thread."""
    lengths = np.diff(data.piece_bounds)
    plan: list[IntArray] = []
    steps = 0
    for epoch in range(int(np.ceil(epochs))):
        random = np.random.default_rng([seed, epoch])
        batches = list(_epoch(lengths, pieces, random))
        part = min(1.0, epochs - epoch)
        steps += round(len(batches) * part)
        plan += batches
    return plan[: max(steps, 1)]


def _epoch(lengths: IntArray, pieces: int, random: np.random.Generator) -> Iterator[IntArray]:
    order = random.permutation(len(lengths))
    pool = max(1, _POOL_BATCHES * pieces // max(1, int(lengths.mean())))
    for start in range(0, len(order), pool):
        members = order[start : start + pool]
        members = members[np.argsort(lengths[members], kind="stable")]
        batches = list(_cut(members, lengths, pieces))
        for number in random.permutation(len(batches)):
            yield batches[number]


def _cut(members: IntArray, lengths: IntArray, pieces: int) -> Iterator[IntArray]:
    """Runs of members, sorted by length, whose padded size stays within ``pieces``."""
    sizes = lengths[members]
    start = 0
    while start < len(members):
        most = sizes[start : start + max(1, pieces // sizes[start])]
        padded = np.arange(1, len(most) + 1) * most  # rises with each further text
        end = start + max(1, int(np.searchsorted(padded, pieces, side="right")))
        yield members[start:end]
        start = end


def prepare(
    pairs: Sequence[Pair],
    tokenizer: Path,
    vocabulary: TagVocabulary | int,
    *,
    least: int,
    longest: int,
    open_words: bool = False,
) -> tuple[TaggedData, TagVocabulary]:
    """Tag and encode ``pairs``, in as many processes as there are cores.

    Args:
        pairs: What to learn.
        tokenizer: The encoder's ``tokenizer.json``.
        vocabulary: The tags, or how many to mine, from a sample if there are very many pairs.
        least: A mined tag must occur so often in all pairs.
        longest: Texts of more word pieces are left out.
        open_words: Give a mined vocabulary a class for each whole word of the tokenizer too.

    Raises:
        UsageError: No text is left.
    """
    encoder = WordEncoder(tokenizer)
    if isinstance(vocabulary, int):
        step = max(1, len(pairs) // _SAMPLE)
        words = [word for word in encoder.whole_words if len(word) > 1] if open_words else []
        least = -(-least // step)
        vocabulary = mine_vocabulary(in_processes(_derive, pairs[::step]), size=vocabulary, least=least, words=words)
    chunks = [pairs[start : start + _CHUNK] for start in range(0, len(pairs), _CHUNK)]
    encode = partial(_encode, encoder, vocabulary, longest)
    parts = [part for part in in_processes(encode, chunks, chunk=1) if len(part)]
    if not parts:
        raise UsageError(
            f"no training text has at most {longest} word pieces",
            hint="Raise longest, or the limits of the sources.",
        )
    return _joined(parts), vocabulary


def _derive(pair: Pair) -> list[str]:
    return tags_from_pair(pair.mt, pair.target)


def _encode(encoder: WordEncoder, vocabulary: TagVocabulary, longest: int, pairs: Sequence[Pair]) -> TaggedData:
    ids: list[int] = []
    cases: list[int] = []
    slots: list[int] = []
    classes: list[int] = []
    piece_bounds, slot_bounds = [0], [0]
    texts = [tag_words(pair.mt) for pair in pairs]
    encodings = encoder.encode([[word.text for word in words] for words in texts])
    for pair, words, encoded in zip(pairs, texts, encodings, strict=True):
        if len(encoded.ids) > longest:
            continue
        numbers = vocabulary.classes(_derive(pair), words)
        numbers = without_lossy_deletions([word.text for word in words], numbers, vocabulary)
        known = [(slot, number) for slot, number in zip(encoded.slots, numbers, strict=True) if slot >= 0]
        ids += encoded.ids
        cases += encoded.cases
        slots += [slot for slot, _ in known]
        classes += [number for _, number in known]
        piece_bounds.append(len(ids))
        slot_bounds.append(len(slots))
    return TaggedData(
        np.array(ids, dtype=np.int32),
        np.array(cases, dtype=np.int8),
        np.array(piece_bounds),
        np.array(slots, dtype=np.int16),
        np.array(classes, dtype=np.int32),
        np.array(slot_bounds),
    )


def _joined(parts: Sequence[TaggedData]) -> TaggedData:
    def bounds(name: str) -> IntArray:
        sizes = np.concatenate([np.diff(getattr(part, name)) for part in parts])
        return np.concatenate(([0], np.cumsum(sizes)))

    flat = {
        name: np.concatenate([getattr(part, name) for part in parts]) for name in ("ids", "cases", "slots", "classes")
    }
    return TaggedData(**flat, piece_bounds=bounds("piece_bounds"), slot_bounds=bounds("slot_bounds"))


def without_lossy_deletions(words: Sequence[str], classes: list[int], vocabulary: TagVocabulary) -> list[int]:
    """``classes`` with deletions taken out that would lose meaning.

    Where a content word goes and the word that takes its place near by is in no tag, "delete" alone would be half of
    the edit: the model would learn to drop what it can't translate.
    """
    delete = vocabulary.classes([DELETE])[0]
    lost = [slot for slot, number in enumerate(classes) if number == OTHER]
    kept = list(classes)
    slot = 1
    while slot < len(classes):
        end = slot
        while end < len(classes) and classes[end] == delete:
            end += 1
        run = words[slot - 1 : end - 1]
        near = any(slot - _NEAR <= place < end + _NEAR for place in lost)
        if near and any(word.lower() not in CLOSED_CLASS_WORDS and not is_mark(word) for word in run):
            kept[slot:end] = [OTHER] * (end - slot)
        slot = max(end, slot + 1)
    return kept


def save_data(path: Path, data: TaggedData, vocabulary: TagVocabulary) -> None:
    """Write both into one file, complete or not at all."""
    fresh = path.with_name(path.name + ".part.npz")
    arrays = {name: getattr(data, name) for name in TaggedData.__slots__}
    np.savez(fresh, labels=np.array(json.dumps(vocabulary.labels)), **arrays)
    fresh.replace(path)


def load_data(path: Path) -> tuple[TaggedData, TagVocabulary]:
    """What ``save_data`` wrote."""
    with np.load(path) as arrays:
        data = TaggedData(**{name: arrays[name] for name in TaggedData.__slots__})
        return data, TagVocabulary(tuple(json.loads(str(arrays["labels"]))))
