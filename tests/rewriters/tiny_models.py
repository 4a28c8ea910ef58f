"""Small models of several architectures with random weights, made on the spot."""

from collections.abc import Callable
from typing import Any

import torch

VOCABULARY = 60


def encoder_decoders() -> dict[str, Callable[[], Any]]:
    """By name, what makes the model."""
    from transformers import (
        BartConfig,
        BartForConditionalGeneration,
        M2M100Config,
        M2M100ForConditionalGeneration,
        MarianConfig,
        MarianMTModel,
        MBartConfig,
        MBartForConditionalGeneration,
        MT5Config,
        MT5ForConditionalGeneration,
        T5Config,
        T5ForConditionalGeneration,
    )

    t5 = {
        "vocab_size": VOCABULARY,
        "d_model": 32,
        "d_kv": 8,
        "d_ff": 48,
        "num_layers": 2,
        "num_heads": 4,
        "dropout_rate": 0.0,
        "decoder_start_token_id": 0,
    }
    bart = {
        "vocab_size": VOCABULARY,
        "d_model": 32,
        "encoder_layers": 2,
        "decoder_layers": 2,
        "encoder_attention_heads": 4,
        "decoder_attention_heads": 4,
        "encoder_ffn_dim": 48,
        "decoder_ffn_dim": 48,
        "max_position_embeddings": 128,
        "init_std": 0.3,
        "pad_token_id": 1,
        "bos_token_id": 0,
        "eos_token_id": 2,
    }
    return {
        "t5": lambda: T5ForConditionalGeneration(T5Config(**t5)),
        "mt5": lambda: MT5ForConditionalGeneration(MT5Config(**t5, feed_forward_proj="gated-gelu")),
        "bart": lambda: BartForConditionalGeneration(BartConfig(**bart, forced_bos_token_id=0)),
        "mbart": lambda: MBartForConditionalGeneration(MBartConfig(**bart)),
        "m2m100": lambda: M2M100ForConditionalGeneration(M2M100Config(**bart, decoder_start_token_id=2)),
        "marian": lambda: MarianMTModel(
            MarianConfig(**{**bart, "pad_token_id": 1}, decoder_start_token_id=1, forced_eos_token_id=None)
        ),
    }


def causal_models() -> dict[str, Callable[[], Any]]:
    """By name, what makes the model."""
    from transformers import (
        GPT2Config,
        GPT2LMHeadModel,
        LlamaConfig,
        LlamaForCausalLM,
        MistralConfig,
        MistralForCausalLM,
        Qwen2Config,
        Qwen2ForCausalLM,
    )

    llama = {
        "vocab_size": VOCABULARY,
        "hidden_size": 32,
        "intermediate_size": 48,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "max_position_embeddings": 256,
        "initializer_range": 0.3,
        "pad_token_id": 1,
        "bos_token_id": 0,
        "eos_token_id": 2,
    }
    gpt2 = {"n_embd": 32, "n_layer": 2, "n_head": 4, "n_positions": 256, "initializer_range": 0.3}
    return {
        "llama": lambda: LlamaForCausalLM(LlamaConfig(**llama)),
        "qwen2": lambda: Qwen2ForCausalLM(Qwen2Config(**llama)),
        "mistral": lambda: MistralForCausalLM(MistralConfig(**llama, sliding_window=12)),
        "gpt2": lambda: GPT2LMHeadModel(
            GPT2Config(vocab_size=VOCABULARY, bos_token_id=0, eos_token_id=2, pad_token_id=1, **gpt2)
        ),
    }


def made(model: Callable[[], Any], seed: int) -> Any:
    """The model with weights drawn by ``seed``, large enough that its answers depend on what it reads."""
    torch.manual_seed(seed)
    network = model().eval()
    with torch.no_grad():
        for name, weight in network.named_parameters():
            if weight.dim() > 1 and "norm" not in name:
                weight.normal_(std=0.3)
    return network
