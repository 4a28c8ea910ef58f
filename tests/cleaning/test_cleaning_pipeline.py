"""The pipeline: order, reasons, fixes, scores that are kept and scores that are given."""

from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from posteditor.cleaning.pipeline import Outcome, run_steps
from posteditor.cleaning.rule import Languages
from posteditor.cleaning.rules_file import Step, read_rules

RULES = """
[[steps]]
rule = "control_characters"
[[steps]]
fix = "control_characters"
[[steps]]
fix = "white_space"
sides = ["target"]
[[steps]]
rule = "empty"
[[steps]]
rule = "length_ratio"
max = 2
[[steps]]
rule = "expression"
source = "x"
target = "y"
[[steps]]
rule = "numbers"
"""


def steps_of(tmp_path: Path, rules: str = RULES) -> tuple[Step, ...]:
    path = tmp_path / "rules.toml"
    path.write_text(rules, encoding="utf-8")
    return read_rules(path, Languages()).steps


def told(outcome: Outcome) -> list[tuple[int, str]]:
    return [(each.place, each.note) for each in outcome.rejections]


def test_the_first_rule_that_rejects_is_the_reason(tmp_path: Path) -> None:
    sources = ["abc 1", "x", "abc", "abc\x00", "abc", "abc 1"]
    targets = ["abc 2", "y" * 9, "  ", "abc", "  a  bc ", "abc 1"]
    outcome = run_steps(steps_of(tmp_path), sources, targets)
    assert told(outcome) == [
        (0, "numbers 0 under 0.5: only the source has 1, only the target has 2"),
        (1, "length_ratio 9 over 2"),
        (2, "empty: no target"),
        (3, "control_characters: source 1 over 0"),
    ]
    assert outcome.kept == [4, 5]
    assert outcome.reached == [6, 5, 5, 5, 4, 3, 3]
    assert outcome.targets[4] == "a bc"
    # Of the pair that was rejected before it got there, nothing is told; its text is not wanted either.
    assert [(fix.place, fix.side, fix.before, fix.after) for fix in outcome.fixes] == [
        (2, "target", "  ", ""),
        (4, "target", "  a  bc ", "a bc"),
    ]


def test_tallies_count_what_reached_the_rule(tmp_path: Path) -> None:
    outcome = run_steps(steps_of(tmp_path), ["ab", "", "ab\x00"], ["ab", "ab", "abcdefghi"])
    assert [[dict(part) for part in parts] for parts in outcome.tallies][3:5] == [[{1: 1, 0: 1}, {1: 2}], [{1.0: 1}]]


def test_costly_rules_score_no_more_than_they_must(tmp_path: Path) -> None:
    steps = steps_of(tmp_path)
    lazy = run_steps(steps, ["", "x"], ["y", "ok"])
    full = run_steps(steps, ["", "x"], ["y", "ok"], all_scores=True)
    assert np.isnan(lazy.scores[5][0][0]) and lazy.scores[5][0][1] == 1
    assert full.scores[5][0].tolist() == [0, 1]
    assert told(lazy) == told(full)


def test_no_pairs_at_all(tmp_path: Path) -> None:
    outcome = run_steps(steps_of(tmp_path), [], [])
    assert (outcome.rejections, outcome.kept, outcome.reached) == ([], [], [0] * 7)


TEXTS = st.text(alphabet="ab xy1\x00\t\ufffd", max_size=12)


@given(pairs=st.lists(st.tuples(TEXTS, TEXTS), max_size=10))
def test_scores_given_decide_as_scores_made(tmp_path_factory, pairs) -> None:  # type: ignore[no-untyped-def]
    steps = steps_of(tmp_path_factory.getbasetemp())
    sources, targets = [source for source, _ in pairs], [target for _, target in pairs]
    made = run_steps(steps, sources, targets, all_scores=True)
    again = run_steps(steps, sources, targets, given=made.scores)
    lazy = run_steps(steps, sources, targets)
    for other in (again, lazy):
        assert other.rejections == made.rejections
        assert other.fixes == made.fixes
        assert other.tallies == made.tallies
        assert other.kept == made.kept
    alone = [run_steps(steps, [source], [target]) for source, target in pairs]
    assert [each.note for one in alone for each in one.rejections] == [each.note for each in made.rejections]
