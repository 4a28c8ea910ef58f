"""The report of a cleaning run as one self-contained page: no script, nothing loaded from anywhere.

Names and texts come from files that anybody may have made: all of them are escaped, and what can't be seen is named.
"""

from dataclasses import dataclass
from functools import cache
from math import isfinite, log10
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from posteditor import __version__
from posteditor.cleaning.histogram import Bar, bars
from posteditor.formats.atomic import atomic_output
from posteditor.services.benchmark.forms.page_text import number, percent, visible
from posteditor.services.cleaning.result import CleanResult, PartScores

_TEMPLATES = Path(__file__).parent / "templates"
_WIDTH, _HEIGHT = 480, 120
_MOST_BARS = 40


@dataclass(frozen=True, slots=True)
class _Column:
    x: float
    y: float
    width: float
    height: float
    text: str


@dataclass(frozen=True, slots=True)
class _Chart:
    title: str
    columns: list[_Column]
    marks: list[tuple[float, str]]
    """Place and value of each threshold."""
    low: str
    high: str
    note: str


def write_page(result: CleanResult, path: Path, *, force: bool) -> None:
    """Write the page.

    Raises:
        UsageError: It can't be written.
    """
    with atomic_output(path, force=force) as out:
        out.write(page(result).encode("utf-8", "replace"))


def page(result: CleanResult) -> str:
    """The page; readable offline, on a phone, in the dark and on paper."""
    charts = [
        _chart(f"{step.name} {part.part}".strip(), part) for step in result.steps for part in step.parts if part.tally
    ]
    return _template().render(
        result=result, charts=charts, number=number, percent=percent, version=__version__, width=_WIDTH, height=_HEIGHT
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
    return environment.get_template("report.html.jinja")


def _shown(value: object) -> object:
    """Every value on its way into the page, before it is escaped."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _chart(title: str, part: PartScores) -> _Chart:
    found = bars(part.tally, part.bound, _MOST_BARS)
    finite = [bar for bar in found if isfinite(bar.low)]
    endless = sum(bar.count for bar in found if not isfinite(bar.low))
    most = max((bar.count for bar in finite), default=1)
    wide = _WIDTH / max(1, len(finite))
    columns = [_column(bar, place * wide, wide, most) for place, bar in enumerate(finite)]
    marks = [(_place(mark, finite, wide), f"{mark:g}") for mark in part.bound.ends]
    low, high = (f"{finite[0].low:g}", f"{finite[-1].high:g}") if finite else ("", "")
    note = f"{number(endless)} infinite" if endless else ""
    return _Chart(title, columns, [(place, text) for place, text in marks if 0 <= place <= _WIDTH], low, high, note)


def _column(bar: Bar, x: float, wide: float, most: int) -> _Column:
    height = _HEIGHT * log10(1 + bar.count) / log10(1 + most)
    span = f"{bar.low:g}" if bar.high == bar.low else f"{bar.low:g} to {bar.high:g}"
    return _Column(x + 0.5, _HEIGHT - height, max(1.0, wide - 1), height, f"{span}: {number(bar.count)}")


def _place(mark: float, finite: list[Bar], wide: float) -> float:
    """Where a threshold stands; outside the chart where the scores are all on one side of it."""
    for place, bar in enumerate(finite):
        if bar.low == bar.high == mark:
            return (place + 0.5) * wide
        if bar.low <= mark < bar.high:
            return (place + (mark - bar.low) / (bar.high - bar.low)) * wide
    return _WIDTH if finite and mark == finite[-1].high else -1.0
