"""Bytes to segments, format by format: what each odd but right file means."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posteditor.core.segment import Segment, Status
from posteditor.formats.comma_separated import csv_field, split_csv
from posteditor.formats.lines import LineBlock
from posteditor.formats.options import ReadOptions
from posteditor.formats.reading import open_segments, open_segments_from
from tests.formats.in_memory import BY_NAME, openers, read, read_one


def mts(data: bytes | str, name: str, options: ReadOptions = BY_NAME) -> list[str]:
    return [segment.mt for segment in read_one(data, name, options)]


class TestTsv:
    def test_all_columns(self) -> None:
        data = (
            "note\tid\tmine\treference_2\tsource\tmt\ttarget\treference\tstatus\n"
            "n\ts1\tx\tr2\ts\tm\tt\tr1\tconfirmed\n"
            "\t\t\t\t\tm\t\t\t\n"
        )
        assert read_one(data, "f.tsv") == [
            Segment(1, "m", "s", "t", ("r1", "r2"), "s1", Status.CONFIRMED, "n", 2),
            Segment(2, "m", "", None, (), None, Status.NEW, "", 3),
        ]

    def test_a_target_makes_a_draft_and_an_empty_one_none(self) -> None:
        found = read_one("mt\ttarget\na\tb\nc\t\n", "f.tsv")
        assert [(s.target, s.status) for s in found] == [("b", Status.DRAFT), (None, Status.NEW)]

    def test_no_source_is_not_an_empty_source(self) -> None:
        assert read_one("mt\na\n", "f.tsv")[0].source is None

    def test_quotes_are_ordinary_characters(self) -> None:
        assert mts('id\tmt\n1\t"a\n2\tb"\n', "f.tsv") == ['"a', 'b"']

    def test_byte_order_mark_crlf_blank_lines_and_no_last_line_end(self) -> None:
        data = b"\xef\xbb\xbfmt\tid\r\n\r\na\t1\n\n\nb\t2\r\n\r\nc\t3"
        found = read_one(data, "f.tsv")
        assert [(s.mt, s.id, s.line) for s in found] == [("a", "1", 3), ("b", "2", 6), ("c", "3", 8)]

    def test_only_a_line_feed_ends_a_line(self) -> None:
        odd = "a\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029\rz"
        assert mts(f"id\tmt\n1\t{odd}\n", "f.tsv") == [odd]

    def test_an_empty_line_of_a_single_column_is_an_empty_mt(self) -> None:
        assert mts("mt\na\n\nb\n", "f.tsv") == ["a", "", "b"]

    def test_no_header(self) -> None:
        options = ReadOptions(columns=("id", "-", "source", "mt"))
        assert read_one("1\tx\ts\tm\n", "f.tsv", options) == [Segment(1, "m", "s", id="1", line=1)]

    def test_a_header_whose_names_are_replaced(self) -> None:
        options = ReadOptions(columns=("source", "mt"), header=True)
        assert [(s.source, s.mt) for s in read_one("German\tEnglish\ns\tm\n", "f.tsv", options)] == [("s", "m")]

    def test_duplicate_ids_are_not_our_business(self) -> None:
        assert [s.id for s in read_one("id\tmt\n1\ta\n1\tb\n", "f.tsv")] == ["1", "1"]

    def test_control_characters_and_markup_are_text(self) -> None:
        odd = "\x1b]0;x\x07[bold]a[/] \x00\x7f"
        assert mts(f"id\tmt\n1\t{odd}\n", "f.tsv") == [odd]

    def test_many_blocks_keep_their_line_numbers(self) -> None:
        data = "id\tmt\n" + "".join(f"{n}\tü{'x' * 60}\n" for n in range(30_000))
        found = read_one(data, "f.tsv")
        assert [s.line for s in found] == list(range(2, 30_002))
        assert [s.position for s in found] == list(range(1, 30_001))
        assert found[-1].id == "29999"

    def test_a_line_longer_than_a_block(self) -> None:
        long = "ü" * 1_500_000
        assert mts(f"id\tmt\n1\ta\n2\t{long}\n3\tb\n", "f.tsv") == ["a", long, "b"]


class TestCsv:
    def test_quoted_fields(self) -> None:
        data = 'id,mt,source\r\n"1","a ""b"" c,\td\ne\r\nf",s\r\n2,plain,""\r\n'
        found = read_one(data, "f.csv")
        assert [(s.id, s.mt, s.source, s.line) for s in found] == [
            ("1", 'a "b" c,\td\ne\r\nf', "s", 2),
            ("2", "plain", "", 5),
        ]

    def test_a_quoted_empty_line_of_a_single_column(self) -> None:
        assert mts('mt\na\n""\n\nb\n', "f.csv") == ["a", "", "", "b"]

    def test_a_header_over_two_lines(self) -> None:
        found = read_one('"id",mt,"my\ncolumn"\n1,a,x\n', "f.csv")
        assert [(s.id, s.mt, s.line) for s in found] == [("1", "a", 3)]

    def test_a_record_over_many_blocks(self) -> None:
        long = "line\n" * 300_000
        assert mts(f'id,mt\n1,"{long}"\n2,b\n', "f.csv") == [long, "b"]

    def test_a_field_beyond_the_limit_of_the_standard_library(self) -> None:
        long = "x" * (csv.field_size_limit() + 1)
        assert mts(f"id,mt\n1,{long}\n", "f.csv") == [long]

    def test_spaces_belong_to_the_field(self) -> None:
        assert mts("id,mt\n1, a \n", "f.csv") == [" a "]

    @given(st.lists(st.lists(st.text(st.sampled_from('a",\n\r\t'), max_size=5), min_size=2, max_size=2), max_size=4))
    def test_what_the_standard_library_writes_is_read(self, rows: list[list[str]]) -> None:
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerows([["source", "mt"], *rows, ["s", "m"]])
        assert [[s.source, s.mt] for s in read_one(out.getvalue(), "f.csv")] == [*rows, ["s", "m"]]

    @given(st.lists(st.text(st.sampled_from('a",\r\x00\u2028 '), max_size=6), min_size=1, max_size=4))
    def test_whole_blocks_are_read_as_single_lines_are(self, lines: list[str]) -> None:
        def records() -> list[tuple[int, str, list[str], bool]]:
            block = LineBlock(1, lines, {}, has_returns=any("\r" in line for line in lines))
            return [
                (line, text, list(fields), index in chunk.problems)
                for chunk in split_csv(iter([block]))
                for index, (line, text, fields) in enumerate(zip(chunk.lines, chunk.texts, chunk.fields, strict=True))
            ]

        quick = records()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("posteditor.formats.comma_separated._quick_chunk", lambda block: None)
            assert quick == records()

    @given(st.lists(st.text(st.characters(codec="utf-8"), max_size=5), min_size=2, max_size=2))
    def test_what_we_write_is_read_by_the_standard_library(self, row: list[str]) -> None:
        line = ",".join(map(csv_field, row)) + "\n"
        assert list(csv.reader(io.StringIO(line, newline=""), strict=True)) == [row]


class TestJsonl:
    def test_known_members_are_read_and_others_are_not(self) -> None:
        data = (
            '{"id": 1.50, "mt": "a\\nb", "x": {"mt": ["no"]}, "reference_2": "r2", "reference": "r1"}\r\n'
            "\n  \n"
            '{"mt": "\\ud83d\\ude00", "id": null, "source": null, "target": "t", "note": "n"}'
        )
        assert read_one(data, "f.jsonl") == [
            Segment(1, "a\nb", None, None, ("r1", "r2"), "1.50", line=1),
            Segment(2, "😀", None, "t", (), None, Status.DRAFT, "n", line=4),
        ]

    def test_big_numbers_as_ids(self) -> None:
        assert read_one('{"mt": "a", "id": ' + "9" * 5000 + "}", "f.jsonl")[0].id == "9" * 5000

    def test_an_empty_target_is_one_only_when_the_status_says_so(self) -> None:
        data = '{"mt": "a", "target": ""}\n{"mt": "a", "target": "", "status": "confirmed"}\n'
        found = read_one(data, "f.jsonl")
        assert [(s.target, s.status) for s in found] == [(None, Status.NEW), ("", Status.CONFIRMED)]

    def test_columns_are_those_of_the_first_records(self) -> None:
        data = b'{"mt": "a", "x": 1}\n{"source": "s", "mt": "b", "reference_3": "r"}\n'
        with open_segments_from(openers({"f.jsonl": data}), ["f.jsonl"]) as reader:
            assert reader.columns == ("source", "mt", "reference_3")

    def test_deep_but_bearable(self) -> None:
        assert mts('{"x": ' + "[" * 200 + "]" * 200 + ', "mt": "a"}', "f.jsonl") == ["a"]


class TestText:
    def test_one_file_is_the_mt(self) -> None:
        assert read_one("a\n\nb", "f.txt") == [Segment(1, "a", line=1), Segment(2, "", line=2), Segment(3, "b", line=3)]

    def test_more_files_are_source_mt_and_references(self) -> None:
        files = {"x.de": b"s\n", "x.en": b"m\r\n", "r1.en": b"\xef\xbb\xbfr1", "r2.en": b"r2\n"}
        assert read(files) == [Segment(1, "m", "s", references=("r1", "r2"), line=1)]

    def test_columns_say_which_is_which(self) -> None:
        options = ReadOptions(columns=("mt", "-", "target", "id"))
        files = {"a.txt": b"m\nm\n", "b.txt": b"?\n?\n", "c.txt": b"t\n\n", "d.txt": b"7\n8\n"}
        assert read(files, options) == [
            Segment(1, "m", target="t", id="7", status=Status.DRAFT, line=1),
            Segment(2, "m", id="8", line=2),
        ]

    def test_nul_is_text(self) -> None:
        assert mts(b"a\0b\n", "f.txt") == ["a\0b"]

    def test_files_of_many_blocks_stay_side_by_side(self) -> None:
        lines = [f"{n} {'x' * (n % 97)}" for n in range(50_000)]
        files = {"a": "\n".join(lines).encode(), "b": "".join(f"{n}\n" for n in range(50_000)).encode()}
        assert all(s.source == lines[int(s.mt)] and s.line == int(s.mt) + 1 for s in read(files))


class TestReader:
    def test_references_beside_those_of_the_file(self) -> None:
        found = read({"f.tsv": b"mt\treference\na\tr1\nb\t\n"}, references={"x.txt": b"x1\nx2\n", "y.txt": b"\ny2\n"})
        assert [s.references for s in found] == [("r1", "x1"), ("x2", "y2")]

    def test_files_on_the_disk(self, tmp_path: Path) -> None:
        path = tmp_path / "odd: name [bold].tsv"
        path.write_text("source\tmt\ns\tm\n", encoding="utf-8")
        with open_segments([path]) as reader:
            assert (reader.format, reader.paths, reader.columns) == ("tsv", (path,), ("source", "mt"))
            assert [s.mt for s in reader] == ["m"]

    @pytest.mark.parametrize("name", ["f.tsv", "f.csv", "f.jsonl", "f.txt"])
    def test_rows_say_what_segments_say(self, name: str) -> None:
        data = {
            "f.tsv": b"id\tmt\ttarget\treference\tstatus\tnote\n1\ta\tb\tr\treviewed\tn\n2\tc\t\t\t\t\n",
            "f.csv": b"id,mt,target,reference,status,note\n1,a,b,r,reviewed,n\n2,c,,,,\n",
            "f.jsonl": b'{"id":1,"mt":"a","target":"b","reference":"r","status":"reviewed","note":"n"}\n'
            b'{"id":2,"mt":"c"}',
            "f.txt": b"a\nc\n",
        }[name]
        with open_segments_from(openers({name: data}), [name]) as reader:
            rows = [row for batch in reader.iter_rows() for row in batch]
        assert [Segment(n, r[3], r[2], r[4], r[5], r[1], r[6], r[7], r[0]) for n, r in enumerate(rows, 1)] == read_one(
            data, name
        )
