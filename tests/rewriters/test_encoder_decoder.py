"""Encoder-decoder models from a folder: what they change, what they leave alone, what is refused."""

import json
import logging
import shutil
from pathlib import Path

import pytest
import torch

from posteditor.core.segment import Segment
from posteditor.core.suggestion import Suggestion, apply_edits
from posteditor.errors import ModelError
from posteditor.rewriters.protocol import Rewriter
from posteditor.rewriters.specs import family_of, load_rewriter
from tests.rewriters.copying_model import write_copying_model


@pytest.fixture(scope="module")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_copying_model(tmp_path_factory.mktemp("t5"))


@pytest.fixture(scope="module")
def rewriter(shared_folder: Path) -> Rewriter:
    return load_rewriter(str(shared_folder))


@pytest.fixture
def folder(shared_folder: Path, tmp_path: Path) -> Path:
    return shutil.copytree(shared_folder, tmp_path / "model")


def answers(rewriter: Rewriter, texts: list[str]) -> list[Suggestion]:
    return list(rewriter.rewrite([Segment(number, text) for number, text in enumerate(texts, start=1)]))


def test_misspelt_words_are_put_right_as_hunks(rewriter: Rewriter, shared_folder: Path) -> None:
    assert family_of(shared_folder) == "encoder-decoder"
    mt = "teh cat was in teh house ."
    suggestion = answers(rewriter, [mt])[0]
    assert suggestion.text == "the cat was in the house ."
    assert [(edit.start, edit.end, edit.replacement) for edit in suggestion.edits] == [(0, 3, "the"), (15, 18, "the")]
    assert all(0 < edit.confidence < 1 for edit in suggestion.edits)
    assert suggestion.rewriter == str(shared_folder)
    assert suggestion.seconds > 0


@pytest.mark.parametrize(
    "mt",
    [
        "",
        "   ",
        "...",
        "the cat was here .",
        "  the  cat was\tin the house.\n",
        "the 😀 cat (in the house)",
        "zzz qqq the\ncat",
    ],
)
def test_what_needs_no_change_or_can_not_be_written_stays_as_it_is(rewriter: Rewriter, mt: str) -> None:
    suggestion = answers(rewriter, [mt])[0]
    assert suggestion.text == mt
    assert not suggestion.edits
    assert not suggestion.error


def test_white_space_and_unknown_words_around_a_change_stay(rewriter: Rewriter) -> None:
    suggestion = answers(rewriter, ["  we  recieve\tletters from teh dog 😀 .\n"])[0]
    assert suggestion.text == "  we  receive\tletters from the dog 😀 .\n"


def test_order_and_answers_do_not_depend_on_the_batch(rewriter: Rewriter) -> None:
    starts = ["", "the cat and", "we receive letters from", "they over all day of", "a house is"]
    texts = [f"{starts[number % 5]} teh dog .".strip() for number in range(30)]
    together = answers(rewriter, texts)
    assert [each.text for each in together] == [text.replace("teh", "the") for text in texts]
    for text, suggestion in zip(texts[:6], together, strict=False):
        alone = answers(rewriter, [text])[0]
        assert (alone.text, alone.edits) == (suggestion.text, suggestion.edits)
        assert apply_edits(text, suggestion.edits) == suggestion.text


def test_it_stops_when_told(rewriter: Rewriter) -> None:
    asked = iter([False] * 3 + [True] * 100)
    segments = [Segment(number, "teh cat") for number in range(40)]
    assert len(list(rewriter.rewrite(segments, should_stop=lambda: next(asked)))) < 40


def test_a_document_is_passed_over_with_a_reason(rewriter: Rewriter) -> None:
    suggestion = answers(rewriter, ["teh cat " * 2500])[0]
    assert "5000 words" in suggestion.error
    assert not suggestion.edits


def test_an_answer_without_an_end_is_no_suggestion(folder: Path) -> None:
    from transformers import AutoConfig, T5ForConditionalGeneration

    torch.manual_seed(3)
    model = T5ForConditionalGeneration(AutoConfig.from_pretrained(folder))
    model.generation_config.suppress_tokens = [1]
    model.save_pretrained(folder)
    suggestion = answers(load_rewriter(str(folder)), ["the cat"])[0]
    assert suggestion.error.startswith("truncated")
    assert suggestion.text == "the cat"


def test_edits_must_be_certain_enough(folder: Path) -> None:
    (folder / "posteditor.json").write_text(json.dumps({"generation": {"show": 0.0, "apply": 1.0}}))
    assert answers(load_rewriter(str(folder), threshold="show"), ["teh cat"])[0].edits
    assert not answers(load_rewriter(str(folder), threshold="apply"), ["teh cat"])[0].edits


def test_the_prompt_can_be_replaced(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = tmp_path / "models.toml"
    table.write_text('[[models]]\npattern = "model"\nprompt = "{source}"\n')
    monkeypatch.setenv("POSTEDITOR_MODELS", str(table))
    rewriter = load_rewriter(str(folder))
    segments = [Segment(1, "the dog", source="teh cat"), Segment(2, "the dog")]
    first, second = rewriter.rewrite(segments)
    assert first.text == "the cat"
    assert "needs the source" in second.error


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("[[models]]\npattern = ''\nprompts = 'x'\n", "nobody knows the setting 'prompts'"),
        ("[[models]]\npattern = ''\nprompt = '{text}'\n", "no other field"),
        ("[[models]]\npattern = ''\nlanguages = 'iso'\n", "languages = 'iso'"),
        ("[[models]]\npattern = ''\napply = 7\n", "between 0 and 1"),
        ("[[models\n", "can't be read"),
    ],
)
def test_a_table_with_a_fault_is_refused(
    shared_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, table: str, message: str
) -> None:
    path = tmp_path / "models.toml"
    path.write_text(table)
    monkeypatch.setenv("POSTEDITOR_MODELS", str(path))
    with pytest.raises(ModelError, match=message):
        load_rewriter(str(shared_folder))


def test_a_beam_is_said_not_to_apply(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = folder / "generation_config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "num_beams": 4}))
    with caplog.at_level(logging.WARNING):
        rewriter = load_rewriter(str(folder))
    assert "beam of 4: it does not apply" in caplog.text
    assert answers(rewriter, ["teh cat"])[0].text == "the cat"


def test_broken_folders_are_refused_by_name(folder: Path) -> None:
    weights = folder / "model.safetensors"
    whole = weights.read_bytes()
    weights.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ModelError, match=r"model\.safetensors: is cut off or broken"):
        load_rewriter(str(folder))
    weights.unlink()
    with pytest.raises(ModelError, match="there is no such file"):
        load_rewriter(str(folder))
    (folder / "pytorch_model.bin").write_bytes(b"cos\nsystem\n(S'false'\ntR.")
    with pytest.raises(ModelError, match="pickled"):
        load_rewriter(str(folder))
    weights.write_bytes(whole)
    (folder / "tokenizer.json").write_text("{")
    with pytest.raises(ModelError, match="tokenizer"):
        load_rewriter(str(folder))


def test_code_of_a_model_is_never_run(folder: Path) -> None:
    config = json.loads((folder / "config.json").read_text())
    config["auto_map"] = {"AutoModelForSeq2SeqLM": "code.Model"}
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "code.py").write_text("raise SystemExit('it ran')")
    with pytest.raises(ModelError, match="never run"):
        load_rewriter(str(folder))


def test_a_missing_shard_is_named(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "model-00001-of-00002.safetensors")
    shards = {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}
    (folder / "model.safetensors.index.json").write_text(json.dumps({"weight_map": shards}))
    with pytest.raises(ModelError, match=r"model-00002-of-00002\.safetensors: can't be read"):
        load_rewriter(str(folder))


def test_eight_bit_weights_correct_too(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTEDITOR_INT8", "1")
    assert answers(load_rewriter(str(folder)), ["teh cat was in teh house ."])[0].text == "the cat was in the house ."
