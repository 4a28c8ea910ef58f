"""Pairs made ready for the tagger's network: word pieces and classes in flat arrays, kept on disk for a resume."""

import json
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from posteditor.errors import UsageError
from posteditor.rewriters.edit_tags import DELETE
from posteditor.rewriters.tag_categories import CLOSED_CLASS_WORDS
from posteditor.rewriters.tag_derivation import tags_from_pair
from posteditor.rewriters.tag_encoder import WordEncoder
from posteditor.rewriters.tag_words import is_mark, tag_words
from posteditor.training.pairs import Pair
from posteditor.training.tag_vocabulary import MASKED, TagVocabulary, mine_vocabulary

_CHUNK = 256
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
    """Place of each labelled slot's first piece inside its text; masked slots are left out."""
    classes: npt.NDArray[np.int32]
    slot_bounds: IntArray

    def __len__(self) -> int:
        return len(self.piece_bounds) - 1

    def batch(self, members: IntArray) -> "Batch":
        """The texts with these indices, padded to the longest."""
        lengths = self.piece_bounds[members + 1] - self.piece_bounds[members]
        width = int(lengths.max())
        ids = np.zeros((len(members), width), dtype=np.int64)
        cases = np.zeros_like(ids)
        places, classes = [], []
        for row, (member, length) in enumerate(zip(members, lengths, strict=True)):
            start = self.piece_bounds[member]
            ids[row, :length] = self.ids[start : start + length]
            cases[row, :length] = self.cases[start : start + length]
            slots = slice(self.slot_bounds[member], self.slot_bounds[member + 1])
            places.append(self.slots[slots].astype(np.int64) + row * width)
            classes.append(self.classes[slots])
        mask = np.arange(width)[None, :] < lengths[:, None]
        return Batch(ids, cases, mask, np.concatenate(places), np.concatenate(classes).astype(np.int64))


@dataclass(frozen=True, slots=True)
class Batch:
    """Arrays for one step."""

    ids: IntArray
    """(batch, pieces), padded with 0."""
    cases: IntArray
    """(batch, pieces)"""
    mask: npt.NDArray[np.bool_]
    """(batch, pieces), true where there is a piece."""
    places: IntArray
    """(slots,) row * pieces + place of each labelled slot."""
    classes: IntArray
    """(slots,)"""


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
    start = 0
    for end in range(1, len(members) + 1):
        if end == len(members) or (end + 1 - start) * lengths[members[end]] > pieces:
            yield members[start:end]
            start = end


def prepare(
    pairs: Sequence[Pair], encoder: WordEncoder, vocabulary: TagVocabulary | int, *, least: int, longest: int
) -> tuple[TaggedData, TagVocabulary]:
    """Tag and encode ``pairs``; mines a vocabulary of so many tags when a number is given for it."""
    labels = derive_all(pairs)
    if isinstance(vocabulary, int):
        vocabulary = mine_vocabulary(labels, size=vocabulary, least=least)
    return _encode(pairs, labels, encoder, vocabulary, longest), vocabulary


def derive_all(pairs: Sequence[Pair]) -> list[list[str]]:
    """The labels of each pair, worked out in as many processes as there are cores."""
    if len(pairs) < 10 * _CHUNK:
        return [_derive(pair) for pair in pairs]
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("fork")) as pool:
        return list(pool.map(_derive, pairs, chunksize=_CHUNK))


def _derive(pair: Pair) -> list[str]:
    return tags_from_pair(pair.mt, pair.target)


def _encode(
    pairs: Sequence[Pair], labels: list[list[str]], encoder: WordEncoder, vocabulary: TagVocabulary, longest: int
) -> TaggedData:
    columns: dict[str, list[npt.NDArray[Any]]] = {"ids": [], "cases": [], "slots": [], "classes": []}
    piece_counts, slot_counts = [0], [0]
    tagged = iter(zip(pairs, labels, strict=True))
    while chunk := list(islice(tagged, _CHUNK)):
        texts = [[word.text for word in tag_words(pair.mt)] for pair, _ in chunk]
        for words, encoded, (_, names) in zip(texts, encoder.encode(texts), chunk, strict=True):
            classes = without_lossy_deletions(words, vocabulary.classes(names), vocabulary)
            known = [
                (slot, number)
                for slot, number in zip(encoded.slots, classes, strict=True)
                if slot >= 0 and number != MASKED
            ]
            if len(encoded.ids) > longest or not known:
                continue
            columns["ids"].append(np.array(encoded.ids, dtype=np.int32))
            columns["cases"].append(np.array(encoded.cases, dtype=np.int8))
            columns["slots"].append(np.array([slot for slot, _ in known], dtype=np.int16))
            columns["classes"].append(np.array([number for _, number in known], dtype=np.int32))
            piece_counts.append(len(encoded.ids))
            slot_counts.append(len(known))
    if not columns["ids"]:
        raise UsageError(
            f"no training text has at most {longest} word pieces and a tag that is known",
            hint="Raise longest, or lower least_count.",
        )
    return TaggedData(
        np.concatenate(columns["ids"]),
        np.concatenate(columns["cases"]),
        np.cumsum(piece_counts),
        np.concatenate(columns["slots"]),
        np.concatenate(columns["classes"]),
        np.cumsum(slot_counts),
    )


def without_lossy_deletions(words: Sequence[str], classes: list[int], vocabulary: TagVocabulary) -> list[int]:
    """``classes`` with deletions masked that would lose meaning.

    Where a content word goes and the word that takes its place near by is in no tag, "delete" alone would be half of
    the edit: the model would learn to drop what it can't translate.
    """
    delete = vocabulary.classes([DELETE])[0]
    lost = [slot for slot, number in enumerate(classes) if number == MASKED]
    masked = list(classes)
    slot = 1
    while slot < len(classes):
        end = slot
        while end < len(classes) and classes[end] == delete:
            end += 1
        run = words[slot - 1 : end - 1]
        near = any(slot - _NEAR <= place < end + _NEAR for place in lost)
        if near and any(word.lower() not in CLOSED_CLASS_WORDS and not is_mark(word) for word in run):
            masked[slot:end] = [MASKED] * (end - slot)
        slot = max(end, slot + 1)
    return masked


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
