"""From words to what the tagger's network reads: word pieces, the case of each, and where each word begins.

The word pieces are uncased. So that the network knows a name from a common word all the same, each piece carries the
letter case of its word as its token type.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from posteditor.errors import ModelError

CASES = 3
"""Token types: 0 small letters and marks, 1 a capital first letter, 2 capitals or mixed."""
_HINT = "The tagger takes the tokenizer.json of a BERT model; copy the model folder again."


@dataclass(frozen=True, slots=True)
class EncodedWords:
    """One text as the network reads it; the three lists of pieces have one length."""

    ids: list[int]
    """Word pieces, [CLS] first and [SEP] last."""
    cases: list[int]
    slots: list[int]
    """For each tag slot the place of its first piece; slot 0 is [CLS]; -1 for a word without pieces."""
    has_source: bool = False
    """Whether it is known what the text was made from. The network does not read it, the verifier does."""


def letter_case(word: str) -> int:
    """The token type of ``word``."""
    if word.islower() or not any(character.isupper() for character in word):
        return 0
    return 1 if word[0].isupper() and (len(word) == 1 or not any(character.isupper() for character in word[1:])) else 2


class WordEncoder:
    """Cuts words into the word pieces of a ``tokenizer.json``."""

    def __init__(self, path: Path) -> None:
        """Read ``path``.

        Raises:
            ModelError: It is missing or of another kind.
        """
        try:
            stored = json.loads(path.read_text(encoding="utf-8"))
            self._tokenizer = _tokenizer(stored["model"]["vocab"], stored.get("normalizer") or {})
            self.whole_words = frozenset(word for word in stored["model"]["vocab"] if word.isalpha())
            """Words that are one piece: ordinary words and well-known names, in small letters."""
            self._numbers: dict[str, int] = stored["model"]["vocab"]
            self._ends = (int(stored["model"]["vocab"]["[CLS]"]), int(stored["model"]["vocab"]["[SEP]"]))
        except OSError as error:
            raise ModelError(f"{path}: can't be read: {error.strerror}", hint=_HINT) from error
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise ModelError(f"{path}: is not a tokenizer of the BERT family: {error}", hint=_HINT) from error

    def encode(self, texts: Sequence[Sequence[str]]) -> list[EncodedWords]:
        """Each text, given as its words, as pieces; of any length."""
        encodings = self._tokenizer.encode_batch(
            [list(words) for words in texts], is_pretokenized=True, add_special_tokens=False
        )
        return [self._framed(words, each) for words, each in zip(texts, encodings, strict=True)]

    def piece_numbers(self, words: Sequence[str]) -> list[int]:
        """The number of the one piece that each of these whole words is."""
        return [self._numbers[word] for word in words]

    def _framed(self, words: Sequence[str], encoding: Any) -> EncodedWords:
        word_cases = [letter_case(word) for word in words]
        slots = [0] + [-1] * len(words)
        cases = [0]
        for place, index in enumerate(encoding.word_ids, start=1):
            if slots[index + 1] < 0:
                slots[index + 1] = place
            cases.append(word_cases[index])
        return EncodedWords([self._ends[0], *encoding.ids, self._ends[1]], [*cases, 0], slots)


def _tokenizer(vocabulary: dict[str, int], normalizer: dict[str, Any]) -> Any:
    """A word piece tokenizer that adds nothing of its own: words are cut already, the two ends are put on here."""
    # Imported here: the package is compiled code that only a loaded model needs.
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]", max_input_chars_per_word=100))
    tokenizer.normalizer = normalizers.BertNormalizer(
        lowercase=bool(normalizer.get("lowercase", True)), strip_accents=normalizer.get("strip_accents")
    )
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    return tokenizer
