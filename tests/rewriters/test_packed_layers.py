"""Packed layers compute what the ordinary ones compute, and models decode with them as without."""

import copy

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from posteditor.rewriters.packed_layers import PackedLinear, can_pack, pack
from tests.rewriters.tiny_models import VOCABULARY, encoder_decoders, made

pytestmark = pytest.mark.skipif(not can_pack(), reason="this torch or processor has no such layout")


@settings(max_examples=40)
@given(
    sizes=st.tuples(st.integers(1, 70), st.integers(1, 70)),
    shape=st.lists(st.integers(1, 5), min_size=1, max_size=2),
    bias=st.booleans(),
    seed=st.integers(0, 1000),
)
def test_a_packed_layer_is_the_layer(sizes: tuple[int, int], shape: list[int], bias: bool, seed: int) -> None:
    torch.manual_seed(seed)
    linear = nn.Linear(*sizes, bias=bias).eval()
    states = torch.randn(*shape, sizes[0])
    with torch.inference_mode():
        assert torch.allclose(PackedLinear(linear)(states), linear(states), atol=1e-5)


@pytest.mark.parametrize("name", list(encoder_decoders()))
def test_a_packed_model_gives_the_logits_of_the_model(name: str) -> None:
    model = made(encoder_decoders()[name], 1)
    packed = copy.deepcopy(model)
    assert pack(packed, fewest=1) > 0
    assert not [module for module in packed.modules() if type(module) is nn.Linear]
    ids = torch.arange(3, VOCABULARY - 1)[None, :12]
    with torch.inference_mode():
        expected = model(input_ids=ids, decoder_input_ids=ids).logits
        found = packed(input_ids=ids, decoder_input_ids=ids).logits
    assert torch.allclose(found, expected, atol=1e-4)


def test_small_layers_stay_as_they_are() -> None:
    model = nn.Sequential(nn.Linear(4, 4), nn.Linear(256, 256))
    assert pack(model) == 1
    assert type(model[0]) is nn.Linear
