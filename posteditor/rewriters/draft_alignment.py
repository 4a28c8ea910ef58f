"""Where a draft goes on after a decoder has departed from it: plain bookkeeping over token numbers, without a model.

Source: the idea of copying the input until the output differs and finding back to it afterwards is shallow aggressive
decoding (Sun et al. 2021, Instantaneous Grammatical Error Correction with Shallow Aggressive Decoding, ACL).
"""

from collections.abc import Callable, Sequence

_REACH = 16
"""So many tokens of the draft are looked through for a token that came instead."""
_FULL = 48
"""Most tokens guessed at once while the guesses come true."""
_CAREFUL = 12
"""Tokens guessed after a guess that failed at once: much of a guess that fails early is work for nothing."""


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
        self._next = 0
        """Where the guess begins."""
        self._settled = 0
        """Up to here the draft is behind the output for certain."""
        self._width = _FULL
        self._last = -1
        """The token before, to tell between several places."""

    def guess(self) -> Sequence[int]:
        """The tokens that may come next; empty where the draft is at its end."""
        return self._draft[self._next : self._next + self._width]

    def came(self, matched: int, token: int) -> None:
        """Take note that so many tokens of the last guess came true, and ``token`` after them."""
        self._width = min(_FULL, 4 * matched) if matched > _CAREFUL // 2 else _CAREFUL
        if matched:
            self._next += matched
            self._settled = self._next
            self._last = self._draft[self._next - 1]
        self._next = self._place_after(token)
        self._last = token

    def _place_after(self, token: int) -> int:
        """Where the draft goes on after ``token``, which came where the token at the beginning of the guess should."""
        at = self._next
        if at >= len(self._draft):
            return at
        if self._draft[at] == token:
            return at + 1
        found = self._nearest(token)
        if found is not None:
            return found + 1
        return self._after_unknown(token, at)

    def _nearest(self, token: int) -> int | None:
        """The place of ``token`` in the draft near by, best where the token before it is the one that came before."""
        places = [
            place
            for place in range(self._settled, min(len(self._draft), self._next + _REACH))
            if self._draft[place] == token
        ]
        if not places:
            return None
        follows = [place for place in places if place and self._draft[place - 1] == self._last]
        return min(follows or places, key=lambda place: abs(place - self._next))

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
