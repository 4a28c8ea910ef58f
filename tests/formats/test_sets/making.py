"""Files and folders for tests, and test sets opened from them."""

from pathlib import Path

import pytest

from posteditor.core.segment import Segment
from posteditor.errors import PostEditorError
from posteditor.formats.test_sets import definition
from posteditor.formats.test_sets.opening import open_test_sets

Parts = tuple[str | None, str, tuple[str, ...]]


def put(folder: Path, files: dict[str, str | bytes]) -> Path:
    """The folder, with these files in it."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def only(path: Path | str) -> definition.TestSet:
    """The one test set behind a PATH."""
    (found,) = open_test_sets([path])
    return found


def parts(segments: list[Segment]) -> list[Parts]:
    """Source, mt and references."""
    assert [segment.position for segment in segments] == list(range(1, len(segments) + 1))
    return [(segment.source, segment.mt, segment.references) for segment in segments]


def parts_of(path: Path | str) -> list[Parts]:
    """The same of the one test set behind a PATH, read twice."""
    found = only(path)
    segments = list(found.segments())
    assert list(found.segments()) == segments
    return parts(segments)


def refusal(path: Path | str | list[Path | str], kind: type[PostEditorError] = PostEditorError) -> PostEditorError:
    """The error of opening a PATH, or else of reading what is behind it."""
    with pytest.raises(kind) as caught:
        for found in open_test_sets(path if isinstance(path, list) else [path]):
            list(found.segments())
    assert caught.value.hint
    return caught.value
