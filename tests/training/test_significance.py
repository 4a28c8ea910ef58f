"""Paired bootstrap between doing nothing and rewriting."""

from posteditor.training.significance import paired_bootstrap

TARGETS = [f"the cat number {number} sat on the mat" for number in range(200)]
DRAFTS = [text.replace(" on the ", " in a ") for text in TARGETS]


def test_nothing_changed_is_no_difference() -> None:
    assert paired_bootstrap(DRAFTS, DRAFTS, TARGETS) == {"TER": 1.0, "chrF++": 1.0}


def test_many_better_segments_are_no_chance() -> None:
    half = [target if number % 2 else draft for number, (draft, target) in enumerate(zip(DRAFTS, TARGETS, strict=True))]
    assert max(paired_bootstrap(DRAFTS, half, TARGETS).values()) < 0.01


def test_one_better_and_one_worse_may_well_be_chance() -> None:
    texts = [TARGETS[0], DRAFTS[1].replace("cat", "of"), *DRAFTS[2:]]
    assert min(paired_bootstrap(DRAFTS, texts, TARGETS).values()) > 0.1
