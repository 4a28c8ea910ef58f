"""Edit taggers in the GECToR layout: any token classifier of transformers whose classes are GECToR's labels.

Main entry: ``load``. Importing this module loads torch.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any

import torch

from posteditor.core.segment import Segment
from posteditor.core.suggestion import Edit, Suggestion, apply_edits, suggestion_from_edits
from posteditor.rewriters.edit_composition import compose_edits
from posteditor.rewriters.edit_tags import Tag, TagKind, edits_from_tags
from posteditor.rewriters.gector_tags import VerbForms, read_verb_forms, tag_for
from posteditor.rewriters.model_files import check_model_files, files_fingerprint
from posteditor.rewriters.model_loading import load_model, load_tokenizer
from posteditor.rewriters.specs import RewriterRequest, read_config
from posteditor.rewriters.tag_words import tag_words

_BATCH = 16
_ROUNDS = 4
_LONGEST_WORDS = 400
_KEEP_BIAS = 0.2
"""Added to the probability of keeping a word, as GECToR's authors do for precision."""
_LEAST = {"show": 0.5, "apply": 0.7}
"""Least probability of a label by threshold; these models come without any of their own."""
_START = "$START"
_KEEP = Tag(TagKind.KEEP)


class GectorTagger:
    """A rewriter around a GECToR model; see ``Rewriter`` for what it promises."""

    target_languages: tuple[str, ...] = ()

    def __init__(
        self, model: Any, tokenizer: Any, verb_forms: VerbForms, *, name: str, revision: str, least: float
    ) -> None:
        """Take a loaded model; labels less probable than ``least`` (0-1) change nothing."""
        self.name = name
        self.revision = revision
        self._model = model
        self._tokenizer = tokenizer
        self._verb_forms = verb_forms
        self._least = least
        self._labels = [model.config.id2label[number] for number in range(len(model.config.id2label))]
        self._keep = self._labels.index("$KEEP")
        self._has_start = _START in tokenizer.get_vocab()

    def rewrite(
        self, segments: Sequence[Segment], *, should_stop: Callable[[], bool] = lambda: False
    ) -> Iterator[Suggestion]:
        """One suggestion per segment, in order, a batch at a time."""
        for start in range(0, len(segments), _BATCH):
            if should_stop():
                return
            started = perf_counter()
            batch = segments[start : start + _BATCH]
            edits = self._edits([segment.mt for segment in batch])
            seconds = (perf_counter() - started) / len(batch)
            for segment, found in zip(batch, edits, strict=True):
                yield self._suggestion(segment, found, seconds)

    def close(self) -> None:
        """Free the model."""
        self._model = None

    def _suggestion(self, segment: Segment, edits: tuple[Edit, ...], seconds: float) -> Suggestion:
        count = len(tag_words(segment.mt))
        suggestion = suggestion_from_edits(segment.mt, edits, self.name, seconds=seconds)
        if count <= _LONGEST_WORDS:
            return suggestion
        error = f"the segment has {count} words; more than {_LONGEST_WORDS} are not rewritten"
        return replace(suggestion, error=error)

    def _edits(self, mts: list[str]) -> list[tuple[Edit, ...]]:
        """The edits of each mt after all rounds."""
        edits: list[tuple[Edit, ...]] = [()] * len(mts)
        open_ones = [index for index, mt in enumerate(mts) if 0 < len(tag_words(mt)) <= _LONGEST_WORDS]
        for _ in range(_ROUNDS):
            if not open_ones:
                break
            texts = [apply_edits(mts[index], edits[index]) for index in open_ones]
            changed = []
            for index, text, (tags, sure) in zip(open_ones, texts, self._tags(texts), strict=True):
                if found := edits_from_tags(text, tags, sure):
                    edits[index] = compose_edits(mts[index], edits[index], found)
                    changed.append(index)
            open_ones = changed
        return edits

    def _tags(self, texts: list[str]) -> list[tuple[list[Tag], list[float]]]:
        """For each text a tag and its probability for each slot: the place before the text, and every word."""
        words = [[word.text for word in tag_words(text)] for text in texts]
        shown = [[_START, *each] if self._has_start else each for each in words]
        encoded = self._tokenizer(shown, is_split_into_words=True, padding=True, truncation=True, return_tensors="pt")
        with torch.inference_mode():
            inputs = {name: value.to(self._model.device) for name, value in encoded.items()}
            probabilities = self._model(**inputs).logits.float().softmax(-1).cpu()
        return [
            self._row(each, self._slots(encoded.word_ids(row), len(each)), probabilities[row])
            for row, each in enumerate(words)
        ]

    def _slots(self, word_ids: list[int | None], count: int) -> list[int]:
        """The first piece of each slot; -1 where it has none."""
        places = [-1] * (count + 1)
        if not self._has_start:
            places[0] = 0  # the piece that every text begins with
        for place, index in enumerate(word_ids):
            slot = -1 if index is None else index + (0 if self._has_start else 1)
            if 0 <= slot <= count and places[slot] < 0:
                places[slot] = place
        return places

    def _row(self, words: list[str], places: list[int], probabilities: torch.Tensor) -> tuple[list[Tag], list[float]]:
        tags, sure = [], []
        for place, word in zip(places, ["", *words], strict=True):
            tag, probability = (_KEEP, 1.0) if place < 0 else self._tag(probabilities[place], word)
            tags.append(tag)
            sure.append(probability)
        return tags, sure

    def _tag(self, probabilities: torch.Tensor, word: str) -> tuple[Tag, float]:
        biased = probabilities.clone()
        biased[self._keep] += _KEEP_BIAS
        number = int(biased.argmax())
        probability = round(float(probabilities[number]), 4)
        tag = tag_for(self._labels[number], word, self._verb_forms) if probability >= self._least else None
        return (_KEEP, 1.0) if tag is None else (tag, probability)


def load(folder: Path, request: RewriterRequest) -> GectorTagger:
    """The rewriter around the model in ``folder``.

    Raises:
        ModelError: A file is missing, broken or not to be trusted.
    """
    check_model_files(folder, read_config(folder))
    verb_forms = read_verb_forms(folder)
    tokenizer = load_tokenizer(folder)
    model = load_model(folder, "AutoModelForTokenClassification", threads=request.threads)
    return GectorTagger(
        model,
        tokenizer,
        verb_forms,
        name=request.spec,
        revision=files_fingerprint(folder),
        least=_LEAST[request.threshold],
    )
