"""Merging the hunks that several rewriters propose for one mt."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import prod

from posteditor.core.suggestion import Edit
from posteditor.core.words import split_words
from posteditor.rewriters.hunk_choice import clash, linked

_INDEPENDENCE = 0.5
"""0: what members agree on is as sure as the surest of them; 1: they err independently of each other."""


@dataclass(frozen=True, slots=True)
class _Proposal:
    edit: Edit
    member: int
    index: int
    """Of the edit among those of its member."""


@dataclass(frozen=True, slots=True)
class _Hunk:
    """One change, and who proposes it, surest first."""

    proposals: tuple[_Proposal, ...]
    confidence: float

    @property
    def first(self) -> _Proposal:
        """The surest proposal, whose words and place are taken."""
        return self.proposals[0]


def merge(mt: str, proposed: Sequence[Sequence[Edit]], names: Sequence[str]) -> tuple[Edit, ...]:
    """The hunks that go together best, sorted; ``sources`` names those who proposed each.

    * Hunks that have the same effect on the mt are one. Its confidence lies half way between that of its surest
      proposer, as if all knew the same, and the noisy-or of all (1 minus the product of their doubts; Pearl,
      Probabilistic Reasoning in Intelligent Systems, 1988), as if each had looked with eyes of its own.
    * Of hunks that can't both be made the surer is; of equals, that of the earlier rewriter. Rivals can't all be
      right: where their confidences add up to more than 1, the winner's is divided by the sum.
    * Hunks of one rewriter that only make sense together, such as the ends of a move, are all made or none.

    Args:
        mt: The text.
        proposed: Each rewriter's hunks, sorted and not overlapping.
        names: The rewriters' names, in the order of precedence.
    """
    hunks = _united(mt, proposed)
    groups = [linked(mt, edits) for edits in proposed]
    chosen = _chosen(mt, hunks)
    while broken := [hunk for hunk in chosen if not _is_whole(hunk, chosen, groups)]:
        hunks = [hunk for hunk in hunks if hunk not in broken]
        chosen = _chosen(mt, hunks)
    chosen.sort(key=lambda hunk: (hunk.first.edit.start, hunk.first.edit.end, hunk.first.member, hunk.first.index))
    return tuple(_edit(mt, hunk, hunks, names) for hunk in chosen)


def combined(confidences: Sequence[float]) -> float:
    """The confidence, 0-1, of what several rewriters propose with these confidences; one alone keeps its own."""
    if len(confidences) == 1:
        return confidences[0]
    surest = max(confidences)
    noisy_or = 1 - prod(1 - confidence for confidence in confidences)
    return surest + _INDEPENDENCE * (noisy_or - surest)


def _united(mt: str, proposed: Sequence[Sequence[Edit]]) -> list[_Hunk]:
    by_effect: dict[tuple[int, int, str, int], list[_Proposal]] = {}
    for member, edits in enumerate(proposed):
        for index, edit in enumerate(edits):
            start, end, replacement = _effect(mt, edit)
            if start == end and not replacement:
                continue  # changes nothing
            count = 0  # a second hunk with the same effect, such as one more of the same word, is another hunk
            while any(known.member == member for known in by_effect.get((start, end, replacement, count), ())):
                count += 1
            by_effect.setdefault((start, end, replacement, count), []).append(_Proposal(edit, member, index))
    hunks = []
    for proposals in by_effect.values():
        proposals.sort(key=lambda proposal: (-proposal.edit.confidence, proposal.member))
        hunks.append(_Hunk(tuple(proposals), combined([proposal.edit.confidence for proposal in proposals])))
    hunks.sort(key=lambda hunk: (-hunk.confidence, hunk.first.member, hunk.first.index))
    return hunks


def _effect(mt: str, edit: Edit) -> tuple[int, int, str]:
    """The same for all hunks that make the same text: without what stays, and as far left as it can be said."""
    start, end, new = edit.start, edit.end, edit.replacement
    while start < end and new and mt[end - 1] == new[-1]:
        end, new = end - 1, new[:-1]
    while start < end and new and mt[start] == new[0]:
        start, new = start + 1, new[1:]
    while start == end and new and start and mt[start - 1] == new[-1]:
        start, end, new = start - 1, end - 1, new[-1] + new[:-1]
    while start < end and not new and start and mt[start - 1] == mt[end - 1]:
        start, end = start - 1, end - 1
    return start, end, new


def _chosen(mt: str, ranked: Iterable[_Hunk]) -> list[_Hunk]:
    chosen: list[_Hunk] = []
    for hunk in ranked:
        if not any(_compete(mt, hunk, other) for other in chosen):
            chosen.append(hunk)
    return chosen


def _compete(mt: str, one: _Hunk, other: _Hunk) -> bool:
    """True for hunks of different rewriters that change the same words, or would say something twice."""
    if one.first.member == other.first.member:
        return False
    first, second = sorted((one.first.edit, other.first.edit), key=lambda edit: (edit.start, edit.end))
    if clash(first, second):
        return True
    if mt[first.end : second.start].strip():
        return False
    # They touch, or only white space is between them.
    if first.start == first.end and second.start == second.end:
        return True
    return bool(_added(mt, first) & _added(mt, second))


def _added(mt: str, edit: Edit) -> set[str]:
    return _words(edit.replacement) - _words(mt[edit.start : edit.end])


def _words(text: str) -> set[str]:
    return {word.text.casefold() for word in split_words(text) if not word.is_space}


def _is_whole(hunk: _Hunk, chosen: Sequence[_Hunk], groups: Sequence[Sequence[frozenset[int]]]) -> bool:
    """At least one proposer of the hunk has all that it links with it among the chosen."""
    made = {(proposal.member, proposal.index) for other in chosen for proposal in other.proposals}
    return any(
        all((proposal.member, index) in made for index in group)
        for proposal in hunk.proposals
        for group in groups[proposal.member]
        if proposal.index in group
    )


def _edit(mt: str, hunk: _Hunk, hunks: Iterable[_Hunk], names: Sequence[str]) -> Edit:
    rivals = sum(other.confidence for other in hunks if other is not hunk and _compete(mt, hunk, other))
    return replace(
        hunk.first.edit,
        confidence=round(hunk.confidence / max(1.0, hunk.confidence + rivals), 4) if rivals else hunk.confidence,
        sources=tuple(names[proposal.member] for proposal in hunk.proposals),
    )
