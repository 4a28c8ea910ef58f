"""Greedy decoding guided by a draft: a post-edit mostly copies, so the mt itself is checked many tokens at once.

The decoder reads a stretch of the draft in one pass and says after each token which one it would have made. What it
agrees with is kept; after the first difference the key-value cache is cropped to what was kept, the draft re-aligned,
and the next stretch read. Each token is the likeliest one given those before it, as in greedy decoding; in float32 the
two differ at most where two tokens are as good as equally likely.

``generate(..., custom_generate=draft_guided, drafts=..., use_cache=False)`` runs it: transformers then prepares inputs,
logits processors and stopping criteria as for its own greedy decoding, but no cache, for each row has one of its own.

Sources: Leviathan et al. (2023), Fast Inference from Transformers via Speculative Decoding (ICML); Sun et al. (2021),
see ``draft_alignment``.
"""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor
from transformers.cache_utils import DynamicCache, EncoderDecoderCache
from transformers.generation.stopping_criteria import EosTokenCriteria, MaxLengthCriteria

from posteditor.rewriters.draft_alignment import DraftAlignment


@dataclass(slots=True)
class ReadBefore:
    """What a causal model has read, so that a prompt that begins alike is not read again."""

    tokens: list[int] = field(default_factory=list)
    cache: Any = None


@dataclass(slots=True)
class Drafts:
    """What guides the decoding of a batch, and what came of it."""

    tokens: Sequence[Sequence[int]]
    """The draft of each row, end of sequence included; an empty one leaves plain greedy decoding."""
    starts_word: Callable[[int], bool]
    is_common: Callable[[int], bool]
    should_stop: Callable[[], bool] = lambda: False
    """Asked before each pass; true ends the decoding where it is."""
    read_before: ReadBefore = field(default_factory=ReadBefore)
    """Left from the row before; hand it on from batch to batch."""
    made: list[list[int]] = field(default_factory=list)
    """Afterwards: the tokens made for each row, those that decoding began with left out."""
    passes: list[int] = field(default_factory=list)
    """Afterwards: how often the decoder ran for each row."""
    finished: list[bool] = field(default_factory=list)
    """Afterwards: whether each row came to its own end, rather than to the greatest length."""
    log_probabilities: list[list[float]] = field(default_factory=list)
    """Afterwards: for each row the natural logarithm of the probability of each token made."""


def draft_guided(
    model: Any,
    input_ids: Tensor,
    logits_processor: Any,
    stopping_criteria: Any,
    generation_config: Any,
    *,
    drafts: Drafts,
    **inputs: Any,
) -> Tensor:
    """The tokens of each row, (rows, longest), padded at the right; called by ``generate``.

    Args:
        model: An encoder-decoder or a causal model of transformers.
        input_ids: Where decoding begins, (rows, tokens).
        logits_processor: As ``generate`` prepared it; applied at every token.
        stopping_criteria: Likewise, looked at after every token.
        generation_config: Likewise.
        drafts: One for each row; the results beside the tokens are left in it.
        inputs: The other arguments of the model's forward pass.
    """
    rows = []
    for row in range(len(input_ids)):
        decoder = _Row(model, input_ids[row : row + 1], inputs, row)
        decoder.take_over(drafts.read_before)
        stopping = _Stopping(stopping_criteria, generation_config, input_ids.device)
        rows.append(_decode(decoder, drafts, row, logits_processor, stopping))
        decoder.hand_on(drafts.read_before, rows[-1])
    pad = generation_config._pad_token_tensor
    return torch.nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=0 if pad is None else int(pad))


def _decode(decoder: "_Row", drafts: Drafts, row: int, processors: Any, stopping: "_Stopping") -> Tensor:
    """All tokens of one row, those that decoding began with included."""
    alignment = DraftAlignment(drafts.tokens[row], drafts.starts_word, drafts.is_common)
    start: list[int] = decoder.start[0].tolist()
    made = list(start)
    logs: list[float] = []
    passes, ended = 0, False
    while not ended and not drafts.should_stop():
        guess = alignment.guess()
        logits = decoder.read([*decoder.unread(made), *guess])[-len(guess) - 1 :].float()
        passes += 1
        tokens, foreseen = _likeliest(logits, made, guess, processors)
        came, ended = stopping.cut(made, tokens)
        made += came
        logs += _log_probabilities(logits, came)
        matched = min(len(came) - (0 if came == guess[: len(came)] else 1), len(guess))
        decoder.forget(len(guess) - matched)
        alignment.came(matched, came[-1], foreseen)
    drafts.made.append(made[len(start) :])
    drafts.passes.append(passes)
    drafts.finished.append(stopping.came_to_its_end)
    drafts.log_probabilities.append(logs)
    return decoder.start.new_tensor(made)


def _likeliest(logits: Tensor, made: list[int], guess: list[int], processors: Any) -> tuple[list[int], list[int]]:
    """The likeliest tokens one after the other, up to the first that was not guessed, that one included.

    Behind them those that would be the likeliest in place of each further token of the guess; none of these where there
    are processors, which would have to be run for each.

    Args:
        logits: After the last token made and after each one guessed, (guess + 1, vocabulary).
        made: The tokens so far.
        guess: The tokens read behind them.
        processors: What changes logits before the choice, by the tokens before them.
    """
    if not processors:
        tokens: list[int] = logits.argmax(-1).tolist()
        matched = next((place for place, token in enumerate(guess) if tokens[place] != token), len(guess))
        return tokens[: matched + 1], tokens[matched + 1 : len(guess)]
    prefix = torch.tensor([[*made, *guess]], device=logits.device)
    found: list[int] = []
    for place in range(len(guess) + 1):
        scores = processors(prefix[:, : len(made) + place], logits[place : place + 1].clone())
        found.append(int(scores.argmax(-1)))
        if place < len(guess) and found[-1] != guess[place]:
            break
    return found, []


def _log_probabilities(logits: Tensor, tokens: list[int]) -> list[float]:
    """Of the tokens, each by its row of the logits, before any processor."""
    rows = logits[: len(tokens)]
    places = torch.tensor(tokens, device=logits.device)[:, None]
    logs: list[float] = (rows.gather(1, places)[:, 0] - rows.logsumexp(-1)).tolist()
    return logs


class _Stopping:
    """Whether a row is at its end."""

    def __init__(self, criteria: Any, generation_config: Any, device: Any) -> None:
        """Take the criteria as ``generate`` prepared them; the usual two are looked at without tensors."""
        ends = generation_config._eos_token_tensor
        self._ends = frozenset() if ends is None else frozenset(ends.flatten().tolist())
        self._longest = min((each.max_length for each in criteria if isinstance(each, MaxLengthCriteria)), default=None)
        usual = (MaxLengthCriteria, EosTokenCriteria)
        self._others = [each for each in criteria if not isinstance(each, usual)]
        self._device = device
        self.came_to_its_end = False

    def cut(self, made: list[int], tokens: list[int]) -> tuple[list[int], bool]:
        """The tokens up to the first after which the row ends, and whether it does."""
        for count, token in enumerate(tokens, start=1):
            self.came_to_its_end = token in self._ends
            too_long = self._longest is not None and len(made) + count >= self._longest
            if self.came_to_its_end or too_long or self._is_ended_otherwise([*made, *tokens[:count]]):
                return tokens[:count], True
        return tokens, False

    def _is_ended_otherwise(self, made: list[int]) -> bool:
        if not self._others:
            return False
        row = torch.tensor([made], device=self._device)
        return any(bool(each(row, None).all()) for each in self._others)


class _Row:
    """One row of a batch with a cache of its own, so that rows need not keep step."""

    def __init__(self, model: Any, start: Tensor, inputs: dict[str, Any], row: int) -> None:
        """Take row ``row`` of the inputs that ``generate`` prepared.

        Padding, which causal models have in front, is not read.
        """
        self._model = model
        self._is_encoder_decoder = bool(model.config.is_encoder_decoder)
        mask = inputs.get("attention_mask")
        seen = slice(None) if mask is None else mask[row].bool()
        parameters = inspect.signature(model.forward).parameters
        self._cache_name = "cache" if "cache" in parameters else "past_key_values"
        if self._is_encoder_decoder:
            self._cache: Any = EncoderDecoderCache(DynamicCache(), DynamicCache())
            states = inputs["encoder_outputs"].last_hidden_state[row][seen][None]
            self._fixed = {"encoder_outputs": type(inputs["encoder_outputs"])(last_hidden_state=states)}
            self._name = "decoder_input_ids"
            self._padding = 0
        else:
            self._cache = DynamicCache()
            self._fixed = {}
            self._name = "input_ids"
            self._padding = 0 if mask is None else start.shape[1] - int(mask[row].sum())
        self.start = start
        self._read = 0

    def take_over(self, before: ReadBefore) -> None:
        """Keep of what was read before what this row begins with too. Only causal models can: encoders read it all."""
        cache, tokens = before.cache, before.tokens
        before.cache, before.tokens = None, []  # whatever happens on the way, nothing half done is left
        if self._is_encoder_decoder or cache is None:
            return
        mine = self.unread(self.start[0].tolist())
        same = next((place for place, pair in enumerate(zip(mine, tokens, strict=False)) if pair[0] != pair[1]), None)
        shared = min(len(mine) - 1, len(tokens)) if same is None else min(same, len(mine) - 1)
        if shared:
            if shared < len(tokens):
                cache.crop(shared - len(tokens))
            self._cache, self._read = cache, shared

    def hand_on(self, before: ReadBefore, made: Tensor) -> None:
        """Leave what was read to the next row."""
        if not self._is_encoder_decoder:
            before.cache = self._cache
            before.tokens = made[self._padding : self._padding + self._read].tolist()

    def unread(self, made: list[int]) -> list[int]:
        """The tokens made that the decoder has not read yet."""
        return made[self._padding + self._read :]

    def read(self, tokens: Sequence[int]) -> Tensor:
        """Run the decoder over tokens; logits after each of them, (tokens, vocabulary)."""
        ids = torch.tensor([list(tokens)], device=self.start.device)
        arguments = {self._name: ids, self._cache_name: self._cache, "use_cache": True, "return_dict": True}
        logits: Tensor = self._model(**self._fixed, **arguments).logits[0]
        self._read += len(tokens)
        return logits

    def forget(self, count: int) -> None:
        """Take the last tokens read out of the cache."""
        if count:
            cache = self._cache.self_attention_cache if self._is_encoder_decoder else self._cache
            cache.crop(-count)
            self._read -= count
