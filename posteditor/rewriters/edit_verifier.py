"""A second opinion on every edit: a small network that tells how likely a tag makes its text better rather than worse.

The probability of a tag says how sure the tagger is of it among all others. Whether an edit is worth making depends on
more: on the kind of tag, on the kind of text, and on how garbled the rest of it looks. This network reads the hidden
states of the slot and of the text's beginning, the tag's own row of the output layer, and a few numbers about the text,
and is trained on edits that were made one by one and judged against the target.
"""

from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional

from posteditor.errors import ModelError

VERIFIER_FILE = "verifier.safetensors"
SCALARS = 5
"""Log odds of the tag, log odds of any edit here, log of the mean doubt about the other slots, log of their number, and
1 where the text has a source: what people mend in the output of a good engine is not what they mend in a draft."""
_NAMES = ("state", "tag", "text", "scalars", "bias", "out", "out_bias")
_LEAST = 1e-4


class EditVerifier:
    """One hidden layer over (state of the slot, row of the tag, state of the text, scalars), in float32."""

    def __init__(self, weights: Mapping[str, Tensor]) -> None:
        """Take the weights.

        Args:
            weights: ``state``, ``tag`` and ``text`` (inner, width), ``scalars`` (inner, 5), ``bias`` and ``out``
                (inner,), ``out_bias`` (1,).

        Raises:
            KeyError: One is missing.
            ValueError: They do not fit together.
        """
        self._weights = {name: weights[name].float() for name in _NAMES}
        inner, width = self._weights["state"].shape
        shapes = ((inner, width), (inner, width), (inner, width), (inner, SCALARS), (inner,), (inner,), (1,))
        if any(self._weights[name].shape != shape for name, shape in zip(_NAMES, shapes, strict=True)):
            raise ValueError("the verifier's weights do not fit together")

    @property
    def width(self) -> int:
        """The width of the hidden states it reads."""
        return int(self._weights["state"].shape[1])

    def weights(self) -> dict[str, Tensor]:
        """The weights by the names under which they are stored."""
        return {name: tensor.contiguous() for name, tensor in self._weights.items()}

    def worth(self, states: Tensor, tags: Tensor, texts: Tensor, scalars: Tensor) -> Tensor:
        """How likely each edit improves its text, if it makes a difference; (rows,) in 0-1.

        Args:
            states: Hidden states of the slots, (rows, width).
            tags: Rows of the tagger's output layer, (rows, width).
            texts: Hidden states of the beginning of the text each slot belongs to, (rows, width).
            scalars: See ``SCALARS``, (rows, 5).
        """
        parts = {"state": states, "tag": tags, "text": texts, "scalars": scalars}
        inner = self._weights["bias"]
        for name, part in parts.items():
            inner = inner + functional.linear(part, self._weights[name])
        return torch.sigmoid(functional.relu(inner) @ self._weights["out"] + self._weights["out_bias"])


def verifier_scalars(probabilities: Tensor, doubts: Tensor, texts: Tensor, sourced: Tensor) -> Tensor:
    """What the verifier knows of each slot and its text beside the hidden states, (rows, 5); see ``SCALARS``.

    Args:
        probabilities: Of the likeliest edit of each slot, (rows,) in 0-1.
        doubts: That the slot needs any edit, (rows,) in 0-1.
        texts: The number of the text each slot belongs to, (rows,).
        sourced: For each text 1 where it has a source, (texts,).
    """
    count = len(sourced)
    sizes = torch.zeros(count).index_add_(0, texts, torch.ones_like(doubts))[texts]
    sums = torch.zeros(count).index_add_(0, texts, doubts)[texts]
    others = (sums - doubts).clamp(min=0.01) / sizes
    return torch.stack((_log_odds(probabilities), _log_odds(doubts), others.log(), sizes.log(), sourced[texts]), dim=1)


def load_verifier(folder: Path, width: int) -> EditVerifier | None:
    """The verifier in the model folder; None where it has none.

    Args:
        folder: The tagger's folder.
        width: The width of its hidden states.

    Raises:
        ModelError: The file is broken or belongs to another model.
    """
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    path = folder / VERIFIER_FILE
    if not path.is_file():
        return None
    try:
        verifier = EditVerifier(load_file(path))
        if verifier.width != width:
            raise ValueError(f"it reads states of width {verifier.width}, the tagger has {width}")
    except (SafetensorError, OSError, RuntimeError, ValueError, LookupError) as error:
        raise ModelError(
            f"{path}: can't be loaded: {' '.join(str(error).split())}", hint="Copy the model folder again."
        ) from error
    return verifier


def _log_odds(probabilities: Tensor) -> Tensor:
    bounded = probabilities.clamp(_LEAST, 1 - _LEAST)
    return bounded.log() - (1 - bounded).log()
