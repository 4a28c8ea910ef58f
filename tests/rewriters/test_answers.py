"""From a model's answer to the bare rewrite: what is taken off, and what is left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posteditor.core.segment import Segment
from posteditor.rewriters.answers import answer_text

PLAIN = "It rain."


@pytest.mark.parametrize(
    "answer",
    [
        "It rains.",
        "  It rains.\n\n",
        "```\nIt rains.\n```",
        "```text\nIt rains.\n```\n",
        "<translation>It rains.</translation>",
        "<Translation2> It rains. </Translation2>",
        "It rains.</translation>",
        "<corrected>It rains.",
        "<text>It rains.</text>",
        '"It rains."',
        "“It rains.”",
        "«It rains.»",
        "<think>\nHm, rain.\n</think>\n\nIt rains.",
        "Hm, rain.\n</think>\nIt rains.",
        '```\n<translation>"It rains."</translation>\n```',
    ],
)
def test_what_models_wrap_around_the_rewrite_is_taken_off(answer: str) -> None:
    assert answer_text(answer, Segment(1, PLAIN)) == "It rains."


@pytest.mark.parametrize(
    ("mt", "answer"),
    [
        (PLAIN, "Here is the rewrite: It rains."),
        (PLAIN, '"It" and "rains"'),
        (PLAIN, "'It's raining.'"),
        (PLAIN, "<b>It</b> <b>rains</b>"),
        ('"It rain."', '"It rains."'),
        ("“It rain”, he said", "“It rains”"),
        ("<b>It rain</b>", "<b>It rains</b>"),
        ("```\nIt rain\n```", "```\nIt rains\n```"),
        ("The tag </translation> ends it", "It rains</translation>"),
        ("</think> ends it", "It </think> rains"),
    ],
)
def test_what_may_belong_to_the_text_stays(mt: str, answer: str) -> None:
    assert answer_text(answer, Segment(1, mt)) == answer


def test_the_white_space_around_the_mt_is_kept() -> None:
    assert answer_text("\nIt rains. ", Segment(1, "  \tIt rain.\n")) == "  \tIt rains.\n"
    assert answer_text("anything", Segment(1, " \n")) == " \n"
    assert answer_text("", Segment(1, " a ")) == "  "


@given(st.text(), st.text())
def test_no_answer_is_too_odd(answer: str, mt: str) -> None:
    text = answer_text(answer, Segment(1, mt))
    core = mt.strip()
    assert text.startswith(mt[: len(mt) - len(mt.lstrip())] if core else mt)
