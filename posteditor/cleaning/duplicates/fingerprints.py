"""What is kept of a pair to tell whether it repeats another one: a few bytes, made without looking at other pairs."""

import hashlib
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from posteditor.cleaning.duplicates.folding import Characters, characters, folded_further
from posteditor.cleaning.duplicates.settings import DuplicateSettings
from posteditor.cleaning.duplicates.shingles import shingle_hashes
from posteditor.cleaning.duplicates.signatures import algorithm, signatures

KEY_LENGTH = 16
TEXT_KEY_LENGTH = 8
_MOST_PAIRS, _MOST_CHARACTERS = 1024, 1 << 16
"""Of pairs worked on at once: what fits the caches of a core."""


def fingerprint_length(settings: DuplicateSettings) -> int:
    """Bytes in a fingerprint: the key of the pair, then for each view the key of its text and its signature."""
    return KEY_LENGTH + settings.views * (TEXT_KEY_LENGTH + settings.signature_length)


def check_library(settings: DuplicateSettings) -> None:
    """Say at once what ``fingerprints`` would say later.

    Raises:
        UsageError: A library that these settings need is not installed.
    """
    if settings.near is not None:
        algorithm()


def fingerprints(
    sources: Sequence[str | None], targets: Sequence[str | None], settings: DuplicateSettings
) -> list[bytes]:
    """One fingerprint per pair, all of the same length.

    The same for the same texts and ``settings.identity()``, in any process, on any machine and in any batch. A text
    that is None counts as empty. Starts no threads and may be called in forked processes.

    Raises:
        UsageError: A library is not installed.
        ValueError: There are not as many sources as targets.
    """
    made = fingerprint_rows(sources, targets, settings)
    length, data = made.shape[1], made.tobytes()
    return [data[start : start + length] for start in range(0, len(data), length)]


def fingerprint_rows(
    sources: Sequence[str | None], targets: Sequence[str | None], settings: DuplicateSettings
) -> NDArray[np.uint8]:
    """The same as rows of bytes: (pairs, ``fingerprint_length(settings)``)."""
    if len(sources) != len(targets):
        raise ValueError(f"{len(sources)} sources and {len(targets)} targets")
    made = np.zeros((len(sources), fingerprint_length(settings)), np.uint8)
    for start, end in _portions(sources, targets):
        texts = _sides(sources[start:end], targets[start:end], settings)
        folded = characters(texts, settings.fold_exact)
        _add_keys(made[start:end], folded, settings)
        if settings.near is not None:
            further = folded_further(folded, settings.fold_exact, settings.fold_near)
            _add_signatures(made[start:end], further, settings)
    return made


def _portions(sources: Sequence[str | None], targets: Sequence[str | None]) -> Iterator[tuple[int, int]]:
    start = count = 0
    for place, (source, target) in enumerate(zip(sources, targets, strict=True)):
        if place - start >= _MOST_PAIRS or (count > _MOST_CHARACTERS and place > start):
            yield start, place
            start, count = place, 0
        count += len(source or "") + len(target or "")
    if start < len(sources):
        yield start, len(sources)


def _sides(sources: Sequence[str | None], targets: Sequence[str | None], settings: DuplicateSettings) -> list[str]:
    """The texts that count, those of a pair next to each other."""
    if settings.on == "source":
        return [text or "" for text in sources]
    if settings.on == "target":
        return [text or "" for text in targets]
    return [text or "" for pair in zip(sources, targets, strict=True) for text in pair]


def _add_keys(rows: NDArray[np.uint8], folded: Characters, settings: DuplicateSettings) -> None:
    bounds = folded.offsets.tolist()
    data = folded.codes.astype("<u4", copy=False).data.cast("B") if len(folded.codes) else memoryview(b"")
    sides = (len(bounds) - 1) // len(rows)
    keys = b"".join(
        hashlib.blake2b(
            data[4 * bounds[place] : 4 * bounds[place + sides]],
            digest_size=KEY_LENGTH,
            salt=(bounds[place + 1] - bounds[place]).to_bytes(8, "little"),  # where the source ends
        ).digest()
        for place in range(0, len(bounds) - 1, sides)
    )
    rows[:, :KEY_LENGTH] = np.frombuffer(keys, np.uint8).reshape(-1, KEY_LENGTH)
    if settings.views == 1:
        rows[:, KEY_LENGTH : KEY_LENGTH + TEXT_KEY_LENGTH] = rows[:, :TEXT_KEY_LENGTH]
        return
    for view in range(settings.views):
        start = view_start(view, settings)
        rows[:, start : start + TEXT_KEY_LENGTH] = _text_keys(data, bounds, view)


def _text_keys(data: memoryview, bounds: list[int], view: int) -> NDArray[np.uint8]:
    """Keys of the texts of one side; zeros for an empty text, which is like no other."""
    made = b"".join(
        hashlib.blake2b(data[4 * start : 4 * end], digest_size=TEXT_KEY_LENGTH).digest()
        if end > start
        else bytes(TEXT_KEY_LENGTH)
        for start, end in zip(bounds[view:-1:2], bounds[view + 1 :: 2], strict=True)
    )
    return np.frombuffer(made, np.uint8).reshape(-1, TEXT_KEY_LENGTH)


def _add_signatures(rows: NDArray[np.uint8], folded: Characters, settings: DuplicateSettings) -> None:
    salts = np.zeros(len(folded.lengths), np.uint64)
    if settings.on == "pair":
        salts[1::2] = 0xA5A5_5A5A_C3C3_3C3C
    hashes, offsets = shingle_hashes(folded, settings.shingle, salts)
    if settings.on == "pair":
        offsets = offsets[::2]
    made = signatures(hashes, offsets, settings.permutations, settings.seed)
    for view in range(settings.views):
        start = view_start(view, settings) + TEXT_KEY_LENGTH
        rows[:, start : start + settings.permutations] = made[view :: settings.views]


def view_start(view: int, settings: DuplicateSettings) -> int:
    """Where what is kept of a view starts in a fingerprint."""
    return KEY_LENGTH + view * (TEXT_KEY_LENGTH + settings.signature_length)
