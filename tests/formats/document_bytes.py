"""Reading, writing and splicing documents (TMX, PO, Parquet) over bytes in memory."""

import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from hypothesis import strategies as st

from posteditor.core.segment import Segment
from posteditor.formats.documents import DocumentSplice, splice_document
from posteditor.formats.options import ReadOptions, WriteOptions
from posteditor.formats.reading import SegmentReader, open_segments_from
from posteditor.formats.records import Change
from posteditor.formats.writing import WriteReport, write_segments_to

AS_IT_SAYS = ReadOptions()
SKIPPING = ReadOptions(skip_bad=True)
COLUMNS = ("id", "source", "mt", "target", "reference", "reference_2", "status", "note")
EN_DE = WriteOptions("en", "de")

any_text = st.text(st.characters(codec="utf-8"), max_size=12) | st.sampled_from(
    (
        "",
        " ",
        "a b",
        "<1>x</1>",
        "<2/>",
        "<<1>",
        "&amp;",
        "]]>",
        "a\r\nb\rc",
        "\u2028\x85\x0b",
        "👩‍👩‍👧 𝔘",
        "שלום",
        "\ufeff",
        '"\\n"',
    )
)
"""All of Unicode that can be encoded."""


def reader(data: bytes, name: str, options: ReadOptions = AS_IT_SAYS) -> SegmentReader:
    return open_segments_from([lambda: io.BytesIO(data)], [name], options)


def read(data: bytes | str, name: str, options: ReadOptions = AS_IT_SAYS) -> list[Segment]:
    with reader(data.encode() if isinstance(data, str) else data, name, options) as found:
        return list(found)


def written(
    segments: Iterable[Segment],
    kind: str,
    columns: Sequence[str] = COLUMNS,
    options: WriteOptions = EN_DE,
) -> tuple[bytes, WriteReport]:
    out = io.BytesIO()
    report = write_segments_to(segments, out, kind, Path(f"out.{kind}"), columns=columns, options=options)
    return out.getvalue(), report


def spliced(
    data: bytes | str, name: str, changes: Iterable[Change], options: ReadOptions = AS_IT_SAYS
) -> tuple[bytes, DocumentSplice]:
    raw = data.encode() if isinstance(data, str) else data
    out = io.BytesIO()
    kind = {"tmx": "tmx", "po": "po", "pot": "po", "parquet": "parquet"}[name.split(".")[1]]
    report = splice_document(kind, lambda: io.BytesIO(raw), name, options, changes, out)
    return out.getvalue(), report


def mutations(data: bytes) -> st.SearchStrategy[bytes]:
    """The bytes with a few of them changed, taken out, doubled, or cut off."""

    def mutated(edits: list[tuple[int, int, bytes]]) -> bytes:
        found = bytearray(data)
        for at, size, new in edits:
            place = at % (len(found) + 1)
            found[place : place + size] = new
        return bytes(found)

    pieces = st.binary(max_size=3) | st.sampled_from(
        (
            b"<",
            b">",
            b"&",
            b'"',
            b"<!--",
            b"-->",
            b"<![CDATA[",
            b"]]>",
            b"<?",
            b"</tu>",
            b"<tu>",
            b"\n",
            b"\\",
            b"\0",
            b"\xff",
        )
    )
    edit = st.tuples(st.integers(0, max(len(data), 1)), st.integers(0, 30), pieces)
    return st.lists(edit, min_size=1, max_size=4).map(mutated)


def chunks(data: bytes, size: int) -> Iterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]
