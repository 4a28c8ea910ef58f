"""Where a draft goes on after a decoder has departed from it: plain bookkeeping over token numbers, without a model.

What a decoder says behind the first difference was said of a text that did not come about, and is mostly right all the
same: the next guess has its other differences in it already, so that several of them cost one pass and not one each.

Sources: copying the input until the output differs and finding back to it afterwards is shallow aggressive decoding
(Sun et al. 2021, Instantaneous Grammatical Error Correction with Shallow Aggressive Decoding, ACL); guessing by what
was said of an earlier guess is Jacobi decoding (Santilli et al. 2023, Accelerating Transformer Inference for
Translation via Parallel Decoding, ACL).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

_REACH = 16
"""So many tokens of the draft are looked through for a token that came instead."""
_FULL = 48
"""Most tokens guessed at once while the guesses come true."""
_LEAST = 3
"""Fewest; where even these fail nothing is guessed until the output comes back to the draft."""
_PATIENCE = 1
"""So many guesses in a row may fail at once before the next ones are shorter, by half each time."""
_AGAIN = 3
"""So many failures are counted after a token that would have been guessed, while nothing was."""


@dataclass(frozen=True, slots=True)
class _Guessed:
    """A token of a guess."""

    token: int
    place: int
    """Of the token of the draft that it stands for, or in front of which it was put."""
    after: int
    """Where the draft goes on after it."""


class DraftAlignment:
    """Follows the output of a decoder along a draft and guesses how it goes on."""

    def __init__(
        self, draft: Sequence[int], starts_word: Callable[[int], bool], is_common: Callable[[int], bool]
    ) -> None:
        """Stand at the beginning of the draft.

        Args:
            draft: Tokens.
            starts_word: Whether a token begins a word.
            is_common: Whether a token is one of the most frequent ones, such as an article.
        """
        self._draft = draft
        self._starts_word = starts_word
        self._is_common = is_common
        self._failures = 0
        """Guesses in a row that failed at their first token."""
        self._settled = 0
        """Up to here the draft is behind the output for certain."""
        self._last = -1
        """The token before, to tell between several places."""
        self._guess = self._copied(0, len(draft))

    def guess(self) -> list[int]:
        """The tokens that may come next; empty where the draft is at its end."""
        width = _FULL >> max(0, self._failures - _PATIENCE)
        return [each.token for each in self._guess[:width]] if width >= _LEAST else []

    def came(self, matched: int, token: int, foreseen: Sequence[int] = ()) -> None:
        """Take note of what came.

        Args:
            matched: So many tokens of the last guess came true.
            token: Came after them.
            foreseen: What would have come in place of each further token of the guess, had those before it come true;
                the first is about the token after the one that failed.
        """
        self._count_failures(matched, token)
        if matched:
            self._settled = self._guess[matched - 1].after
            self._last = self._guess[matched - 1].token
        failed = self._guess[matched].place if matched < len(self._guess) else len(self._draft)
        start = self._place_after(token, failed, self._settled)
        self._last = token
        rest = self._guess[matched + 1 : matched + 1 + len(foreseen)]
        self._guess = self._foreseen(start, rest, foreseen)

    def _count_failures(self, matched: int, token: int) -> None:
        is_hopeless = _FULL >> max(0, self._failures - _PATIENCE) < _LEAST
        if matched:
            self._failures = 0
        elif is_hopeless and self._guess and self._guess[0].token == token:
            self._failures = _AGAIN  # it would have been right: a short guess is worth a try
        else:
            self._failures += 1

    def _foreseen(self, start: int, rest: Sequence[_Guessed], foreseen: Sequence[int]) -> list[_Guessed]:
        """The guess from place ``start`` of the draft on, with what is foreseen for the rest of the last one."""
        guess: list[_Guessed] = []
        place = start
        departed = True  # what was said right behind a difference, on a wrong word, is worth little
        for old, token in zip(rest, foreseen, strict=True):
            if old.place < place:
                continue
            guess += self._copied(place, old.place)
            if departed or token == old.token:
                guess.append(old)
                departed = False
            else:
                guess.append(_Guessed(token, old.place, self._place_after(token, old.place, old.place)))
                departed = True
            place = guess[-1].after
        return guess + self._copied(place, len(self._draft))

    def _copied(self, start: int, end: int) -> list[_Guessed]:
        return [_Guessed(self._draft[place], place, place + 1) for place in range(start, end)]

    def _place_after(self, token: int, at: int, first: int) -> int:
        """Where the draft goes on after ``token``, which came where that at ``at`` should; not before ``first``."""
        if at >= len(self._draft):
            return at
        if self._draft[at] == token:
            return at + 1
        found = self._nearest(token, at, first)
        if found is not None:
            return found + 1
        return self._after_unknown(token, at)

    def _nearest(self, token: int, at: int, first: int) -> int | None:
        """The place of ``token`` in the draft: near by, or anywhere behind the token that came before it.

        The output may have jumped; the second token after a jump tells where to.
        """
        places = [place for place in range(first, len(self._draft)) if self._draft[place] == token]
        follows = [place for place in places if place and self._draft[place - 1] == self._last]
        near = [place for place in places if place < at + _REACH]
        return min(follows or near, key=lambda place: abs(place - at), default=None)

    def _after_unknown(self, token: int, at: int) -> int:
        """The token is nowhere near: a word for a word, the rest of a word, or a small word put in."""
        old = self._draft[at]
        if not self._starts_word(token):
            return at if self._starts_word(old) else at + 1
        if not self._starts_word(old):  # the old word goes on where the new one has ended
            return self._word_from(at)
        if self._is_common(token) and not self._is_common(old):
            return at
        return self._word_from(at + 1)

    def _word_from(self, place: int) -> int:
        """The next place that begins a word."""
        while place < len(self._draft) and not self._starts_word(self._draft[place]):
            place += 1
        return place
