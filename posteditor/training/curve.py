"""The learning curve: a line for each progress report while the model is trained, and a picture of them at the end."""

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from xml.sax.saxutils import escape

CURVE_LOG = "curve.jsonl"
CURVE_FILE = "curve.svg"
_WIDTH, _HEIGHT = 640, 360
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 16, 20, 48
_MOST_POINTS = 400
_MOST_TICKS = 6


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """Where a run was at one report."""

    step: int
    texts: int
    """Texts seen until then, repetitions included."""
    loss: float
    """Mean cross-entropy per slot since the report before."""
    texts_per_second: float


def append_point(log: Path, point: CurvePoint) -> None:
    """Add a line to ``log``."""
    with log.open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(asdict(point)) + "\n")


def read_points(log: Path) -> list[CurvePoint]:
    """All points in ``log``, none where it does not exist; a line that a kill cut short is passed over."""
    points = []
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines() if log.is_file() else ():
        try:
            points.append(CurvePoint(**json.loads(line)))
        except (ValueError, TypeError):
            continue
    return points


def cut_curve(log: Path, step: int) -> None:
    """Take out of ``log`` what lies after ``step``: a run that goes on from there reports those steps again."""
    if log.is_file():
        kept = [point for point in read_points(log) if point.step <= step]
        fresh = log.with_name(log.name + ".part")
        fresh.write_text("".join(json.dumps(asdict(point)) + "\n" for point in kept), encoding="utf-8")
        fresh.replace(log)


def curve_svg(points: Sequence[CurvePoint], title: str) -> str:
    """A line of the loss over the texts seen, both axes plain, as an SVG picture.

    Args:
        points: At least one, in the order of the run.
        title: What it is the curve of.
    """
    shown = _thinned(points)
    xs = _ticks(0, max(point.texts for point in shown))
    ys = _ticks(min(0.0, *(point.loss for point in shown)), max(point.loss for point in shown))
    places = " ".join(f"{_across(point.texts, xs):.1f},{_up(point.loss, ys):.1f}" for point in shown)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif" '
        'font-size="12" role="img">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>',
        *(_grid_up(y, ys) for y in ys),
        *(_label_across(x, xs) for x in xs),
        f'<text x="{(_LEFT + _WIDTH - _RIGHT) / 2}" y="{_HEIGHT - 10}" text-anchor="middle">texts seen</text>',
        f'<text transform="translate(16 {(_TOP + _HEIGHT - _BOTTOM) / 2}) rotate(-90)" text-anchor="middle">'
        "loss per tag (nats)</text>",
        f'<polyline points="{places}" fill="none" stroke="#1f5fa8" stroke-width="1.5"/>',
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _thinned(points: Sequence[CurvePoint]) -> list[CurvePoint]:
    """Points at even distances, the last one among them."""
    stride = max(1, math.ceil(len(points) / _MOST_POINTS))
    return [*points[:-1:stride], points[-1]]


def _ticks(low: float, high: float) -> list[float]:
    """Round numbers at even distances from ``low`` or below to ``high`` or above, two at least."""
    span = max(high - low, 1e-6)
    rough = span / (_MOST_TICKS - 1)
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(size * factor for factor in (1, 2, 5, 10) if size * factor >= rough * (1 - 1e-9))
    first, last = math.floor(low / step), math.ceil(max(high / step, low / step + 1) - 1e-9)
    return [round(number * step, 10) for number in range(first, last + 1)]


def _across(value: float, ticks: Sequence[float]) -> float:
    return _LEFT + (_WIDTH - _LEFT - _RIGHT) * (value - ticks[0]) / (ticks[-1] - ticks[0])


def _up(value: float, ticks: Sequence[float]) -> float:
    return _HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * (value - ticks[0]) / (ticks[-1] - ticks[0])


def _grid_up(value: float, ticks: Sequence[float]) -> str:
    y = _up(value, ticks)
    line = f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#dddddd"/>'
    return f'{line}<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{value:g}</text>'


def _label_across(value: float, ticks: Sequence[float]) -> str:
    x, bottom = _across(value, ticks), _HEIGHT - _BOTTOM
    line = f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{bottom}" y2="{bottom + 4}" stroke="black"/>'
    return f'{line}<text x="{x:.1f}" y="{bottom + 18}" text-anchor="middle">{value:,.10g}</text>'
