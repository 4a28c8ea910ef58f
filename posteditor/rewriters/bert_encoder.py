"""The BERT encoder in plain torch, for inference from weights in Hugging Face layout.

transformers has the same network, but importing it takes longer than everything else that starting a tagger needs. A
test holds the two together.

Source: Devlin et al. (2019), BERT: Pre-training of Deep Bidirectional Transformers (NAACL), with post-layer
normalisation; names of weights as in transformers' BertForTokenClassification.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional


@dataclass(frozen=True, slots=True)
class _Layer:
    """Weights and biases of one layer."""

    query_key_value: tuple[Tensor, Tensor]
    """The three projections in one: (3 * width, width)."""
    attention_output: tuple[Tensor, Tensor]
    attention_norm: tuple[Tensor, Tensor]
    intermediate: tuple[Tensor, Tensor]
    output: tuple[Tensor, Tensor]
    output_norm: tuple[Tensor, Tensor]


@dataclass(frozen=True, slots=True)
class _TiedWords:
    """Classes whose rows are word embeddings."""

    rows: Tensor
    """(words, width)"""
    matrix: Tensor
    """Carries hidden states into their space, (width, width)."""
    bias: Tensor
    """(words,)"""


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where the pieces of several texts lie: end to end, and in a padded grid for attention, which needs one."""

    places: Tensor
    """The number of each piece within its text, (pieces,)."""
    cells: Tensor
    """The cell of the grid that each piece belongs to, (pieces,)."""
    shape: tuple[int, int]
    """Texts and the pieces of the longest."""
    visible: Tensor | None
    """True for the cells that hold a piece, (texts, 1, 1, longest); None where all do."""

    @classmethod
    def of(cls, lengths: Sequence[int]) -> "_Layout":
        shape = len(lengths), max(lengths)
        filled = torch.arange(shape[1]) < torch.tensor(lengths)[:, None]
        cells = filled.flatten().nonzero()[:, 0]
        visible = None if len(cells) == filled.numel() else filled[:, None, None, :]
        return cls(cells % shape[1], cells, shape, visible)

    def padded(self, rows: Tensor) -> Tensor:
        """Rows of pieces, (pieces, width), as a grid, (texts, longest, width)."""
        if self.visible is None:
            return rows.view(*self.shape, -1)
        grid = rows.new_zeros(self.shape[0] * self.shape[1], rows.shape[1])
        return grid.index_copy_(0, self.cells, rows).view(*self.shape, -1)

    def packed(self, grid: Tensor) -> Tensor:
        """The opposite of ``padded``."""
        rows = grid.flatten(0, 1)
        return rows if self.visible is None else rows[self.cells]


class BertTagger:
    """A BERT encoder with a linear layer on top, in float32."""

    def __init__(self, config: Mapping[str, Any], weights: Mapping[str, Tensor]) -> None:
        """Take the weights of a BertForTokenClassification, or of one with a detector and tied classes beside it.

        Raises:
            KeyError: A setting or a weight is missing.
            ValueError: It is another kind of network.
        """
        if config["model_type"] != "bert" or config.get("hidden_act", "gelu") != "gelu":
            raise ValueError(f"expected a BERT with gelu, found {config['model_type']} with {config.get('hidden_act')}")
        self._heads = int(config["num_attention_heads"])
        self._epsilon = float(config.get("layer_norm_eps", 1e-12))
        self._weights = {name: value.float() for name, value in weights.items()}
        self._words = self._weights["bert.embeddings.word_embeddings.weight"]
        self._places = self._weights["bert.embeddings.position_embeddings.weight"]
        self._types = self._weights["bert.embeddings.token_type_embeddings.weight"]
        self._norm = self._pair("bert.embeddings.LayerNorm")
        self._layers = [self._layer(number) for number in range(int(config["num_hidden_layers"]))]
        self._classes = self._pair("classifier")
        self._detector = None
        if "detector.out.weight" in self._weights:
            self._detector = self._pair("detector.inner"), self._pair("detector.out")
        self._tied = self._tied_words() if "words.ids" in self._weights else None
        if self._words.shape[1] % self._heads or self._classes[0].shape[1] != self._words.shape[1]:
            raise ValueError("the weights do not fit together")
        self._weights = {}

    @property
    def class_count(self) -> int:
        """How many classes there are."""
        return self._classes[0].shape[0] + (0 if self._tied is None else len(self._tied.rows))

    @property
    def has_detector(self) -> bool:
        """Whether a slot's need for an edit is told apart from the choice of the edit."""
        return self._detector is not None

    @property
    def width(self) -> int:
        """The width of the hidden states."""
        return self._words.shape[1]

    def class_rows(self, classes: Tensor) -> Tensor:
        """The rows of the output layer that belong to these classes, (rows, width)."""
        if self._tied is None:
            return self._classes[0][classes]
        own = len(self._classes[0])
        rows = self._classes[0][classes.clamp(max=own - 1)]
        tied = classes >= own
        rows[tied] = self._tied.rows[classes[tied] - own] @ self._tied.matrix
        return rows

    def encode(self, ids: Tensor, types: Tensor, lengths: Sequence[int]) -> Tensor:
        """The last hidden states, (pieces, width), of texts laid end to end, so that nothing is spent on padding.

        Args:
            ids: Word pieces, (pieces,).
            types: Token types, (pieces,).
            lengths: How many pieces each text has; their sum is that of all.
        """
        layout = _Layout.of(lengths)
        states = self._words[ids] + self._places[layout.places] + self._types[types]
        states = self._normalise(states, self._norm)
        for layer in self._layers:
            attended = functional.linear(self._attend(states, layer, layout), *layer.attention_output)
            states = self._normalise(states + attended, layer.attention_norm)
            inner = functional.gelu(functional.linear(states, *layer.intermediate))
            states = self._normalise(states + functional.linear(inner, *layer.output), layer.output_norm)
        return states

    def detect(self, states: Tensor) -> Tensor:
        """The probability that an edit is needed, (rows,) in 0-1, by hidden states, (rows, width).

        Raises:
            ValueError: The network has no detector.
        """
        if self._detector is None:
            raise ValueError("the network has no detector")
        inner, out = self._detector
        return torch.sigmoid(functional.linear(functional.gelu(functional.linear(states, *inner)), *out)[:, 0])

    def classify(self, states: Tensor) -> Tensor:
        """Logits, (rows, classes), of hidden states, (rows, width)."""
        own = _wide(states, *self._classes)
        if self._tied is None:
            return own
        carried = functional.linear(states, self._tied.matrix)
        return torch.cat((own, _wide(carried, self._tied.rows, self._tied.bias)), dim=-1)

    def _attend(self, states: Tensor, layer: _Layer, layout: "_Layout") -> Tensor:
        width = states.shape[1]
        projected = layout.padded(functional.linear(states, *layer.query_key_value))
        batch, longest, _ = projected.shape
        split = projected.view(batch, longest, 3, self._heads, width // self._heads).permute(2, 0, 3, 1, 4)
        mixed = functional.scaled_dot_product_attention(split[0], split[1], split[2], attn_mask=layout.visible)
        return layout.packed(mixed.transpose(1, 2).reshape(batch, longest, width))

    def _normalise(self, states: Tensor, norm: tuple[Tensor, Tensor]) -> Tensor:
        return functional.layer_norm(states, (states.shape[-1],), *norm, self._epsilon)

    def _layer(self, number: int) -> _Layer:
        prefix = f"bert.encoder.layer.{number}"
        parts = [self._pair(f"{prefix}.attention.self.{name}") for name in ("query", "key", "value")]
        return _Layer(
            (torch.cat([weight for weight, _ in parts]), torch.cat([bias for _, bias in parts])),
            self._pair(f"{prefix}.attention.output.dense"),
            self._pair(f"{prefix}.attention.output.LayerNorm"),
            self._pair(f"{prefix}.intermediate.dense"),
            self._pair(f"{prefix}.output.dense"),
            self._pair(f"{prefix}.output.LayerNorm"),
        )

    def _tied_words(self) -> "_TiedWords":
        ids = self._weights["words.ids"].to(torch.int64)
        return _TiedWords(self._words[ids], self._weights["words.weight"], self._weights["words.bias"])

    def _pair(self, name: str) -> tuple[Tensor, Tensor]:
        return self._weights[f"{name}.weight"], self._weights[f"{name}.bias"]


def _wide(states: Tensor, rows: Tensor, bias: Tensor) -> Tensor:
    """A linear layer with far more rows than states, in the order of factors that costs a CPU least, often by half."""
    return (rows @ states.mT).mT + bias
