"""Records taken out of a file, and texts changed in others: everything else byte for byte."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posteditor.errors import CorpusError, UsageError
from posteditor.formats.compression import file_opener
from posteditor.formats.filtering import LineEvent, filtered, lines_of
from posteditor.formats.options import ReadOptions


def lines(paths: Sequence[Path], events: list[LineEvent], options: ReadOptions | None = None, **more: int) -> list[str]:
    openers, names = [file_opener(path) for path in paths], [str(path) for path in paths]
    with filtered(openers, names, options or ReadOptions(), events, **more) as pieces:
        is_csv = paths[0].suffix == ".csv"
        return [line.decode()[:-1] for line in (pieces if is_csv else lines_of(pieces))]


def write(path: Path, content: str) -> Path:
    path.write_bytes(content.encode())
    return path


def test_tsv(tmp_path: Path) -> None:
    path = write(tmp_path / "a.tsv", "x\tsource\tmt\r\n1\ta\tb\r\n\n2\tc\td\n3\te\tf\r")
    events: list[LineEvent] = [(2, {"source": "A", "mt": "B"}), (4, None)]
    assert lines([path], events) == ["x\tsource\tmt\r", "1\tA\tB\r", "", "3\te\tf\r"]


@pytest.mark.parametrize("name", ["a.tsv", "a.csv", "a.txt"])
def test_byte_order_marks(tmp_path: Path, name: str) -> None:
    start = "" if name == "a.txt" else "mt\n"
    path = write(tmp_path / name, f"\ufeff{start}a\nb\n")
    first = start.count("\n") + 1
    assert "".join(lines([path], [(first, None)])) == f"\ufeff{start.strip()}b"
    path = write(tmp_path / name, f"{start}a\n\ufeffb\n")
    assert lines([path], [(first, None)])[-1] == ("\ufeff\ufeffb" if name == "a.txt" else "\ufeffb")


def test_csv_records_of_several_lines(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", 'source,mt,x\n"a\nb",c,"1"\n"d\n\ne",f,"2"\ng,h,"3"\n')
    events: list[LineEvent] = [(2, None), (4, {"mt": 'F "f"'})]
    assert lines([path], events) == ["source,mt,x", '"d\n\ne","F ""f""","2"', 'g,h,"3"']
    assert lines([path], [], last_line=4) == ["source,mt,x", '"a\nb",c,"1"', '"d\n\ne",f,"2"']


def test_bad_csv_records_go_by_themselves(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", 'source,mt\na,b\nc\n"d,e\nf,g\n')
    assert lines([path], [(2, None)], ReadOptions(skip_bad=True)) == ["source,mt", "f,g"]


def test_jsonl(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", '{"source":"a", "mt":"b","y":[1]}\n{"mt" : "c"}\n{"mt":"d"}\n')
    events: list[LineEvent] = [(1, {"mt": "B\n"}), (2, {"source": "C"}), (3, None)]
    assert lines([path], events) == ['{"source":"a", "mt":"B\\n","y":[1]}', '{"mt" : "c", "source": "C"}']


def test_one_of_several_text_files(tmp_path: Path) -> None:
    paths = [write(tmp_path / "a.en", "a\nb\nc\n"), write(tmp_path / "a.de", "x\ny\nz\n")]
    events: list[LineEvent] = [(1, {"source": "A"}), (2, None)]
    assert lines(paths, events, file_index=0) == ["A", "c"]
    assert lines(paths, events[1:], file_index=1) == ["x", "z"]


def test_the_last_line_ends_it(tmp_path: Path) -> None:
    path = write(tmp_path / "a.tsv", "source\tmt\na\tb\nc\td\ne\tf\n")
    assert lines([path], [(3, None)], last_line=3) == ["source\tmt", "a\tb"]


def test_what_the_format_can_not_hold(tmp_path: Path) -> None:
    path = write(tmp_path / "a.tsv", "source\tmt\na\tb\n")
    with pytest.raises(CorpusError, match="the new mt of the record has a tab") as caught:
        lines([path], [(2, {"mt": "a\tb"})])
    assert caught.value.line == 2


def test_documents_are_not_made_of_lines(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        lines([write(tmp_path / "a.tmx", "<tmx/>")], [])


@given(
    texts=st.lists(st.text(alphabet="ab\r", max_size=4), min_size=1, max_size=30),
    gone=st.sets(st.integers(0, 29)),
    other=st.sets(st.integers(0, 29)),
)
def test_what_stays_is_as_it_was(tmp_path_factory, texts, gone, other) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path_factory.mktemp("f") / "a.txt"
    write(path, "\n".join(texts) + "\n")
    events: list[LineEvent] = sorted(
        [(place + 1, None) for place in gone] + [(place + 1, {"mt": "new"}) for place in other - gone],
        key=lambda event: event[0],
    )
    events = [event for event in events if event[0] <= len(texts)]
    wanted = [
        ("new\r" if text.endswith("\r") else "new") if place in other else text
        for place, text in enumerate(texts)
        if place not in gone
    ]
    assert lines([path], events) == wanted
