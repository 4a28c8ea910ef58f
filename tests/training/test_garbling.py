"""Clean text garbled as a recipe asks for it."""

from pathlib import Path

import pytest

from posteditor.errors import CorpusError, UsageError
from posteditor.training.garbling import PairMaker
from posteditor.training.pairs import Source

SENTENCES = [
    f"The {noun} of the old {place} were shown to {number} visitors in the morning."
    for noun in ("keepers", "gardeners", "paintings", "clocks", "sisters")
    for place in ("museum", "harbour", "castle", "library")
    for number in range(3, 60)
]


@pytest.fixture
def maker(tiny_encoder: Path, tmp_path: Path) -> PairMaker:
    (tmp_path / "clean.txt").write_text("".join(f"{line}\n" for line in SENTENCES), encoding="utf-8")
    return PairMaker(tmp_path, tmp_path / "cache", tiny_encoder, seed=3)


def test_rules_make_pairs_of_a_garbled_sentence_and_its_original(maker: PairMaker) -> None:
    pairs = maker.pairs(Source("clean", "clean.txt", garble="rules"))
    assert 0.9 * len(SENTENCES) < len(pairs) <= len(SENTENCES)
    assert {pair.target for pair in pairs} <= set(SENTENCES)
    changed = [pair for pair in pairs if pair.mt != pair.target]
    assert len(changed) > len(pairs) / 2
    digits = [["".join(filter(str.isdigit, text)) for text in (pair.mt, pair.target)] for pair in changed]
    assert all(garbled == original for garbled, original in digits)
    assert pairs == maker.pairs(Source("clean", "clean.txt", garble="rules")), "the same seed, the same faults"


def test_clean_text_without_garbling_is_its_own_target(maker: PairMaker) -> None:
    pairs = maker.pairs(Source("clean", "clean.txt", limit=20))
    assert len(pairs) == 20 and all(pair.mt == pair.target for pair in pairs)


def test_a_missing_engine_is_told_and_the_source_skipped(maker: PairMaker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(maker.cache))
    told: list[str] = []
    speaking = PairMaker(maker.data, maker.cache, maker.encoder, maker.seed, told.append)
    assert speaking.pairs(Source("trips", "clean.txt", garble="eng-cat")) == []
    assert told == ["trips skipped: there is no apertium with eng-cat on the PATH"]


def test_broken_rates_are_named(maker: PairMaker) -> None:
    (maker.data / "rates.json").write_text('{"categories": {"nonsense": 1}, "faults": [1]}', encoding="utf-8")
    with pytest.raises(CorpusError, match=r"rates\.json: holds no rates"):
        maker.pairs(Source("clean", "clean.txt", garble="rules", rates="rates.json"))


def test_garbling_beside_a_target_or_rates_without_rules_are_refused() -> None:
    with pytest.raises(UsageError, match="garble beside a target"):
        Source("x", "a.txt", "b.txt", garble="rules")
    with pytest.raises(UsageError, match="rates without garble"):
        Source("x", "a.txt", garble="eng-cat", rates="rates.json")
