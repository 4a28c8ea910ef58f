"""Ensembles: loading several SPECs, and merging what they propose hunk by hunk."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posteditor.core.segment import Segment
from posteditor.core.suggestion import Edit, Suggestion, apply_edits, suggestion_from_edits
from posteditor.errors import CorpusError, ModelError
from posteditor.rewriters.ensemble import Ensemble, LearningEnsemble, common_languages
from posteditor.rewriters.ensemble_merging import combined, merge
from posteditor.rewriters.gate import Gate
from posteditor.rewriters.protocol import Learner, MemoryPair, Rewriter
from posteditor.rewriters.specs import load_rewriter, members_of

PLUGINS = Path(__file__).parents[1] / "plugins"


@pytest.fixture
def plugins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(PLUGINS))


class Scripted:
    """Proposes what it was given, and fails where that is an error."""

    revision = "1"
    target_languages: tuple[str, ...] = ()

    def __init__(self, name: str, *edits: Edit, error: Exception | None = None) -> None:
        self.name = name
        self.edits = edits
        self.error = error
        self.is_closed = False

    def rewrite(
        self, segments: Sequence[Segment], *, should_stop: Callable[[], bool] = lambda: False
    ) -> Iterator[Suggestion]:
        for segment in segments:
            if should_stop():
                return
            if self.error and "bad" in segment.mt:
                raise self.error
            yield suggestion_from_edits(segment.mt, self.edits, self.name)

    def close(self) -> None:
        self.is_closed = True


def ask(mt: str, *members: Rewriter) -> Suggestion:
    (suggestion,) = Ensemble("all", members, Gate()).rewrite([Segment(1, mt)])
    return suggestion


def edit(mt: str, old: str, new: str, confidence: float = 0.6, category: str = "") -> Edit:
    start = mt.index(old)
    return Edit(start, start + len(old), new, category, confidence)


# -- agreement -------------------------------------------------------------------------------------------------------


def test_what_members_agree_on_is_one_hunk_and_surer() -> None:
    mt = "a house of a man"
    suggestion = ask(
        mt,
        Scripted("A", edit(mt, "a house", "the house", 0.6, "article")),
        Scripted("B", edit(mt, "a", "the", 0.8, "determiner")),
        Scripted("C", edit(mt, "man", "person", 0.7, "word choice")),
    )
    assert suggestion.text == "the house of a person"
    first, second = suggestion.edits
    assert (first.sources, first.category) == (("B", "A"), "determiner")
    assert first.confidence == pytest.approx(0.8 + 0.5 * (1 - 0.2 * 0.4 - 0.8))
    assert (second.sources, second.confidence) == (("C",), 0.7)
    assert suggestion.rewriter == "all"
    assert suggestion.confidence == 0.7


@pytest.mark.parametrize(
    ("mt", "one", "other"),
    [
        ("of dog", Edit(3, 3, "the "), Edit(2, 2, " the")),
        ("of dog", Edit(0, 2, "of the"), Edit(3, 6, "the dog")),
        ("very very", Edit(0, 5, ""), Edit(4, 9, "")),
        ("a apple", Edit(0, 1, "an"), Edit(0, 7, "an apple")),
        ("it is is", Edit(3, 6, ""), Edit(5, 8, "")),
        ("𝒜 dog", Edit(2, 5, "cat"), Edit(0, 5, "𝒜 cat")),
    ],
)
def test_hunks_with_the_same_effect_are_the_same(mt: str, one: Edit, other: Edit) -> None:
    assert apply_edits(mt, [one]) == apply_edits(mt, [other])
    suggestion = ask(mt, Scripted("A", one), Scripted("B", other))
    assert suggestion.text == apply_edits(mt, [one])
    assert [each.sources for each in suggestion.edits] == [("A", "B")]


def test_neighbours_and_strangers_all_stay() -> None:
    mt = "He go in house yesterday"
    suggestion = ask(
        mt,
        Scripted("A", edit(mt, "go", "went"), edit(mt, "yesterday", "yesterday.")),
        Scripted("B", edit(mt, "in", "into"), Edit(mt.index("house"), mt.index("house"), "the ")),
        Scripted("C", edit(mt, "house", "home")),
    )
    assert suggestion.text == "He went into the home yesterday."


# -- competition -----------------------------------------------------------------------------------------------------


def test_of_rivals_the_surer_wins_and_pays_for_the_doubt() -> None:
    mt = "He go home"
    suggestion = ask(mt, Scripted("A", edit(mt, "go", "goes", 0.6)), Scripted("B", edit(mt, "go home", "went", 0.9)))
    assert suggestion.text == "He went"
    assert suggestion.edits[0].confidence == pytest.approx(0.9 / 1.5)


def test_rivals_that_leave_room_for_each_other_cost_nothing() -> None:
    mt = "He go"
    suggestion = ask(mt, Scripted("A", edit(mt, "go", "goes", 0.3)), Scripted("B", edit(mt, "go", "went", 0.6)))
    assert (suggestion.text, suggestion.confidence) == ("He went", 0.6)


def test_two_that_agree_beat_a_surer_one() -> None:
    mt = "He go"
    members = [Scripted("A", edit(mt, "go", "goes", 0.7)), Scripted("B", edit(mt, "go", "goes", 0.7))]
    assert ask(mt, Scripted("C", edit(mt, "go", "went", 0.75)), *members).text == "He goes"


def test_equals_are_settled_by_the_order_of_the_specs() -> None:
    mt = "He go"
    one, other = Scripted("A", edit(mt, "go", "goes")), Scripted("B", edit(mt, "go", "went"))
    assert ask(mt, one, other).text == "He goes"
    assert ask(mt, other, one).text == "He went"


@pytest.mark.parametrize(
    ("mt", "one", "other", "text"),
    [
        ("of dog", Edit(3, 3, "the ", "", 0.8), Edit(2, 2, " a", "", 0.7), "of the dog"),
        ("of dog", Edit(3, 3, "the ", "", 0.8), Edit(3, 3, "a ", "", 0.7), "of the dog"),
        ("of dog", Edit(3, 6, "the hound", "", 0.8), Edit(3, 3, "the ", "", 0.7), "of the hound"),
    ],
)
def test_nothing_is_put_in_twice(mt: str, one: Edit, other: Edit, text: str) -> None:
    assert ask(mt, Scripted("A", one), Scripted("B", other)).text == text


def test_half_a_move_is_not_made() -> None:
    mt = "he quickly ran home"
    move = Scripted("A", Edit(3, 11, "", "", 0.6), Edit(14, 14, " quickly", "", 0.6))
    assert ask(mt, move).text == "he ran quickly home"
    rival = Scripted("B", Edit(3, 10, "slowly", "", 0.9))
    assert ask(mt, move, rival).text == "he slowly ran home"


def test_what_lost_to_half_a_move_comes_back() -> None:
    mt = "he quickly ran home"
    move = Scripted("A", Edit(3, 11, "", "", 0.6), Edit(14, 14, " quickly", "", 0.6))
    rivals = Scripted("B", Edit(3, 10, "slowly", "", 0.9)), Scripted("C", Edit(14, 14, " all the way", "", 0.5))
    assert ask(mt, move, *rivals).text == "he slowly ran all the way home"


# -- the gate --------------------------------------------------------------------------------------------------------


def test_a_hunk_that_can_not_stand_beats_none_that_can() -> None:
    mt = "He have 12 dog"
    members = Scripted("A", edit(mt, "12 dog", "13 dogs", 0.9)), Scripted("B", edit(mt, "dog", "dogs", 0.6))
    suggestion = ask(mt, *members)
    assert suggestion.text == "He have 12 dogs"
    assert suggestion.confidence == 0.6
    assert [(item.edit.sources, item.reason.partition(":")[0]) for item in suggestion.refused] == [(("A",), "number")]
    both = ask(mt, members[0], Scripted("C", edit(mt, "12 dog", "13 dogs", 0.7)))
    assert [item.edit.sources for item in both.refused] == [("A", "C")]


def test_a_rule_that_is_switched_off_is_off_for_members_too(plugins: None) -> None:
    (suggestion,) = load_rewriter("toy+none").rewrite([Segment(1, "seven dogs")])
    assert (suggestion.text, suggestion.refusal) == ("seven dogs", "number: 8 added")
    (suggestion,) = load_rewriter("toy+none", gate_off=["number"]).rewrite([Segment(1, "seven dogs")])
    assert (suggestion.text, suggestion.refusal) == ("eight dogs", "")


def test_what_is_refused_in_one_members_company_but_passes_in_anothers_is_not_refused() -> None:
    mt = "seven dogs and eight cats"
    lonely = Scripted("A", edit(mt, "seven", "eight"))
    company = Scripted("B", edit(mt, "seven", "eight"), edit(mt, "eight", "seven"))
    suggestion = ask(mt, lonely, company)
    assert suggestion.text == "eight dogs and seven cats"
    assert [each.sources for each in suggestion.edits] == [("B",), ("B",)]
    assert suggestion.refused == ()


# -- failures --------------------------------------------------------------------------------------------------------


def test_a_member_that_fails_does_not_take_the_others_along() -> None:
    mt = "bad teh"
    failing = Scripted("A", error=ModelError("no idea"))
    suggestion = ask(mt, failing, Scripted("B", edit(mt, "teh", "the")))
    assert (suggestion.text, suggestion.error) == ("bad the", "")


def test_when_all_fail_the_segment_has_their_errors_and_the_run_goes_on() -> None:
    members = [Scripted("A", error=ModelError("no idea")), Scripted("B", error=RuntimeError("no memory"))]
    suggestions = list(
        Ensemble("all", members, Gate()).rewrite([Segment(1, "one"), Segment(2, "bad"), Segment(3, "three")])
    )
    assert [suggestion.error for suggestion in suggestions] == ["", "A: no idea; B: RuntimeError: no memory", ""]
    assert [suggestion.text for suggestion in suggestions] == ["one", "bad", "three"]


def test_a_member_with_impossible_hunks_counts_as_failed() -> None:
    suggestion = ask("teh", Scripted("A"), BadEdits("B"))
    assert (suggestion.text, suggestion.error) == ("teh", "")


class BadEdits(Scripted):
    def rewrite(
        self, segments: Sequence[Segment], *, should_stop: Callable[[], bool] = lambda: False
    ) -> Iterator[Suggestion]:
        for _ in segments:
            yield Suggestion("x", (Edit(2, 99, ""),), self.name)


# -- loading ---------------------------------------------------------------------------------------------------------


def test_a_spec_loads_them_all(plugins: None, tmp_path: Path) -> None:
    (tmp_path / "a+b.tsv").write_text("mt\ttarget\nteh dog\tthe hound\n", encoding="utf-8")
    spec = f"memory:{tmp_path}/a+b.tsv+toy+none"
    rewriter = load_rewriter(spec, target_lang="en-GB")
    assert isinstance(rewriter, LearningEnsemble)
    assert rewriter.name == spec
    assert [member.name for member in rewriter.members] == [f"memory:{tmp_path}/a+b.tsv", "toy", "none"]
    assert rewriter.target_languages == ("en",)
    (suggestion,) = rewriter.rewrite([Segment(1, "teh dog")])
    assert suggestion.text == "the hound"
    assert [each.sources for each in suggestion.edits] == [(f"memory:{tmp_path}/a+b.tsv",)]
    revision = rewriter.revision
    rewriter.learn([MemoryPair("wrold", "globe")])
    assert rewriter.revision != revision
    assert [suggestion.text for suggestion in rewriter.rewrite([Segment(1, "wrold")])] == ["globe"]
    rewriter.close()


def test_an_ensemble_learns_only_if_a_member_does(plugins: None) -> None:
    assert not isinstance(load_rewriter("toy+none"), Learner)
    assert isinstance(load_rewriter("toy+memory"), Learner)


@pytest.mark.parametrize(
    ("spec", "members"),
    [
        ("none", ["none"]),
        ("none+default", ["none", "default"]),
        ("default+memory+languagetool", ["default", "memory", "languagetool"]),
        ("memory:a+b.tsv", ["memory:a+b.tsv"]),
        ("memory:a+b.tsv+default", ["memory:a+b.tsv", "default"]),
        ("openai:x+y@http://localhost/v1+memory:z", ["openai:x+y@http://localhost/v1", "memory:z"]),
        ("default+nonsense", ["default", "nonsense"]),
    ],
)
def test_where_a_spec_is_divided(spec: str, members: list[str]) -> None:
    assert list(members_of(spec)) == members


def test_a_folder_with_a_plus_in_its_name_is_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "none+default").mkdir()
    assert members_of("none+default") == ("none+default",)


@pytest.mark.parametrize(
    ("spec", "problem"),
    [
        ("none+nonsense", "no rewriter 'nonsense'"),
        ("none+", "no rewriter ''"),
        ("none+none", "names a rewriter twice"),
    ],
)
def test_a_bad_member_is_named(spec: str, problem: str) -> None:
    with pytest.raises(ModelError, match=problem):
        load_rewriter(spec)


def test_a_bad_file_of_a_member_is_named(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"nowhere\.tsv"):
        load_rewriter(f"none+memory:{tmp_path}/nowhere.tsv")


def test_a_language_that_one_member_declines_is_declined(plugins: None) -> None:
    with pytest.raises(ModelError, match="'toy' rewrites en, not de"):
        load_rewriter("none+toy", target_lang="de")


@pytest.mark.parametrize(
    ("declared", "common"),
    [
        ([(), ()], ()),
        ([("en", "de"), ()], ("en", "de")),
        ([("en", "de"), ("de", "fr")], ("de",)),
        ([("en",), ("en-GB", "en-US"), ("EN-gb",)], ("en-GB",)),
        ([("enm", "en"), ("en",)], ("en",)),
    ],
)
def test_the_languages_are_those_of_all(declared: list[tuple[str, ...]], common: tuple[str, ...]) -> None:
    assert common_languages(declared) == common


def test_no_common_language_is_an_error() -> None:
    with pytest.raises(ModelError, match="no language in common: en; any; de"):
        common_languages([("en",), (), ("de",)])


def test_closing_closes_all() -> None:
    members = [Scripted("A"), Scripted("B")]
    Ensemble("all", members, Gate()).close()
    assert all(member.is_closed for member in members)


def test_it_ends_early_when_told_to() -> None:
    asked: list[int] = []

    def should_stop() -> bool:
        asked.append(1)
        return len(asked) > 5

    answers = Ensemble("all", [Scripted("A"), Scripted("B")], Gate()).rewrite(
        [Segment(number, "x") for number in range(1, 50)], should_stop=should_stop
    )
    assert 0 < len(list(answers)) < 4


# -- properties ------------------------------------------------------------------------------------------------------

WORDS = st.sampled_from(["a", "the", "dog", "very", "ran", "𝒜", ",", ""])


@st.composite
def proposals(draw: st.DrawFn, mt: str) -> list[Edit]:
    """Sorted hunks that do not overlap, anywhere in the text."""
    cuts = sorted(draw(st.lists(st.integers(0, len(mt)), max_size=8)))
    found = []
    for start, end in zip(cuts[::2], cuts[1::2], strict=False):
        new = " ".join(draw(st.lists(WORDS, max_size=3)))
        found.append(Edit(start, end, new, confidence=draw(st.sampled_from([0.5, 0.6, 0.75, 0.9, 1.0]))))
    return found


@st.composite
def contests(draw: st.DrawFn) -> tuple[str, list[list[Edit]]]:
    mt = " ".join(draw(st.lists(WORDS, max_size=8)))
    return mt, draw(st.lists(proposals(mt), min_size=1, max_size=4))


@given(contests())
def test_merged_hunks_are_sorted_do_not_overlap_and_come_from_members(contest: tuple[str, list[list[Edit]]]) -> None:
    mt, proposed = contest
    names = [f"member {number}" for number in range(len(proposed))]
    merged = merge(mt, proposed, names)
    apply_edits(mt, merged)
    assert list(merged) == sorted(merged, key=lambda each: (each.start, each.end))
    for each in merged:
        assert 0 <= each.confidence <= 1
        assert each.sources
        first = proposed[names.index(each.sources[0])]
        assert any((e.start, e.end, e.replacement) == (each.start, each.end, each.replacement) for e in first)
        assert len(set(each.sources)) == len(each.sources)
    assert merge(mt, proposed, names) == merged


@given(contests())
def test_an_ensemble_of_one_proposes_what_its_member_does(contest: tuple[str, list[list[Edit]]]) -> None:
    mt, proposed = contest
    kept = [each for each in proposed[0] if each.replacement != mt[each.start : each.end]]
    merged = merge(mt, proposed[:1], ["one"])
    assert [(e.start, e.end, e.replacement, e.confidence) for e in merged] == [
        (e.start, e.end, e.replacement, e.confidence) for e in kept
    ]
    assert apply_edits(mt, merged) == apply_edits(mt, proposed[0])


@given(contests())
def test_members_that_propose_nothing_change_nothing(contest: tuple[str, list[list[Edit]]]) -> None:
    mt, proposed = contest
    names = [str(number) for number in range(len(proposed) + 1)]
    assert merge(mt, [*proposed, []], names) == merge(mt, proposed, names)


@given(contests())
def test_members_that_all_say_the_same_are_followed(contest: tuple[str, list[list[Edit]]]) -> None:
    mt, proposed = contest
    merged = merge(mt, [proposed[0], proposed[0]], ["A", "B"])
    assert apply_edits(mt, merged) == apply_edits(mt, proposed[0])
    assert all(each.sources == ("A", "B") for each in merged)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=5))
def test_agreement_never_lowers_a_confidence_nor_makes_it_certain(confidences: list[float]) -> None:
    value = combined(confidences)
    assert max(confidences) - 1e-9 <= value <= 1
    assert value < 1 or max(confidences) > 0.999
    assert value == pytest.approx(combined(confidences[::-1]))
