"""What every format keeps to: what is written is read again, and splicing changes targets and nothing else."""

import gzip
import io
import lzma
from collections.abc import Callable
from dataclasses import replace

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from posteditor.core.segment import Segment, Status
from posteditor.errors import CorpusError
from posteditor.formats.options import ReadOptions
from tests.formats.in_memory import Files, read, spliced, without_lines, write

COLUMNS = ("id", "source", "mt", "target", "reference", "reference_2", "status", "note")
ODD_TEXTS = (
    "",
    "plain",
    'quotes " and ""',
    "\ufeffmark",
    "end\r",
    "\r",
    "a\rb",
    "a\r\nb",
    "tab\there",
    "line\nbreak",
    "\n",
    "nul\0",
    "שלום עולם",
    "e\u0301 ü",
    "𝔘𝔫𝔦 👩‍👩‍👧",
    "sep\u2028par\u2029nel\x85vt\x0bff\x0cfs\x1c",
    "\x1b[31m[bold]{}",
    '{"mt": 1}',
    "a,b",
    "\\t\\n",
)
any_text = st.one_of(st.sampled_from(ODD_TEXTS), st.text(st.characters(codec="utf-8"), max_size=12))
quick = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.differing_executors, HealthCheck.too_slow]
)
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    ".gz": gzip.compress,
    ".xz": lzma.compress,
    ".zst": zstandard.ZstdCompressor().compress,
}
UNPACKERS: dict[str, Callable[[bytes], bytes]] = {
    ".gz": gzip.decompress,
    ".xz": lzma.decompress,
    ".zst": lambda data: zstandard.ZstdDecompressor().stream_reader(io.BytesIO(data)).read(),
}


class FormatContract:
    """A subclass says what its format is called and what it can hold."""

    kind: str
    columns: tuple[str, ...] = COLUMNS
    read_with = ReadOptions()

    @property
    def name(self) -> str:
        return "file.txt" if self.kind == "text" else f"file.{self.kind}"

    def can_hold(self, text: str) -> bool:
        raise NotImplementedError

    def segments(self) -> st.SearchStrategy[list[Segment]]:
        return st.lists(self.rows(), min_size=1, max_size=6).map(self.numbered)

    def texts(self) -> st.SearchStrategy[str]:
        return any_text.filter(self.can_hold)

    def rows(self) -> st.SearchStrategy[Segment]:
        filled = self.texts().filter(bool)
        return st.builds(
            lambda mt, source, target, references, name, status, note: Segment(
                0, mt, source, target, tuple(references), name, status, note
            ),
            self.texts(),
            self.texts(),
            st.none() | filled,
            st.lists(filled, max_size=2),
            st.none() | filled,
            st.sampled_from(Status),
            self.texts(),
        )

    @staticmethod
    def numbered(segments: list[Segment]) -> list[Segment]:
        return [replace(segment, position=position) for position, segment in enumerate(segments, 1)]

    @given(st.data())
    @quick
    def test_what_is_written_is_read_again(self, data: st.DataObject) -> None:
        segments = data.draw(self.segments())
        written, report = write(segments, self.kind, self.columns)
        assert without_lines(read({self.name: written}, self.read_with)) == segments
        assert report.segments == len(segments)
        assert report.lost == {}

    @given(any_text)
    @quick
    def test_a_text_is_held_whole_or_refused(self, text: str) -> None:
        segments = [Segment(1, "first"), Segment(2, text), Segment(3, "last")]
        if self.can_hold(text):
            written, _ = write(segments, self.kind, ("mt",))
            assert without_lines(read({self.name: written}, ReadOptions(format=self.kind))) == segments
        else:
            with pytest.raises(CorpusError, match="the mt of segment 2 has a"):
                write(segments, self.kind, ("mt",))

    @given(st.data())
    @quick
    def test_splicing_nothing_gives_the_same_bytes(self, data: st.DataObject) -> None:
        original = self.disturbed(data, write(data.draw(self.segments()), self.kind, self.columns)[0])
        out, report = spliced({self.name: original}, [], self.read_with)
        assert out == original
        assert report.changed == 0
        segments = read({self.name: original}, self.read_with)
        unchanged = [(s.position, s.target) for s in segments if s.target]
        out, report = spliced({self.name: original}, unchanged, self.read_with)
        assert (out, report.changed, report.segments) == (original, 0, len(segments))

    @given(st.data())
    @quick
    def test_splicing_changes_those_targets_alone(self, data: st.DataObject) -> None:
        original = self.disturbed(data, write(data.draw(self.segments()), self.kind, self.columns)[0])
        before = read({self.name: original}, self.read_with)
        chosen = data.draw(st.dictionaries(st.integers(1, len(before)), self.texts().filter(bool)))
        out, report = spliced({self.name: original}, sorted(chosen.items()), self.read_with)
        expected = [self.with_target(s, chosen.get(s.position)) for s in before]
        assert without_lines(read({self.name: out}, self.read_with)) == without_lines(expected)
        assert report.segments == len(before)
        back = [(s.position, s.target) for s in before if s.position in chosen and s.target is not None]
        restored, _ = spliced({self.name: out}, back, self.read_with)
        expected = [self.with_target(s, None if s.target else chosen.get(s.position)) for s in before]
        assert without_lines(read({self.name: restored}, self.read_with)) == without_lines(expected)

    @pytest.mark.parametrize("suffix", sorted(PACKERS))
    def test_compressed_files_are_the_same(self, suffix: str) -> None:
        segments = self.numbered([Segment(0, f"mt {n}", target=f"target {n}") for n in range(50)])
        columns = self.columns if len(self.columns) == 1 else ("mt", "target")
        plain, _ = write(segments, self.kind, columns)
        packed: Files = {self.name + suffix: PACKERS[suffix](plain)}
        assert read(packed, self.read_with) == read({self.name: plain}, self.read_with)
        assert spliced(packed, [], self.read_with)[0] == packed[self.name + suffix]
        out, report = spliced(packed, [(7, "new")], self.read_with)
        assert UNPACKERS[suffix](out) == spliced({self.name: plain}, [(7, "new")], self.read_with)[0]
        assert report.changed == 1

    def test_a_change_for_no_segment_is_refused(self) -> None:
        written, _ = write([Segment(1, "a"), Segment(2, "b")], self.kind, ("mt",))
        with pytest.raises(CorpusError, match="target for segment 3, but the file has 2 segments"):
            spliced({self.name: written}, [(3, "c")], ReadOptions(format=self.kind))

    def test_changes_out_of_order_are_refused(self) -> None:
        written, _ = write([Segment(1, "a"), Segment(2, "b")], self.kind, ("mt",))
        with pytest.raises(ValueError, match="ascend"):
            spliced({self.name: written}, [(2, "c"), (1, "d")], ReadOptions(format=self.kind))

    @staticmethod
    def with_target(segment: Segment, target: str | None) -> Segment:
        return segment if target is None else replace(segment, target=target)

    def disturbed(self, data: st.DataObject, written: bytes) -> bytes:
        """The file with blank lines, CRLF, a byte order mark, or no last line end."""
        lines = written.split(b"\n")[:-1]
        ends = data.draw(st.lists(st.sampled_from([b"\n", b"\r\n"]), min_size=len(lines), max_size=len(lines)))
        # A text that ends in a carriage return has one of its own before that of its line end.
        ends = [b"\n" if line.endswith(b"\r") else end for line, end in zip(lines, ends, strict=True)]
        body = b"".join(line + end for line, end in zip(lines, ends, strict=True))
        if data.draw(st.booleans()) and lines[-1].strip(b"\r"):
            body = body[: -len(ends[-1])]
        return b"\xef\xbb\xbf" + body if data.draw(st.booleans()) and not body.startswith(b"\xef\xbb\xbf") else body


class TestTsv(FormatContract):
    kind = "tsv"

    def can_hold(self, text: str) -> bool:
        return "\t" not in text and "\n" not in text


class TestCsv(FormatContract):
    kind = "csv"

    def can_hold(self, text: str) -> bool:
        return True

    def disturbed(self, data: st.DataObject, written: bytes) -> bytes:
        """Line breaks stand inside fields here: only the ends of the file are touched."""
        if data.draw(st.booleans()):
            written = written[:-1]
        return b"\xef\xbb\xbf" + written if data.draw(st.booleans()) else written


class TestJsonl(FormatContract):
    kind = "jsonl"

    def can_hold(self, text: str) -> bool:
        return True

    def test_an_empty_target_is_held_with_its_status(self) -> None:
        segments = [Segment(1, "a", target="", status=Status.CONFIRMED), Segment(2, "b", status=Status.CONFIRMED)]
        written, report = write(segments, "jsonl", ("mt", "target", "status"))
        assert without_lines(read({"f.jsonl": written})) == segments
        assert report.lost == {}


class TestText(FormatContract):
    kind = "text"
    columns = ("mt",)

    def can_hold(self, text: str) -> bool:
        return "\n" not in text

    def rows(self) -> st.SearchStrategy[Segment]:
        return self.texts().map(lambda mt: Segment(0, mt))

    @staticmethod
    def with_target(segment: Segment, target: str | None) -> Segment:
        return segment if target is None else replace(segment, mt=target)

    @given(st.data())
    @quick
    def test_splicing_changes_those_targets_alone(self, data: st.DataObject) -> None:
        original = self.disturbed(data, write(data.draw(self.segments()), self.kind, self.columns)[0])
        before = read({self.name: original})
        chosen = data.draw(st.dictionaries(st.integers(1, len(before)), self.texts()))
        out, report = spliced({self.name: original}, sorted(chosen.items()))
        assert read({self.name: out}) == [self.with_target(s, chosen.get(s.position)) for s in before]
        assert report.segments == len(before)
