"""Corpora in several files, nothing in one of which is like something in another."""

import json
from pathlib import Path

import pytest

from posteditor.cli.main import main
from posteditor.errors import UsageError
from posteditor.services.editing import EditingSession
from posteditor.services.splitting import SplitOptions
from posteditor.services.transfer import create_project

WORDS = ["river", "stone", "window", "paper", "garden", "letter", "winter", "bridge", "market", "silver", "copper"]


def sentence(number: int) -> str:
    chosen = [WORDS[(number * step + step) % len(WORDS)] for step in (1, 2, 4, 7, 11, 13)]
    return (
        f"The {chosen[0]} of {number} {chosen[1]}s and the {' '.join(chosen[2:])} stood beside number {number * 7919}."
    )


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    path = tmp_path / "c.tsv"
    rows = [(f"Fuente {number} {sentence(number)}", sentence(number)) for number in range(300)]
    # Near copies of every tenth pair, far away from it; copies of one side alone for every fifteenth.
    rows += [(f"Fuente {number} {sentence(number)} ", sentence(number) + "!") for number in range(0, 300, 10)]
    rows += [(f"Otra cosa, la {number * 31}", sentence(number)) for number in range(0, 300, 15)]
    path.write_text("source\tmt\n" + "".join(f"{a}\t{b}\n" for a, b in rows), encoding="utf-8")
    return path


def mts(path: Path) -> list[str]:
    return [line.split("\t")[1].rstrip("!") for line in path.read_text(encoding="utf-8").splitlines()[1:]]


def test_nothing_is_lost_and_nothing_alike_is_in_two_files(corpus: Path, tmp_path: Path) -> None:
    assert main(["convert", str(corpus), str(tmp_path / "out.tsv"), "--split", "train=80,dev=10,test=10"]) == 0
    parts = [mts(tmp_path / f"out.{name}.tsv") for name in ("train", "dev", "test")]
    assert sorted(text for part in parts for text in part) == sorted(mts(corpus))
    assert all(parts)
    sets = list(map(set, parts))
    assert not sets[0] & sets[1] | sets[0] & sets[2] | sets[1] & sets[2]


def test_the_order_of_the_corpus_does_not_matter(corpus: Path, tmp_path: Path) -> None:
    lines = corpus.read_text(encoding="utf-8").splitlines()
    (tmp_path / "b.tsv").write_text("\n".join([lines[0], *reversed(lines[1:])]) + "\n", encoding="utf-8")
    for name in ("c", "b"):
        arguments = [
            str(tmp_path / f"{name}.tsv"),
            str(tmp_path / f"{name}.out.jsonl"),
            "--split",
            "train=0.9,test=0.1",
        ]
        assert main(["convert", *arguments, "--seed", "3"]) == 0
    one, other = (
        sorted(json.loads(line)["mt"] for line in (tmp_path / f"{name}.out.test.jsonl").open(encoding="utf-8"))
        for name in ("c", "b")
    )
    assert one == other != []


def test_confirmed_pairs_of_a_project(corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project = tmp_path / "p.postedit"
    create_project([corpus], project)
    with EditingSession.open(project) as session:
        for position in range(1, 101):
            session.confirm(position, session.load(position).mt)
    out = ["-o", str(tmp_path / "out.txt"), "--sources", str(tmp_path / "in.txt")]
    assert main(["export", str(project), *out, "--pairs", "parallel", "--split", "train=70,test=30", "--json"]) == 0
    said = capsys.readouterr()
    result = json.loads(said.out)["result"]
    assert sum(split["segments"] for split in result["splits"].values()) == 100
    assert result["left_out"] == 250
    for name in ("train", "test"):
        left, right = (tmp_path / f"{side}.{name}.txt" for side in ("in", "out"))
        pairs = zip(
            left.read_text(encoding="utf-8").splitlines(), right.read_text(encoding="utf-8").splitlines(), strict=True
        )
        assert all(source.endswith(target) for source, target in pairs)
    assert "250 segments were not asked for" in said.err


def test_all_files_or_none(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "out.test.tsv").write_text("mine", encoding="utf-8")
    assert main(["convert", str(corpus), str(tmp_path / "out.tsv"), "--split", "train=80,test=20"]) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["c.tsv", "out.test.tsv"]
    assert (tmp_path / "out.test.tsv").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("text", ["train", "train=x", "train=1,train=2"])
def test_shares_that_are_none(text: str) -> None:
    with pytest.raises(UsageError):
        SplitOptions.parsed(text)


@pytest.mark.parametrize("text", ["train=0.5,dev=0.2", "train=90,dev=20", "a/b=1"])
def test_shares_that_do_not_add_up(corpus: Path, tmp_path: Path, text: str) -> None:
    assert main(["convert", str(corpus), str(tmp_path / "out.tsv"), "--split", text]) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["c.tsv"]
