"""Files written anew: golden bytes, what a format can't hold, and what is lost."""

import gzip
from pathlib import Path

import pytest

from posteditor.core.segment import Segment, Status
from posteditor.errors import CorpusError, UsageError
from posteditor.formats.reading import open_segments
from posteditor.formats.writing import write_segments
from tests.formats.in_memory import write

FULL = Segment(1, "m,1", 's"1', "t1", ("r1", "r2"), "id1", Status.CONFIRMED, "note 1", 5)
BARE = Segment(2, "m2\u2028")
ALL = ("id", "source", "mt", "target", "reference", "reference_2", "status", "note")


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (
            "tsv",
            "id\tsource\tmt\ttarget\treference\treference_2\tstatus\tnote\n"
            'id1\ts"1\tm,1\tt1\tr1\tr2\tconfirmed\tnote 1\n'
            "\t\tm2\u2028\t\t\t\tnew\t\n",
        ),
        (
            "csv",
            "id,source,mt,target,reference,reference_2,status,note\n"
            'id1,"s""1","m,1",t1,r1,r2,confirmed,note 1\n'
            ",,m2\u2028,,,,new,\n",
        ),
        (
            "jsonl",
            '{"id": "id1", "source": "s\\"1", "mt": "m,1", "target": "t1", "reference": "r1", "reference_2": "r2", '
            '"status": "confirmed", "note": "note 1"}\n'
            '{"mt": "m2\u2028", "status": "new"}\n',
        ),
        ("text", "t1\nm2\u2028\n"),
    ],
)
def test_golden(kind: str, expected: str) -> None:
    written, report = write([FULL, BARE], kind, ALL)
    assert written == expected.encode()
    assert report.segments == 2
    if kind != "text":
        assert report.lost == {}


def test_text_says_what_it_loses() -> None:
    lost = {"note": 1, "source": 1, "id": 1, "reference": 1, "reference_2": 1, "status": 1, "mt": 1}
    assert write([FULL, BARE], "text", ALL)[1].lost == lost
    assert write([FULL, BARE], "text")[1].lost == lost
    assert write([FULL, BARE], "text", ("source",))[0] == b's"1\n\n'


def test_columns_left_out_are_counted() -> None:
    segments = [FULL, BARE, Segment(3, "m", target="", references=("",))]
    _, report = write(segments, "tsv", ("mt", "target", "reference"))
    assert report.lost == {
        "note": 1,
        "source": 1,
        "id": 1,
        "reference_2": 1,
        "status": 1,
        "empty target": 1,
        "empty reference": 1,
    }


def test_without_columns_the_first_segment_decides() -> None:
    assert write([BARE, FULL], "tsv")[0].startswith(b"mt\ttarget\n")
    assert write([FULL, BARE], "tsv")[0].split(b"\n")[0] == "\t".join(ALL).encode()


@pytest.mark.parametrize(
    ("kind", "column", "text", "problem"),
    [
        ("tsv", "source", "a\tb", "the source of segment 2 has a tab, which TSV can't hold"),
        ("tsv", "mt", "a\nb", "the mt of segment 2 has a line break, which TSV can't hold"),
        ("text", "mt", "a\nb", "the target of segment 2 has a line break, which plain text can't hold"),
    ],
)
def test_what_would_be_damaged_is_refused(kind: str, column: str, text: str, problem: str, tmp_path: Path) -> None:
    damaged = Segment(2, text) if column == "mt" else Segment(2, "m", source=text)
    path = tmp_path / f"out.{'txt' if kind == 'text' else kind}"
    with pytest.raises(CorpusError) as caught:
        write_segments([FULL, damaged], path, columns=ALL)
    assert caught.value.problem == problem
    assert ".jsonl" in caught.value.hint
    assert list(tmp_path.iterdir()) == []


def test_to_a_file_and_back(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl.gz"
    segments = [Segment(n, f"mt {n}", line=n) for n in range(1, 5001)]
    assert write_segments(iter(segments), path).segments == 5000
    with open_segments([path]) as reader:
        assert list(reader) == segments
    assert gzip.decompress(path.read_bytes()).count(b"\n") == 5000
    with pytest.raises(UsageError, match="already"):
        write_segments(segments, path)


def test_an_unknown_column_is_a_bug_of_the_caller() -> None:
    with pytest.raises(ValueError, match="sauce"):
        write([FULL], "tsv", ("sauce", "mt"))
