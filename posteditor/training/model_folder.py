"""Writing a tagger as a model folder in plain Hugging Face layout, in one step: the folder is complete or not there."""

import json
import shutil
from pathlib import Path
from typing import Any

import torch
from torch import nn

from posteditor.rewriters.tagger_settings import TaggerSettings, write_settings

_TOKENIZER_FILES = ("tokenizer.json", "tokenizer_config.json")
_READABLE = 0o644
"""Safetensors are written for their owner alone."""


def write_model(model: nn.Module, settings: TaggerSettings, tokenizer: Path, folder: Path) -> None:
    """Put weights, config, tokenizer and settings into ``folder``; its other files stay.

    Args:
        model: BertForTokenClassification; stored in half precision, which changes no tag that matters and halves the
            file.
        settings: Thresholds and language.
        tokenizer: The folder whose tokenizer the model was trained with.
        folder: Where to; replaced file by file, each whole, the weights last.
    """
    staging = folder.with_name(folder.name + ".part")
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(parents=True)
    folder.mkdir(parents=True, exist_ok=True)
    _write_weights(model, staging)
    for name in _TOKENIZER_FILES:
        if (tokenizer / name).is_file():
            shutil.copyfile(tokenizer / name, staging / name)
    write_settings(staging, settings)
    for path in sorted(staging.iterdir(), key=lambda path: path.suffix == ".safetensors"):
        path.chmod(_READABLE)
        path.replace(folder / path.name)
    staging.rmdir()


def _write_weights(model: Any, folder: Path) -> None:
    from safetensors.torch import save_file

    weights = {name: value.detach().cpu().to(torch.float16).contiguous() for name, value in model.state_dict().items()}
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    config = model.config.to_diff_dict() | {"architectures": ["BertForTokenClassification"], "dtype": "float16"}
    labels = [model.config.id2label[number] for number in range(model.config.num_labels)]
    config["id2label"] = {str(number): label for number, label in enumerate(labels)}
    config["label2id"] = {label: number for number, label in enumerate(labels)}
    text = json.dumps(dict(sorted(config.items())), indent=1, ensure_ascii=False)
    (folder / "config.json").write_text(text + "\n", encoding="utf-8")
