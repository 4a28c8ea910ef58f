"""The memory of confirmed edits as a rewriter: SPEC ``memory`` or ``memory:FILE[,FILE...]``.

Three kinds of knowledge, of which the first that there is for a segment counts:

1. *Exact*: a person has confirmed a target for this mt. The one confirmed most often is suggested (of equals the
   newest), with the confidence 0.95 times the share of the confirmations that agree. Where both have a source, it has
   to be the same.
2. *Same source*: a person has confirmed a target for another mt of this source that is not too unlike. The same, with
   0.9 in place of 0.95.
3. *Fuzzy, repaired*: the corrections made in similar mts are made here too, wherever their words stand in the same
   context (``memory_repair``). A correction that people made m times in its context and did not make n times has the
   confidence (m + 2q) / (m + n + 2); q = 0.6 s² is what is expected of a pair of similarity s before the record is
   looked at. With 29,000 post-edits of MLQE-PE and the Kyoto revisions, learned one by one, 73 % of the 199 corrections
   that were at least 0.5 sure brought the mt closer to what its editor made of it.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from rapidfuzz.distance import Indel

from posteditor.core.diff import word_diff
from posteditor.core.segment import Segment
from posteditor.core.suggestion import Edit, Suggestion, suggestion_from_edits
from posteditor.rewriters.hunk_choice import clash
from posteditor.rewriters.memory_file import files_in, read_pairs
from posteditor.rewriters.memory_index import Found, PairIndex
from posteditor.rewriters.memory_likeness import LIKE_ENOUGH
from posteditor.rewriters.memory_repair import Correction, Text, corrections, evidence
from posteditor.rewriters.protocol import MemoryPair
from posteditor.rewriters.specs import RewriterRequest, Threshold

_LEAST = {"show": 0.5, "apply": 0.8}
"""0-1: hunks at least so certain are shown, or made in batches."""
_EXACT = 0.95
_SAME_SOURCE = 0.9
_NEIGHBOURS = 8
_PRIOR_PLACES = 2.0
_PRIOR_SHARE = 0.6
_PLACES_COUNTED = 200
_LONGEST = 10_000
"""Characters; longer texts are no segments, and their diffs would take seconds."""

Unit = tuple[Edit, ...]
"""Hunks that are made together or not at all."""


class MemoryRewriter:
    """Suggests what was confirmed before; knows nothing until it has learned something."""

    target_languages: tuple[str, ...] = ()

    def __init__(self, name: str, *, threshold: Threshold = "show") -> None:
        self.name = name
        self.revision = ""
        self._threshold = threshold
        self._least = _LEAST[threshold]
        self._index = PairIndex()
        self.learn(())

    def learn(self, pairs: Iterable[MemoryPair]) -> None:
        """Remember more pairs."""
        for pair in pairs:
            self._index.add(pair)
        self.revision = f"memory-{self._index.digest[:16] or 'empty'}-{self._threshold}"

    def rewrite(
        self, segments: Sequence[Segment], *, should_stop: Callable[[], bool] = lambda: False
    ) -> Iterator[Suggestion]:
        """One suggestion per segment, in order; a segment's own pair never counts for it."""
        for segment in segments:
            if should_stop():
                return
            if len(segment.mt) > _LONGEST:
                error = f"longer than {_LONGEST:,} characters, which the memory does not look up"
                yield Suggestion(segment.mt, (), self.name, error=error)
            else:
                yield suggestion_from_edits(segment.mt, self._edits(segment), self.name)

    def close(self) -> None:
        """Forget everything."""
        self._index = PairIndex()

    def _edits(self, segment: Segment) -> Unit:
        if not segment.mt.strip():
            return ()
        for pairs, confidence, category in (
            (self._exact(segment), _EXACT, "exact match"),
            (self._of_same_source(segment), _SAME_SOURCE, "same source"),
        ):
            if pairs:
                return self._whole(segment.mt, pairs, confidence, category)
        return self._repaired(segment)

    def _exact(self, segment: Segment) -> list[MemoryPair]:
        pairs = self._index.with_mt(segment.mt, but=segment.position)
        return [pair for pair in pairs if _may_be_same(pair.source, segment.source)]

    def _of_same_source(self, segment: Segment) -> list[MemoryPair]:
        pairs = self._index.with_source(segment.source, but=segment.position)
        return [pair for pair in pairs if Indel.normalized_similarity(pair.mt, segment.mt) >= LIKE_ENOUGH]

    def _whole(self, mt: str, pairs: Sequence[MemoryPair], confidence: float, category: str) -> Unit:
        """The hunks to the target that most of the pairs have."""
        counts = Counter(pair.target for pair in reversed(pairs))  # the newest first, which wins among equals
        target, count = counts.most_common(1)[0]
        confidence = round(confidence * count / len(pairs), 4)
        if confidence < self._least:
            return ()
        return tuple(
            Edit(edit.start, edit.end, edit.replacement, category, confidence) for edit in word_diff(mt, target)
        )

    def _repaired(self, segment: Segment) -> Unit:
        text = Text(segment.mt)
        units: dict[Unit, None] = {}
        for found in self._index.like(segment.mt, least=LIKE_ENOUGH, most=_NEIGHBOURS, but=segment.position):
            if found.pair.mt == found.pair.target or len(found.pair.target) > _LONGEST:
                continue
            for group in corrections(found.pair.mt, found.pair.target):
                units.update(dict.fromkeys(self._units(text, group, found, segment.position)))
        ranked = sorted(units, key=lambda unit: (-unit[0].confidence, [(e.start, e.end, e.replacement) for e in unit]))
        chosen: list[Edit] = []
        for unit in ranked:
            if not any(clash(edit, other) for edit in unit for other in chosen):
                chosen += unit
        return tuple(sorted(chosen, key=lambda edit: (edit.start, edit.end)))

    def _units(self, text: Text, group: Sequence[Correction], found: Found, position: int) -> Iterator[Unit]:
        """The group made in the text: wherever it fits when it is a single correction, else once and whole."""
        places = [list(text.places(correction)) for correction in group]
        if not all(places):
            return
        confidence = min(self._confidence(correction, found, position) for correction in group)
        if confidence < self._least:
            return
        category = f"{int(100 * found.similarity)}% match"
        chosen = [[(group[0], place)] for place in places[0]]
        if len(group) > 1:
            chosen = [[(correction, fits[0]) for correction, fits in zip(group, places, strict=True)]]
        for made in chosen:
            unit = [Edit(start, end, each.new, category, confidence) for each, (start, end) in made]
            if not any(clash(one, other) for at, one in enumerate(unit) for other in unit[:at]):
                yield tuple(sorted(unit, key=lambda edit: (edit.start, edit.end)))

    def _confidence(self, correction: Correction, found: Found, position: int) -> float:
        record = evidence(correction, self._index.holding(correction.text, but=position), most=_PLACES_COUNTED)
        expected = _PRIOR_PLACES * _PRIOR_SHARE * found.similarity**2
        return round((record.made + expected) / (record.made + record.not_made + _PRIOR_PLACES), 4)


def _may_be_same(one: str | None, other: str | None) -> bool:
    """Two sources that are equal, or of which one is not known."""
    return not one or not other or one == other


def load(request: RewriterRequest) -> MemoryRewriter:
    """The rewriter for ``memory`` or ``memory:FILE[,FILE...]``, the files learned.

    Raises:
        CorpusError: A file can't be read.
    """
    rewriter = MemoryRewriter(request.spec, threshold=request.threshold)
    for path in files_in(request.argument):
        rewriter.learn(read_pairs(path))
    return rewriter
