"""Parquet tables: plain ones, those of Hugging Face data sets, and ours."""

import gzip
import io
import json
import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from posteditor.core.segment import Provenance, Segment, Status
from posteditor.errors import CorpusError, PostEditorError, UsageError
from posteditor.formats.options import ReadOptions, WriteOptions
from posteditor.formats.records import Change
from tests.formats.document_bytes import SKIPPING, any_text, mutations, read, reader, spliced, written

pyarrow = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")

quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
MADE = Provenance("Ann", "default", 0.5, "2024-05-06T07:08:09+00:00")


def packed(columns: dict[str, Any], metadata: dict[bytes, bytes] | None = None, **options: Any) -> bytes:
    table = pyarrow.table(columns)
    out = io.BytesIO()
    parquet.write_table(table.replace_schema_metadata(metadata) if metadata else table, out, **options)
    return out.getvalue()


def table_of(data: bytes) -> Any:
    return parquet.read_table(io.BytesIO(data))


PAIRS = [{"en": "one", "de": "eins"}, {"en": "two", "de": None}, {"en": None, "de": ""}]
HUGGING = {
    b"huggingface": json.dumps(
        {"info": {"features": {"pair": {"languages": ["en", "de"], "_type": "Translation"}}}}
    ).encode()
}

rows = st.builds(
    lambda mt, source, target, references, name, status, note: Segment(
        0, mt, source, target, tuple(references), name, status, note
    ),
    any_text,
    st.none() | any_text,
    st.none() | any_text,
    st.lists(any_text.filter(bool), max_size=2),
    st.none() | any_text.filter(bool),
    st.sampled_from(Status),
    any_text,
)
corpora = st.lists(rows, min_size=1, max_size=5).map(
    lambda found: [replace(row, position=position) for position, row in enumerate(found, 1)]
)


@given(corpora)
@quick
def test_what_is_written_is_read_again(segments: list[Segment]) -> None:
    data, report = written(segments, "parquet")
    assert [replace(segment, line=0) for segment in read(data, "a.parquet")] == segments
    assert (report.segments, report.lost) == (len(segments), {})


def test_the_file_has_a_translation_feature_and_provenance() -> None:
    segments = [Segment(1, "mt", "src", "tgt", status=Status.CONFIRMED, provenance=MADE), Segment(2, "zwei", "two")]
    data, _ = written(segments, "parquet", options=WriteOptions("en", "de", provenance=True))
    table = table_of(data)
    features = json.loads(table.schema.metadata[b"huggingface"])["info"]["features"]
    assert features == {"translation": {"languages": ["en", "de"], "_type": "Translation"}}
    assert table.to_pylist() == [
        {
            "translation": {"en": "src", "de": "tgt"},
            "id": None,
            "mt": "mt",
            "target": "tgt",
            "status": "confirmed",
            "note": None,
            "references": [],
            "author": "Ann",
            "rewriter": "default",
            "confidence": 0.5,
            "edited": "2024-05-06T07:08:09+00:00",
        },
        {
            "translation": {"en": "two", "de": "zwei"},
            "id": None,
            "mt": "zwei",
            "target": None,
            "status": "new",
            "note": None,
            "references": [],
            "author": None,
            "rewriter": None,
            "confidence": None,
            "edited": None,
        },
    ]


def test_without_two_languages_there_is_no_translation() -> None:
    for options, said in (
        (WriteOptions("en"), "needs the languages"),
        (WriteOptions("en", "en"), "needs two languages"),
    ):
        with pytest.raises(UsageError, match=said):
            written([Segment(1, "a", "b")], "parquet", options=options)


def test_what_parquet_cannot_hold_is_counted() -> None:
    data, report = written([Segment(1, "a\ud800b", "s", "\udfff", ("\ud800r",), status=Status.DRAFT)], "parquet")
    (segment,) = read(data, "a.parquet")
    assert (segment.mt, segment.target, segment.references) == ("ab", "", ("r",))
    assert report.lost == {"characters that Parquet can't hold": 3}


def test_translations_are_pairs() -> None:
    for columns, metadata in (({"translation": PAIRS}, None), ({"pair": PAIRS, "n": [1, 2, 3]}, HUGGING)):
        with reader(packed(columns, metadata), "a.parquet") as found:
            assert [(s.source, s.mt, s.target, s.status) for s in found] == [
                ("one", "eins", None, Status.NEW),
                ("two", "", None, Status.NEW),
                (None, "", None, Status.NEW),
            ]
            assert found.languages == ("en", "de")


def test_languages_of_many_have_to_be_said() -> None:
    data = packed({"translation": [{"en": "a", "de": "b", "pt-BR": "c"}]})
    with pytest.raises(UsageError, match="it has the languages en, de, pt-BR"):
        read(data, "a.parquet")
    assert read(data, "a.parquet", ReadOptions(source_lang="pt", target_lang="EN"))[0].mt == "a"
    with pytest.raises(UsageError, match="it has no sv"):
        read(data, "a.parquet", ReadOptions(source_lang="sv", target_lang="en"))
    in_order = {
        b"huggingface": HUGGING[b"huggingface"].replace(b'"en", "de"', b'"de", "en"').replace(b"pair", b"translation")
    }
    with reader(packed({"translation": PAIRS}, in_order), "a.parquet") as found:
        assert next(iter(found)).mt == "one"
        assert found.languages == ("de", "en")
    turned = packed({"translation": PAIRS})
    assert read(turned, "a.parquet", ReadOptions(source_lang="de"))[0].mt == "one"


def test_plain_columns_are_read() -> None:
    data = packed(
        {
            "id": [7, 8],
            "mt": pyarrow.array(["a", "b"]).dictionary_encode(),
            "source": pyarrow.array(["s", None], pyarrow.large_string()),
            "target": ["x", ""],
            "status": ["reviewed", None],
            "note": [None, "n"],
            "reference": ["r", None],
            "reference_2": [None, "q"],
            "other": [1.5, 2.5],
        }
    )
    assert read(data, "a.parquet") == [
        Segment(1, "a", "s", "x", ("r",), "7", Status.REVIEWED, "", 1),
        Segment(2, "b", None, "", ("q",), "8", Status.NEW, "n", 2),
    ]


def test_bad_rows_are_told_or_passed_over() -> None:
    data = packed({"mt": ["a", None, "c", "d"], "status": [None, None, "odd", "draft"]})
    with pytest.raises(CorpusError, match="row 2: the mt is null"):
        read(data, "a.parquet")
    with reader(data, "a.parquet", SKIPPING) as found:
        assert [(s.position, s.mt, s.line) for s in found] == [(1, "a", 1), (2, "d", 4)]
        assert [skip.reason.partition(";")[0] for skip in found.skipped] == [
            "row 2: the mt is null",
            "row 3: the status 'odd' is unknown",
        ]


def test_texts_that_are_no_utf8_are_told() -> None:
    bad = pyarrow.Array.from_buffers(
        pyarrow.string(),
        2,
        [None, pyarrow.py_buffer(bytes([0, 0, 0, 0, 1, 0, 0, 0, 3, 0, 0, 0])), pyarrow.py_buffer(b"a\xff\xfe")],
    )
    data = packed({"mt": bad})
    with pytest.raises(CorpusError, match="row 2: the mt is not UTF-8"):
        read(data, "a.parquet")
    out, report = spliced(data, "a.parquet", [Change(1, "x")], SKIPPING)
    assert report.segments == 1
    assert table_of(out).column("mt").chunk(0).buffers()[2].to_pybytes()[:3] == b"a\xff\xfe"


def test_other_tables_are_told() -> None:
    for columns, said in (
        ({"text": ["a"]}, "there is no column mt or translation; the columns are 'text'"),
        ({"mt": [1]}, "the column mt has int64 instead of texts"),
        ({"translation": [{"en": "a"}]}, "there is no column mt"),
        ({"translation": ["a"]}, "there is no column mt"),
    ):
        with pytest.raises(CorpusError, match=said):
            read(packed(columns), "a.parquet")
    for data, said in (
        (b"", "empty"),
        (b"PAR1", "no Parquet"),
        (b"hello world", "no Parquet file"),
        (packed({"mt": ["a"]})[:-9], "no Parquet"),
    ):
        with pytest.raises(CorpusError, match=said):
            read(data, "a.parquet")
    with pytest.raises(CorpusError, match="there are no segments"):
        read(packed({"mt": pyarrow.array([], pyarrow.string())}), "a.parquet")


def test_compressed_on_top() -> None:
    data = packed({"mt": ["a"]})
    assert read(gzip.compress(data), "a.parquet.gz") == read(data, "a.parquet")
    out, _ = spliced(gzip.compress(data), "a.parquet.gz", [Change(1, "x")])
    assert table_of(gzip.decompress(out)).to_pylist() == [{"mt": "a", "target": "x"}]


def test_splicing_keeps_all_other_columns_and_metadata() -> None:
    columns = {
        "n": pyarrow.array(range(25_000), pyarrow.int16()),
        "translation": [{"en": f"e{n}", "de": f"d{n}", "fr": None} if n != 3 else None for n in range(25_000)],
        "list": [[n, None] for n in range(25_000)],
        "status": pyarrow.array(["new"] * 25_000).dictionary_encode(),
    }
    metadata = {**HUGGING, b"mine": b"\x00\xff"}
    data = packed(columns, metadata, compression="zstd", row_group_size=7000)
    options = ReadOptions(source_lang="en", target_lang="de")
    changes = [Change(4, "null no more"), Change(24_999, "last", Status.REVIEWED)]
    out, report = spliced(data, "a.parquet", changes, options)
    assert (report.segments, report.changed) == (25_000, 2)
    before, after = table_of(data), table_of(out)
    assert after.schema.equals(before.schema, check_metadata=True)
    expected = before.to_pylist()
    expected[3]["translation"] = {"en": None, "de": "null no more", "fr": None}
    expected[24_998]["translation"]["de"] = "last"
    expected[24_998]["status"] = "reviewed"
    assert after.to_pylist() == expected
    assert parquet.ParquetFile(io.BytesIO(out)).metadata.row_group(0).column(0).compression == "ZSTD"


def test_splicing_without_changes_is_the_file() -> None:
    data = packed({"mt": ["a", "b"]})
    assert spliced(data, "a.parquet", [])[0] == data


def test_files_of_ours_keep_the_mt() -> None:
    segments = [Segment(1, "eins", "one"), Segment(2, "zwei", "two", "ZWEI", status=Status.DRAFT)]
    data, _ = written(segments, "parquet", options=WriteOptions("en", "de", provenance=True))
    changes = [Change(1, "neu", Status.REJECTED, "why", MADE), Change(2, "Zwei", Status.CONFIRMED)]
    out, _ = spliced(data, "a.parquet", changes)
    assert [(s.mt, s.target, s.status, s.note) for s in read(out, "a.parquet")] == [
        ("eins", "neu", Status.REJECTED, "why"),
        ("zwei", "Zwei", Status.CONFIRMED, ""),
    ]
    first = table_of(out).to_pylist()[0]
    assert (first["translation"]["de"], first["author"], first["confidence"]) == ("neu", "Ann", 0.5)


def test_half_characters_are_refused() -> None:
    data = packed({"mt": ["a", "b"]})
    out, report = spliced(data, "a.parquet", [Change(1, "x\ud800"), Change(2, "y")])
    assert [row["target"] for row in table_of(out).to_pylist()] == [None, "y"]
    assert [position for position, _ in report.refused] == [1]


GOOD = packed({"translation": PAIRS, "id": ["a", "b", "c"], "status": ["new", "draft", None]})


@given(mutations(GOOD))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_segments_or_an_error_for_the_person(data: bytes) -> None:
    with suppress(PostEditorError):
        read(data, "a.parquet", SKIPPING)
    with suppress(PostEditorError):
        spliced(data, "a.parquet", [Change(1, "x")], SKIPPING)


def test_without_pyarrow_the_way_to_get_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(UsageError) as caught:
        read(GOOD, "a.parquet")
    assert caught.value.hint == "pip install 'posteditor[parquet]'"


@pytest.mark.slow
def test_datasets_loads_what_we_write(tmp_path: Path) -> None:
    python = os.environ.get("POSTEDITOR_DATASETS_PYTHON", "")
    if not python:
        pytest.skip("POSTEDITOR_DATASETS_PYTHON names no Python that has the package datasets")
    segments = [
        Segment(1, "mt", "src", "tgt", ("r1", "r2"), status=Status.CONFIRMED, provenance=MADE),
        Segment(2, "zwei", "two"),
    ]
    path = tmp_path / "a.parquet"
    path.write_bytes(written(segments, "parquet", options=WriteOptions("en", "de", provenance=True))[0])
    program = (
        "import json, sys\nfrom datasets import load_dataset, Translation\n"
        "found = load_dataset('parquet', data_files=sys.argv[1], cache_dir=sys.argv[2])['train']\n"
        "feature = found.features['translation']\n"
        "print(json.dumps([isinstance(feature, Translation), list(feature.languages), list(found)]))\n"
    )
    done = subprocess.run(
        [python, "-c", program, str(path), str(tmp_path / "cache")],
        capture_output=True,
        check=True,
        text=True,
        env={**os.environ, "HF_HUB_OFFLINE": "1", "HOME": str(tmp_path)},
    )
    is_translation, languages, found = json.loads(done.stdout)
    assert (is_translation, languages) == (True, ["en", "de"])
    assert [row["translation"] for row in found] == [{"en": "src", "de": "tgt"}, {"en": "two", "de": "zwei"}]
    assert found[0]["references"] == ["r1", "r2"]
