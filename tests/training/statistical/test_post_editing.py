"""The statistical post-editor from pairs to edits, and its program."""

import lzma
import random
from pathlib import Path

import numpy as np
import pytest

from posteditor.core.suggestion import apply_edits
from posteditor.training.evaluation import Judge, corpus_scores
from posteditor.training.pairs import Pair
from posteditor.training.statistical.__main__ import _Scores, main
from posteditor.training.statistical.language_model import LanguageModel
from posteditor.training.statistical.post_editing import StatisticalPostEditor, Weights, words_of

PEOPLE = ["Anna", "Boris", "Clara", "David", "Edith", "Felix", "Greta", "Henry", "Irene", "Jonas"]
PLACES = ["garden", "kitchen", "library", "station", "market", "harbour"]
DAYS = ["Monday", "Tuesday", "Friday"]


def planted_pairs() -> list[Pair]:
    """Days always have the wrong preposition; "near" is right as often as not, without a sign when."""
    pairs = []
    for person in PEOPLE:
        for place in PLACES:
            for day in DAYS:
                near = "near" if random.Random(f"{person} {place} {day}").random() < 0.5 else "beside"
                old = f"{person} waited near the {place} in {day}."
                pairs.append(Pair(old, f"{person} waited {near} the {place} on {day}."))
    return pairs


@pytest.fixture(scope="module")
def editor() -> StatisticalPostEditor:
    pairs = planted_pairs()
    return StatisticalPostEditor.train(pairs, LanguageModel.train(words_of(pair.target) for pair in pairs), Judge())


def test_the_planted_correction_is_proposed_with_confidence(editor: StatisticalPostEditor) -> None:
    mt = "Kevin waited near the garden in Monday."
    edits = editor.propose(mt)
    certain = [edit for edit in edits if edit.confidence > 0.7]
    assert apply_edits(mt, certain) == "Kevin waited near the garden on Monday."
    assert [edit.category for edit in certain] == ["preposition"]


def test_the_ambiguous_one_is_not_trusted(editor: StatisticalPostEditor) -> None:
    edits = editor.propose("Kevin waited near the garden in Monday.")
    unsure = [edit for edit in edits if edit.replacement == "beside"]
    assert unsure and all(edit.confidence < 0.7 for edit in unsure)


@pytest.mark.parametrize("mt", ["", " ", "Nothing of this was ever seen", "in Monday in Monday in Monday"])
def test_any_text_gives_edits_that_can_be_made(editor: StatisticalPostEditor, mt: str) -> None:
    apply_edits(mt, editor.propose(mt))


def test_the_same_pairs_in_another_order_give_the_same_editor(editor: StatisticalPostEditor) -> None:
    pairs = planted_pairs()[::-1]
    again = StatisticalPostEditor.train(pairs, LanguageModel.train(words_of(pair.target) for pair in pairs), Judge())
    assert len(again.table) == len(editor.table)
    np.testing.assert_allclose(again.weights.weights, editor.weights.weights)


def test_too_few_pairs_are_refused() -> None:
    model = LanguageModel.train([["one"]])
    with pytest.raises(ValueError, match="too few pairs"):
        StatisticalPostEditor.train([Pair("a b c", "a b d")], model, Judge())


def test_weights_find_the_feature_that_counts() -> None:
    rows = np.array([[float(n), float(n % 3), 1.0] for n in range(30)])
    labels = (rows[:, 0] > 14).astype(float)
    confidences = Weights.fit(rows, labels).confidences(rows)
    assert ((confidences > 0.5) == (labels == 1)).all()


def write_data(folder: Path) -> None:
    pairs = planted_pairs()
    rows = "".join(f"{pair.mt}\t{pair.target}\n" for pair in pairs)
    tagged = "".join(
        f"{['et-en', 'ro-en', 'ru-en'][n % 3]}\t{pair.mt}\t{pair.target}\n" for n, pair in enumerate(pairs)
    )
    for part in ("train", "dev"):
        (folder / f"kyoto-revisions.{part}.tsv.xz").write_bytes(packed(f"draft\trevised\n{rows}"))
        (folder / f"mlqe-pe.{part}.tsv.xz").write_bytes(packed(f"pair\tmt\tpe\n{tagged}"))
    (folder / "wikipedia-featured.txt.xz").write_bytes(packed("A mill stands by the river.\n" * 2010))


def packed(text: str) -> bytes:
    return lzma.compress(text.encode())


def test_the_program_prints_a_row_for_each_set_and_threshold(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_data(tmp_path)
    assert main(["--data", str(tmp_path)]) == 0
    even = capsys.readouterr().out.splitlines()
    assert len(even) == 2 + 4 * 5
    assert even[2].startswith("kyoto-revisions | 0.40 | ")
    assert main(["--data", str(tmp_path), "--odd"]) == 0
    segments = [int(rows[2].split(" | ")[2]) for rows in (even, capsys.readouterr().out.splitlines())]
    assert sum(segments) == len(planted_pairs())


def test_the_sum_of_sentences_is_the_score_of_the_set() -> None:
    texts, targets = ["the old mill", "a b c d", ""], ["the mill is old", "a c b d", "one two"]
    ter, chrf = _Scores(targets).of(texts)
    scores = {score.name: score.value for score in corpus_scores(texts, targets)}
    assert [ter, chrf] == pytest.approx([scores["TER"], scores["chrF++"]])


def test_missing_data_is_told_by_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--data", str(tmp_path)]) == 3
    assert "kyoto-revisions.train.tsv.xz" in capsys.readouterr().err
