"""The edit tagger: a small encoder that gives every word a tag, and is asked again about what it has changed.

Where a segment has a source, what can be seen in it without translating comes on top (``source_copy``).

Main entry: ``load_tagger``. Importing this module loads no model library.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import Literal

from posteditor import __version__
from posteditor.core.segment import Segment
from posteditor.core.suggestion import Edit, Suggestion, apply_edits, suggestion_from_edits
from posteditor.rewriters.edit_composition import compose_edits
from posteditor.rewriters.edit_confidence import Calibration, features_of
from posteditor.rewriters.edit_tags import edits_from_tags
from posteditor.rewriters.source_copy import copy_edits, most_certain
from posteditor.rewriters.tag_encoder import EncodedWords
from posteditor.rewriters.tag_words import tag_words
from posteditor.rewriters.tagger_network import NOTHING, SlotTag, TaggerNetwork, fingerprint
from posteditor.rewriters.tagger_settings import TaggerSettings, read_settings

_FIRST_CHUNK, _GROWTH, _LARGEST_CHUNK = 16, 4, 256
"""Segments answered together: few at first, since somebody may be waiting; then each time so many times more, since
batches of texts of like length are made out of them."""
_WINDOW_PIECES = 128
"""Longer texts are read in windows, cut at the end of a sentence if there is one."""
_LONGEST_WORDS = 3000
"""Longer segments are passed over: they are documents, and nobody wants to wait for them."""
_BREAKS = frozenset(".!?…;")


@dataclass(slots=True)
class Draft:
    """One text on its way through the rounds."""

    mt: str
    edits: tuple[Edit, ...] = ()
    """With the worth of the least promising of their tags for a confidence."""
    doubts: tuple[float, ...] = ()
    """For each slot of the mt the probability that it needs an edit."""
    copied: tuple[Edit, ...] = ()
    """What the source alone calls for, with confidences that need no calibration."""
    error: str = ""
    source: str = ""
    """What the mt was made from; empty where nobody knows."""

    def calibrated(self, calibration: Calibration) -> tuple[Edit, ...]:
        """The edits with the confidence that ``calibration`` gives them, and those that the source calls for."""
        tagged = [
            replace(edit, confidence=calibration.confidence(features_of(edit.confidence, self.doubts)))
            for edit in self.edits
        ]
        return most_certain([*tagged, *self.copied]) if self.copied else tuple(tagged)


class Tagger:
    """A rewriter that tags words; see ``Rewriter`` for what it promises."""

    def __init__(
        self, network: TaggerNetwork, settings: TaggerSettings, *, name: str, revision: str, threshold: float
    ) -> None:
        """Take a loaded network; edits less certain than ``threshold`` (0-1) are left out."""
        self.name = name
        self.revision = revision
        self.target_languages = settings.target_languages
        self._network: TaggerNetwork | None = network
        self._known_words = network.encoder.whole_words
        self._settings = settings
        self._threshold = threshold

    @property
    def calibration(self) -> Calibration:
        """What turns the worth of its tags into confidences."""
        return self._settings.calibration

    def rewrite(
        self, segments: Sequence[Segment], *, should_stop: Callable[[], bool] = lambda: False
    ) -> Iterator[Suggestion]:
        """One suggestion per segment, in order, a chunk of segments at a time."""
        start, size = 0, _FIRST_CHUNK
        while start < len(segments):
            if should_stop():
                return
            started = perf_counter()
            chunk = segments[start : start + size]
            start, size = start + size, min(_GROWTH * size, _LARGEST_CHUNK)
            texts, sources = [segment.mt for segment in chunk], [segment.source or "" for segment in chunk]
            drafts = self.drafts(texts, sources, should_stop=should_stop)
            if drafts is None:
                return
            seconds = (perf_counter() - started) / len(drafts)
            yield from (self._suggestion(draft, seconds) for draft in drafts)

    def close(self) -> None:
        """Free the network."""
        self._network = None

    def drafts(
        self, texts: Sequence[str], sources: Sequence[str] = (), *, should_stop: Callable[[], bool] = lambda: False
    ) -> list[Draft] | None:
        """The texts after all rounds, every edit that was thought of included; None when stopped in between.

        Args:
            texts: The mts.
            sources: What each was made from, empty where nobody knows; none at all for all unknown.
            should_stop: Asked before each batch of the network.
        """
        known = sources or [""] * len(texts)
        drafts = [Draft(text, source=source) for text, source in zip(texts, known, strict=True)]
        open_drafts = [draft for draft in drafts if self._is_readable(draft)]
        for _ in range(self._settings.iterations):
            if not open_drafts:
                break
            changed = self._round(open_drafts, should_stop)
            if changed is None:
                return None
            open_drafts = changed
        for draft in drafts:
            if draft.source and not draft.error:
                draft.copied = copy_edits(draft.mt, draft.source, known_words=self._known_words)
        return drafts

    def _is_readable(self, draft: Draft) -> bool:
        if len(draft.mt) > _LONGEST_WORDS and (count := len(tag_words(draft.mt))) > _LONGEST_WORDS:
            draft.error = f"the segment has {count} words; more than {_LONGEST_WORDS} are not rewritten"
        return not draft.error and bool(draft.mt.strip())

    def _round(self, drafts: list[Draft], should_stop: Callable[[], bool]) -> list[Draft] | None:
        """Tag the drafts once; those that changed, or None when stopped."""
        texts = [apply_edits(draft.mt, draft.edits) for draft in drafts]
        tagged = self._tag(texts, [bool(draft.source) for draft in drafts], should_stop)
        if tagged is None:
            return None
        changed = []
        for draft, text, slots in zip(drafts, texts, tagged, strict=True):
            draft.doubts = draft.doubts or tuple(slot.doubt for slot in slots)
            if all(slot.probability < self._settings.floor for slot in slots):
                continue
            sure = [slot if slot.probability >= self._settings.floor else NOTHING for slot in slots]
            edits = edits_from_tags(text, [slot.tag for slot in sure], [slot.worth for slot in sure])
            if edits:
                draft.edits = compose_edits(draft.mt, draft.edits, edits)
                changed.append(draft)
        return changed

    def _tag(
        self, texts: list[str], sourced: list[bool], should_stop: Callable[[], bool]
    ) -> list[list[SlotTag]] | None:
        if self._network is None:
            raise RuntimeError("the rewriter has been closed")
        windows = [self._windows([word.text for word in tag_words(text)]) for text in texts]
        flat = [replace(each, has_source=has) for group, has in zip(windows, sourced, strict=True) for each in group]
        found = self._network.classify(flat, least=self._settings.floor, should_stop=should_stop)
        if found is None:
            return None
        tagged = iter(found)
        slots = []
        for group in windows:
            joined = next(tagged) if group else [NOTHING]
            for _ in group[1:]:
                joined += next(tagged)[1:]  # only the first window begins where the text does
            slots.append(joined)
        return slots

    def _windows(self, words: list[str]) -> list[EncodedWords]:
        if self._network is None or not words:
            return []
        encoded = self._network.encoder.encode([words])[0]
        if len(encoded.ids) <= _WINDOW_PIECES:
            return [encoded]
        if len(words) == 1:  # one word of very many pieces: its beginning tells enough
            return [EncodedWords(encoded.ids[:_WINDOW_PIECES], encoded.cases[:_WINDOW_PIECES], encoded.slots)]
        middle = len(words) // 2
        ends = [at for at in range(1, len(words)) if words[at - 1] in _BREAKS] or [middle]
        cut = min(ends, key=lambda at: abs(at - middle))
        return self._windows(words[:cut]) + self._windows(words[cut:])

    def _suggestion(self, draft: Draft, seconds: float) -> Suggestion:
        edits = draft.calibrated(self._settings.calibration)
        sure = [edit for edit in edits if edit.confidence >= self._threshold]
        suggestion = suggestion_from_edits(draft.mt, sure, self.name, seconds=seconds)
        return replace(suggestion, error=draft.error) if draft.error else suggestion


def load_tagger(
    folder: Path,
    *,
    name: str = "default",
    threads: int | None = None,
    threshold: Literal["show", "apply"] | float = "show",
) -> Tagger:
    """The tagger in ``folder``, ready to answer.

    Args:
        folder: A token classifier in Hugging Face layout whose classes are edit tags.
        name: As its suggestions carry it.
        threads: Processor threads; None leaves it to torch. Holds for the whole process.
        threshold: How certain an edit must be: the model's own value for ``show`` or ``apply``, or a number 0-1.

    Raises:
        ModelError: A file is missing or broken.
    """
    if os.environ.get("TOKENIZERS_PARALLELISM") is None:
        os.environ["TOKENIZERS_PARALLELISM"] = "false"  # short texts: its threads only get in the way of torch's
    settings = read_settings(folder)
    network = TaggerNetwork(folder)
    if threads is not None:
        import torch

        torch.set_num_threads(threads)
    least = {"show": settings.show, "apply": settings.apply}[threshold] if isinstance(threshold, str) else threshold
    revision = f"{__version__}-{fingerprint(folder)}-{threshold}"
    return Tagger(network, settings, name=name, revision=revision, threshold=least)
