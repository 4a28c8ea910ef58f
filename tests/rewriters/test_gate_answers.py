"""Faults of a whole answer: chatter, copied prompts, other languages, loops, cut ends. All hunks go with one reason."""

import pytest

from posteditor.core.segment import Neighbour
from posteditor.rewriters.gate import rule_of
from posteditor.rewriters.gate_languages import language_of
from tests.rewriters.judging import assert_passes, assert_refused, judged

MT = "The session have lasted almost six hours, and nobody were allowed to leave the hall."
GOOD = "The session lasted almost six hours, and nobody was allowed to leave the hall."
SOURCE = "Istung kestis ligi kuus tundi ja kedagi ei lubatud saalist välja, kuni kõik olid hääletanud."
GERMAN = "Die Sitzung hat fast sechs Stunden gedauert, und niemand durfte den Saal verlassen."

CHATTER = [
    "Here is the rewritten sentence: {}",
    "Here's the corrected version:\n\n{}",
    "Sure! Here is a more fluent translation:\n{}",
    "Sure, {}",
    "Certainly! {}",
    "Corrected: {}",
    "The corrected sentence is: {}",
    "My suggestion: {}",
    "Hier ist der überarbeitete Satz: {}",
    "以下是修改后的句子：{}",
    "{} Note: I changed the tense.",
    "{}\n\nExplanation: the verb did not agree.",
    "{} (I corrected the verb.)",
    "{} I hope this helps!",
    "```\n{}\n```",
    "**{}**",
    "# {}",
]
PROMPTS = [
    "Rewrite the following sentence: {}",
    "Fix grammatical errors in this sentence: {}",
    "Make this text coherent: {}",
    "<|im_start|>assistant\n{}",
    "{}<|im_end|>",
    "{}</s>",
    "[INST] {} [/INST]",
    "### Response: {}",
    "Machine translation: {}",
    "<translation>{}</translation>",
    f"{SOURCE} {{}}",
]


@pytest.mark.parametrize("form", CHATTER)
def test_chatter_withdraws_the_whole_answer(form: str) -> None:
    assert_refused("chatter", MT, form.format(GOOD))


@pytest.mark.parametrize("form", PROMPTS)
def test_a_copied_prompt_withdraws_the_whole_answer(form: str) -> None:
    assert_refused("prompt", MT, form.format(GOOD), SOURCE)


@pytest.mark.parametrize(
    ("mt", "rewrite", "source"),
    [
        ("Sure! He go home now.", "Sure! He goes home now.", None),
        ("Indication: he go home now.", "Note: he goes home now.", None),
        ("Here is the rewritten sentence: he go.", "Here is the rewritten sentence: he goes.", None),
        ("He go home after it.", "Remark: he went home after it.", "Märkus: ta läks pärast seda koju."),
        ("Use **bold** for this ones.", "Use **bold** for these ones.", None),
        ("Rewrite the sentence with care and leaves it.", "Rewrite the sentence with care and leave it.", None),
        ("He has went home.", "He went home. He was tired.", "Ta läks koju. Ta oli väsinud."),
    ],
)
def test_what_the_mt_or_the_source_has_too_is_no_chatter(mt: str, rewrite: str, source: str | None) -> None:
    assert_passes(mt, rewrite, source)


def test_a_neighbour_copied_into_the_answer_is_refused_and_one_that_is_the_answer_is_not() -> None:
    other = Neighbour("Members of the council went on talking until the early morning.")
    suggestion = judged(MT, f"{other.text} {GOOD}", before=(other,))
    assert (suggestion.text, suggestion.refusal) == (MT, "prompt: a neighbouring segment")
    mt = "Press button for to open the doors of the hall."
    right = "Press the button to open the doors of the hall."
    assert judged(mt, right, before=(Neighbour(right),)).text == right


def test_an_answer_in_another_language_is_refused() -> None:
    assert_refused("language", MT, GERMAN)
    assert_refused("language", GERMAN, GOOD)
    assert_refused("prompt", MT, SOURCE, SOURCE)
    half = "The session lasted almost six hours ja kedagi ei lubatud saalist välja, kuni kõik olid hääletanud."
    assert_refused("language", MT, half, SOURCE)
    assert_refused("language", MT, "Заседание продолжалось почти шесть часов, и никому не разрешили выйти.")
    assert_refused("language", "会議は六時間続きました。", "会议持续了六个小时。")


def test_a_word_in_another_script_goes_alone() -> None:
    suggestion = judged(f"Teh dog barks. {MT}", f"The dog barks. {MT.replace('hall', '大厅')}")
    assert suggestion.text == f"The dog barks. {MT}"
    assert suggestion.refusal == "language: Han letters added"


def test_a_translation_of_what_was_left_untranslated_passes() -> None:
    mt = "Die Sitzung hat lange gedauert und wurde nicht vor dem Morgen beendet."
    assert_passes(mt, "The session lasted long and was not over before the morning.", mt)
    assert judged(mt, "The session lasted long and was not over before the morning.").text == mt


def test_a_short_text_says_nothing_about_its_language() -> None:
    assert_passes("Canteen closed", "The canteen is closed")
    assert_passes("la dolce vita", "dolce vita")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (GOOD, "en"),
        (GERMAN, "de"),
        (SOURCE, "et"),
        ("Le rapport n'a pas été publié par les autorités et la cause est inconnue.", "fr"),
        ("El informe no fue publicado por las autoridades y la causa no se conoce.", "es"),
        ("Raportul nu a fost publicat de autorități și cauza nu este cunoscută.", "ro"),
        ("Xylophon Quartz", ""),
        ("", ""),
    ],
)
def test_the_language_of_a_text(text: str, language: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize(
    "rewrite",
    [
        GOOD.replace("hall", "hall hall hall hall hall"),
        GOOD.replace("almost six", "almost almost almost almost six"),
        GOOD + " nobody was allowed to leave the hall." * 3,
        f"{GOOD} {GOOD}",
    ],
)
def test_a_loop_is_refused(rewrite: str) -> None:
    assert_refused("repetition", MT, rewrite)


@pytest.mark.parametrize(
    ("mt", "rewrite"),
    [
        ("It is very, very, very far of here.", "It is very, very, very far from here."),
        ("no no no no, he say", "no no no no, he says"),
        ("the yogi, the yogi, the yogi, the yogi are old", "the yogi, the yogi, the yogi, the yogi is old"),
        ("He said that he go.", "He said that that was so."),
    ],
)
def test_what_the_mt_repeats_may_stay(mt: str, rewrite: str) -> None:
    assert_passes(mt, rewrite)


@pytest.mark.parametrize(
    "rewrite",
    [
        "The session lasted almost six hours, and",
        "The session lasted almost six hours",
        "The session lasted almost six hours.",
    ],
)
def test_an_answer_that_stops_too_early_is_refused(rewrite: str) -> None:
    assert_refused("truncation", MT, rewrite)


@pytest.mark.parametrize(
    ("mt", "rewrite"),
    [
        ("There were only two of them, as it was said.", "As it was said, there were only two of them."),
        ("He left the house in the morning hours of day.", "He left the house in the morning."),
        ("Drive to the east from Horai Ramp (in the old town).", "Drive east from Horai Ramp."),
        ("Press the button, please to press it now.", "Please press the button now."),
    ],
)
def test_a_moved_end_and_a_shorter_one_pass(mt: str, rewrite: str) -> None:
    assert_passes(mt, rewrite)


def test_bounds() -> None:
    assert_refused("bounds", MT, "What he wants is to go home with his brother before it rains in the valley.")
    assert_refused("bounds", MT, "")
    assert_refused("bounds", "", "Some text.")
    assert_refused("bounds", "He left.", "He left because it was late and he had to work in the morning after.")
    assert_passes("hy wrold", "hello world")


def test_a_whole_fault_comes_before_all_others() -> None:
    suggestion = judged(MT, f"Sure! Here is the rewritten sentence:\n\n{GOOD.replace('six', 'seven')}")
    assert suggestion.text == MT
    assert {rule_of(refused.reason) for refused in suggestion.refused} == {"chatter"}
    assert len({refused.reason for refused in suggestion.refused}) == 1
