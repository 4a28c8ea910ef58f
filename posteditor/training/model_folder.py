"""Writing a tagger as a model folder in plain Hugging Face layout, in one step: the folder is complete or not there."""

import json
import shutil
from pathlib import Path

import torch

from posteditor.rewriters.tagger_settings import TaggerSettings, write_settings
from posteditor.training.tagger_model import TaggerModel

_TOKENIZER_FILES = ("tokenizer.json", "tokenizer_config.json")
_READABLE = 0o644
"""Safetensors are written for their owner alone."""


def write_model(model: TaggerModel, settings: TaggerSettings, tokenizer: Path, folder: Path) -> None:
    """Put weights, config, tokenizer and settings into ``folder``; its other files stay.

    Args:
        model: Stored in half precision, which changes no tag that matters and halves the file.
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


def _write_weights(model: TaggerModel, folder: Path) -> None:
    from safetensors.torch import save_file

    weights = {name: _stored(value) for name, value in model.state_dict().items()}
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    config = model.bert.config.to_diff_dict() | {"architectures": ["EditTagger"], "dtype": "float16"}
    config.pop("label2id", None)
    config["id2label"] = {str(number): label for number, label in enumerate(model.labels)}
    text = json.dumps(dict(sorted(config.items())), indent=1, ensure_ascii=False)
    (folder / "config.json").write_text(text + "\n", encoding="utf-8")


def _stored(value: torch.Tensor) -> torch.Tensor:
    value = value.detach().cpu()
    return (value.to(torch.float16) if value.is_floating_point() else value).contiguous()
