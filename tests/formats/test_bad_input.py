"""Whatever is wrong with a file is said with its name, the line and the remedy, or passed over and counted."""

import gzip
import lzma
import os
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from posteditor.errors import AlignmentError, CorpusError, UsageError
from posteditor.formats.options import ReadOptions
from posteditor.formats.reading import open_segments, open_segments_from
from tests.formats.as_nobody import as_nobody
from tests.formats.in_memory import BY_NAME, openers, read, read_one

SKIP = ReadOptions(skip_bad=True)


def refusal(data: bytes | str, name: str, options: ReadOptions = BY_NAME) -> CorpusError:
    with pytest.raises(CorpusError) as caught:
        read_one(data, name, options)
    return caught.value


@pytest.mark.parametrize(
    ("name", "data", "line", "problem", "remedy"),
    [
        ("f.tsv", b"id\tmt\n1\ta\n2\n", 3, "1 field, expected 2 ('id', 'mt')", "--skip-bad"),
        ("f.tsv", b"id\tmt\n1\ta\tb\n", 2, "3 fields, expected 2", "separator"),
        ("f.tsv", b"id\tmt\n\n\n1\ta\n \n", 5, "1 field, expected 2", "--skip-bad"),
        ("f.tsv", b"id\ttext\n1\ta\n", 1, "no column mt; the columns are 'id', 'text'", "--columns id,source,mt"),
        ("f.tsv", b"mt\tmt\na\tb\n", 1, "the column 'mt' is there twice", "rename"),
        ("f.tsv", b"x\tmt\tx\n", 1, "the column 'x' is there twice", "rename"),
        ("f.tsv", b"mt\tstatus\na\tdone\n", 2, "the status 'done' is unknown", "--columns"),
        ("f.tsv", b"id\tmt\n1\tok\n2\tcaf\xe9\n", 3, "not UTF-8: byte 6 of the line (e9)", "iconv -f WINDOWS-1252"),
        ("f.csv", b'id,mt\n1,ok\n2,"a\n\n', 3, "a quote is opened and never closed", "--skip-bad"),
        ("f.csv", b'id,mt\n1,5" pipe\n', 2, "a quote inside a field that does not start with one", "--skip-bad"),
        ("f.csv", b'id,mt\n1,"a"b\n', 2, "text after a closing quote", "--skip-bad"),
        ("f.csv", b'id,mt\n1,"a\nb" c\n', 3, "text after a closing quote", "--skip-bad"),
        ("f.csv", b'id,mt\n"1\n",a,b\n', 2, "3 fields, expected 2", "--skip-bad"),
        ("f.csv", b"id,mt\n1,a\n2,\xff\xfe\n", 3, "not UTF-8: byte 3 of the line (ff fe)", "iconv"),
        ("f.csv", b'id,mt\n1,"a\n\xff"\n', 3, "not UTF-8: byte 1 of the line (ff)", "iconv"),
        ("f.csv", b"id;mt\n1;a\n", 1, "no column mt; the columns are 'id;mt'", "CSV commas"),
        ("f.tsv", b"id,mt\n1,a\n", 1, "no column mt; the columns are 'id,mt'", "--format csv"),
        ("f.jsonl", b'{"mt": "a"}\n{"mt": }\n', 2, "not valid JSON at column 8", "--skip-bad"),
        ("f.jsonl", b'{"mt": "a"} {}\n', 1, "not valid JSON at column 13", "--skip-bad"),
        ("f.jsonl", b'["a"]\n', 1, "not a JSON object", "--skip-bad"),
        ("f.jsonl", b'{"mt": "a", "mt": "b"}\n', 1, "the member 'mt' is there twice", "--skip-bad"),
        ("f.jsonl", b'{"mt": "\\ud800"}\n', 1, "half of a surrogate pair (\\ud800)", "--skip-bad"),
        ("f.jsonl", b'{"mt": 5}\n', 1, "mt is a number, expected a string", "--skip-bad"),
        ("f.jsonl", b'{"mt": null}\n', 1, "mt is null", "--skip-bad"),
        ("f.jsonl", b'{"mt": ["a"]}\n', 1, "mt is a list", "--skip-bad"),
        ("f.jsonl", b'{"mt": true}\n', 1, "mt is true or false", "--skip-bad"),
        ("f.jsonl", b'{"mt": "a", "x": NaN}\n', 1, "NaN is not JSON", "--skip-bad"),
        ("f.jsonl", b'{"mt": "a\tb"}\n', 1, "not valid JSON at column 10", "--skip-bad"),
        ("f.jsonl", b'{"mt": "a", "x": ' + b"[" * 100_000 + b"\n", 1, "nested too deeply", "--skip-bad"),
        ("f.jsonl", b'{"text": "a"}\n', 1, "there is no mt; the members are 'text'", "rename the member"),
        ("f.jsonl", b'{"mt": "a", "status": "x"}\n', 1, "the status 'x' is unknown", ""),
        ("f.txt", b"fine\nnot \x80\n", 2, "not UTF-8: byte 5 of the line (80)", "iconv -f WINDOWS-1252"),
        ("f.txt", "hé\n".encode("utf-16"), 0, "the file is UTF-16", "iconv -f UTF-16 -t UTF-8 f.txt > f.txt.utf8"),
        ("f.txt", "hé\n".encode("utf-32"), 0, "the file is UTF-32", "iconv -f UTF-32"),
        ("f.txt", "hello, you\n".encode("utf-16le"), 0, "looks like UTF-16 without its mark", "iconv -f UTF-16LE"),
        ("f.tsv", "id\tmt\n1\thello\n".encode("utf-16be"), 0, "looks like UTF-16", "iconv -f UTF-16BE"),
        ("f.txt", b"", 0, "there are no segments", "check the name"),
        ("f.tsv", b"", 0, "the file is empty", "check its name"),
        ("f.jsonl", b"\n\n", 0, "there are no segments", "check the name"),
        ("f.tsv", b"id\tmt\n", 0, "there are no segments", "check the name"),
        ("f.tsv", gzip.compress(b"mt\na\n"), 0, "gzip data, but its name", "rename"),
        ("f.csv", b"PK\x03\x04....", 0, "a ZIP archive", "unpack"),
    ],
)
def test_refused(name: str, data: bytes, line: int, problem: str, remedy: str) -> None:
    error = refusal(data, name)
    assert problem in error.problem
    assert (str(error.path), error.line) == (name, line)
    assert remedy in error.hint
    assert error.message.startswith(f"{name} line {line}: " if line else f"{name}: ")


@pytest.mark.parametrize(
    ("name", "data", "mts", "skipped"),
    [
        ("f.tsv", b"id\tmt\n1\ta\n2\n\n3\t\xff\n4\td\n", ["a", "d"], [3, 5]),
        ("f.csv", b'id,mt\n1,a\n2,"b\n3,c\n4,d"\n5,e\n6,"f\n', ["a", "c", "e"], None),
        ("f.csv", b'id,mt\n1,a\n2,"b\n3,c\n', ["a", "c"], [3]),
        ("f.csv", b'id,mt\n1,a\n2,"b"x\n3,"c\nc"\n', ["a", "c\nc"], [3]),
        ("f.jsonl", b'{"mt": "a"}\n{\n\n{"mt": 1}\n{"mt": "\xff"}\n{"mt": "b"}', ["a", "b"], [2, 4, 5]),
        ("f.txt", b"a\n\xff\nc\n", ["a", "c"], [2]),
    ],
)
def test_passed_over(name: str, data: bytes, mts: list[str], skipped: list[int] | None) -> None:
    with open_segments_from(openers({name: data}), [name], SKIP) as reader:
        segments = list(reader)
    found = [segment.mt for segment in segments]
    if skipped is None:  # a stray quote costs lines, never the rest of the file
        assert found[0] == "a"
        assert "e" in found
        assert reader.skipped_count > 0
        return
    assert found == mts
    assert [segment.position for segment in segments] == list(range(1, len(mts) + 1))
    assert [bad.line for bad in reader.skipped] == skipped
    assert reader.skipped_count == len(skipped)
    assert all(bad.reason for bad in reader.skipped)


def test_only_so_many_bad_records_are_kept_but_all_are_counted() -> None:
    data = b"id\tmt\n1\ta\n" + b"bad\n" * 5000
    with open_segments_from(openers({"f.tsv": data}), ["f.tsv"], SKIP) as reader:
        assert len(list(reader)) == 1
    assert (len(reader.skipped), reader.skipped_count) == (100, 5000)


def test_a_file_with_nothing_but_bad_records_is_refused() -> None:
    assert "all 2 records are bad" in refusal(b"id\tmt\nx\ny\n", "f.tsv", SKIP).problem


def test_a_bad_line_in_one_parallel_file_costs_the_segment_in_all() -> None:
    files = {"a.txt": b"a1\na2\na3\n", "b.txt": b"b1\n\xff\nb3\n"}
    with open_segments_from(openers(files), list(files), SKIP) as reader:
        assert [(s.source, s.mt, s.line) for s in reader] == [("a1", "b1", 1), ("a3", "b3", 3)]
    assert reader.skipped[0].reason.startswith("b.txt: not UTF-8")
    with pytest.raises(CorpusError, match=r"^b\.txt line 2: not UTF-8"):
        read(files)


class TestUneven:
    def test_parallel_files(self) -> None:
        with pytest.raises(AlignmentError) as caught:
            read({"a.de": b"1\n2\n3\n4\n", "b.en": b"1\n2\n"})
        assert str(caught.value.path) == "a.de"
        assert caught.value.line == 3
        assert "a.de has 4 lines, b.en has 2" in caught.value.message

    def test_the_shorter_file_first_and_over_many_blocks(self) -> None:
        with pytest.raises(AlignmentError, match=r"line 30001: .* b has 40000 lines, a has 30000"):
            read({"a": b"1\n" * 30_000, "b": b"2\n" * 40_000})

    @pytest.mark.parametrize(("lines", "place"), [(1, "f.tsv line 2"), (3, "r.txt line 3")])
    def test_references(self, lines: int, place: str) -> None:
        with pytest.raises(AlignmentError, match=f"{place}: .* no partner"):
            read({"f.tsv": b"mt\ta\nx\t\ny\t\n"}, references={"r.txt": b"r\n" * lines})

    def test_references_stay_with_their_records_when_some_are_passed_over(self) -> None:
        found = read({"f.tsv": b"id\tmt\n1\ta\n\nbad\n3\tc\n"}, SKIP, {"r.txt": b"ra\nrb\nrc\n"})
        assert [(s.mt, s.references) for s in found] == [("a", ("ra",)), ("c", ("rc",))]

    def test_a_reference_that_is_not_utf8(self) -> None:
        with pytest.raises(CorpusError, match=r"r\.txt line 2: not UTF-8"):
            read({"f.txt": b"a\nb\n"}, references={"r.txt": b"ra\n\xff\n"})


PACKED = {
    ".gz": gzip.compress(b"mt\n" + os.urandom(3000).hex().encode()),
    ".xz": lzma.compress(b"mt\n" + os.urandom(3000).hex().encode()),
    ".zst": zstandard.ZstdCompressor(write_checksum=True).compress(b"mt\n" + os.urandom(3000).hex().encode()),
}


class TestDamagedCompression:
    @pytest.mark.parametrize("suffix", PACKED)
    @pytest.mark.parametrize("keep", [5, 1000, -1])
    def test_cut_short(self, suffix: str, keep: int) -> None:
        error = refusal(PACKED[suffix][:keep], f"f.tsv{suffix}")
        assert "damaged or cut short" in error.problem
        assert "fetch or make the file again" in error.hint

    @pytest.mark.parametrize("suffix", PACKED)
    def test_changed_in_the_middle(self, suffix: str) -> None:
        data = bytearray(PACKED[suffix])
        data[len(data) // 2] ^= 0xFF
        assert "damaged" in refusal(bytes(data), f"f.tsv{suffix}").problem

    @pytest.mark.parametrize("suffix", PACKED)
    def test_not_compressed_at_all(self, suffix: str) -> None:
        error = refusal(b"mt\nhello\n", f"f.tsv{suffix}")
        assert f"take {suffix} off its name" in error.hint

    @pytest.mark.parametrize("suffix", PACKED)
    def test_several_members_are_read_through(self, suffix: str) -> None:
        packers: dict[str, Callable[[bytes], bytes]] = {
            ".gz": gzip.compress,
            ".xz": lzma.compress,
            ".zst": zstandard.ZstdCompressor().compress,
        }
        pack = packers[suffix]
        found = read_one(pack(b"mt\none\n") + pack(b"two\n"), f"f.tsv{suffix}")
        assert [segment.mt for segment in found] == ["one", "two"]


class TestFilesOnDisk:
    def test_missing(self, tmp_path: Path) -> None:
        with pytest.raises(CorpusError, match="there is no such file") as caught:
            open_segments([tmp_path / "f.tsv"])
        assert "check the name" in caught.value.hint

    def test_a_folder(self, tmp_path: Path) -> None:
        (tmp_path / "f.tsv").mkdir()
        with pytest.raises(CorpusError, match="this is a folder"):
            open_segments([tmp_path / "f.tsv"])

    def test_no_permission(self, tmp_path: Path) -> None:
        """Run as nobody, since root may read everything."""
        path = tmp_path / "f.tsv"
        path.write_bytes(b"mt\na\n")
        path.chmod(0)
        done = as_nobody(
            "try: open_segments([Path(sys.argv[1])])\nexcept CorpusError as error: print(error)\n",
            path,
        )
        assert "you may not read this file" in done
        assert "chmod u+r" in done

    def test_no_file_at_all(self) -> None:
        with pytest.raises(UsageError, match="no file was given"):
            open_segments([])

    def test_a_missing_reference_closes_the_others(self, tmp_path: Path) -> None:
        path = tmp_path / "f.tsv"
        path.write_bytes(b"mt\na\n")
        with pytest.raises(CorpusError, match=r"r\.txt: there is no such file"):
            open_segments([path], references=[tmp_path / "r.txt"])


class TestOptions:
    @pytest.mark.parametrize(
        ("columns", "problem"),
        [
            (("id", "src", "mt"), "there is no column 'src'"),
            (("mt", "mt"), "mt is there twice"),
            (("id", "source"), "mt is missing"),
        ],
    )
    def test_wrong_columns(self, columns: tuple[str, ...], problem: str) -> None:
        with pytest.raises(UsageError, match=problem) as caught:
            read_one("1\ta\n", "f.tsv", ReadOptions(columns=columns))
        if problem != "mt is there twice":
            assert "id, source, mt, target, reference, status, note" in caught.value.hint

    def test_a_header_that_looks_like_data_is_not_guessed_away(self) -> None:
        error = refusal("id\tmt\n1\ta\n", "f.tsv", ReadOptions(columns=("id", "mt")))
        assert "looks like a header" in error.problem
        assert "--header" in error.hint

    def test_no_header_and_no_columns(self) -> None:
        with pytest.raises(UsageError, match="needs names for its columns"):
            read_one("1\ta\n", "f.tsv", ReadOptions(header=False))

    @pytest.mark.parametrize("options", [ReadOptions(columns=("mt",)), ReadOptions(header=True)])
    def test_jsonl_has_neither(self, options: ReadOptions) -> None:
        with pytest.raises(UsageError, match="JSONL has no columns"):
            read_one('{"mt": "a"}', "f.jsonl", options)

    def test_text_needs_a_name_per_file(self) -> None:
        with pytest.raises(UsageError, match="2 names for 1 text files"):
            read_one("a\n", "f.txt", ReadOptions(columns=("source", "mt")))


def test_a_line_without_end_is_refused_before_it_fills_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("posteditor.formats.lines._LONGEST_LINE_BYTES", 1 << 20)
    assert "more than 1 MiB" in refusal(b"a\n" + b"x" * (3 << 20), "f.txt").problem


def test_a_quote_without_end_is_refused_before_it_fills_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("posteditor.formats.comma_separated._LONGEST_RECORD", 1000)
    data = 'id,mt\n1,"open\n' + "2,text\n" * 1000
    assert refusal(data, "f.csv").line == 2
    assert len(read_one(data, "f.csv", SKIP)) == 1000


def test_a_reader_can_be_gone_through_once() -> None:
    with open_segments_from(openers({"f.txt": b"a\n"}), ["f.txt"]) as reader:
        assert len(list(reader)) == 1
        with pytest.raises(RuntimeError, match="once"):
            list(reader)
