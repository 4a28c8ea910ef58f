"""Splits: what belongs together stays together, and a pair stays where it is."""

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posteditor.cleaning.duplicates import DuplicateSettings, added_pairs, fingerprints, sorted_runs
from posteditor.cleaning.splitting import SPLIT_SETTINGS, SplitAssigner, SplitReport, clusters
from posteditor.errors import UsageError
from tests.cleaning import duplicate_reference
from tests.cleaning.duplicate_reference import Pair

MEMORY = 16 << 20
SHARES = {"train": 0.8, "dev": 0.1, "test": 0.1}
HALVES = {"one": 0.5, "other": 0.5}
THOROUGH = DuplicateSettings(on="either", permutations=32, bands=32)
LETTERS = "abcdefghijklmnopqrstuvwxyz"

texts = st.one_of(st.sampled_from(["", "x", " x", "yes"]), st.text("ab ", min_size=8, max_size=12))


def assigned(
    folder: Path, pairs: Sequence[Pair], wanted: DuplicateSettings = SPLIT_SETTINGS, seed: int = 1, large: int = 100
) -> tuple[list[str], SplitReport]:
    with SplitAssigner(folder, SHARES, memory=MEMORY, settings=wanted, seed=seed, large_cluster=large) as splitter:
        splitter.add_batch(range(len(pairs)), [pair[0] for pair in pairs], [pair[1] for pair in pairs])
        found = list(splitter.finish())
        assert [position for position, _ in found] == list(range(len(pairs)))
        return [name for _, name in found], splitter.report


def made_pairs(count: int, seed: int) -> list[Pair]:
    """Pairs of ten words each that have next to nothing in common."""
    draw = random.Random(seed)
    return [
        (
            " ".join("".join(draw.choices(LETTERS, k=6)) for _ in range(10)),
            " ".join("".join(draw.choices(LETTERS, k=7)) for _ in range(10)),
        )
        for _ in range(count)
    ]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    made = tmp_path_factory.mktemp("splits")
    yield made
    assert not list(made.iterdir())


@given(pairs=st.lists(st.tuples(texts, texts), max_size=17), seed=st.integers(0, 5))
@settings(max_examples=60)
def test_what_any_chain_joins_stays_together(folder: Path, pairs: list[Pair], seed: int) -> None:
    names, report = assigned(folder, pairs, THOROUGH, seed)
    marks = fingerprints([pair[0] for pair in pairs], [pair[1] for pair in pairs], THOROUGH)
    expected = duplicate_reference.clusters(pairs, marks, THOROUGH)
    for cluster in expected:
        assert len({names[number] for number in cluster}) == 1
    assert report.clusters == len(expected)
    assert report.largest == max(map(len, expected), default=0)
    assert sum(report.pairs.values()) == len(pairs)


@given(pairs=st.lists(st.tuples(texts, texts), max_size=17), randomness=st.randoms(use_true_random=False))
@settings(max_examples=40)
def test_order_does_not_matter(folder: Path, pairs: list[Pair], randomness: random.Random) -> None:
    names = dict(zip(pairs, assigned(folder, pairs, THOROUGH)[0], strict=True))
    shuffled = randomness.sample(pairs, len(pairs))
    assert dict(zip(shuffled, assigned(folder, shuffled, THOROUGH)[0], strict=True)) == names


def test_either_side_alone_joins(tmp_path: Path) -> None:
    """A source that many pairs have, and targets that are nearly the same."""
    base = made_pairs(400, 1)
    same_source = [(source, target) for source, _ in base[:200] for target in ("", "anything " + source[::-1])]
    near_target = [(made_pairs(1, 1000 + n)[0][0], target[:-1] + "!") for n, (_, target) in enumerate(base[200:])]
    names, report = assigned(tmp_path, [*base, *same_source, *near_target])
    assert [names[n // 2] for n in range(400)] == names[400:800]
    assert names[200:400] == names[800:]
    assert report.clusters == 400


def test_empty_texts_join_nothing(tmp_path: Path) -> None:
    """A corpus without sources is no single cluster."""
    pairs = [("", target) for _, target in made_pairs(500, 2)]
    names, report = assigned(tmp_path, pairs)
    assert report.clusters == 500
    assert len(set(names)) == 3


def test_shares_are_met_and_told(tmp_path: Path) -> None:
    names, report = assigned(tmp_path, made_pairs(4000, 3))
    for name, share in SHARES.items():
        assert report.pairs[name] == names.count(name)
        assert report.share(name) == names.count(name) / 4000
        assert abs(report.share(name) - share) < 4 * (share * (1 - share) / 4000) ** 0.5
    assert report.asked == SHARES
    assert (report.clusters, report.largest, report.in_large) == (4000, 1, 0)


def test_unrelated_pairs_change_nothing(tmp_path: Path) -> None:
    pairs, others = made_pairs(500, 4), made_pairs(2000, 5)
    alone, _ = assigned(tmp_path, pairs)
    among, _ = assigned(tmp_path, [*others[:1000], *pairs, *others[1000:]])
    assert among[1000:1500] == alone


def test_another_seed_gives_other_splits(tmp_path: Path) -> None:
    pairs = made_pairs(500, 6)
    one, again, other = (assigned(tmp_path, pairs, seed=seed)[0] for seed in (1, 1, 2))
    assert one == again
    assert 0 < sum(a != b for a, b in zip(one, other, strict=True)) < 300


def test_large_clusters_go_to_the_largest_split(tmp_path: Path) -> None:
    pairs = [("Page not found", target) for target, _ in made_pairs(50, 7)]
    for seed in range(10):
        names, report = assigned(tmp_path, pairs, seed=seed, large=49)
        assert set(names) == {"train"}
        assert report.in_large == report.largest == 50
    chosen = {assigned(tmp_path, pairs, seed=seed, large=50)[0][0] for seed in range(40)}
    assert chosen == set(SHARES)


def test_batches_and_fingerprints_do_not_matter(tmp_path: Path) -> None:
    pairs = made_pairs(300, 8) + made_pairs(300, 8)
    expected, _ = assigned(tmp_path, pairs)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sorted_runs, "_LEAST_ROWS", 50)
        patch.setattr(added_pairs, "LEAST_MEMORY", 0)
        patch.setattr(clusters, "_LEAST_BLOCK", 7)
        with SplitAssigner(tmp_path, SHARES, memory=1) as splitter:
            for start in range(0, len(pairs), 113):
                some = pairs[start : start + 113]
                marks = fingerprints([pair[0] for pair in some], [pair[1] for pair in some], SPLIT_SETTINGS)
                splitter.add_fingerprints(range(start, start + len(some)), marks)
            assert [name for _, name in splitter.finish()] == expected
    assert not list(tmp_path.iterdir())


def test_only_the_same_texts_where_near_ones_are_off(tmp_path: Path) -> None:
    pairs = [("a b c d e f", "1"), ("a b c d e f!", "2"), ("x", "1")]
    _, report = assigned(tmp_path, pairs, DuplicateSettings(on="either", near=None))
    assert report.clusters == 2


def test_nothing_added(tmp_path: Path) -> None:
    names, report = assigned(tmp_path, [])
    assert names == []
    assert report.share("train") == 0


def test_stopping_early_leaves_nothing_behind(tmp_path: Path) -> None:
    with SplitAssigner(tmp_path, HALVES, memory=MEMORY) as splitter:
        splitter.add_batch([1, 2], ["a", "b"], ["c", "d"])
        first = next(splitter.finish())
        assert first[0] == 1
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("shares", "problem"),
    [
        ({"train": 0.9, "test": 0.2}, r"add up to 1\.1"),
        ({}, "add up to 0"),
        ({"train": 1.2, "test": -0.2}, r"the share of train is 1\.2"),
        ({"train": 1.0, "test": 0.0}, "the share of test is 0"),
        ({"../train": 1.0}, "can't be called"),
    ],
)
def test_shares_that_make_no_sense(tmp_path: Path, shares: dict[str, float], problem: str) -> None:
    with pytest.raises(UsageError, match=problem):
        SplitAssigner(tmp_path, shares, memory=MEMORY)
    assert not list(tmp_path.iterdir())
