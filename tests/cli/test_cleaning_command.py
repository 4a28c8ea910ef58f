"""posteditor clean, as a person calls it."""

import json
from pathlib import Path

import pytest

from posteditor.cleaning.rules_file import DEFAULT_RULES
from posteditor.cli.main import main
from tests.services.cleaning.dirty_corpus import kept, pairs, read_tsv, rules_file, write_tsv


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return write_tsv(tmp_path / "a.tsv", pairs(1000))


def test_clean(tmp_path: Path, corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output, rules = tmp_path / "out.tsv", rules_file(tmp_path)
    assert main(["clean", str(corpus), "-o", str(output), "--rules", str(rules)]) == 0
    assert read_tsv(output) == kept(pairs(1000))
    said = capsys.readouterr()
    assert said.out == ""
    lines = said.err.splitlines()
    assert "1,000 in = 501 kept + 499 rejected" in lines
    assert any(line.split()[:4] == ["length_ratio", "800", "100", "12.50"] for line in lines)
    assert any(line.startswith("length_ratio ") and "┃ 3" in line for line in lines)
    assert (tmp_path / "out.rejected.jsonl").read_text().count("\n") == 499


def test_json(tmp_path: Path, corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rules = str(rules_file(tmp_path))
    command = ["clean", str(corpus), "-o", str(tmp_path / "out.tsv"), "--rules", rules, "--json", "--no-rejected"]
    assert main(command) == 0
    envelope = json.loads(capsys.readouterr().out)
    assert envelope["command"] == "clean"
    assert (envelope["result"]["kept"], envelope["result"]["rejected"]) == (501, 499)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.tsv", "out.tsv", "rules.toml"]


def test_print_rules(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["clean", "--print-rules"]) == 0
    assert capsys.readouterr().out == DEFAULT_RULES.read_text(encoding="utf-8")
    assert main(["clean", "--print-rules", "--rules", str(tmp_path / "missing.toml")]) == 3


def test_sample(tmp_path: Path, corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["clean", str(corpus), "--rules", str(rules_file(tmp_path)), "--sample", "300", "--seed", "5"]
    assert main(command) == 0
    out = capsys.readouterr().out
    assert out.startswith("300 of 1,000 pairs, drawn with seed 5\n")
    assert "empty: no target" in out
    assert main([*command, "--diff", "input", "fix mojibake"]) == 0
    assert "[-CafÃ©-]{+Café+}" in capsys.readouterr().out
    assert main([*command, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["result"]["pairs"] == 300
    assert main([*command, "--json", "--diff", "empty", "identical"]) == 0
    assert json.loads(capsys.readouterr().out)["result"]["first"] == "empty"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.tsv", "rules.toml"]


def test_texts_do_not_act_on_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    corpus = write_tsv(tmp_path / "a.tsv", [("a\x1b[31m", "")])
    assert main(["clean", str(corpus), "--rules", str(rules_file(tmp_path)), "--sample", "5"]) == 0
    assert "\x1b" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ([], 2, "no file was given"),
        (["a.tsv"], 2, "OUT is missing"),
        (["a.tsv", "-o", "o.tsv", "--diff", "a", "b"], 2, "--diff goes with --sample"),
        (["a.tsv", "-o", "o.tsv", "--memory", "much"], 2, "is no size"),
        (["a.tsv", "-o", "o.tsv", "--memory", "1K"], 2, "is too little"),
        (["a.tsv", "-o", "o.tsv", "--engine", "steam"], 2, "no such engine"),
        (["a.tsv", "-o", "o.tsv", "--ray-address", "auto"], 2, "--engine ray"),
        (["a.tsv", "-o", "o.tsv", "--rules", "r.toml"], 3, "r.toml line 2: there is no rule 'lenght'"),
        (["missing.tsv", "-o", "o.tsv"], 3, "no such file"),
        (["a.tsv", "--sample", "5", "--diff", "a", "b"], 2, "no step 'a'"),
    ],
)
def test_mistakes(
    tmp_path: Path,
    corpus: Path,
    arguments: list[str],
    code: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "r.toml").write_text("[[steps]]\nrule = 'lenght'\n")
    assert main(["clean", *arguments]) == code
    assert said in capsys.readouterr().err
    assert not (tmp_path / "o.tsv").exists()


def test_the_rules_that_ship(tmp_path: Path, corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("pycld2")
    pytest.importorskip("rensa")
    command = ["clean", str(corpus), "-o", str(tmp_path / "out.tsv"), "--source-lang", "de", "--target-lang", "en"]
    assert main([*command, "--report", str(tmp_path / "r.html"), "--memory", "128M"]) == 0
    assert "1,000 in = " in capsys.readouterr().err
    assert 0 < len(read_tsv(tmp_path / "out.tsv")) < 501


def test_without_the_library_for_languages(
    tmp_path: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("posteditor.cleaning.language_rule.find_spec", lambda name: None)
    rules = rules_file(tmp_path)
    rules.write_text('[[steps]]\nrule = "language"\nsource = "de"\ntarget = "en"\n')
    assert main(["clean", str(corpus), "-o", str(tmp_path / "out.tsv"), "--rules", str(rules)]) == 3
    said = capsys.readouterr().err
    assert "rules.toml line 2: the language rule needs pycld2" in said and "posteditor[clean]" in said
