"""Training the encoder–decoder: pairs as word pieces, batches in a fixed order, steps, checkpoints."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain, count
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from posteditor.errors import ModelError
from posteditor.rewriters.tag_encoder import WordEncoder
from posteditor.rewriters.tag_words import tag_words
from posteditor.training.many_processes import in_processes
from posteditor.training.pairs import Pair
from posteditor.training.seq2seq_decoding import CopyingNetwork, padded

_UNKNOWN = "[UNK]"
_MADE = 8192
"""So many pieces can be made rather than copied: an output layer over all of them would cost more than the encoder."""
_CHUNK = 256
_POOL = 4000
"""Batches are made of texts of like length out of so many pairs."""
_WARMUP_STEPS = 200
_UNREACHABLE = -1000.0

IntArray = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Example:
    """A pair as word pieces, with the first and the last piece that the network puts around a text."""

    ids: IntArray
    cases: IntArray
    target: IntArray


def examples_of(pairs: Sequence[Pair], encoder: WordEncoder, *, longest: int) -> list[Example]:
    """The pairs that have at most ``longest`` pieces on either side."""
    chunks = [pairs[start : start + _CHUNK] for start in range(0, len(pairs), _CHUNK)]
    return list(chain.from_iterable(in_processes(partial(_examples, encoder, longest), chunks, chunk=1)))


def _examples(encoder: WordEncoder, longest: int, pairs: Sequence[Pair]) -> list[Example]:
    examples = []
    both = ([[word.text for word in tag_words(text)] for text in texts] for texts in _columns(pairs))
    for source, target in zip(*(encoder.encode(texts) for texts in both), strict=True):
        if max(len(source.ids), len(target.ids)) <= longest:
            arrays = (np.array(each, dtype=np.int32) for each in (source.ids, source.cases, target.ids))
            examples.append(Example(*arrays))
    return examples


def _columns(pairs: Sequence[Pair]) -> tuple[list[str], list[str]]:
    return [pair.mt for pair in pairs], [pair.target for pair in pairs]


def batches(
    sets: Sequence[tuple[Sequence[Example], float]], *, pieces: int, seed: int, start: int = 0
) -> Iterator[tuple[int, list[Example]]]:
    """Batches without end, the same for the same sets and seed, each with the number of its pool.

    Args:
        sets: Examples and the share of them in every pool; shares add up to 1.
        pieces: The size of a batch, source and target with their padding together.
        seed: Of the order.
        start: The pool to begin with.
    """
    orders = [np.random.default_rng([seed, place]).permutation(len(each)) for place, (each, _) in enumerate(sets)]
    for number in count(start):
        pool: list[Example] = []
        for (examples, share), order in zip(sets, orders, strict=True):
            size = round(share * _POOL)
            pool += [examples[order[place % len(order)]] for place in range(number * size, (number + 1) * size)]
        pool.sort(key=lambda example: (len(example.ids), len(example.target)))
        cut = list(_cut(pool, pieces))
        for place in np.random.default_rng([seed, len(sets), number]).permutation(len(cut)):
            yield number, cut[place]


def _cut(examples: Sequence[Example], pieces: int) -> Iterator[list[Example]]:
    batch: list[Example] = []
    source = target = 0
    for example in examples:
        wider = max(source, len(example.ids)), max(target, len(example.target))
        if batch and (len(batch) + 1) * sum(wider) > pieces:
            yield batch
            batch, wider = [], (len(example.ids), len(example.target))
        batch.append(example)
        source, target = wider
    yield batch


def vocabulary_of(sets: Sequence[Sequence[Example]], names: Sequence[str]) -> list[int]:
    """The pieces that most often stand in a target and not in its source."""
    counts = Counter(
        piece for examples in sets for each in examples for piece in set(each.target.tolist()) - set(each.ids.tolist())
    )
    counts.pop(names.index(_UNKNOWN), None)
    return sorted(piece for piece, _ in counts.most_common(_MADE))


def piece_names(folder: Path) -> list[str]:
    """The word pieces of the tokenizer in ``folder``, by their number."""
    stored = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    vocabulary: dict[str, int] = stored["model"]["vocab"]
    return sorted(vocabulary, key=vocabulary.__getitem__)


def new_network(folder: Path, vocabulary: Sequence[int]) -> CopyingNetwork:
    """A network that begins as the BERT encoder in ``folder`` and can make the pieces of ``vocabulary``.

    Raises:
        ModelError: The encoder can't be loaded.
    """
    from transformers.models.bert.modeling_bert import BertModel

    try:
        encoder = BertModel.from_pretrained(
            folder,
            add_pooling_layer=False,
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
            local_files_only=True,
            dtype=torch.float32,
        )
    except (OSError, ValueError, RuntimeError) as error:
        raise ModelError(f"{folder}: can't be loaded as a BERT encoder: {error}", hint="Install it again.") from error
    return CopyingNetwork(encoder, vocabulary)


class Training:
    """A network on its way: AdamW with one rate for what comes from the encoder and one for what is new."""

    def __init__(self, network: CopyingNetwork, *, rate: float = 3e-4, new_rate: float = 1e-3) -> None:
        self.network = network.train()
        self.step = 0
        self._device = network.bias.device
        new = network.new_parts()
        known = {id(weight) for weight in new}
        old = [weight for weight in network.parameters() if weight.requires_grad and id(weight) not in known]
        self._optimizer = torch.optim.AdamW(
            [{"params": old, "lr": rate}, {"params": new, "lr": new_rate}], weight_decay=0.01, betas=(0.9, 0.98)
        )
        self._rates = (rate, new_rate)

    def learn(self, batch: Sequence[Example], left: float = 1.0) -> float:
        """One step; the mean loss per piece, in nats.

        Args:
            batch: What to learn.
            left: The share of the run that is still to come, 0-1; the rates fall with it.
        """
        for group, rate in zip(self._optimizer.param_groups, self._rates, strict=True):
            group["lr"] = rate * min(left, (self.step + 1) / _WARMUP_STEPS)
        ids, cases, target = (
            padded([getattr(example, name) for example in batch]).to(self._device)
            for name in ("ids", "cases", "target")
        )
        logs = self.network.log_probabilities(self.network.encode(ids, cases), target)
        # Pieces that can be neither made nor copied are left out: to learn another one in their place would be wrong.
        loss = -logs[(target[:, 1:] != 0) & (logs > _UNREACHABLE)].mean()
        loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it unannotated
        nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self._optimizer.step()
        self._optimizer.zero_grad(set_to_none=True)
        self.step += 1
        return float(loss.detach())

    def save(self, path: Path, *, pool: int) -> None:
        """Write a checkpoint, complete or not at all."""
        fresh = path.with_suffix(".part")
        weights = {name: value for name, value in self.network.state_dict().items() if "word_embeddings" not in name}
        state = {"model": weights, "optimizer": self._optimizer.state_dict(), "step": self.step, "pool": pool}
        torch.save(state, fresh)
        fresh.replace(path)

    def resume(self, state: dict[str, Any]) -> None:
        """Take up what ``read_checkpoint`` gave."""
        self.network.load_state_dict(state["model"], strict=False)  # the frozen word embeddings are not saved
        self._optimizer.load_state_dict(state["optimizer"])
        self.step = int(state["step"])


def read_checkpoint(path: Path) -> dict[str, Any]:
    """What ``Training.save`` wrote.

    Raises:
        ModelError: It is missing or broken.
    """
    try:
        state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    except (OSError, RuntimeError, EOFError, ValueError) as error:
        raise ModelError(
            f"{path}: can't be read as a checkpoint: {error}", hint="Train first: --minutes 60."
        ) from error
    return state
