"""Corrections counted in pairs, and looked up again."""

from posteditor.training.pairs import Pair
from posteditor.training.statistical.corrections import Correction, CorrectionTable, mine_corrections, word_changes

PLANTED = [Pair(f"She waited in Monday near the {place}.", f"She waited on Monday near the {place}.") for place in
           ("gate", "bridge", "tower", "lake")]  # fmt: skip


def correction(left: str, old: str, right: str, new: str) -> Correction:
    before, phrase, after, instead = (tuple(part.split()) for part in (left, old, right, new))
    return Correction(before, phrase, after, instead, corrected=3, seen=3)


def test_a_planted_correction_is_found_with_its_counts() -> None:
    mined = mine_corrections(PLANTED)
    assert Correction((), ("in",), ("Monday",), ("on",), 4, 4) in mined
    assert Correction(("She", "waited"), ("in",), ("Monday", "near"), ("on",), 4, 4) in mined
    assert {each.new for each in mined} == {("on",)}


def test_places_left_alone_count_against_it() -> None:
    kept = [
        Pair(f"He sat in {place} today.", f"He sat in {place} today.") for place in ("Rome", "Riga", "Bonn", "Oslo")
    ]
    mined = mine_corrections([*PLANTED, *kept])
    assert Correction((), ("in",), (), ("on",), 4, 8) in mined
    assert Correction((), ("in",), ("Monday",), ("on",), 4, 4) in mined


def test_an_ambiguous_correction_is_refused() -> None:
    often_right = [Pair(f"It stood in {n} rows.", f"It stood in {n} rows.") for n in ("two", "three", "four", "five")]
    rarely_wrong = [
        Pair("It stood in two rows.", "It stood on two rows."),
        Pair("It stood in six rows.", "It stood on six rows."),
    ]
    assert mine_corrections([*often_right, *rarely_wrong], precision=0.5) == []
    assert mine_corrections(rarely_wrong, precision=0.5) != []


def test_what_was_done_once_is_not_enough() -> None:
    assert mine_corrections(PLANTED[:1]) == []


def test_insertions_and_deletions_have_context() -> None:
    pairs = [Pair(f"She is teacher in {place}.", f"She is a teacher in {place}.") for place in ("Rome", "Riga")]
    pairs += [Pair(f"They like the music of {place}.", f"They like music of {place}.") for place in ("Rome", "Riga")]
    mined = mine_corrections(pairs)
    assert Correction(("is",), (), ("teacher",), ("a",), 2, 2) in mined
    assert Correction(("like",), ("the",), (), (), 2, 2) in mined
    assert all(each.context for each in mined if not (each.old and each.new))


def test_the_order_of_the_pairs_does_not_matter() -> None:
    assert mine_corrections(PLANTED) == mine_corrections(PLANTED[::-1])


def test_changes_are_in_words() -> None:
    pair = Pair("It rained , in Monday.", "It rained, on a Monday!")
    assert list(word_changes(pair)) == [(3, 4, ("on", "a")), (5, 6, ("!",))]


def test_a_longer_context_wins_and_each_replacement_comes_once() -> None:
    short, long = correction("", "in", "Monday", "on"), correction("waited", "in", "Monday", "on")
    other = correction("", "in", "", "at")
    matches = CorrectionTable([short, long, other]).matches(["She", "waited", "in", "Monday", "."])
    assert [(match.start, match.end, match.correction) for match in matches] == [(2, 3, other), (2, 3, long)]


def test_the_ends_of_a_text_are_context() -> None:
    table = CorrectionTable([correction("<s>", "", "Also", "And"), correction("end", "", "</s>", ".")])
    assert [(match.start, match.end) for match in table.matches(["Also", "the", "end"])] == [(0, 0), (3, 3)]
    assert table.matches(["then", "Also"]) == []
    assert table.matches([]) == []
