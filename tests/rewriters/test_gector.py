"""Edit taggers in the GECToR layout: what labels do, and a tiny model that has learnt some of them."""

import json
import random
from pathlib import Path

import pytest
import torch

from posteditor.core.segment import Segment
from posteditor.errors import ModelError
from posteditor.rewriters.edit_tags import Tag, TagKind
from posteditor.rewriters.gector_tags import read_verb_forms, tag_for
from posteditor.rewriters.specs import family_of, load_rewriter

LABELS = ["$KEEP", "$DELETE", "$APPEND_the", "$REPLACE_in", "$TRANSFORM_CASE_CAPITAL", "$TRANSFORM_VERB_VB_VBZ"]
WORDS = "dog cat house walk run was is on big red".split()  # noqa: SIM905
_STEPS = 120


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, tiny_encoder: Path) -> Path:
    """It takes "on" for "in", drops "big" and puts "is" into another form."""
    from transformers import BertForTokenClassification, PreTrainedTokenizerFast

    folder = tmp_path_factory.mktemp("gector")
    PreTrainedTokenizerFast(
        tokenizer_file=str(tiny_encoder / "tokenizer.json"),
        pad_token="[PAD]",
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
    ).save_pretrained(folder)
    torch.manual_seed(1)
    labels = dict(enumerate(LABELS))
    model = BertForTokenClassification.from_pretrained(
        tiny_encoder, id2label=labels, label2id={label: number for number, label in labels.items()}
    ).train()
    tokenizer = PreTrainedTokenizerFast.from_pretrained(folder)
    wanted = {"on": 3, "big": 1, "run": 5}
    draw = random.Random(1)
    rows = [draw.choices(WORDS, k=7) for _ in range(48)]
    encoded = tokenizer(rows, is_split_into_words=True, add_special_tokens=False, return_tensors="pt")
    truth = torch.tensor([[wanted.get(word, 0) for word in row] for row in rows])
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
    for _ in range(_STEPS):
        model(input_ids=encoded["input_ids"], labels=truth).loss.backward()
        optimizer.step()
        optimizer.zero_grad()
    model.eval().save_pretrained(folder)
    (folder / "verb-form-vocab.txt").write_text("run_runs:VB_VBZ\ngo_goes:VB_VBZ\n", encoding="utf-8")
    return folder


def test_a_model_of_that_layout_proposes_edits(folder: Path) -> None:
    assert family_of(folder) == "GECToR tagger"
    texts = ["the cat was on the big house", "", "the dog run", "Run on", "a " * 500]
    found = list(load_rewriter(str(folder)).rewrite([Segment(number, text) for number, text in enumerate(texts, 1)]))
    assert [each.text for each in found[:4]] == ["the cat was in the house", "", "the dog runs", "Runs in"]
    assert "500 words" in found[4].error
    assert all(0.5 <= edit.confidence <= 1 for each in found for edit in each.edits)


@pytest.mark.parametrize(
    ("label", "word", "tag"),
    [
        ("$KEEP", "dog", None),
        ("$DELETE", "dog", Tag(TagKind.DELETE)),
        ("$DELETE", "", None),
        ("$APPEND_of", "", Tag(TagKind.APPEND, "of")),
        ("$REPLACE_an", "a", Tag(TagKind.REPLACE, "an")),
        ("$TRANSFORM_CASE_LOWER", "Dog", Tag(TagKind.CASE, "lower")),
        ("$TRANSFORM_CASE_CAPITAL_1", "iphone", Tag(TagKind.REPLACE, "iPhone")),
        ("$TRANSFORM_CASE_UPPER_-1", "usAs", Tag(TagKind.REPLACE, "USAs")),
        ("$TRANSFORM_AGREEMENT_PLURAL", "city", Tag(TagKind.REPLACE, "cities")),
        ("$TRANSFORM_AGREEMENT_SINGULAR", "dogs", Tag(TagKind.REPLACE, "dog")),
        ("$TRANSFORM_SPLIT_HYPHEN", "well-known", Tag(TagKind.REPLACE, "well known")),
        ("$TRANSFORM_VERB_VB_VBZ", "Go", Tag(TagKind.REPLACE, "Goes")),
        ("$TRANSFORM_VERB_VB_VBZ", "unknown", None),
        ("$MERGE_SPACE", "dog", None),
        ("@@UNKNOWN@@", "dog", None),
        ("$REPLACE_", "dog", None),
    ],
)
def test_labels_become_tags(label: str, word: str, tag: Tag | None, folder: Path) -> None:
    assert tag_for(label, word, read_verb_forms(folder)) == tag


def test_a_broken_table_of_verb_forms_is_named(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "verb-form-vocab.txt").write_bytes(b"\xff\xfe")
    with pytest.raises(ModelError, match=r"verb-form-vocab\.txt"):
        read_verb_forms(tmp_path)
    assert json.loads((folder / "config.json").read_text())["id2label"]["0"] == "$KEEP"
