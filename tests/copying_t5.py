"""A small T5 whose weights are so shaped that it copies its input, without any training.

Every hidden state holds the code of its own word piece, those of the two pieces before it, and that of the piece to be
written next. The encoder's first layer brings the codes of the pieces before to each place; the decoder looks for the
place whose pieces before are those that it has just written, and takes the piece that stands there.
"""

from typing import Any

import torch
from transformers import T5Config, T5ForConditionalGeneration

_BACK = 10.0
"""The bias of a head towards its place."""
_CODE = 64
_NORM = 16.0
"""Of a code: so large that the piece to be written stands out in the output layer, whose rows the codes are."""
_OWN, _BEFORE, _TWICE, _NEXT = (slice(part * _CODE, (part + 1) * _CODE) for part in range(4))
_WIDTH = 6 * _CODE


def copying_t5(pieces: int, *, start: int, reads_as: dict[int, int] | None = None) -> T5ForConditionalGeneration:
    """The model, of 13 million weights where there are 8000 pieces.

    Args:
        pieces: The size of the vocabulary; piece 0 is padding and piece 1 the end.
        start: The piece that inputs and outputs begin with.
        reads_as: Pieces that are taken for others, so that the others are written in their place.
    """
    config = T5Config(
        vocab_size=pieces,
        d_model=_WIDTH,
        d_kv=_CODE,
        d_ff=2 * _WIDTH,
        num_layers=3,
        num_decoder_layers=2,
        num_heads=_WIDTH // _CODE,
        dropout_rate=0.0,
        decoder_start_token_id=start,
    )
    model = T5ForConditionalGeneration(config).eval()
    with torch.no_grad():
        codes = torch.randn(pieces, _CODE)
        codes *= _NORM / codes.norm(dim=1, keepdim=True)
        for piece, other in (reads_as or {}).items():
            codes[piece] = 0.9 * codes[other]  # weaker, so that the other is the likelier one to be written
        _shape(model, codes)
    return model


def _shape(model: Any, codes: torch.Tensor) -> None:
    for name, weight in model.named_parameters():
        if name.endswith(("wo.weight", ".o.weight")):
            weight *= 0.1  # what is random disturbs little
    model.shared.weight.zero_()
    model.shared.weight[:, _OWN] = codes
    for stack, heads in ((model.encoder, ((1, _BEFORE), (2, _TWICE))), (model.decoder, ((1, _BEFORE),))):
        attention = stack.block[0].layer[0].SelfAttention
        for head, (back, place) in enumerate(heads):
            _look_back(attention, head, back)
            _carry(attention, head, _OWN, place, _NORM / _WIDTH**0.5)
    _find_what_follows(model.decoder.block[0].layer[1].EncDecAttention)
    # The output layer has the rows of the embeddings: at the end the code of the next piece takes the place of the own.
    last = model.decoder.block[1].layer[0].SelfAttention
    for head, place, factor in ((1, _OWN, -1.0), (2, _NEXT, 3.0)):
        _look_back(model.decoder.block[0].layer[0].SelfAttention, head, 0)
        _carry(last, head, place, _OWN, factor)


def _find_what_follows(cross: Any) -> None:
    """Match own code and the one before in the decoder with the two codes before in the encoder, half a code a head."""
    half = _CODE // 2
    for head in range(2):
        _carry(cross, head, _OWN, _NEXT, 0.09 * _NORM)
        part = slice(head * half, (head + 1) * half)
        for weight, first, second in ((cross.q.weight, _OWN, _BEFORE), (cross.k.weight, _BEFORE, _TWICE)):
            rows = weight[head * _CODE : (head + 1) * _CODE]
            rows.zero_()
            rows[:half, first][:, part] = torch.eye(half) * 0.4
            rows[half:, second][:, part] = torch.eye(half) * 0.24


def _look_back(attention: Any, head: int, pieces: int) -> None:
    """Let a head look at the piece so many places before; all layers of its stack share this."""
    attention.relative_attention_bias.weight[:, head] = -_BACK
    attention.relative_attention_bias.weight[pieces, head] = _BACK


def _carry(attention: Any, head: int, source: slice, target: slice, factor: float) -> None:
    """Let a head bring one part of a state into another part."""
    rows = slice(head * _CODE, (head + 1) * _CODE)
    attention.v.weight[rows] = 0
    attention.v.weight[rows, source] = torch.eye(_CODE)
    attention.o.weight[:, rows] = 0
    attention.o.weight[target, rows] = torch.eye(_CODE) * factor
