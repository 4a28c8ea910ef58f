"""Statistics of several systems are the same in one process and in many, and end with whoever asked for them."""

import multiprocessing
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from posteditor.errors import ScoringError
from posteditor.scoring import many_systems
from posteditor.scoring.many_systems import systems_statistics
from posteditor.scoring.metrics import create_metric
from tests.scoring.made_up_pairs import texts

METRICS = ["bleu", "chrf++", "ter"]


def corpus(segments: int) -> tuple[list[list[str]], list[tuple[str, ...]]]:
    """Two systems; references in different numbers, and none for every tenth segment."""
    pairs = list(texts(6, segments, references=3, longest=12))
    references = [refs[: number % 10 and 1 + number % 3] for number, (_, refs) in enumerate(pairs)]
    return [[text for text, _ in pairs], [refs[-1] for _, refs in pairs]], references


@pytest.mark.parametrize("workers", [1, 2])
def test_equal_to_one_text_at_a_time(workers: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many_systems, "_BATCH", 1000)
    systems, references = corpus(101)
    progress: list[int] = []
    tables = systems_statistics(METRICS, systems, references, workers=workers, on_progress=progress.append)
    for system, row in zip(systems, tables, strict=True):
        for name, table in zip(METRICS, row, strict=True):
            metric = create_metric(name)
            expected = [metric.statistics(text, refs) for text, refs in zip(system, references, strict=True) if refs]
            assert table.exact_rows().tolist() == [list(numbers) for numbers in expected]
    assert progress == sorted(progress)
    assert len(progress) > 3
    assert progress[-1] == 90


def test_few_texts_are_not_worth_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    systems, references = corpus(20)
    seen: list[int] = []
    monkeypatch.setattr(many_systems, "_BATCH", 100)
    systems_statistics(["chrf"], systems, references, on_progress=lambda _: seen.append(len(_children())))
    assert set(seen) == {0}


def test_the_language_reaches_the_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many_systems, "_BATCH", 1)
    systems, references = [["他拒绝置评。"] * 4], [("他拒绝详细说明。",)] * 4
    ((table,),) = systems_statistics(["bleu"], systems, references, target_lang="zh", workers=2)
    expected = create_metric("bleu", "zh").statistics(systems[0][0], references[0])
    assert table.rows().tolist() == [list(expected)] * 4


def test_nothing_to_count() -> None:
    tables = systems_statistics(["bleu", "ter"], [["a"], ["b"]], [()], workers=2)
    assert [[len(table) for table in row] for row in tables] == [[0, 0], [0, 0]]
    assert systems_statistics(["bleu"], [], []) == []


def test_numbers_of_segments_are_checked() -> None:
    with pytest.raises(ScoringError, match="system 2 has 1 texts but there are references for 2 segments"):
        systems_statistics(["bleu"], [["a", "b"], ["a"]], [("a",), ("b",)])


def test_a_worker_that_is_ended_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many_systems, "_BATCH", 1)
    systems, references = corpus(200)

    def end_them(_: int) -> None:
        for child in _children():
            child.kill()

    with pytest.raises(ScoringError, match="ended from outside") as caught:
        systems_statistics(METRICS, systems, references, workers=2, on_progress=end_them)
    assert "one worker" in caught.value.hint


def test_workers_end_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        "import multiprocessing, os, signal\n"
        "from posteditor.scoring import many_systems\n"
        "def leave(_):\n"
        "    print(*(child.pid for child in multiprocessing.active_children()), flush=True)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "if __name__ == '__main__':\n"
        "    many_systems._BATCH = 1\n"
        "    texts = ['a text'] * 1000\n"
        "    many_systems.systems_statistics(['ter'], [texts], [texts[:100]] * 1000, workers=2, on_progress=leave)\n"
    )
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run([sys.executable, str(program)], capture_output=True, text=True, env=environment)
    workers = [int(number) for number in done.stdout.split()]
    assert len(workers) == 2, done.stderr
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and any(_runs(worker) for worker in workers):
        time.sleep(0.05)
    assert not any(_runs(worker) for worker in workers)


def _children() -> list[multiprocessing.process.BaseProcess]:
    return multiprocessing.active_children()


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{process}/status")
    return not (status.exists() and "(zombie)" in status.read_text())
