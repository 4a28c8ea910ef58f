"""Families of forms, and words of like use, from small texts and tables of our own."""

import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from posteditor.errors import ModelError
from posteditor.training.corruption.irregular_forms import VerbForms, gerund, irregular_verbs, third_person
from posteditor.training.corruption.neighbours import nearest_words, read_word_pieces
from posteditor.training.corruption.synonyms import mine_synonyms
from posteditor.training.corruption.word_forms import WordForms, mine_word_forms


def test_irregular_verbs_need_no_text() -> None:
    verbs = mine_word_forms([]).verbs
    assert verbs["write"] == VerbForms("write", "writes", "wrote", "written", "writing")
    assert verbs["go"].third == "goes"
    assert len(list(irregular_verbs())) >= 150


@pytest.mark.parametrize(
    ("base", "form"),
    [("run", "running"), ("lie", "lying"), ("see", "seeing"), ("read", "reading"), ("make", "making"),
     ("begin", "beginning"), ("show", "showing"), ("eat", "eating"), ("win", "winning")],
)  # fmt: skip
def test_gerunds(base: str, form: str) -> None:
    assert gerund(base) == form


def test_third_person() -> None:
    assert [third_person(base) for base in ("fly", "teach", "undo")] == ["flies", "teaches", "undoes"]


def test_regular_forms_are_only_those_that_the_text_has() -> None:
    forms = mine_word_forms(
        ["They plan, planned, planning; stare, stared, staring; a star; try, tried, trying; cool."], least=1
    )
    assert forms.verbs["plan"].past == "planned"
    assert forms.verbs["stare"].gerund == "staring"
    assert forms.verbs["try"].third == "tries"
    assert not {"star", "cool"} & set(forms.verbs)


def test_plurals(forms: WordForms) -> None:
    assert forms.plurals["army"] == "armies"
    assert forms.plurals["child"] == "children"
    assert forms.singulars["houses"] == "house"


def test_a_word_that_may_be_both_is_what_it_was_seen_as() -> None:
    text = [
        "The visit was short, her visits too, a visit.",
        "They visited; to walk, he walks, we walk, walked, walking.",
        "visiting",
    ]
    forms = mine_word_forms(text, least=1)
    assert forms.is_noun("visit") and not forms.is_verb("visit")
    assert forms.is_verb("walk") and not forms.is_noun("walk")


def test_a_word_that_stands_before_nouns_is_no_noun() -> None:
    forms = mine_word_forms(["The other dog, the other cat, the other house, the others; the dog sat."], least=1)
    assert "other" in forms.plurals and not forms.is_noun("other")


def test_relatives_are_of_another_kind(forms: WordForms) -> None:
    assert "action" in forms.relatives["act"]
    assert "protect" in forms.relatives["protection"]
    assert "Israel" in forms.relatives["Israeli"]


def test_nearest_words_leave_out_forms_opposites_and_other_endings() -> None:
    pieces = ["market", "shop", "shops", "marketed", "##market", "river", "seven", "faster", "slower", "quicker"]
    embeddings = np.array(
        [[1, 0], [0.99, 0.05], [0.98, 0.06], [1, 0.01], [1, 0], [-1, 0.2], [1, 0], [0, 1], [0.01, 1], [0.02, 1]],
        dtype=np.float32,
    )
    near = nearest_words(pieces, embeddings, {*pieces}, least=0.8)
    assert near["market"] == ("shop",)
    assert near["faster"] == ("quicker",)
    assert "seven" not in near and "river" not in near


def test_word_pieces_are_read_from_an_encoder(tmp_path: Path) -> None:
    vocabulary = {"house": 1, "[PAD]": 0, "##s": 2}
    model = {"type": "WordPiece", "vocab": vocabulary}
    (tmp_path / "tokenizer.json").write_text(json.dumps({"model": model}), encoding="utf-8")
    weights = np.array([[0, 0], [1, 2], [3, 4], [5, 6]], dtype=np.float16)
    save_file({"bert.embeddings.word_embeddings.weight": weights, "other": weights}, tmp_path / "model.safetensors")
    pieces, embeddings = read_word_pieces(tmp_path)
    assert pieces == ["[PAD]", "house", "##s"]
    assert embeddings.tolist() == [[0, 0], [1, 2], [3, 4]] and embeddings.dtype == np.float32


def test_a_folder_without_an_encoder_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=str(tmp_path)):
        read_word_pieces(tmp_path)


def test_synonyms_come_from_aligned_round_trips() -> None:
    pairs = [(f"The floor of Mr {name} was big.", f"The flat of Mr {name} was big.") for name in ("Ash", "Oak", "Elm")]
    pairs += [("He walks.", "He walked."), ("", "He sat."), ("The lamp fell.", "The light fell.")]
    assert mine_synonyms(pairs) == {"flat": ("floor",)}
    assert mine_synonyms(pairs, least=1) == {"flat": ("floor",), "light": ("lamp",)}
