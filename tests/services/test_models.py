"""The list of rewriters, made without loading any."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from posteditor import shipped
from posteditor.services.models import describe_folder, list_models

PLUGINS = Path(__file__).parents[1] / "plugins"


def make_model(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps({"architectures": ["BertForTokenClassification"]}))
    (folder / "model.safetensors").write_bytes(b"x" * 1000)
    return folder


def test_built_in_shipped_and_plugged_in_models_are_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(PLUGINS))
    monkeypatch.setattr(shipped, "_PACKAGE", tmp_path / "posteditor")
    folder = make_model(tmp_path / "models" / "default")
    models = {model.spec: model for model in list_models()}
    assert list(models) == ["none", "default", "memory[:FILE,...]", "openai:MODEL@URL", "languagetool:URL", "toy"]
    assert (models["none"].family, models["none"].languages) == ("do-nothing", ())
    default = models["default"]
    assert (default.family, default.languages, default.path) == ("edit tagger", ("en",), folder)
    assert default.size_bytes == 1000 + (folder / "config.json").stat().st_size
    assert models["toy"].family == "plug-in of posteditor-toy"
    assert all(json.loads(json.dumps(model.to_json()))["spec"] == spec for spec, model in models.items())


def test_the_revision_changes_with_the_weights(tmp_path: Path) -> None:
    folder = make_model(tmp_path / "m")
    before = describe_folder(folder, spec="m").revision
    (folder / "model.safetensors").write_bytes(b"y" * 1000)
    assert before != describe_folder(folder, spec="m").revision


def test_listing_loads_no_model_library() -> None:
    program = (
        "import sys; from posteditor.services.models import list_models; list_models();"
        "print(*{'torch', 'transformers', 'tokenizers', 'numpy'} & {*sys.modules})"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == ""
