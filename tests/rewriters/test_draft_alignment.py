"""How many guesses a text takes whose decoder is known: a word is a token, capitals begin one."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posteditor.rewriters.draft_alignment import DraftAlignment

_END = 0


def passes(draft: str, output: str, likely: Callable[[list[str]], str] | None = None) -> int:
    """Guesses until the output is there, where the decoder goes on as ``likely`` says after a wrong beginning."""
    names = ["</s>", *dict.fromkeys((draft + " " + output).split())]
    numbers = {name: number for number, name in enumerate(names)}
    wanted = [numbers[word] for word in output.split()] + [_END]
    written = [numbers[word] for word in draft.split()] + [_END]
    alignment = DraftAlignment(written, lambda token: True, lambda token: names[token] in ("the", "a"))

    def said(beginning: list[int]) -> int:
        if len(beginning) < len(wanted) and beginning == wanted[: len(beginning)]:
            return wanted[len(beginning)]
        return numbers[likely([names[token] for token in beginning])] if likely and beginning else _END

    made: list[int] = []
    count = 0
    while made != wanted:
        guess = alignment.guess()
        tokens = [said([*made, *guess[:place]]) for place in range(len(guess) + 1)]
        matched = next((place for place, token in enumerate(guess) if tokens[place] != token), len(guess))
        came = [*guess[:matched], tokens[matched]][: len(wanted) - len(made)]
        made += came
        count += 1
        if made != wanted:
            alignment.came(matched, came[-1], tokens[matched + 1 : len(guess)])
        assert count <= len(wanted), "each guess brings a token"
    return count


def copier(draft: str, changes: dict[str, str]) -> Callable[[list[str]], str]:
    """A decoder that looks at the last word only: it copies what follows it in the draft, but for some words."""
    words = [*draft.split(), "</s>"]
    back = {new: old for old, new in changes.items()}

    def likely(beginning: list[str]) -> str:
        last = back.get(beginning[-1], beginning[-1])
        following = words[words.index(last) + 1] if last in words[:-1] else "</s>"
        return changes.get(following, following)

    return likely


@pytest.mark.parametrize(
    ("draft", "output", "expected"),
    [
        ("one two three four", "one two three four", 1),
        ("one two three four", "one TWO three four", 2),
        ("one two three four", "one three four", 2),
        ("one two three four", "one two the three four", 2),
        ("", "one two", 3),
    ],
)
def test_a_single_difference_costs_one_guess_more(draft: str, output: str, expected: int) -> None:
    assert passes(draft, output, copier(draft, {})) == expected


def test_several_differences_cost_as_much_as_one() -> None:
    draft = "one two three four five six seven eight nine ten"
    changes = {"two": "TWO", "five": "FIVE", "eight": "EIGHT", "ten": "TEN"}
    output = " ".join(changes.get(word, word) for word in draft.split())
    assert passes(draft, output, copier(draft, changes)) == 2


def test_the_output_is_found_again_after_a_long_jump() -> None:
    words = [f"w{number}" for number in range(60)]
    draft, output = " ".join(words), " ".join(words[:10] + words[40:])
    assert passes(draft, output, copier(draft, {})) <= 4


@given(
    draft=st.lists(st.sampled_from("abcdefgh"), max_size=30),
    output=st.lists(st.sampled_from("abcdefghxyz"), max_size=30),
)
def test_any_draft_comes_to_the_end(draft: list[str], output: list[str]) -> None:
    assert passes(" ".join(draft), " ".join(output)) <= len(output) + 1
