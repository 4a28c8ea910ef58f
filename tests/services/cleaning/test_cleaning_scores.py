"""Scores are written once, and thresholds tuned on them without scoring again."""

import gzip
from pathlib import Path

import pytest

from posteditor.cleaning.length_rules import LengthRatioRule
from posteditor.errors import PostEditorError, UsageError
from posteditor.formats.options import ReadOptions
from tests.services.cleaning.dirty_corpus import RULES, clean, pairs, read_jsonl, read_tsv, write_tsv


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return write_tsv(tmp_path / "a.tsv", pairs(3000))


def no_scoring(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("scored again")

    monkeypatch.setattr(LengthRatioRule, "columns", refuse)


@pytest.mark.parametrize("name", ["s.tsv", "s.tsv.zst", "s.tsv.gz", "s.tsv.xz"])
def test_thresholds_change_without_scoring(
    tmp_path: Path, corpus: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    scores = tmp_path / name
    first = clean(corpus, tmp_path / "one.tsv", scores=scores, rejected=tmp_path / "one.jsonl")
    assert first.scored
    content = scores.read_bytes()
    tuned = RULES.replace("max = 3", "max = 9").replace('rule = "numbers"', 'rule = "numbers"\nmin = 0.1')
    plain = clean(corpus, tmp_path / "plain.tsv", tuned, rejected=tmp_path / "plain.jsonl")
    with monkeypatch.context() as patch:
        no_scoring(patch)
        again = clean(corpus, tmp_path / "two.tsv", tuned, scores=scores, rejected=tmp_path / "two.jsonl")
    assert not again.scored
    assert "the scores were taken from the file: nothing was scored again" in again.summary()
    assert again.rejected < first.rejected
    assert (tmp_path / "two.tsv").read_bytes() == (tmp_path / "plain.tsv").read_bytes()
    assert (tmp_path / "two.jsonl").read_bytes() == (tmp_path / "plain.jsonl").read_bytes()
    assert [step.to_json() for step in again.steps] == [step.to_json() for step in plain.steps]
    assert scores.read_bytes() == content


def test_the_file_is_a_table(tmp_path: Path, corpus: Path) -> None:
    clean(corpus, tmp_path / "out.tsv", scores=tmp_path / "s.tsv.gz")
    lines = gzip.decompress((tmp_path / "s.tsv.gz").read_bytes()).decode().splitlines()
    assert lines[0].startswith('# posteditor scores {"input":')
    assert lines[1].split("\t") == ["position", "empty.source", "empty.target", "identical", "length_ratio", "numbers"]
    assert len(lines) == 3002
    assert lines[4].split("\t") == ["3", "1.0", "0.0", "0.0", "inf", "1.0"]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("input", "another input"),
        ("limit", "another number of pairs"),
        ("read", "other options"),
        ("setting", "of the step length_ratio has changed: unit"),
        ("steps", "other steps"),
    ],
)
def test_scores_of_something_else_are_refused(tmp_path: Path, corpus: Path, change: str, why: str) -> None:
    scores = tmp_path / "s.tsv"
    clean(corpus, tmp_path / "one.tsv", scores=scores)
    rules, limit, read = RULES, None, ReadOptions()
    if change == "input":
        corpus.write_text(corpus.read_text() + "a\tb\t-\n")
    elif change == "limit":
        limit = 10
    elif change == "read":
        read = ReadOptions(skip_bad=True)
    elif change == "setting":
        rules = RULES.replace("max = 3", "max = 3\nunit = 'words'")
    else:
        rules = RULES.replace('[[steps]]\nrule = "empty"\n', "")
    with pytest.raises(UsageError, match=why) as caught:
        clean(corpus, tmp_path / "two.tsv", rules, scores=scores, limit=limit, read=read)
    assert "--force" in caught.value.hint
    assert clean(corpus, tmp_path / "two.tsv", rules, scores=scores, limit=limit, read=read, force=True).scored
    assert not clean(corpus, tmp_path / "three.tsv", rules, scores=scores, limit=limit, read=read).scored


@pytest.mark.parametrize("harm", ["cut", "longer", "other", "text", "gap", "empty"])
def test_damaged_scores_are_told(tmp_path: Path, corpus: Path, harm: str) -> None:
    scores = tmp_path / "s.tsv"
    clean(corpus, tmp_path / "one.tsv", scores=scores)
    lines = scores.read_text().splitlines(keepends=True)
    changed = {
        "cut": lines[:-1],
        "longer": [*lines, "3001\t1\t1\t1\t1\t1\n"],
        "other": ["something else\n"],
        "text": [*lines[:9], lines[9].replace("1.0", "one"), *lines[10:]],
        "gap": [*lines[:9], *lines[10:]],
        "empty": [],
    }[harm]
    scores.write_text("".join(changed))
    with pytest.raises(PostEditorError):
        clean(corpus, tmp_path / "two.tsv", scores=scores)
    assert not (tmp_path / "two.tsv").exists()


def test_scores_have_a_name_of_a_table(tmp_path: Path, corpus: Path) -> None:
    with pytest.raises(UsageError, match="written as a table"):
        clean(corpus, tmp_path / "out.tsv", scores=tmp_path / "s.parquet")


def test_rules_without_any_score(tmp_path: Path, corpus: Path) -> None:
    rules = '[[steps]]\nfix = "mojibake"\n'
    clean(corpus, tmp_path / "one.tsv", rules, scores=tmp_path / "s.tsv", fixed=tmp_path / "f.jsonl")
    assert not clean(corpus, tmp_path / "two.tsv", rules, scores=tmp_path / "s.tsv").scored
    assert read_tsv(tmp_path / "one.tsv") == read_tsv(tmp_path / "two.tsv")
    assert len(read_jsonl(tmp_path / "f.jsonl")) == 300
