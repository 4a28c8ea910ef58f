"""What rewriters learn: in a batch over a project, from other files, and in the editor after each confirmation."""

import csv
import threading
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from queue import Empty, Queue
from typing import Any

import pytest

from posteditor.cli.plain_editor import PlainEditor
from posteditor.core.segment import Segment, Status
from posteditor.errors import CorpusError, UsageError
from posteditor.rewriters.memory import MemoryRewriter
from posteditor.rewriters.memory_likeness import may_change
from posteditor.rewriters.messages import pair_from_json, pair_to_json
from posteditor.rewriters.protocol import MemoryPair
from posteditor.services.editing import EditingSession
from posteditor.services.learning import pair_of, pairs_of_session, teach
from posteditor.services.rewriting import RewriteOptions, RewriteResult, rewrite_file
from posteditor.services.suggesting import LaneState, Suggested, SuggestionLane
from posteditor.services.transfer import create_project

PLUGINS = Path(__file__).parents[1] / "plugins"
PATIENCE = 60.0
MTS = ["He go home.", "He go home.", "a walk in big park today", "a walk in big park now", "unlike all of them"]


def make_project(folder: Path, name: str = "in.tsv", mts: list[str] = MTS, **confirmed: str) -> Path:
    """A project with these mts; ``confirmed`` has targets by position, such as ``at_1="He goes home."``."""
    source, project = folder / name, folder / f"{name}.postedit"
    source.write_text("mt\n" + "".join(f"{mt}\n" for mt in mts), encoding="utf-8")
    create_project([source], project, target_lang="en")
    with EditingSession.open(project) as session:
        for place, target in confirmed.items():
            session.confirm(int(place.removeprefix("at_")), target)
    return project


def rewrite(source: Path, output: Path, **options: Any) -> tuple[RewriteResult, list[str]]:
    result = rewrite_file([source], output, RewriteOptions(**{"spec": "memory"} | options))
    with output.open(encoding="utf-8", newline="") as lines:
        return result, [row["suggestion"] for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)]


# -- batches ---------------------------------------------------------------------------------------------------------


def test_a_batch_over_a_project_learns_from_what_is_confirmed_in_it(tmp_path: Path) -> None:
    project = make_project(tmp_path, at_1="He went home.")
    result, texts = rewrite(project, tmp_path / "out.tsv")
    assert texts == ["He go home.", "He went home.", *MTS[2:]], "not for the confirmed segment itself"
    assert result.changed == 1


def test_what_is_drafted_or_rejected_is_not_learned(tmp_path: Path) -> None:
    project = make_project(tmp_path)
    with EditingSession.open(project) as session:
        session.save_draft(1, "He went home.")
        session.reject(3, "a walk in the big park today")
    assert rewrite(project, tmp_path / "out.tsv")[1] == MTS


def test_other_projects_and_tables_are_learned_too(tmp_path: Path) -> None:
    other = make_project(tmp_path, "other.tsv", ["He go home.", "more"], at_1="He goes home.", at_2="more")
    table = tmp_path / "pairs.tsv"
    table.write_text("mt\tpe\nunlike all of them\tunlike any of them\n", encoding="utf-8")
    project = make_project(tmp_path)
    result, texts = rewrite(project, tmp_path / "out.tsv", tm=(other, table))
    assert texts == ["He goes home.", "He goes home.", *MTS[2:4], "unlike any of them"]
    _, texts = rewrite(tmp_path / "in.tsv", tmp_path / "out2.tsv", tm=(other,))
    assert texts == ["He goes home.", "He goes home.", *MTS[2:]]
    revision = result.revision
    assert rewrite(project, tmp_path / "out3.tsv", tm=(other,))[0].revision != revision


def test_the_input_named_as_memory_too_still_keeps_its_own_pairs_to_itself(tmp_path: Path) -> None:
    project = make_project(tmp_path, at_1="He went home.")
    assert rewrite(project, tmp_path / "out.tsv", tm=(project,))[1][:2] == ["He go home.", "He went home."]


def test_an_ensemble_learns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(PLUGINS))
    project = make_project(tmp_path, mts=["teh end", "teh end", "teh start"], at_1="an end")
    assert rewrite(project, tmp_path / "out.tsv", spec="toy+memory")[1] == ["the end", "an end", "the start"]


def test_a_memory_for_a_rewriter_that_learns_nothing_is_an_error(tmp_path: Path) -> None:
    project = make_project(tmp_path, at_1="He went home.")
    with pytest.raises(UsageError, match="learns nothing") as caught:
        rewrite(project, tmp_path / "out.tsv", spec="none", tm=(project,))
    assert "--model none+memory" in caught.value.hint
    assert rewrite(project, tmp_path / "out.tsv", spec="none")[1] == MTS


def test_a_bad_memory_is_named_with_its_line(tmp_path: Path) -> None:
    table = tmp_path / "pairs.tsv"
    table.write_text("mt\ttarget\nonly one\n", encoding="utf-8")
    with pytest.raises(CorpusError) as caught:
        rewrite(make_project(tmp_path), tmp_path / "out.tsv", tm=(table,))
    assert (caught.value.path, caught.value.line) == (table, 2)
    with pytest.raises(CorpusError, match=r"nowhere\.tsv"):
        teach(MemoryRewriter("memory"), project=None, tm=(tmp_path / "nowhere.tsv",))


def test_more_confirmations_between_two_runs_start_the_second_one_anew(tmp_path: Path) -> None:
    project = make_project(tmp_path, at_1="He went home.")
    first, _ = rewrite(project, tmp_path / "out.tsv")
    with EditingSession.open(project) as session:
        session.confirm(3, "a walk in the big park today")
    second, _ = rewrite(project, tmp_path / "out.tsv", force=True)
    assert first.revision != second.revision


# -- pairs -----------------------------------------------------------------------------------------------------------


def test_the_pairs_of_a_session(tmp_path: Path) -> None:
    other = make_project(tmp_path, "other.tsv", ["x", "y"], at_2="z")
    project = make_project(tmp_path, at_2="He went home.", at_5="unlike all of them")
    with EditingSession.open(project) as session:
        session.save_draft(3, "a draft")
        assert [segment.position for segment in session.confirmed()] == [2, 5]
        pairs = list(pairs_of_session(session, (other, project)))
    assert pairs == [
        MemoryPair("He go home.", "He went home.", None, 2),
        MemoryPair("unlike all of them", "unlike all of them", None, 5),
        MemoryPair("y", "z"),
    ]
    assert [pair_from_json(pair_to_json(pair)) for pair in pairs] == pairs


def test_a_segment_confirmed_without_a_target_was_good_as_it_is() -> None:
    segment = Segment(7, "x", source="y", status=Status.CONFIRMED)
    assert pair_of(segment, is_own=True) == MemoryPair("x", "x", "y", 7)
    assert pair_of(segment, is_own=False).position == 0


@pytest.mark.parametrize(
    ("pair", "segment", "expected"),
    [
        (MemoryPair("He go home.", "x"), Segment(1, "He go home."), True),
        (MemoryPair("He go home.", "x"), Segment(1, "He goes home now."), True),
        (MemoryPair("He go home.", "x"), Segment(1, "Wholly unlike it"), False),
        (MemoryPair("abc", "x", "el"), Segment(1, "Wholly unlike it", source="el"), True),
        (MemoryPair("abc", "x"), Segment(1, "Wholly unlike it"), False),
    ],
)
def test_what_a_confirmation_may_change(pair: MemoryPair, segment: Segment, expected: bool) -> None:
    assert may_change([pair], segment) is expected


# -- the editor ------------------------------------------------------------------------------------------------------


class Lane:
    """A lane of the memory in its own process, and what it told."""

    def __init__(self, pairs: list[MemoryPair], spec: str = "memory") -> None:
        self.news: Queue[Suggested | LaneState] = Queue()
        self.lane = SuggestionLane(spec, on_suggestion=self.news.put, on_state=self.news.put, pairs=lambda: pairs)
        self.number = 0

    def ask(self, position: int, mt: str) -> Suggested:
        self.number += 1
        self.lane.want(Segment(position, mt), self.number)
        while True:
            item = self.news.get(timeout=PATIENCE)
            if isinstance(item, Suggested) and item.number == self.number:
                return item

    def state(self, kind: str) -> LaneState:
        while True:
            item = self.news.get(timeout=PATIENCE)
            if isinstance(item, LaneState) and item.kind == kind:
                return item


@pytest.fixture
def lane() -> Iterator[Lane]:
    lane = Lane([MemoryPair(f"number {n} go", f"number {n} goes", None, n) for n in range(1, 1500)])
    yield lane
    lane.lane.close()


def test_a_lane_knows_what_was_confirmed_and_learns_what_is(lane: Lane) -> None:
    first = lane.ask(2000, "number 1499 go")
    assert first.suggestion.text == "number 1499 goes"
    assert lane.ask(7, "number 7 go").suggestion.edits == (), "not from its own pair"
    assert lane.ask(3000, "He go home.").suggestion.edits == ()
    lane.lane.learn([MemoryPair("He go home.", "He went home.", None, 2999)])
    then = lane.ask(3000, "He go home.")
    assert then.suggestion.text == "He went home."
    assert then.model_revision != first.model_revision


def test_what_a_confirmation_does_not_touch_is_not_asked_again(lane: Lane) -> None:
    before = lane.ask(2000, "number 1499 go")
    lane.lane.learn([MemoryPair("He go home.", "He went home.", None, 2999)])
    assert lane.ask(2000, "number 1499 go").suggestion == before.suggestion, "with the same seconds"


def test_a_memory_that_can_not_be_read_fails_the_lane() -> None:
    def broken() -> Iterator[MemoryPair]:
        yield MemoryPair("a", "b")
        raise CorpusError("pairs.tsv", "no good", line=7)

    news: Queue[LaneState] = Queue()
    lane = SuggestionLane("memory", on_suggestion=lambda _: None, on_state=news.put, pairs=broken)
    try:
        assert news.get(timeout=PATIENCE).kind == "starting"
        state = news.get(timeout=PATIENCE)
        assert state.kind == "failed"
        assert "pairs.tsv line 7: no good" in state.message
        with pytest.raises(Empty):
            news.get(timeout=0.2)
    finally:
        lane.close()


def test_a_file_that_the_spec_names_and_nobody_can_read_fails_the_lane(tmp_path: Path) -> None:
    lane = Lane([], f"memory:{tmp_path}/nowhere.tsv")
    try:
        assert "nowhere.tsv: can't be read" in lane.state("failed").message
    finally:
        lane.lane.close()


def test_in_the_editor_a_confirmed_segment_is_suggested_for_its_repetition(tmp_path: Path) -> None:
    other = make_project(tmp_path, "other.tsv", ["a walk in big park now"], at_1="a walk in the park now")
    project = make_project(tmp_path)
    out = StringIO()
    lines = "He went home.\n:g 4\n:q\n"
    with EditingSession.open(project) as session:
        editor = PlainEditor(session, ("memory",), StringIO(lines), out, tm=(other,))
        thread = threading.Thread(target=editor.run)
        thread.start()
        thread.join(PATIENCE)
        assert not thread.is_alive()
    said = out.getvalue()
    assert "suggestion 1 (memory, 95%): He went home." in said
    assert "suggestion 1 (memory, 95%): a walk in the park now" in said
