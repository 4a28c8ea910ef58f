"""The real scoring process: its answers, its order, its deaths and its end."""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from posteditor.scoring.metrics import DEFAULT_METRICS, create_metrics
from posteditor.scoring.requests import ScoredText, ScoreRequest
from posteditor.services.scoring_lane import ScoringLane

_PATIENCE_S = 30.0


class Watched:
    """A lane and everything that it said."""

    def __init__(self, target_lang: str | None = None) -> None:
        self.results: list[ScoredText] = []
        self.troubles: list[str] = []
        self.background_ends = 0
        self.lane = ScoringLane(
            self.results.append, self.troubles.append, on_background_done=self._count, target_lang=target_lang
        )

    def _count(self) -> None:
        self.background_ends += 1

    def wait(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + _PATIENCE_S
        while not condition():
            assert time.monotonic() < deadline, (self.results, self.troubles)
            time.sleep(0.002)

    def of(self, number: int) -> list[tuple[str, str]]:
        return [(result.name, result.metric) for result in self.results if result.number == number]


@pytest.fixture
def watched() -> Iterator[Watched]:
    watched = Watched()
    yield watched
    watched.lane.close()


def _scrambled(number: int, words: int = 160) -> ScoreRequest:
    reference = [f"w{index}" for index in range(words)]
    text = list(reference)
    random.Random(1).shuffle(text)
    return ScoreRequest("segment", number, {"target": " ".join(text)}, (" ".join(reference),))


def _is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_scores_are_those_of_the_metrics(watched: Watched) -> None:
    texts = {
        "mt": "Aide will not be complicated.",
        "target": "The aide declined to elaborate.\n\t\x1b[31m \udcff é 漢字",
    }
    references = ("The aide declined to elaborate.", "")
    watched.lane.score(ScoreRequest("7", 1, texts, references))
    watched.wait(lambda: len(watched.results) == 6)
    for metric in create_metrics(DEFAULT_METRICS):
        for name, text in texts.items():
            (result,) = [found for found in watched.results if (found.name, found.metric) == (name, metric.name)]
            assert result.statistics == metric.statistics(text, references)
            assert result.value == metric.sentence_score(result.statistics).value
            assert (result.key, result.number, result.reference_count) == ("7", 1, 2)
    assert watched.of(1)[-2:] == [("mt", "ter"), ("target", "ter")]
    assert not watched.troubles


def test_asking_does_not_wait(watched: Watched) -> None:
    started = time.perf_counter()
    watched.lane.score(_scrambled(1))
    watched.lane.score_in_background([_scrambled(2)] * 50)
    assert time.perf_counter() - started < 0.5  # the process alone takes longer to start; this must not feel it
    assert not watched.results


def test_a_newer_request_calls_off_an_older_one(watched: Watched) -> None:
    for number in range(1, 40):
        watched.lane.score(_scrambled(number))
        time.sleep(0.002)
    watched.wait(lambda: ("target", "ter") in watched.of(39))
    finished = [number for number in range(1, 40) if ("target", "ter") in watched.of(number)]
    assert len(finished) < 39
    assert [result.number for result in watched.results] == sorted(result.number for result in watched.results)


def test_background_waits_for_live_and_says_when_it_is_done(watched: Watched) -> None:
    batch = [ScoreRequest(f"b{number}", 0, {"mt": "a b c"}, ("a c b",)) for number in range(300)]
    watched.lane.score_in_background(batch)
    watched.wait(lambda: len(watched.results) > 3)
    watched.lane.score(ScoreRequest("live", 1, {"target": "a b"}, ("a c",)))
    watched.wait(lambda: watched.background_ends == 1)
    keys = [result.key for result in watched.results]
    assert len(keys) == 903
    assert list(dict.fromkeys(key for key in keys if key != "live")) == [request.key for request in batch]
    assert keys.index("live") < len(keys) - 300


def test_a_newer_background_request_takes_the_place_of_an_older_one(watched: Watched) -> None:
    for number, text in enumerate(["a b", "a c", "a d", "a e"], 1):
        watched.lane.score_in_background([ScoreRequest("7", number, {"target": text}, ("a e",))])
        time.sleep(0.03 * (number == 1))
    watched.wait(lambda: watched.background_ends >= 1 and len(watched.of(4)) == 3)
    assert [result.value for result in watched.results if result.number == 4 and result.metric == "ter"] == [0]
    assert [result.number for result in watched.results] == sorted(result.number for result in watched.results)


def test_requests_without_references_are_skipped(watched: Watched) -> None:
    watched.lane.score(ScoreRequest("none", 1, {"mt": "a"}, ()))
    watched.lane.score_in_background([ScoreRequest("none", 2, {"mt": "a"}, ())])
    watched.lane.score(ScoreRequest("some", 3, {"mt": "a"}, ("a",)))
    watched.wait(lambda: len(watched.results) == 3)
    assert {result.key for result in watched.results} == {"some"}


def test_a_killed_child_is_told_and_started_again(watched: Watched) -> None:
    watched.lane.score(ScoreRequest("a", 1, {"mt": "a b"}, ("a c",)))
    watched.wait(lambda: len(watched.results) == 3)
    pid = watched.lane.child_pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)  # so that what follows is surely unanswered
    watched.lane.score(ScoreRequest("a", 2, {"mt": "a b"}, ("a c",)))
    watched.lane.score_in_background([ScoreRequest("b", 3, {"mt": "a b"}, ("a c",))])
    os.kill(pid, signal.SIGKILL)
    watched.wait(lambda: watched.background_ends == 1)
    assert len(watched.of(2)) == len(watched.of(3)) == 3
    assert watched.lane.child_pid not in (None, pid)
    assert len(watched.troubles) == 1
    assert "started again" in watched.troubles[0]


def test_a_child_that_keeps_dying_is_given_up(watched: Watched) -> None:
    for death in range(1, 4):
        watched.lane.score(_scrambled(death, words=5000))
        watched.wait(lambda: watched.lane.child_pid is not None)
        pid = watched.lane.child_pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        watched.wait(lambda death=death: len(watched.troubles) == death)  # type: ignore[misc]
    assert "scores are off" in watched.troubles[-1]
    watched.lane.score(ScoreRequest("a", 9, {"mt": "a"}, ("a",)))
    time.sleep(0.05)
    assert watched.lane.child_pid is None


def test_the_reason_of_a_death_is_told_and_what_it_may_have_died_of_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    watched = Watched()
    monkeypatch.setattr(watched.lane, "_command", [sys.executable, "-c", "raise MemoryError('none left')"])
    watched.lane.score(ScoreRequest("a", 1, {"mt": "a"}, ("a",)))
    watched.wait(lambda: len(watched.troubles) == 2)
    assert all("MemoryError: none left" in trouble for trouble in watched.troubles)
    time.sleep(0.2)
    assert len(watched.troubles) == 2
    watched.lane.score(ScoreRequest("a", 2, {"mt": "a"}, ("a",)))
    watched.wait(lambda: len(watched.troubles) == 3)
    assert "scores are off" in watched.troubles[2]
    watched.lane.close()


def test_a_child_that_cannot_be_started_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    watched = Watched()
    monkeypatch.setattr(watched.lane, "_command", [str(tmp_path / "no such program")])
    watched.lane.score(ScoreRequest("a", 1, {"mt": "a"}, ("a",)))
    watched.wait(lambda: len(watched.troubles) == 1)
    assert "can't be started" in watched.troubles[0]
    watched.lane.close()


def test_no_temporary_folder_is_no_trouble(watched: Watched, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    watched.lane.score(ScoreRequest("a", 1, {"mt": "a"}, ("a",)))
    watched.wait(lambda: len(watched.results) == 3)
    pid = watched.lane.child_pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    watched.wait(lambda: len(watched.troubles) == 1)
    assert "exit status -9" in watched.troubles[0]


def test_closing_is_instant_and_final(watched: Watched) -> None:
    watched.lane.score(_scrambled(1, words=3000))
    watched.wait(lambda: watched.lane.child_pid is not None)
    pid = watched.lane.child_pid
    started = time.perf_counter()
    watched.lane.close()
    assert time.perf_counter() - started < 1  # the sentence alone would take longer
    assert pid is not None
    assert not _is_running(pid)
    seen = len(watched.results)
    watched.lane.score(ScoreRequest("a", 2, {"mt": "a"}, ("a",)))
    watched.lane.score_in_background([ScoreRequest("a", 3, {"mt": "a"}, ("a",))])
    time.sleep(0.05)
    assert len(watched.results) == seen
    assert not watched.troubles


def test_closing_what_was_never_used() -> None:
    Watched().lane.close()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_a_killed_parent_leaves_no_child() -> None:
    program = (
        "import time; from posteditor.services.scoring_lane import *\n"
        "lane = ScoringLane(lambda r: print(lane.child_pid, flush=True), print)\n"
        "lane.score(ScoreRequest('a', 1, {'mt': 'a b'}, ('a c',))); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert _is_running(child)
        parent.kill()
    deadline = time.monotonic() + _PATIENCE_S
    while _is_running(child):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_metric_that_cannot_be_had_is_told_and_the_others_go_on() -> None:
    watched = Watched(target_lang="ja")
    watched.lane.score(ScoreRequest("a", 1, {"mt": "説明"}, ("説明",)))
    watched.wait(lambda: ("mt", "ter") in watched.of(1))
    watched.lane.close()
    assert ("mt", "chrf++") in watched.of(1)
    if ("mt", "bleu") not in watched.of(1):
        assert "sacrebleu[ja]" in watched.troubles[0]
