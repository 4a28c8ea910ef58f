"""From SPEC to rewriter: built in, shipped, folders, plug-ins, and what nobody knows."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from posteditor import shipped
from posteditor.core.segment import Segment
from posteditor.errors import ModelError
from posteditor.rewriters.specs import check_language, family_of, known_names, load_rewriter, model_folder

PLUGINS = Path(__file__).parents[1] / "plugins"


@pytest.fixture
def plugins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(PLUGINS))


def write_config(folder: Path, **values: object) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(values), encoding="utf-8")
    return folder


def test_none_gives_every_mt_back() -> None:
    rewriter = load_rewriter("none", target_lang="ja")
    segments = [Segment(1, "teh"), Segment(2, "")]
    suggestions = list(rewriter.rewrite(segments))
    assert [suggestion.text for suggestion in suggestions] == ["teh", ""]
    assert {(suggestion.rewriter, suggestion.edits, suggestion.confidence) for suggestion in suggestions} == {
        ("none", (), 1.0)
    }
    assert list(rewriter.rewrite(segments, should_stop=lambda: True)) == []


def test_a_plug_in_is_known_by_name_and_loaded_with_its_argument(plugins: None, tmp_path: Path) -> None:
    assert "toy" in known_names()
    rewriter = load_rewriter(f"toy:{tmp_path}")
    assert [suggestion.text for suggestion in rewriter.rewrite([Segment(7, "teh")])] == ["the"]
    assert (tmp_path / "calls").read_text(encoding="utf-8") == "7\n"


@pytest.mark.parametrize(
    ("spec", "hint"),
    [
        ("defualt", "Did you mean 'default'?"),
        ("nnoe", "Did you mean 'none'?"),
        ("grammarly/coedit-large", "hf download grammarly/coedit-large"),
        ("", "the folder of a model"),
        ("xyz\x1b[31m", "the folder of a model"),
    ],
)
def test_an_unknown_spec_names_what_is_known_and_what_to_do(spec: str, hint: str) -> None:
    with pytest.raises(ModelError) as caught:
        load_rewriter(spec)
    assert "none, default" in caught.value.message
    assert hint in caught.value.hint
    assert "\x1b" not in str(caught.value)


def test_a_family_that_is_not_known_says_which_are(tmp_path: Path) -> None:
    folder = write_config(tmp_path / "vit", architectures=["ViTForImageClassification"], model_type="vit")
    with pytest.raises(ModelError, match="ViTForImageClassification are not known") as caught:
        load_rewriter(str(folder))
    assert "encoder-decoder" in caught.value.hint


def test_a_token_classifier_is_an_edit_tagger(tmp_path: Path) -> None:
    folder = write_config(tmp_path, architectures=["BertForTokenClassification"])
    assert family_of(folder) == "edit tagger"
    with pytest.raises(ModelError):
        load_rewriter(str(folder))  # no weights


@pytest.mark.parametrize("content", ["", "[]", "{", "\x00"])
def test_a_folder_without_a_readable_config_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "config.json").write_text(content, encoding="utf-8")
    with pytest.raises(ModelError, match=r"config\.json"):
        load_rewriter(str(tmp_path))


def test_a_folder_without_config_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"config\.json: can't be read"):
        load_rewriter(str(tmp_path))


@pytest.mark.parametrize(
    ("target_lang", "is_declined"),
    [(None, False), ("en", False), ("EN", False), ("en-GB", False), ("en_US", False), ("enm", True), ("de", True)],
)
def test_languages_are_compared_by_their_main_part(plugins: None, target_lang: str | None, is_declined: bool) -> None:
    rewriter = load_rewriter("toy")
    if is_declined:
        with pytest.raises(ModelError, match=f"rewrites en, not {target_lang}"):
            check_language(rewriter, target_lang)
    else:
        check_language(rewriter, target_lang)


def test_shipped_files_lie_in_the_package_or_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "posteditor"
    monkeypatch.setattr(shipped, "_PACKAGE", package)
    with pytest.raises(ModelError, match="missing") as caught:
        shipped.shipped_model("default")
    assert "Reinstall" in caught.value.hint
    beside = write_config(tmp_path / "models" / "default", architectures=[])
    assert shipped.shipped_model("default") == beside
    inside = write_config(package / "shipped" / "models" / "default", architectures=[])
    assert shipped.shipped_model("default") == inside == model_folder("default")
    assert shipped.shipped_model_names() == ("default",)
    (tmp_path / "corpora").mkdir()
    (tmp_path / "corpora" / "demo.tsv").touch()
    assert shipped.shipped_corpus("demo.tsv") == tmp_path / "corpora" / "demo.tsv"


def test_knowing_what_exists_loads_no_model_library() -> None:
    program = (
        "import sys; from posteditor.rewriters.specs import known_names, load_rewriter; known_names();"
        "load_rewriter('none'); print(*{'torch', 'transformers', 'tokenizers', 'numpy'} & {*sys.modules})"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == ""
