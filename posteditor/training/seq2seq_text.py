"""From uncased word pieces back to text: spaces and capitals come from the words of the mt that the pieces repeat."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from posteditor.core.words import Word
from posteditor.rewriters.tag_categories import CLOSED_CLASS_WORDS
from posteditor.rewriters.tag_encoder import EncodedWords, letter_case
from posteditor.rewriters.tag_words import capitalised, space_between, starts_sentence, tag_words, uncapitalised

_PART = "##"
_APOSTROPHES = frozenset("'’")
_AFTER_APOSTROPHE = frozenset(("s", "t", "d", "m", "ll", "re", "ve"))
_HYPHEN = "-"
_STEM = 4
_NEW = -1


@dataclass(frozen=True, slots=True)
class _Token:
    """A word of the output; ``origin`` is its number among the words of the mt, -1 for a new one."""

    text: str
    origin: int


def spelt_out(mt: str, encoded: EncodedWords, output: Sequence[int], names: Sequence[str]) -> str:
    """The text that ``output`` stands for.

    A word of the mt keeps its letters, accents and capitals, neighbours in the mt keep the space between them. A text
    with words that have no pieces, such as a lone control character, comes back as it was.

    Args:
        mt: What was rewritten.
        encoded: The pieces of its words.
        output: The rewritten pieces, without the first and the last of the network.
        names: The vocabulary.
    """
    words = tag_words(mt)
    if list(output) == encoded.ids[1:-1] or not words or _NEW in encoded.slots:
        return mt
    bounds = [*encoded.slots[1:], len(encoded.ids) - 1]
    pieces = [encoded.ids[start:end] for start, end in pairwise(bounds)]
    tokens = _tokens(words, pieces, list(output), names)
    tokens = [_cased(tokens, place, words) for place in range(len(tokens))]
    inner = "".join(_gap(tokens, place, words, mt) + token.text for place, token in enumerate(tokens))
    return mt[: words[0].start] + inner + mt[words[-1].end :]


def _tokens(
    words: Sequence[Word], pieces: Sequence[Sequence[int]], output: list[int], names: Sequence[str]
) -> list[_Token]:
    tokens: list[_Token] = []
    at, expected = 0, 0
    while at < len(output):
        fitting = [number for number, each in enumerate(pieces) if _stands_at(output, at, each, names)]
        if fitting:
            # The longest word, so that "don't" is one; of several alike, the one nearest to where copying goes on.
            origin = min(fitting, key=lambda number: (-len(pieces[number]), abs(number - expected)))
            tokens.append(_Token(words[origin].text, origin))
            at, expected = at + len(pieces[origin]), origin + 1
            continue
        end = at + 1
        while end < len(output) and names[output[end]].startswith(_PART):
            end += 1
        tokens.append(_Token("".join(names[piece].removeprefix(_PART) for piece in output[at:end]), _NEW))
        at = end
    return tokens


def _stands_at(output: list[int], at: int, word: Sequence[int], names: Sequence[str]) -> bool:
    """True when all pieces of ``word`` stand at ``at`` and the next piece does not go on with it."""
    end = at + len(word)
    return output[at:end] == word and not (end < len(output) and names[output[end]].startswith(_PART))


def _cased(tokens: Sequence[_Token], place: int, words: list[Word]) -> _Token:
    token = tokens[place]
    starts = starts_sentence([Word(0, 0, each.text) for each in tokens[: place + 1]], place)
    started = token.origin >= 0 and starts_sentence(words, token.origin)
    text = token.text
    if token.origin < 0 and (text == "i" or _is_like_a_name(text, words)):
        text = capitalised(text)
    if starts and not started and letter_case(words[0].text):
        text = capitalised(text)
    elif started and not starts and text.lower() in CLOSED_CLASS_WORDS:  # another word may be a name
        text = uncapitalised(text)
    return replace(token, text=text)


def _is_like_a_name(text: str, words: list[Word]) -> bool:
    """True when it begins like a word of the mt with a capital inside a sentence: "Israeli" for "Israel"."""
    stem = text[:_STEM]
    return len(stem) == _STEM and any(
        letter_case(word.text) == 1 and word.text.lower().startswith(stem) and not starts_sentence(words, number)
        for number, word in enumerate(words)
    )


def _gap(tokens: Sequence[_Token], place: int, words: Sequence[Word], mt: str) -> str:
    """The white space before the token at ``place``."""
    if place == 0:
        return ""
    left, right = tokens[place - 1], tokens[place]
    before = mt[words[right.origin - 1].end : words[right.origin].start] if right.origin > 0 else None
    if before is not None and right.origin == left.origin + 1:
        return before
    if _is_glued(tokens, place):
        return ""
    goes_on = 0 <= left.origin < len(words) - 1
    after = mt[words[left.origin].end : words[left.origin + 1].start] if goes_on else None
    return space_between(left.text, right.text, after=after, before=before)


def _is_glued(tokens: Sequence[_Token], place: int) -> bool:
    """True around a new hyphen or apostrophe inside a word; with capitals and spaces gone, a mark alone can't tell."""
    left, right = tokens[place - 1], tokens[place]
    following = tokens[place + 1].text if place + 1 < len(tokens) else ""
    if _HYPHEN in (left.text, right.text):
        return (left if left.text == _HYPHEN else right).origin < 0
    if right.origin < 0 and right.text in _APOSTROPHES:
        return following in _AFTER_APOSTROPHE or left.text.endswith("s")
    return left.origin < 0 and left.text in _APOSTROPHES and right.text in _AFTER_APOSTROPHE
