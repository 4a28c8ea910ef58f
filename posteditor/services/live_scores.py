"""The scores that move while a person types: those of the segment on the desk, and the file's.

Statistics come from the scoring process and are kept in the project, where running sums give the file's score at once.
The walk through the file has a thread of its own, and what it finds is written in the lane's thread, many at a time.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count, islice
from threading import Event, Lock, Thread
from time import monotonic

from posteditor.core.segment import Segment
from posteditor.errors import PostEditorError
from posteditor.scoring.metrics import DEFAULT_METRICS, Metric, Statistics, create_metrics
from posteditor.scoring.requests import ScoredText, ScoreRequest
from posteditor.services.editing import EditingSession
from posteditor.services.scoring_lane import ScoringLane
from posteditor.store.statistics import Which

__all__ = ["LiveScores", "LiveView", "ScoredText"]

_LIVE = "live"
_BATCH = 50
"""Segments of the file handed to the scoring process at a time."""
_REMEMBERED = 20 * _BATCH
"""Requests whose texts are kept to store their answers with; many times what is ever under way."""
_LONGEST_STEP_S = 1.0
"""More than reading one segment ever takes; closing waits no longer than this for the walk through the file."""
_QUIET_S = 0.5
"""The file is scored only while nothing was typed or opened for so long."""
_KEPT_AT_ONCE = 60
"""Results of the file's score written to the project in one go; the interface is told once for all of them."""


@dataclass(frozen=True, slots=True)
class LiveView:
    """Values on 0-100 by metric name ("bleu", "chrf++", "ter"); what is not known yet is missing."""

    mt: dict[str, float] = field(default_factory=dict)
    suggestion: dict[str, float] = field(default_factory=dict)
    target: dict[str, float] = field(default_factory=dict)
    file_mt: dict[str, float] = field(default_factory=dict)
    file_target: dict[str, float] = field(default_factory=dict)
    """The work so far: target, else mt."""
    scored: int = 0
    """Segments in the file's scores."""
    scorable: int = 0
    """Segments that have references."""


class LiveScores:
    """Scores of one session."""

    def __init__(
        self,
        session: EditingSession,
        *,
        on_result: Callable[[ScoredText], None],
        on_trouble: Callable[[str], None],
    ) -> None:
        """Make them; no process is started before something is scored.

        Args:
            on_result: Called from another thread; the receiver passes the result to ``accept`` in the interface's.
            on_trouble: Called from another thread with a sentence for the person.
        """
        self._session = session
        self._lane: ScoringLane | None = None
        self._on_result = on_result
        self._on_trouble = on_trouble
        self._segment = Segment(position=0, mt="")
        self._number = 0
        self._texts: dict[str, str] = {}
        self._known: dict[tuple[str, str, str], float] = {}
        """Sentence values of the segment on the desk by (text, name, metric): typing back and forth costs nothing."""
        self._metrics: tuple[Metric, ...] = ()
        self._file: dict[str, tuple[float, float]] = {}
        self._scored = 0
        self._last_look = 0.0
        self._closed = Event()
        self._storing = Lock()
        self._walker: Thread | None = None
        self._answered = Event()
        self._file_numbers = count(1)
        self._asked: dict[str, ScoreRequest] = {}
        """The latest requests for the file's score, by key."""
        self._answers: list[ScoredText] = []
        """Answers for the file's score that are not in the project yet; touched by the lane's thread alone."""

    # -- the segment on the desk -------------------------------------------------------------------------------------

    def look_at(self, segment: Segment, suggestion: str | None, target: str) -> None:
        """Score these texts of the current segment, as far as they are not known; replaces what was asked before."""
        self._last_look = monotonic()
        if segment.position != self._segment.position:
            self._finish_in_background()
            self._known.clear()
        self._segment = segment
        self._texts = {"mt": segment.mt, "target": target}
        if suggestion is not None:
            self._texts["suggestion"] = suggestion
        if not segment.references:
            return
        missing = {
            name: text
            for name, text in self._texts.items()
            if any((text, name, metric) not in self._known for metric in DEFAULT_METRICS)
        }
        if missing:
            self._number += 1
            request = ScoreRequest(_LIVE, self._number, missing, segment.references, has_tags=self._session.has_tags)
            self._started_lane().score(request)

    def settle(self, segment: Segment) -> None:
        """The segment was decided on; its target counts in the file's score even if nobody waits for it here."""
        if segment.references and segment.target is not None:
            self._score_later(segment)

    def _finish_in_background(self) -> None:
        segment, target = self._segment, self._texts.get("target")
        if not segment.references or target is None or target == segment.mt:
            return
        if any((target, "target", metric) not in self._known for metric in DEFAULT_METRICS):
            self._score_later(segment)

    def _score_later(self, segment: Segment) -> None:
        self._ask_for_file([self._file_request(segment)])

    def _ask_for_file(self, requests: list[ScoreRequest]) -> None:
        self._answered.clear()
        self._asked.update((request.key, request) for request in requests)
        while len(self._asked) > _REMEMBERED:  # the oldest were answered long ago
            self._asked.pop(next(iter(self._asked)))
        self._started_lane().score_in_background(requests)

    # -- results -----------------------------------------------------------------------------------------------------

    def accept(self, scored: ScoredText) -> bool:
        """Take in a result, in the interface's thread; True when what is shown changes."""
        if scored.key != _LIVE:
            self._file.clear()  # the lane's thread has put it into the project already
            return True
        text = self._texts.get(scored.name)
        if scored.number != self._number or text is None:
            return False
        self._known[text, scored.name, scored.metric] = scored.value
        if scored.name != "suggestion":
            which: Which = "mt" if scored.name == "mt" else "target"
            position = self._segment.position
            self._session.store_statistics([(position, which, scored.metric, text, scored.statistics)])
            self._file.pop(scored.metric, None)
        return True

    def _heard(self, scored: ScoredText) -> None:
        """In the lane's thread: live results go on at once, the file's are collected."""
        if scored.key == _LIVE:
            self._on_result(scored)
            return
        self._answers.append(scored)
        if len(self._answers) >= _KEPT_AT_ONCE:
            self._keep_answers()

    def _keep_answers(self) -> None:
        answers, self._answers = self._answers, []
        rows: list[tuple[int, Which, str, str, Statistics]] = []
        for scored in answers:
            request = self._asked.get(scored.key)
            if request is not None:
                which: Which = "mt" if scored.name == "mt" else "target"
                text = request.texts[scored.name]
                rows.append((int(scored.key), which, scored.metric, text, scored.statistics))
        with self._storing:
            if not rows or self._closed.is_set():
                return
            try:
                self._session.store_statistics(rows)
            except PostEditorError as error:
                self._on_trouble(error.message)
                return
        self._on_result(answers[-1])

    def _background_done(self) -> None:
        self._keep_answers()
        self._answered.set()

    # -- the whole file ----------------------------------------------------------------------------------------------

    def start_background(self) -> None:
        """Score what is not scored yet, segment by segment, whenever nothing else is to do."""
        if self._session.has_references:
            self._walker = Thread(target=self._walk, name="file scores", daemon=True)
            self._walker.start()

    def _walk(self) -> None:
        # Loads sacrebleu, which the interface's thread must not wait for.
        self._metrics = create_metrics(DEFAULT_METRICS, self._session.target_lang)
        try:
            unscored = self._unscored()
            while not self._closed.is_set() and (batch := list(islice(unscored, _BATCH))):
                self._ask_for_file(batch)
                self._answered.wait()
                self._give_way()
        except PostEditorError as error:
            self._on_trouble(error.message)

    def _give_way(self) -> None:
        """Wait while the person is busy: the file's score can be late, a key can't."""
        while (pause := self._last_look + _QUIET_S - monotonic()) > 0:
            if self._closed.wait(pause):
                return

    def _unscored(self) -> Iterator[ScoreRequest]:
        for segment in self._session.segments():
            if self._closed.is_set():
                return
            if segment.references and not self._is_scored(segment):
                yield self._file_request(segment)

    def _file_request(self, segment: Segment) -> ScoreRequest:
        texts = {"mt": segment.mt}
        if segment.target is not None and segment.target != segment.mt:
            texts["target"] = segment.target
        # A rising number: the lane drops what it still knows of an older request for the same segment.
        number, has_tags = next(self._file_numbers), self._session.has_tags
        return ScoreRequest(str(segment.position), number, texts, segment.references, has_tags=has_tags)

    def _is_scored(self, segment: Segment) -> bool:
        metric = DEFAULT_METRICS[-1]
        if self._session.statistics(segment.position, "mt", metric, segment.mt) is None:
            return False
        has_target = segment.target is not None and segment.target != segment.mt
        return not has_target or self._session.statistics(segment.position, "target", metric, segment.text) is not None

    def _started_lane(self) -> ScoringLane:
        if self._lane is None:
            self._lane = ScoringLane(
                self._heard,
                self._on_trouble,
                on_background_done=self._background_done,
                target_lang=self._session.target_lang,
            )
        return self._lane

    # -- what is shown -----------------------------------------------------------------------------------------------

    def view(self) -> LiveView:
        """All values as far as they are known."""
        mt, suggestion, target = (self._sentence(name) for name in ("mt", "suggestion", "target"))
        file_mt, file_target = self._file_values()
        scorable = self._session.reference_count if self._session.has_references else 0
        return LiveView(mt, suggestion, target, file_mt, file_target, self._scored, scorable)

    def _sentence(self, name: str) -> dict[str, float]:
        text = self._texts.get(name)
        if text is None:
            return {}
        found = {metric: self._known.get((text, name, metric)) for metric in DEFAULT_METRICS}
        return {metric: value for metric, value in found.items() if value is not None}

    def _file_values(self) -> tuple[dict[str, float], dict[str, float]]:
        for metric in self._metrics:
            if metric.name not in self._file:
                total = self._session.statistics_total(metric.name)
                if total.count:
                    self._scored = total.count
                    self._file[metric.name] = (
                        metric.corpus_score(total.mt).value,
                        metric.corpus_score(total.current).value,
                    )
        return ({n: v[0] for n, v in self._file.items()}, {n: v[1] for n, v in self._file.items()})

    def close(self) -> None:
        """Stop at once; closing twice does no harm."""
        self._closed.set()
        self._answered.set()
        if self._lane is not None:
            self._lane.close()
        with self._storing:
            pass  # what was being written is written; nothing is begun any more
        if self._walker is not None:
            self._walker.join(_LONGEST_STEP_S)  # it looks at the sign between two segments
