r"""A report as a LaTeX table for papers; it needs the package booktabs and nothing else.

Names in scripts other than Latin need LuaLaTeX or XeLaTeX with a font that has them, as all such text does.

Best scores are bold. A dagger marks what differs from do-nothing with p < 0.05 by every test that was made.
"""

from collections.abc import Iterator, Sequence

from posteditor.core.score import Score
from posteditor.services.benchmark.forms.cells import (
    best_rows,
    difference_of,
    is_significant,
    kind_of,
    name_of,
    signatures,
)
from posteditor.services.benchmark.report import NOTHING, Row, RunReport, SetReport

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "%": r"\%",
    "#": r"\#",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': "''",
}
_UP, _DOWN = r"$\uparrow$", r"$\downarrow$"


def latex(report: RunReport) -> str:
    """One tabular with a part for each test set; settings and signatures stand in comments before it."""
    return "\n".join(_lines(report)) + "\n"


def escaped(text: str) -> str:
    """Text that stands for itself."""
    plain = "".join(character if character.isprintable() else " " for character in text)
    marked = "".join(_SPECIAL.get(character, character) for character in plain)
    return marked.replace("--", "-{}-").replace("--", "-{}-")  # a font would make a dash of two hyphens


def _lines(report: RunReport) -> Iterator[str]:
    yield r"% \usepackage{booktabs}"
    yield f"% posteditor {_comment(report.posteditor)}, threshold {report.threshold}, seed {report.seed}"
    for one in report.sets:
        yield f"% {_comment(one.name)}: {one.scored} of {one.segments} segments; {kind_of(one)}"
    for told in signatures(report):
        where = f" (on {', '.join(told.sets)})" if told.sets else ""
        yield f"% {_comment(told.metric)}: {_comment(told.text)}{_comment(where)}"
    scores = _scores(report)
    yield rf"\begin{{tabular}}{{l{'r' * (len(scores) + 4)}}}"
    yield r"\toprule"
    arrows = [f"{escaped(one.name)} {_UP if one.higher_is_better else _DOWN}" for one in scores]
    yield _row(["", *arrows, "changed", "improved", "worse", r"prec.\ \%"])
    for one in report.sets:
        yield r"\midrule"
        yield rf"\multicolumn{{{len(scores) + 5}}}{{l}}{{\textit{{{escaped(one.name)}}}}} \\"
        yield from _set_rows(one, report.metrics)
    yield r"\bottomrule"
    yield r"\end{tabular}"


def _scores(report: RunReport) -> list[Score]:
    first = next((row for one in report.sets for row in one.rows), None)
    return [] if first is None else [first.scores[metric] for metric in report.metrics]


def _set_rows(one: SetReport, metrics: Sequence[str]) -> Iterator[str]:
    best = {metric: best_rows(one.rows, metric) for metric in metrics}
    for place, row in enumerate(one.rows):
        precision = "--" if row.precision is None else f"{row.precision:.1f}"
        counts = [f"{row.changed}", f"{row.improved}", f"{row.deteriorated}", precision]
        cells = [_score(row, metric, is_best=place in best[metric]) for metric in metrics]
        yield _row([escaped(name_of(row.rewriter)), *cells, *counts])


def _score(row: Row, metric: str, *, is_best: bool) -> str:
    value = f"{row.scores[metric].value:.2f}"
    difference = difference_of(row, metric, NOTHING)
    mark = r"$^\dagger$" if difference is not None and is_significant(difference) else ""
    return (rf"\textbf{{{value}}}" if is_best else value) + mark


def _row(cells: Sequence[str]) -> str:
    r"""A row, which the one above it would take for an option of its ``\\`` if it began with ``[`` or ``*``."""
    line = " & ".join(cells) + r" \\"
    return "{}" + line if line.startswith(("[", "*")) else line


def _comment(text: str) -> str:
    """Text within a comment, which a line break would end."""
    return "".join(character if character.isprintable() else " " for character in text)
