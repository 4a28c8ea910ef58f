"""A benchmark with a toy rewriter: every figure can be counted by hand; runs that stop and go on."""

import json
from pathlib import Path

import pytest

from posteditor.errors import CorpusError, ModelError, UsageError
from posteditor.scoring.metrics import create_metric
from posteditor.services.benchmark.json_values import from_json
from posteditor.services.benchmark.options import BenchmarkOptions
from posteditor.services.benchmark.report import Category, RunReport
from posteditor.services.benchmark.reporting import read_report
from posteditor.services.benchmark.running import benchmark
from tests.services.benchmark.conftest import write

QUICK = BenchmarkOptions(resamples=0, trials=0)


def test_every_figure_of_a_challenge_set(challenge_set: Path) -> None:
    report = benchmark([challenge_set], ["toy"], BenchmarkOptions(threshold="show", resamples=0, trials=0))
    (one,) = report.sets
    nothing, toy = one.rows
    assert (nothing.rewriter, nothing.changed, nothing.improved, nothing.perfect) == ("none", 0, 0, 2)
    assert (toy.segments, toy.changed, toy.improved, toy.deteriorated, toy.failed) == (10, 7, 5, 2, 1)
    assert (toy.perfect, toy.over_edited, toy.edits, toy.edited_words) == (2, 1, 8, 8)
    assert toy.precision == pytest.approx(500 / 7)
    assert toy.unchanged == 3
    assert toy.gain_per_100_edited_words == 100 * (1 + 1 + 2 - 1 - 1 + 1 + 1) / 8
    assert toy.refused == {"number": 1}
    assert toy.failures[0].position == 10 and "told to raise" in toy.failures[0].reason
    assert [category.name for category in toy.categories] == ["spelling", "fluent", "guard"]
    assert toy.categories[0] == Category("spelling", 5, 0, 0, 4, 2, 3, 1, 0, 0)
    assert toy.categories[1] == Category("fluent", 2, 2, 0, 1, 1, 0, 1, 1, 0)
    assert toy.categories[2] == Category("guard", 3, 0, 3, 2, 2, 2, 0, 0, 1)
    (calibration,) = toy.calibration
    assert (calibration.low, calibration.edits, calibration.helped, calibration.hurt) == (0.9, 8, 6, 2)
    assert calibration.mean_confidence == pytest.approx(0.9)


def test_every_figure_of_a_file_with_references(scored: Path) -> None:
    (one,) = benchmark([scored], ["toy", "none", "toy"], QUICK).sets
    nothing, toy = one.rows
    assert (toy.segments, toy.changed, toy.improved, toy.deteriorated, toy.failed) == (3, 2, 1, 0, 0)
    assert list(toy.scores) == ["bleu", "chrf++", "ter", "ter-cased"]
    # 5 words in the references; case counts in the second of the two only.
    assert [nothing.scores[name].value for name in ("ter", "ter-cased")] == [60, 60]
    assert [toy.scores[name].value for name in ("ter", "ter-cased")] == [20, 40]
    assert toy.word_edit_rate == 40
    assert [bucket.segments for bucket in toy.by_length] == [3, 0, 0, 0, 0]
    assert [bucket.segments for bucket in toy.by_quality] == [0, 0, 0, 0, 3]
    assert toy.by_length[0].before["ter"] == 60 and toy.by_length[0].after["ter"] == 20
    assert toy.by_length[1].before == {}
    assert nothing.speed is None
    assert toy.speed is not None and toy.speed.segments_per_second > 0 and toy.speed.timed_segments == 2
    values = {each.metric: each.value for each in toy.differences}
    assert values["ter"] == -40 and {each.baseline for each in toy.differences} == {"none"}


def test_differences_are_tested_against_nothing_and_the_first_model(tmp_path: Path) -> None:
    lines = [f"teh cat {number} sleeps\tthe cat {number} sleeps" for number in range(12)]
    path = write(tmp_path / "a.tsv", ["mt\treference", *lines])
    (one,) = benchmark([path], ["toy", "toy+none"], BenchmarkOptions(resamples=200, trials=200)).sets
    _, first, second = one.rows
    assert {each.baseline for each in first.differences} == {"none"}
    assert [each.baseline for each in second.differences] == ["none"] * 4 + ["toy"] * 4
    to_nothing, to_first = second.differences[2], second.differences[6]
    assert to_nothing.bootstrap_p is not None and to_nothing.bootstrap_p < 0.05
    assert to_nothing.randomisation_p is not None and to_nothing.randomisation_p < 0.05
    assert (to_first.value, to_first.bootstrap_p, to_first.randomisation_p) == (0, None, None)


def test_the_report_is_plain_json_and_comes_back(challenge_set: Path, scored: Path, tmp_path: Path) -> None:
    report = benchmark([challenge_set, scored], ["toy"], BenchmarkOptions(resamples=20), run_folder=tmp_path / "run")
    plain = json.loads(json.dumps(report.to_json()))
    assert from_json(RunReport, plain) == report == read_report(tmp_path / "run")
    assert plain["sets"][1]["rows"][1]["precision"] == 50
    assert plain["environment"]["sacrebleu"]


def test_targets_in_the_file_are_not_what_is_measured(tmp_path: Path) -> None:
    path = write(tmp_path / "a.tsv", ["mt\ttarget\treference", "a dog\tthe dog\tthe dog", "x\t\t"])
    (one,) = benchmark([path], [], QUICK).sets
    assert (one.segments, one.scored, one.rows[0].changed, one.rows[0].scores["ter"].value) == (2, 1, 0, 50)
    assert one.warnings == ("1 of 2 segments have no reference and are left out.",)


def test_files_are_looked_at_before_a_model_is_loaded(challenge_set: Path, tmp_path: Path) -> None:
    bare = write(tmp_path / "bare.tsv", ["mt", "a"])
    with pytest.raises(CorpusError, match=r"bare\.tsv"):
        benchmark([challenge_set, bare], ["no-such-model"], QUICK)
    with pytest.raises(ModelError, match="no-such-model"):
        benchmark([challenge_set], ["no-such-model"], QUICK)


def test_limit_and_sample(tmp_path: Path) -> None:
    path = write(tmp_path / "a.tsv", ["id\tmt\treference", *(f"{n}\ttext {n}\ttext" for n in range(50))])

    def ids(options: BenchmarkOptions) -> list[str]:
        folder = tmp_path / f"run-{options.limit}-{options.sample}-{options.seed}"
        benchmark([path], [], options, run_folder=folder)
        return [json.loads(line)["id"] for line in (folder / "sets" / "a.jsonl").read_text().splitlines()]

    assert ids(BenchmarkOptions(limit=3, resamples=0, trials=0)) == ["0", "1", "2"]
    drawn = ids(BenchmarkOptions(sample=5, resamples=0, trials=0))
    assert len(drawn) == 5 and drawn == sorted(drawn, key=int) and drawn != ["0", "1", "2", "3", "4"]
    assert ids(BenchmarkOptions(sample=5, seed=2, resamples=0, trials=0)) != drawn


class TestRunFolders:
    """What is kept of a run, and what becomes of it later."""

    @pytest.fixture
    def calls(self, tmp_path: Path) -> Path:
        folder = tmp_path / "toy"
        folder.mkdir()
        return folder

    @pytest.fixture
    def source(self, tmp_path: Path) -> Path:
        return write(tmp_path / "a.tsv", ["mt\treference", *(f"teh cat {n}\tthe cat {n}" for n in range(200))])

    def test_the_same_run_again_does_nothing(self, source: Path, tmp_path: Path, calls: Path) -> None:
        run = tmp_path / "run"
        first = benchmark([source], [f"toy:{calls}"], QUICK, run_folder=run)
        states = {path: path.stat().st_mtime_ns for path in run.rglob("*.json*")}
        asked = len((calls / "calls").read_text().splitlines())
        assert benchmark([source], [f"toy:{calls}"], QUICK, run_folder=run) == first
        assert len((calls / "calls").read_text().splitlines()) == asked
        del states[run / "manifest.json"]
        assert {path: path.stat().st_mtime_ns for path in states} == states

    def test_a_challenge_set_is_there_for_models_that_come_later(self, challenge_set: Path, tmp_path: Path) -> None:
        run = tmp_path / "run"
        benchmark([challenge_set], ["toy"], QUICK, run_folder=run)
        before = sorted(path.name for path in (run / "sets").iterdir())
        (one,) = benchmark([challenge_set], ["toy+none"], QUICK, run_folder=run).sets
        assert [len(row.categories) for row in one.rows] == [3, 3, 3]
        assert sorted(path.name for path in (run / "sets").iterdir()) == before

    def test_a_stopped_run_goes_on_where_it_was(self, source: Path, tmp_path: Path, calls: Path) -> None:
        spec, run = f"toy:{calls}", tmp_path / "run"
        whole = benchmark([source], [spec], QUICK, run_folder=tmp_path / "whole")
        (calls / "calls").unlink()

        def stop(done: int, total: int | None, stage: str) -> None:
            assert total == 400
            if stage == spec and done >= 328:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            benchmark([source], [spec], QUICK, run_folder=run, on_progress=stop)
        assert (calls / "calls").read_text().split() == [str(n) for n in range(1, 129)]
        again = benchmark([source], [spec], QUICK, run_folder=run)
        answered = (calls / "calls").read_text().split()[128:200]
        assert answered == [str(n) for n in range(129, 201)], "none is asked for twice, but by the clock"
        for ours, theirs in zip(again.sets[0].rows, whole.sets[0].rows, strict=True):
            assert (ours.scores, ours.changed, ours.improved) == (theirs.scores, theirs.changed, theirs.improved)

    def test_models_and_test_sets_can_be_added(self, source: Path, scored: Path, tmp_path: Path) -> None:
        run = tmp_path / "run"
        benchmark([source], ["toy"], QUICK, run_folder=run)
        benchmark([source], ["toy+none"], QUICK, run_folder=run)
        report = benchmark([scored], [], QUICK, run_folder=run)
        assert [one.name for one in report.sets] == ["a", "scored"]
        assert [[row.rewriter for row in one.rows] for one in report.sets] == [["none", "toy", "toy+none"]] * 2

    def test_other_data_or_settings_are_refused(self, source: Path, tmp_path: Path) -> None:
        run = tmp_path / "run"
        benchmark([source], ["toy"], QUICK, run_folder=run)
        with pytest.raises(UsageError, match="another threshold"):
            benchmark([source], ["toy"], BenchmarkOptions(threshold="show"), run_folder=run)
        source.write_text(source.read_text().replace("cat 7\t", "dog 7\t"))
        with pytest.raises(UsageError, match="a has other texts than when this run was begun"):
            benchmark([source], ["toy"], QUICK, run_folder=run)
        benchmark([source], ["toy"], BenchmarkOptions(threshold="show", force=True), run_folder=run)

    def test_a_run_whose_references_are_of_a_known_kind_is_read_back(self, scored: Path, tmp_path: Path) -> None:
        options = BenchmarkOptions(resamples=0, trials=0, reference_kind="post-edit")
        first = benchmark([scored], ["toy"], options, run_folder=tmp_path / "run")
        assert first.sets[0].reference_kind == "post-edit"
        assert benchmark([scored], ["toy"], options, run_folder=tmp_path / "run") == first

    def test_a_foreign_folder_is_left_alone(self, source: Path, tmp_path: Path) -> None:
        (tmp_path / "mine").mkdir()
        (tmp_path / "mine" / "letter.txt").write_text("dear")
        with pytest.raises(UsageError, match="is not empty"):
            benchmark([source], ["toy"], BenchmarkOptions(force=True), run_folder=tmp_path / "mine")
        assert [path.name for path in (tmp_path / "mine").iterdir() if path.name != ".lock"] == ["letter.txt"]

    def test_a_damaged_manifest(self, source: Path, tmp_path: Path) -> None:
        run = tmp_path / "run"
        benchmark([source], [], QUICK, run_folder=run)
        (run / "manifest.json").write_text('{"version": 1}')
        with pytest.raises(CorpusError, match="is damaged"):
            benchmark([source], [], QUICK, run_folder=run)

    def test_two_runs_at_once(self, source: Path, tmp_path: Path) -> None:
        run = tmp_path / "run"

        def another(done: int, total: int | None, stage: str) -> None:
            with pytest.raises(UsageError, match="another run is at work"):
                benchmark([source], ["toy"], QUICK, run_folder=run)

        benchmark([source], ["toy"], QUICK, run_folder=run, on_progress=another)


def test_statistics_are_those_of_the_metrics(scored: Path, tmp_path: Path) -> None:
    from posteditor.services.benchmark.cells import read_answers

    benchmark([scored], ["toy"], QUICK, run_folder=tmp_path / "run")
    first, *_ = read_answers(tmp_path / "run" / "answers" / "scored" / "toy.jsonl")
    expected = [create_metric(name).statistics("the cat", ["the cat"]) for name in QUICK.all_metrics]
    assert [list(numbers) for numbers in first.statistics] == [list(numbers) for numbers in expected]
    assert first.helps == (1.0,)
