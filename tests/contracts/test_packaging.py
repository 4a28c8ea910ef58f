"""The wheel carries the package, the shipped model and the demo corpus, and nothing is forgotten in the list."""

import os
import subprocess
import sys
import sysconfig
import tomllib
import venv
from pathlib import Path

import pytest

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


@pytest.mark.slow
def test_the_built_wheel_runs_the_demo_from_any_folder(tmp_path: Path) -> None:
    """An ordinary wheel in an environment of its own, with only the dependencies borrowed from this one."""
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*build, "-w", str(tmp_path), str(ROOT)], check=True)
    (wheel,) = tmp_path.glob("posteditor-*.whl")
    assert wheel.stat().st_size < 60_000_000
    home = tmp_path / "env"
    venv.create(home, with_pip=True)
    python = home / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--no-deps", wheel], check=True)
    (packages,) = (home / "lib").glob("python*/site-packages")
    # A path in a .pth file is searched, but the .pth files inside it are not: the editable install stays out.
    (packages / "borrowed.pth").write_text(sysconfig.get_paths()["purelib"] + "\n", encoding="utf-8")
    nowhere = tmp_path / "nowhere"
    nowhere.mkdir()
    environment = {"PATH": os.environ["PATH"], "HOME": str(nowhere)}
    where = subprocess.run(
        [python, "-c", "import posteditor; print(posteditor.__file__)"],
        cwd=nowhere, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert str(home) in where.stdout
    done = subprocess.run(
        [home / "bin" / "posteditor", "demo", "--print", "--limit", "20"],
        cwd=nowhere, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.count("     now  ") >= 1
    assert "do-nothing" in done.stdout
    assert list(nowhere.iterdir()) == []
