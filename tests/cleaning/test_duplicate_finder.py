"""Which pairs go, and why."""

import os
import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posteditor.cleaning.duplicates import (
    Duplicate,
    DuplicateFinder,
    DuplicateKind,
    DuplicateSettings,
    added_pairs,
    fingerprints,
    greedy,
    sorted_runs,
)
from posteditor.cleaning.settings import SettingError
from posteditor.errors import UsageError
from tests.cleaning import duplicate_reference
from tests.cleaning.duplicate_reference import Pair

MEMORY = 16 << 20
THOROUGH = {"permutations": 32, "bands": 32}
"""Every value is a band: all that resemble each other at all are compared, as long as few have one in common."""
FEW_BANDS = DuplicateSettings(near=0.6, permutations=32)
_PLAIN = "the a cat dog sat on mat of in with Blue blue , . 1 2 345 Ж 猫 é"
WORDS = [*_PLAIN.split(), "e\u0301", ""]

sentences = st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join)
pairs_of_few = st.lists(st.tuples(st.sampled_from(["", "x", "the cat", "The cat sat"]), sentences), max_size=17)


@st.composite
def edited_pairs(draw: Callable[[st.SearchStrategy[Any]], Any], most: int = 17) -> list[Pair]:
    """Long texts, many of which are copies or edits of earlier ones."""
    pairs: list[Pair] = []
    for _ in range(draw(st.integers(0, most))):
        if pairs and draw(st.booleans()):
            words = [side.split(" ") for side in draw(st.sampled_from(pairs))]
            for side in words:
                for _ in range(draw(st.integers(0, 2))):
                    side[draw(st.integers(0, len(side) - 1))] = draw(st.sampled_from(WORDS))
            pairs.append((" ".join(words[0]), " ".join(words[1])))
        else:
            sides = [draw(st.lists(st.sampled_from(WORDS), min_size=10, max_size=20)) for _ in range(2)]
            pairs.append((" ".join(sides[0]), " ".join(sides[1])))
    return pairs


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    made = tmp_path_factory.mktemp("finder")
    yield made
    assert not list(made.iterdir())


def found(
    folder: Path, pairs: Sequence[Pair], wanted: DuplicateSettings, positions: Sequence[int] | None = None
) -> list[Duplicate]:
    with DuplicateFinder(folder, wanted, MEMORY) as finder:
        finder.add_batch(positions or range(len(pairs)), [pair[0] for pair in pairs], [pair[1] for pair in pairs])
        return list(finder.finish())


def marks_of(pairs: Sequence[Pair], wanted: DuplicateSettings) -> list[bytes]:
    return fingerprints([pair[0] for pair in pairs], [pair[1] for pair in pairs], wanted)


def test_exact_and_near(tmp_path: Path) -> None:
    pairs = [
        ("The committee approved the annual report.", "Der Ausschuss nahm den Jahresbericht an."),
        ("Something else altogether, that nobody said.", "Etwas ganz anderes, das niemand gesagt hat."),
        ("The committee  approved the annual report. ", "Der Ausschuss nahm den Jahresbericht an."),
        ("THE COMMITTEE approved the annual report.", "Der Ausschuss nahm den Jahresbericht an."),
        ("The committee approved the annual report!", "Der Ausschuss nahm den Jahresbericht an!"),
        ("The committee approved the annual report.", "Le comité a adopté le rapport annuel."),
    ]
    gone = found(tmp_path, pairs, DuplicateSettings(), [10, 20, 30, 40, 50, 60])
    assert [(one.position, one.first, one.kind) for one in gone] == [
        (30, 10, "exact"),
        (40, 10, "near"),
        (50, 10, "near"),
    ]
    assert [one.similarity for one in gone[:2]] == [1.0, 1.0]
    assert 0.8 <= gone[2].similarity < 1
    assert [one.position for one in found(tmp_path, pairs, DuplicateSettings(near=None))] == [2]
    assert [one.kind for one in found(tmp_path, pairs, DuplicateSettings(exact=False))] == [DuplicateKind.NEAR] * 3
    assert [one.position for one in found(tmp_path, pairs, DuplicateSettings(on="source"))] == [2, 3, 4, 5]
    assert [one.position for one in found(tmp_path, pairs, DuplicateSettings(on="target", near=None))] == [2, 3]


def test_a_pair_stays_if_only_what_went_resembles_it(tmp_path: Path) -> None:
    """Greedy, not in chains: each one that goes has a like among those that stay."""
    words = [f"word number {n}" for n in range(16)]
    chain = [(" ".join(["X" * 6] * n + words[n:]), "") for n in range(0, 8, 1)]
    gone = found(tmp_path, chain, DuplicateSettings(near=0.7, permutations=1024))
    stays = set(range(len(chain))) - {one.position for one in gone}
    assert 0 in stays
    assert len(stays) > 1
    assert {one.first for one in gone} <= stays


def test_goes_for_the_earliest_of_several_that_stay(tmp_path: Path) -> None:
    """Two that do not resemble each other, and one between them that resembles both."""
    words = [f"{letter * 3}{letter.upper() * 3}" for letter in "abcdefghijklmnopqrst"]
    others = [word[::-1] for word in words]
    left, right = [*others[:3], *words[3:]], [*words[:-3], *others[-3:]]
    pairs = [(" ".join(text), "") for text in (left, right, words, words)]
    gone = found(tmp_path, pairs, DuplicateSettings(near=0.68, permutations=1024, fold_near=("form", "space")))
    assert [(one.position, one.first) for one in gone] == [(2, 0), (3, 0)]
    assert gone[0].similarity == gone[1].similarity < 1
    assert gone[0].kind == gone[1].kind == "near"


@pytest.mark.parametrize(
    "changed", [{}, {"exact": False}, {"near": None, "bands": None}, {"near": 0.5}, {"on": "target"}], ids=str
)
@given(pairs=st.one_of(pairs_of_few, edited_pairs()))
@settings(max_examples=40)
def test_as_by_comparing_each_with_each(folder: Path, changed: dict[str, Any], pairs: list[Pair]) -> None:
    wanted = DuplicateSettings(**{**THOROUGH, **changed})
    positions = [3 * number + 7 for number in range(len(pairs))]
    expected = duplicate_reference.duplicates(positions, marks_of(pairs, wanted), wanted)
    assert found(folder, pairs, wanted, positions) == expected


@given(pairs=edited_pairs(50), batch=st.integers(1, 60), capacity=st.sampled_from([2, 5, 20]))
@settings(max_examples=20)
def test_memory_and_batches_do_not_matter(folder: Path, pairs: list[Pair], batch: int, capacity: int) -> None:
    expected = found(folder, pairs, FEW_BANDS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sorted_runs, "_LEAST_ROWS", capacity)
        patch.setattr(sorted_runs, "_LEAST_BLOCK", 1)
        patch.setattr(added_pairs, "LEAST_MEMORY", 0)
        patch.setattr(greedy, "_WINDOW", 5)
        with DuplicateFinder(folder, FEW_BANDS, 1) as finder:
            for start in range(0, len(pairs), batch):
                some = pairs[start : start + batch]
                finder.add_fingerprints(range(start, start + len(some)), marks_of(some, FEW_BANDS))
            assert list(finder.finish()) == expected
            assert finder.pairs == len(pairs)


def test_bands_find_most_of_what_there_is(tmp_path: Path) -> None:
    """Edits of all degrees, against comparing each with each."""
    draw = random.Random(3)
    words = ["".join(draw.choices("abcdefghijklmnop", k=draw.randint(2, 8))) for _ in range(2000)]
    pairs: list[Pair] = []
    for _ in range(150):
        original = draw.choices(words, k=30)
        for changes in (0, 1, 2, 3, 4):
            copy = list(original)
            for _ in range(changes):
                copy[draw.randrange(30)] = draw.choice(words)
            pairs.append((" ".join(copy[:15]), " ".join(copy[15:])))
    wanted = DuplicateSettings()
    expected = duplicate_reference.duplicates(range(len(pairs)), marks_of(pairs, wanted), wanted)
    gone = found(tmp_path, pairs, wanted)
    assert len(expected) > 250
    assert {one.position for one in gone} <= {one.position for one in expected}
    assert len(gone) >= 0.97 * len(expected)


def test_empty_texts_are_exact_copies_of_each_other(tmp_path: Path) -> None:
    pairs = [("", ""), (" \n", "\t"), ("", "x"), ("x", ""), ("", "x "), ("\u200b", "")]
    gone = found(tmp_path, pairs, DuplicateSettings())
    assert [(one.position, one.first, one.kind) for one in gone] == [
        (1, 0, "exact"),
        (4, 2, "exact"),
        (5, 0, "exact"),
    ]
    folded = DuplicateSettings(fold_near=("form", "space", "case", "punctuation"))
    assert found(tmp_path, [("!", ""), ("?", ""), ("!", "")], folded) == [Duplicate(2, 0, DuplicateKind.EXACT, 1.0)]


def test_many_copies_and_boilerplate_take_no_quadratic_time(tmp_path: Path) -> None:
    """Bands that tens of thousands share: compared with each other, these would be 200 million couples."""
    count = 20_000
    long = "this text is on every page of the site and says the same thing over and over again to everybody "
    templates = [(long + f"page {number:06}", long.upper()) for number in range(count)]
    with DuplicateFinder(tmp_path, DuplicateSettings(), MEMORY) as finder:
        for start in range(0, count, 4000):
            some = templates[start : start + 4000]
            finder.add_batch(range(start, start + 4000), [one for one, _ in some], [other for _, other in some])
        finder.add_batch(range(count, 2 * count), ["the same"] * count, ["dasselbe"] * count)
        gone = list(finder.finish())
        assert finder.cut > 0
    assert {one.first for one in gone if one.position >= count} == {count}
    templates_gone = [one for one in gone if one.position < count]
    assert len(templates_gone) > 0.99 * count
    assert [one.position for one in gone if one.position >= count] == list(range(count + 1, 2 * count))


def test_nothing_added(tmp_path: Path) -> None:
    assert found(tmp_path, [], DuplicateSettings()) == []
    with DuplicateFinder(tmp_path, DuplicateSettings(), MEMORY) as finder:
        finder.add_batch([], [], [])
        finder.add_fingerprints([], [])
        assert list(finder.finish()) == []


def test_what_is_not_taken(tmp_path: Path) -> None:
    with pytest.raises(SettingError):
        DuplicateFinder(tmp_path, DuplicateSettings(on="either"), MEMORY)
    with pytest.raises(UsageError, match="give 16M or more"):
        DuplicateFinder(tmp_path, DuplicateSettings(), 1000)
    with DuplicateFinder(tmp_path, DuplicateSettings(), MEMORY) as finder:
        finder.add_batch([5], ["a"], ["b"])
        for wrong in ([5], [4], [7, 6]):
            with pytest.raises(ValueError, match="positions have to ascend"):
                finder.add_batch(wrong, ["a"] * len(wrong), ["b"] * len(wrong))
        with pytest.raises(ValueError, match="2 positions for 1 pairs"):
            finder.add_batch([8, 9], ["a"], ["b"])
        with pytest.raises(ValueError, match="1 sources and 2 targets"):
            finder.add_batch([8], ["a"], ["b", "c"])
        with pytest.raises(ValueError, match="made with other settings"):
            finder.add_fingerprints([8], fingerprints(["a"], ["b"], DuplicateSettings(near=None)))
        assert finder.pairs == 1


def test_temporary_files_go_whatever_happens(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), DuplicateFinder(tmp_path, DuplicateSettings(), MEMORY) as finder:
        finder.add_batch([1, 2], ["a", "a"], ["b", "b"])
        (made,) = tmp_path.iterdir()
        if os.name == "posix":
            assert made.stat().st_mode & 0o077 == 0
        next(finder.finish())
        raise RuntimeError
    assert not list(tmp_path.iterdir())
