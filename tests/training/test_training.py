"""The training loop, thresholds and card, on made-up pairs with a tiny encoder."""

import json
import math
import random
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from posteditor.core.segment import Segment
from posteditor.core.suggestion import Edit
from posteditor.errors import ModelError, UsageError
from posteditor.rewriters.edit_confidence import Calibration, Features, features_of
from posteditor.rewriters.tag_encoder import WordEncoder
from posteditor.rewriters.tagger import load_tagger
from posteditor.training.__main__ import main
from posteditor.training.calibration import Trial, fit, reliability
from posteditor.training.evaluation import Judge, Outcome, Proposal, choose_threshold, corpus_scores, halves
from posteditor.training.pairs import Pair, Source
from posteditor.training.rare_words import drop_rare_words
from posteditor.training.recipe import Recipe
from posteditor.training.running import run_recipe
from posteditor.training.tag_vocabulary import OTHER, TagVocabulary
from posteditor.training.tagged_data import (
    TaggedData,
    batch_plan,
    load_data,
    prepare,
    save_data,
    without_lossy_deletions,
)
from posteditor.training.tagger_model import new_model
from posteditor.training.tagger_training import train

_NOUNS = ["dog", "cat", "house", "walk", "run"]


def made_up_pairs(count: int) -> list[Pair]:
    """Sentences whose only fault is "of" for "in", which a few steps teach."""
    draw = random.Random(4)
    pairs = []
    for number in range(count):
        first, second = draw.choice(_NOUNS), draw.choice(_NOUNS)
        right = f"the {first} was in the big {second} {number % 7} ."
        pairs.append(Pair(right.replace(" in ", " of ") if number % 3 else right, right))
    return pairs


@pytest.fixture
def recipe(tiny_encoder: Path) -> Recipe:
    return Recipe(
        sources=(Source("pairs", "train.tsv", columns=("mt", "pe"), licence="CC0 1.0", attribution="us"),),
        dev=(Source("dev", "dev.tsv", columns=("mt", "pe"), licence="CC0 1.0", attribution="us", drop_overlap=True),),
        base_model=str(tiny_encoder),
        batch_pieces=300,
        longest=60,
        least_count=2,
        learning_rate=5e-3,
        head_learning_rate=2e-2,
        warmup_steps=2,
    )


@pytest.fixture
def prepared(tiny_encoder: Path) -> tuple[TaggedData, TagVocabulary]:
    return prepare(made_up_pairs(300), tiny_encoder / "tokenizer.json", 50, least=2, longest=60)


def weights(model: torch.nn.Module) -> dict[str, torch.Tensor]:
    return {name: value.clone() for name, value in model.state_dict().items()}


def test_training_learns_and_a_resumed_run_equals_an_unbroken_one(
    recipe: Recipe, prepared: tuple[TaggedData, TagVocabulary], tmp_path: Path
) -> None:
    losses: list[float] = []
    (tmp_path / "whole").mkdir()
    (tmp_path / "parts").mkdir()
    whole = train(recipe, *prepared, tmp_path / "whole", on_progress=lambda each: losses.append(each.loss))
    first = train(recipe, *prepared, tmp_path / "parts", stop_after=7)
    assert first.steps == 7
    asked = iter([False, True])
    assert train(recipe, *prepared, tmp_path / "parts", should_stop=lambda: next(asked)).steps == 9
    resumed = train(recipe, *prepared, tmp_path / "parts")
    assert resumed.steps == whole.steps == len(batch_plan(prepared[0], pieces=300, epochs=1.0, seed=1))
    assert resumed.texts == whole.texts == 300
    for name, value in weights(whole.model).items():
        assert torch.equal(value, resumed.model.state_dict()[name]), name
    assert whole.loss < 1.0 < np.log(len(prepared[1].labels))


def test_the_plan_covers_every_text_once_in_batches_that_fit(prepared: tuple[TaggedData, TagVocabulary]) -> None:
    data = prepared[0]
    plan = batch_plan(data, pieces=300, epochs=1.0, seed=3)
    assert sorted(np.concatenate(plan).tolist()) == list(range(len(data)))
    assert all(data.batch(members).ids.size <= 300 for members in plan)
    assert len(batch_plan(data, pieces=300, epochs=2.5, seed=3)) == pytest.approx(2.5 * len(plan), abs=3)
    assert [each.tolist() for each in plan] == [
        each.tolist() for each in batch_plan(data, pieces=300, epochs=1, seed=3)
    ]


def test_words_that_training_never_asked_for_lose_their_class(tiny_encoder: Path) -> None:
    pairs = [Pair("the dog was here .", "the cat was here .")] * 3
    pairs.append(Pair("the dog was here .", "the house was here ."))
    tokenizer = tiny_encoder / "tokenizer.json"
    data, vocabulary = prepare(pairs, tokenizer, 6, least=9, longest=60, open_words=True)
    own = vocabulary.labels[: -len(vocabulary.words)]
    model = new_model(
        tiny_encoder, vocabulary.labels, WordEncoder(tokenizer).piece_numbers(vocabulary.words), dropout=0
    )
    assert model.words is not None
    model.words.bias.data = torch.arange(len(model.words.bias)).float()
    states = torch.randn(2, model.classifier.in_features, generator=torch.Generator().manual_seed(1))
    before = dict(zip(model.labels, model.class_logits(states).T, strict=True))
    assert drop_rare_words(model, data.classes, 2) == len(vocabulary.words) - 1
    assert model.labels == (*own, "WORD:cat")
    for label, logits in zip(model.labels, model.class_logits(states).T, strict=True):
        torch.testing.assert_close(logits, before[label])
    assert drop_rare_words(model, np.full(3, len(own), dtype=np.int32), 4) == 1
    assert model.words is None
    assert len(model.class_logits(states).T) == len(model.labels) == len(own)


def test_prepared_data_survives_the_disk(prepared: tuple[TaggedData, TagVocabulary], tmp_path: Path) -> None:
    save_data(tmp_path / "data.npz", *prepared)
    data, vocabulary = load_data(tmp_path / "data.npz")
    assert vocabulary == prepared[1]
    assert np.array_equal(data.ids, prepared[0].ids)
    batch = data.batch(np.array([0, 5]))
    assert batch.ids.shape == batch.mask.shape
    assert len(batch.edited) == len(batch.classes) <= len(batch.places)


def write_tables(folder: Path) -> None:
    for name, pairs in (("train.tsv", made_up_pairs(300)), ("dev.tsv", dev_pairs())):
        rows = "".join(f"{pair.mt}\t{pair.target}\n" for pair in pairs)
        (folder / name).write_text("mt\tpe\n" + rows, encoding="utf-8")


def dev_pairs() -> list[Pair]:
    rights = [f"the {first} was in the {second} ." for first in _NOUNS for second in (*_NOUNS, "a")]
    return [Pair(right.replace(" in ", " of "), right) for right in rights] + made_up_pairs(2)


def test_a_whole_recipe_gives_a_model_that_corrects(recipe: Recipe, tmp_path: Path) -> None:
    write_tables(tmp_path)
    messages: list[str] = []
    recipe = replace(recipe, epochs=3.0)
    evaluation = run_recipe(recipe, tmp_path, tmp_path / "model", tmp_path / "work", on_message=messages.append)
    suggestion = next(load_tagger(tmp_path / "model").rewrite([Segment(1, "The cat was of the house .")]))
    assert suggestion.text == "The cat was in the house ."
    assert suggestion.edits[0].category == "preposition"
    report = evaluation.shown[0]
    assert report.outcome.better > 5 * max(1, report.outcome.worse)
    assert report.rewritten[2].value < report.nothing[2].value
    assert any("also in the training data" in message for message in messages)
    assert sum(report.outcome.segments for report in evaluation.shown) < 32, "two pairs are known from training"
    card = (tmp_path / "model" / "README.md").read_text(encoding="utf-8")
    assert card.startswith("---\nlicense: apache-2.0\n")
    for needed in ("| dev |", "signature".title(), "case:mixed", "SHA-256", "CC0 1.0", "Known limits", "seed 1"):
        assert needed in card, needed
    figures = json.loads((tmp_path / "model" / "evaluation.json").read_text())
    assert figures["texts"] == 900
    again = run_recipe(recipe, tmp_path, tmp_path / "again", tmp_path / "work")
    assert again.to_json() == evaluation.to_json()
    with pytest.raises(UsageError, match="another recipe"):
        run_recipe(replace(recipe, seed=2), tmp_path, tmp_path / "third", tmp_path / "work")


def test_training_can_go_on_from_a_model_of_ours(recipe: Recipe, tmp_path: Path) -> None:
    write_tables(tmp_path)
    text = "\n".join(
        [
            "batch_pieces = 300\nlongest = 60",
            "[[sources]]\nname = 'pairs'\nmt = 'train.tsv'\ncolumns = ['mt', 'pe']",
            "[[dev]]\nname = 'dev'\nmt = 'dev.tsv'\ncolumns = ['mt', 'pe']\ndrop_overlap = true",
        ]
    )
    first, second = tmp_path / "first.toml", tmp_path / "second.toml"
    first.write_text(f"base_model = {json.dumps(recipe.base_model)}\nleast_count = 2\n{text}")
    second.write_text(f"start_from = {json.dumps(str(tmp_path / 'first'))}\nepochs = 0.2\n{text}")
    for config in (first, second):
        assert main([str(config), "-o", str(config.with_suffix("")), "--data", str(tmp_path)]) == 0
    labels = [json.loads((tmp_path / name / "config.json").read_text())["id2label"] for name in ("first", "second")]
    assert labels[0] == labels[1]
    card = (tmp_path / "second" / "README.md").read_text()
    assert "1. 300 texts seen" in card
    assert "| pairs | training, stage −1 | 300 |" in card
    assert (tmp_path / "second" / "training.toml").read_text() == second.read_text()


def test_the_command_line_reports_faults(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = tmp_path / "recipe.toml"
    config.write_text(
        "base_model = 'no_such'\n[[sources]]\nname = 'x'\nmt = 'x.txt'\n[[dev]]\nname = 'x'\nmt = 'x'\ntarget = 'y'\n"
    )
    assert main([str(config), "-o", str(tmp_path / "out"), "--data", str(tmp_path)]) == 5
    assert "no base model 'no_such'" in capsys.readouterr().err


def test_a_base_model_of_another_kind_is_refused(
    recipe: Recipe, prepared: tuple[TaggedData, TagVocabulary], tiny_encoder: Path, tmp_path: Path
) -> None:
    shutil.copyfile(tiny_encoder / "tokenizer.json", tmp_path / "tokenizer.json")
    (tmp_path / "config.json").write_text('{"model_type": "bert"}')
    with pytest.raises(ModelError, match="can't be loaded"):
        train(replace(recipe, base_model=str(tmp_path)), *prepared, tmp_path)


def test_a_checkpoint_of_another_network_is_named(
    recipe: Recipe, prepared: tuple[TaggedData, TagVocabulary], tmp_path: Path
) -> None:
    train(recipe, *prepared, tmp_path, stop_after=2)
    state = torch.load(tmp_path / "checkpoint.pt", weights_only=True)
    del state["model"]["detector.out.weight"]
    torch.save(state, tmp_path / "checkpoint.pt")
    with pytest.raises(ModelError, match=r"checkpoint\.pt: was written by another version: detector\.out\.weight"):
        train(recipe, *prepared, tmp_path)


def test_halves_depend_on_the_text_and_nothing_else() -> None:
    pairs = [Pair(f"text {number}", "x") for number in range(100)]
    even, odd = halves(pairs)
    assert len(even) + len(odd) == 100
    assert 30 < len(even) < 70
    assert halves(pairs[50:])[0] == [each for each in even if each in pairs[50:]]


def test_the_judge_counts_better_and_worse() -> None:
    good = Proposal(Pair("a bad dog", "a good dog"), (Edit(2, 5, "good", "word choice", 0.9),))
    wrong = Proposal(Pair("a good dog", "a good dog"), (Edit(2, 6, "bad", "word choice", 0.6),))
    judge = Judge()
    assert judge.outcome([good, wrong], 0.5) == Outcome(0.5, 2, 2, 1, 1, 1, 1)
    assert judge.outcome([good, wrong], 0.8) == Outcome(0.8, 2, 1, 1, 0, 1, 0)
    assert judge.outcome([good, wrong], 0.95).changed == 0


def test_the_threshold_is_the_lowest_from_which_on_it_is_worth_it() -> None:
    def outcome(threshold: float, better: int, worse: int, touched: int = 0) -> Outcome:
        return Outcome(threshold, 100, better + worse, better, worse, 50, touched)

    first = [outcome(0.3, 50, 50), outcome(0.5, 40, 10), outcome(0.7, 30, 5)]
    second = [outcome(0.3, 90, 2), outcome(0.5, 80, 2, 25), outcome(0.7, 70, 1)]
    assert choose_threshold([first, second], 2.0, most_perfect_changed=1.0) == 0.5
    assert choose_threshold([first, second], 2.0, most_perfect_changed=0.1) == 0.7
    assert choose_threshold([first, second], 90.0, most_perfect_changed=1.0) == 0.7


def test_corpus_scores_are_sacrebleus_own() -> None:
    bleu, chrf, ter = corpus_scores(["the cat sat on the mat"], ["the cat sat on a mat"])
    assert ter.value == pytest.approx(100 / 6)
    assert "case:mixed" in ter.signature
    assert chrf.name == "chrF++"
    assert 0 < bleu.value < 100


def test_the_calibration_learns_what_matters() -> None:
    draw = random.Random(1)
    evidence = []
    for _ in range(2000):
        features = Features(draw.gauss(1, 1), draw.gauss(-2, 0.5), draw.gauss(3, 0.5))
        odds = 2 + 0.5 * features.certainty + 1.5 * features.trouble
        evidence.append(Trial(features, draw.random() < 1 / (1 + math.exp(-odds))))
    calibration = fit(evidence)
    assert calibration.trouble == pytest.approx(1.5, abs=0.4)
    assert calibration.certainty == pytest.approx(0.5, abs=0.2)
    for each in reliability(evidence, calibration):
        assert each.edits < 60 or each.mean_confidence == pytest.approx(each.share_improving, abs=0.12)
    assert fit(evidence[:5]) == Calibration()


def test_without_calibration_the_confidence_is_the_probability() -> None:
    for probability in (0.01, 0.5, 0.93):
        assert Calibration().confidence(features_of(probability, [0.1, 0.5])) == pytest.approx(probability, abs=1e-4)
    assert features_of(0.9, [0.9, 0.9, 0.9]).trouble > features_of(0.9, [0.9, 0.0, 0.0]).trouble


def test_a_deletion_whose_counterpart_is_unknown_is_not_taught() -> None:
    vocabulary = TagVocabulary(("KEEP", "DELETE", "MOVE:+2"))
    words = ["the", "window", "of", "cookery", ",", "which", "was", "very", "old"]
    unknown_insertion = vocabulary.classes(["KEEP", "APPEND:kitchen", "KEEP", "DELETE", "DELETE", *["KEEP"] * 5])
    assert without_lossy_deletions(words, unknown_insertion, vocabulary) == [0, OTHER, 0, OTHER, OTHER, *[0] * 5]
    nothing_unknown = vocabulary.classes(["KEEP", "KEEP", "KEEP", "DELETE", "DELETE", *["KEEP"] * 5])
    assert without_lossy_deletions(words, nothing_unknown, vocabulary) == nothing_unknown
    only_grammar = vocabulary.classes(["KEEP", "DELETE", "APPEND:kitchen", *["KEEP"] * 7])
    assert without_lossy_deletions(words, only_grammar, vocabulary) == only_grammar
