"""Which past corrections are shown to a model."""

from posteditor.core.segment import Segment
from posteditor.rewriters.past_corrections import PastCorrections
from posteditor.rewriters.prompts import Example
from posteditor.rewriters.protocol import MemoryPair


def learned(*pairs: MemoryPair) -> PastCorrections:
    corrections = PastCorrections()
    corrections.learn(pairs)
    return corrections


def test_the_most_similar_stand_last_and_are_few() -> None:
    pairs = [MemoryPair(f"The dog run in the {'big ' * number}park", f"runs {number}") for number in range(6)]
    examples = learned(*pairs).examples_for(Segment(9, "The dog run in the park"))
    assert [example.post_edit for example in examples] == ["runs 2", "runs 1", "runs 0"]


def test_what_shows_nothing_is_left_out() -> None:
    corrections = learned(
        MemoryPair("The dog runs home", "The dog runs home"),
        MemoryPair("The dog run home", "its own", position=9),
        MemoryPair("An altogether different matter", "x"),
        MemoryPair("The dog run home " * 100, "too long"),
        MemoryPair("The dog run homes", "The dog runs home", "Der Hund"),
    )
    segment = Segment(9, "The dog run home")
    assert corrections.examples_for(segment) == (Example("The dog run homes", "The dog runs home", "Der Hund"),)
    assert corrections.examples_for(Segment(9, "The dog run home " * 100)) == ()
    assert PastCorrections().examples_for(segment) == ()
    assert PastCorrections().digest == ""
    assert learned(MemoryPair("a", "b")).digest not in ("", corrections.digest)
