"""The verifier: evidence from edits made alone, training on it, and the file that holds it."""

import random
from dataclasses import fields
from pathlib import Path

import pytest
import torch

from posteditor.errors import ModelError
from posteditor.rewriters.edit_verifier import VERIFIER_FILE, load_verifier, verifier_scalars
from posteditor.rewriters.tagger import load_tagger
from posteditor.rewriters.tagger_network import TaggerNetwork
from posteditor.rewriters.tagger_settings import TaggerSettings
from posteditor.training.evaluation import word_errors
from posteditor.training.model_folder import write_model
from posteditor.training.pairs import Pair
from posteditor.training.tagger_model import new_model
from posteditor.training.verifier_training import Evidence, gather_evidence, train_verifier, write_verifier

LABELS = ("KEEP", "DELETE", "REPLACE:in", "APPEND:big")


@pytest.fixture
def folder(tiny_encoder: Path, tmp_path: Path) -> Path:
    """A tagger with random weights, unsure enough to propose something nearly everywhere."""
    torch.manual_seed(1)
    model = new_model(tiny_encoder, LABELS, [], dropout=0.0)
    write_model(model, TaggerSettings(show=0.1, apply=0.7, floor=0.1), tiny_encoder, tmp_path / "model")
    return tmp_path / "model"


def pairs(count: int) -> list[Pair]:
    draw = random.Random(2)
    nouns = ("dog", "cat", "house", "walk", "run")
    rights = [f"the {draw.choice(nouns)} was in the {draw.choice(nouns)} ." for _ in range(count)]
    return [Pair(right.replace(" in ", " of "), right) for right in rights]


def planted(rows: int, seed: int) -> Evidence:
    """Edits that help exactly where the first number of the hidden state is positive."""
    generator = torch.Generator().manual_seed(seed)
    states = torch.randn(rows, 8, generator=generator)
    return Evidence(
        states, torch.zeros(rows, 8), torch.zeros(rows, 8), torch.zeros(rows, 5), (states[:, 0] > 0).float()
    )


def test_evidence_is_a_row_for_each_slot_of_an_edit_and_tells_whether_the_edit_helps(folder: Path) -> None:
    network = TaggerNetwork(folder)
    evidence = gather_evidence(network, pairs(40), floor=0.1)
    assert len(evidence) > 20
    assert {len(getattr(evidence, each.name)) for each in fields(Evidence)} == {len(evidence)}
    assert evidence.states.shape == evidence.tags.shape == (len(evidence), evidence.states.shape[1])
    assert set(evidence.improves.tolist()) <= {0.0, 1.0}
    perfect = gather_evidence(network, [Pair(pair.target, pair.target) for pair in pairs(40)], floor=0.1)
    assert perfect.improves.sum() == 0, "nothing helps a text that is right"


def test_half_of_the_garbled_texts_are_taken_for_such_with_a_source(folder: Path) -> None:
    network = TaggerNetwork(folder)
    sourced = gather_evidence(network, pairs(40), floor=0.1, either_way=True).scalars[:, 4]
    assert 0.2 < float(sourced.mean()) < 0.8
    natural = [Pair(pair.mt, pair.target, source="x" if "dog" in pair.mt else "") for pair in pairs(40)]
    assert set(gather_evidence(network, natural, floor=0.1).scalars[:, 4].tolist()) == {0.0, 1.0}


def test_a_verifier_learns_what_helps_and_the_same_seed_gives_the_same_one() -> None:
    verifier = train_verifier(planted(8000, seed=1), seed=5)
    fresh = planted(500, seed=2)
    worth = verifier.worth(fresh.states, fresh.tags, fresh.beginnings, fresh.scalars)
    assert ((worth > 0.5).float() == fresh.improves).float().mean() > 0.9
    again = train_verifier(planted(8000, seed=1), seed=5)
    assert all(torch.equal(value, again.weights()[name]) for name, value in verifier.weights().items())


def test_a_model_folder_with_a_verifier_uses_it(folder: Path) -> None:
    text = "the dog was of the house ."
    without = load_tagger(folder)
    before = without.drafts([text])
    network = TaggerNetwork(folder)
    evidence = gather_evidence(network, pairs(40), floor=0.1)
    write_verifier(train_verifier(evidence, seed=1), folder)
    after = load_tagger(folder)
    drafts = after.drafts([text])
    assert before and drafts and before[0].edits and before[0].doubts == drafts[0].doubts
    assert [edit.replacement for edit in before[0].edits] == [edit.replacement for edit in drafts[0].edits]
    assert [edit.confidence for edit in before[0].edits] != [edit.confidence for edit in drafts[0].edits]
    assert after.revision != without.revision and not list(folder.glob("*.part"))


def test_a_broken_or_foreign_verifier_is_named(folder: Path) -> None:
    assert load_verifier(folder, 8) is None
    write_verifier(train_verifier(planted(300, seed=1), seed=1), folder)
    assert load_verifier(folder, 8) is not None
    with pytest.raises(ModelError, match=f"{VERIFIER_FILE}.*width 8, the tagger has 32"):
        load_verifier(folder, 32)
    (folder / VERIFIER_FILE).write_bytes(b"\x00" * 30)
    with pytest.raises(ModelError, match=VERIFIER_FILE):
        load_verifier(folder, 8)


def test_the_scalars_describe_slot_and_text() -> None:
    scalars = verifier_scalars(
        torch.tensor([0.5, 0.5]), torch.tensor([0.25, 0.75]), torch.tensor([0, 0]), torch.ones(1)
    )
    assert scalars[0].tolist() == pytest.approx([0.0, -1.0986, -0.9808, 0.6931, 1.0], abs=1e-3)
    assert scalars[1].tolist() == pytest.approx([0.0, 1.0986, -2.0794, 0.6931, 1.0], abs=1e-3)
    alone = verifier_scalars(torch.tensor([0.0]), torch.tensor([1.0]), torch.tensor([0]), torch.zeros(1))
    assert torch.isfinite(alone).all()


@pytest.mark.parametrize(
    ("text", "target", "errors"),
    [
        ("", "", 0),
        ("a b c", "a b c", 0),
        ("a b c", "a c", 1),
        ("", "a b", 2),
        ("b a", "a b", 2),
        ("a x c", "a b b c", 2),
    ],
)
def test_word_errors_are_counted_as_levenshtein_does(text: str, target: str, errors: int) -> None:
    assert word_errors(text, target) == word_errors(target, text) == errors
