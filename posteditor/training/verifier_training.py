"""Training the verifier: every edit that the tagger proposes on held-out pairs is made alone and judged.

The evidence comes from pairs that the tagger was not trained on, or saw once among very many: on what it knows by
heart it is surer than it should be. Edits that make no difference, a wrong word for another one mostly, teach nothing:
what is asked is how many edits help for each one that harms.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from posteditor.core.suggestion import apply_edits
from posteditor.core.words import Word
from posteditor.rewriters.edit_tags import KEEP, edits_with_slots
from posteditor.rewriters.edit_verifier import SCALARS, VERIFIER_FILE, EditVerifier
from posteditor.rewriters.tag_encoder import EncodedWords
from posteditor.rewriters.tag_words import tag_words
from posteditor.rewriters.tagger_network import SlotEvidence, TaggerNetwork
from posteditor.training.evaluation import word_errors
from posteditor.training.pairs import Pair, content_hash

_BATCH_TEXTS = 32
_LONGEST_PIECES = 128
_INNER = 48
_ROUNDS = 6
_ROWS = 256


@dataclass(frozen=True, slots=True)
class Evidence:
    """Slots of edits that were made alone; all have the same number of rows."""

    states: Tensor
    """Hidden states, (rows, width)."""
    tags: Tensor
    """Rows of the tagger's output layer, (rows, width)."""
    beginnings: Tensor
    """Hidden states of the beginning of the text that the slot belongs to, (rows, width)."""
    scalars: Tensor
    """(rows, 5); see ``verifier_scalars``."""
    improves: Tensor
    """1 where the edit alone brings the text nearer to the target, counted in words, 0 where farther away; (rows,)."""

    def __len__(self) -> int:
        return len(self.improves)


def gather_evidence(
    network: TaggerNetwork,
    pairs: Sequence[Pair],
    *,
    floor: float,
    either_way: bool = False,
    should_stop: Callable[[], bool] = lambda: False,
) -> Evidence:
    """What becomes of the edits that ``network`` proposes on ``pairs``, each made alone.

    Args:
        network: The tagger.
        pairs: Held-out pairs; those of more than 128 word pieces are passed over.
        floor: 0-1; tags at least so probable take part.
        either_way: Take half of the pairs for such with a source: garbled texts that might have had one.
        should_stop: Ends early, with what has been gathered.
    """
    parts: list[tuple[Tensor, ...]] = []
    ordered = iter(_readable(network, pairs, either_way=either_way))
    while (batch := list(islice(ordered, _BATCH_TEXTS))) and not should_stop():
        found = network.evidence([encoded for _, _, encoded in batch], least=floor)
        parts.append(_judged(network, batch, found, floor))
    return joined([Evidence(*part) for part in parts])


def joined(parts: Sequence[Evidence]) -> Evidence:
    """The evidence of several sets as one."""
    columns = zip(
        *((part.states, part.tags, part.beginnings, part.scalars, part.improves) for part in parts), strict=True
    )
    return Evidence(*(torch.cat(column) for column in columns))


def train_verifier(evidence: Evidence, *, seed: int) -> EditVerifier:
    """Fit a verifier to ``evidence``, a few passes in random order; the same seed gives the same weights."""
    generator = torch.Generator().manual_seed(seed)
    width = evidence.states.shape[1]
    weights = {
        "state": torch.randn(_INNER, width, generator=generator) * width**-0.5 * 0.1,
        "tag": torch.randn(_INNER, width, generator=generator) * width**-0.5 * 0.1,
        "text": torch.randn(_INNER, width, generator=generator) * width**-0.5 * 0.1,
        "scalars": torch.randn(_INNER, SCALARS, generator=generator) * 0.1,
        "bias": torch.zeros(_INNER),
        "out": torch.randn(_INNER, generator=generator) * _INNER**-0.5,
        "out_bias": torch.zeros(1),
    }
    parameters = [value.requires_grad_() for value in weights.values()]
    optimizer = torch.optim.AdamW(parameters, lr=2e-3, weight_decay=0.05)
    steps = _ROUNDS * max(1, len(evidence) // _ROWS)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1 - step / (steps + 1))
    verifier = EditVerifier(weights)
    for _ in range(_ROUNDS):
        order = torch.randperm(len(evidence), generator=generator)
        for start in range(0, len(evidence), _ROWS):
            rows = order[start : start + _ROWS]
            expected = verifier.worth(
                evidence.states[rows], evidence.tags[rows], evidence.beginnings[rows], evidence.scalars[rows]
            )
            loss = nn.functional.binary_cross_entropy(expected, evidence.improves[rows])
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it unannotated
            optimizer.step()
            schedule.step()
    return EditVerifier({name: value.detach() for name, value in weights.items()})


def write_verifier(verifier: EditVerifier, folder: Path) -> None:
    """Put the verifier into the model folder, whole or not at all."""
    from safetensors.torch import save_file

    fresh = folder / (VERIFIER_FILE + ".part")
    save_file(verifier.weights(), fresh, metadata={"format": "pt"})
    fresh.chmod(0o644)
    fresh.replace(folder / VERIFIER_FILE)


_Reading = tuple[Pair, list[Word], EncodedWords]


def _readable(network: TaggerNetwork, pairs: Sequence[Pair], *, either_way: bool) -> list[_Reading]:
    """The pairs with their words and pieces, short ones first, so that batches need little padding."""
    words = [tag_words(pair.mt) for pair in pairs]
    encoded = network.encoder.encode([[word.text for word in each] for each in words])
    readings = [
        (pair, text, replace(pieces, has_source=_has_source(pair, either_way=either_way)))
        for pair, text, pieces in zip(pairs, words, encoded, strict=True)
        if text and len(pieces.ids) <= _LONGEST_PIECES
    ]
    return sorted(readings, key=lambda reading: len(reading[2].ids))


def _has_source(pair: Pair, *, either_way: bool) -> bool:
    """Whether the verifier takes the pair for one with a source; with ``either_way`` half of all are."""
    return bool(content_hash(pair.mt) % 2) if either_way else bool(pair.source)


def _with_pieces(text: EncodedWords) -> list[int]:
    """The slots that have a row of evidence."""
    return [slot for slot, place in enumerate(text.slots) if place >= 0]


def _judged(network: TaggerNetwork, batch: Sequence[_Reading], found: SlotEvidence, floor: float) -> tuple[Tensor, ...]:
    rows: list[int] = []
    truth: list[float] = []
    first = 0
    probabilities, classes = found.probabilities.tolist(), found.classes.tolist()
    for pair, _, encoded in batch:
        row_of = {slot: row for row, slot in enumerate(_with_pieces(encoded), start=first)}
        first += len(row_of)
        likely = {slot: row for slot, row in row_of.items() if probabilities[row] >= floor}
        labels = [network.tag(classes[likely[slot]]) if slot in likely else KEEP for slot in range(len(encoded.slots))]
        for edit, slots in edits_with_slots(pair.mt, labels):
            gain = word_errors(pair.mt, pair.target) - word_errors(apply_edits(pair.mt, [edit]), pair.target)
            if gain:
                rows += [likely[slot] for slot in slots]
                truth += [float(gain > 0)] * len(slots)
    picked = torch.tensor(rows, dtype=torch.int64)
    with torch.inference_mode():
        tags = network.tag_rows(found.classes[picked])
        improves = torch.from_numpy(np.array(truth, dtype=np.float32))
        beginnings = found.beginnings[found.texts[picked]]
        parts = found.states[picked], tags, beginnings, found.scalars()[picked], improves
    return tuple(part.clone() for part in parts)  # leaves inference mode
