"""The report in other forms, made of real runs with names that mean something to each of the languages."""

import csv
import re
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest

from posteditor.services.benchmark.forms.cells import best_rows
from posteditor.services.benchmark.forms.csv_table import csv_table
from posteditor.services.benchmark.forms.latex import escaped as latex_escaped
from posteditor.services.benchmark.forms.latex import latex
from posteditor.services.benchmark.forms.markdown import escaped as markdown_escaped
from posteditor.services.benchmark.forms.markdown import markdown
from posteditor.services.benchmark.forms.terminal_plots import plot_lines
from posteditor.services.benchmark.options import BenchmarkOptions
from posteditor.services.benchmark.report import RunReport
from posteditor.services.benchmark.running import benchmark
from tests.services.benchmark.conftest import write

HOSTILE = "a_b%&$|<i>#{}~^\\ \x1b[31m\n*x*"
OPTIONS = BenchmarkOptions(resamples=50, trials=50, reference_kind="post-edit")


@pytest.fixture
def report(challenge_set: Path, scored: Path) -> RunReport:
    """Two test sets, two models, one of which has a hostile name."""
    found = benchmark([challenge_set, scored], ["toy", "toy+none"], OPTIONS)
    sets = [
        replace(one, name=HOSTILE, rows=(*one.rows[:2], replace(one.rows[2], rewriter=HOSTILE))) for one in found.sets
    ]
    return replace(found, sets=tuple(sets))


def test_csv_has_a_record_for_each_rewriter_on_each_set(report: RunReport) -> None:
    header, *records = list(csv.reader(StringIO(csv_table(report))))
    assert len(records) == 6 and {len(record) for record in records} == {len(header)}
    assert len(set(header)) == len(header)
    toy = dict(zip(header, records[4], strict=True))
    assert (toy["test_set"], toy["rewriter"], toy["reference_kind"]) == (HOSTILE, "toy", "post-edit")
    row = report.sets[1].rows[1]
    assert float(toy["ter"]) == row.scores["ter"].value
    interval = row.scores["ter"].interval
    assert interval is not None and (float(toy["ter_low"]), float(toy["ter_high"])) == (interval.low, interval.high)
    assert (toy["baseline_1"], float(toy["ter_difference_1"])) == ("none", -40)
    assert (toy["baseline_2"], toy["ter_difference_2"]) == ("toy", "")
    assert (toy["improved"], toy["precision"], toy["over_edited"]) == ("1", "50.0", "0")
    assert "version:" in toy["bleu_signature"]
    nothing = dict(zip(header, records[3], strict=True))
    assert (nothing["precision"], nothing["seconds_to_load"]) == ("", "")


def test_the_best_of_an_error_rate_is_the_least(report: RunReport) -> None:
    rows = report.sets[1].rows
    assert best_rows(rows, "ter") == {1, 2}
    assert best_rows(rows, "bleu") == frozenset(), "all are 0.00"
    assert best_rows(rows[:1], "ter") == frozenset()


def test_markdown(report: RunReport) -> None:
    text = markdown(report)
    table = [line for line in text.splitlines() if line.startswith("|")]
    cells = [len(re.findall(r"(?<!\\)\|", line)) for line in table]
    starts = [place for place, line in enumerate(table) if line.startswith("| ---")]
    for start in starts:
        assert cells[start - 1] == cells[start] == cells[start + 1]
    assert "**20.00**" in text and "**60.00**" not in text
    assert "post-edits of this mt" in text
    assert "\x1b" not in text and "<i>" not in text
    assert markdown_escaped("a|b*c\nd") == "a\\|b\\*c d"


def test_latex(report: RunReport) -> None:
    text = latex(report)
    assert text.count(r"\begin{tabular}") == text.count(r"\end{tabular}") == 1
    for rule in (r"\toprule", r"\bottomrule"):
        assert text.count(rule) == 1
    body = [line for line in text.splitlines() if not line.startswith("%")]
    rows = [line for line in body if line.endswith(r" \\") and "multicolumn" not in line]
    assert {len(re.findall(r"(?<!\\)&", row)) for row in rows} == {8}
    plain = re.sub(r"\\[\\{}$&%#_]", "", "\n".join(body))
    assert plain.count("{") == plain.count("}") and plain.count("$") % 2 == 0
    assert not re.search(r"(?<!\\)[%#_]", "\n".join(body)), "special signs are escaped"
    assert r"\textbf{20.00}" in text and r"\textbf{60.00}" not in text
    assert latex_escaped("50% of a_b & \\x") == r"50\% of a\_b \& \textbackslash{}x"
    assert all(line.isprintable() for line in text.splitlines())


@pytest.mark.parametrize("width", [50, 80, 132])
@pytest.mark.parametrize("ascii_only", [False, True])
def test_plots_fit_the_terminal(report: RunReport, width: int, ascii_only: bool) -> None:
    lines = list(plot_lines(report, width, ascii_only=ascii_only))
    assert max(map(len, lines)) <= width
    assert all(line.isprintable() for line in lines)
    assert all(line.isascii() for line in lines) or not ascii_only
    block = "#" if ascii_only else "█"
    better = next(line for line in lines if line.startswith("toy better"))
    worse = next(line for line in lines if line.startswith("toy worse"))
    assert better.split()[2] == "5" and worse.split()[2] == "2"
    assert 2 < better.count(block) / worse.count(block) < 3.1, "bars are as long as the numbers are great"
    assert any("better" in line for line in lines)


def test_a_report_of_nothing_has_no_plots(scored: Path) -> None:
    assert list(plot_lines(benchmark([scored], [], OPTIONS))) == []


def test_the_run_folder_holds_every_form(tmp_path: Path) -> None:
    lines = ["one\tteh cat\tthe cat\ta cat", "two\ta\u2028dog\tthe dog\t", "three\twrold\tWorld\tthe world"]
    path = write(tmp_path / "a.tsv", ["source\tmt\treference\treference_2", *lines])
    run = tmp_path / "run"
    options = replace(OPTIONS, source_lang="de", target_lang="en")
    report = benchmark([path], ["toy"], options, run_folder=run)
    assert (run / "report.csv").read_bytes().decode() == csv_table(report)
    assert (run / "report.md").read_text() == markdown(report)
    assert (run / "report.tex").read_text() == latex(report)
    assert (run / "report.html").read_text().startswith("<!DOCTYPE html>")
    folder = run / "mt-metrics-eval" / "a"
    files = {str(one.relative_to(folder)) for one in folder.rglob("*") if one.is_file()}
    assert {"sources/de-en.txt", "references/de-en.refA.txt", "references/de-en.refB.txt"} <= files
    assert {"documents/de-en.docs", "system-outputs/de-en/none.txt", "system-outputs/de-en/toy.txt"} <= files

    def lines_of(name: str) -> list[str]:
        return (folder / name).read_text().split("\n")[:-1]

    assert lines_of("sources/de-en.txt") == ["one", "two", "three"]
    assert lines_of("references/de-en.refB.txt") == ["a cat", "", "the world"]
    assert lines_of("system-outputs/de-en/toy.txt") == ["the cat", "a dog", "world"]
    scores = [line.split("\t") for line in lines_of("metric-scores/de-en/ter-cased-refA.refB.seg.score")]
    assert [name for name, _ in scores] == ["none"] * 3 + ["toy"] * 3
    assert float(scores[3][1]) == 0 and float(scores[0][1]) < 0, "more is better in that layout"
    overall = dict(line.split("\t") for line in lines_of("metric-scores/de-en/ter-refA.refB.sys.score"))
    assert float(overall["toy"]) == -report.sets[0].rows[1].scores["ter"].value
