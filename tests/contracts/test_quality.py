"""The checks of a pull request, run by the same command as the tests."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "posteditor").rglob("*.py"))


def run(*command: str) -> str:
    """The output of a check, empty when it found nothing."""
    done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def test_ruff_finds_nothing() -> None:
    assert run("ruff", "check", ".") == ""


def test_the_code_is_formatted() -> None:
    assert run("ruff", "format", "--check", ".") == ""


def test_types_hold_in_package_and_tests() -> None:
    assert run("mypy") == ""


def test_imports_point_down() -> None:
    code = "import sys; from importlinter.cli import lint_imports_command as c; sys.exit(c([]))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_modules_are_small(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400
    assert path.stem not in ("utils", "helpers", "common", "misc")


def test_broad_excepts_stand_nowhere() -> None:
    found = []
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ExceptHandler) and (
                node.type is None
                or (isinstance(node.type, ast.Name) and node.type.id in ("Exception", "BaseException"))
            ):
                last = node.body[-1]
                if not (isinstance(last, ast.Raise) and last.exc is None):  # cleaning up and passing it on is fine
                    found.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert found == []
