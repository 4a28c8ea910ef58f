"""Suggestion lanes with real child processes; the toy plug-in in tests/plugins brings the trouble."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Empty, Queue

import pytest

from posteditor.core.segment import Segment
from posteditor.services.suggesting import LaneState, Suggested, SuggestionLane

PLUGINS = Path(__file__).parents[1] / "plugins"
PATIENCE = 120.0


class Lane:
    """A lane whose news a test waits for, and the folder through which it steers the toy rewriter."""

    def __init__(self, folder: Path, spec: str = "", target_lang: str | None = None) -> None:
        self.folder = folder
        self.news: Queue[Suggested | LaneState] = Queue()
        self.seen: list[Suggested | LaneState] = []
        self.lane = SuggestionLane(
            spec or f"toy:{folder}", on_suggestion=self.news.put, on_state=self.news.put, target_lang=target_lang
        )

    def want(self, position: int, mt: str, number: int, ahead: tuple[tuple[int, str], ...] = ()) -> None:
        self.lane.want(Segment(position, mt), number, ahead=[Segment(*later) for later in ahead])

    def until(self, matches: Callable[[Suggested | LaneState], bool]) -> Suggested | LaneState:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                item = self.news.get(timeout=max(0.0, deadline - time.monotonic()))
            except Empty:
                raise AssertionError(f"not told in {PATIENCE} s; told were {self.seen}") from None
            self.seen.append(item)
            if matches(item):
                return item

    def state(self, kind: str) -> LaneState:
        state = self.until(lambda item: isinstance(item, LaneState) and item.kind == kind)
        assert isinstance(state, LaneState)
        return state

    def suggested(self, position: int) -> Suggested:
        item = self.until(lambda item: isinstance(item, Suggested) and item.position == position)
        assert isinstance(item, Suggested)
        return item

    def calls(self) -> list[int]:
        """The positions the model was asked for so far, in order."""
        path = self.folder / "calls"
        return [int(line) for line in path.read_text(encoding="utf-8").split()] if path.exists() else []

    def until_called(self, position: int) -> None:
        wait_for(lambda: position in self.calls())

    def release(self) -> None:
        (self.folder / "release").touch()

    @property
    def pid(self) -> int:
        process = self.lane._process
        assert process is not None
        return process.pid


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not (stat.exists() and stat.read_text(encoding="ascii").rpartition(")")[2].split()[0] == "Z")


@pytest.fixture
def lane(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lane]:
    monkeypatch.setenv("PYTHONPATH", str(PLUGINS))
    lane = Lane(tmp_path)
    yield lane
    lane.lane.close()


def test_current_segment_comes_first_and_carries_its_number(lane: Lane) -> None:
    lane.want(5, "teh wrold", 17, ahead=((6, "six"), (7, "wrold")))
    assert [lane.suggested(position).suggestion.text for position in (5, 6, 7)] == ["the world", "six", "world"]
    told = [item for item in lane.seen if isinstance(item, Suggested)]
    assert {(item.number, item.model_revision) for item in told} == {(17, "toy-1")}
    assert [item.kind for item in lane.seen if isinstance(item, LaneState)] == ["starting", "ready"]


def test_requests_replaced_before_the_model_was_ready_never_reach_it(lane: Lane, tmp_path: Path) -> None:
    (tmp_path / "loading").touch()
    for position in range(1, 50):
        lane.want(position, "teh", position, ahead=((position + 100, "x"),))
    (tmp_path / "loading").unlink()
    assert lane.suggested(49).number == 49
    lane.suggested(149)
    assert lane.calls() == [49, 149]


def test_a_late_answer_still_says_which_request_it_belongs_to(lane: Lane) -> None:
    lane.want(1, "HOLD teh", 1)
    lane.until_called(1)
    lane.want(2, "wrold", 2)
    lane.release()
    assert lane.suggested(1).number == 1
    assert lane.suggested(2).number == 2


def test_an_answer_under_way_takes_the_number_of_the_newest_request_for_it(lane: Lane) -> None:
    lane.want(1, "HOLD teh", 1)
    lane.until_called(1)
    lane.want(1, "HOLD teh", 2)
    lane.lane.want(Segment(1, "HOLD teh"), 3)
    lane.release()
    assert lane.suggested(1).number == 3
    assert lane.calls() == [1]


def test_prefetching_is_called_off_for_the_segment_the_person_moved_to(lane: Lane) -> None:
    lane.want(1, "one", 1, ahead=((2, "PATIENT"), (3, "three"), (4, "four")))
    lane.until_called(2)
    lane.want(9, "teh", 2, ahead=((2, "PATIENT"),))
    assert lane.suggested(9).suggestion.text == "the"
    assert not any(isinstance(item, Suggested) and item.position in (2, 3, 4) for item in lane.seen)
    lane.release()
    assert lane.suggested(2).number == 2, "what was called off and is still wanted comes later"


def test_every_answer_is_told_for_the_segment_it_was_made_for_and_made_once(lane: Lane) -> None:
    texts = {position: f"wrold number {position}" for position in range(1, 61)}
    for position in range(1, 56):
        ahead = tuple((later, texts[later]) for later in range(position + 1, position + 6))
        lane.want(position, texts[position], position, ahead=ahead)
        time.sleep(0.002)
    lane.suggested(60)
    told = [item for item in lane.seen if isinstance(item, Suggested)]
    assert all(item.suggestion.text == f"world number {item.position}" for item in told)
    calls = lane.calls()
    assert len(calls) == len(set(calls)), "nothing is asked twice, unless it was called off"


def test_a_known_answer_is_told_again_without_asking_the_model(lane: Lane) -> None:
    lane.want(1, "teh", 1, ahead=((2, "wrold"),))
    lane.suggested(2)
    lane.want(2, "wrold", 2, ahead=((1, "teh"),))
    assert lane.suggested(2).number == 2
    lane.want(1, "teh changed", 3)
    assert lane.suggested(1).suggestion.text == "the changed"
    assert lane.calls() == [1, 2, 1]


def test_a_child_killed_while_busy_is_told_and_restarted(lane: Lane) -> None:
    lane.want(1, "HOLD teh", 1)
    lane.until_called(1)
    os.kill(lane.pid, signal.SIGKILL)
    assert "memory" in lane.state("died").message
    lane.state("restarting")
    lane.release()
    lane.state("ready")
    assert lane.suggested(1).suggestion.text == "HOLD the"


def test_a_segment_that_kills_the_model_twice_is_skipped_and_its_neighbours_are_not(lane: Lane) -> None:
    lane.want(1, "teh", 1, ahead=((2, "wrold"), (3, "CRASH"), (4, "teh"), (5, "wrold")))
    texts = {}
    for _ in range(5):
        item = lane.until(lambda item: isinstance(item, Suggested))
        assert isinstance(item, Suggested)
        texts[item.position] = item.suggestion.text
        assert bool(item.suggestion.error) == (item.position == 3)
    assert texts == {1: "the", 2: "world", 3: "CRASH", 4: "the", 5: "world"}
    assert [item.kind for item in lane.seen if isinstance(item, LaneState)].count("died") == 2


def test_a_model_that_dies_on_everything_is_given_up(lane: Lane) -> None:
    lane.want(1, "CRASH", 1, ahead=tuple((position, "CRASH") for position in range(2, 9)))
    assert "times in a row" in lane.state("failed").message


def test_an_error_in_one_segment_leaves_the_others_alone(lane: Lane) -> None:
    lane.want(1, "CHATTER teh", 1, ahead=((2, "RAISE"), (3, "wrold")))
    assert lane.suggested(1).suggestion.text == "CHATTER the"
    assert lane.suggested(2).suggestion.error == "RuntimeError: told to raise"
    assert lane.suggested(3).suggestion.text == "world"


@pytest.mark.parametrize("text", ["\ud800 lone", "line\nfeed\r\u2028 teh", "\x1b]0;teh\x07", "naïve teh 日本 🙂"])
def test_any_text_travels_unharmed(lane: Lane, text: str) -> None:
    lane.want(1, text, 1)
    assert lane.suggested(1).suggestion.text == text.replace("teh", "the")


def test_closing_a_busy_lane_kills_the_child_and_tells_nothing_more(lane: Lane) -> None:
    lane.want(1, "HOLD teh", 1)
    lane.until_called(1)
    pid = lane.pid
    lane.lane.close()  # would wait for ever if it waited for the answer: nobody releases it
    wait_for(lambda: not is_running(pid))
    told = lane.news.qsize()
    lane.want(2, "teh", 2)
    time.sleep(0.1)
    assert lane.news.qsize() == told


@pytest.mark.parametrize(("target_lang", "is_declined"), [("en", False), ("en-GB", False), ("de", True), (None, False)])
def test_a_language_can_be_declined(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target_lang: str | None, is_declined: bool
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(PLUGINS))
    lane = Lane(tmp_path, target_lang=target_lang)
    try:
        if is_declined:
            assert "rewrites en, not de" in lane.state("failed").message
        else:
            lane.state("ready")
    finally:
        lane.lane.close()


def test_an_unknown_spec_fails_with_its_hint(tmp_path: Path) -> None:
    lane = Lane(tmp_path, spec="defualt")
    try:
        assert "Did you mean 'default'?" in lane.state("failed").message
    finally:
        lane.lane.close()


PARENT = """
import sys, time
from posteditor.core.segment import Segment
from posteditor.services.suggesting import SuggestionLane
lane = SuggestionLane(sys.argv[1], on_suggestion=print, on_state=print)
lane.want(Segment(1, "HOLD"), 1)
while lane._process is None:
    time.sleep(0.01)
print("pid", lane._process.pid, flush=True)
sys.stdin.readline()
"""


@pytest.mark.parametrize("is_killed", [True, False])
def test_the_child_ends_with_its_parent(tmp_path: Path, is_killed: bool) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, f"toy:{tmp_path}"],
        env={**os.environ, "PYTHONPATH": str(PLUGINS)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None
    pid = next(int(line.split()[1]) for line in parent.stdout if line.startswith("pid"))
    wait_for((tmp_path / "calls").exists)
    if is_killed:
        parent.kill()
    _, complaints = parent.communicate("\n", timeout=PATIENCE)  # not killed: it must end although the model is busy
    assert complaints == ""
    wait_for(lambda: not is_running(pid))


def test_the_child_ends_with_a_parent_killed_while_it_loads(tmp_path: Path) -> None:
    (tmp_path / "loading").touch()
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, f"toy:{tmp_path}"],
        env={**os.environ, "PYTHONPATH": str(PLUGINS)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None
    pid = next(int(line.split()[1]) for line in parent.stdout if line.startswith("pid"))
    parent.kill()
    parent.communicate(timeout=PATIENCE)
    wait_for(lambda: not is_running(pid))


def test_the_shipped_model_answers_from_a_process_that_yields_to_the_editor() -> None:
    lane = Lane(Path(), spec="default", target_lang="en-GB")
    try:
        lane.want(1, "She have went to the house of him in 1990 .", 1, ahead=((2, "A good sentence."),))
        first, second = lane.suggested(1), lane.suggested(2)
        assert "1990" in first.suggestion.text
        assert not first.suggestion.error
        assert second.suggestion.text == "A good sentence."
        assert first.model_revision
        if sys.platform == "linux":
            assert Path(f"/proc/{lane.pid}/oom_score_adj").read_text(encoding="ascii") == "500\n"
        assert os.getpriority(os.PRIO_PROCESS, lane.pid) >= 10
    finally:
        lane.lane.close()


def test_importing_the_lane_loads_no_model_library() -> None:
    program = (
        "import sys, posteditor.services.suggesting; print(*{'torch','transformers','sacrebleu'} & {*sys.modules})"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == ""


def test_every_answer_belongs_to_its_own_segment(lane: Lane) -> None:
    """Batches follow each other without a gap, and requests change while they run."""
    segments = [Segment(n, f"teh number {n}") for n in range(1, 61)]
    answers: dict[int, str] = {}
    for start in range(0, 60, 3):
        lane.lane.want(segments[start], start, ahead=segments[start + 1 : start + 9])
        while segments[start].position not in answers:
            item = lane.until(lambda item: isinstance(item, Suggested))
            assert isinstance(item, Suggested)
            answers[item.position] = item.suggestion.text
    lane.until(lambda item: isinstance(item, Suggested) and item.position == 60)
    for item in lane.seen:
        if isinstance(item, Suggested):
            assert item.suggestion.text == f"the number {item.position}"
