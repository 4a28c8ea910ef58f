"""Rewriting whole files with a real (toy) rewriter: order, errors, refusals, and going on after a kill."""

import csv
import gzip
import json
import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import pytest

from posteditor.errors import CorpusError, ModelError, UsageError
from posteditor.formats.options import ReadOptions
from posteditor.services.rewriting import RewriteOptions, RewriteResult, rewrite_file
from posteditor.services.transfer import create_project

PLUGINS = Path(__file__).parents[1] / "plugins"
PATIENCE = 30.0


@pytest.fixture(autouse=True)
def plugins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(PLUGINS))


def write_input(folder: Path, mts: list[str], name: str = "in.tsv") -> Path:
    path = folder / name
    lines = [f"{number}\t{mt}\n" for number, mt in enumerate(mts, 1)]
    path.write_text("id\tmt\n" + "".join(lines), encoding="utf-8")
    return path


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def rewrite(source: Path, output: Path, **options: Any) -> RewriteResult:
    return rewrite_file([source], output, RewriteOptions(**{"spec": "toy"} | options))


def varied(count: int) -> list[str]:
    """Texts of all lengths, each with its number, in no order of length."""
    return [f"teh {'word ' * (number * 7 % 11)}{number}" for number in range(1, count + 1)]


def test_every_segment_comes_out_in_order_beside_its_own_columns(tmp_path: Path) -> None:
    mts = varied(1100)  # more than two windows
    source = write_input(tmp_path, mts)
    told: list[tuple[str, int, int | None]] = []
    result = rewrite_file(
        [source],
        tmp_path / "out.tsv",
        RewriteOptions(spec="toy"),
        on_progress=lambda done, total=None, stage="rewriting": told.append((stage, done, total)),
    )
    out = rows(tmp_path / "out.tsv")
    assert list(out[0]) == ["id", "mt", "suggestion", "rewriter", "confidence", "refused"]
    assert [row["mt"] for row in out] == mts
    assert [row["suggestion"] for row in out] == [mt.replace("teh", "the") for mt in mts]
    assert {(row["rewriter"], row["confidence"], row["refused"]) for row in out} == {("toy", "0.9", "")}
    assert (result.segments, result.changed, result.resumed, result.failed) == (1100, 1100, 0, 0)
    assert list(dict.fromkeys(stage for stage, _, _ in told)) == ["reading", "rewriting", "writing"]
    rewriting = [(done, total) for stage, done, total in told if stage == "rewriting"]
    assert rewriting == sorted(set(rewriting))
    assert (rewriting[0], rewriting[-1]) == ((0, 1100), (1100, 1100))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.tsv", "out.tsv"]


def test_errors_and_refusals_are_reported_per_segment_and_the_run_goes_on(tmp_path: Path) -> None:
    source = write_input(tmp_path, ["teh one", "RAISE teh", "teh seven dogs", "wrold"])
    result = rewrite(source, tmp_path / "out.tsv")
    out = rows(tmp_path / "out.tsv")
    assert [row["suggestion"] for row in out] == ["the one", "RAISE teh", "the seven dogs", "world"]
    assert out[1]["refused"] == "error: RuntimeError: told to raise"
    assert out[2]["refused"] == "number: 8 added"
    assert dict(result.refused) == {"number": 1}
    assert [(error.position, error.message) for error in result.errors] == [(2, "RuntimeError: told to raise")]
    assert (result.failed, result.changed) == (1, 3)
    summary = "\n".join(result.summary())
    assert "4 segments in, 4 out" in summary
    assert "segment 2: RuntimeError: told to raise" in summary
    assert json.loads(json.dumps(result.to_json()))["refused"] == {"number": 1}


def test_jsonl_has_the_edits_too(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text('{"mt": "teh \\ud83d\\ude42 wrold", "extra": [1]}\n', encoding="utf-8")
    rewrite(source, tmp_path / "out.jsonl")
    record = json.loads((tmp_path / "out.jsonl").read_text(encoding="utf-8"))
    assert record["extra"] == [1]
    assert record["suggestion"] == "the 🙂 world"
    assert record["confidence"] == 0.9
    assert [(edit["start"], edit["end"], edit["replacement"]) for edit in record["edits"]] == [
        (0, 3, "the"),
        (6, 11, "world"),
    ]


def test_a_limit_takes_the_first_segments(tmp_path: Path) -> None:
    source = write_input(tmp_path, varied(700))
    result = rewrite(source, tmp_path / "out.tsv", limit=600)
    assert (result.segments, len(rows(tmp_path / "out.tsv"))) == (600, 600)


def test_do_nothing_gives_every_mt_back(tmp_path: Path) -> None:
    source = write_input(tmp_path, ["teh", "", "x  y "])
    result = rewrite(source, tmp_path / "out.tsv", spec="none")
    assert [row["suggestion"] for row in rows(tmp_path / "out.tsv")] == ["teh", "", "x  y "]
    assert (result.changed, result.rewriter) == (0, "none")


def test_bad_records_that_are_passed_over_do_not_shift_the_others(tmp_path: Path) -> None:
    source = tmp_path / "in.tsv"
    source.write_text("id\tmt\n1\tteh\n2\n3\twrold\n", encoding="utf-8")
    with pytest.raises(CorpusError):
        rewrite(source, tmp_path / "out.tsv")
    rewrite(source, tmp_path / "out.tsv", read=ReadOptions(skip_bad=True), force=True)
    lines = (tmp_path / "out.tsv").read_text(encoding="utf-8").splitlines()
    assert [line.split("\t")[:3] for line in lines if len(line.split("\t")) > 3 and line[0] in "13"] == [
        ["1", "teh", "the"],
        ["3", "wrold", "world"],
    ]


def test_an_existing_output_is_refused_before_anything_is_loaded(tmp_path: Path) -> None:
    source = write_input(tmp_path, ["teh"])
    (tmp_path / "out.tsv").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="already"):
        rewrite(source, tmp_path / "out.tsv", spec="nonsense")
    assert (tmp_path / "out.tsv").read_text(encoding="utf-8") == "mine"
    rewrite(source, tmp_path / "out.tsv", force=True)
    assert rows(tmp_path / "out.tsv")[0]["suggestion"] == "the"


@pytest.mark.parametrize(
    ("header", "output", "problem"),
    [("id\tmt", "out.txt", "plain text"), ("suggestion\tmt", "out.tsv", "suggestion"), ("id\tmt", "out.tmx", "tmx")],
)
def test_an_output_that_can_never_be_is_refused_before_anything_is_loaded(
    tmp_path: Path, header: str, output: str, problem: str
) -> None:
    source = tmp_path / "in.tsv"
    source.write_text(f"{header}\n1\tteh\n", encoding="utf-8")
    with pytest.raises(UsageError, match=problem):
        rewrite(source, tmp_path / output, spec="nonsense")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.tsv"]


def test_parallel_text_comes_out_as_a_table(tmp_path: Path) -> None:
    for name, line in (("in.src", "el\n"), ("in.mt", "teh\n")):
        (tmp_path / name).write_text(line, encoding="utf-8")
    options = RewriteOptions(spec="toy", read=ReadOptions(columns=("source", "mt")))
    rewrite_file([tmp_path / "in.src", tmp_path / "in.mt"], tmp_path / "out.csv.gz", options)
    with gzip.open(tmp_path / "out.csv.gz", "rt", encoding="utf-8") as lines:
        record = next(csv.DictReader(lines))
    assert (record["source"], record["mt"], record["suggestion"]) == ("el", "teh", "the")


def test_a_project_gives_the_mt_that_came_in(tmp_path: Path) -> None:
    source = write_input(tmp_path, ["teh", "wrold"])
    create_project([source], tmp_path / "in.tsv.postedit", target_lang="en")
    source.unlink()
    result = rewrite(tmp_path / "in.tsv.postedit", tmp_path / "out.tsv")
    assert [row["suggestion"] for row in rows(tmp_path / "out.tsv")] == ["the", "world"]
    assert result.segments == 2


def test_a_language_the_model_declines_is_an_error(tmp_path: Path) -> None:
    source = write_input(tmp_path, ["teh"])
    with pytest.raises(ModelError, match="rewrites en, not de"):
        rewrite(source, tmp_path / "out.tsv", target_lang="de")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.tsv"]


def test_a_missing_input_is_named(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"nowhere\.tsv"):
        rewrite(tmp_path / "nowhere.tsv", tmp_path / "out.tsv")


RUN = """
import sys
from pathlib import Path
from posteditor.services.rewriting import RewriteOptions, rewrite_file
rewrite_file([Path(sys.argv[1])], Path(sys.argv[2]), RewriteOptions(spec=sys.argv[3]))
"""


def start(source: Path, output: Path, spec: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-c", RUN, str(source), str(output), spec]
    return subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(PLUGINS)})


def kill_in_the_middle(source: Path, output: Path, steering: Path, held: int) -> None:
    """Run in a process of its own, and kill it while it is busy with segment ``held``."""
    process = start(source, output, f"toy:{steering}")
    deadline = time.monotonic() + PATIENCE
    while held not in calls(steering):
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.01)
    process.kill()
    process.wait()


def calls(steering: Path) -> list[int]:
    path = steering / "calls"
    return [int(line) for line in path.read_text(encoding="utf-8").split()] if path.exists() else []


def held_input(folder: Path) -> tuple[Path, int]:
    """A file whose segment 650 holds the rewriter up, in a late batch of the second window."""
    mts = varied(900)
    mts[649] = "HOLD teh " + "word " * 9
    mts[100] = "RAISE wrold"
    return write_input(folder, mts), 650


def test_a_killed_run_goes_on_where_it_was_and_gives_the_same_file(tmp_path: Path) -> None:
    source, held = held_input(tmp_path)
    output, unbroken = tmp_path / "out.tsv", tmp_path / "unbroken.tsv"
    kill_in_the_middle(source, output, tmp_path, held)
    assert not output.exists()
    before = calls(tmp_path)
    (tmp_path / "calls").unlink()
    (tmp_path / "release").touch()

    result = rewrite(source, output, spec=f"toy:{tmp_path}")
    after = calls(tmp_path)
    assert result.resumed > 512
    assert result.segments == 900
    assert {*before} | {*after} == set(range(1, 901))
    assert len({*before} & {*after}) <= 32, "only the batch that was under way is done again"
    rewrite(source, unbroken, spec=f"toy:{tmp_path}")
    assert output.read_bytes() == unbroken.read_bytes()
    assert "went on behind" in "\n".join(result.summary())
    assert not (tmp_path / "out.tsv.partial").exists()


def test_progress_counts_what_an_earlier_run_did_and_knows_the_total(tmp_path: Path) -> None:
    source, held = held_input(tmp_path)
    kill_in_the_middle(source, tmp_path / "out.tsv", tmp_path, held)
    (tmp_path / "release").touch()
    told: list[tuple[int, int | None]] = []
    options = RewriteOptions(spec=f"toy:{tmp_path}")

    def tell(done: int, total: int | None = None, stage: str = "rewriting") -> None:
        if stage == "rewriting":
            told.append((done, total))

    result = rewrite_file([source], tmp_path / "out.tsv", options, on_progress=tell)
    assert told[0] == (result.resumed, 900)
    assert told[-1] == (900, 900)


def test_a_bad_record_is_told_before_the_work_begins_unless_the_limit_stops_short_of_it(tmp_path: Path) -> None:
    source = tmp_path / "in.tsv"
    source.write_text("id\tmt\n" + f"1\tteh{' word' * 100}\n" * 9000 + "bad\n", encoding="utf-8")
    with pytest.raises(CorpusError, match="9002"):
        rewrite(source, tmp_path / "out.tsv", spec=f"toy:{tmp_path}")
    assert calls(tmp_path) == []
    assert rewrite(source, tmp_path / "out.tsv", limit=40).segments == 40


@pytest.mark.slow
def test_killed_again_and_again_at_any_moment_it_writes_the_file_of_an_unbroken_run(tmp_path: Path) -> None:
    source = write_input(tmp_path, varied(12_000))
    output, unbroken = tmp_path / "out.tsv", tmp_path / "unbroken.tsv"
    rewrite(source, unbroken)
    kills = 0
    moments = [*sorted(Random(4).sample(range(1, 12_000), 7)), None]
    for moment in moments:
        process = start(source, output, f"toy:{tmp_path}")
        while process.poll() is None and not has_come(moment, tmp_path):
            time.sleep(0.001)
        kills += process.poll() is None
        process.kill()
        process.wait()
    assert kills >= 7
    if not output.exists():
        rewrite(source, output, spec=f"toy:{tmp_path}")
    counts = Counter(calls(tmp_path))
    assert set(counts) == set(range(1, 12_001)), "no segment is lost"
    assert sum(counts.values()) - 12_000 <= 32 * kills, "only batches that were under way are done again"
    expected = unbroken.read_bytes().replace(b"\ttoy\t", f"\ttoy:{tmp_path}\t".encode())
    assert output.read_bytes() == expected
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "calls",
        "in.tsv",
        "out.tsv",
        "processes",
        "unbroken.tsv",
    ]


def has_come(moment: int | None, folder: Path) -> bool:
    """So many calls, counted over all runs; or, without a number, OUT is being written."""
    if moment is None:
        return any(folder.glob(".out.tsv.*.part"))
    return len(calls(folder)) >= moment


@pytest.mark.parametrize("what", ["input", "model", "limit"])
def test_a_run_about_something_else_starts_anew_and_says_so(tmp_path: Path, what: str) -> None:
    source, held = held_input(tmp_path)
    output = tmp_path / "out.tsv"
    kill_in_the_middle(source, output, tmp_path, held)
    (tmp_path / "release").touch()
    options: dict[str, Any] = {"spec": f"toy:{tmp_path}"}
    if what == "input":
        write_input(tmp_path, [*varied(899), "changed"])
    elif what == "model":
        options["spec"] = "none"
    else:
        options["limit"] = 890
    result = rewrite(source, output, **options)
    assert (result.resumed, result.discarded_other) == (0, True)
    assert "started anew" in "\n".join(result.summary())
    assert len(rows(output)) == (890 if what == "limit" else 900)
