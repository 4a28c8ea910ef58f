"""Whether a folder holds a model that may be loaded: whole, without pickles, without code of its own."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

from posteditor.errors import ModelError

_AGAIN = "Download or copy the model again: hf download OWNER/MODEL --local-dir FOLDER"
_PICKLES = ("pytorch_model*.bin", "*.pt", "*.pth", "*.ckpt", "tf_model.h5", "flax_model.msgpack")
_BLOCK, _BLOCKS = 1 << 16, 64
"""Bytes of a block, and how many of them go into the fingerprint of a large file, evenly spread over it."""
_SMALL = ("*.json", "*.model", "*.txt", "*.jinja", "*.toml")


def check_model_files(folder: Path, config: dict[str, Any]) -> None:
    """Stop before a library gets to see a folder that it should not load.

    Args:
        folder: The model.
        config: Its ``config.json``.

    Raises:
        ModelError: The weights are missing, cut off or pickled, or the model wants to run code of its own.
    """
    if config.get("auto_map"):
        raise ModelError(
            f"{folder}: the model brings code of its own, which is never run (trust_remote_code stays off)",
            hint="Use a model whose architecture transformers knows, or serve this one and name it openai:MODEL@URL.",
        )
    index = folder / "model.safetensors.index.json"
    names = _shards(index) if index.is_file() else ["model.safetensors"]
    for name in names:
        _check_weights(folder, name)


def files_fingerprint(folder: Path) -> str:
    """A short hash of what decides the answers: small files whole, of weights blocks from all over the file.

    Hashing gigabytes would take longer than loading them; training changes weights everywhere.
    """
    digest = sha256()
    for path in sorted({path for pattern in (*_SMALL, "*.safetensors") for path in folder.glob(pattern)}):
        size = path.stat().st_size
        digest.update(f"{path.name} {size}\n".encode())
        with path.open("rb") as data:
            for block in range(_BLOCKS if size > _BLOCK * _BLOCKS else 1):
                data.seek(block * (size - _BLOCK) // (_BLOCKS - 1))
                digest.update(data.read(_BLOCK if size > _BLOCK * _BLOCKS else size))
    return digest.hexdigest()[:16]


def _shards(index: Path) -> list[str]:
    try:
        names = sorted({str(name) for name in json.loads(index.read_text(encoding="utf-8"))["weight_map"].values()})
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(f"{index}: can't be read: {error}", hint=_AGAIN) from error
    if any("/" in name or "\\" in name for name in names):
        raise ModelError(f"{index}: names a file outside the model's folder", hint=_AGAIN)
    return names


def _check_weights(folder: Path, name: str) -> None:
    from safetensors import SafetensorError, safe_open

    path = folder / name
    if not path.is_file():
        pickled = next((found.name for pattern in _PICKLES for found in folder.glob(pattern)), None)
        if pickled:
            raise ModelError(
                f"{folder}: its weights are pickled ({pickled}); a pickle can run any program and is never loaded",
                hint="Convert them to model.safetensors, or choose a model that has them.",
            )
        raise ModelError(f"{path}: can't be read: there is no such file", hint=_AGAIN)
    try:
        with safe_open(path, "pt") as weights:
            weights.keys()
    except (SafetensorError, OSError) as error:
        raise ModelError(f"{path}: is cut off or broken: {error}", hint=_AGAIN) from error
