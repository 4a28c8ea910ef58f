"""Which edit tags a model knows: mined from the pairs it is trained on."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from posteditor.core.words import Word
from posteditor.rewriters.edit_tags import DELETE, KEEP, TagKind, parse_tag
from posteditor.rewriters.tag_words import in_case_of, starts_sentence

OTHER = -1
"""The class of a slot whose true edit no known tag expresses: learned from is only that there is a fault."""
_ALWAYS = (KEEP, DELETE, "CASE:capital", "CASE:lower", "CASE:upper")
_SEVERAL_WORDS = 5
"""A tag of several words must be so many times as frequent: a tag of its first word alone does half the work."""
_SPELLING = re.compile(r"SUFFIX:s(e|es|ed|er|ers|ing|ation|ations):z\1|SUFFIX:u?(re?)(s|d|ed|ing|ite|able)?:(r|er)\3?")
"""British to American endings: neither is a fault."""


@dataclass(frozen=True)
class TagVocabulary:
    """Labels in the order of their class numbers; class 0 is keep, classes of words come last."""

    labels: tuple[str, ...]
    _classes: dict[str, int] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        self._classes.update((label, number) for number, label in enumerate(self.labels))

    @property
    def words(self) -> list[str]:
        """The words of the last classes, in their order."""
        prefix = f"{TagKind.WORD}:"
        return [label.removeprefix(prefix) for label in self.labels if label.startswith(prefix)]

    def classes(self, labels: Sequence[str], words: Sequence[Word] = ()) -> list[int]:
        """The class of each label; ``OTHER`` where no known tag does what it says, nor the first part of it.

        Args:
            labels: One for each slot.
            words: Those of the text, one fewer than labels: with them one word can be put for another in the letter
                case of the old one. None where there are no classes of words.
        """
        known = self._classes
        return [
            known[label] if label in known else self._stand_in(label, words, slot - 1)
            for slot, label in enumerate(labels)
        ]

    def _stand_in(self, label: str, words: Sequence[Word], index: int) -> int:
        """The class of another tag that does the same, or the same for the first of several words.

        Another round then finds the others.
        """
        tag = parse_tag(label)
        if tag.kind not in (TagKind.REPLACE, TagKind.APPEND):
            return OTHER
        first = tag.value.split(" ")[0]
        if first != tag.value and (number := self._classes.get(f"{tag.kind}:{first}")) is not None:
            return number
        if tag.kind is TagKind.APPEND or not 0 <= index < len(words):
            return OTHER
        number = self._classes.get(f"{TagKind.WORD}:{first.lower()}", OTHER)
        old = words[index].text
        fits = in_case_of(old, first.lower()) == first or (first.islower() and starts_sentence(list(words), index))
        return number if fits else OTHER


def mine_vocabulary(
    label_lists: Iterable[Sequence[str]], *, size: int, least: int, words: Iterable[str] = ()
) -> TagVocabulary:
    """The ``size`` most frequent labels that occur at least ``least`` times, ties in alphabetical order.

    Args:
        label_lists: The labels of many texts.
        size: So many at most, words left out of account.
        least: The fewest times; more for a tag of several words.
        words: These may take the place of any word.
    """
    counts: Counter[str] = Counter()
    for labels in label_lists:
        counts.update(label for label in labels if label != KEEP)
    wanted = [
        label
        for label, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        if label not in _ALWAYS
        and not _SPELLING.fullmatch(label)
        and count >= (_SEVERAL_WORDS * least if " " in label else least)
    ]
    return TagVocabulary(
        (*_ALWAYS, *wanted[: size - len(_ALWAYS)], *(f"{TagKind.WORD}:{word}" for word in sorted(words)))
    )
