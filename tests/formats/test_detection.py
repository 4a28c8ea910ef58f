"""From names to formats, never by guessing."""

import pytest

from posteditor.errors import UsageError
from posteditor.formats.detection import detect_format


@pytest.mark.parametrize(
    ("names", "option", "expected"),
    [
        (["a/b.tsv"], None, "tsv"),
        (["B.CSV.GZ"], None, "csv"),
        (["x.jsonl.zst"], None, "jsonl"),
        (["x.ndjson"], None, "jsonl"),
        (["x.txt.xz"], None, "text"),
        (["x.tmx"], None, "tmx"),
        (["x.xliff.gz"], None, "xliff"),
        (["x.sdlxliff"], None, "xliff"),
        (["x.pot"], None, "po"),
        (["x.parquet"], None, "parquet"),
        (["x.data"], "tsv", "tsv"),
        (["x.tsv"], "text", "text"),
        (["news.de", "news.en.gz", "ref.txt"], None, "text"),
        (["de", "en"], None, "text"),
    ],
)
def test_formats(names: list[str], option: str | None, expected: str) -> None:
    assert detect_format(names, option) == expected


@pytest.mark.parametrize(
    ("names", "option", "problem", "remedy"),
    [
        (["x.tsw"], None, "does not say which format", "did you mean .tsv? known are .tsv .csv"),
        (["x"], None, "does not say which format", "--format tsv|csv|jsonl|text"),
        (["x.gz"], None, "does not say which format", "known are"),
        (["a.de", "b.po"], None, "different formats", "plain text"),
        (["x.tsv"], "tvs", "--format tvs: there is no such format", "did you mean tsv?"),
        (["a.tsv", "b.tsv"], None, "tsv takes one file at a time, 2 were given", "one by one"),
        (["a.tsv", "b.en"], None, "different formats", "plain text"),
        (["a.en", "b.en"], "csv", "csv takes one file at a time", "one by one"),
    ],
)
def test_refused(names: list[str], option: str | None, problem: str, remedy: str) -> None:
    with pytest.raises(UsageError) as caught:
        detect_format(names, option)
    assert problem in caught.value.message
    assert remedy in caught.value.hint
