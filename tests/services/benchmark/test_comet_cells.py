"""COMET in a run folder: what is reported of scores that are there, and when a real program is asked for more."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from posteditor.cli.benchmark_tables import report_lines
from posteditor.errors import ScoringError
from posteditor.formats.options import ReadOptions
from posteditor.scoring.comet import Comet
from posteditor.scoring.comet_program import VARIABLE
from posteditor.services.benchmark.comet_cells import comet_rows, read_scores, score_cells
from posteditor.services.benchmark.options import BenchmarkOptions
from posteditor.services.benchmark.report import CometRow
from posteditor.services.benchmark.reporting import read_report
from posteditor.services.benchmark.run_folder import RunFolder, open_run
from posteditor.services.benchmark.running import benchmark
from tests.services.benchmark.conftest import write

MODEL_VARIABLE = "POSTEDITOR_COMET_MODEL"
QUICK = BenchmarkOptions(resamples=0, trials=0)
NO_PROGRAM = Path("/nowhere/comet-score")
LINES = [
    "id\tsource\tmt\treference",
    "1\tDie Katze schläft hier\tteh cat sleeps here\tthe cat sleeps here",
    "2\t\ta dog\tthe dog",  # no source: not scored
    "3\tDie Welt ist rund\tteh wrold is round\tthe world is round",
    "4\tDer Hund\tthe dog\tthe dog",
]


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    path = write(tmp_path / "small.tsv", LINES)
    benchmark([path], ["toy"], QUICK, read=ReadOptions(), run_folder=tmp_path / "run")
    return open_run(tmp_path / "run")


def rows(run: RunFolder, comet: Comet) -> dict[str, CometRow]:
    (kept,) = run.sets.values()
    return comet_rows(run, kept, comet, resamples=50, trials=50, seed=1)


def keep(run: RunFolder, comet: Comet, scores: dict[str, list[float]]) -> None:
    """Scores as if a program had given them, with the hashes of the texts."""
    from posteditor.services.benchmark import comet_cells as module

    (kept,) = run.sets.values()
    segments = list(module._scored(run, kept))
    hashes = {spec: module._hash(segments, module._texts(run, kept, spec), False) for spec in scores}
    value = module.CometScores(
        1, comet.model, "", "2.2.7", False, hashes, {spec: tuple(of_one) for spec, of_one in scores.items()}
    )
    module._save(run.comet_file(kept.name), value)


def test_rows_from_scores(run: RunFolder) -> None:
    comet = Comet("Unbabel/wmt22-comet-da", NO_PROGRAM)
    keep(run, comet, {"none": [0.5, 0.25, 0.75], "toy": [0.75, 0.5, 0.75]})
    score_cells(run, comet)  # nothing to be scored, so no program is asked for
    found = rows(run, comet)
    nothing, toy = found["none"], found["toy"]
    assert nothing.score.value == 50 and toy.segments == 3
    assert toy.score.value == pytest.approx(200 / 3)
    assert toy.score.interval is not None and "model:Unbabel/wmt22-comet-da" in toy.score.signature
    (difference,) = toy.differences
    assert (difference.metric, difference.baseline) == ("comet", "none")
    assert difference.value == pytest.approx(50 / 3)
    assert difference.bootstrap_p is not None and difference.randomisation_p is not None
    # 3 words edited in 10: a TER of 30.
    assert toy.gain_to_edit == pytest.approx(50 / 3 / 30)
    assert toy.gain_per_100_edited_words == pytest.approx(100 * 50 / 3)
    assert nothing.differences == () and nothing.gain_to_edit is None


def test_a_report_has_them_only_where_they_were_asked_for(run: RunFolder, tmp_path: Path) -> None:
    keep(run, Comet("Unbabel/wmt22-comet-da"), {"none": [0.5, 0.25, 0.75], "toy": [0.75, 0.5, 0.75]})
    path = tmp_path / "small.tsv"
    with_comet = replace(QUICK, comet="Unbabel/wmt22-comet-da")
    report = benchmark([path], ["toy"], with_comet, run_folder=run.path)
    nothing, toy = report.sets[0].rows
    assert nothing.comet is not None and nothing.comet.score.value == 50
    assert toy.comet is not None and toy.comet.gain_to_edit == pytest.approx(50 / 3 / 30)
    assert read_report(run.path) == report
    lines = list(report_lines(report))
    start = next(place for place, line in enumerate(lines) if "gain-to-edit" in line)
    assert lines[start + 2].split()[:3] == ["toy", "3", "66.67*"]
    assert "model:Unbabel/wmt22-comet-da" in lines[start + 3]
    assert benchmark([path], ["toy"], QUICK, run_folder=run.path).sets[0].rows[1].comet is None


def test_scores_of_other_texts_or_models_count_for_nothing(run: RunFolder) -> None:
    comet = Comet("Unbabel/wmt22-comet-da", NO_PROGRAM)
    assert rows(run, comet) == {}
    keep(run, comet, {"none": [0.5, 0.25, 0.75], "toy": [0.75, 0.5, 0.75]})
    assert rows(run, Comet("Unbabel/wmt20-comet-da", NO_PROGRAM)) == {}
    value = json.loads(run.comet_file("small").read_bytes())
    value["texts"]["toy"] = "0"
    run.comet_file("small").write_text(json.dumps(value))
    assert list(rows(run, comet)) == ["none"]
    with pytest.raises(ScoringError, match="no such program"):
        score_cells(run, comet)
    run.comet_file("small").write_text("{")
    assert read_scores(run, "small") is None and rows(run, comet) == {}


def test_a_set_without_sources_is_passed_over(scored: Path, tmp_path: Path) -> None:
    benchmark([scored], ["toy"], QUICK, run_folder=tmp_path / "run")
    run = open_run(tmp_path / "run")
    notes: list[str] = []
    score_cells(run, Comet("x", NO_PROGRAM), on_note=notes.append)
    assert notes == ["scored: 3 of 3 segments lack a source, so COMET leaves them out."]
    assert rows(run, Comet("x", NO_PROGRAM)) == {}


@pytest.mark.slow
@pytest.mark.skipif(
    not (os.environ.get(VARIABLE) and os.environ.get(MODEL_VARIABLE)),
    reason=f"{VARIABLE} names no comet-score, or {MODEL_VARIABLE} no checkpoint",
)
def test_a_real_model_scores_only_what_is_new(run: RunFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    comet = Comet(os.environ[MODEL_VARIABLE])
    told: list[tuple[int, int, str]] = []
    score_cells(run, comet, on_progress=lambda *done: told.append(done))
    assert told[-1] == (5, 5, "small")  # 3 texts of do-nothing, 2 others of the toy
    first = read_scores(run, "small")
    assert first is not None and first.program != "unknown"
    assert first.scores["none"][2] == first.scores["toy"][2]  # left alone
    found = rows(run, comet)
    assert found["toy"].score.value == pytest.approx(100 * sum(first.scores["toy"]) / 3)
    assert found["toy"].gain_to_edit is not None

    score_cells(run, Comet(comet.model, NO_PROGRAM))
    folder = tmp_path / "toy-2"
    folder.mkdir()
    benchmark([tmp_path / "small.tsv"], [f"toy:{folder}"], QUICK, run_folder=run.path)
    run = open_run(run.path)
    told.clear()
    score_cells(run, comet, on_progress=lambda *done: told.append(done))
    again = read_scores(run, "small")
    assert told in ([], [(0, 0, "small")])  # the same texts under another name
    assert again is not None and again.scores[f"toy:{folder}"] == first.scores["toy"]
