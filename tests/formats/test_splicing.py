"""Golden bytes: what splicing changes in an original, and what it leaves."""

import gzip
import io
from pathlib import Path
from typing import ClassVar

import pytest

from posteditor.errors import CorpusError
from posteditor.formats.atomic import atomic_output
from posteditor.formats.options import ReadOptions
from posteditor.formats.splicing import splice
from tests.formats.in_memory import openers, read_one, spliced


@pytest.mark.parametrize(
    ("name", "original", "changes", "expected"),
    [
        pytest.param(
            "f.tsv",
            b"\xef\xbb\xbfid\ttarget\tmt\tx\r\n\r\n1\t\ta\t\xc3\xa9\n2\told\tb\t\r\n3\t\tc\t",
            {1: "ein", 2: "zw\u00e4i"},
            b"\xef\xbb\xbfid\ttarget\tmt\tx\r\n\r\n1\tein\ta\t\xc3\xa9\n2\tzw\xc3\xa4i\tb\t\r\n3\t\tc\t",
            id="tsv: byte order mark, mixed line ends, blank line, open end",
        ),
        pytest.param(
            "f.tsv",
            b"id\tmt\r\n\r\n1\ta\r\n2\tb",
            {2: "zwei"},
            b"id\tmt\ttarget\r\n\r\n1\ta\t\r\n2\tb\tzwei",
            id="tsv: a target column is added",
        ),
        pytest.param("f.tsv", b"mt\n\na", {1: "t"}, b"mt\ttarget\n\tt\na\t", id="tsv: a single column"),
        pytest.param(
            "f.tsv", b"mt\ttarget\na\tb", {1: "t\r"}, b"mt\ttarget\na\tt\r\r", id="tsv: a carriage return at the end"
        ),
        pytest.param(
            "f.csv",
            b'"id",mt,target,x\r\n"1","a ""b""\n",old,"y,""z"\r\n2,b,"o""ld",\r\n3,c,"kept",d\n',
            {1: 'n,"e\nw', 2: "plain"},
            b'"id",mt,target,x\r\n"1","a ""b""\n","n,""e\nw","y,""z"\r\n2,b,plain,\r\n3,c,"kept",d\n',
            id="csv: the quotes of other fields stay",
        ),
        pytest.param(
            "f.csv",
            b'"mt",id\n"a\n",1\n\nb,2',
            {2: 'x"'},
            b'"mt",id,target\n"a\n",1,\n\nb,2,"x"""',
            id="csv: a target column is added",
        ),
        pytest.param(
            "f.jsonl",
            b'{ "target" :"old" ,"mt":"a\\u00e9\\/","n":1.50,"x":{"target":"inner"}}\r\n\n'
            b'{"mt":"b"}\n{"mt":"c","target":null}',
            {1: 'n"e\nw', 2: "\u00e9\u2028", 3: ""},
            b'{ "target" :"n\\"e\\nw" ,"mt":"a\\u00e9\\/","n":1.50,"x":{"target":"inner"}}\r\n\n'
            b'{"mt":"b", "target": "\xc3\xa9\xe2\x80\xa8"}\n{"mt":"c","target":""}',
            id="jsonl: only the value's bytes change",
        ),
        pytest.param(
            "f.jsonl",
            b'{"x": "\\"target\\": 1", "\\u0074arget": "old", "mt": "a"}\n',
            {1: "new"},
            b'{"x": "\\"target\\": 1", "\\u0074arget": "new", "mt": "a"}\n',
            id="jsonl: an escaped name is found, one inside a text is not",
        ),
        pytest.param("f.txt", b"a\nb\r\nc", {2: "B", 3: "C"}, b"a\nB\r\nC", id="text: mixed line ends, open end"),
        pytest.param("f.txt", b"a\nb", {2: ""}, b"a\n\n", id="text: an emptied last line is still a line"),
        pytest.param(
            "f.txt", b"a\nb\n", {1: "\ufeffA"}, b"\xef\xbb\xbf\xef\xbb\xbfA\nb\n", id="text: a mark that is text"
        ),
        pytest.param("f.txt", b"a\nb\n", {1: "x\r"}, b"x\r\r\nb\n", id="text: a carriage return at the end"),
    ],
)
def test_golden(name: str, original: bytes, changes: dict[int, str], expected: bytes) -> None:
    out, report = spliced({name: original}, changes.items())
    assert out == expected
    assert report.changed == len(changes)
    segments = read_one(out, name)
    assert report.segments == len(segments) == len(read_one(original, name))
    for position, target in changes.items():
        segment = segments[position - 1]
        assert (segment.mt if name == "f.txt" else segment.target or "") == target


def test_no_header() -> None:
    out, _ = spliced({"f.tsv": b"1\ta\n2\tb\n"}, [(1, "t")], ReadOptions(columns=("id", "mt")))
    assert out == b"1\ta\tt\n2\tb\t\n"
    assert read_one(out, "f.tsv", ReadOptions(columns=("id", "mt", "target")))[0].target == "t"


@pytest.mark.parametrize(
    ("name", "original", "expected"),
    [
        ("f.tsv", b"id\tmt\n1\ta\nbad\n2\t\xff\n3\tb\n", b"id\tmt\ttarget\n1\ta\t\nbad\t\n2\t\xff\t\n3\tb\tt\n"),
        ("f.csv", b'id,mt\n1,a\nbad\n2,"\n3,b\n', b'id,mt,target\n1,a,\nbad,\n2,"\n3,b,t\n'),
        ("f.jsonl", b'{"mt":"a"}\n{\xff\n{"mt":"b"}', b'{"mt":"a"}\n{\xff\n{"mt":"b", "target": "t"}'),
        ("f.txt", b"a\n\xff\nb\n", b"a\n\xff\nt\n"),
    ],
)
def test_records_that_were_passed_over_keep_their_place(name: str, original: bytes, expected: bytes) -> None:
    options = ReadOptions(skip_bad=True)
    out, report = spliced({name: original}, [(2, "t")], options)
    assert (out, report.segments) == (expected, 2)
    assert len(read_one(out, name, options)) == 2


@pytest.mark.parametrize(
    ("name", "original", "target", "problem"),
    [
        ("f.tsv", b"id\tmt\n1\ta\n2\tb\n", "x\ty", "the target of segment 2 has a tab, which TSV can't hold"),
        ("f.tsv", b"mt\ttarget\na\t\nb\t\n", "x\ny", "the target of segment 2 has a line break, which TSV can't hold"),
        ("f.txt", b"a\nb\n", "x\ny", "the target of segment 2 has a line break, which plain text can't hold"),
    ],
)
def test_a_target_that_the_format_cannot_hold(
    name: str, original: bytes, target: str, problem: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    with pytest.raises(CorpusError) as caught, atomic_output(path, force=False) as out:
        splice(openers({name: original}), [name], ReadOptions(), [(1, "fine"), (2, target)], out)
    assert caught.value.problem == problem
    assert ".jsonl" in caught.value.hint
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "original", "expected"),
    [
        ("f.tsv", b"status\tmt\r\nnew\ta\r\n\tb", b"status\tmt\ttarget\r\nconfirmed\ta\tt\r\nrejected\tb\t"),
        ("f.csv", b'mt,"status"\n"a","new"\nb,\n', b'mt,"status",target\n"a",confirmed,t\nb,rejected,\n'),
        (
            "f.jsonl",
            b'{"status":"new","mt":"a"}\n{"mt":"b"}\n',
            b'{"status":"confirmed","mt":"a", "target": "t"}\n{"mt":"b"}\n',
        ),
        ("f.txt", b"a\nb\n", b"t\nb\n"),
    ],
)
def test_statuses_where_the_file_has_them(name: str, original: bytes, expected: bytes) -> None:
    statuses = [(1, "confirmed"), (2, "rejected")]
    assert spliced({name: original}, [(1, "t")], statuses=statuses)[0] == expected


def test_statuses_alone() -> None:
    original = gzip.compress(b"mt\tstatus\na\t\nb\tnew\n")
    out, report = spliced({"f.tsv.gz": original}, [], statuses=[(2, "reviewed")])
    assert gzip.decompress(out) == b"mt\tstatus\na\t\nb\treviewed\n"
    assert (report.segments, report.changed) == (2, 0)
    without_column = gzip.compress(b"mt\na\nb\n", mtime=7)
    assert spliced({"f.tsv.gz": without_column}, [], statuses=[(2, "reviewed")])[0] == without_column


class TestParallelFiles:
    FILES: ClassVar = {"s.txt": b"s1\ns2\n", "m.txt": b"m1\r\nm2", "r.txt": b"r1\nr2\n"}

    def test_the_mt_file_gets_the_targets(self) -> None:
        assert spliced(self.FILES, [(2, "t2")])[0] == b"m1\r\nt2"

    def test_the_target_file_where_there_is_one(self) -> None:
        options = ReadOptions(columns=("mt", "source", "target"))
        out, report = spliced(self.FILES, [(1, "t1"), (2, "r2")], options)
        assert (out, report.changed) == (b"t1\nr2\n", 1)

    @pytest.mark.parametrize(("index", "expected"), [(0, b"s1\ns2\n"), (1, b"m1\r\nt2"), (2, b"r1\nr2\n")])
    def test_any_file_can_be_asked_for(self, index: int, expected: bytes) -> None:
        out, report = spliced(self.FILES, [(2, "t2")], file_index=index)
        assert (out, report.segments) == (expected, 2)


class TestCompressed:
    def test_an_output_file_is_not_compressed_twice(self, tmp_path: Path) -> None:
        original = gzip.compress(b"mt\na\n", mtime=99)
        for changes, expected in (([], original), ([(1, "t")], None)):
            path = tmp_path / f"out{len(changes)}.tsv.gz"
            with atomic_output(path, force=False) as out:
                splice(openers({"in.tsv.gz": original}), ["in.tsv.gz"], ReadOptions(), changes, out)
            if expected is None:
                assert gzip.decompress(path.read_bytes()) == b"mt\ttarget\na\tt\n"
            else:
                assert path.read_bytes() == expected

    @pytest.mark.parametrize("changes", [[], [(1, "a")]])
    def test_into_another_compression(self, changes: list[tuple[int, str]], tmp_path: Path) -> None:
        path = tmp_path / "out.txt"
        with atomic_output(path, force=False) as out:
            report = splice(openers({"in.txt.gz": gzip.compress(b"a\nb")}), ["in.txt.gz"], ReadOptions(), changes, out)
        assert path.read_bytes() == b"a\nb"
        assert (report.segments, report.changed) == (2, 0)


def test_a_million_changes_need_no_list_of_them() -> None:
    count = 20_000
    data = b"mt\ttarget\n" + b"".join(b"%d\t\n" % n for n in range(1, count + 1))
    out = io.BytesIO()
    report = splice(
        openers({"f.tsv": data}), ["f.tsv"], ReadOptions(), ((n, f"t{n}") for n in range(1, count + 1)), out
    )
    assert report.changed == count
    assert out.getvalue().endswith(b"\n%d\tt%d\n" % (count, count))
