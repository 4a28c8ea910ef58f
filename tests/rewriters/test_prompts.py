"""What a model is asked for a segment: the shipped template, a person's own, and texts that try to be instructions."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posteditor.core.segment import Neighbour, Segment
from posteditor.errors import CorpusError, ModelError
from posteditor.rewriters.prompts import PROMPT_VARIABLE, Example, Prompt, answer_text


@pytest.fixture(autouse=True)
def no_template_of_my_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(PROMPT_VARIABLE, raising=False)


def user(prompt: Prompt, segment: Segment, *examples: Example) -> str:
    return prompt.messages(segment, examples)[-1]["content"]


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_a_bare_segment_is_asked_for_with_nothing_around_it() -> None:
    system, asked = Prompt.load(None, None, None).messages(Segment(1, "It rain."))
    assert system["role"] == "system"
    assert "None" not in system["content"]
    assert asked == {
        "role": "user",
        "content": "The translation to rewrite:\n<translation>It rain.</translation>",
    }


def test_all_that_helps_stands_in_the_messages(tmp_path: Path) -> None:
    glossary = write(tmp_path / "terms.tsv", "Regen\train\nSchnee\tsnow\n")
    prompt = Prompt.load(glossary, "de", "en-GB")
    segment = Segment(
        5,
        "It rain.",
        source="Es kommt Regen.",
        target="never shown",
        references=("never shown",),
        before=(Neighbour("Look out."), Neighbour("And now?", "Und jetzt?")),
        after=(Neighbour("Take this."),),
    )
    system, asked = prompt.messages(segment, [Example("It snow.", "It snows.", "Es schneit."), Example("a", "b")])
    assert "from German (de) into English (en-GB)" in system["content"]
    assert asked["content"] == (
        "Corrections that were made before:\n"
        "<source>Es schneit.</source>\n<translation>It snow.</translation>\n<corrected>It snows.</corrected>\n"
        "<translation>a</translation>\n<corrected>b</corrected>\n\n"
        "Terms to use:\n- Regen = rain\n\n"
        "What comes before, for context only:\n<before>Look out.</before>\n<before>And now?</before>\n\n"
        "What comes after, for context only:\n<after>Take this.</after>\n\n"
        "The source text:\n<source>Es kommt Regen.</source>\n\n"
        "The translation to rewrite:\n<translation>It rain.</translation>"
    )


def test_without_a_source_the_mt_says_which_terms_are_needed(tmp_path: Path) -> None:
    glossary = write(tmp_path / "terms.tsv", "rain\tRain\nRegen\train\n")
    prompt = Prompt.load(glossary, None, None)
    assert "- rain = Rain\n" in user(prompt, Segment(1, "The rain."))
    assert "Terms" not in user(prompt, Segment(1, "The rain.", source="Der Schnee"))
    assert "- Regen = rain\n" in user(prompt, Segment(1, "The rain.", source="Der Regen"))


def test_an_empty_source_is_not_the_same_as_none() -> None:
    prompt = Prompt.load(None, None, None)
    assert "<source></source>" in user(prompt, Segment(1, "a", source=""))
    assert "source" not in user(prompt, Segment(1, "a"))


def test_long_neighbours_are_cut_on_the_far_side() -> None:
    asked = user(
        Prompt.load(None, None, None),
        Segment(1, "mt", before=(Neighbour("far " + "x" * 5000 + " near"),), after=(Neighbour("near " + "y" * 5000),)),
    )
    assert "<before>… x" in asked
    assert "x near</before>" in asked
    assert "<after>near y" in asked
    assert len(asked) < 2000


@pytest.mark.parametrize(
    ("mt", "number"),
    [
        ("a </translation> b", "2"),
        ("<Translation>", "2"),
        ("</translation></translation2 ></corrected3>", "4"),
        ("</translation2>", ""),
        ("<b>bold</b>", ""),
    ],
)
def test_our_tags_differ_from_those_in_the_texts(mt: str, number: str) -> None:
    prompt = Prompt.load(None, None, None)
    for segment in (Segment(1, mt), Segment(1, "x", source=mt), Segment(1, "x", before=(Neighbour(mt),))):
        system, asked = (message["content"] for message in prompt.messages(segment))
        assert f"<translation{number}> tags" in system
        assert asked.count(f"</translation{number}>") == 1
        assert asked.endswith(f"{segment.mt}</translation{number}>")


@pytest.mark.parametrize(
    "mark", ["<|im_end|>", "<|start_header_id|>", "</s>", "[/INST]", "<end_of_turn>", "<｜User｜>", "<think>", "<eos>"]
)
def test_marks_of_chat_templates_are_broken_up_and_put_back(mark: str) -> None:
    segment = Segment(1, f"One {mark} two.", before=(Neighbour(mark),))
    asked = user(Prompt.load(None, None, None), segment)
    assert mark not in asked
    assert f"One {mark[0]} {mark[1:]} two." in asked
    assert answer_text(f"1 {mark[0]} {mark[1:]} 2.", segment) == f"1 {mark} 2."


@given(st.text(), st.text(), st.text())
def test_no_control_character_reaches_the_model_and_the_messages_stay_the_same(a: str, b: str, c: str) -> None:
    segment = Segment(1, a, source=b, before=(Neighbour(c, a),))
    prompt = Prompt.load(None, "x\x1b[31m", "y\x00")
    messages = prompt.messages(segment, [Example(b, c)])
    for message in messages:
        message["content"].encode("utf-8")
        assert not set(message["content"]) & {chr(code) for code in (*range(9), *range(11, 32), *range(127, 160))}
    assert prompt.messages(segment, [Example(b, c)]) == messages


def test_control_characters_and_surrogates_are_replaced() -> None:
    asked = user(Prompt.load(None, None, None), Segment(1, "a\x1b[31mb\x00c\ud800d\te"))
    assert "a [31mb c\ufffdd\te" in asked


def test_the_environment_names_another_template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = write(
        tmp_path / "own.jinja", "{% block user %}Fix: {{ mt }} {% if terms %}{{ terms }}{% endif %}{% endblock %}"
    )
    monkeypatch.setenv(PROMPT_VARIABLE, str(own))
    prompt = Prompt.load(None, None, None)
    assert prompt.messages(Segment(1, "It rain.")) == [{"role": "user", "content": "Fix: It rain."}]
    monkeypatch.delenv(PROMPT_VARIABLE)
    assert Prompt.load(None, None, None, own).fingerprint == prompt.fingerprint
    assert Prompt.load(None, None, None).fingerprint != prompt.fingerprint


@pytest.mark.parametrize(
    ("template", "complaint"),
    [
        ("{{ mt }}", "no block user"),
        ("{% block user %}fixed words{% endblock %}", "does not show the mt"),
        ("{% block user %}{{ mt }}\n{% if %}{% endblock %}", "line 2"),
        ("{% block user %}{{ mt }}{{ sauce }}{% endblock %}", "'sauce' is undefined"),
        ("{% block user %}{{ mt }}{% if terms %}{{ tirms }}{% endif %}{% endblock %}", "'tirms' is undefined"),
        ("{% block user %}{{ mt }}{{ mt / 2 }}{% endblock %}", "the block user fails"),
        ("{% block user %}{{ mt }}{% include '/etc/passwd' %}{% endblock %}", "the block user fails"),
        ("{% block user %}{{ mt }}{{ mt.__class__.__mro__ }}{% endblock %}", "unsafe|fails"),
        ("{% block user %}{{ mt }}{{ range(10**9) | list }}{% endblock %}", "fails"),
    ],
)
def test_a_template_that_can_make_no_message_is_refused_at_once(tmp_path: Path, template: str, complaint: str) -> None:
    own = write(tmp_path / "own.jinja", template)
    with pytest.raises(ModelError, match=complaint) as caught:
        Prompt.load(None, None, None, own)
    assert str(own) in caught.value.message
    assert PROMPT_VARIABLE in caught.value.hint


def test_what_is_no_template_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bytes").write_bytes(b"\xff\xfe")
    with pytest.raises(ModelError, match="is not UTF-8"):
        Prompt.load(None, None, None, tmp_path / "bytes")
    with pytest.raises(ModelError, match="can't be read"):
        Prompt.load(None, None, None, tmp_path / "none")
    with pytest.raises(CorpusError):
        Prompt.load(tmp_path / "none", None, None)


def test_the_fingerprint_follows_languages_and_glossary(tmp_path: Path) -> None:
    glossary = write(tmp_path / "terms.tsv", "a\tb\n")
    prints = {
        Prompt.load(None, None, None).fingerprint,
        Prompt.load(None, "de", None).fingerprint,
        Prompt.load(None, None, "de").fingerprint,
        Prompt.load(glossary, None, None).fingerprint,
    }
    assert len(prints) == 4
