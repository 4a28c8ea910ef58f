"""Several rewriters as one: SPEC ``A+B+C``. What they propose is merged hunk by hunk (``ensemble_merging``).

Each member's suggestion passes the gate before it is merged, so that no hunk is beaten by one that can't stand, and one
member's chatter or truncation does not take the others along. The merged one passes it again like any other.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256

from posteditor.core.segment import Segment
from posteditor.core.suggestion import Edit, RefusedEdit, Suggestion, suggestion_from_edits
from posteditor.errors import ModelError
from posteditor.rewriters.ensemble_merging import merge
from posteditor.rewriters.gate import Gate
from posteditor.rewriters.protocol import Learner, MemoryPair, Rewriter
from posteditor.rewriters.running import suggest
from posteditor.rewriters.specs import RewriterRequest, load_rewriter, members_of


class Ensemble:
    """Asks all members for each segment; one that fails on it is passed over, unless all do."""

    def __init__(self, name: str, members: Sequence[Rewriter], gate: Gate) -> None:
        """Join rewriters, which are the ensemble's from now on.

        Raises:
            ModelError: There is no language that all of them rewrite.
        """
        self.name = name
        self.members = tuple(members)
        self._gate = gate
        self.target_languages = common_languages([member.target_languages for member in members])
        self.revision = ""
        self._update_revision()

    def rewrite(
        self, segments: Sequence[Segment], *, should_stop: Callable[[], bool] = lambda: False
    ) -> Iterator[Suggestion]:
        """One suggestion per segment, in order, as soon as all members have answered."""
        answers = [suggest(member, segments, self._gate, should_stop=should_stop) for member in self.members]
        for segment in segments:
            suggestions = [next(answer, None) for answer in answers]
            if None in suggestions:
                return  # told to stop: else there is one of each
            yield self._merged(segment, [suggestion for suggestion in suggestions if suggestion is not None])

    def close(self) -> None:
        """Close all members."""
        for member in self.members:
            member.close()

    def _merged(self, segment: Segment, suggestions: Sequence[Suggestion]) -> Suggestion:
        seconds = sum(suggestion.seconds for suggestion in suggestions)
        if all(suggestion.error for suggestion in suggestions):
            error = "; ".join(f"{suggestion.rewriter}: {suggestion.error}" for suggestion in suggestions)
            return Suggestion(segment.mt, (), self.name, seconds=seconds, error=error)
        names = [member.name for member in self.members]
        edits = merge(segment.mt, [suggestion.edits for suggestion in suggestions], names)
        refused = _refused_by_all(suggestions, names, edits)
        return suggestion_from_edits(segment.mt, edits, self.name, seconds=seconds, refused=refused)

    def _update_revision(self) -> None:
        parts = repr([(member.name, member.revision) for member in self.members])
        self.revision = sha256(parts.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _refused_by_all(
    suggestions: Sequence[Suggestion], names: Sequence[str], made: Sequence[Edit]
) -> tuple[RefusedEdit, ...]:
    """What the gate withdrew from members' suggestions, but for hunks that passed in another's."""
    passed = {(edit.start, edit.end, edit.replacement) for edit in made}
    found: dict[tuple[int, int, str, str], RefusedEdit] = {}
    for suggestion, name in zip(suggestions, names, strict=True):
        for item in suggestion.refused:
            edit = item.edit
            if (edit.start, edit.end, edit.replacement) in passed:
                continue
            known = found.setdefault((edit.start, edit.end, edit.replacement, item.reason), item)
            edit = replace(known.edit, sources=(*known.edit.sources, name))
            found[(edit.start, edit.end, edit.replacement, item.reason)] = replace(known, edit=edit)
    return tuple(sorted(found.values(), key=lambda item: (item.edit.start, item.edit.end)))


class LearningEnsemble(Ensemble):
    """An ensemble with at least one member that learns from confirmed segments."""

    def learn(self, pairs: Iterable[MemoryPair]) -> None:
        """Let all members learn that do."""
        known = list(pairs)
        for member in self.members:
            if isinstance(member, Learner):
                member.learn(known)
        self._update_revision()


def common_languages(declared: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The BCP 47 tags that all agree on, "en-GB" being one of "en"; empty when all take any.

    Args:
        declared: Of each rewriter; empty when it takes any.

    Raises:
        ModelError: They have none in common.
    """
    common: list[str] | None = None
    for tags in filter(None, declared):
        common = list(tags) if common is None else _shared(common, tags)
    if common is not None and not common:
        raise ModelError(
            "the rewriters of the ensemble have no language in common: "
            + "; ".join(", ".join(tags) or "any" for tags in declared),
            hint="Join rewriters of one language with +.",
        )
    return tuple(common or ())


def _shared(tags: Iterable[str], others: Iterable[str]) -> list[str]:
    """The narrower of each two that are the same but for a region."""
    found = [
        max(tag, other, key=len)
        for tag in tags
        for other in others
        if f"{tag}-".lower().startswith(f"{other}-".lower()) or f"{other}-".lower().startswith(f"{tag}-".lower())
    ]
    return list(dict.fromkeys(found))


def load(request: RewriterRequest) -> Ensemble:
    """The ensemble of the SPECs that ``request.spec`` joins with +, each loaded with the request's settings.

    Raises:
        ModelError: One of them can't be loaded, is named twice, or has no language in common with the others.
        CorpusError: A file that one of them reads is bad.
    """
    specs = members_of(request.spec)
    if len(set(specs)) < len(specs):
        raise ModelError(
            f"the ensemble {request.spec!r} names a rewriter twice", hint="Agreeing with oneself says nothing."
        )
    members: list[Rewriter] = []
    try:
        members.extend(_load_member(spec, request) for spec in specs)
        kind = LearningEnsemble if any(isinstance(member, Learner) for member in members) else Ensemble
        return kind(request.spec, members, Gate(off=request.gate_off))
    except BaseException:
        for member in members:
            with suppress(ModelError):
                member.close()
        raise


def _load_member(spec: str, request: RewriterRequest) -> Rewriter:
    return load_rewriter(
        spec,
        threads=request.threads,
        threshold=request.threshold,
        source_lang=request.source_lang,
        target_lang=request.target_lang,
        glossary=request.glossary,
        gate_off=request.gate_off,
    )
