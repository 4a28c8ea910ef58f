"""What is kept of a pair: the same everywhere, and as alike as the pairs are."""

import hashlib
import multiprocessing
import os
import subprocess
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posteditor.cleaning.duplicates import DuplicateSettings, check_library, fingerprints
from posteditor.cleaning.duplicates.fingerprints import KEY_LENGTH
from posteditor.cleaning.duplicates.folding import characters
from posteditor.cleaning.duplicates.shingles import MOST_UNITS, shingle_hashes
from posteditor.cleaning.settings import SettingError
from posteditor.errors import UsageError
from tests.cleaning.duplicate_reference import similarity

ANY_TEXT = st.text(alphabet=st.characters(codec=None, exclude_categories=()), max_size=40)
PAIRS = st.lists(st.tuples(ANY_TEXT, ANY_TEXT), max_size=8)
SETTINGS = [
    DuplicateSettings(),
    DuplicateSettings(on="source", permutations=64),
    DuplicateSettings(on="target", near=None, fold_exact=()),
    DuplicateSettings(on="either", shingle=3),
    DuplicateSettings(fold_exact=("punctuation",), fold_near=("punctuation", "digits", "form", "case")),
]
EXAMPLES = [
    ("The cat sat on the mat.", "Die Katze saß auf der Matte."),
    ("", ""),
    ("\ud800 broken \x00", "שלום עולם 👋🏽"),
    ("機械翻訳の後編集", "e\u0301 é"),
]
KNOWN = "563d5793882b6e263761aac5a3470a21"
"""Of all fingerprints below: a change makes what people have kept useless, so it must not come unnoticed."""


def split(pairs: list[tuple[str, str]]) -> tuple[list[str], list[str]]:
    return [source for source, _ in pairs], [target for _, target in pairs]


@pytest.mark.parametrize("wanted", SETTINGS, ids=lambda wanted: f"{wanted.on}-{wanted.near}-{wanted.shingle}")
@given(pairs=PAIRS)
@settings(max_examples=30)
def test_the_same_in_any_batch(wanted: DuplicateSettings, pairs: list[tuple[str, str]]) -> None:
    alone = [mark for source, target in pairs for mark in fingerprints([source], [target], wanted)]
    assert fingerprints(*split(pairs), wanted) == alone
    assert len(set(map(len, alone))) <= 1


def test_the_same_in_large_batches() -> None:
    pairs = [(f"number {n} " * (n % 50), f"Nummer {n} " * (n % 60)) for n in range(3000)]
    marks = fingerprints(*split(pairs), DuplicateSettings())
    assert marks[::97] == fingerprints(*split(pairs[::97]), DuplicateSettings())


def digest() -> str:
    made = hashlib.blake2b(digest_size=16)
    for wanted in SETTINGS:
        for mark in fingerprints(*split(EXAMPLES), wanted):
            made.update(mark)
    return made.hexdigest()


def test_the_same_in_any_process() -> None:
    assert digest() == KNOWN
    program = "from tests.cleaning.test_fingerprints import digest; print(digest())"
    for seed in ("0", "4711"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        done = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, env=environment, check=True,
            cwd=Path(__file__).parents[2],
        )  # fmt: skip
        assert done.stdout.strip() == KNOWN


def _in_child(queue: "multiprocessing.Queue[list[bytes]]", sources: list[str]) -> None:
    queue.put(fingerprints(sources, sources, DuplicateSettings()))


def _threads() -> int:
    """How many this process has, as far as the system tells."""
    tasks = Path("/proc/self/task")
    return len(list(tasks.iterdir())) if tasks.is_dir() else 0


def test_a_forked_process_does_not_hang() -> None:
    """The library starts threads for large batches, and these are missing in a process that is forked later."""
    sources = [f"{n} bottles of beer on the wall, {n} bottles of beer" for n in range(2000)]
    sources.append("one very long text, " * 50_000)
    threads = _threads()
    ours = fingerprints(sources, sources, DuplicateSettings())
    assert _threads() == threads
    context = multiprocessing.get_context("fork")
    queue: multiprocessing.Queue[list[bytes]] = context.Queue()
    child = context.Process(target=_in_child, args=(queue, sources))
    child.start()
    assert queue.get(timeout=60) == ours
    child.join()


def test_exact_keys_tell_where_the_source_ends() -> None:
    one, other = fingerprints(["ab", "a"], ["c", "bc"], DuplicateSettings(near=None))
    assert one[:KEY_LENGTH] != other[:KEY_LENGTH]


def test_none_is_empty() -> None:
    assert fingerprints([None], ["x"], DuplicateSettings()) == fingerprints([""], ["x"], DuplicateSettings())


@pytest.mark.parametrize("wanted", SETTINGS[:2])
def test_estimates_the_jaccard_index_of_shingles(wanted: DuplicateSettings) -> None:
    draw = np.random.default_rng(5)
    words = ["".join(map(chr, draw.integers(97, 123, 6))) for _ in range(3000)]
    faults = []
    for changed in (0, 1, 2, 4, 8, 16):
        for _ in range(20):
            ours = draw.choice(words, 30).tolist()
            theirs = [*ours[: 30 - changed], *draw.choice(words, changed).tolist()]
            texts = [" ".join(ours), " ".join(theirs)]
            sets = [{text[n : n + 5] for n in range(len(text) - 4)} for text in texts]
            true = len(sets[0] & sets[1]) / len(sets[0] | sets[1])
            one, other = fingerprints(texts, ["", ""], wanted)
            faults.append(similarity(one, other, wanted) - true)
    assert abs(np.mean(faults)) < 0.01
    assert np.std(faults) < 1.2 * 0.5 / wanted.permutations**0.5


def test_a_shingle_of_the_source_is_none_of_the_target() -> None:
    one, other = fingerprints(["good morning", "guten Morgen"], ["guten Morgen", "good morning"], DuplicateSettings())
    assert similarity(one, other, DuplicateSettings()) < 0.1


def sets_of(texts: list[str], size: int) -> list[set[int]]:
    hashes, offsets = shingle_hashes(characters(texts, ()), size, np.zeros(len(texts), np.uint64))
    return [set(hashes[start:end].tolist()) for start, end in pairwise(offsets.tolist())]


def plain_shingles(text: str, size: int) -> set[str]:
    return {text[start : start + size] for start in range(max(1, len(text) - size + 1))} if text else set()


@given(st.lists(st.text("abc\0", max_size=12), max_size=8), st.integers(1, 6))
def test_shingles_are_runs_of_characters(texts: list[str], size: int) -> None:
    """As many as there are, and two texts have as many in common as they have."""
    ours, plain = sets_of(texts, size), [plain_shingles(text, size) for text in texts]
    assert list(map(len, ours)) == list(map(len, plain))
    for one, plain_one in zip(ours, plain, strict=True):
        for other, plain_other in zip(ours, plain, strict=True):
            # NUL is the padding as well: "a" and "a\0" are the same, once in 2**64 others are.
            if not any(text.endswith("\0") and len(text) < size for text in plain_one | plain_other):
                assert len(one & other) == len(plain_one & plain_other)


def test_a_wide_character_counts_as_two() -> None:
    (shingles,) = sets_of(["東京都庁舎"], 5)
    assert len(shingles) == 2 * 5 - 5 + 1
    changed, same = sets_of(["東京都庁舎前", "東京都庁舎裏"], 5)
    assert len(changed & same) == 6


def test_a_gigantic_text_costs_a_bounded_set() -> None:
    (shingles,) = sets_of(["".join(map(chr, range(0x3000, 0x3000 + 3 * MOST_UNITS)))], 1)
    assert len(shingles) <= 2 * MOST_UNITS


@pytest.mark.parametrize(
    ("wrong", "setting"),
    [
        ({"near": 0.2}, "near"),
        ({"near": 1.5}, "near"),
        ({"shingle": 0}, "shingle"),
        ({"permutations": 8}, "permutations"),
        ({"bands": 129}, "bands"),
        ({"on": "both"}, "on"),
        ({"fold_near": ("shape",)}, "fold_near"),
        ({"fold_exact": ("digits",)}, "fold_near"),
        ({"exact": False, "near": None}, "exact"),
    ],
)
def test_settings_are_checked(wrong: dict[str, Any], setting: str) -> None:
    with pytest.raises(SettingError) as told:
        DuplicateSettings(**wrong)
    assert told.value.setting == setting
    assert told.value.hint


@pytest.mark.parametrize("near", [0.3, 0.5, 0.7, 0.8, 0.9, 0.97, 1.0])
@pytest.mark.parametrize("permutations", [16, 64, 128, 200])
def test_bands_find_the_threshold(near: float, permutations: int) -> None:
    wanted = DuplicateSettings(near=near, permutations=permutations)
    rows, bands = wanted.band_rows, wanted.band_count
    assert rows * bands <= permutations
    assert rows == 1 or 1 - (1 - near**rows) ** bands >= 0.98
    assert wanted.similarity(wanted.matches_needed) >= near - 1e-9 > wanted.similarity(wanted.matches_needed - 1)


def test_identity_tells_what_fingerprints_depend_on() -> None:
    plain = DuplicateSettings()
    assert plain.identity() == DuplicateSettings(near=0.9, bands=4, exact=False).identity()
    others = [replace(plain, on="source"), replace(plain, seed=2), replace(plain, near=None), replace(plain, shingle=4)]
    assert len({plain.identity(), *(other.identity() for other in others)}) == 5


def test_says_how_to_install_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rensa", None)
    with pytest.raises(UsageError, match=r"pip install 'posteditor\[clean\]'"):
        check_library(DuplicateSettings())
    check_library(DuplicateSettings(near=None))
    assert len(fingerprints(["a"], ["b"], DuplicateSettings(near=None))) == 1
