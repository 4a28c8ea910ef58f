"""The encoder–decoder: a tiny one learns to copy and to put one word right; its word pieces become text again."""

import lzma
import random
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from posteditor.core.suggestion import apply_edits
from posteditor.rewriters.tag_encoder import WordEncoder
from posteditor.rewriters.tag_words import tag_words
from posteditor.training.pairs import Pair
from posteditor.training.seq2seq import Rewriter, main, proposal
from posteditor.training.seq2seq_decoding import Decoded, decode
from posteditor.training.seq2seq_text import spelt_out
from posteditor.training.seq2seq_training import (
    Training,
    batches,
    examples_of,
    new_network,
    piece_names,
    read_checkpoint,
    vocabulary_of,
)

pytestmark = pytest.mark.slow  # training the yardstick takes a minute on two cores

_NOUNS = ("dog", "cat", "house", "walk", "run")
_STEPS = 80


def made_up_pairs(count: int) -> list[Pair]:
    """Short sentences in which only "of" is wrong, for "in"."""
    draw = random.Random(7)
    pairs = []
    for number in range(count):
        first, second, third = (draw.choice(_NOUNS) for _ in range(3))
        right = f"the {first} was in the {second} , {third} {number % 10} ."
        pairs.append(Pair(right.replace(" in ", " of ") if number % 2 else right, right))
    return pairs


@pytest.fixture(scope="module")
def encoder(tiny_encoder: Path) -> WordEncoder:
    return WordEncoder(tiny_encoder / "tokenizer.json")


@pytest.fixture(scope="module")
def names(tiny_encoder: Path) -> list[str]:
    return piece_names(tiny_encoder)


@pytest.fixture(scope="module")
def learnt(tiny_encoder: Path, encoder: WordEncoder, names: list[str]) -> Training:
    """A network after a few seconds of training."""
    torch.manual_seed(11)
    examples = examples_of(made_up_pairs(400), encoder, longest=40)
    training = Training(new_network(tiny_encoder, vocabulary_of([examples], names)), rate=5e-3, new_rate=1e-2)
    for place, (_, batch) in enumerate(islice(batches([(examples, 1.0)], pieces=700, seed=1), _STEPS)):
        training.learn(batch, 1 - place / _STEPS)
    training.network.eval()
    return training


@pytest.fixture
def rewriter(learnt: Training, encoder: WordEncoder, names: list[str]) -> Rewriter:
    return Rewriter(learnt.network, encoder, names)


def test_the_only_piece_to_make_is_the_one_that_no_source_has(
    encoder: WordEncoder, names: list[str], learnt: Training
) -> None:
    assert [names[piece] for piece in learnt.network.vocabulary.tolist()] == ["in"]


def test_it_copies_what_is_right_and_puts_the_fault_right(rewriter: Rewriter) -> None:
    faulty = "the walk was of the dog , cat 3 ."
    right = "the house was in the run , cat 4 ."
    (first, of_first), (second, of_second) = rewriter.rewrite([faulty, right])
    assert (first, second) == (faulty.replace("of", "in"), right)
    assert of_first is not None
    assert of_second is not None
    assert of_first.gain > 1
    assert of_second.gain == pytest.approx(0, abs=1e-3)
    assert of_second.certainty == 0


def test_decoding_is_the_same_each_time_and_in_any_company(rewriter: Rewriter) -> None:
    texts = [pair.mt for pair in made_up_pairs(12)] + ["dog ."]
    together = rewriter.rewrite(texts)
    assert rewriter.rewrite(texts) == together
    assert [rewriter.rewrite([text])[0][0] for text in texts] == [text for text, _ in together]


def test_a_piece_at_a_time_is_as_likely_as_all_at_once(rewriter: Rewriter, encoder: WordEncoder) -> None:
    sources = encoder.encode([[word.text for word in tag_words(pair.mt)] for pair in made_up_pairs(6)])
    network = rewriter.network
    for source in sources:
        ids = torch.tensor([source.ids])
        with torch.inference_mode():
            encoded = network.encode(ids, torch.tensor([source.cases]))
            pieces, logs = network.greedy(encoded, first=source.ids[0], last=source.ids[-1])
            whole = torch.cat((ids[:, :1], pieces), dim=1)
            assert torch.allclose(network.log_probabilities(encoded, whole), logs, atol=1e-4)


def test_probabilities_of_all_pieces_add_up(rewriter: Rewriter, encoder: WordEncoder) -> None:
    source = encoder.encode([["dog", "in", "house"]])[0]
    network, count = rewriter.network, len(rewriter.names)
    with torch.inference_mode():
        encoded = network.encode(torch.tensor([source.ids]).expand(count, -1), torch.tensor([source.cases] * count))
        each = torch.stack((torch.full((count,), source.ids[0]), torch.arange(count)), dim=1)
        logs = network.log_probabilities(encoded, each)[:, 0]
    assert float(logs.exp().sum()) == pytest.approx(1, abs=1e-4)
    assert bool((logs < -1000).any())  # neither made nor copied


def test_an_output_without_end_is_no_rewrite(tiny_encoder: Path, encoder: WordEncoder, names: list[str]) -> None:
    network = new_network(tiny_encoder, [names.index("dog")]).eval()
    with torch.no_grad():
        network.gate.bias.fill_(50.0)  # makes all pieces and copies none, the last one neither
    source = encoder.encode([["a", "cat"]])
    assert decode(network, source) == [None]
    assert Rewriter(network, encoder, names).rewrite(["a cat"]) == [("a cat", None)]


@pytest.mark.parametrize("text", ["", " ", "dog " * 200])
def test_empty_and_long_texts_stay(rewriter: Rewriter, text: str) -> None:
    assert rewriter.rewrite([text]) == [(text, None)]


def test_a_checkpoint_goes_on_like_the_unbroken_run(
    tiny_encoder: Path, encoder: WordEncoder, names: list[str], tmp_path: Path
) -> None:
    examples = examples_of(made_up_pairs(60), encoder, longest=40)
    steps = [batch for _, batch in islice(batches([(examples, 1.0)], pieces=400, seed=1), 6)]

    def fresh() -> Training:
        torch.manual_seed(2)
        return Training(new_network(tiny_encoder, vocabulary_of([examples], names)))

    whole, broken, resumed = fresh(), fresh(), fresh()
    losses = [whole.learn(batch) for batch in steps]
    for batch in steps[:3]:
        broken.learn(batch)
    broken.save(tmp_path / "checkpoint.pt", pool=0)
    resumed.resume(read_checkpoint(tmp_path / "checkpoint.pt"))
    assert [resumed.learn(batch) for batch in steps[3:]] == losses[3:]


def test_batches_hold_the_shares_and_stay_within_their_size(encoder: WordEncoder) -> None:
    first = examples_of([Pair("a dog", "a dog")] * 3, encoder, longest=40)
    second = examples_of([Pair("the cat was in the house .", "the cat is in the house .")] * 5, encoder, longest=40)
    pool = [batch for number, batch in islice(batches([(first, 0.75), (second, 0.25)], pieces=200, seed=1), 5000)
            if number == 0]  # fmt: skip
    sizes = [len(example.ids) for batch in pool for example in batch]
    assert sizes.count(4) == 3 * sizes.count(9) == 3000
    for batch in pool:
        widths = (max(len(example.ids) for example in batch), max(len(example.target) for example in batch))
        assert len(batch) * sum(widths) <= 200


@pytest.mark.parametrize(
    ("mt", "target", "expected"),
    [
        ("The dog of house ran.", "the dog of the house ran .", "The dog of the house ran."),
        ("In the House  the dog ran", "the dog ran in the house", "The dog ran in the House"),
        ("The dog ran. A cat, too.", "a cat ran . the dog , too .", "A cat ran. The dog, too."),
        ("the dog ran", "a dog ran", "a dog ran"),
        ("The dog ran", "a dog ran", "A dog ran"),
        ("In Bergen it is red, he has", "he has red bergen", "He has red Bergen"),
        ("Then he saw Israel news", "then he saw israeli news", "Then he saw Israeli news"),
        ("He can not run (fast).", "he can ' t run ( fast ) .", "He can't run (fast)."),
        ("the house of the dogs", "the dogs ' house", "the dogs' house"),
        ("He don't run.", "he doesn ' t run .", "He doesn't run."),
        ("The red big house is well known.", "the big red house is well - known .", "The big red house is well-known."),
        ("NASA was, in Oslo, big", "nasa was big in oslo", "NASA was big in Oslo"),
        ("Café «red»  dog", "big cafe « red » dog", "Big Café «red»  dog"),
        ("The dog is here", "i is here", "I is here"),
        (" he is  here\n", "she is here", " she is  here\n"),
    ],
)
def test_letters_capitals_and_spaces_come_from_the_mt(
    encoder: WordEncoder, names: list[str], mt: str, target: str, expected: str
) -> None:
    source, output = encoder.encode([[word.text for word in tag_words(text)] for text in (mt, target)])
    assert spelt_out(mt, source, output.ids[1:-1], names) == expected


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet="aB é.,'’-(«»\n漢\u0301\x00", max_size=25), st.data())
def test_any_pieces_give_a_text(encoder: WordEncoder, names: list[str], mt: str, data: st.DataObject) -> None:
    source = encoder.encode([[word.text for word in tag_words(mt)]])[0]
    assert spelt_out(mt, source, source.ids[1:-1], names) == mt
    output = data.draw(st.lists(st.sampled_from([*source.ids[1:-1], *range(4, len(names))]), max_size=12))
    proposed = proposal(Pair(mt, mt), spelt_out(mt, source, output, names), Decoded(output, 1.0, -0.1), "gain")
    assert apply_edits(mt, proposed.edits) == spelt_out(mt, source, output, names)


def test_both_measures_of_confidence() -> None:
    pair = Pair("a dog is here", "the dog was here")
    likelier = Decoded([], gain=6.0, certainty=-0.5)
    by_gain, by_certainty = (proposal(pair, pair.target, likelier, name) for name in ("gain", "certainty"))
    assert [edit.replacement for edit in by_gain.edits] == ["the", "was"]
    assert by_gain.edits[0].confidence == pytest.approx(0.9526, abs=1e-3)  # three nats for each of two edits
    assert by_certainty.edits[0].confidence == pytest.approx(0.6065, abs=1e-3)
    assert proposal(pair, pair.mt, likelier, "gain").edits == ()
    assert proposal(pair, pair.target, None, "gain").edits == ()


def test_the_command_trains_goes_on_and_measures(
    tiny_encoder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [(pair.mt, pair.target) for pair in made_up_pairs(2060)]
    half = len(rows) // 2
    for part, some in (("train", rows[:half]), ("dev", rows[half : half + 90])):
        _write(tmp_path / f"kyoto-revisions.{part}.tsv.xz", ["draft\trevised", *("\t".join(row) for row in some)])
        neural = ("\t".join((("et", "ro", "ru")[n % 3] + "-en", *row)) for n, row in enumerate(some))
        _write(tmp_path / f"mlqe-pe.{part}.tsv.xz", ["pair\tmt\tpe", *neural])
    _write(tmp_path / "wikipedia-featured.apertium-spa.txt.xz", [f"{mt} {n}" for n, (mt, _) in enumerate(rows)])
    _write(tmp_path / "wikipedia-featured.txt.xz", [f"{target} {n}" for n, (_, target) in enumerate(rows)])
    arguments = ["--data", str(tmp_path), "--work", str(tmp_path / "work"), "--base-model", str(tiny_encoder)]
    assert main([*arguments, "--minutes", "0.01"]) == 0
    assert main([*arguments, "--minutes", "0.01", "--even"]) == 0
    output = capsys.readouterr()
    assert "from step 0" in output.err
    assert output.err.count("from step ") == 2
    assert output.err.count("from step 0\n") == 1  # the second run went on
    table = [line.split(" | ") for line in output.out.splitlines()]
    assert {len(row) for row in table} == {10}
    neural_sets = (f"mlqe-pe {language}-en" for language in ("et", "ro", "ru"))
    assert [row[0] for row in table[2::14]] == ["kyoto-revisions", *neural_sets, "apertium-spa"]
    assert table[-1][3] == "250"


def _write(path: Path, lines: Sequence[str]) -> None:
    with lzma.open(path, "wt", encoding="utf-8", preset=0) as stream:
        stream.write("".join(f"{line}\n" for line in lines))


def test_without_a_checkpoint_it_says_so(
    tiny_encoder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--data", str(tmp_path), "--work", str(tmp_path), "--even", "--base-model", str(tiny_encoder)]
    assert main(arguments) == 5
    assert "seq2seq.pt" in capsys.readouterr().err
