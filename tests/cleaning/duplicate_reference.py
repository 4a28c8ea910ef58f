"""Duplicates and clusters the plain way: everything in memory, each pair compared with each."""

from collections.abc import Sequence

from posteditor.cleaning.duplicates import Duplicate, DuplicateKind, DuplicateSettings
from posteditor.cleaning.duplicates.fingerprints import KEY_LENGTH, TEXT_KEY_LENGTH

Pair = tuple[str, str]


def similarity(one: bytes, other: bytes, settings: DuplicateSettings, view: int = 0) -> float:
    """Of two fingerprints of pairs, by their signatures; 0 where one has no shingles."""
    start = KEY_LENGTH + TEXT_KEY_LENGTH + view * (TEXT_KEY_LENGTH + settings.signature_length)
    ours, theirs = (mark[start : start + settings.signature_length] for mark in (one, other))
    if not any(ours) or not any(theirs):
        return 0.0
    return settings.similarity(sum(a == b for a, b in zip(ours, theirs, strict=True)))


def duplicates(positions: Sequence[int], marks: Sequence[bytes], settings: DuplicateSettings) -> list[Duplicate]:
    """The pairs that go, by the definition."""
    stays: list[int] = []
    found: list[Duplicate] = []
    for number, mark in enumerate(marks):
        for first in stays:
            is_same = mark[:KEY_LENGTH] == marks[first][:KEY_LENGTH]
            alike = 1.0 if is_same else similarity(marks[first], mark, settings) if settings.near is not None else 0.0
            if is_same or (settings.near is not None and alike >= settings.near):
                kind = DuplicateKind.EXACT if is_same and settings.exact else DuplicateKind.NEAR
                found.append(Duplicate(positions[number], positions[first], kind, alike))
                break
        else:
            stays.append(number)
    return found


def clusters(pairs: Sequence[Pair], marks: Sequence[bytes], settings: DuplicateSettings) -> list[set[int]]:
    """Groups of places of pairs that any chain joins, source or target alike."""
    groups: list[set[int]] = []
    for number in range(len(pairs)):
        joined = {number}
        apart: list[set[int]] = []
        for group in groups:
            if any(_are_joined(pairs, marks, number, other, settings) for other in group):
                joined |= group
            else:
                apart.append(group)
        groups = [*apart, joined]
    return groups


def _are_joined(
    pairs: Sequence[Pair], marks: Sequence[bytes], one: int, other: int, settings: DuplicateSettings
) -> bool:
    if marks[one][:KEY_LENGTH] == marks[other][:KEY_LENGTH] and any(text.strip() for text in pairs[one]):
        return True
    for view in range(2):
        text, other_text = (" ".join(pairs[number][view].split()) for number in (one, other))
        if text and text == other_text:
            return True
        if settings.near is not None and similarity(marks[one], marks[other], settings, view) >= settings.near:
            return True
    return False
