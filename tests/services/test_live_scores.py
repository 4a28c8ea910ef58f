"""Scores that move while a person types, with the real scoring process on a real project."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Empty, SimpleQueue

import pytest
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF
from sacrebleu.metrics.ter import TER

from posteditor.services.editing import EditingSession
from posteditor.services.live_scores import LiveScores, ScoredText
from posteditor.services.transfer import create_project

TSV = (
    "mt\treference\treference_2\n"
    "Aide will not be complicated .\tThe aide declined to elaborate.\tThe aide would not elaborate.\n"
    "It go to bridge in bus .\tHe takes the bus to the bridge.\t\n"
    "No reference here .\t\t\n"
    "The houses of the Paris are big\tThe houses of Paris are big.\t\n"
)
REFERENCES = [
    ["The aide declined to elaborate.", "He takes the bus to the bridge.", "The houses of Paris are big."],
    ["The aide would not elaborate.", None, None],
]
SACREBLEU = {"bleu": BLEU(), "chrf++": CHRF(word_order=2), "ter": TER()}


class Live:
    """Live scores whose results a test takes in as the editor does."""

    def __init__(self, session: EditingSession) -> None:
        self.news: SimpleQueue[ScoredText] = SimpleQueue()
        self.trouble: list[str] = []
        self.session = session
        self.scores = LiveScores(session, on_result=self.news.put, on_trouble=self.trouble.append)

    def until(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 30
        while not condition():
            assert time.monotonic() < deadline, (self.scores.view(), self.trouble)
            try:
                self.scores.accept(self.news.get(timeout=0.05))
            except Empty:
                continue


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Live]:
    path = tmp_path / "news.tsv"
    path.write_text(TSV, encoding="utf-8")
    create_project([path], tmp_path / "p.postedit", target_lang="en")
    with EditingSession.open(tmp_path / "p.postedit") as session:
        live = Live(session)
        yield live
        live.scores.close()


def expected(texts: list[str]) -> dict[str, float]:
    """What sacrebleu itself says of the three segments that have references."""
    return {name: metric.corpus_score(texts, REFERENCES).score for name, metric in SACREBLEU.items()}  # type: ignore[arg-type]


def mts(live: Live) -> list[str]:
    return [live.session.load(n).mt for n in (1, 2, 4)]


def test_the_file_is_scored_in_the_background_and_equals_sacrebleu(live: Live) -> None:
    live.scores.start_background()
    live.until(lambda: live.scores.view().scored == 3 and len(live.scores.view().file_mt) == 3)
    view = live.scores.view()
    assert view.scorable == 3
    for name, value in expected(mts(live)).items():
        assert view.file_mt[name] == view.file_target[name] == value


def test_a_typed_target_moves_segment_and_file(live: Live) -> None:
    live.scores.start_background()
    live.until(lambda: live.scores.view().scored == 3)
    segment = live.session.load(2)
    for typed in ("He takes", "He takes the bus", "He takes the bus to the bridge."):
        live.scores.look_at(segment, "He go to the bridge by bus.", typed)
    live.until(lambda: live.scores.view().target.get("ter") == 0.0)
    live.until(lambda: len(live.scores.view().suggestion) == 3)
    texts = mts(live)
    texts[1] = "He takes the bus to the bridge."
    for name, value in expected(texts).items():
        assert live.scores.view().file_target[name] == value
        assert live.scores.view().file_mt[name] == expected(mts(live))[name]


def test_what_is_left_before_it_is_scored_counts_all_the_same(live: Live) -> None:
    live.scores.start_background()
    live.until(lambda: live.scores.view().scored == 3)
    segment = live.session.confirm(4, "The houses of Paris are big.")
    live.scores.look_at(segment, None, segment.text)
    live.scores.settle(segment)
    live.scores.look_at(live.session.load(1), None, "Aide")
    texts = mts(live)
    texts[0], texts[2] = "Aide", "The houses of Paris are big."
    wanted = expected(texts)
    live.until(lambda: live.scores.view().file_target == wanted)


def test_a_segment_without_references_has_no_scores(live: Live) -> None:
    live.scores.look_at(live.session.load(3), "x", "y")
    assert live.scores.view().target == {}
    assert live.scores.view().mt == {}


def test_scores_are_there_at_once_when_the_project_is_opened_again(live: Live) -> None:
    live.scores.start_background()
    live.until(lambda: live.scores.view().scored == 3)
    live.scores.close()
    again = Live(live.session)
    again.scores.start_background()
    again.until(lambda: len(again.scores.view().file_mt) == 3)
    assert again.scores.view().file_mt == live.scores.view().file_mt
    assert again.news.empty()  # nothing was scored anew
    again.scores.close()
