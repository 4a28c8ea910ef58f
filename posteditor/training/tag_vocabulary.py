"""Which edit tags a model knows: mined from the pairs it is trained on."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from posteditor.rewriters.edit_tags import DELETE, KEEP, TagKind, parse_tag

MASKED = -100
"""The class of a slot whose true edit no known tag expresses; nothing is learned from it."""
_ALWAYS = (KEEP, DELETE, "CASE:capital", "CASE:lower", "CASE:upper")
_SEVERAL_WORDS = 5
"""A tag of several words must be so many times as frequent: a tag of its first word alone does half the work."""
_SPELLING = re.compile(r"SUFFIX:s(e|es|ed|er|ers|ing|ation|ations):z\1|SUFFIX:u?(re?)(s|d|ed|ing|ite|able)?:(r|er)\3?")
"""British to American endings: neither is a fault."""


@dataclass(frozen=True)
class TagVocabulary:
    """Labels in the order of their class numbers; class 0 is keep."""

    labels: tuple[str, ...]
    _classes: dict[str, int] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        self._classes.update((label, number) for number, label in enumerate(self.labels))

    def classes(self, labels: Sequence[str]) -> list[int]:
        """The class of each label; ``MASKED`` where the model knows neither it nor the tag for its first word."""
        for label in labels:
            if label not in self._classes:
                self._classes[label] = self._first_word(label)
        return [self._classes[label] for label in labels]

    def _first_word(self, label: str) -> int:
        """The class of the tag for the first of several words; another round then finds the others."""
        tag = parse_tag(label)
        if tag.kind in (TagKind.REPLACE, TagKind.APPEND) and " " in tag.value:
            return self._classes.get(f"{tag.kind}:{tag.value.split(' ')[0]}", MASKED)
        return MASKED


def mine_vocabulary(label_lists: Iterable[Sequence[str]], *, size: int, least: int) -> TagVocabulary:
    """The ``size`` most frequent labels that occur at least ``least`` times, ties in alphabetical order."""
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
    return TagVocabulary((*_ALWAYS, *wanted[: size - len(_ALWAYS)]))
