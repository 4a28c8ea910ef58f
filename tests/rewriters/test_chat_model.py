"""Causal chat models from a folder."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from posteditor.core.segment import Neighbour, Segment
from posteditor.errors import ModelError
from posteditor.rewriters.chat_model import ChatModel
from posteditor.rewriters.model_loading import load_model, load_tokenizer
from posteditor.rewriters.prompts import Prompt
from posteditor.rewriters.protocol import Learner, MemoryPair
from posteditor.rewriters.specs import family_of, load_rewriter
from tests.rewriters.tiny_chat_model import PROMPT, write_chat_model


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_chat_model(tmp_path_factory.mktemp("chat"))


@pytest.fixture(autouse=True)
def short_prompt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    path = tmp_path / "prompt.jinja"
    path.write_text(PROMPT, encoding="utf-8")
    monkeypatch.setenv("POSTEDITOR_PROMPT", str(path))
    yield


def test_what_it_has_learnt_comes_as_hunks(folder: Path) -> None:
    assert family_of(folder) == "causal chat model"
    mts = ["teh cat was here .", "a dog is in the house .", "we recieve letters from all .", "..."]
    rewriter = load_rewriter(str(folder))
    found = list(rewriter.rewrite([Segment(number, mt) for number, mt in enumerate(mts, start=1)]))
    assert [each.text for each in found] == [
        "the cat was here .",
        "a dog is in the house .",
        "we receive letters from all .",
        "...",
    ]
    assert [(edit.start, edit.end, edit.replacement) for edit in found[0].edits] == [(0, 3, "the")]
    assert 0.5 < found[0].confidence < 1
    assert [each.text for each in rewriter.rewrite([Segment(1, mts[2])])] == ["we receive letters from all ."]


def test_quotes_around_the_answer_are_no_edit(folder: Path) -> None:
    suggestion = next(load_rewriter(str(folder)).rewrite([Segment(1, "  they was here every day .")]))
    assert suggestion.text == "  they were here every day ."
    assert [edit.replacement for edit in suggestion.edits] == ["were"]


def test_what_prompts_have_in_common_is_read_once(folder: Path) -> None:
    rewriter = load_rewriter(str(folder))
    read: list[int] = []
    model = rewriter._family.model  # type: ignore[attr-defined]
    model.register_forward_pre_hook(lambda _, __, given: read.append(given["input_ids"].shape[1]), with_kwargs=True)
    mt = "teh cat was here ."
    first, second = (next(rewriter.rewrite([Segment(1, mt)])) for _ in range(2))
    whole = len(rewriter._family.task(Segment(1, mt)).input_ids)  # type: ignore[attr-defined]
    assert read[0] > whole
    assert sum(read) < 2 * whole + 20
    assert first.text == second.text == "the cat was here ."


def test_source_neighbours_and_glossary_are_in_the_prompt(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("POSTEDITOR_PROMPT")
    glossary = tmp_path / "terms.tsv"
    glossary.write_text("casa\thouse\nperro\tdog\n", encoding="utf-8")
    tokenizer = load_tokenizer(folder)
    asked: list[str] = []
    plain = tokenizer.apply_chat_template

    def listening(messages: list[dict[str, str]], **more: Any) -> Any:
        asked.append(str(messages))
        return plain(messages, **more)

    monkeypatch.setattr(tokenizer, "apply_chat_template", listening)
    prompt = Prompt.load(glossary, "es", "en")
    family = ChatModel(load_model(folder, "AutoModelForCausalLM", threads=None), tokenizer, prompt)
    family.task(
        Segment(
            1, "a house", source="una casa", before=(Neighbour("it was old", "era viejo"),), after=(Neighbour("end"),)
        )
    )
    for needed in ("una casa", "casa = house", "it was old", "end", "Spanish", "English"):
        assert needed in asked[0]
    assert "perro" not in asked[0]


def test_past_corrections_are_shown_as_examples(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("POSTEDITOR_PROMPT")  # the shipped template shows them
    rewriter = load_rewriter(str(folder))
    assert isinstance(rewriter, Learner)
    before, segment = rewriter.revision, Segment(7, "teh cat was here .")
    family = rewriter._family  # type: ignore[attr-defined]
    without = len(family.task(segment).input_ids)
    rewriter.learn([MemoryPair("teh cat was in .", "the cat was in ."), MemoryPair(segment.mt, "no", position=7)])
    assert rewriter.revision != before
    assert len(family.task(segment).input_ids) > without
    assert [each.post_edit for each in family.corrections.examples_for(segment)] == ["the cat was in ."]


def test_a_model_that_nobody_knows_how_to_ask_is_refused(folder: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(folder, tmp_path / "model")
    (copy / "chat_template.jinja").unlink(missing_ok=True)
    path = copy / "tokenizer_config.json"
    config = json.loads(path.read_text())
    config.pop("chat_template", None)
    path.write_text(json.dumps(config))
    with pytest.raises(ModelError, match="no chat template"):
        load_rewriter(str(copy))
