"""The command line is a contract: names, help, exit codes, streams, the JSON envelope."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from posteditor.cli.main import app, main

ROOT = Path(__file__).parents[2]
COMMANDS = (
    "edit",
    "demo",
    "rewrite",
    "score",
    "convert",
    "export",
    "recover",
    "stats",
    "models",
    "bench",
    "compare",
    "train",
)
TSV = "id\tmt\ttarget\treference\na\tIt is a house .\t\tIt is a house.\nb\tHe go home.\tHe goes home.\tHe goes home.\n"


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    path = tmp_path / "news.tsv"
    path.write_text(TSV, encoding="utf-8")
    return path


def test_every_promised_command_exists_with_help_and_stands_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    known = {command.callback.__name__: command for command in app.registered_commands if command.callback}
    for name in COMMANDS:
        assert known[name].callback is not None and (known[name].callback.__doc__ or "").strip()
        assert f"posteditor {name}" in readme


@pytest.mark.parametrize("name", COMMANDS)
def test_help_is_printed(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([name, "--help"]) == 0
    assert "Usage" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["score", "nowhere.tsv"], 3, "nowhere.tsv"),
        (["nonsense"], 2, "nonsense"),
        (["export", "nowhere.postedit", "-o", "x.tsv"], 4, "nowhere.postedit"),
        (["stats", "nowhere.postedit"], 4, "nowhere.postedit"),
        (["score", "{corpus}", "--metric", "blue"], 2, "Did you mean"),
        (["rewrite", "{corpus}", "-o", "{folder}/out.tsv", "--model", "defualt"], 5, "default"),
        (["rewrite", "{corpus}", "-o", "{folder}/out.tsv", "--engine", "spark"], 2, "local and ray"),
        (["rewrite", "{corpus}", "-o", "{folder}/out.tsv", "--ray-address", "auto"], 2, "--engine ray"),
        (["edit", "{corpus}"], 2, "terminal"),
        (["convert", "{corpus}", "{folder}/out.docx"], 2, "docx"),
    ],
)
def test_errors_have_a_code_a_place_and_a_remedy(
    arguments: list[str], code: int, words: str, corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = [argument.format(corpus=corpus, folder=corpus.parent) for argument in arguments]
    assert main(given) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert words in captured.err
    assert "Traceback" not in captured.err


def test_ray_that_is_not_installed_is_named_with_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch, corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    assert main(["rewrite", str(corpus), "-o", str(corpus.parent / "out.tsv"), "--engine", "ray"]) == 2
    assert "pip install 'posteditor[ray]'" in capsys.readouterr().err
    assert sorted(path.name for path in corpus.parent.iterdir()) == ["news.tsv"]


def test_an_interrupt_is_130(monkeypatch: pytest.MonkeyPatch, corpus: Path) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("posteditor.services.scoring_files.score_paths", interrupt)
    assert main(["score", str(corpus)]) == 130


@pytest.mark.parametrize(
    ("arguments", "keys"),
    [
        (
            ["score", "{corpus}"],
            {"segments", "scored", "skipped", "with_target", "scores", "reference_kind", "effort", "warnings"},
        ),
        (["models"], None),
    ],
)
def test_json_comes_in_a_versioned_envelope(
    arguments: list[str], keys: set[str] | None, corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*(argument.format(corpus=corpus) for argument in arguments), "--json"]) == 0
    envelope = json.loads(capsys.readouterr().out)
    assert set(envelope) == {"posteditor", "schema", "command", "result"}
    assert (envelope["schema"], envelope["command"]) == (1, arguments[0])
    if keys is not None:
        assert set(envelope["result"]) == keys


def test_a_closed_pipe_ends_quietly(corpus: Path) -> None:
    command = f"{sys.executable} -m posteditor score --segments {corpus} | true"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr


def test_hostile_text_on_standard_output_is_data(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.tsv"
    path.write_text("id\tmt\treference\n\x1b[31mx\ta\tb\n", encoding="utf-8")
    assert main(["score", "--segments", str(path)]) == 0
    assert "\x1b" not in capsys.readouterr().out
