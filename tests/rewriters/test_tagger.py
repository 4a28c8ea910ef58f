"""The edit tagger, with a tiny random model and with the shipped one."""

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from posteditor.core.segment import Segment
from posteditor.core.suggestion import Suggestion, apply_edits
from posteditor.errors import ModelError
from posteditor.rewriters.tag_encoder import WordEncoder, letter_case
from posteditor.rewriters.tagger import Tagger, load_tagger
from posteditor.rewriters.tagger_settings import TaggerSettings
from posteditor.shipped import shipped_model

LABELS = ("KEEP", "DELETE", "REPLACE:the", "APPEND:a", "SUFFIX::s", "MOVE:+2", "MOVE:-1", "CASE:capital")
WORDS = ("dog", "house")

HOSTILE = [
    "", " ", "\n\t", "...", "?!", "，。", "\x00\x01\x1b[31m", "\ud7ff\uffff", "[bold]x[/]", "[@click=app.quit]x[/]",
    "漢字が混ざった文章。", "مرحبا بالعالم", "é\u0301\u0301\u0301", "👩‍👩‍👧‍👦 family", "\u202egnirts\u202c", "a" * 5000,
    "字" * 700, "word " * 1200, "one. " * 400, "\u200b", "\u200d",
    "🏳️", "\u0301", "x\u00a0y", "[CLS] [SEP] [MASK] [PAD]", "<b>x</b> {0} %s",
]  # fmt: skip


@pytest.fixture(scope="module")
def tiny_model(tiny_encoder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tagger with random weights that is sure of its random edits."""
    import torch

    from posteditor.training.model_folder import write_model
    from posteditor.training.tagger_model import new_model

    folder = tmp_path_factory.mktemp("models") / "tiny"
    torch.manual_seed(3)
    words = [f"WORD:{word}" for word in WORDS]
    pieces = WordEncoder(tiny_encoder / "tokenizer.json").piece_numbers(WORDS)
    model = new_model(tiny_encoder, (*LABELS, *words), pieces, dropout=0.0)
    assert model.words
    with torch.no_grad():
        model.classifier.weight.mul_(40)
        model.words.weight.mul_(20)
        model.words.bias.zero_()
        model.detector.out.weight.mul_(400)
        model.detector.out.bias.fill_(1.0)
    write_model(model, TaggerSettings(show=0.3, apply=0.7, floor=0.2), tiny_encoder, folder)
    return folder


@pytest.fixture(scope="module")
def plain_model(tiny_encoder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A token classifier of another make, in which to keep a word is one class among the others."""
    import torch
    from transformers.models.bert.modeling_bert import BertForTokenClassification

    folder = tmp_path_factory.mktemp("models") / "plain"
    torch.manual_seed(3)
    model = BertForTokenClassification.from_pretrained(tiny_encoder, id2label=dict(enumerate(LABELS)), num_labels=8)
    with torch.no_grad():
        model.classifier.weight.mul_(40)
    model.save_pretrained(folder)
    shutil.copyfile(tiny_encoder / "tokenizer.json", folder / "tokenizer.json")
    return folder


@pytest.fixture(scope="module")
def shipped() -> Tagger:
    return load_tagger(shipped_model("default"), threshold="show", threads=2)


def answers(rewriter: Tagger, texts: Sequence[str]) -> list[Suggestion]:
    return list(rewriter.rewrite([Segment(number, text) for number, text in enumerate(texts, start=1)]))


def without_time(suggestions: Sequence[Suggestion]) -> list[tuple[object, ...]]:
    return [(each.text, each.edits, each.confidence, each.error) for each in suggestions]


def check(suggestions: Sequence[Suggestion], texts: Sequence[str], *, least: float) -> None:
    for suggestion, text in zip(suggestions, texts, strict=True):
        assert apply_edits(text, suggestion.edits) == suggestion.text
        assert all(least <= edit.confidence <= 1 and edit.category for edit in suggestion.edits)
        if suggestion.error:
            assert suggestion.text == text


SENTENCES = ["He was in the house of big dog .", "The dog run on the cat", "She is in house", "A cat.", "Big, red dog"]


def test_a_tiny_model_edits_and_its_edits_hold(tiny_model: Path) -> None:
    found = answers(load_tagger(tiny_model), SENTENCES)
    check(found, SENTENCES, least=0.3)
    assert any(each.edits for each in found)
    assert {each.rewriter for each in found} == {"default"}


def test_what_the_source_shows_comes_on_top_of_the_tags(tiny_model: Path) -> None:
    mt, source = "He was in the big house the big house .", "Er war im großen Haus ."
    tagger = load_tagger(tiny_model, threshold=0.5)
    alone, known = tagger.rewrite([Segment(1, mt), Segment(2, mt, source)])
    assert not [edit for edit in alone.edits if edit.category == "repetition"]
    (repetition,) = [edit for edit in known.edits if edit.category == "repetition"]
    assert mt[repetition.start : repetition.end] == " the big house" and repetition.replacement == ""
    assert apply_edits(mt, known.edits) == known.text


def test_the_apply_threshold_lets_fewer_edits_through(tiny_model: Path) -> None:
    shown = answers(load_tagger(tiny_model, threshold="show"), SENTENCES * 3)
    applied = answers(load_tagger(tiny_model, threshold="apply"), SENTENCES * 3)
    check(applied, SENTENCES * 3, least=0.7)
    assert sum(len(each.edits) for each in applied) < sum(len(each.edits) for each in shown)


def test_hostile_text_never_raises(tiny_model: Path) -> None:
    check(answers(load_tagger(tiny_model), HOSTILE), HOSTILE, least=0.3)


def test_a_document_in_one_segment_is_passed_over_with_a_reason(tiny_model: Path) -> None:
    suggestion = answers(load_tagger(tiny_model), ["word " * 4000])[0]
    assert "4000 words" in suggestion.error
    assert suggestion.edits == ()


def test_a_long_text_is_read_to_its_end(tiny_model: Path) -> None:
    text = "The dog run on the cat. " * 60
    suggestion = answers(load_tagger(tiny_model), [text])[0]
    assert suggestion.edits[-1].end > len(text) * 0.9


def test_tags_that_can_not_reach_the_floor_need_not_be_asked_for(tiny_model: Path) -> None:
    from posteditor.rewriters.tagger_network import TaggerNetwork

    network = TaggerNetwork(tiny_model)
    encoded = network.encoder.encode([["the", "dog", "was", "in", "the", "house"], ["a", "cat"], ["run", "walk", "7"]])
    floor = 0.5
    full, few = network.classify(encoded, least=0.001), network.classify(encoded, least=floor)
    assert full and few
    pairs = [(one, other) for a, b in zip(full, few, strict=True) for one, other in zip(a, b, strict=True)]
    assert any(one.doubt < floor for one, _ in pairs) and any(one.probability >= floor for one, _ in pairs)
    assert all(one == other for one, other in pairs if one.probability >= floor)
    assert all(
        one.doubt == other.doubt and (one.probability >= floor) == (other.probability >= floor) for one, other in pairs
    )


def test_answers_do_not_depend_on_the_batch(tiny_model: Path) -> None:
    rewriter = load_tagger(tiny_model)
    texts = (SENTENCES + HOSTILE[:20]) * 3
    together = answers(rewriter, texts)
    alone = [answers(rewriter, [text])[0] for text in texts]
    assert without_time(together) == without_time(alone)
    assert without_time(answers(load_tagger(tiny_model), texts)) == without_time(together)


def test_it_stops_when_told(tiny_model: Path) -> None:
    rewriter = load_tagger(tiny_model)
    segments = [Segment(number, "the dog") for number in range(1, 200)]
    calls = iter([False, False, False, *[True] * 1000])
    assert len(list(rewriter.rewrite(segments, should_stop=lambda: next(calls)))) < 100


def test_the_revision_tells_models_and_thresholds_apart(tiny_model: Path, tmp_path: Path) -> None:
    other = shutil.copytree(tiny_model, tmp_path / "other")
    settings = json.loads((other / "posteditor.json").read_text())
    (other / "posteditor.json").write_text(json.dumps(settings | {"iterations": 1}))
    revisions = [
        load_tagger(tiny_model).revision,
        load_tagger(tiny_model, threshold="apply").revision,
        load_tagger(other).revision,
    ]
    assert len(set(revisions)) == 3
    assert load_tagger(tiny_model).revision == revisions[0]


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("config.json", None, "can't be read"),
        ("config.json", "[]", "not a JSON object"),
        ("config.json", '{"id2label": {"0": "B-PER"}}', "no edit tags"),
        ("config.json", '{"id2label": {"0": "DELETE"}}', "none of its classes is KEEP"),
        ("tokenizer.json", None, "tokenizer.json: can't be read"),
        ("tokenizer.json", "{}", "is not a tokenizer"),
        ("model.safetensors", None, "can't be read"),
        ("model.safetensors", "x" * 100, "can't be loaded"),
        ("posteditor.json", '{"show": 7}', "between 0 and 1"),
        ("posteditor.json", '{"shew": 0.7}', "unknown setting 'shew'"),
        ("posteditor.json", "{", "posteditor.json"),
    ],
)
def test_a_broken_folder_is_named(
    tiny_model: Path, tmp_path: Path, name: str, content: str | None, complaint: str
) -> None:
    folder = shutil.copytree(tiny_model, tmp_path / "broken")
    (folder / name).unlink()
    if content is not None:
        (folder / name).write_text(content)
    with pytest.raises(ModelError, match=complaint):
        load_tagger(folder)


def test_words_are_encoded_with_case_and_place(tiny_encoder: Path) -> None:
    encoded = WordEncoder(tiny_encoder / "tokenizer.json").encode([["The", "\x01", "dogx", "BIG"]])[0]
    assert encoded.slots == [0, 1, -1, 2, 4]
    assert encoded.cases == [0, 1, 0, 0, 2, 0]
    assert len(encoded.ids) == 6
    assert [letter_case(word) for word in ("a", "A", "Ab", "AB", "aB", "1", "")] == [0, 1, 1, 2, 2, 0, 0]


def test_the_encoder_is_the_one_of_transformers(plain_model: Path) -> None:
    import torch
    from safetensors.torch import load_file
    from transformers.models.bert.modeling_bert import BertForTokenClassification

    from posteditor.rewriters.bert_encoder import BertTagger

    theirs = BertForTokenClassification.from_pretrained(plain_model, dtype=torch.float32).eval()
    ours = BertTagger(
        json.loads((plain_model / "config.json").read_text()), load_file(plain_model / "model.safetensors")
    )
    ids = torch.randint(4, 60, (3, 20), generator=torch.Generator().manual_seed(1))
    types = ids % 2
    mask = torch.arange(20) < torch.tensor([[20], [7], [1]])
    with torch.inference_mode():
        expected = theirs(input_ids=ids, token_type_ids=types, attention_mask=mask.long()).logits
        found = ours.classify(ours.encode(ids[mask], types[mask], [20, 7, 1]))
    torch.testing.assert_close(found, expected[mask], rtol=1e-4, atol=1e-4)


def test_the_network_in_use_is_the_one_that_was_trained(tiny_encoder: Path, tiny_model: Path) -> None:
    import torch
    from safetensors.torch import load_file

    from posteditor.rewriters.bert_encoder import BertTagger
    from posteditor.training.tagger_model import new_model

    config = json.loads((tiny_model / "config.json").read_text())
    ours = BertTagger(config, load_file(tiny_model / "model.safetensors"))
    pieces = WordEncoder(tiny_encoder / "tokenizer.json").piece_numbers(WORDS)
    trained = new_model(tiny_model, list(config["id2label"].values()), pieces, dropout=0.0).eval()
    states = torch.randn(5, ours.width, generator=torch.Generator().manual_seed(2))
    with torch.inference_mode():
        logits = trained.class_logits(states)
        torch.testing.assert_close(ours.classify(states), logits, rtol=1e-4, atol=1e-4)
        torch.testing.assert_close(ours.detect(states), torch.sigmoid(trained.detector(states)))
        rows = ours.class_rows(torch.arange(ours.class_count))
        without_bias = logits - ours.classify(torch.zeros(1, ours.width))
        torch.testing.assert_close(states @ rows.T, without_bias, rtol=1e-3, atol=1e-3)


def test_a_token_classifier_of_another_make_proposes_edits_too(plain_model: Path) -> None:
    suggestions = answers(load_tagger(plain_model, threshold=0.01), ["the dog was in the house"] * 2)
    assert any(suggestion.edits for suggestion in suggestions)


def test_running_the_tagger_needs_torch_but_not_transformers(tiny_model: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from posteditor.core.segment import Segment\n"
        "from posteditor.rewriters.tagger import load_tagger\n"
        f"list(load_tagger(Path({str(tiny_model)!r})).rewrite([Segment(1, 'the dog')]))\n"
        "print('torch' in sys.modules, 'transformers' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "True False"


def test_importing_the_tagger_loads_no_model_library() -> None:
    program = (
        "import posteditor.rewriters.tagger, sys; print({'torch', 'transformers', 'tokenizers'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_the_shipped_model_is_sound(shipped: Tagger) -> None:
    texts = [*HOSTILE, *SENTENCES]
    found = answers(shipped, texts)
    check(found, texts, least=0.3)
    assert without_time(found[-5:]) == without_time([answers(shipped, [text])[0] for text in texts[-5:]])
    assert shipped.target_languages == ("en",)
    assert (shipped_model("default") / "model.safetensors").stat().st_size < 50_000_000


def test_the_shipped_model_proposes_corrections_of_garbled_text(shipped: Tagger) -> None:
    garbled = [
        "The mayor, Elvira Quintas, abandoned the room without doing statements.",
        "I said us that the engineer would come the Monday.",
        "This time the taxis will be able to go in, but only to less than twenty kilometres by hour.",
        "The soup has to stay dense, but no so much that the spoon stand right.",
    ]
    assert sum(bool(each.edits) for each in answers(shipped, garbled)) >= 2


def test_the_shipped_model_mostly_leaves_fluent_text_alone_in_batches() -> None:
    fluent = [
        "The committee met on Tuesday to discuss the budget.",
        "She has lived in Berlin since 2004.",
        "Nobody expected the strike to last so long.",
        "The train was late because of heavy snow.",
        "Please send the signed form back before the end of the month.",
        "Prices rose by three per cent last year, the bank said.",
        "He asked whether the museum would be open on Sunday.",
        "The bridge was closed for two weeks while engineers repaired it.",
    ]
    careful = load_tagger(shipped_model("default"), threshold="apply")
    assert sum(bool(each.edits) for each in answers(careful, fluent)) <= 1
