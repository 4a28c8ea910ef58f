"""The forms of a report with everything in it: names that would break a table, signatures that differ among sets."""

import csv
import re
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest

from posteditor.services.benchmark.forms.csv_table import csv_table
from posteditor.services.benchmark.forms.html_page import html_page
from posteditor.services.benchmark.forms.latex import escaped, latex
from posteditor.services.benchmark.forms.markdown import markdown
from posteditor.services.benchmark.forms.page_text import columns_of
from posteditor.services.benchmark.forms.terminal_plots import plot_lines
from posteditor.services.benchmark.forms.terminal_scatter import Dot, scatter_lines
from posteditor.services.benchmark.options import BenchmarkOptions
from posteditor.services.benchmark.report import RunReport
from posteditor.services.benchmark.running import benchmark
from tests.services.benchmark.conftest import write
from tests.services.benchmark.made_report import MODELS, made_report, made_set


def named(spec: str) -> RunReport:
    """The made report with another name for its first model."""
    report = made_report()
    sets = (
        replace(
            one,
            rows=tuple(replace(row, rewriter=spec) if row.rewriter == MODELS[0] else row for row in one.rows),
        )
        for one in report.sets
    )
    return replace(report, sets=tuple(sets))


def test_every_form_holds_every_signature() -> None:
    report = made_report()
    signatures = {score.signature for one in report.sets for row in one.rows for score in row.scores.values()}
    assert len(signatures) == 8, "the second test set has two references"
    for text in (csv_table(report), markdown(report), latex(report), html_page(report)):
        assert all(signature in text for signature in signatures)


@pytest.mark.parametrize("name", ["[4pt]", "*", "[x](y)"])
def test_a_latex_row_is_no_option_of_the_one_above(name: str) -> None:
    lines = latex(named(name)).splitlines()
    assert not [line for line in lines if line.startswith(("[", "*"))]
    assert sum(line.startswith("{}" + escaped(name)) for line in lines) == 3


def test_hyphens_stay_hyphens_in_latex() -> None:
    assert escaped("--model ---x-y") == "-{}-model -{}-{}-x-y"


def test_a_set_without_rows_is_told_in_every_form() -> None:
    report = replace(made_report(), sets=(made_set("empty", [], 0),))
    assert "## empty" in markdown(report) and "empty" in latex(report) and list(plot_lines(report)) == []
    assert len(list(csv.reader(StringIO(csv_table(report))))) == 1


def test_csv_holds_what_rates_are_made_of() -> None:
    report = made_report()
    records = list(csv.DictReader(StringIO(csv_table(report))))
    rows = [(one, row) for one in report.sets for row in one.rows]
    for record, (one, row) in zip(records, rows, strict=True):
        assert (record["test_set"], record["rewriter"], record["sha256"]) == (one.name, row.rewriter, one.sha256)
        assert (record["words"], record["edited_words"]) == (str(row.words), str(row.edited_words))
        assert record["source_lang"] == (one.source_lang or "")
        assert record["timed_segments"] == ("200" if row.speed else "")


@pytest.mark.parametrize("width", [50, 80, 120])
@pytest.mark.parametrize("name", ["模型" * 20, "a" * 90, "e\u0301" * 40, "x\x1b[2J\u202e"])
@pytest.mark.parametrize("ascii_only", [False, True])
def test_plots_fit_in_columns_whatever_the_names(width: int, name: str, ascii_only: bool) -> None:
    lines = list(plot_lines(named(name), width, ascii_only=ascii_only))
    assert max(map(columns_of, lines)) <= width
    assert not [line for line in lines if re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e]", line)]
    assert all(line.isascii() for line in lines) or not ascii_only


def test_long_names_leave_room_for_what_a_bar_means() -> None:
    lines = list(plot_lines(made_report()))
    bars = [line for line in lines[1:9] if line]
    assert [line.split()[-3] for line in bars] == ["better", "worse"] * 4
    assert [int(line.split()[-2]) for line in bars] == [294, 52, 125, 22, 21, 14, 476, 85]


def test_points_stand_where_their_numbers_are() -> None:
    dots = [Dot("slow", "a", 1, -4), Dot("fast", "b", 1000, 1), Dot("there too", "c", 1000, 1)]
    lines = list(scatter_lines(dots, 80, "do-nothing", ascii_only=True))
    places = {mark: (row, line.index(mark, 10)) for row, line in enumerate(lines) for mark in "a*" if mark in line[10:]}
    zero = next(row for row, line in enumerate(lines) if "do-nothing" in line)
    assert places["*"][0] < zero < places["a"][0] and places["a"][1] < places["*"][1]
    assert max(map(len, lines)) <= 80 and lines[zero].split()[0] == "0"


def test_mt_metrics_eval_scores_name_its_own_systems_and_references(tmp_path: Path) -> None:
    lines = ["source\tmt\treference\treference_2", "a\u2028b\tteh cat\tthe cat\ta cat", "c\ta\u2028dog\tthe dog\t"]
    run = tmp_path / "run"
    options = BenchmarkOptions(resamples=10, trials=10, source_lang="de", target_lang="en")
    benchmark([write(tmp_path / "a.tsv", lines)], ["toy", "toy+none"], options, run_folder=run)
    folder = run / "mt-metrics-eval" / "a"
    systems = {path.name.removesuffix(".txt") for path in (folder / "system-outputs" / "de-en").iterdir()}
    references = {path.name.split(".")[-2] for path in (folder / "references").iterdir()}
    files = list((folder / "metric-scores" / "de-en").iterdir())
    assert len(files) == 8
    for path in files:
        name, level, _ = path.name.rsplit(".", 2)
        assert set(name.rsplit("-", 1)[1].split(".")) == references == {"refA", "refB"}
        scores = [line.split() for line in path.read_text().splitlines()]
        assert [system for system, _ in scores[:: 2 if level == "seg" else 1]] == ["none", "toy", "toy+none"]
        assert {system for system, _ in scores} == systems
