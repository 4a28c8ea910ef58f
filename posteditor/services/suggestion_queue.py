"""What a lane's model is to do next: the order, what is under way, what was answered, what killed the model.

Plain bookkeeping without threads or processes; ``suggesting.SuggestionLane`` owns one and asks it.
"""

from collections import Counter, OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from posteditor.core.segment import Segment
from posteditor.core.suggestion import Suggestion

_PREFETCH_BATCH = 4
"""Segments sent at once when none of them is the current one."""
_STRIKES = 2
"""A segment during which the model died so many times is not tried again."""
_REMEMBERED = 1000
"""Answers kept, so that going back to a segment costs nothing."""

Key = tuple[int, str, str | None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A segment with the number of the latest request that named it."""

    segment: Segment
    number: int
    is_current: bool

    @property
    def key(self) -> Key:
        """What an answer depends on: a position whose texts changed is another segment."""
        return self.segment.position, self.segment.mt, self.segment.source


@dataclass(frozen=True, slots=True)
class Answer:
    """A suggestion with what it answers."""

    wanted: Wanted
    suggestion: Suggestion


class SuggestionQueue:
    """The wanted segments, current one first, and the batch under way."""

    def __init__(self) -> None:
        self._wanted: dict[Key, Wanted] = {}
        self._batch: dict[int, Wanted] = {}
        self._is_busy = False
        self._batch_cancelled = False
        self._strikes: Counter[Key] = Counter()
        self._answers: OrderedDict[Key, Suggestion] = OrderedDict()
        self._outdated: set[Key] = set()
        """Under way, but to be asked for again when next wanted."""

    def want(self, segment: Segment, number: int, ahead: Sequence[Segment]) -> Answer | None:
        """Replace all that was wanted. Gives the current segment's answer if it is known already.

        What was answered before is not asked again, and an answer for a segment ahead is not given twice.
        """
        current = Wanted(segment, number, is_current=True)
        self._wanted = {current.key: current}
        for wanted in (Wanted(later, number, is_current=False) for later in ahead):
            self._wanted.setdefault(wanted.key, wanted)
        known = self._recall(current.key)
        self._wanted = {key: wanted for key, wanted in self._wanted.items() if key not in self._answers}
        return None if known is None else Answer(current, known)

    def next_batch(self) -> list[Segment]:
        """What to send now: the current segment alone, else a few ahead; nothing while a batch is under way."""
        if self._is_busy or not self._wanted:
            return []
        wanted = list(self._wanted.values())
        count = 1 if self._goes_alone(wanted[0]) else _PREFETCH_BATCH
        chosen = [item for item in wanted[:count] if item is wanted[0] or not self._goes_alone(item)]
        self._batch = dict(enumerate(chosen))
        self._is_busy = True  # until the model says it is done, though its last answer may have come before
        self._batch_cancelled = False
        return [item.segment for item in chosen]

    def take_cancellation(self) -> bool:
        """True once per batch: when the current segment waits behind others that can be called off."""
        first = next(iter(self._wanted.values()), None)
        if not self._batch or self._batch_cancelled or first is None or not first.is_current:
            return False
        self._batch_cancelled = first.key not in self._keys_under_way()
        return self._batch_cancelled

    def answered(self, index: int, suggestion: Suggestion) -> Answer | None:
        """Note the answer to the ``index``-th segment of the batch under way; None when there is no such one."""
        sent = self._batch.pop(index, None)
        if sent is None:
            return None
        self._strikes.pop(sent.key, None)
        return self._remember(sent, suggestion)

    def forget(self, may_change: Callable[[Segment], bool]) -> None:
        """Ask again for the segments whose answers may be others now, once they are wanted again."""
        for key in [key for key in self._answers if may_change(Segment(*key[:2], source=key[2]))]:
            del self._answers[key]
        self._outdated.update(sent.key for sent in self._batch.values() if may_change(sent.segment))

    def batch_ended(self) -> None:
        """Note that no more answers come; what was called off waits again if it is still wanted."""
        self._batch, self._is_busy = {}, False

    def model_died(self, rewriter: str) -> list[Answer]:
        """Note the model's death; gives an error for each segment that has now seen it die too often."""
        given_up = []
        for sent in self._batch.values():
            self._strikes[sent.key] += 1
            if self._strikes[sent.key] >= _STRIKES:
                error = f"the model died {_STRIKES} times on this segment and is not asked for it again"
                given_up.append(self._remember(sent, Suggestion(sent.segment.mt, (), rewriter, error=error)))
        self._batch, self._is_busy = {}, False
        return given_up

    def _goes_alone(self, wanted: Wanted) -> bool:
        """The current segment, so that it waits for no other, and suspects, so that no other dies with them."""
        return wanted.is_current or wanted.key in self._strikes

    def _keys_under_way(self) -> set[Key]:
        return {wanted.key for wanted in self._batch.values()}

    def _remember(self, sent: Wanted, suggestion: Suggestion) -> Answer:
        if sent.key in self._outdated:
            self._outdated.discard(sent.key)
        else:
            self._answers[sent.key] = suggestion
            if len(self._answers) > _REMEMBERED:
                self._answers.popitem(last=False)
        latest = self._wanted.pop(sent.key, None)
        return Answer(sent if latest is None else replace(sent, number=latest.number), suggestion)

    def _recall(self, key: Key) -> Suggestion | None:
        if key in self._answers:
            self._answers.move_to_end(key)
        return self._answers.get(key)
