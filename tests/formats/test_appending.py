"""Columns added to the records of the input, which stay as they are."""

import gzip
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from posteditor.errors import CorpusError, UsageError
from posteditor.formats.appending import append_columns
from posteditor.formats.atomic import atomic_output
from posteditor.formats.options import ReadOptions
from tests.formats.in_memory import BY_NAME, Files, openers, read_one

COLUMNS = ("suggestion", "confidence", "refused")
ONE = {"suggestion": "s1", "confidence": 0.5, "refused": None}
TWO = {"suggestion": "s2", "confidence": 1, "refused": "numbers; names"}


def appended(
    files: Files,
    values: Sequence[Mapping[str, Any]],
    options: ReadOptions = BY_NAME,
    columns: Sequence[str] = COLUMNS,
    **how: Any,
) -> bytes:
    out = io.BytesIO()
    count = append_columns(openers(files), list(files), options, columns, iter(values), out, **how)
    assert count == len(values)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        (
            "f.tsv",
            b"\xef\xbb\xbfid\tmt\tx\r\n1\ta\t\xc3\xa9\r\n\n2\tb\t",
            b"\xef\xbb\xbfid\tmt\tx\tsuggestion\tconfidence\trefused\r\n1\ta\t\xc3\xa9\ts1\t0.5\t\r\n\n"
            b"2\tb\t\ts2\t1\tnumbers; names\n",
        ),
        (
            "f.csv",
            b'"id",mt\n1,"a\n"\n2,b\n',
            b'"id",mt,suggestion,confidence,refused\n1,"a\n",s1,0.5,\n2,b,s2,1,numbers; names\n',
        ),
        (
            "f.jsonl",
            b'{"mt":"a" }\r\n\n{"x":1,"mt":"b"}',
            b'{"mt":"a", "suggestion": "s1", "confidence": 0.5, "refused": null }\r\n\n'
            b'{"x":1,"mt":"b", "suggestion": "s2", "confidence": 1, "refused": "numbers; names"}\n',
        ),
    ],
)
def test_golden(name: str, data: bytes, expected: bytes) -> None:
    assert appended({name: data}, [ONE, TWO]) == expected
    assert [s.mt for s in read_one(expected, name)] == [s.mt for s in read_one(data, name)]


def test_jsonl_takes_any_json() -> None:
    out = appended({"f.jsonl": b'{"mt":"a"}\n'}, [{"edits": [{"start": 0}]}], columns=("edits",))
    assert out == b'{"mt":"a", "edits": [{"start": 0}]}\n'


def test_parallel_text_becomes_a_table() -> None:
    files = {"a.txt": b"s1\ns2\n", "b.txt": b"m1\nm2\n"}
    assert appended(files, [ONE, TWO], out_format="tsv") == (
        b"source\tmt\tsuggestion\tconfidence\trefused\ns1\tm1\ts1\t0.5\t\ns2\tm2\ts2\t1\tnumbers; names\n"
    )
    assert appended(files, [ONE, TWO], out_format="jsonl").startswith(b'{"source": "s1", "mt": "m1", "suggestion"')
    with pytest.raises(UsageError, match="can't hold columns"):
        appended(files, [ONE, TWO])


def test_a_limit() -> None:
    data = b"mt\ta\nx\t1\ny\t2\n\nz\t3\n"
    assert appended({"f.tsv": data}, [ONE], limit=1, columns=("suggestion",)) == b"mt\ta\tsuggestion\nx\t1\ts1\n"
    assert appended({"f.tsv": data}, [ONE], limit=1, columns=("suggestion",), out_format="csv") == (
        b"mt,suggestion\nx,s1\n"
    )


def test_bad_records_get_empty_cells() -> None:
    data = b"id\tmt\n1\ta\nbad\n2\tb\n"
    out = appended({"f.tsv": data}, [ONE, TWO], ReadOptions(skip_bad=True), columns=("suggestion",))
    assert out == b"id\tmt\tsuggestion\n1\ta\ts1\nbad\t\n2\tb\ts2\n"


def test_no_header() -> None:
    options = ReadOptions(columns=("id", "mt"))
    assert appended({"f.tsv": b"1\ta\n"}, [ONE], options) == b"1\ta\ts1\t0.5\t\n"


@pytest.mark.parametrize("values", [[ONE], [ONE, TWO, TWO]])
def test_another_number_of_values_is_refused(values: list[dict[str, Any]]) -> None:
    for out_format in ("tsv", "jsonl"):
        with pytest.raises(CorpusError, match="segment"):
            appended({"f.tsv": b"mt\ta\nx\t1\ny\t2\n"}, values, out_format=out_format)


@pytest.mark.parametrize(
    ("name", "data", "error"),
    [
        ("f.tsv", b"mt\trefused\na\tb\n", UsageError),
        ("f.csv", b"mt,refused\na,b\n", UsageError),
        ("f.jsonl", b'{"mt": "a", "refused": 1}\n', CorpusError),
    ],
)
def test_a_column_that_is_there_already(name: str, data: bytes, error: type[Exception]) -> None:
    with pytest.raises(error, match="'refused' already"):
        appended({name: data}, [ONE])


@pytest.mark.parametrize("out_format", ["tsv", None])
def test_a_text_that_the_format_cannot_hold(out_format: str | None) -> None:
    name, data = ("f.tsv", b"mt\ta\nx\ty\n") if out_format is None else ("f.jsonl", b'{"mt":"a"}')
    with pytest.raises(CorpusError, match="segment 1 has a tab"):
        appended({name: data}, [{"suggestion": "a\tb"}], out_format=out_format)


def test_into_a_compressed_file(tmp_path: Path) -> None:
    path = tmp_path / "out.tsv.gz"
    with atomic_output(path, force=False) as out:
        append_columns(openers({"f.tsv": b"mt\na\n"}), ["f.tsv"], ReadOptions(), ["x"], [{"x": "1"}], out)
    assert gzip.decompress(path.read_bytes()) == b"mt\tx\na\t1\n"
