"""The queue of a suggestion lane, without any process."""

from posteditor.core.segment import Segment
from posteditor.core.suggestion import Suggestion
from posteditor.services.suggestion_queue import SuggestionQueue


def suggestion(text: str) -> Suggestion:
    return Suggestion(text, (), "toy")


def test_nothing_is_sent_between_the_last_answer_and_the_models_done() -> None:
    """Sent earlier, the answers of one batch could be taken for those of the next."""
    queue = SuggestionQueue()
    queue.want(Segment(1, "one"), 1, [Segment(2, "two")])
    assert [segment.position for segment in queue.next_batch()] == [1]
    queue.answered(0, suggestion("one"))
    assert queue.next_batch() == []
    queue.batch_ended()
    assert [segment.position for segment in queue.next_batch()] == [2]


def test_after_a_death_the_batch_is_free_again() -> None:
    queue = SuggestionQueue()
    queue.want(Segment(1, "one"), 1, [])
    queue.next_batch()
    assert queue.model_died("toy") == []
    assert [segment.position for segment in queue.next_batch()] == [1]


def test_what_was_forgotten_is_asked_again_and_the_rest_is_not() -> None:
    queue = SuggestionQueue()
    queue.want(Segment(1, "one"), 1, [Segment(2, "two", source="dos"), Segment(3, "three")])
    for count in (1, 2):
        assert len(queue.next_batch()) == count
        for index in range(count):
            queue.answered(index, suggestion("x"))
        queue.batch_ended()
    asked: list[Segment] = []

    def is_two(segment: Segment) -> bool:
        asked.append(segment)
        return segment.mt == "two"

    queue.forget(is_two)
    assert Segment(2, "two", source="dos") in asked
    assert queue.want(Segment(1, "one"), 2, [Segment(2, "two", source="dos"), Segment(3, "three")]) is not None
    assert [segment.position for segment in queue.next_batch()] == [2]


def test_an_answer_that_was_under_way_is_told_but_not_kept() -> None:
    queue = SuggestionQueue()
    queue.want(Segment(1, "one"), 1, [])
    queue.next_batch()
    queue.forget(lambda segment: True)
    answer = queue.answered(0, suggestion("old"))
    assert answer is not None
    assert answer.suggestion.text == "old"
    queue.batch_ended()
    assert queue.want(Segment(1, "one"), 2, []) is None
    assert len(queue.next_batch()) == 1
    queue.answered(0, suggestion("new"))
    queue.batch_ended()
    known = queue.want(Segment(1, "one"), 3, [])
    assert known is not None
    assert known.suggestion.text == "new"
