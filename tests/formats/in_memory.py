"""Reading, writing and splicing over bytes in memory."""

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from posteditor.core.segment import Segment
from posteditor.formats.options import ReadOptions
from posteditor.formats.reading import open_segments_from
from posteditor.formats.splicing import SpliceReport, splice
from posteditor.formats.writing import WriteReport, write_segments_to

Files = dict[str, bytes]
BY_NAME = ReadOptions()


def openers(files: Files) -> list[Callable[[], BinaryIO]]:
    return [lambda data=data: io.BytesIO(data) for data in files.values()]  # type: ignore[misc]


def read(files: Files, options: ReadOptions = BY_NAME, references: Files | None = None) -> list[Segment]:
    extra = references or {}
    pairs = list(zip(openers(extra), extra, strict=True))
    with open_segments_from(openers(files), list(files), options, references=pairs) as reader:
        return list(reader)


def read_one(data: bytes | str, name: str, options: ReadOptions = BY_NAME) -> list[Segment]:
    return read({name: data.encode() if isinstance(data, str) else data}, options)


def write(segments: Iterable[Segment], kind: str, columns: Sequence[str] | None = None) -> tuple[bytes, WriteReport]:
    out = io.BytesIO()
    report = write_segments_to(segments, out, kind, Path(f"out.{kind}"), columns=columns)
    return out.getvalue(), report


def spliced(
    files: Files,
    changes: Iterable[tuple[int, str]],
    options: ReadOptions = BY_NAME,
    *,
    statuses: Iterable[tuple[int, str]] = (),
    file_index: int | None = None,
) -> tuple[bytes, SpliceReport]:
    out = io.BytesIO()
    report = splice(openers(files), list(files), options, changes, out, statuses=statuses, file_index=file_index)
    return out.getvalue(), report


def without_lines(segments: Iterable[Segment]) -> list[Segment]:
    """The segments but for where in the file they stand."""
    return [replace(segment, line=0) for segment in segments]
