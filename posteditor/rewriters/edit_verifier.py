"""A second opinion on every edit: a small network that tells how likely a tag makes its text better rather than worse.

The probability of a tag says how sure the tagger is of it among all others. Whether an edit is worth making depends on
more: on the kind of tag, on the kind of text, and on how garbled the rest of it looks. This network reads the hidden
state of the slot, the tag's own row of the output layer, and a few numbers about the text, and is trained on edits that
were made one by one and judged against the target.
"""

from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional

from posteditor.errors import ModelError

VERIFIER_FILE = "verifier.safetensors"
SCALARS = 4
"""Log odds of the tag, log odds of any edit here, log of the mean doubt about the other slots, log of their number."""
_LEAST = 1e-4


class EditVerifier:
    """One hidden layer over (state, row of the tag, scalars), in float32."""

    def __init__(self, weights: Mapping[str, Tensor]) -> None:
        """Take the weights.

        Args:
            weights: ``state`` and ``tag`` (inner, width), ``scalars`` (inner, 4), ``bias`` and ``out`` (inner,),
                ``out_bias`` (1,).

        Raises:
            KeyError: One is missing.
            ValueError: They do not fit together.
        """
        self._state, self._tag, self._scalars, self._bias, self._out, self._out_bias = (
            weights[name].float() for name in ("state", "tag", "scalars", "bias", "out", "out_bias")
        )
        inner, width = self._state.shape
        if self._tag.shape != (inner, width) or self._scalars.shape != (inner, SCALARS) or self._out.shape != (inner,):
            raise ValueError("the verifier's weights do not fit together")

    @property
    def width(self) -> int:
        """The width of the hidden states it reads."""
        return int(self._state.shape[1])

    def weights(self) -> dict[str, Tensor]:
        """The weights by the names under which they are stored."""
        names = ("state", "tag", "scalars", "bias", "out", "out_bias")
        tensors = (self._state, self._tag, self._scalars, self._bias, self._out, self._out_bias)
        return {name: tensor.contiguous() for name, tensor in zip(names, tensors, strict=True)}

    def worth(self, states: Tensor, tags: Tensor, scalars: Tensor) -> Tensor:
        """How likely each edit improves its text, if it makes a difference; (rows,) in 0-1.

        Args:
            states: Hidden states of the slots, (rows, width).
            tags: Rows of the tagger's output layer, (rows, width).
            scalars: See ``SCALARS``, (rows, 4).
        """
        inner = (
            functional.linear(states, self._state)
            + functional.linear(tags, self._tag)
            + functional.linear(scalars, self._scalars)
            + self._bias
        )
        return torch.sigmoid(functional.relu(inner) @ self._out + self._out_bias)


def verifier_scalars(probabilities: Tensor, doubts: Tensor, texts: Tensor) -> Tensor:
    """What the verifier knows of each slot and its text beside the hidden state, (rows, 4); see ``SCALARS``.

    Args:
        probabilities: Of the likeliest edit of each slot, (rows,) in 0-1.
        doubts: That the slot needs any edit, (rows,) in 0-1.
        texts: The number of the text each slot belongs to, (rows,).
    """
    count = int(texts.max()) + 1 if len(texts) else 0
    sizes = torch.zeros(count).index_add_(0, texts, torch.ones_like(doubts))[texts]
    sums = torch.zeros(count).index_add_(0, texts, doubts)[texts]
    others = (sums - doubts).clamp(min=0.01) / sizes
    return torch.stack((_log_odds(probabilities), _log_odds(doubts), others.log(), sizes.log()), dim=1)


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
