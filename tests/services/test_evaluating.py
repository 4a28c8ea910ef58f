"""Scores of a file: which segments count, what they are compared with, and the memory it takes."""

import json
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF
from sacrebleu.metrics.ter import TER

from posteditor.core.segment import Segment
from posteditor.errors import AlignmentError, ScoringError
from posteditor.formats.options import ReadOptions
from posteditor.services.evaluating import ScoreOptions, SegmentScores, score_file, score_segments

_SEGMENTS = [
    Segment(1, "Aide will not be complicated.", references=("The aide declined to elaborate.",), id="a", line=2),
    Segment(2, "No reference here.", target="None at all."),
    Segment(
        3,
        "The river bank has closed doors.",
        target="The bank on the river has closed.",
        references=("The bank on the river has closed its doors.",),
    ),
    Segment(4, "", references=("Nothing was translated.",)),
    Segment(5, "It stays as it is.", target="It stays as it is.", references=("It stays the way it is.",)),
]
_SCORED = [segment for segment in _SEGMENTS if segment.references]
_REFERENCES = [[segment.references[0] for segment in _SCORED * 10]]


def test_equals_sacrebleu_for_the_mt_and_for_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SACREBLEU_SEED", raising=False)
    # Ten times over: sacrebleu's own interval fails where a resample has no match at all.
    scores = score_segments(_SEGMENTS * 10)
    assert (scores.segments, scores.scored, scores.with_target) == (50, 40, 20)
    for row, texts in {
        "mt": [segment.mt for segment in _SCORED * 10],
        "target": [segment.text for segment in _SCORED * 10],
    }.items():
        assert list(scores.scores[row]) == ["bleu", "chrf++", "ter"]
        for name, oracle in {"bleu": BLEU(), "chrf++": CHRF(word_order=2), "ter": TER()}.items():
            expected = oracle.corpus_score(texts, _REFERENCES, n_bootstrap=1000)
            score = scores.scores[row][name]
            assert (score.value, score.signature) == (expected.score, str(oracle.get_signature()))
            assert score.interval is not None
            assert (score.interval.high - score.interval.low) / 2 == expected._ci


def test_the_first_target_may_come_late() -> None:
    early = score_segments(_SEGMENTS)
    late = score_segments(sorted(_SEGMENTS, key=lambda segment: segment.target is not None))
    assert {name: score.value for name, score in early.scores["target"].items()} == {
        name: score.value for name, score in late.scores["target"].items()
    }


def test_without_any_target_there_is_no_row_for_it() -> None:
    scores = score_segments([segment for segment in _SEGMENTS if segment.target is None])
    assert list(scores.scores) == ["mt"]
    assert scores.with_target == 0


def test_an_emptied_target_counts_as_one() -> None:
    scores = score_segments([Segment(1, "a b c d", target="", references=("a b c d",))], ScoreOptions(("ter",)))
    assert (scores.scores["mt"]["ter"].value, scores.scores["target"]["ter"].value) == (0, 100)


def test_segment_scores_come_in_order() -> None:
    seen: list[SegmentScores] = []
    score_segments(_SEGMENTS, ScoreOptions(("bleu", "ter")), on_segment=seen.append)
    assert [found.segment.position for found in seen] == [1, 3, 4, 5]
    assert [list(found.scores) for found in seen] == [["mt"], ["mt", "target"], ["mt"], ["mt", "target"]]
    expected = BLEU(effective_order=True).sentence_score(_SEGMENTS[2].mt, list(_SEGMENTS[2].references))
    assert seen[1].scores["mt"]["bleu"].value == expected.score
    value = json.loads(json.dumps(seen[0].to_json()))
    assert (value["position"], value["line"], value["id"]) == (1, 2, "a")
    assert value["scores"]["mt"]["bleu"]["interval"] is None


def test_no_references_anywhere_is_an_error_with_a_remedy() -> None:
    with pytest.raises(ScoringError, match="none of the 2 segments has a reference") as caught:
        score_segments([Segment(1, "a"), Segment(2, "b")])
    assert "--references" in caught.value.hint


def test_an_unknown_metric_is_refused_before_anything_is_read() -> None:
    def segments() -> Iterator[Segment]:
        raise AssertionError("read")
        yield

    with pytest.raises(ScoringError, match="unknown metric"):
        score_segments(segments(), ScoreOptions(("blue",)))


def test_progress_is_told() -> None:
    told: list[int] = []
    segments = (Segment(number, "a b", references=("a c",)) for number in range(1, 251))
    score_segments(segments, ScoreOptions(("ter",), resamples=0), on_progress=told.append)
    assert told == [100, 200]


def test_no_resamples_no_interval() -> None:
    score = score_segments(_SEGMENTS, ScoreOptions(("bleu",), resamples=0)).scores["mt"]["bleu"]
    assert score.interval is None
    assert "bs:" not in score.signature


def test_tokenized_text_is_told() -> None:
    segments = [Segment(number, "It is so .", references=("It is .",)) for number in range(1, 101)]
    options = ScoreOptions(("ter",), resamples=0)
    assert not score_segments(segments[1:], options).warnings
    (warning,) = score_segments(segments, options).warnings
    assert "detokenized" in warning


def test_the_report_is_plain_json() -> None:
    value = json.loads(json.dumps(score_segments(_SEGMENTS, ScoreOptions(("chrF",))).to_json()))
    assert set(value) == {
        "segments",
        "scored",
        "with_target",
        "skipped",
        "scores",
        "reference_kind",
        "effort",
        "warnings",
    }
    assert set(value["scores"]) == {"mt", "target"}
    assert set(value["scores"]["mt"]["chrf"]) == {"name", "value", "signature", "higher_is_better", "interval"}


def test_texts_are_not_kept() -> None:
    def segments(count: int) -> Iterator[Segment]:
        for number in range(1, count + 1):
            text = f"{number} " + "x" * 10_000
            yield Segment(number, text, target=f"{text} y", references=(text,))

    options = ScoreOptions(("ter",), resamples=0)
    score_segments(segments(10), options)  # imports
    tracemalloc.start()
    score_segments(segments(500), options)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2_000_000  # the texts are 10 MB; a single one takes 1.5 MB while its characters are compared


def _write(path: Path, lines: list[str]) -> Path:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def test_a_file_with_its_references_beside_it(tmp_path: Path) -> None:
    mts = [segment.mt for segment in _SCORED]
    table = _write(tmp_path / "a.tsv", ["id\tmt", *(f"{number}\t{mt}" for number, mt in enumerate(mts))])
    references = _write(tmp_path / "a.ref.txt", [segment.references[0] for segment in _SCORED])
    seen: list[int] = []
    scores = score_file(
        [table],
        ReadOptions(),
        ScoreOptions(("bleu",)),
        references=[references],
        on_segment=lambda one: seen.append(one.segment.position),
    )
    assert (scores.segments, scores.scored) == (4, 4)
    assert seen == [1, 2, 3, 4]
    expected = BLEU().corpus_score(mts, [[segment.references[0] for segment in _SCORED]]).score
    assert scores.scores["mt"]["bleu"].value == expected


def test_bad_records_that_were_passed_over_are_counted(tmp_path: Path) -> None:
    table = _write(tmp_path / "a.tsv", ["mt\treference", "one\tone", "two\ttwo\tthree", "four\tfour"])
    scores = score_file([table], ReadOptions(skip_bad=True), ScoreOptions(("ter",)))
    assert (scores.segments, scores.skipped) == (2, 1)


def test_references_of_another_length_are_refused(tmp_path: Path) -> None:
    table = _write(tmp_path / "a.tsv", ["id\tmt", "1\tone", "2\ttwo"])
    references = _write(tmp_path / "a.ref.txt", ["one"])
    with pytest.raises(AlignmentError):
        score_file([table], ReadOptions(), references=[references])


def test_the_effort_is_that_of_all_targets_with_or_without_references() -> None:
    segments = [
        Segment(1, "He go home", target="He goes home", references=("He goes home",)),
        Segment(2, "The end of the", target="of the The end"),
        Segment(3, "not begun"),
    ]
    effort = score_segments(segments, ScoreOptions(resamples=0)).effort
    assert effort is not None
    assert (effort.segments, effort.changed) == (2, 2)
    assert effort.hter == pytest.approx(100 * (1 + 1) / 7), "a moved phrase is one edit"
    assert effort.word_edit_rate == pytest.approx(100 * (1 + 4) / 7)
    assert 0 < effort.character_edit_rate < 100
