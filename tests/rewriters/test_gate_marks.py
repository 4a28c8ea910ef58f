"""Tags, placeholders and addresses; brackets and quotes; control characters."""

import pytest

from tests.rewriters.judging import assert_passes, assert_refused

PLACEHOLDERS = [
    "{0}", "{}", "%s", "%1$d", "%.1f", "%@", "%(count)d", "{{name}}", "${user}", "%{name}", "<b>", "</i>",
    '<x id="1"/>', "<br/>", "</1>", "&nbsp;", "&#160;", "@@count@@", "https://example.org/help?id=7",
    "www.example.com", "example.org", "info@lanternfest.example", "--output", "report.csv", "__NAME__", "$HOME",
    "#release", "@anna", "/etc/hosts", "\\n",
]  # fmt: skip


@pytest.mark.parametrize("token", PLACEHOLDERS)
def test_a_placeholder_stays_and_may_move(token: str) -> None:
    mt = f"You sees {token} in the windows there."
    assert_passes(mt, f"You see {token} in the windows there.")
    assert_refused("placeholder", f"Now {token} is there.", "Now this is there.")
    assert_refused("placeholder", f"Now {token} is there.", f"Now {token} is {token} there.")
    assert_passes(f"There {token} is now.", f"There is {token} now.")


@pytest.mark.parametrize(
    ("mt", "rewrite"),
    [
        ("50% discount and more for you.", "A 50% discount and more for you."),
        ("He said 5 & 6 to me.", "He said 5 & 6 to us."),
        ("a < b and c > d hold here", "a < b and c > d holds here"),
        ("It costs $40 and up there.", "It costs $40 or more there."),
        ("He left...and came again.", "He left ... and came again."),
    ],
)
def test_what_only_looks_like_one_passes(mt: str, rewrite: str) -> None:
    assert_passes(mt, rewrite)


@pytest.mark.parametrize(
    ("mt", "rewrite"),
    [
        ("He saw 'the man' in the street.", "He saw 'the man in the street."),
        ("He saw ‘the man’ in the street.", "He saw the man’ in the street."),
        ("He saw «the man» in the street.", "He saw «the man in the street."),
        ("他说「好」了。", "他说「好了。"),
        ("He left [1] the house.", "He left [1 the house."),
    ],
)
def test_half_of_a_pair_is_refused(mt: str, rewrite: str) -> None:
    assert_refused("unpaired", mt, rewrite)


@pytest.mark.parametrize(
    ("mt", "rewrite"),
    [
        ('He saw "the dogs" in the street.', "He saw 'the dogs' in the street."),
        ("The dogs' house was old, he said.", "The dogs' house was old, they said."),
        ("He don't know it at all.", "He doesn't know it at all."),
        ("He saw 'the man' in the street.", "He saw the man in the street."),
        ("It was in the '90s that he came.", "It was in the '90s when he came."),
    ],
)
def test_other_quotes_and_apostrophes_pass(mt: str, rewrite: str) -> None:
    assert_passes(mt, rewrite)


@pytest.mark.parametrize("control", ["\n", "\r", "\x1b[31m", "\x00", "\x9b", "\u2028", "\ud800"])
def test_a_control_character_is_refused(control: str) -> None:
    assert_refused("control character", "He left the house.", f"He left{control}the house.")
