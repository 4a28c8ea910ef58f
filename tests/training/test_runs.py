"""Whole runs of the command: what is left when all goes well, and when something does not."""

import fcntl
import json
from pathlib import Path

import pytest
import torch

from posteditor.cli.main import main as posteditor
from posteditor.errors import ModelError
from posteditor.training import running
from posteditor.training.__main__ import main
from posteditor.training.readings import gathered
from posteditor.training.recipe import read_recipe
from posteditor.training.stages import earlier_stages
from posteditor.training.tagger_training import train
from posteditor.training.work_folder import checkpoint_step
from tests.training.conftest import Workshop

FILES = {
    "README.md", "config.json", "curve.svg", "evaluation.json", "model.safetensors", "posteditor.json",
    "readings.jsonl", "tokenizer.json", "training.toml",
}  # fmt: skip


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_the_command_leaves_a_whole_folder_and_nothing_beside(
    workshop: Workshop, capsys: pytest.CaptureFixture[str]
) -> None:
    assert posteditor(["train", *workshop.arguments(), "--json"]) == 0
    captured = capsys.readouterr()
    result = json.loads(captured.out)
    assert (result["schema"], result["command"]) == (1, "train")
    assert result["result"]["output"] == str(workshop.folder / "model")
    assert "dev: " in captured.err
    assert " changed, " in captured.err
    assert names(workshop.folder / "model") == FILES
    assert names(workshop.folder) == {"recipes", "train.tsv", "dev.tsv", "model", "model.work"}
    assert (workshop.folder / "model" / "training.toml").read_bytes() == workshop.config.read_bytes()
    card = (workshop.folder / "model" / "README.md").read_text(encoding="utf-8")
    assert "read once" in card
    assert "(curve.svg)" in card
    (line,) = (workshop.folder / "model" / "readings.jsonl").read_text().splitlines()
    assert json.loads(line)["sets"]["dev"]["apply"]["TER"][0] > 0
    assert (workshop.config.parent / "readings.jsonl").read_text() == line + "\n"


def test_an_old_model_stays_until_the_new_one_is_whole(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(workshop.arguments()) == 0
    old = {path.name: path.read_bytes() for path in (workshop.folder / "model").iterdir()}
    assert main(workshop.arguments()) == 2
    assert "--force" in capsys.readouterr().err

    def fail(*_: object, **__: object) -> None:
        raise ModelError("no luck today")

    with monkeypatch.context() as patch:
        patch.setattr(running, "tune", fail)
        assert main(workshop.arguments("model", "--force")) == 5
    assert {path.name: path.read_bytes() for path in (workshop.folder / "model").iterdir()} == old
    (workshop.config.parent / "readings.jsonl").unlink()
    assert main(workshop.arguments("model", "--force")) == 0
    assert len((workshop.folder / "model" / "readings.jsonl").read_text().splitlines()) == 2, (
        "the old one is carried on"
    )
    assert (workshop.folder / "model" / "model.safetensors").read_bytes() == old["model.safetensors"]
    assert names(workshop.folder) == {"recipes", "train.tsv", "dev.tsv", "model", "model.work"}


def test_a_recipe_inside_the_model_may_replace_it(workshop: Workshop) -> None:
    assert main(workshop.arguments()) == 0
    kept = Workshop(workshop.folder, workshop.folder / "model" / "training.toml")
    assert main(kept.arguments("model", "--force")) == 0
    assert names(workshop.folder / "model") == FILES
    assert len((workshop.folder / "model" / "readings.jsonl").read_text().splitlines()) == 2


def test_a_later_stage_carries_everything_about_the_ones_before(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(workshop.arguments("first")) == 0
    tables = workshop.config.read_text().partition("[[sources]]")[2]
    for number, (start, name) in enumerate((("first", "second"), ("second", "third")), start=2):
        head = f"start_from = {json.dumps(str(workshop.folder / start))}\nseed = {number}\nepochs = 0.3\n"
        workshop.config.write_text(f"{head}batch_pieces = 300\nlongest = 60\n[[sources]]{tables}", encoding="utf-8")
        assert main(workshop.arguments(name)) == 0
    third = workshop.folder / "third"
    assert names(third) == FILES | {"training-stage-1.toml", "training-stage-2.toml"}
    assert len(gathered([third / "readings.jsonl"])) == 3
    (workshop.folder / "first").rename(workshop.folder / "away")
    stages = earlier_stages(read_recipe(third / "training.toml"))
    assert [stage.recipe.seed for stage in stages] == [2, 1]
    assert 0 < stages[0].texts < stages[1].texts == 200
    (workshop.folder / "second").rename(workshop.folder / "away too")
    with pytest.raises(ModelError, match=r"evaluation\.json: can't be read"):
        earlier_stages(read_recipe(third / "training.toml"))


def test_evaluation_settings_may_change_before_a_run_goes_on(workshop: Workshop) -> None:
    assert main(workshop.arguments("first", "--work", str(workshop.folder / "work"))) == 0
    note = json.loads((workshop.folder / "work" / "recipe.json").read_text())
    for added in ("readings", "apply_worth"):  # as an older version left it
        del note[added]
    for source in (*note["sources"], *note["dev"]):
        del source["drop_overlap"]
    (workshop.folder / "work" / "recipe.json").write_text(json.dumps(note))
    workshop.change("[[dev]]", "[[dev]]\ndrop_overlap = true\nlicence = 'CC0 1.0'")
    assert main(workshop.arguments("second", "--work", str(workshop.folder / "work"))) == 0
    workshop.change("epochs = 1.0", "epochs = 2.0")
    assert main(workshop.arguments("third", "--work", str(workshop.folder / "work"))) == 2


@pytest.mark.parametrize(
    "error",
    [MemoryError(), torch.OutOfMemoryError("CUDA out of memory"),
     RuntimeError("[enforce fail at alloc_cpu.cpp:1] DefaultCPUAllocator: can't allocate memory: you tried ...")],
)  # fmt: skip
def test_too_little_memory_says_what_to_lower_and_keeps_the_checkpoint(
    workshop: Workshop, error: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*arguments: object, **options: object) -> None:
        train(*arguments, **options, stop_after=3)  # type: ignore[arg-type]  # passed through
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(running, "train", fail)
        assert main(workshop.arguments()) == 5
    told = capsys.readouterr().err
    assert "not enough memory to go on with batch_pieces = 300" in told
    assert "lower batch_pieces (to 150, say)" in told
    assert checkpoint_step(workshop.folder / "model.work") == 3
    assert not (workshop.folder / "model").exists()
    assert main(workshop.arguments()) == 0


def test_another_error_of_torch_stays_a_bug(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("shapes do not match")

    monkeypatch.setattr(running, "train", fail)
    with pytest.raises(RuntimeError, match="shapes"):
        main(workshop.arguments())


@pytest.mark.parametrize("damage", [b"", b"no checkpoint", None])
def test_a_broken_checkpoint_is_named(
    workshop: Workshop, damage: bytes | None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(workshop.arguments()) == 0
    checkpoint = workshop.folder / "model.work" / "checkpoint.pt"
    whole = checkpoint.read_bytes()
    checkpoint.write_bytes(whole[: len(whole) // 2] if damage is None else damage)
    assert main(workshop.arguments("again", "--work", str(checkpoint.parent))) == 5
    told = capsys.readouterr().err
    assert f"{checkpoint}: the checkpoint is broken" in told
    assert "Delete it" in told
    checkpoint.unlink()
    assert main(workshop.arguments("again", "--work", str(checkpoint.parent))) == 0


def test_a_run_that_goes_on_notices_changed_data(workshop: Workshop, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(workshop.arguments()) == 0
    with (workshop.folder / "train.tsv").open("a") as stream:
        stream.write("the dog was of the house .\tthe dog was in the house .\n")
    assert main(workshop.arguments("again", "--work", str(workshop.folder / "model.work"))) == 3
    assert "train.tsv: has changed since" in capsys.readouterr().err


def test_two_runs_never_share_a_work_folder(workshop: Workshop, capsys: pytest.CaptureFixture[str]) -> None:
    (workshop.folder / "model.work").mkdir()
    with (workshop.folder / "model.work" / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert main(workshop.arguments()) == 2
    assert "another training run is at work" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("old", "new", "code", "words"),
    [
        ("longest = 60", "longest = 200", 2, "at most 160 word pieces"),
        ("mt = 'dev.tsv'", "mt = 'train.tsv'", 3, "train.tsv line 2: 200 of 200 segments of development set 'dev'"),
        ("mt = 'dev.tsv'", "mt = 'no.tsv'", 3, "no.tsv: can't be read"),
        ("mt = 'train.tsv'", "mt = 'train.tsv'\nwords = [50, 60]", 3, "no pair passes the filters of source 'pairs'"),
        ("epochs = 1.0", "epochs = 1.0\nreadings = 'no/x.jsonl'", 2, "log of readings can't be written"),
        ("epochs = 1.0", "epochs = 0.0", 3, "tiny.toml line 2: epochs = 0.0"),
        ("[[dev]]\nname = 'dev'\nmt = 'dev.tsv'\ncolumns = ['mt', 'pe']\n", "", 2, "no development sets"),
    ],
)
def test_what_would_fail_in_the_end_fails_at_once(
    workshop: Workshop, old: str, new: str, code: int, words: str,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    def no_training(*_: object, **__: object) -> None:
        raise AssertionError("training began")

    monkeypatch.setattr(running, "train", no_training)
    workshop.change(old, new)
    assert posteditor(["train", *workshop.arguments()]) == code
    assert words in capsys.readouterr().err.replace("\n", " ")
    assert not (workshop.folder / "model").exists()


def test_a_stop_says_how_to_go_on(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(running, "train", stop)
    assert posteditor(["train", *workshop.arguments()]) == 130
    assert main(workshop.arguments()) == 130
    told = capsys.readouterr().err
    assert told.count(f"the same command goes on from what is kept in {workshop.folder / 'model.work'}") == 2
