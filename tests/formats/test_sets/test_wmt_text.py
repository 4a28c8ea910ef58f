"""The text releases of the WMT, as each year has laid them out."""

import gzip
from pathlib import Path

import pytest

from posteditor.errors import AlignmentError, CorpusError, UsageError
from posteditor.formats.test_sets.opening import open_test_sets
from tests.formats.test_sets.making import parts, put, refusal

RELEASES = {
    "wmt14": {
        "sources/newstest2014-src.de-en": "q\nr\n",
        "references/newstest2014-ref.de-en": "a\nb\n",
        "system-outputs/newstest2014/de-en/newstest2014.uedin.wmt14.3025.de-en": "x\ny\n",
    },
    "wmt19": {
        "sources/newstest2019-deen-src.de": "q\nr\n",
        "references/newstest2019-deen-ref.en": "a\nb\n",
        "system-outputs/newstest2019/de-en/newstest2019.uedin.wmt14.3025.de-en": "x\ny\n",
    },
    "wmt20": {
        "sources/newstest2020-deen-src.de.txt": "q\nr\n",
        "references/newstest2020-deen-ref.en.txt": "a\nb\n",
        "system-outputs/de-en/newstest2020.de-en.uedin.wmt14.3025.txt": "x\ny\n",
        "system-outputs/de-en/newstest2020.de-en.Human-A.0.txt": "a\nb\n",
    },
    "wmt21": {
        "sources/newstest2021.de-en.src.de": "q\nr\n",
        "references/newstest2021.de-en.ref.A.en": "a\nb\n",
        "system-outputs/newstest2021.de-en.hyp.uedin.wmt14.3025.en": "x\ny\n",
        "system-outputs/newstest2021.de-en.hyp.ref-A.en": "a\nb\n",
    },
    "wmt21-metrics": {
        "sources/newstest2021.de-en.src.de": "q\nr\n",
        "references/newstest2021.de-en.ref.ref-A.en": "a\nb\n",
        "system-outputs/newstest2021/de-en/newstest2021.de-en.hyp.uedin.wmt14.3025.en": "x\ny\n",
    },
    "mt-metrics-eval": {
        "sources/de-en.txt": "q\nr\n",
        "references/de-en.translator.txt": "a\nb\n",
        "system-outputs/de-en/uedin.wmt14.3025.txt": "x\ny\n",
        "system-outputs/de-en/translator.txt": "a\nb\n",
        "system-outputs/de-en/refB.txt": "a\nb\n",
        "documents/de-en.docs": "news\td\nnews\td\n",
    },
}


@pytest.mark.parametrize("release", RELEASES)
def test_each_years_layout(tmp_path: Path, release: str) -> None:
    folder = put(tmp_path / release, dict(RELEASES[release]))
    (found,) = open_test_sets([folder])
    title = release if release == "mt-metrics-eval" else f"newstest20{release[3:5]}"
    assert found.name == f"{title}.de-en/uedin.wmt14.3025"
    assert (found.system, found.kind, found.reference_kind) == ("uedin.wmt14.3025", "wmt-text", "independent")
    assert (found.source_lang, found.target_lang, found.path) == ("de", "en", folder)
    assert parts(list(found.segments())) == [("q", "x", ("a",)), ("r", "y", ("b",))]


@pytest.fixture
def release(tmp_path: Path) -> Path:
    return put(
        tmp_path / "wmt24" / "txt",
        {
            "sources/de-en.txt": "q\nr\n",
            "sources/en-zh_CN.txt.gz": gzip.compress(b"q\n"),
            "references/de-en.refB.txt": "c\n\n",
            "references/de-en.refA.txt": "a\n\n",
            "references/en-zh_CN.refA.txt": "a\n",
            "system-outputs/de-en/GPT-4.txt": "x\ny\n",
            "system-outputs/de-en/Claude-3.5.txt": "z\n\n",
            "system-outputs/de-en/refA.txt": "a\nb\n",
            "system-outputs/de-en/.DS_Store": b"\0\xff",
            "system-outputs/en-zh_CN/GPT-4.txt": "x\n",
            "system-outputs/cs-uk/GPT-4.txt": "x\n",
            "system-outputs/README": "x",
        },
    )


def test_pairs_times_systems(release: Path) -> None:
    notes: list[str] = []
    found = open_test_sets([release], on_note=notes.append)
    assert [one.name for one in found] == ["txt.de-en/Claude-3.5", "txt.de-en/GPT-4", "txt.en-zh_CN/GPT-4"]
    assert found[2].target_lang == "zh-CN"
    assert [path.name for path in found[0].files][-2:] == ["de-en.refA.txt", "de-en.refB.txt"]
    assert parts(list(found[0].segments())) == [("q", "z", ("a", "c")), ("r", "", ())]
    said = "\n".join(notes)
    assert "refA: left out, these are human translations" in said
    assert "cs-uk has no reference and is left out" in said
    assert "README" in said
    assert "DS_Store" not in said


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (":de-en", ["de-en/Claude-3.5", "de-en/GPT-4"]),
        (":GPT-4", ["de-en/GPT-4", "en-zh_CN/GPT-4"]),
        (":de-en/GPT*", ["de-en/GPT-4"]),
        (":en-*,de-en/Claude-3.5", ["de-en/Claude-3.5", "en-zh_CN/GPT-4"]),
        ("/system-outputs/en-zh_CN", ["en-zh_CN/GPT-4"]),
        ("/system-outputs:de-en/GPT-4", ["de-en/GPT-4"]),
    ],
)
def test_selections(release: Path, wanted: str, names: list[str]) -> None:
    assert [one.name for one in open_test_sets([f"{release}{wanted}"])] == [f"txt.{name}" for name in names]


def test_the_folder_above(release: Path) -> None:
    assert len(open_test_sets([release.parent])) == 3
    put(release.parent / "txt-ts", {"system-outputs/de-en/x.txt": "x\n"})
    assert "txt, txt-ts" in refusal(release.parent, UsageError).message


def test_what_can_not_be_selected(release: Path) -> None:
    error = refusal(f"{release}:fr-en", UsageError)
    assert "no 'fr-en'" in error.message
    assert "de-en/Claude-3.5, de-en/GPT-4" in error.hint
    assert "no reference for cs-uk" in refusal(f"{release}:cs-uk", CorpusError).message


def test_no_references_and_no_outputs(tmp_path: Path) -> None:
    put(tmp_path / "a", {"system-outputs/de-en/x.txt": "x\n"})
    put(tmp_path / "b", {"references/de-en.refA.txt": "x\n", "system-outputs/de-en/refA.txt": "x\n"})
    assert "no reference for de-en" in refusal(tmp_path / "a", CorpusError).message
    assert "no reference for anything" in refusal(tmp_path / "b", CorpusError).message


def test_a_second_translator_of_wmt20(tmp_path: Path) -> None:
    put(tmp_path, {**RELEASES["wmt20"], "references/newstestB2020-deen-ref.en.txt": "c\nd\n"})
    (found,) = open_test_sets([tmp_path])
    assert [segment.references for segment in found.segments()] == [("a", "c"), ("b", "d")]


def test_unequal_lengths(release: Path) -> None:
    put(release, {"references/de-en.refB.txt": "c\n"})
    error = refusal(f"{release}:de-en/GPT-4", AlignmentError)
    assert "de-en.refB.txt has 1" in error.message
    assert "has 2 lines" in error.message
