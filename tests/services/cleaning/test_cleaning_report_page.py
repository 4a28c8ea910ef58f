"""The report as a page: whole, offline, and safe with any text."""

from html.parser import HTMLParser
from pathlib import Path

from tests.services.cleaning.dirty_corpus import RULES, clean, pairs, write_tsv


class Page(HTMLParser):
    """What stands in a page, by tag."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str | None] = []
        self.texts: list[str] = []
        self.feed(content)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value for name, value in attrs if name in ("src", "href")]

    def handle_data(self, data: str) -> None:
        self.texts.append(data.strip())


def test_a_report(tmp_path: Path) -> None:
    source = write_tsv(tmp_path / "a.tsv", pairs(1000))
    clean(source, tmp_path / "out.tsv", report=tmp_path / "r.html")
    content = (tmp_path / "r.html").read_text(encoding="utf-8")
    page = Page(content)
    assert "1,000 in = 501 kept + 499 rejected" in page.texts
    row = page.texts.index("length_ratio")
    assert [text for text in page.texts[row : row + 12] if text][1:4] == ["800", "100", "12.50\u202f%"]
    assert "script" not in page.tags and page.addresses == []
    assert "default-src 'none'" in content
    # One bar for each kind of ratio; the threshold stands beside them.
    chart = content[content.index('aria-label="length_ratio"') :].partition("</svg>")[0]
    assert chart.count('class="bar"') > 3 and '<text class="mark-text"' in chart and ">3</text>" in chart


def test_names_are_text(tmp_path: Path) -> None:
    folder = tmp_path / "<script>alert(1)<"
    folder.mkdir()
    source = write_tsv(folder / "a\x1b[31m.tsv", pairs(100))
    clean(source, tmp_path / "out.tsv", RULES, report=tmp_path / "r.html")
    content = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "<script>" not in content and "\x1b" not in content
    assert "␛[31m.tsv" in content
