"""What sacrebleu keeps on the disk."""

from pathlib import Path
from typing import Any

import pytest
from sacrebleu.dataset import DATASETS
from sacrebleu.dataset.wmt_xml import WMTXMLDataset

from posteditor.errors import AlignmentError, CorpusError, UsageError
from posteditor.formats.test_sets.opening import open_test_sets
from tests.formats.test_sets.making import parts, put, refusal

FIELDS = {
    "src": "q\nr\n",
    "ref-A": "a\nb\n",
    "ref-B": "c\n\n",
    "docid": "d\nd\n",
    "origlang": "de\nde\n",
    "domain": "news\nnews\n",
    "Online-A": "x\ny\n",
    "nict.v2": "z\n\n",
    "refA": "a\nb\n",
}


@pytest.fixture(autouse=True)
def sacrebleu_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SACREBLEU", str(tmp_path))
    folder = tmp_path / "wmt21" / "systems"
    put(folder, {f"wmt21_systems.de-en.{field}": text for field, text in FIELDS.items()})
    put(folder, {f"wmt21_systems.liv-en.{field}": text for field, text in FIELDS.items()})
    put(tmp_path / "wmt20", {"wmt20.de-en.src": "a\n", "wmt20.de-en.ref": "b\n", "wmt20.de-en.docid": "d\n"})
    put(tmp_path / "wmt19", {"raw/wmt19.tgz": "x"})
    return tmp_path


def test_each_system_of_a_pair(sacrebleu_folder: Path) -> None:
    found = open_test_sets(["sacrebleu:wmt21/systems/de-en"])
    assert [one.name for one in found] == ["wmt21_systems.de-en/Online-A", "wmt21_systems.de-en/nict.v2"]
    assert [one.system for one in found] == ["Online-A", "nict.v2"]
    assert {(one.kind, one.source_lang, one.target_lang, one.reference_kind) for one in found} == {
        ("sacrebleu", "de", "en", "independent")
    }
    assert [path.name.rpartition("de-en.")[2] for path in found[0].files] == ["src", "Online-A", "ref-A", "ref-B"]
    assert parts(list(found[0].segments())) == [("q", "x", ("a", "c")), ("r", "y", ("b",))]


def test_all_pairs_and_a_selection() -> None:
    assert len(open_test_sets(["sacrebleu:wmt21/systems"])) == 4
    (found,) = open_test_sets(["sacrebleu:wmt21/systems:liv-en/Online-*"])
    assert (found.source_lang, found.system) == ("liv", "Online-A")
    assert len(open_test_sets(["sacrebleu:wmt21/systems/de-en:Online-A,nict.*"])) == 2
    assert "de-en/Online-A" in refusal("sacrebleu:wmt21/systems/de-en:refA", UsageError).hint


@pytest.mark.parametrize(
    ("path", "problem", "hint"),
    [
        ("sacrebleu:wmt20/de-en", "no MT system's output", "wmt21/systems"),
        ("sacrebleu:wmt19/de-en", "has not put de-en of the test set wmt19", "sacrebleu -t wmt19 -l de-en --echo src"),
        ("sacrebleu:wmt22/de-en", "has not put de-en of the test set wmt22", "sacrebleu -t wmt22 -l de-en --echo src"),
        ("sacrebleu:wmt21/systems/zh-en", "there are de-en, liv-en", "-l zh-en"),
    ],
)
def test_what_is_not_there(path: str, problem: str, hint: str) -> None:
    error = refusal(path, CorpusError)
    assert problem in error.message
    assert hint in error.hint


def test_no_name() -> None:
    assert "which test set?" in refusal("sacrebleu:", UsageError).message


def test_the_home_folder_is_the_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SACREBLEU")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert str(tmp_path / "home" / ".sacrebleu" / "wmt22") in refusal("sacrebleu:wmt22/de-en").message


def test_unequal_lengths(sacrebleu_folder: Path) -> None:
    put(sacrebleu_folder / "wmt21/systems", {"wmt21_systems.de-en.Online-A": "x\n"})
    assert "Online-A has 1" in refusal("sacrebleu:wmt21/systems/de-en:Online-A", AlignmentError).message


def test_no_reference(sacrebleu_folder: Path) -> None:
    put(sacrebleu_folder / "wmt23", {"wmt23.de-en.src": "x\n", "wmt23.de-en.Online-A": "x\n"})
    assert "no reference for de-en" in refusal("sacrebleu:wmt23/de-en", CorpusError).message


def test_the_layout_is_that_of_the_installed_sacrebleu(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    dataset: Any = WMTXMLDataset("wmt21/systems", langpairs={"de-en": ["x.xml"]})
    monkeypatch.setattr(dataset, "_outdir", str(tmp_path / "wmt21/systems"))
    path = Path(dataset._get_txt_file_path("de-en", "ref:A"))
    assert path == tmp_path / "wmt21/systems/wmt21_systems.de-en.ref-A"
    assert {"wmt21/systems", "wmt22", "wmt23", "wmt24"} <= set(DATASETS)
