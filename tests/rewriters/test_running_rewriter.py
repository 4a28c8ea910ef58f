"""Running rewriters that misbehave: every segment gets its suggestion, an error where there is nothing else."""

from collections.abc import Callable, Iterator, Sequence

import pytest

from posteditor.core.segment import Segment
from posteditor.core.suggestion import Edit, Suggestion, suggestion_from_edits
from posteditor.errors import ModelError
from posteditor.rewriters.gate import Gate
from posteditor.rewriters.nothing import DoNothing
from posteditor.rewriters.running import suggest


class Capitals:
    """Puts texts in capitals, one hunk each; what it does to "bad" ones is given."""

    name = "capitals"
    revision = "1"
    target_languages: tuple[str, ...] = ()

    def __init__(self, trouble: Callable[[Segment], Suggestion | None]) -> None:
        self.trouble = trouble
        self.asked: list[int] = []

    def rewrite(
        self, segments: Sequence[Segment], *, should_stop: Callable[[], bool] = lambda: False
    ) -> Iterator[Suggestion]:
        for segment in segments:
            if should_stop():
                return
            self.asked.append(segment.position)
            if "bad" in segment.mt:
                answer = self.trouble(segment)
                if answer is None:
                    return
                yield answer
            else:
                yield suggestion_from_edits(segment.mt, [Edit(0, len(segment.mt), segment.mt.upper())], self.name)

    def close(self) -> None:
        pass


SEGMENTS = [Segment(1, "one"), Segment(2, "bad"), Segment(3, "three"), Segment(4, "bad too"), Segment(5, "five")]


def raises(error: Exception) -> Callable[[Segment], Suggestion | None]:
    def trouble(segment: Segment) -> Suggestion | None:
        raise error

    return trouble


@pytest.mark.parametrize(
    ("trouble", "message"),
    [
        (raises(ModelError("no idea", hint="ask again")), "no idea"),
        (raises(RuntimeError("CPU:\n can't allocate memory")), "RuntimeError: CPU: can't allocate memory"),
        (raises(MemoryError()), "MemoryError"),
        (lambda segment: None, "rewriter 'capitals' gave no answer for this segment"),
        (lambda segment: Suggestion("x", (Edit(2, 99, ""),), "capitals"), "outside"),
        (lambda segment: Suggestion("x", (Edit(2, 3, "y"), Edit(0, 1, "z")), "capitals"), "out of order"),
    ],
)
def test_trouble_with_some_segments_leaves_the_others_alone(
    trouble: Callable[[Segment], Suggestion | None], message: str
) -> None:
    suggestions = list(suggest(Capitals(trouble), SEGMENTS, Gate()))
    assert [suggestion.text for suggestion in suggestions] == ["ONE", "bad", "THREE", "bad too", "FIVE"]
    assert [bool(suggestion.error) for suggestion in suggestions] == [False, True, False, True, False]
    assert message in suggestions[1].error
    assert all(suggestion.rewriter == "capitals" for suggestion in suggestions)


def test_what_was_answered_is_not_asked_again() -> None:
    rewriter = Capitals(raises(ValueError("bad")))
    list(suggest(rewriter, SEGMENTS, Gate()))
    assert rewriter.asked == [1, 2, 2, 3, 4, 5]


def test_an_error_of_our_own_is_not_hidden() -> None:
    with pytest.raises(TypeError):
        list(suggest(Capitals(raises(TypeError("a bug"))), SEGMENTS, Gate()))


def test_it_ends_early_when_told_to() -> None:
    asked: list[int] = []

    def should_stop() -> bool:
        asked.append(1)
        return len(asked) > 2

    suggestions = list(suggest(DoNothing(), SEGMENTS, Gate(), should_stop=should_stop))
    assert [suggestion.text for suggestion in suggestions] == ["one", "bad"]


def test_each_suggestion_says_how_long_it_took() -> None:
    assert all(suggestion.seconds > 0 for suggestion in suggest(DoNothing(), SEGMENTS, Gate()))
