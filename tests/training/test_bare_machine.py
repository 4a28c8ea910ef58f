"""Training runs where only torch, transformers, tokenizers, safetensors, numpy and sacrebleu are installed."""

import ast
import pkgutil
import subprocess
import sys
from pathlib import Path

import posteditor.training
from tests.training.conftest import Workshop

ALLOWED = {"torch", "transformers", "tokenizers", "safetensors", "numpy", "sacrebleu", "posteditor"}
OURS = {"core", "rewriters", "errors", "shipped", "training"}
REFUSED = ("rapidfuzz", "typer", "textual", "filelock", "zstandard", "lemminflect", "click", "rich")
_CODE = """
import importlib, os, sys

class BareMachine:
    # Refuses what a bare machine has not; torch and its companions bring some of it for themselves.
    def find_spec(self, name, path=None, target=None):
        frame = sys._getframe(1)
        while "importlib" in frame.f_code.co_filename:
            frame = frame.f_back
        if name.partition(".")[0] in {refused!r} and frame.f_globals.get("__name__", "").startswith("posteditor"):
            raise ModuleNotFoundError(f"No module named {{name!r}} on a bare machine", name=name)
        return None

sys.meta_path.insert(0, BareMachine())
for name in {modules!r}:
    importlib.import_module(name)
from posteditor.training.__main__ import main
status = main({arguments!r})
print("LOADED", *[name for name in sys.modules if name.startswith("posteditor")])
sys.exit(status)
"""


def test_a_whole_run_needs_no_more(workshop: Workshop) -> None:
    modules = [module.name for module in pkgutil.walk_packages(posteditor.training.__path__, "posteditor.training.")]
    assert "posteditor.training.running" in modules
    modules.remove("posteditor.training.__main__")
    code = _CODE.format(refused=REFUSED, modules=modules, arguments=workshop.arguments())
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    loaded = done.stdout.partition("LOADED")[2].split()
    assert {name.split(".")[1] for name in loaded if "." in name} <= OURS
    assert "posteditor.training.tuning" in loaded
    for name in loaded:
        assert imported_by(name) <= ALLOWED | sys.stdlib_module_names, name


def test_the_hook_refuses_what_it_should(workshop: Workshop) -> None:
    code = _CODE.format(refused=REFUSED, modules=["posteditor.store.locking"], arguments=workshop.arguments())
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "No module named 'filelock' on a bare machine" in done.stderr


def imported_by(module: str) -> set[str]:
    """The top names of everything that a module of ours imports, inside functions too."""
    path = Path(posteditor.training.__path__[0]).parent.joinpath(*module.split(".")[1:])
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.partition(".")[0])
    return names
