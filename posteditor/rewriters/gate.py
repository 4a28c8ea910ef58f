"""The gate that every suggestion passes: it withdraws the hunks that break a rule and lets the others stay.

Hunks that belong together (one takes a number away, another puts it back elsewhere) are judged together and withdrawn
together, with the same reason. After a withdrawal the rest is judged again: what comes out breaks no rule as a whole.
A reason is the rule's name, a colon and what is wrong: "number: 5 lost".
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from difflib import get_close_matches

from posteditor.core.segment import Segment
from posteditor.core.suggestion import RefusedEdit, Suggestion, apply_edits
from posteditor.errors import UsageError
from posteditor.rewriters.gate_answer_language import Language
from posteditor.rewriters.gate_bounds import Bounds, Repetition, Truncation
from posteditor.rewriters.gate_change import Change, Reading, Rule
from posteditor.rewriters.gate_chatter import Chatter, CopiedPrompt
from posteditor.rewriters.gate_marks import Controls, Enclosures, Placeholders
from posteditor.rewriters.gate_names import Names
from posteditor.rewriters.gate_negation import Negation
from posteditor.rewriters.gate_numbers import Numbers
from posteditor.rewriters.gate_words import Moves

_RULES: tuple[Rule, ...] = (
    CopiedPrompt(), Chatter(), Language(), Repetition(), Truncation(), Bounds(),
    Controls(), Placeholders(), Numbers(), Negation(), Names(), Enclosures(),
)  # fmt: skip
"""In the order in which reasons are looked for: first what is wrong with the suggestion as a whole."""
_MOVES = Moves()
RULE_NAMES = tuple(rule.name for rule in _RULES)
"""The rules that a reason can name and that can be switched off."""


class Gate:
    """Judges suggestions; keeps nothing of one for the next, takes well under a millisecond for a sentence."""

    def __init__(self, *, off: Collection[str] = ()) -> None:
        """Make a gate without the rules named in ``off``.

        Raises:
            UsageError: There is no such rule.
        """
        self.off = known_rules(off)
        """The rules that are switched off."""
        self._rules = (*(rule for rule in _RULES if rule.name not in self.off), _MOVES)

    def judge(self, segment: Segment, suggestion: Suggestion) -> Suggestion:
        """The suggestion without the hunks that break a rule; they are in its ``refused``.

        Raises:
            ValueError: The suggestion's edits overlap, are out of order or reach outside the mt.
        """
        mt, edits = segment.mt, suggestion.edits
        kept = [index for index, edit in enumerate(edits) if edit.replacement != mt[edit.start : edit.end]]
        refused: dict[int, str] = {}
        while kept and (reasons := _judge(Change(segment, [edits[index] for index in kept]), self._rules)):
            refused.update((kept[place], reason) for place, reason in reasons.items())
            kept = [index for index in kept if index not in refused]
        let_through = tuple(edit for index, edit in enumerate(edits) if index not in refused)
        text = apply_edits(mt, let_through)
        if not refused:
            return suggestion if suggestion.text == text else replace(suggestion, text=text)
        withdrawn = (RefusedEdit(edits[index], reason) for index, reason in refused.items())
        return replace(
            suggestion,
            text=text,
            edits=let_through,
            confidence=min((edit.confidence for edit in let_through), default=1.0),
            refused=tuple(sorted((*suggestion.refused, *withdrawn), key=lambda item: (item.edit.start, item.edit.end))),
        )


def known_rules(names: Iterable[str]) -> frozenset[str]:
    """The rules of these names, in which a hyphen may stand for a space.

    Raises:
        UsageError: There is no rule of that name.
    """
    rules = frozenset(name.strip().lower().replace("-", " ").replace("_", " ") for name in names)
    for rule in sorted(rules.difference(RULE_NAMES)):
        nearest = get_close_matches(rule, RULE_NAMES, n=1)
        hint = f"Did you mean {nearest[0]!r}?" if nearest else f"The rules are {', '.join(RULE_NAMES)}."
        raise UsageError(f"the gate has no rule {rule!r}", hint=hint)
    return rules


def rule_of(reason: str) -> str:
    """The name of the rule in a reason that the gate gave."""
    return reason.partition(":")[0]


def _judge(change: Change, rules: Sequence[Rule]) -> dict[int, str]:
    """The reason for each hunk that has to go, by its index."""
    readings = [(rule.name, reading) for rule in rules if (reading := rule.read(change)) is not None]
    if not readings:
        return {}
    groups = _groups(len(change.edits), (link for _, reading in readings for link in reading.links()))
    reasons = {}
    for group in groups:
        reason = _first_fault(readings, group)
        if reason:
            reasons.update(dict.fromkeys(group, reason))
    if not reasons and len(groups) > 1:  # faults that show in no group, such as "not" here and the antonym there
        everything = set(range(len(change.edits)))
        reason = _first_fault(readings, everything)
        reasons = dict.fromkeys(everything, reason) if reason else {}
    return dict(sorted(reasons.items()))


def _first_fault(readings: Iterable[tuple[str, Reading]], group: set[int]) -> str:
    for name, reading in readings:
        fault = reading.fault(group)
        if fault:
            return f"{name}: {_printable(fault)}"
    return ""


def _printable(fault: str) -> str:
    return "".join(character if character.isprintable() else " " for character in fault)


def _groups(count: int, links: Iterable[Collection[int]]) -> list[set[int]]:
    """The indices below ``count``, in groups such that no link leads out of its group."""
    leader = list(range(count))

    def find(index: int) -> int:
        while leader[index] != index:
            leader[index] = leader[leader[index]]
            index = leader[index]
        return index

    for link in links:
        first, *others = link
        for other in others:
            leader[find(other)] = find(first)
    groups: dict[int, set[int]] = {}
    for index in range(count):
        groups.setdefault(find(index), set()).add(index)
    return list(groups.values())
