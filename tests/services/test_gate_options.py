"""Rules of the gate that are switched off: in batches, in benchmarks, and on the command line."""

import json
from pathlib import Path

import pytest

from posteditor.cli.main import main
from posteditor.services.benchmark.options import BenchmarkOptions
from posteditor.services.benchmark.running import benchmark
from posteditor.services.rewriting import RewriteOptions, rewrite_file

PLUGINS = Path(__file__).parents[1] / "plugins"


@pytest.fixture(autouse=True)
def plugins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(PLUGINS))


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "in.tsv"
    lines = [f"teh seven dogs of house {number}\tthe eight dogs of house {number}\n" for number in range(1, 101)]
    path.write_text("mt\treference\n" + "".join(lines), encoding="utf-8")
    return path


def test_a_batch_run_counts_by_rule_and_takes_rules_off(source: Path, tmp_path: Path) -> None:
    strict = rewrite_file([source], tmp_path / "strict.tsv", RewriteOptions(spec="toy"))
    assert (dict(strict.refused), strict.changed) == ({"number": 100}, 100)
    loose = rewrite_file([source], tmp_path / "loose.tsv", RewriteOptions(spec="toy", gate_off=("number",)))
    assert (dict(loose.refused), loose.changed) == ({}, 100)
    assert "the eight dogs of house 1\ttoy" in (tmp_path / "loose.tsv").read_text(encoding="utf-8")


def test_a_stopped_run_goes_on_under_the_same_rules_and_starts_anew_under_others(source: Path, tmp_path: Path) -> None:
    output = tmp_path / "out.tsv"

    def stop(done: int, total: int | None = None, stage: str = "") -> None:
        if done and not stage:  # a batch was answered
            raise KeyboardInterrupt

    def stopped(options: RewriteOptions) -> None:
        with pytest.raises(KeyboardInterrupt):
            rewrite_file([source], output, options, on_progress=stop)

    stopped(RewriteOptions(spec="toy"))
    assert rewrite_file([source], output, RewriteOptions(spec="toy")).resumed > 0
    stopped(RewriteOptions(spec="toy", force=True))
    result = rewrite_file([source], output, RewriteOptions(spec="toy", gate_off=("number",), force=True))
    assert (result.resumed, result.discarded_other, dict(result.refused)) == (0, True, {})


def test_rules_are_off_for_the_members_of_an_ensemble_too(source: Path, tmp_path: Path) -> None:
    loose = rewrite_file([source], tmp_path / "loose.tsv", RewriteOptions(spec="toy+none", gate_off=("number",)))
    assert (dict(loose.refused), loose.changed) == ({}, 100)
    options = BenchmarkOptions(resamples=0, trials=0, gate_off=("number",))
    (report,) = benchmark([source], ["toy+none"], options).sets
    assert [each.refused for each in report.rows] == [{}, {}]


def test_a_benchmark_counts_by_rule(source: Path) -> None:
    (strict,) = benchmark([source], ["toy"], BenchmarkOptions(resamples=0, trials=0)).sets
    (loose,) = benchmark([source], ["toy"], BenchmarkOptions(resamples=0, trials=0, gate_off=("number",))).sets
    assert [row.refused for row in strict.rows] == [{}, {"number": 100}]
    assert [row.refused for row in loose.rows] == [{}, {}]


def test_the_command_line_takes_rules_off_and_says_what_was_withdrawn(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["bench", str(source), "--model", "toy", "--resamples", "0"]) == 0
    assert "hunks of toy withdrawn by the gate: number 100" in capsys.readouterr().out
    assert main(["bench", str(source), "--model", "toy", "--resamples", "0", "--gate-off", "number", "--json"]) == 0
    captured = capsys.readouterr()
    assert json.loads(captured.out)["result"]["sets"][0]["rows"][1]["refused"] == {}
    output = str(tmp_path / "out.tsv")
    options = ["--gate-off", "name", "--gate-off", "control-character"]
    assert main(["rewrite", str(source), "-o", output, "--model", "toy", *options]) == 0
    assert "withdrawn by the gate: number 100" in capsys.readouterr().err


@pytest.mark.parametrize(
    "command", [["rewrite", "{source}", "-o", "{source}.out.tsv"], ["bench", "{source}"], ["edit", "{source}"]]
)
def test_a_rule_that_does_not_exist_is_refused_before_any_work(
    command: list[str], source: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [argument.format(source=source) for argument in command]
    assert main([*arguments, "--gate-off", "numbers"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "no rule 'numbers'" in captured.err and "Did you mean 'number'?" in captured.err
    assert [path.name for path in source.parent.iterdir()] == [source.name]
