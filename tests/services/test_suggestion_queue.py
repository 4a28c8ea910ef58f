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
