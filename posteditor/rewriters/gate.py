"""The gate that every suggestion passes: it withdraws the hunks that break a rule and lets the others stay.

Hunks that belong together (one takes a number away, another puts it back elsewhere) are judged together and withdrawn
together, with the same reason. After a withdrawal the rest is judged again: what comes out breaks no rule as a whole.
A reason is the rule's name, a colon and what is wrong: "number: 5 lost".
"""

from collections.abc import Collection, Iterable
from dataclasses import replace

from posteditor.core.segment import Segment
from posteditor.core.suggestion import RefusedEdit, Suggestion, apply_edits
from posteditor.rewriters.gate_bounds import Bounds
from posteditor.rewriters.gate_change import Change, Reading
from posteditor.rewriters.gate_marks import Controls, Enclosures, Placeholders
from posteditor.rewriters.gate_names import Names
from posteditor.rewriters.gate_negation import Negation
from posteditor.rewriters.gate_numbers import Numbers
from posteditor.rewriters.gate_words import Moves

_RULES = (Controls(), Placeholders(), Numbers(), Negation(), Names(), Enclosures(), Bounds(), Moves())
"""In the order in which reasons are looked for."""
RULE_NAMES = tuple(rule.name for rule in _RULES[:-1])
"""The rules that a reason can name."""


class Gate:
    """Judges suggestions; holds no state, takes well under a millisecond for a sentence."""

    def judge(self, segment: Segment, suggestion: Suggestion) -> Suggestion:
        """The suggestion without the hunks that break a rule; they are in its ``refused``.

        Raises:
            ValueError: The suggestion's edits overlap, are out of order or reach outside the mt.
        """
        kept = [edit for edit in suggestion.edits if edit.replacement != segment.mt[edit.start : edit.end]]
        refused = []
        while kept:
            reasons = _judge(Change(segment.mt, kept, segment.source))
            if not reasons:
                break
            refused += [RefusedEdit(kept[index], reason) for index, reason in reasons.items()]
            kept = [edit for index, edit in enumerate(kept) if index not in reasons]
        text = apply_edits(segment.mt, kept)
        if not refused:
            return suggestion if suggestion.text == text else replace(suggestion, text=text)
        return replace(
            suggestion,
            text=text,
            edits=tuple(kept),
            confidence=min((edit.confidence for edit in kept), default=1.0),
            refused=tuple(sorted((*suggestion.refused, *refused), key=lambda item: (item.edit.start, item.edit.end))),
        )


def rule_of(reason: str) -> str:
    """The name of the rule in a reason that the gate gave."""
    return reason.partition(":")[0]


def _judge(change: Change) -> dict[int, str]:
    """The reason for each hunk that has to go, by its index."""
    readings = [(rule.name, rule.read(change)) for rule in _RULES]
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
