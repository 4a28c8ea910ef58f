"""The tagger's network: words in, for each tag slot the likeliest edit and its probability out."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any

from posteditor.errors import ModelError
from posteditor.rewriters.edit_tags import KEEP, Tag, TagKind, parse_tag
from posteditor.rewriters.tag_encoder import CASES, EncodedWords, WordEncoder

if TYPE_CHECKING:
    from torch import Tensor

    from posteditor.rewriters.bert_encoder import BertTagger
    from posteditor.rewriters.edit_verifier import EditVerifier

_BATCH_PIECES = 1024
"""More at once go slower: what a layer hands to the next no longer fits the processor's cache."""
_PADDING = 2
"""The longest text of a batch has about so many times the pieces of the shortest: attention pays for padding."""
_LEAST_VERIFIED = 0.1
"""Less probable tags take part in no round."""
_HINT = "A model folder holds config.json, model.safetensors and tokenizer.json; copy it again."


@dataclass(frozen=True, slots=True)
class SlotTag:
    """The likeliest tag other than keep for one slot."""

    tag: Tag
    probability: float
    """0-1, rounded to four places so that it does not depend on what else was in the batch."""
    doubt: float = 0.0
    """0-1: the probability that the slot needs any edit at all, rounded likewise."""
    worth: float = 0.0
    """0-1: how likely an edit with this tag improves the text rather than harms it, rounded likewise; without a
    verifier the probability."""


@dataclass(frozen=True, slots=True)
class SlotEvidence:
    """What the network thinks of the slots of a batch, a row for each slot that has a word piece."""

    states: "Tensor"
    """Hidden states, (rows, width)."""
    classes: "Tensor"
    """The likeliest class other than keep, (rows,)."""
    probabilities: "Tensor"
    """Its probability, (rows,) in 0-1."""
    doubts: "Tensor"
    """The probability that the slot needs any edit, (rows,) in 0-1."""
    texts: "Tensor"
    """The number in the batch of the text that the slot belongs to, (rows,)."""
    beginnings: "Tensor"
    """Hidden states of the first slot of each text, (texts, width)."""
    sourced: "Tensor"
    """1 for each text that has a source, 0 for others, (texts,)."""

    def scalars(self) -> "Tensor":
        """What the verifier is told in numbers, (rows, 5)."""
        from posteditor.rewriters.edit_verifier import verifier_scalars

        return verifier_scalars(self.probabilities, self.doubts, self.texts, self.sourced)


NOTHING = SlotTag(Tag(TagKind.KEEP), 0.0)


class TaggerNetwork:
    """A BERT token classifier whose classes are edit tags, in float32 on the CPU."""

    def __init__(self, folder: Path) -> None:
        """Load the model in ``folder``.

        Raises:
            ModelError: A file is missing or broken, or the classes are no edit tags.
        """
        self.encoder = WordEncoder(folder / "tokenizer.json")
        config = _read_json(folder / "config.json")
        self._tags = _tags(config, folder)
        self._keep = next(number for number, tag in enumerate(self._tags) if tag.kind is TagKind.KEEP)
        self._has_cases = int(config.get("type_vocab_size", 2)) >= CASES
        self._model = _load(config, folder)
        self._verifier = _load_verifier(folder, self._model.width)

    def classify(
        self,
        texts: Sequence[EncodedWords],
        *,
        least: float = _LEAST_VERIFIED,
        should_stop: Callable[[], bool] = lambda: False,
    ) -> list[list[SlotTag]] | None:
        """For each text, for each of its slots, the likeliest edit; None when stopped in between.

        Args:
            texts: Of at most 512 pieces.
            least: 0-1; where the need for an edit is less probable, no tag is asked for.
            should_stop: Asked before each batch.
        """
        order = sorted(range(len(texts)), key=lambda index: len(texts[index].ids))
        found: dict[int, list[SlotTag]] = {}
        for members in _batches(order, [len(text.ids) for text in texts]):
            if should_stop():
                return None
            found.update(zip(members, self._batch([texts[index] for index in members], least), strict=True))
        return [found[index] for index in range(len(texts))]

    def evidence(self, texts: Sequence[EncodedWords], *, least: float = _LEAST_VERIFIED) -> SlotEvidence:
        """What the network thinks of each slot of ``texts``, taken as one batch; rows in the order of the slots.

        Args:
            texts: Of at most 512 pieces.
            least: 0-1; where the need for an edit is less probable, no tag is asked for.
        """
        import torch

        ids = torch.tensor([piece for text in texts for piece in text.ids])
        cases = torch.tensor([case for text in texts for case in text.cases])
        lengths = [len(text.ids) for text in texts]
        starts = list(accumulate(lengths, initial=0))[:-1]
        rows = [
            (start + slot, number)
            for number, (start, text) in enumerate(zip(starts, texts, strict=True))
            for slot in text.slots
            if slot >= 0
        ]
        places, numbers = torch.tensor(rows).reshape(-1, 2).unbind(1)
        with torch.inference_mode():
            types = cases if self._has_cases else torch.zeros_like(cases)
            hidden = self._model.encode(ids, types, lengths)
            states = hidden[places]
            judged = self._judged_apart(states, least) if self._model.has_detector else self._judged_together(states)
            sourced = torch.tensor([float(text.has_source) for text in texts])
            return SlotEvidence(states, *judged, numbers, hidden[torch.tensor(starts)], sourced)

    def _judged_together(self, states: "Tensor") -> "tuple[Tensor, Tensor, Tensor]":
        """Classes, probabilities and doubts where to keep a word is one class among the others."""
        import torch

        logits = self._model.classify(states)  # (slots, classes)
        total = logits.logsumexp(-1)
        doubts = 1 - (logits[:, self._keep] - total).exp()
        logits[:, self._keep] = -torch.inf
        best, classes = logits.max(-1)
        return classes, (best - total).exp(), doubts

    def _judged_apart(self, states: "Tensor", least: float) -> "tuple[Tensor, Tensor, Tensor]":
        """The same where a detector says what needs an edit: only there the wide output layer is asked which one."""
        import torch

        doubts = self._model.detect(states)
        classes = torch.full((len(states),), self._keep)
        probabilities = torch.zeros(len(states))
        doubtful = (doubts >= least).nonzero()[:, 0]
        if len(doubtful):
            logits = self._model.classify(states[doubtful])
            total = logits.logsumexp(-1)  # the class of keep stands for an edit that no tag expresses
            logits[:, self._keep] = -torch.inf
            best, classes[doubtful] = logits.max(-1)
            probabilities[doubtful] = doubts[doubtful] * (best - total).exp()
        return classes, probabilities, doubts

    def tag_rows(self, classes: "Tensor") -> "Tensor":
        """The rows of the output layer that belong to these classes, (rows, width)."""
        return self._model.class_rows(classes)

    def _batch(self, texts: Sequence[EncodedWords], least: float) -> list[list[SlotTag]]:
        found = self.evidence(texts, least=least)
        columns = (found.classes, found.probabilities, found.doubts, self._worth(found))
        rows = iter(zip(*(column.tolist() for column in columns), strict=True))
        return [[self._slot(*next(rows)) if slot >= 0 else NOTHING for slot in text.slots] for text in texts]

    def _worth(self, found: SlotEvidence) -> "Tensor":
        """The verifier's opinion of the slots where an edit is at all likely; elsewhere the probability."""
        if self._verifier is None:
            return found.probabilities
        worth = found.probabilities.clone()
        likely = (found.probabilities >= _LEAST_VERIFIED).nonzero()[:, 0]
        if len(likely):
            tags = self.tag_rows(found.classes[likely])
            beginnings = found.beginnings[found.texts[likely]]
            scalars = found.scalars()[likely]
            worth[likely] = self._verifier.worth(found.states[likely], tags, beginnings, scalars)
        return worth

    def _slot(self, number: int, probability: float, doubt: float, worth: float) -> SlotTag:
        return SlotTag(self._tags[number], round(probability, 4), round(doubt, 4), round(worth, 4))

    def tag(self, number: int) -> Tag:
        """The tag of a class."""
        return self._tags[number]


def _batches(order: Sequence[int], lengths: Sequence[int]) -> Iterator[list[int]]:
    """The texts of ``order``, which rises by length, in groups of like length."""
    batch: list[int] = []
    pieces = 0
    for index in order:
        length = lengths[index]
        if batch and (pieces + length > _BATCH_PIECES or length > _PADDING * lengths[batch[0]] + 8):
            yield batch
            batch, pieces = [], 0
        batch.append(index)
        pieces += length
    if batch:
        yield batch


def read_labels(folder: Path) -> list[str]:
    """The tags that the model in ``folder`` knows, in the order of its classes.

    Raises:
        ModelError: There is no readable config, or its classes are no edit tags.
    """
    return [tag.label for tag in _tags(_read_json(folder / "config.json"), folder)]


def fingerprint(folder: Path) -> str:
    """A short hash of everything in ``folder`` that decides what the model answers."""
    digest = sha256()
    for name in ("config.json", "model.safetensors", "posteditor.json", "tokenizer.json", "verifier.safetensors"):
        path = folder / name
        if path.is_file():
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _load(config: dict[str, Any], folder: Path) -> "BertTagger":
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    from posteditor.rewriters.bert_encoder import BertTagger

    path = folder / "model.safetensors"
    if not path.is_file():
        raise ModelError(f"{path}: can't be read: there is no such file", hint=_HINT)
    try:
        model = BertTagger(config, load_file(path))
    except (SafetensorError, OSError, RuntimeError, ValueError, TypeError, LookupError) as error:
        raise ModelError(f"{path}: can't be loaded: {' '.join(str(error).split())}", hint=_HINT) from error
    if model.class_count != len(config["id2label"]):
        raise ModelError(f"{folder}: {model.class_count} classes, {len(config['id2label'])} names for them", hint=_HINT)
    return model


def _load_verifier(folder: Path, width: int) -> "EditVerifier | None":
    from posteditor.rewriters.edit_verifier import load_verifier

    return load_verifier(folder, width)


def _tags(config: dict[str, Any], folder: Path) -> list[Tag]:
    names: Any = config.get("id2label")
    try:
        tags = [parse_tag(names[str(number)]) for number in range(len(names))]
    except (ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{folder}: its classes are no edit tags: {error}", hint=_HINT) from error
    if not any(tag.kind is TagKind.KEEP for tag in tags):
        raise ModelError(f"{folder}: none of its classes is {KEEP}", hint=_HINT)
    return tags


def _read_json(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(f"{path}: can't be read: {error}", hint=_HINT) from error
    if not isinstance(value, dict):
        raise ModelError(f"{path}: is not a JSON object", hint=_HINT)
    return value
