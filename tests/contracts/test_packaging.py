"""The wheel carries the package, the shipped model and the demo corpus, and nothing is forgotten in the list."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_every_package_folder_is_listed() -> None:
    folders = {".".join(path.parent.relative_to(ROOT).parts) for path in (ROOT / "posteditor").rglob("__init__.py")}
    listed = set(PROJECT["tool"]["setuptools"]["packages"])
    assert folders <= listed
    shipped = {name for name in listed if name.startswith("posteditor.shipped.")}
    assert listed - folders == shipped


def test_every_shipped_model_is_listed() -> None:
    models = {path.parent.name for path in (ROOT / "models").glob("*/config.json")}
    assert models == {"default"}
    listed = PROJECT["tool"]["setuptools"]["package-dir"]
    assert all(f"posteditor.shipped.models.{name}" in listed for name in models)


def test_torch_keeps_the_range_that_was_tested() -> None:
    assert "torch>=2.6,<2.14" in PROJECT["project"]["dependencies"]
    assert PROJECT["project"]["license"] == "Apache-2.0"
