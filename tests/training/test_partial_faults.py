"""Taking most faults out of a garbled text."""

from difflib import SequenceMatcher

from hypothesis import given
from hypothesis import strategies as st

from posteditor.rewriters.tag_words import tag_words
from posteditor.training.pairs import Pair
from posteditor.training.partial_faults import with_fewer_faults

_WORDS = st.lists(st.sampled_from(["the", "dog", "cat's", "ran,", "A", "house", "(red)", "."]), min_size=1, max_size=14)
_TEXTS = _WORDS.map(" ".join)


def differences(pair: Pair) -> int:
    old, new = ([word.text for word in tag_words(text)] for text in (pair.mt, pair.target))
    return sum(kind != "equal" for kind, *_ in SequenceMatcher(None, old, new, autojunk=False).get_opcodes())


def test_some_of_the_faults_stay_and_the_rest_is_as_it_should_be() -> None:
    pair = Pair(
        "A dog of black has sat in the mat, and him slept of there.",
        "The black dog sat on the mat, and it slept there.",
    )
    made = {with_fewer_faults(pair, share=1.0, seed=seed).mt for seed in range(40)}
    assert len(made) > 10
    assert pair.mt not in made
    assert pair.target not in made
    assert any(text.endswith("and it slept there.") for text in made)


def test_the_share_says_how_many_pairs_are_changed() -> None:
    pairs = [
        Pair(f"A dog {number} of black has sat in mat.", f"The black dog {number} sat on the mat.")
        for number in range(300)
    ]
    changed = sum(with_fewer_faults(pair, share=0.4, seed=1) != pair for pair in pairs)
    assert 90 < changed < 150
    assert all(with_fewer_faults(pair, share=0.0, seed=1) == pair for pair in pairs)


@given(_TEXTS, _TEXTS, st.integers(0, 5))
def test_no_faults_come_on_top_and_the_target_stays(mt: str, target: str, seed: int) -> None:
    pair = Pair(mt, target, line=7)
    made = with_fewer_faults(pair, share=1.0, seed=seed)
    assert (made.target, made.line) == (target, 7)
    if differences(pair) > 1:
        assert made.mt != mt
    else:
        assert made == pair
