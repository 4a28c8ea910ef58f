"""A sample shows what rules would do, and what differs between any two steps."""

from pathlib import Path

import pytest

from posteditor.errors import UsageError
from posteditor.services.cleaning.options import CleanOptions
from posteditor.services.cleaning.sampling import Preview, draw_sample, marked_diff
from tests.services.cleaning.dirty_corpus import RULES, clean, pairs, rules_file, write_tsv


def draw(tmp_path: Path, count: int, seed: int = 1, rules: str = RULES) -> Preview:
    source = write_tsv(tmp_path / "a.tsv", pairs(3000))
    return draw_sample([source], CleanOptions(rules=rules_file(tmp_path, rules)), count, seed)


def test_the_whole_corpus_as_a_sample_is_the_run(tmp_path: Path) -> None:
    preview = draw(tmp_path, 5000)
    result = clean(tmp_path / "a.tsv", tmp_path / "out.tsv")
    assert (preview.pairs, preview.total) == (3000, 3000)
    assert [step.to_json() for step in preview.steps] == [step.to_json() for step in result.steps]
    assert not preview.remarks


def test_the_seed_decides(tmp_path: Path) -> None:
    one, same, other = (draw(tmp_path, 200, seed) for seed in (1, 1, 2))
    assert one.to_json() == same.to_json()
    assert one.to_json() != other.to_json()
    assert (one.pairs, one.total) == (200, 3000)
    assert "duplicates are looked for inside the sample alone" in one.remarks[-1]


def test_a_sample_is_drawn_from_everywhere(tmp_path: Path) -> None:
    rules = '[[steps]]\nrule = "length"\nmin = 99\n'
    preview = draw(tmp_path, 600, rules=rules)
    positions = [example.pair.position for example in preview.difference("input", "length").gone]
    assert positions == sorted(set(positions)) and len(positions) == 600
    thirds = [sum(first < position <= first + 1000 for position in positions) for first in (0, 1000, 2000)]
    assert all(150 < third < 250 for third in thirds)


def test_examples(tmp_path: Path) -> None:
    preview = draw(tmp_path, 5000)
    fixed, empty = preview.examples[:2]
    assert fixed[0].lines() == ["pair 7, line 8, target: [-CafÃ©-]{+Café+} This is sentence number 7 of many."]
    assert empty[0].lines() == ["pair 3, line 4: empty: no target", "  Das ist Satz Nummer 3 von vielen.", "  "]
    assert len(empty) == 3
    assert preview.examples[-1][0].note == "duplicates: the same as pair 10"


def test_what_differs_between_two_steps(tmp_path: Path) -> None:
    preview = draw(tmp_path, 5000)
    found = preview.difference("identical", "fix mojibake")
    assert (found.first, found.second) == ("fix mojibake", "identical")
    assert (found.kept, len(found.gone), found.changed) == (2400, 600, [])
    assert {example.note for example in found.gone} == {"empty: no target", "identical: the target is the source"}
    whole = preview.difference("input", "duplicates")
    assert (whole.kept, len(whole.gone), len(whole.changed)) == (1501, 1499, 300)
    assert whole.lines()[0] == ("behind input, and behind duplicates: 1,501 pairs stay, 1,499 go, 300 texts change")
    assert preview.difference("empty", "empty").lines()[0].endswith("0 go, 0 texts change")
    with pytest.raises(UsageError, match="no step 'emty'") as caught:
        preview.difference("input", "emty")
    assert "Did you mean empty?" in caught.value.hint


def test_two_fixers_are_one_change(tmp_path: Path) -> None:
    rules = '[[steps]]\nfix = "mojibake"\n[[steps]]\nfix = "white_space"\n'
    source = write_tsv(tmp_path / "b.tsv", [("a", "caf\u00c3\u00a9  b "), ("c", "d")])
    preview = draw_sample([source], CleanOptions(rules=rules_file(tmp_path, rules)), 10, 1)
    (changed,) = preview.difference("input", "fix white_space").changed
    assert (changed.before, changed.after) == ("caf\u00c3\u00a9  b ", "café b")
    (changed,) = preview.difference("fix mojibake", "fix white_space").changed
    assert changed.before == "café  b "


@pytest.mark.parametrize(
    ("before", "after", "marked"),
    [
        ("a b c", "a x c", "a [-b-]{+x+} c"),
        ("a b", "a b c", "a b{+ c+}"),
        ("same", "same", "same"),
    ],
)
def test_marked_diff(before: str, after: str, marked: str) -> None:
    assert marked_diff(before, after) == marked
