"""The tagger's network as it is trained: an encoder, a detector of faults, and classes for what to do about them.

Whether a slot needs an edit is one question, which edit it needs another: the wide output layer is asked only where
there is something to do, in training as in use. Its classes are of two kinds. Frequent tags have rows of their own;
``WORD`` tags, any word of the encoder's vocabulary in place of this one, share one matrix that carries a hidden state
into the space of the word embeddings, so that a word which training hardly ever asked for can still be found.

Sources: Omelianchuk et al. (2020), GECToR (BEA), for the detection layer; Press and Wolf (2017), Using the Output
Embedding to Improve Language Models (EACL), for tied rows.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from posteditor.errors import ModelError
from posteditor.rewriters.tag_encoder import CASES
from posteditor.training.tagged_data import Batch

_DETECTOR_WIDTH = 192
_OTHER = 0
"""Among edits the class of keep stands for an edit that no known tag expresses."""


class TaggerModel(nn.Module):
    """Encoder and heads; the names of its weights are those of the model file."""

    def __init__(self, encoder: Any, labels: Sequence[str], word_ids: Tensor) -> None:
        """Put fresh heads on ``encoder``.

        Args:
            encoder: A BertModel without pooler.
            labels: The classes, those with rows of their own first.
            word_ids: For each class after those the word piece that it puts, (words,).
        """
        super().__init__()
        width = encoder.config.hidden_size
        self.labels = tuple(labels)
        self.bert = encoder
        self.classifier = nn.Linear(width, len(labels) - len(word_ids))
        self.detector = _Detector(width)
        self.words = WordHead(width, word_ids) if len(word_ids) else None
        for linear in (self.classifier, self.detector.inner, self.detector.out):
            nn.init.normal_(linear.weight, std=0.02)
            nn.init.zeros_(linear.bias)

    def head_parameters(self) -> list[nn.Parameter]:
        """What starts from nothing."""
        return [weight for name, weight in self.named_parameters() if not name.startswith("bert.")]

    def class_logits(self, states: Tensor) -> Tensor:
        """Logits of all classes for hidden states, (rows, width) to (rows, classes)."""
        own = self.classifier(states)
        if self.words is None:
            return own  # type: ignore[no-any-return]
        tied = self.words(states, self.bert.embeddings.word_embeddings.weight)
        return torch.cat((own, tied), dim=-1)

    def loss(self, batch: Batch, device: torch.device) -> Tensor:
        """Mean negative log-likelihood per slot, a scalar.

        Slots are picked out before the heads, and those to be edited before the wide one: most pieces have no class
        and most slots are kept, and masking them afterwards would cost more than the encoder does.
        """
        ids, cases, mask, places, edited, classes = (
            torch.from_numpy(array).to(device, non_blocking=True)
            for array in (batch.ids, batch.cases, batch.mask, batch.places, batch.edited, batch.classes)
        )
        hidden = self.bert(input_ids=ids, token_type_ids=cases, attention_mask=mask).last_hidden_state
        picked = hidden.reshape(-1, hidden.shape[-1]).index_select(0, places)  # (slots, width)
        needed = torch.zeros(len(picked), device=device).index_fill_(0, edited, 1.0)
        found = self.detector(picked).float()
        loss = nn.functional.binary_cross_entropy_with_logits(found, needed, reduction="sum")
        if len(edited):
            logits = self.class_logits(picked.index_select(0, edited)).float()
            loss = loss + nn.functional.cross_entropy(logits, classes, reduction="sum")
        return loss / len(picked)


class _Detector(nn.Module):
    """Whether a slot needs an edit, as a logit."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.inner = nn.Linear(width, _DETECTOR_WIDTH)
        self.out = nn.Linear(_DETECTOR_WIDTH, 1)

    def forward(self, states: Tensor) -> Tensor:
        """Hidden states, (rows, width), to logits, (rows,)."""
        logits: Tensor = self.out(nn.functional.gelu(self.inner(states)))[:, 0]
        return logits


class WordHead(nn.Module):
    """Logits of words as products with their embeddings."""

    ids: Tensor

    def __init__(self, width: int, ids: Tensor) -> None:
        super().__init__()
        self.register_buffer("ids", ids.to(torch.int32))
        self.weight = nn.Parameter(torch.eye(width))
        self.bias = nn.Parameter(torch.full((len(ids),), -4.0))

    def forward(self, states: Tensor, embeddings: Tensor) -> Tensor:
        """Hidden states, (rows, width), to logits, (rows, words), by all word embeddings, (pieces, width)."""
        rows = embeddings.index_select(0, self.ids)
        return nn.functional.linear(nn.functional.linear(states, self.weight), rows, self.bias)


def new_model(folder: Path, labels: Sequence[str], word_ids: Sequence[int], *, dropout: float) -> TaggerModel:
    """A tagger over the encoder in ``folder``, with its heads where that is a tagger too.

    Args:
        folder: A BERT encoder or one of our taggers, in Hugging Face layout.
        labels: The classes, those with rows of their own first.
        word_ids: The word pieces of the others.
        dropout: 0-1, inside the encoder.

    Raises:
        ModelError: The encoder can't be loaded, or its heads belong to other classes.
    """
    from transformers.models.bert.modeling_bert import BertModel

    try:
        encoder, _ = BertModel.from_pretrained(
            folder,
            add_pooling_layer=False,
            hidden_dropout_prob=dropout,
            attention_probs_dropout_prob=0.0,
            # Fused attention is slower than the plain one backwards on a CPU, and much faster on a GPU.
            attn_implementation="sdpa" if torch.cuda.is_available() else "eager",
            local_files_only=True,
            dtype=torch.float32,
            output_loading_info=True,  # keeps it from telling which weights of the file it has no use for
        )
        if encoder.config.type_vocab_size != CASES:
            _widen_token_types(encoder)
        model = TaggerModel(encoder, labels, torch.tensor(word_ids, dtype=torch.int32))
        _load_heads(model, folder)
    except (OSError, ValueError, RuntimeError) as error:
        raise ModelError(f"{folder}: can't be loaded as a BERT encoder: {error}", hint="Check base_model.") from error
    return model


def _load_heads(model: TaggerModel, folder: Path) -> None:
    stored = _stored(folder)
    heads = {name: value.float() for name, value in stored.items() if not name.startswith("bert.")}
    if "classifier.weight" in heads:
        heads.pop("words.ids", None)
        model.load_state_dict(heads, strict=False)


def _stored(folder: Path) -> Mapping[str, Tensor]:
    from safetensors.torch import load_file

    path = folder / "model.safetensors"
    return load_file(path) if path.is_file() else {}


def _widen_token_types(encoder: Any) -> None:
    """Make room for one token type per letter case; all begin as the encoder's first one."""
    old = encoder.embeddings.token_type_embeddings
    new = nn.Embedding(CASES, old.embedding_dim)
    with torch.no_grad():
        new.weight.copy_(old.weight[0].expand(CASES, -1))
    encoder.embeddings.token_type_embeddings = new
    encoder.config.type_vocab_size = CASES
