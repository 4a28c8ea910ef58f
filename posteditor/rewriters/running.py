"""Running a rewriter over segments: one gated suggestion each, whatever happens to single ones."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from time import perf_counter

from posteditor.core.inline_tags import plain_segment, with_tags
from posteditor.core.segment import Segment
from posteditor.core.suggestion import Suggestion
from posteditor.errors import ModelError
from posteditor.rewriters.gate import Gate
from posteditor.rewriters.protocol import Rewriter

# What model libraries raise over one unlucky input: torch reports nearly everything, memory included, as RuntimeError.
_SEGMENT_FAULTS = (ModelError, RuntimeError, ValueError, LookupError, ArithmeticError, MemoryError)


def suggest(
    rewriter: Rewriter, segments: Sequence[Segment], gate: Gate, *, should_stop: Callable[[], bool] = lambda: False
) -> Iterator[Suggestion]:
    """One suggestion per segment, in order, each passed through the gate. Rewriters see no inline tags.

    A rewriter that fails in the middle of the batch is asked for the rest one by one, and a segment it fails on alone
    gets a suggestion that changes nothing and carries the error. Ends early once ``should_stop()`` is true.
    """
    done = 0
    try:
        for segment, suggestion in _answers(rewriter, segments, should_stop):
            yield gate.judge(segment, suggestion)
            done += 1
    except _SEGMENT_FAULTS as fault:
        if len(segments) - done == 1:
            yield _failed(segments[done], rewriter.name, fault)
            return
        for segment in segments[done:]:
            if should_stop():
                return
            yield from suggest(rewriter, [segment], gate, should_stop=should_stop)


def _failed(segment: Segment, rewriter: str, fault: Exception) -> Suggestion:
    """The suggestion that changes nothing and says why."""
    reason = fault.message if isinstance(fault, ModelError) else f"{type(fault).__name__}: {fault}".strip(": ")
    return Suggestion(text=segment.mt, edits=(), rewriter=rewriter, error=" ".join(reason.split()))


def _answers(
    rewriter: Rewriter, segments: Sequence[Segment], should_stop: Callable[[], bool]
) -> Iterator[tuple[Segment, Suggestion]]:
    started = perf_counter()
    answers = rewriter.rewrite(list(map(plain_segment, segments)), should_stop=should_stop)
    for segment in segments:
        suggestion = next(answers, None)
        if suggestion is None:
            if should_stop():
                return
            raise ModelError(f"rewriter {rewriter.name!r} gave no answer for this segment")
        now = perf_counter()
        suggestion = with_tags(segment.mt, suggestion)
        yield segment, suggestion if suggestion.seconds else replace(suggestion, seconds=now - started)
        started = now
