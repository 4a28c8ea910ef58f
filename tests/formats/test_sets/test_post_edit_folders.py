"""Folders in the layout of MLQE-PE and of the WMT's post-editing tasks."""

import lzma
from pathlib import Path

import pytest

from posteditor.errors import AlignmentError, CorpusError, UsageError
from posteditor.formats.options import ReadOptions
from posteditor.formats.test_sets.opening import open_test_sets
from tests.formats.test_sets.making import only, parts, parts_of, put, refusal

DEV = {"dev.src": "q\nr\n", "dev.mt": "a\nb\n", "dev.pe": "c\nd\n", "dev.hter": "0.1\n", "README": "x"}


def test_a_folder(tmp_path: Path) -> None:
    folder = put(tmp_path / "ro-en-dev", {**DEV})
    found = only(folder)
    assert (found.name, found.kind, found.path) == ("dev", "post-edits", folder)
    assert [path.name for path in found.files] == ["dev.src", "dev.mt", "dev.pe"]
    assert (found.source_lang, found.target_lang, found.reference_kind) == ("ro", "en", "post-edit")
    assert parts_of(folder) == [("q", "a", ("c",)), ("r", "b", ("d",))]


@pytest.mark.parametrize(
    ("folder", "stem", "pair"),
    [
        ("data", "dev.si-en", ("si", "en")),
        ("en-mr", "train", ("en", "mr")),
        ("ro-en", "test.en-zh_CN", ("en", "zh-CN")),
        ("liv-en", "test", ("liv", "en")),
        ("dev-ro-en", "test", ("ro", "en")),
        ("my-test-set", "dev-new", (None, None)),
        ("dev-en", "x", (None, None)),
    ],
)
def test_languages_come_from_names(tmp_path: Path, folder: str, stem: str, pair: tuple[str | None, ...]) -> None:
    found = only(put(tmp_path / folder, {f"{stem}.mt": "a\n", f"{stem}.pe": "b\n"}))
    assert found.name == stem
    assert (found.source_lang, found.target_lang) == pair


def test_a_source_is_not_needed_and_files_may_be_compressed(tmp_path: Path) -> None:
    put(tmp_path, {"dev.mt.xz": lzma.compress(b"a\nb\n"), "dev.pe": "c\n\n"})
    assert parts_of(tmp_path) == [(None, "a", ("c",)), (None, "b", ())]


def test_several_stems_and_how_to_pick_one(tmp_path: Path) -> None:
    put(tmp_path, {**DEV, "test20.mt": "x\n", "test20.pe": "y\n", "blind.src": "z\n"})
    assert [found.name for found in open_test_sets([tmp_path])] == ["dev", "test20"]
    assert [found.name for found in open_test_sets([f"{tmp_path}:test*"])] == ["test20"]
    assert [found.name for found in open_test_sets([tmp_path / "dev"])] == ["dev"]
    assert "dev, test20" in refusal(f"{tmp_path}:train", UsageError).hint


def test_folders_inside(tmp_path: Path) -> None:
    put(tmp_path, {f"{pair}-dev/{name}": text for pair in ("et-en", "ro-en") for name, text in DEV.items()})
    found = open_test_sets([tmp_path])
    assert [one.name for one in found] == ["et-en-dev/dev", "ro-en-dev/dev"]
    assert [one.source_lang for one in found] == ["et", "ro"]
    assert [one.source_lang for one in open_test_sets([f"{tmp_path}:ro-en"])] == ["ro"]
    two = open_test_sets([tmp_path / "et-en-dev", tmp_path / "ro-en-dev", tmp_path / "ro-en-dev"])
    assert [one.name for one in two] == ["et-en-dev/dev", "ro-en-dev/dev", "ro-en-dev/dev-2"]


@pytest.mark.parametrize("missing", ["dev.mt", "dev.pe"])
def test_a_missing_file(tmp_path: Path, missing: str) -> None:
    put(tmp_path, {name: text for name, text in DEV.items() if name != missing})
    error = refusal(tmp_path, CorpusError)
    assert error.message.startswith(f"{tmp_path / missing}: there is no such file")
    put(tmp_path, {"test.mt": "a\n", "test.pe": "b\n"})
    assert [found.name for found in open_test_sets([f"{tmp_path}:test"])] == ["test"]


def test_one_file_in_two_forms(tmp_path: Path) -> None:
    put(tmp_path, {**DEV, "dev.pe.xz": lzma.compress(b"c\nd\n")})
    assert "dev.pe is there, too" in refusal(tmp_path, CorpusError).message


@pytest.mark.parametrize("longer", ["dev.src", "dev.mt", "dev.pe"])
def test_unequal_lengths(tmp_path: Path, longer: str) -> None:
    put(tmp_path, {**DEV, longer: "1\n2\n3\n"})
    error = refusal(tmp_path, AlignmentError)
    assert f"{tmp_path / longer} has 3 lines" in error.message
    assert "has 2" in error.message


def test_wrong_encoding(tmp_path: Path) -> None:
    put(tmp_path, {**DEV, "dev.pe": b"c\n\xff\n"})
    error = refusal(tmp_path, CorpusError)
    assert error.message.startswith(f"{tmp_path / 'dev.pe'} line 2: not UTF-8")
    (found,) = open_test_sets([tmp_path], ReadOptions(skip_bad=True))
    assert parts(list(found.segments())) == [("q", "a", ("c",))]
