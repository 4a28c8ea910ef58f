"""What a PATH may be, and names that are unique."""

from pathlib import Path

import pytest

from posteditor.errors import CorpusError, UsageError
from posteditor.formats.options import ReadOptions
from posteditor.formats.test_sets.folders import children
from posteditor.formats.test_sets.human_systems import is_human
from posteditor.formats.test_sets.naming import clean, stem
from posteditor.formats.test_sets.opening import open_test_sets
from tests.formats.test_sets.making import put, refusal

TSV = "mt\treference\na\tb\n"


def test_several_paths_keep_their_order(tmp_path: Path) -> None:
    put(tmp_path, {"b.tsv": TSV, "a.m2": "S a\n", "dev.mt": "a\n", "dev.pe": "b\n", "sub/b.tsv": TSV})
    found = open_test_sets([tmp_path / "b.tsv", tmp_path / "a.m2", str(tmp_path), tmp_path / "sub" / "b.tsv"])
    assert [one.name for one in found] == [f"{tmp_path.name}/b", "a", "dev", "sub/b"]
    assert [one.kind for one in found] == ["table", "m2", "post-edits", "table"]


def test_a_format_that_the_name_does_not_say(tmp_path: Path) -> None:
    put(tmp_path, {"x.m2": TSV})
    (found,) = open_test_sets([tmp_path / "x.m2"], ReadOptions(format="tsv"))
    assert found.kind == "table"


def test_a_colon_in_a_name(tmp_path: Path) -> None:
    put(tmp_path, {"a:b.tsv": TSV})
    (found,) = open_test_sets([tmp_path / "a:b.tsv"])
    assert found.name == "a_b"


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("nothing", "there is no such file or folder"),
        ("nothing:de-en", "there is no such file or folder"),
        ("nothing.tsv", "there is no such file or folder"),
        ("x" * 300, "there is no such file or folder"),
        ("empty", "the folder is empty"),
        ("other", "no test set in this folder that is known"),
        ("a.txt,b.txt", "there is no such file"),
    ],
)
def test_what_is_not_there(tmp_path: Path, name: str, problem: str) -> None:
    (tmp_path / "empty").mkdir()
    put(tmp_path, {"other/x.bin": "x"})
    assert problem in refusal(f"{tmp_path}/{name}", CorpusError).message


@pytest.mark.parametrize("name", ["x.docx", "x.bin"])
def test_unknown_formats(tmp_path: Path, name: str) -> None:
    refusal(put(tmp_path, {name: "x"}) / name, UsageError)


def test_nothing() -> None:
    refusal([], UsageError)


def test_a_folder_that_can_not_be_read(tmp_path: Path) -> None:
    put(tmp_path, {"file": "x"})
    with pytest.raises(CorpusError, match="file: the folder can't be read"):
        children(tmp_path / "file")


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("Online-A", "Online-A"),
        ("..", "_."),
        ("a/b\\c:d", "a_b_c_d"),
        ("\x1b[31m", "_[31m"),
        ("", "_"),
        ("x" * 99, "x" * 80),
    ],
)
def test_clean_names(name: str, cleaned: str) -> None:
    assert clean(name) == cleaned


def test_stems() -> None:
    assert [stem(Path(name)) for name in ("a.tsv.gz", "a.de-en.all.xml", "a", ".tsv")] == [
        "a",
        "a.de-en.all",
        "a",
        "_tsv",
    ]


@pytest.mark.parametrize(
    ("system", "human"),
    [
        ("refA", True),
        ("ref-B", True),
        ("ref.A", True),
        ("ref", True),
        ("Human-A.0", True),
        ("HUMAN.0", True),
        ("reference_2", True),
        ("Refiner", False),
        ("synthetic_ref", False),
        ("Humanity", False),
    ],
)
def test_human_translations(system: str, human: bool) -> None:
    assert is_human(system) is human
