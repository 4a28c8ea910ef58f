"""Elements of SVG as escaped markup, and the marks by which a reader tells rewriters apart without colours."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from posteditor.services.benchmark.forms.page_text import visible

COLOURS = 8
"""Colours k0 to k7 of the page's style sheet; do-nothing has kn."""
SHAPES = ("circle", "square", "diamond", "triangle", "wedge", "plus", "cross")
"""One fewer than colours, so that 56 rewriters differ in colour or shape."""
NAMESPACE = "http://www.w3.org/2000/svg"
Attribute = str | float


@dataclass(frozen=True, slots=True)
class Style:
    """The colour and shape of one rewriter in all charts."""

    colour: str
    """A class of the style sheet."""
    shape: str

    @classmethod
    def of_place(cls, place: int) -> "Style":
        """That of the rewriter at a place, from 0, do-nothing not counted."""
        return cls(f"k{place % COLOURS}", SHAPES[place % len(SHAPES)])


DO_NOTHING = Style("kn", "circle")


def element(tag: str, *content: str, **attributes: Attribute) -> Markup:
    """An element; texts are escaped, markup is not. ``class_`` is class, other underscores are hyphens."""
    told = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(_told(value))}"' for name, value in attributes.items()
    )
    return Markup(f"<{tag}{told}>{joined(content)}</{tag}>")


def joined(content: Iterable[str]) -> Markup:
    """Texts, escaped, and markup, as it is."""
    return Markup("").join(each if isinstance(each, Markup) else escape(visible(each)) for each in content)


def text(told: str, x: float, y: float, *, class_: str = "", anchor: str = "start", **more: Attribute) -> Markup:
    """A line of text whose anchor (start, middle or end) lies at a point of its base line."""
    return element("text", told, x=x, y=y, class_=class_, text_anchor=anchor, **more)


def line(x1: float, y1: float, x2: float, y2: float, class_: str) -> Markup:
    """A straight line."""
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=class_)


def polyline(points: Sequence[tuple[float, float]], class_: str) -> Markup:
    """A line through points."""
    return element("polyline", points=" ".join(f"{_told(x)},{_told(y)}" for x, y in points), class_=class_)


def mark(style: Style, x: float, y: float, radius: float = 5, *, hint: str = "", hollow: bool = False) -> Markup:
    """A rewriter's mark at a point; ``hint`` shows under the mouse."""
    path = element("path", d=outline(style.shape, radius), class_="mark hollow" if hollow else "mark")
    title = [element("title", hint)] if hint else []
    return element("g", *title, path, class_=style.colour, transform=f"translate({_told(x)} {_told(y)})")


def outline(shape: str, radius: float) -> str:
    """The path of a shape round 0, 0; all shapes of one radius look about as large."""
    if shape == "circle":
        r = _told(radius)
        return f"M-{r} 0a{r} {r} 0 1 0 {_told(2 * radius)} 0a{r} {r} 0 1 0 -{_told(2 * radius)} 0Z"
    if shape in ("plus", "cross"):
        arm, half = 1.2 * radius, 0.36 * radius
        corners = [(half, arm), (half, half), (arm, half), (arm, -half), (half, -half), (half, -arm)]
        points = corners + [(-x, -y) for x, y in corners]
        return _path(_turned(points, math.pi / 4) if shape == "cross" else points)
    corner_count, turn, factor = {
        "square": (4, math.pi / 4, 1.25),
        "diamond": (4, 0.0, 1.35),
        "triangle": (3, -math.pi / 2, 1.35),
        "wedge": (3, math.pi / 2, 1.35),
    }[shape]
    angles = (turn + 2 * math.pi * place / corner_count for place in range(corner_count))
    return _path([(factor * radius * math.cos(angle), factor * radius * math.sin(angle)) for angle in angles])


def picture(identity: str, title: str, description: str, width: float, height: float, content: Iterable[str]) -> Markup:
    """A whole SVG that screen readers announce by title and description; ``identity`` is unique on the page."""
    return element(
        "svg",
        element("title", title, id=f"{identity}-title"),
        element("desc", description, id=f"{identity}-desc"),
        *content,
        xmlns=NAMESPACE,
        viewBox=f"0 0 {_told(width)} {_told(height)}",
        role="img",
        aria_labelledby=f"{identity}-title",
        aria_describedby=f"{identity}-desc",
        class_="chart",
    )


def swatch(style: Style) -> Markup:
    """A rewriter's mark beside its name; decoration, hidden from screen readers."""
    shape = element("path", d=outline(style.shape, 5), class_="mark")
    return element("svg", shape, viewBox="-8 -8 16 16", class_=f"swatch {style.colour}", aria_hidden="true")


def _turned(points: Sequence[tuple[float, float]], angle: float) -> list[tuple[float, float]]:
    sine, cosine = math.sin(angle), math.cos(angle)
    return [(x * cosine - y * sine, x * sine + y * cosine) for x, y in points]


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{_told(x)} {_told(y)}" for x, y in points) + "Z"


def _told(value: Attribute) -> str:
    """Numbers in tenths, which are below what can be seen."""
    if isinstance(value, str):
        return value
    return f"{round(value, 1) + 0.0:.1f}".removesuffix(".0")
