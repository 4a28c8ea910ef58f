"""The page of a report: sound markup, nothing loaded or run, hostile names harmless, and the right numbers marked."""

import re
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser

import pytest

from posteditor.services.benchmark.forms.html_page import html_page
from posteditor.services.benchmark.forms.label_places import Wanted, placed
from posteditor.services.benchmark.forms.page_charts import short_label, styles_of
from posteditor.services.benchmark.forms.page_text import compact, duration, number, shortened, signed, visible
from posteditor.services.benchmark.forms.scales import linear, logarithmic, tick_label
from posteditor.services.benchmark.forms.svg import NAMESPACE, SHAPES, Style
from posteditor.services.benchmark.report import DECIDING_METRIC, Row, RunReport
from tests.services.benchmark.made_report import LONG, MODELS, SCRIPT, SPECIAL, made_report, made_set

VOID = {"meta", "br", "link", "img", "hr", "input"}
LOADING = {"script", "link", "img", "iframe", "object", "embed", "image", "use", "video", "audio", "base", "form"}


@dataclass
class Node:
    """An element of the page."""

    tag: str
    attributes: dict[str, str | None]
    children: list["Node | str"] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(one if isinstance(one, str) else one.text for one in self.children)

    def all(self, tag: str) -> list["Node"]:
        below = [one for child in self.children if isinstance(child, Node) for one in child.all(tag)]
        return [self, *below] if self.tag == tag else below


class Reader(HTMLParser):
    """Builds the tree and refuses what isn't balanced."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Node("", {})
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"an attribute twice: {tag} {names}"
        node = Node(tag, dict(attrs))
        self._open[-1].children.append(node)
        if tag not in VOID:
            self._open.append(node)

    def handle_endtag(self, tag: str) -> None:
        assert self._open[-1].tag == tag, f"</{tag}> closes <{self._open[-1].tag}>"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)

    def tree(self, page: str) -> Node:
        self.feed(page)
        self.close()
        assert self._open == [self.root], "all elements are closed"
        return self.root


def read(report: RunReport) -> Node:
    return Reader().tree(html_page(report))


def everything(node: Node) -> list[Node]:
    return [node, *(one for child in node.children if isinstance(child, Node) for one in everything(child))]


def with_rows(report: RunReport, rows: list[Row]) -> RunReport:
    return replace(report, sets=(made_set("one", rows, 100),))


@pytest.fixture(scope="module")
def report() -> RunReport:
    return made_report()


@pytest.fixture(scope="module")
def page(report: RunReport) -> Node:
    return read(report)


def table(page: Node, caption: str, place: int = 0) -> Node:
    found = [one for one in page.all("table") if caption in one.all("caption")[0].text]
    return found[place]


def test_nothing_is_run_or_loaded(page: Node) -> None:
    nodes = everything(page)
    assert not {node.tag for node in nodes} & LOADING
    for node in nodes:
        for name, value in node.attributes.items():
            assert not name.startswith("on"), name
            if name in ("href", "fill"):
                assert re.fullmatch(r"#[\w-]+|url\(#[\w-]+\)", value or ""), value
            assert name != "src"
            if name == "xmlns":
                assert value == NAMESPACE
    (style,) = page.all("style")
    assert "url(" not in style.text and "@import" not in style.text and "http" not in style.text


def test_references_within_the_page_lead_somewhere(page: Node) -> None:
    identities = [node.attributes["id"] for node in everything(page) if "id" in node.attributes]
    assert len(identities) == len(set(identities))
    for node in everything(page):
        for name in ("aria-labelledby", "aria-describedby", "href", "fill"):
            value = node.attributes.get(name)
            if value:
                assert re.sub(r"^url\(|[#)]", "", value) in identities


def test_hostile_names_are_shown_and_do_nothing(report: RunReport, page: Node) -> None:
    text = html_page(report)
    assert "<script" not in text and SPECIAL not in text
    assert all(character.isprintable() or character in "\n\u00a0\u202f" for character in text)
    cells = {head.text.strip() for one in page.all("table") for head in one.all("th")}
    assert SCRIPT in cells and visible(SPECIAL) in cells
    assert any(LONG in node.text for node in page.all("dt")), "the full name stands somewhere"
    dl = {div.all("dt")[0].text: div.all("dd")[0].text for div in page.all("dl")[0].all("div")}
    assert dl["gate rules off"] == f"numbers, {SCRIPT}" and dl[visible(SPECIAL)] == SCRIPT


@pytest.mark.parametrize(
    ("text", "shown"),
    [("\x1b[31m", "␛[31m"), ("a\nb\tc", "a␊b␉c"), ("\x7f\x9b", "␡⟨U+009B⟩"), ("\u202eab", "⟨U+202E⟩ab"),
     ("e\u0301 \u00a0\u3000", "e\u0301 \u00a0\u3000"), ("\u0646\u200c\u0645", "\u0646\u200c\u0645"),
     ("\ud800", "⟨U+D800⟩")],
)  # fmt: skip
def test_what_cannot_be_seen_is_named(text: str, shown: str) -> None:
    assert visible(text) == shown and visible(shown) == shown


def test_every_chart_has_title_and_description(page: Node) -> None:
    charts = [one for one in page.all("svg") if one.attributes.get("role") == "img"]
    assert len(charts) == 3 * (4 + len(MODELS))
    for chart in charts:
        title, description = chart.children[0], chart.children[1]
        assert isinstance(title, Node) and title.tag == "title" and title.text
        assert isinstance(description, Node) and description.tag == "desc" and description.text
        assert chart.attributes["aria-labelledby"] == title.attributes["id"]
        assert chart.attributes["aria-describedby"] == description.attributes["id"]
    others = [one for one in page.all("svg") if one not in charts]
    assert all(one.attributes["aria-hidden"] == "true" for one in others)
    for node in everything(page):
        numbers = re.findall(r"-?[\d.]+", node.attributes.get("d") or node.attributes.get("transform") or "")
        assert all(abs(float(one)) < 1000 for one in numbers)


def test_the_best_are_bold(report: RunReport) -> None:
    page = read(report)
    for place, one in enumerate(report.sets):
        scores = table(page, "Corpus scores", place)
        rows = [line.all("td") for line in scores.all("tbody")[0].all("tr")]
        for column, metric in enumerate(report.metrics):
            values = [row.scores[metric].value for row in one.rows]
            best = max(values) if metric in ("bleu", "chrf++") else min(values)
            marked = [bool(cells[column].all("strong")) for cells in rows]
            assert marked == [value == best for value in values]
        heads = [head.text.strip() for head in scores.all("thead")[0].all("th")]
        assert heads == ["Rewriter", "BLEU\u00a0↑", "chrF++\u00a0↑", "TER\u00a0↓", "TER (cased)\u00a0↓"]


def test_no_best_among_equals(report: RunReport) -> None:
    first = report.sets[0].rows[0]
    page = read(with_rows(report, [first, replace(first, rewriter="same")]))
    assert not table(page, "Corpus scores").all("strong")


def test_differences_carry_stars_and_p_values(page: Node) -> None:
    less_nothing = table(page, "Differences to do-nothing")
    default = less_nothing.all("tbody")[0].all("tr")[0].all("td")[3]
    assert default.text == "−2.10* p <0.001 / 0.001"
    script = less_nothing.all("tbody")[0].all("tr")[1].all("td")[3]
    assert script.text == "−0.90 p 0.073 / 0.001"
    assert len(table(page, "Differences to default").all("tbody")[0].all("tr")) == len(MODELS) - 1
    untested = table(page, "Differences to do-nothing", 1)
    assert untested.all("tbody")[0].all("tr")[0].all("td")[3].text == "−2.10"


def test_counts_and_speed(page: Node) -> None:
    lines = {line.all("th")[0].text.strip(): [cell.text for cell in line.all("td")] for line in
             table(page, "What was done").all("tbody")[0].all("tr")}  # fmt: skip
    told = {re.sub(r"\s+", " ", name): cells for name, cells in lines.items()}
    assert told["precision improved of changed"][:2] == ["–", "78.0\u202f%"]
    assert told["over-edited of those that were perfect"][1] == "9 of 221 4.1\u202f%"
    assert told["peak memory of the process"] == ["–", "421 MiB", "421 MiB", "–", "421 MiB"]
    assert told["a segment alone median"][1] == "38.6 ms"
    assert told["gain per 100 edited words word edits saved"][0] == "–"


def test_the_head_of_a_set_says_what_its_references_are(page: Node) -> None:
    facts = [one.text for one in page.all("p") if one.attributes.get("class") == "facts"]
    assert "2,000 segments, 1,997 scored" in facts[1] and "TER is HTER" in facts[1] and "de → en" in facts[1]
    assert "nobody said" in facts[2] and SCRIPT in facts[2]
    assert "independent" in facts[3]
    (warning,) = (one for one in page.all("p") if one.attributes.get("class") == "warning")
    assert SCRIPT in warning.text


def test_gate_categories_and_failures(page: Node) -> None:
    refused = table(page, "gate refused").all("tbody")[0].all("tr")
    assert [line.all("th")[0].text.strip() for line in refused] == ["numbers", SCRIPT, "length"]
    categories = table(page, "Categories")
    groups = [line for line in categories.all("tr") if line.attributes.get("class") == "group"]
    assert len(groups) == 4 and "all categories" in groups[-1].text and "120 segments, 43 perfect" in groups[-1].text
    failures = [[cell.text for cell in line.all("td")] for line in table(page, "Failures").all("tbody")[0].all("tr")]
    assert [counts[:2] for counts in failures[1:]] == [
        ["34", f"an answer without a text: {SCRIPT}␛[2J"],
        ["40", "not listed"],
    ]
    assert "8 (doc-1), 15, " in failures[0][2] and failures[0][2].endswith("…")


def test_do_nothing_alone_has_no_charts(report: RunReport) -> None:
    page = read(with_rows(report, [report.sets[0].rows[0]]))
    assert not [one for one in page.all("svg") if one.attributes.get("role") == "img"]
    assert not page.all("details") and not page.all("nav")


def test_a_run_of_nothing() -> None:
    report = made_report()
    assert read(replace(report, sets=(), gate_off=())).all("h1")
    assert read(replace(report, sets=(made_set("empty", [], 0),))).all("h2")


def test_values_that_are_missing(report: RunReport) -> None:
    nothing, model, *_ = report.sets[0].rows
    assert model.speed is not None
    bare = replace(model, speed=None, differences=(), calibration=(), by_length=(), by_quality=(), refused={})
    page = read(with_rows(report, [nothing, bare]))
    assert len([one for one in page.all("svg") if one.attributes.get("role") == "img"]) == 1
    still = replace(model, speed=replace(model.speed, segments_per_second=0.0))
    assert "Score against speed" not in html_page(with_rows(report, [nothing, still]))
    empty = tuple(replace(one, segments=0, before={}, after={}) for one in model.by_length)
    assert "Change by words" not in html_page(with_rows(report, [nothing, replace(model, by_length=empty)]))


def test_a_rewriter_looks_alike_everywhere(report: RunReport) -> None:
    styles = styles_of(report)
    assert len(set(styles.values())) == len(styles) == 1 + len(MODELS)
    many = {Style.of_place(place) for place in range(8 * len(SHAPES))}
    assert len(many) == 8 * len(SHAPES)
    turned = replace(report, sets=(report.sets[0], replace(report.sets[1], rows=report.sets[1].rows[::-1])))
    assert styles_of(turned) == styles


def test_points_lie_where_their_numbers_are(report: RunReport, page: Node) -> None:
    (chart,) = (one for one in page.all("svg") if one.attributes.get("aria-labelledby") == "set-1-speed-title")
    marks = [one for one in chart.all("g") if one.all("title")]
    places = {}
    for one in marks:
        found = re.fullmatch(r"translate\(([\d.]+) ([\d.]+)\)", one.attributes["transform"] or "")
        assert found is not None
        places[one.all("title")[0].text.split(":")[0]] = (float(found[1]), float(found[2]))
    rows = {row.rewriter: row for row in report.sets[0].rows}
    (fast, low), (slow, high) = places["default"], places[visible(SPECIAL)]
    assert fast < slow and low > high, "more segments per second to the right, a lower TER further down"
    assert rows["default"].scores[DECIDING_METRIC].value < rows[SPECIAL].scores[DECIDING_METRIC].value


def test_names_cover_neither_each_other_nor_marks() -> None:
    points = [(100.0, 100.0), (104, 102), (98, 97), (430, 40), (435, 44), (60, 250)]
    wanted = [Wanted(x, y, 90.0) for x, y in points]
    found = placed(wanted, 54, 22, 460, 262)
    begins = [one.x - {"start": 0, "middle": 45, "end": 90}[one.anchor] for one in found]
    boxes = [(x, one.y - 10, x + 90, one.y + 3) for x, one in zip(begins, found, strict=True)]
    boxes += [(x - 5, y - 5, x + 5, y + 5) for x, y in points]
    for place, one in enumerate(boxes[: len(points)]):
        assert one[0] >= 54 and one[2] <= 460 and one[1] >= 22 and one[3] <= 262
        for other in boxes[place + 1 :]:
            assert one[0] >= other[2] or other[0] >= one[2] or one[1] >= other[3] or other[1] >= one[3]


def test_scales() -> None:
    scale = linear([-3.4, 0.6], 262, 30)
    assert scale.ticks() == [-4, -3, -2, -1, 0, 1] and scale(1) == 30 and scale(-4) == 262
    assert linear([], 0, 100)(0) == 50 and linear([float("nan"), float("inf")], 0, 100).high == 1
    fast = logarithmic([2.6, 660], 54, 448)
    assert fast.ticks() == [10, 100, 1000] and 54 < fast(2.6) < fast(660) < 448
    assert len(logarithmic([3.65], 0, 1).ticks()) >= 2
    assert [tick_label(value) for value in (0.1, -2.0, 1000.0, 0.25)] == ["0.1", "−2", "1,000", "0.25"]


def test_numbers() -> None:
    assert [signed(value) for value in (1.0, -0.004, 0.0, -2.5, None)] == ["+1.00", "0.00", "0.00", "−2.50", "–"]
    assert [number(value, 1) for value in (1234.56, -1.0, float("nan"), None)] == ["1,234.6", "−1.0", "–", "–"]
    assert [compact(value) for value in (7, 950, 1234, 34_100, 2_100_000)] == ["7", "950", "1.2k", "34k", "2.1M"]
    assert [duration(value) for value in (0.0386, 2.445, None)] == ["38.6 ms", "2.44 s", "–"]
    assert (
        shortened("abcdefghij", 7) == "abc…hij" and shortened("訳文訳文", 5) == "訳…文" and shortened("ab", 2) == "ab"
    )
    assert [short_label(one) for one in ("11-20 words", "up to 10 words", "TER 40 and more", "TER 0")] == [
        "11–20", "≤ 10", "≥ 40", "0",
    ]  # fmt: skip
