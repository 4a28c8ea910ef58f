"""A report as one self-contained page: tables and charts, no script, nothing loaded from anywhere.

Names and texts come from files that anybody may have made: all of them are escaped, and what can't be seen is named.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from posteditor.services.benchmark.forms.cells import kind_of, name_of, signatures
from posteditor.services.benchmark.forms.page_charts import Figure, figures, styles_of
from posteditor.services.benchmark.forms.page_counts import count_table
from posteditor.services.benchmark.forms.page_details import (
    FailureGroup,
    category_table,
    detail_tables,
    failure_groups,
    refusal_table,
)
from posteditor.services.benchmark.forms.page_tables import (
    Head,
    Styles,
    Table,
    difference_tables,
    overview,
    score_table,
)
from posteditor.services.benchmark.forms.page_text import visible
from posteditor.services.benchmark.forms.svg import swatch
from posteditor.services.benchmark.report import RunReport, SetReport

_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class _SetPage:
    identity: str
    report: SetReport
    kind: str
    scores: Table
    differences: tuple[Table, ...]
    counts: Table
    key: tuple[Head, ...]
    figures: tuple[Figure, ...]
    small_figures: tuple[Figure, ...]
    details: tuple[Table, ...]
    refusals: Table | None
    categories: Table | None
    failures: tuple[FailureGroup, ...]


@dataclass(frozen=True, slots=True)
class _Revision:
    rewriter: Head
    text: str


def html_page(report: RunReport) -> str:
    """The page; readable offline, on a phone, in the dark and on paper."""
    styles = styles_of(report)
    return _template().render(
        report=report,
        overview=overview(report, styles),
        sets=[_set_page(one, place, report, styles) for place, one in enumerate(report.sets, 1)],
        signatures=signatures(report),
        revisions=_revisions(report, styles),
    )


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    environment.globals["swatch"] = swatch
    return environment.get_template("report.html.jinja")


def _shown(value: object) -> object:
    """Every value on its way into the page, before it is escaped."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _set_page(one: SetReport, place: int, report: RunReport, styles: Styles) -> _SetPage:
    identity = f"set-{place}"
    drawn = figures(one, identity, styles)
    return _SetPage(
        identity=identity,
        report=one,
        kind=kind_of(one),
        scores=score_table(one, report.metrics, styles),
        differences=difference_tables(one, report.metrics, styles),
        counts=count_table(one, styles),
        key=tuple(Head(name_of(row.rewriter), style=styles[row.rewriter]) for row in one.rows),
        figures=tuple(figure for figure in drawn if not figure.is_small),
        small_figures=tuple(figure for figure in drawn if figure.is_small),
        details=detail_tables(one, styles),
        refusals=refusal_table(one, styles),
        categories=category_table(one, styles),
        failures=failure_groups(one, styles),
    )


def _revisions(report: RunReport, styles: Styles) -> list[_Revision]:
    found: dict[str, dict[str, None]] = {}
    for one in report.sets:
        for row in one.rows:
            found.setdefault(row.rewriter, {})[row.revision] = None
    return [_Revision(Head(name_of(spec), style=styles[spec]), ", ".join(texts)) for spec, texts in found.items()]
