"""An encoder–decoder that copies what it does not change: the network and its greedy decoding.

Sources: Rothe et al. (2020), Leveraging Pre-trained Checkpoints for Sequence Generation Tasks (TACL): encoder and
decoder begin as one pre-trained encoder, only the attention from one to the other is new; See et al. (2017), Get To The
Point: Summarization with Pointer-Generator Networks (ACL): every piece is either made or copied from the source, and
the two ways are mixed.
"""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from posteditor.rewriters.tag_encoder import CASES, EncodedWords

_NEVER = -1e4
"""The log-probability of what can't happen; finite, since the gradient of minus infinity is no number."""
_FOLLOWS = 4.0
"""What it counts at first, in nats, that a source piece comes after one like the last of the output. A network that is
told so copies from the first step on; to find it out takes an hour of training."""
_MAKES = -1.0
"""The log odds at first that a piece is made rather than copied."""
_FEW = 8
"""An output has at most a quarter and so many pieces more than its source."""

KeysValues = tuple[Tensor, Tensor]
"""Both (batch, heads, pieces, width / heads)."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """A batch of sources as the decoder sees them."""

    ids: Tensor
    """Word pieces, (batch, pieces), padded with 0."""
    mask: Tensor
    """True where there is a piece, (batch, pieces)."""
    copy_keys: Tensor
    """(batch, pieces, width)"""
    memory: list[KeysValues]
    """For each layer of the decoder."""


class _Attention(nn.Module):
    """Attention in several heads, added to what came in and normalised."""

    def __init__(self, width: int, heads: int, epsilon: float) -> None:
        super().__init__()
        self._heads = heads
        self.query, self.key, self.value, self.output = (nn.Linear(width, width) for _ in range(4))
        self.norm = nn.LayerNorm(width, epsilon)

    def begin_as(self, attention: Any) -> None:
        """Take the weights of a BertAttention."""
        for own, other in (
            (self.query, attention.self.query),
            (self.key, attention.self.key),
            (self.value, attention.self.value),
            (self.output, attention.output.dense),
            (self.norm, attention.output.LayerNorm),
        ):
            own.load_state_dict(other.state_dict())

    def keys_values(self, states: Tensor) -> KeysValues:
        """What can be attended to in ``states``, (batch, pieces, width)."""
        return self._split(self.key(states)), self._split(self.value(states))

    def forward(self, states: Tensor, seen: KeysValues, mask: Tensor | None, *, causal: bool) -> Tensor:
        """New states of the same shape; ``mask`` is true where a place may be seen."""
        mixed = functional.scaled_dot_product_attention(
            self._split(self.query(states)), *seen, attn_mask=mask, is_causal=causal
        )
        added: Tensor = self.norm(states + self.output(mixed.transpose(1, 2).reshape(states.shape)))
        return added

    def _split(self, states: Tensor) -> Tensor:
        return states.view(*states.shape[:2], self._heads, -1).transpose(1, 2)


class _Layer(nn.Module):
    """One layer of the decoder, begun as ``layer`` of the encoder; only the attention to the source is new."""

    def __init__(self, layer: Any, config: Any) -> None:
        super().__init__()
        shape = (config.hidden_size, config.num_attention_heads, config.layer_norm_eps)
        self.own, self.source = _Attention(*shape), _Attention(*shape)
        self.own.begin_as(layer.attention)
        self.inner = deepcopy(layer.intermediate.dense)
        self.outer = deepcopy(layer.output.dense)
        self.norm = deepcopy(layer.output.LayerNorm)

    def forward(
        self, states: Tensor, memory: KeysValues, mask: Tensor, before: KeysValues | None
    ) -> tuple[Tensor, KeysValues]:
        """New states, and the keys and values of all pieces so far; ``before`` has those of earlier calls."""
        seen = self.own.keys_values(states)
        if before is not None:
            seen = torch.cat((before[0], seen[0]), dim=2), torch.cat((before[1], seen[1]), dim=2)
        states = self.own(states, seen, None, causal=before is None)
        states = self.source(states, memory, mask[:, None, None, :], causal=False)
        return self.norm(states + self.outer(functional.gelu(self.inner(states)))), seen


class CopyingNetwork(nn.Module):
    """The encoder–decoder. Word embeddings are the encoder's, frozen, for input and output alike."""

    vocabulary: Tensor
    columns: Tensor

    def __init__(self, encoder: Any, vocabulary: Sequence[int], *, layers: int = 2) -> None:
        """Begin as ``encoder``.

        Args:
            encoder: A BertModel; becomes part of the network.
            vocabulary: The pieces that can be made; all others can only be copied.
            layers: How many layers the decoder has; they begin as the encoder's first ones.
        """
        super().__init__()
        config, width = encoder.config, encoder.config.hidden_size
        self.encoder = encoder
        old = encoder.embeddings
        old.word_embeddings.weight.requires_grad_(False)
        self.layers = nn.ModuleList(_Layer(layer, config) for layer in encoder.encoder.layer[:layers])
        self.places, self.norm = deepcopy(old.position_embeddings), deepcopy(old.LayerNorm)
        kind = old.token_type_embeddings.weight.detach()[0]
        self.places.weight.data.add_(kind)
        old.token_type_embeddings = nn.Embedding(CASES, width, _weight=kind.repeat(CASES, 1))
        self.to_words, self.bias = nn.Linear(width, width), nn.Parameter(torch.zeros(len(vocabulary)))
        self.copy_query, self.gate = nn.Linear(width, width), nn.Linear(width, 1)
        self.copy_key = nn.Linear(2 * width, width)
        self.follows = nn.Parameter(torch.tensor(_FOLLOWS))
        nn.init.constant_(self.gate.bias, _MAKES)
        self.register_buffer("vocabulary", torch.tensor(vocabulary, dtype=torch.long))
        columns = torch.full((config.vocab_size,), -1)
        columns[self.vocabulary] = torch.arange(len(vocabulary))
        self.register_buffer("columns", columns)

    def new_parts(self) -> list[nn.Parameter]:
        """The weights that do not come from the encoder."""
        parts: list[Any] = [self.to_words, self.copy_query, self.copy_key, self.gate]
        parts += [layer.source for layer in self.layers]
        return [self.bias, self.follows, *(weight for part in parts for weight in part.parameters())]

    def encode(self, ids: Tensor, cases: Tensor) -> Encoded:
        """Read sources: pieces and their letter cases, both (batch, pieces), padded with 0."""
        mask = ids != 0
        states = self.encoder(
            input_ids=ids, token_type_ids=cases, attention_mask=mask.long(), return_dict=True
        ).last_hidden_state
        # What stands before a piece is part of its key, so that the place where copying goes on is easy to find.
        keys = self.copy_key(torch.cat((states, functional.pad(states, (0, 0, 1, 0))[:, :-1]), dim=-1))
        return Encoded(ids, mask, keys, [layer.source.keys_values(states) for layer in self._decoder_layers()])

    def log_probabilities(self, encoded: Encoded, outputs: Tensor) -> Tensor:
        """Of each piece of ``outputs`` but the first, given those before it; (batch, pieces - 1), padding included.

        A piece that can neither be made nor copied has less than -1000.
        """
        states, _ = self._decode(encoded, outputs[:, :-1], None)
        made, copied = self._two_ways(encoded, outputs[:, :-1], states)
        following = outputs[:, 1:]
        columns = self.columns[following]
        by_making = made.gather(2, columns.clamp(min=0)[:, :, None])[:, :, 0].masked_fill(columns < 0, _NEVER)
        elsewhere = encoded.ids[:, None, :] != following[:, :, None]
        return torch.logaddexp(by_making, copied.masked_fill(elsewhere, _NEVER).logsumexp(-1))

    @torch.inference_mode()
    def greedy(self, encoded: Encoded, *, first: int, last: int) -> tuple[Tensor, Tensor]:
        """The outputs that take the likeliest piece each time, and the log-probability of each piece.

        Args:
            encoded: The sources.
            first: The piece that every output begins with.
            last: The piece that ends an output; an output that did not end lacks it.

        Returns:
            (batch, steps) both, without the first piece; 0 after the end.
        """
        batch, length = encoded.ids.shape
        piece = torch.full((batch, 1), first, device=encoded.ids.device)
        running = torch.ones_like(piece, dtype=torch.bool)
        cache: list[KeysValues] | None = None
        pieces, logs = [], []
        for place in range(min(length + length // 4 + _FEW, self.places.num_embeddings)):
            states, cache = self._decode(encoded, piece, cache, place)
            log, piece = self._mixed(encoded, piece, states).max(-1)
            piece = piece.where(running, 0)
            pieces.append(piece)
            logs.append(log.where(running, 0.0))
            running = running & (piece != last)
            if not running.any():
                break
        return torch.cat(pieces, dim=1), torch.cat(logs, dim=1)

    def _decode(
        self, encoded: Encoded, outputs: Tensor, cache: list[KeysValues] | None, place: int = 0
    ) -> tuple[Tensor, list[KeysValues]]:
        """States of ``outputs``, whose first piece stands at ``place``, and the cache with them added."""
        states = self.norm(self._words()[outputs] + self.places.weight[place : place + outputs.shape[1]])
        seen = []
        for number, layer in enumerate(self.layers):
            before = cache[number] if cache else None
            states, so_far = layer(states, encoded.memory[number], encoded.mask, before)
            seen.append(so_far)
        return states, seen

    def _two_ways(self, encoded: Encoded, outputs: Tensor, states: Tensor) -> tuple[Tensor, Tensor]:
        """After each of ``outputs``, log-probabilities of making each piece and of copying each piece of the source."""
        gate = self.gate(states)
        made = functional.linear(self.to_words(states), self._words()[self.vocabulary], self.bias)
        scores = self.copy_query(states) @ encoded.copy_keys.transpose(1, 2) * states.shape[-1] ** -0.5
        like_last = outputs[:, :, None] == functional.pad(encoded.ids, (1, 0))[:, None, :-1]
        scores = (scores + self.follows * like_last).masked_fill(~encoded.mask[:, None, :], _NEVER)
        return (
            functional.logsigmoid(gate) + functional.log_softmax(made, -1),
            functional.logsigmoid(-gate) + functional.log_softmax(scores, -1),
        )

    def _mixed(self, encoded: Encoded, outputs: Tensor, states: Tensor) -> Tensor:
        """Log-probabilities of all pieces after each of ``outputs``, (batch, outputs, pieces)."""
        made, copied = self._two_ways(encoded, outputs, states)
        mixed = torch.zeros((*states.shape[:2], len(self.columns)), device=states.device)
        mixed[:, :, self.vocabulary] = made.exp()
        mixed.scatter_add_(2, encoded.ids[:, None, :].expand_as(copied), copied.exp())
        return mixed.log()

    def _words(self) -> Tensor:
        words: Tensor = self.encoder.embeddings.word_embeddings.weight
        return words

    def _decoder_layers(self) -> list[Any]:
        return list(self.layers)


@dataclass(frozen=True, slots=True)
class Decoded:
    """What the network makes of one source, beside leaving it as it is."""

    ids: list[int]
    """Word pieces, without the first and the last of the network."""
    gain: float
    """The log-probability of this output less that of the source copied piece by piece."""
    certainty: float
    """Mean log-probability of the pieces that are not the source's or follow where it was left; 0 without any."""


@torch.inference_mode()
def decode(network: CopyingNetwork, sources: Sequence[EncodedWords]) -> list[Decoded | None]:
    """What the network makes of a batch of sources; None where an output did not come to an end."""
    device = network.bias.device
    first, last = sources[0].ids[0], sources[0].ids[-1]
    ids = padded([source.ids for source in sources]).to(device)
    encoded = network.encode(ids, padded([source.cases for source in sources]).to(device))
    pieces, logs = (each.tolist() for each in network.greedy(encoded, first=first, last=last))
    copying = (network.log_probabilities(encoded, ids) * (ids[:, 1:] != 0)).sum(1).tolist()
    return [
        _decoded(source.ids[1:], row, row_logs, copy) if last in row else None
        for source, row, row_logs, copy in zip(sources, pieces, logs, copying, strict=True)
    ]


def padded(rows: Sequence[Sequence[int]]) -> Tensor:
    """The rows as one array of whole numbers, (rows, longest), with 0 at the end of the shorter ones."""
    return nn.utils.rnn.pad_sequence([torch.tensor(row, dtype=torch.long) for row in rows], batch_first=True)


def _decoded(source: list[int], output: list[int], logs: list[float], copying: float) -> Decoded:
    output = output[: output.index(source[-1]) + 1]
    changed: list[float] = []
    for kind, _, _, start, end in SequenceMatcher(None, source, output, autojunk=False).get_opcodes():
        if kind != "equal":
            changed += logs[start : max(end, start + 1)]
    certainty = sum(changed) / len(changed) if changed else 0.0
    return Decoded(output[:-1], sum(logs) - copying, certainty)
