"""Runs without a person to ask: texts go to another machine only if the command line or the environment says so."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from posteditor.cli.main import main
from posteditor.services.consent import ALLOW_VARIABLE, may_prefetch, require_consent
from tests.rewriters.scripted_server import ScriptedServer, saying

TSV = "source\tmt\treference\nEs regnet.\tIt rain.\tIt rains.\nEs schneit.\tIt snow.\tIt snows.\n"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedServer]:
    for name in (ALLOW_VARIABLE, "POSTEDITOR_API_KEY", "OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    with ScriptedServer(lambda line: saying(line.asked.mt.replace(".", "s."))(line)) as server:
        yield server


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    path = tmp_path / "rain.tsv"
    path.write_text(TSV, encoding="utf-8")
    return path


def commands(corpus: Path, spec: str) -> list[list[str]]:
    return [
        ["rewrite", str(corpus), "-o", str(corpus.parent / "out.tsv"), "--force", "--model", spec],
        ["bench", str(corpus), "--model", "none", "--model", f"none+{spec}", "--resamples", "0"],
        ["bench", str(corpus), "--model", spec, "--resamples", "0"],
    ]


def test_without_consent_no_run_begins(
    corpus: Path, server: ScriptedServer, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = f"openai:m@http://0.0.0.0:{server.port}"
    for command in [*commands(corpus, spec), ["demo", "--print", "--model", spec]]:
        assert main(command) == 2
        said = capsys.readouterr()
        assert f"texts would leave this machine for 0.0.0.0:{server.port}" in said.err
        assert "--allow-remote" in said.err
        assert said.out == ""
    assert server.asked == []
    assert list(corpus.parent.iterdir()) == [corpus]


def test_with_consent_they_do(corpus: Path, server: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    rewrite, *_, bench = commands(corpus, f"openai:m@http://0.0.0.0:{server.port}")
    assert main([*rewrite, "--allow-remote"]) == 0
    assert "\tIt rains.\t" in (corpus.parent / "out.tsv").read_text(encoding="utf-8")
    assert main([*bench, "--allow-remote"]) == 0
    monkeypatch.setenv(ALLOW_VARIABLE, "1")
    assert main(rewrite) == 0
    monkeypatch.setenv(ALLOW_VARIABLE, "0")
    assert main(rewrite) == 2


def test_a_server_on_this_machine_needs_none(corpus: Path, server: ScriptedServer) -> None:
    for command in commands(corpus, f"openai:m@{server.url}")[::2]:
        assert main(command) == 0


def test_languages_glossary_and_neighbours_reach_the_model(corpus: Path, server: ScriptedServer) -> None:
    glossary = corpus.parent / "terms.tsv"
    glossary.write_text("schneit\tsnows\n", encoding="utf-8")
    more = ["--source-lang", "de", "--target-lang", "en", "--glossary", str(glossary)]
    rewrite, *_, bench = commands(corpus, f"openai:m@{server.url}")
    for command in (rewrite, bench):
        server.asked.clear()
        assert main([*command, *more]) == 0
        asked = {chat.mt: chat.body["messages"] for chat in server.chats}  # they come in at the same time
        system, second = (message["content"] for message in asked["It snow."])
        assert "from German (de) into English (en)" in system
        assert "- schneit = snows" in second
        assert "<before>It rain.</before>" in second
        assert "<after>It snow.</after>" in asked["It rain."][1]["content"]


def test_a_glossary_that_is_none_is_named_with_its_line(
    corpus: Path, server: ScriptedServer, capsys: pytest.CaptureFixture[str]
) -> None:
    glossary = corpus.parent / "terms.tsv"
    glossary.write_text("a\tb\nc\n", encoding="utf-8")
    command = commands(corpus, f"openai:m@{server.url}")[0]
    assert main([*command, "--glossary", str(glossary)]) == 3
    assert f"{glossary} line 2" in capsys.readouterr().err


def test_who_may_be_asked_ahead() -> None:
    require_consent(["none", "default+memory", "openai:m@http://localhost:1"], allowed=False)
    assert may_prefetch("default", {})
    assert may_prefetch("openai:m@http://127.0.0.1", {})
    assert not may_prefetch("default+openai:m@http://192.0.2.1", {})
    assert may_prefetch("openai:m@http://192.0.2.1", {"POSTEDITOR_PREFETCH_REMOTE": "1"})
