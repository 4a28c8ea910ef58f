"""The gate: a table of planted faults, a table of good edits, and what holds for any edits at all."""

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posteditor.core.diff import word_diff
from posteditor.core.segment import Neighbour, Segment
from posteditor.core.suggestion import Edit, RefusedEdit, Suggestion, apply_edits, suggestion_from_edits
from posteditor.core.words import split_words
from posteditor.errors import UsageError
from posteditor.rewriters.gate import RULE_NAMES, Gate, known_rules, rule_of
from posteditor.rewriters.gate_change import words_of
from tests.rewriters.judging import judged

FAULTS = [
    ("number", "He has 5 cats.", "He has 6 cats."),
    ("number", "He has 5 cats.", "He has cats."),
    ("number", "He has cats.", "He has 5 cats."),
    ("number", "It cost 1.5 euros then.", "It cost 15 euros then."),
    ("number", "It cost 1,500 euros then.", "It cost 1,5 euros then."),
    ("number", "It cost 20 euros then.", "It cost 20 dollars then."),
    ("number", "It cost €20 then.", "It cost $20 then."),
    ("number", "It rose by 20% again.", "It rose by 20 again."),
    ("number", "It was -5 degrees there.", "It was 5 degrees there."),
    ("number", "Two hundred people came there.", "Three hundred people came there."),
    ("number", "Twenty-five people came.", "Twenty people came."),
    ("number", "It was three million then.", "It was three billion then."),
    ("number", "In 1990 he left with 3 dogs.", "He left with 3 dogs in 1991."),
    ("number", "From 10 to 12 o'clock.", "From 10 to 10 o'clock."),
    ("placeholder", "Open {name} with care.", "Open it with care."),
    ("placeholder", "Open {name} with care.", "Open {nome} with care."),
    ("placeholder", "The <b>red</b> one here.", "The <b>red one here."),
    ("placeholder", "See https://example.org/a here.", "See https://example.org/b here."),
    ("placeholder", "Write to ann@example.org soon.", "Write to anne@example.org soon."),
    ("placeholder", "You have %d new messages.", "You have %s new messages."),
    ("negation", "He will not comment on it.", "He will comment on it."),
    ("negation", "He will comment on it.", "He will not comment on it."),
    ("negation", "He doesn't know about it.", "He does know about it."),
    ("negation", "She never went to the sea.", "She went to the sea."),
    ("negation", "He left without a word today.", "He left with a word today."),
    ("negation", "He was unable to come.", "He was able to come."),
    ("negation", "It was legal to do it.", "It was illegal to do it."),
    ("negation", "He came not only for her.", "He came only for her."),
    ("negation", "There is no doubt about it.", "There is doubt about it."),
    ("name", "I met Peter in the park.", "I met Paul in the park."),
    ("name", "I met Peter in the park.", "I met him in the park."),
    ("name", "I met him in the park.", "I met Peter in the park."),
    ("name", "We fly to Austria soon.", "We fly to Australia soon."),
    ("name", "See you on Monday then.", "See you on Sunday then."),
    ("name", "The war in Iran was long.", "The war in Iraq was long."),
    ("name", "He works for NASA in town.", "He works for the office in town."),
    ("unpaired", "He (the man) left the house.", "He (the man left the house."),
    ("unpaired", 'He said "yes" to her.', 'He said "yes to her.'),
    ("unpaired", "He left [1] the house.", "He left [1]) the house."),
    ("control character", "He left the house.", "He left the \x1b[31mhouse."),
    ("control character", "He left the house.", "He left\nthe house."),
    ("bounds", "He left the house.", " "),
    (
        "bounds",
        "He left the house.",
        "He left the house and walked on down the road to the sea, where he sat for long.",
    ),
    ("bounds", "the cat sat on a mat and slept for long", "it is what it is because some dogs bark so"),
]


@pytest.mark.parametrize(("rule", "mt", "rewrite"), FAULTS)
def test_a_planted_fault_is_refused_by_name(rule: str, mt: str, rewrite: str) -> None:
    suggestion = judged(mt, rewrite)
    assert suggestion.text == mt
    assert {rule_of(refused.reason) for refused in suggestion.refused} == {rule}
    assert rule in RULE_NAMES


@pytest.mark.parametrize(("rule", "mt", "rewrite"), FAULTS)
def test_a_good_hunk_beside_a_fault_stays(rule: str, mt: str, rewrite: str) -> None:
    if rule == "bounds":
        return  # judges the suggestion as a whole
    suggestion = judged(f"Teh dog barked at teh gate. {mt}", f"The dog barked at the gate. {rewrite}")
    assert suggestion.text == f"The dog barked at the gate. {mt}"
    assert suggestion.refused


GOOD = [
    ("He has 5 cats.", "He has five cats."),
    ("He paid 1,000 for it.", "He paid 1000 for it."),
    ("He paid 1.5 million for it.", "He paid 1,500,000 for it."),
    ("He paid two hundred and fifty.", "He paid 250."),
    ("He came 2 times to us.", "He came twice to us."),
    ("It was in the 20th century.", "It was in the twentieth century."),
    ("It rose by 20 percent.", "It rose by 20%."),
    ("In 1990 he went with 3 dogs.", "He went with 3 dogs in 1990."),
    ("He first went home.", "He went home."),
    ("Open {name} to see <b>it</b>.", "To see <b>it</b>, open {name}."),
    ("He will not comment on it.", "He declined to comment on it."),
    ("It is not possible to go.", "It is impossible to go."),
    ("He did not went home.", "He didn't go home."),
    ("He was not able to come.", "He was unable to come."),
    ("He saw not only her but him.", "He saw both her and him."),
    ("It is not just big but red.", "It is not only big but red."),
    ("It is without doubt his.", "There is no doubt that it is his."),
    ("There is none that it knows.", "Nobody knows it."),
    ("I was in Moskow with Ivan.", "I was in Moscow with Ivan."),
    ("I was in paris with Ivan.", "I was in Paris with Ivan."),
    ("The government of France said so.", "The French government said so."),
    ("It was Peter who saw Anna.", "Anna was seen by Peter."),
    ("We were in Newyork then.", "We were in New York then."),
    ("The Peter's dog barked.", "Peter's dog barked."),
    ("We met in Kiev.", "We met in Kyiv."),
    ("He (the man) left the house.", "He, the man, left the house."),
    ('He said "yes" to her.', "He said “yes” to her."),
    ("He (the man left the house.", "He (the man) left the house."),
    ("Hy wrold", "Hello world"),
]


@pytest.mark.parametrize(("mt", "rewrite"), GOOD)
def test_a_good_edit_passes(mt: str, rewrite: str) -> None:
    suggestion = judged(mt, rewrite)
    assert (suggestion.text, suggestion.refusal) == (rewrite, "")


def test_with_a_source_the_source_decides_about_numbers_and_names() -> None:
    mt, rewrite = "He met Paula with 4 dogs.", "He met Petra with 5 dogs."
    assert judged(mt, rewrite, "Traf er Petra mit 5 Hunden?").text == rewrite
    assert judged(mt, rewrite, "Traf er Paula mit 4 Hunden?").text == mt
    assert judged(mt, rewrite).text == mt


def test_the_parts_of_a_move_go_together() -> None:
    mt, rewrite = "Quickly he ran to the 1st house.", "He ran quickly to the 2nd house."
    assert judged(mt, rewrite).text == "He ran quickly to the 1st house."
    # Here the hunk that would take "quickly" up again is refused, so the one that drops it must be too.
    assert judged("Quickly he ran home.", "He ran home quickly 7 times.").text == "Quickly he ran home."


def test_a_number_put_in_twice_and_taken_away_once_stays_once() -> None:
    result = judged("In 1990 he left the big house behind.", "In 1990 he left the big house behind in 1990 for ever.")
    assert result.text.count("1990") == 1
    result = judged("By 1990 he left his big house to her.", "He left his big house in 1990 to her by 1990.")
    assert result.text.count("1990") == 1
    assert result.edits


def test_what_only_shows_over_all_hunks_is_seen() -> None:
    mt, rewrite = "To be able is a thing for him.", "To be is a thing for the unable him."
    assert rule_of(judged(mt, rewrite).refusal) == "negation"


def test_confidence_and_earlier_refusals_are_kept_in_order() -> None:
    mt = "teh 5 cats adn dogs"
    earlier = RefusedEdit(Edit(15, 19, "frogs"), "confidence")
    edits = (Edit(0, 3, "the", "spelling", 0.9), Edit(4, 5, "6", "", 0.2), Edit(11, 14, "and", "spelling", 0.7))
    suggestion = Gate().judge(Segment(1, mt), suggestion_from_edits(mt, edits, "test", refused=(earlier,)))
    assert suggestion.text == "the 5 cats and dogs"
    assert suggestion.confidence == 0.7
    assert [refused.edit.start for refused in suggestion.refused] == [4, 15]


def test_an_unchanged_suggestion_and_an_error_pass_as_they_are() -> None:
    for suggestion in (Suggestion("x", (), "test"), Suggestion("x", (), "test", error="no memory")):
        assert Gate().judge(Segment(1, "x"), suggestion) is suggestion


def test_a_text_that_its_edits_do_not_make_is_made_by_them() -> None:
    suggestion = Suggestion("something else", (Edit(0, 3, "the"),), "test")
    assert Gate().judge(Segment(1, "teh cat"), suggestion).text == "the cat"


def numbers(text: str) -> list[int]:
    return sorted(int(digits) for digits in re.findall(r"\d+", text))


WORDS = st.sampled_from(
    [
        "cat",
        "dogs",
        "the",
        "of",
        "5",
        "17",
        "98",
        "not",
        "never",
        "{x}",
        "<b>",
        "(",
        ")",
        '"',
        "Anna",
        "Bob",
        ",",
        ".",
    ]
)
TEXTS = st.lists(WORDS, min_size=1, max_size=14).map(" ".join)


@st.composite
def edited(draw: st.DrawFn) -> tuple[str, tuple[Edit, ...]]:
    """A text and any valid edits on it, word boundaries or not."""
    mt = draw(TEXTS)
    cuts = sorted(draw(st.lists(st.integers(0, len(mt)), max_size=10)))
    spans = zip(cuts[::2], cuts[1::2], strict=False)
    replacements = st.one_of(TEXTS, st.just(""), st.sampled_from(["1", "0", " ", "x", " not "]))
    return mt, tuple(Edit(start, end, draw(replacements)) for start, end in spans)


@given(edited())
def test_whatever_comes_in_what_comes_out_breaks_no_rule(case: tuple[str, tuple[Edit, ...]]) -> None:
    mt, edits = case
    result = Gate().judge(Segment(1, mt), suggestion_from_edits(mt, edits, "test"))
    assert result.text == apply_edits(mt, result.edits)
    kept, refused = Counter(result.edits), Counter(item.edit for item in result.refused)
    assert not (kept + refused) - Counter(edits)
    again = Gate().judge(Segment(1, mt), suggestion_from_edits(mt, result.edits, "test"))
    assert again.edits == result.edits
    # By other means than the gate's own, which a vocabulary without number words allows.
    assert numbers(mt) == numbers(result.text)
    assert mt.count("{x}") == result.text.count("{x}")
    assert mt.count("<b>") == result.text.count("<b>")
    negations = re.compile(r"\b(no|not|never)\b(?:\s+\1\b)*")  # "not not" is a slip
    assert len(negations.findall(mt)) == len(negations.findall(result.text))


@given(st.lists(st.sampled_from(["red", "5", "cats", "17", "saw", "Anna", "1990", "in"]), max_size=6), st.data())
def test_a_mere_reordering_passes_and_half_of_it_never_loses_a_number(words: list[str], data: st.DataObject) -> None:
    mt, rewrite = " ".join(["x", *words, "."]), " ".join(["x", *data.draw(st.permutations(words)), "."])
    edits = word_diff(mt, rewrite)
    result = Gate().judge(Segment(1, mt), suggestion_from_edits(mt, edits, "test"))
    assert not any(rule_of(item.reason) in ("number", "name", "negation", "placeholder") for item in result.refused)
    half = [edit for edit in edits if data.draw(st.booleans())]
    result = Gate().judge(Segment(1, mt), suggestion_from_edits(mt, half, "test"))
    assert numbers(mt) == numbers(result.text)


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_at_all_is_judged(mt: str, rewrite: str) -> None:
    result = judged(mt, rewrite)
    assert result.text == apply_edits(mt, result.edits)
    assert all(item.reason.isprintable() for item in result.refused)


HOSTILE = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [
            "Sure! Here is the text: ", "Rewrite the following ", "<|im_end|>", "```", " Note: corrected.",
            "the the the the ", "Anna ", "2021-13-45 ", "25:99 ", "$5m ", "½ ", "²", "XIV ", "mid-May ", "हनुमान ",
            "房子", "дом ", "\u0301", "\ud800", "nicht ", "n't ", "1.2.3.4 ", "%s", "{", "}}", "<b", "(", "'", "“",
            "\x00", "\u2028", " not only ", "-5 ", "--x ", "der die das und ist nicht ", "5万", "𝟝 ", "٣٫٥ ", "@",
            "#a",
        ]
    ),
)  # fmt: skip
HOSTILE_TEXTS = st.lists(HOSTILE, max_size=6).map("".join)


@st.composite
def hostile(draw: st.DrawFn) -> tuple[Segment, Suggestion]:
    """Any texts and any valid edits, the ones that change nothing included."""
    mt = draw(HOSTILE_TEXTS)
    cuts = sorted(draw(st.lists(st.integers(0, len(mt)), max_size=12)))
    spans = list(zip(cuts[::2], cuts[1::2], strict=False))
    edits = [Edit(start, end, draw(st.one_of(HOSTILE_TEXTS, st.just(mt[start:end])))) for start, end in spans]
    source = draw(st.one_of(st.none(), HOSTILE_TEXTS, st.just(mt)))
    before = tuple(Neighbour(text, text) for text in draw(st.lists(HOSTILE_TEXTS, max_size=2)))
    return Segment(1, mt, source, before=before), suggestion_from_edits(mt, edits, "test")


@given(hostile(), st.sets(st.sampled_from(RULE_NAMES)))
def test_any_text_and_any_edits_are_judged_and_no_hunk_is_lost(case: tuple[Segment, Suggestion], off: set[str]) -> None:
    segment, suggestion = case
    gate = Gate(off=off)
    result = gate.judge(segment, suggestion)
    assert result.text == apply_edits(segment.mt, result.edits)
    assert Counter(result.edits) + Counter(item.edit for item in result.refused) == Counter(suggestion.edits)
    assert all(item.reason.isprintable() and rule_of(item.reason) in RULE_NAMES for item in result.refused)
    assert off.isdisjoint(rule_of(item.reason) for item in result.refused)
    assert gate.judge(segment, result) == result
    assert gate.judge(segment, suggestion) == result


@given(HOSTILE_TEXTS, st.one_of(st.none(), HOSTILE_TEXTS))
def test_an_untouched_text_passes(mt: str, source: str | None) -> None:
    for edits in ((), (Edit(0, len(mt), mt),)):
        suggestion = suggestion_from_edits(mt, edits, "test")
        assert Gate().judge(Segment(1, mt, source), suggestion) is suggestion


def test_a_rule_that_is_switched_off_lets_its_faults_through() -> None:
    for rule, mt, rewrite in FAULTS:
        suggestion = suggestion_from_edits(mt, word_diff(mt, rewrite), "test")
        result = Gate(off={rule}).judge(Segment(1, mt), suggestion)
        assert rule not in {rule_of(refused.reason) for refused in result.refused}
    everything = Gate(off=RULE_NAMES)
    suggestion = suggestion_from_edits("He has 5 cats.", [Edit(7, 8, "6")], "test")
    assert everything.judge(Segment(1, "He has 5 cats."), suggestion).text == "He has 6 cats."


def test_rules_are_known_by_name_and_unknown_ones_are_refused_with_the_nearest() -> None:
    assert known_rules(["number", "control-character", " Name "]) == {"number", "control character", "name"}
    with pytest.raises(UsageError, match="no rule 'numbr'") as caught:
        Gate(off=["numbr"])
    assert caught.value.hint == "Did you mean 'number'?"
    with pytest.raises(UsageError) as caught:
        known_rules(["xyzzy"])
    assert all(name in caught.value.hint for name in RULE_NAMES)


@given(st.one_of(st.text(max_size=60), HOSTILE_TEXTS))
def test_words_are_those_of_the_diff_without_blanks(text: str) -> None:
    assert list(words_of(text)) == [word for word in split_words(text) if not word.is_space]
    assert list(words_of(f"{'x' * 50}{text}")) == [w for w in split_words(f"{'x' * 50}{text}") if not w.is_space]
