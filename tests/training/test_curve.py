"""The learning curve: its log across stops, and its picture."""

from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posteditor.training.curve import CurvePoint, append_point, curve_svg, cut_curve, read_points

_SVG = "{http://www.w3.org/2000/svg}"


def points(*steps: int) -> list[CurvePoint]:
    return [CurvePoint(step, step * 10, 5.0 / step, 30.0) for step in steps]


def test_steps_after_the_checkpoint_are_not_doubled(tmp_path: Path) -> None:
    log = tmp_path / "curve.jsonl"
    cut_curve(log, 0)
    assert read_points(log) == []
    for point in points(100, 200, 300):
        append_point(log, point)
    with log.open("a") as stream:
        stream.write('{"step": 400, "tex')
    cut_curve(log, 200)
    for point in points(300):
        append_point(log, point)
    assert read_points(log) == points(100, 200, 300)


def test_the_picture_has_a_line_and_labelled_axes() -> None:
    root = ElementTree.fromstring(curve_svg(points(*range(100, 100_000, 100)), "loss of <this> & that"))
    (line,) = root.iter(f"{_SVG}polyline")
    assert 200 <= len(line.attrib["points"].split()) <= 401
    texts = [each.text for each in root.iter(f"{_SVG}text")]
    assert {"texts seen", "loss per tag (nats)"} <= set(texts)
    assert root.findtext(f"{_SVG}title") == "loss of <this> & that"


@given(
    st.lists(st.tuples(st.integers(1, 10**9), st.floats(-1e3, 1e6, allow_nan=False, allow_infinity=False)), min_size=1)
)
def test_every_point_lies_inside_the_axes(values: list[tuple[int, float]]) -> None:
    made = [CurvePoint(1, texts, loss, 1.0) for texts, loss in values]
    root = ElementTree.fromstring(curve_svg(made, "x"))
    (line,) = root.iter(f"{_SVG}polyline")
    for place in line.attrib["points"].split():
        x, y = map(float, place.split(","))
        assert 64 <= x <= 624
        assert 20 <= y <= 312
    labels = [each for each in root.iter(f"{_SVG}text") if each.text and each.text[-1].isdigit()]
    assert 4 <= len(labels) <= 20


def test_a_falling_loss_falls_in_the_picture() -> None:
    root = ElementTree.fromstring(curve_svg(points(100, 200, 400), "x"))
    (line,) = root.iter(f"{_SVG}polyline")
    places = [tuple(map(float, place.split(","))) for place in line.attrib["points"].split()]
    assert [x for x, _ in places] == sorted(x for x, _ in places)
    assert [y for _, y in places] == sorted(y for _, y in places), "downwards is more in SVG"
    assert places[-1][0] == pytest.approx(624)
