"""The scores of the segment and of the whole file: mt, suggestion and target against the references.

Two lines where there are 80 cells, one line for each metric where there are fewer.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from textual.content import Content
from textual.widgets import Static

METRICS = {"bleu": "BLEU", "chrf++": "chrF++", "ter": "TER"}
"""The registry's names of the metrics shown, and how people write them."""
_LOWER_IS_BETTER = {"ter"}
_LABEL = "$text-muted"
_ROW_WIDTH = 78
"""Cells of a line that holds all three metrics."""

Values = Mapping[str, float]
"""Metric name to a score on 0-100; a missing metric is not known yet."""


@dataclass(frozen=True, slots=True)
class ScoreView:
    """All that the score bar shows."""

    has_references: bool = False
    """The current segment has references."""
    mt: Values = field(default_factory=dict)
    suggestion: Values = field(default_factory=dict)
    target: Values = field(default_factory=dict)
    file_mt: Values = field(default_factory=dict)
    file_target: Values = field(default_factory=dict)
    """The file with the work so far: target, else mt."""
    scored: int = 0
    """Segments in the file's scores."""
    scorable: int = 0
    """Segments of the file that have references; 0 hides the bar."""


class ScoreBar(Static):
    """The scores; nothing when the file has no references."""

    DEFAULT_CSS = """
    ScoreBar { height: auto; background: $panel; color: $foreground; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id, markup=False)
        self._view = ScoreView()
        self._height = -1
        self.display = False

    def show(self, view: ScoreView) -> None:
        """Draw ``view``."""
        if view != self._view:
            self._view = view
            self.display = bool(view.scorable)
            self._draw()

    def on_resize(self) -> None:
        """There may be room for more, or for less; as for the panel, not while a layout is under way."""
        self.call_after_refresh(self._draw)

    def _draw(self) -> None:
        content = score_content(self._view, self.size.width or self.app.size.width)
        height = content.plain.count("\n")
        self.update(content, layout=height != self._height)
        self._height = height


def score_content(view: ScoreView, width: int) -> Content:
    """The scores in lines of at most ``width`` cells, 50 at least."""
    return Content("\n").join(_in_rows(view) if width >= _ROW_WIDTH else _in_columns(view))


def _in_rows(view: ScoreView) -> list[Content]:
    """The segment on one line, the file on the next."""
    if view.has_references:
        values = (view.mt, view.suggestion, view.target)
        first = [_metric(f" {METRICS[name]:<4}", name, *(value.get(name) for value in values)) for name in METRICS]
    else:
        first = [Content.styled(" no reference for this segment", _LABEL)]
    second = [
        _metric(f" {METRICS[name]:<4}", name, view.file_mt.get(name), None, view.file_target.get(name), gap=True)
        for name in METRICS
    ]
    lines = [("mt›sug›tgt", first), (_file_label(view), second)]
    return [Content.styled(f"{label:<10}", _LABEL) + Content("").join(parts) for label, parts in lines]


def _in_columns(view: ScoreView) -> list[Content]:
    """One metric on each line, the segment before the file."""
    lines = [Content.styled(f"{'':7}{'mt':>5} {'sug':>5} {'tgt':>5}   {_file_label(view)}", _LABEL)]
    for name, label in METRICS.items():
        values = (view.mt, view.suggestion, view.target)
        segment = _metric(f"{label:<7}", name, *(value.get(name) for value in values))
        file = _metric("   ", name, view.file_mt.get(name), None, view.file_target.get(name), gap=True)
        lines.append(segment + file)
    return lines


def _file_label(view: ScoreView) -> str:
    known = f"{view.scored}/" if view.scored < view.scorable else ""
    return f"file {known}{view.scorable}"


def _metric(
    label: str, name: str, mt: float | None, suggestion: float | None, target: float | None, *, gap: bool = False
) -> Content:
    """One metric of one text or file: mt, suggestion and target; with ``gap`` there is no suggestion to speak of."""
    middle = Content("     ") if gap else Content.styled(_number(suggestion), _colour(name, mt, suggestion))
    return Content.assemble(
        (label, _LABEL), _number(mt), ("›", _LABEL), middle, ("›", _LABEL), (_number(target), _colour(name, mt, target))
    )


def _number(value: float | None) -> str:
    return f"{'·':>5}" if value is None else f"{value:5.1f}"


def _colour(name: str, base: float | None, value: float | None) -> str:
    """Green when better than the mt, red when worse."""
    if base is None or value is None or abs(base - value) < 0.05:
        return ""
    is_better = value < base if name in _LOWER_IS_BETTER else value > base
    return "$text-success" if is_better else "$text-error"
