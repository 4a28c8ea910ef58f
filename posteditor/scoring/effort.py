"""How much a person changed: edit rates between the mt and the target."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from posteditor.core.words import split_words
from posteditor.scoring.ter import edits_to, never_stop


@dataclass(frozen=True, slots=True)
class EditRate:
    """Edits and the length that they are measured against; rates of several segments are added up, not averaged."""

    edits: int
    length: int
    """Of the target, in the unit that was counted."""

    @property
    def value(self) -> float:
        """Edits per 100 units of the target; for an empty target 100 when there were edits, else 0."""
        if not self.length:
            return 100.0 if self.edits else 0.0
        return 100 * self.edits / self.length


def add_up(rates: Iterable[EditRate]) -> EditRate:
    """The rate of a corpus from those of its segments."""
    edits = length = 0
    for rate in rates:
        edits += rate.edits
        length += rate.length
    return EditRate(edits, length)


def word_edit_rate(mt: str, target: str) -> EditRate:
    """Words and marks inserted, deleted or replaced; those of unspaced scripts count character by character."""
    old, new = _words(mt), _words(target)
    return EditRate(Levenshtein.distance(old, new), len(new))


def character_edit_rate(mt: str, target: str) -> EditRate:
    """Code points inserted, deleted or replaced."""
    return EditRate(Levenshtein.distance(mt, target), len(target))


def hter(mt: str, target: str, should_stop: Callable[[], bool] = never_stop) -> EditRate:
    """TER of the mt against its own post-edit, case-insensitive as sacrebleu's; the numbers add up to the corpus's.

    Raises:
        Cancelled: ``should_stop`` returned True.

    Source: Snover et al. (2006), A Study of Translation Edit Rate with Targeted Human Annotation (AMTA), section 4.
    """
    wanted = target.lower().split()
    return EditRate(edits_to(mt.lower().split(), wanted, should_stop), len(wanted))


def _words(text: str) -> list[str]:
    return [word.text for word in split_words(text) if not word.is_space]
