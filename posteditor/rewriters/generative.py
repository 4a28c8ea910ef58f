"""What rewriters share that make a new text with a model of transformers: batches, drafts, time, and hunks.

A family says how a segment becomes the model's input and what the draft of its answer is (``Task``).
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any, Protocol

import torch

from posteditor.core.segment import Segment
from posteditor.core.suggestion import Suggestion, suggestion_from_edits
from posteditor.rewriters.draft_decoding import Drafts, ReadBefore, draft_guided
from posteditor.rewriters.generated_text import Confidences, decoded, hunks, ordinary

log = logging.getLogger(__name__)

_FIRST_CHUNK, _CHUNK = 4, 64
"""Segments looked at together: few at first, since somebody may be waiting."""
_BATCH_TOKENS = 2048
"""Input tokens in a batch, padding included."""
_LONGEST_WORDS = 3000
_ROOM = 1.5
"""The answer may be so many times as long as the draft, and a few tokens more."""
_MORE_ROOM = 16
_COMMON = 0.01
"""The share of a vocabulary, which lists frequent pieces first, that counts as common."""


@dataclass(frozen=True, slots=True)
class Task:
    """One segment as the model gets it."""

    input_ids: list[int]
    draft: list[int]
    """The mt as the answer would be tokenized, end of sequence included."""
    copied: str
    """The mt as it comes out of the tokenizer."""


class Family(Protocol):
    """What a family adds to the generation that all share."""

    model: Any
    tokenizer: Any
    pads_left: bool

    def task(self, segment: Segment) -> Task:
        """The input for a segment; ValueError with a reason for the person where there can be none."""
        ...

    def arguments(self) -> dict[str, Any]:
        """More arguments of ``generate``."""
        ...

    def answer(self, text: str, segment: Segment) -> str:
        """The rewrite in the text that the model made."""
        ...


class GenerativeRewriter:
    """A rewriter around a generative model; see ``Rewriter`` for what it promises."""

    def __init__(
        self, family: Family, *, name: str, revision: str, target_languages: tuple[str, ...], threshold: float
    ) -> None:
        """Take a loaded model; edits less certain than ``threshold`` (0-1) are left out."""
        self.name = name
        self.revision = revision
        self.target_languages = target_languages
        self._family: Family | None = family
        self._threshold = threshold
        self._is_common = int(len(family.tokenizer) * _COMMON)
        self._read_before = ReadBefore()
        self._word_starts = _word_starts(family.tokenizer)

    def rewrite(
        self, segments: Sequence[Segment], *, should_stop: Callable[[], bool] = lambda: False
    ) -> Iterator[Suggestion]:
        """One suggestion per segment, in order, a chunk of segments at a time."""
        start, size = 0, _FIRST_CHUNK
        while start < len(segments):
            chunk = segments[start : start + size]
            start, size = start + size, _CHUNK
            answers = self._chunk(chunk, should_stop)
            if answers is None:
                return
            yield from answers

    def close(self) -> None:
        """Free the model."""
        self._family = None

    def _chunk(self, segments: Sequence[Segment], should_stop: Callable[[], bool]) -> list[Suggestion] | None:
        """The suggestions for the segments, None when stopped in between."""
        found: dict[int, Suggestion] = {}
        tasks: dict[int, Task] = {}
        for index, segment in enumerate(segments):
            untouched = Suggestion(text=segment.mt, edits=(), rewriter=self.name)
            if not any(character.isalnum() for character in segment.mt):
                found[index] = untouched
                continue
            try:
                tasks[index] = self._task(segment)
            except ValueError as error:
                found[index] = replace(untouched, error=str(error))
        for batch in _batches(tasks):
            if should_stop():
                return None
            started = perf_counter()
            members = [(segments[index], tasks[index]) for index in batch]
            answers = self._answers(members, should_stop)
            if should_stop():
                return None
            seconds = (perf_counter() - started) / len(batch)
            found |= {index: replace(answer, seconds=seconds) for index, answer in zip(batch, answers, strict=True)}
        return [found[index] for index in range(len(segments))]

    def _task(self, segment: Segment) -> Task:
        count = len(segment.mt.split())
        if count > _LONGEST_WORDS:
            raise ValueError(f"the segment has {count} words; more than {_LONGEST_WORDS} are not rewritten")
        family = self._loaded()
        task = family.task(segment)
        room = _room(len(task.draft))
        needed = (
            max(len(task.input_ids), room) if family.model.config.is_encoder_decoder else len(task.input_ids) + room
        )
        most = _most_positions(family.model)
        if most and needed > most:
            raise ValueError(f"the segment and its answer need room for {needed} word pieces; the model has {most}")
        return task

    def _answers(self, members: list[tuple[Segment, Task]], should_stop: Callable[[], bool]) -> list[Suggestion]:
        """The suggestions of a batch; where a GPU's memory runs out, of its halves, and at last on the processor."""
        model = self._loaded().model
        try:
            drafts = self._generate([task for _, task in members], should_stop)
        except torch.cuda.OutOfMemoryError:
            torch.cuda.empty_cache()
            if len(members) > 1:
                log.warning("out of GPU memory with %d segments at once: going on with half as many", len(members))
                half = len(members) // 2
                return [*self._answers(members[:half], should_stop), *self._answers(members[half:], should_stop)]
            if model.device.type == "cpu":
                raise
            log.warning("out of GPU memory with a single segment: going on on the processor")
            model.to("cpu")
            return self._answers(members, should_stop)
        rows = zip(members, drafts.made, drafts.finished, drafts.log_probabilities, strict=True)
        return [self._suggestion(*member, made, finished, logs) for member, made, finished, logs in rows]

    def _generate(self, tasks: list[Task], should_stop: Callable[[], bool]) -> Drafts:
        """Run the model; the answers are left in the drafts."""
        family = self._loaded()
        starts = self._word_starts.__contains__
        drafts = Drafts([task.draft for task in tasks], starts, self._common, should_stop, self._read_before)
        inputs = _padded([task.input_ids for task in tasks], family.tokenizer.pad_token_id or 0, left=family.pads_left)
        with torch.inference_mode():
            family.model.generate(
                **{name: value.to(family.model.device) for name, value in inputs.items()},
                **family.arguments(),
                max_new_tokens=_room(max(len(task.draft) for task in tasks)),
                do_sample=False,
                num_beams=1,
                use_cache=False,  # none of transformers': every row has its own
                custom_generate=draft_guided,
                drafts=drafts,
            )
        return drafts

    def _common(self, token: int) -> bool:
        return token < self._is_common

    def _suggestion(
        self, segment: Segment, task: Task, tokens: list[int], finished: bool, logs: list[float]
    ) -> Suggestion:
        if not finished:
            untouched = Suggestion(text=segment.mt, edits=(), rewriter=self.name)
            return replace(untouched, error="truncated: the model did not come to the end of its answer")
        family = self._loaded()
        ids, logs = ordinary(family.tokenizer, tokens, logs)
        rewrite = family.answer(decoded(family.tokenizer, ids), segment).strip()
        confidences = Confidences(family.tokenizer, ids, logs, rewrite)
        found = hunks(segment.mt, rewrite, task.copied, confidences)
        sure = [edit for edit in found if edit.confidence >= self._threshold]
        return suggestion_from_edits(segment.mt, sure, self.name)

    def _loaded(self) -> Family:
        if self._family is None:
            raise RuntimeError("the rewriter has been closed")
        return self._family


def _room(draft: int) -> int:
    """The most tokens of an answer."""
    return int(_ROOM * draft) + _MORE_ROOM


def _batches(tasks: dict[int, Task]) -> Iterator[list[int]]:
    """The numbers of the tasks, those of like length together, so many at once as there is room for."""
    batch: list[int] = []
    for index in sorted(tasks, key=lambda index: (len(tasks[index].input_ids), index)):
        if batch and (len(batch) + 1) * len(tasks[index].input_ids) > _BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch


def _padded(rows: list[list[int]], pad: int, *, left: bool) -> dict[str, torch.Tensor]:
    """The rows as ``input_ids`` and ``attention_mask``, (rows, longest)."""
    width = max(map(len, rows))
    ids, mask = [], []
    for row in rows:
        blank, seen = [pad] * (width - len(row)), [1] * len(row)
        unseen = [0] * len(blank)
        ids.append(blank + row if left else row + blank)
        mask.append(unseen + seen if left else seen + unseen)
    return {"input_ids": torch.tensor(ids), "attention_mask": torch.tensor(mask)}


def _word_starts(tokenizer: Any) -> frozenset[int]:
    """The pieces that begin a word, in the writing of SentencePiece and of byte-level BPE."""
    return frozenset(number for piece, number in tokenizer.get_vocab().items() if piece[:1] in ("▁", "Ġ"))


def _most_positions(model: Any) -> int:
    """How many tokens the model can read; 0 where there is no such limit."""
    config = model.config
    for name in ("max_position_embeddings", "n_positions"):
        value = getattr(config, name, None)
        if isinstance(value, int) and config.model_type not in ("t5", "mt5", "umt5", "longt5"):
            return value
    return 0
