"""Draft-guided decoding gives what greedy decoding gives, whatever the draft."""

from functools import cache
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from posteditor.rewriters.draft_decoding import Drafts, draft_guided
from tests.rewriters.tiny_models import VOCABULARY, causal_models, encoder_decoders, made

_TIE = 1e-3
_END = 2
_TOKENS = st.lists(st.integers(3, VOCABULARY - 1), min_size=1, max_size=14)


@cache
def model_of(name: str, seed: int) -> Any:
    return made({**encoder_decoders(), **causal_models()}[name], seed)


def batch_of(texts: list[list[int]], *, pad_left: bool) -> dict[str, torch.Tensor]:
    width = max(map(len, texts))
    ids, mask = [], []
    for text in texts:
        padding = [1] * (width - len(text))
        ids.append(padding + text if pad_left else text + padding)
        mask.append([0] * len(padding) + [1] * len(text) if pad_left else [1] * len(text) + [0] * len(padding))
    return {"input_ids": torch.tensor(ids), "attention_mask": torch.tensor(mask)}


def guided(model: Any, inputs: dict[str, torch.Tensor], tokens: list[list[int]], **more: Any) -> tuple[Any, Drafts]:
    drafts = Drafts(tokens, starts_word=lambda token: token % 2 == 0, is_common=lambda token: token < 8)
    with torch.inference_mode():
        found = model.generate(
            **inputs, **more, do_sample=False, use_cache=False, custom_generate=draft_guided, drafts=drafts
        )
    return found, drafts


def plain(model: Any, inputs: dict[str, torch.Tensor], **more: Any) -> Any:
    with torch.inference_mode():
        return model.generate(
            **inputs, **more, do_sample=False, num_beams=1, return_dict_in_generate=True, output_scores=True
        )


def assert_greedy(found: torch.Tensor, expected: Any, start: int) -> None:
    """Token for token up to the end of each row, or the first difference is a tie of the plain run."""
    assert found.shape[1] <= expected.sequences.shape[1]
    for row in range(len(found)):
        ours, theirs = (_to_the_end(tokens[row, start:].tolist()) for tokens in (found, expected.sequences))
        if ours != theirs:
            place = next(place for place in range(len(ours)) if ours[: place + 1] != theirs[: place + 1])
            best = expected.scores[place][row].topk(2).values
            assert float(best[0] - best[1]) < _TIE, (place, ours, theirs)


def _to_the_end(tokens: list[int], ends: tuple[int, ...] = (_END,)) -> list[int]:
    return next((tokens[: place + 1] for place, token in enumerate(tokens) if token in ends), tokens)


@pytest.mark.parametrize("name", [*encoder_decoders(), *causal_models()])
@settings(max_examples=12)
@given(
    texts=st.lists(_TOKENS, min_size=1, max_size=4),
    seed=st.integers(0, 2),
    changes=st.lists(st.tuples(st.integers(0, 20), st.integers(0, 2), st.integers(3, VOCABULARY - 1)), max_size=5),
    like_output=st.booleans(),
)
def test_any_draft_gives_what_greedy_decoding_gives(
    name: str, texts: list[list[int]], seed: int, changes: list[tuple[int, int, int]], like_output: bool
) -> None:
    model = model_of(name, seed)
    is_causal = name in causal_models()
    inputs = batch_of(texts, pad_left=is_causal)
    expected = plain(model, inputs, max_new_tokens=24)
    start = inputs["input_ids"].shape[1] if is_causal else 1
    drafts = [row.tolist() for row in expected.sequences[:, start:]] if like_output else [list(text) for text in texts]
    for draft in drafts:
        for place, kind, token in changes:
            at = place % (len(draft) + 1)
            draft[at : at + (kind != 0)] = [token] * (kind != 2)
    found, report = guided(model, inputs, drafts, max_new_tokens=24)
    assert_greedy(found, expected, start)
    assert len(report.passes) == len(texts)
