"""Linear layers with their weights laid out as oneDNN reads them, for a processor.

Draft-guided decoding multiplies a dozen rows at a time with each weight. The ordinary layer has the weight laid out
anew for each such product, which for an output layer takes three times as long as the product itself
(``tests/benchmarks/bench_draft_decoding.py``). Numbers differ from the ordinary layer's by rounding only.
"""

import platform
from typing import Any

import torch
from torch import Tensor, nn

_FEWEST = 1 << 14
"""Weights of a layer that is worth the trouble."""


class PackedLinear(nn.Module):
    """What a linear layer computes, without gradients."""

    def __init__(self, linear: nn.Linear) -> None:
        """Take the weight, (out, in), and the bias of a layer in float32 on the processor."""
        super().__init__()
        self.in_features, self.out_features = linear.in_features, linear.out_features
        # Not a parameter: such tensors can be neither saved nor moved. Models ask for its type only.
        self.weight = torch.ops.mkldnn._reorder_linear_weight(linear.weight.detach())
        self.bias = None if linear.bias is None else linear.bias.detach()

    def forward(self, states: Tensor) -> Tensor:
        """States (..., in) to (..., out)."""
        product: Tensor = torch.ops.mkldnn._linear_pointwise(states, self.weight, self.bias, "none", [], "")
        return product


def can_pack() -> bool:
    """Whether this torch has the layout; the two operations are torch's own compiler's and not promised to anybody."""
    backend: Any = torch.backends.mkldnn
    if platform.machine() not in ("x86_64", "AMD64") or not backend.is_available():
        return False
    return all(hasattr(torch.ops.mkldnn, name) for name in ("_reorder_linear_weight", "_linear_pointwise"))


def pack(model: Any, fewest: int = _FEWEST) -> int:
    """Replace the large linear layers of a model, and say how many.

    Args:
        model: In float32 on the processor, for inference only. Weights that other layers share, such as embeddings,
            stay where they are as well.
        fewest: Weights that a layer must have to be replaced.
    """
    count = 0
    for module in list(model.modules()):
        for name, child in list(module.named_children()):
            if type(child) is nn.Linear and child.weight.numel() >= fewest:
                setattr(module, name, PackedLinear(child))
                count += 1
    return count
