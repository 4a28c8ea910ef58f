"""Loading a model of transformers from a folder: nothing from the network, no pickles, no foreign code, in float32."""

import logging
import os
import warnings
from pathlib import Path
from types import TracebackType
from typing import Any

import torch
import transformers

from posteditor.errors import ModelError
from posteditor.rewriters.packed_layers import can_pack, pack

log = logging.getLogger(__name__)

DEVICE_VARIABLE = "POSTEDITOR_DEVICE"
"""Environment variable: where models run, such as ``cpu`` or ``cuda:1``; by default a GPU if there is one."""
INT8_VARIABLE = "POSTEDITOR_INT8"
"""Environment variable: ``1`` has linear layers computed with 8-bit weights on a CPU."""
_TOKENIZER_FAULTS = (OSError, ValueError, RuntimeError, LookupError, TypeError, AttributeError, ImportError)
_HINT = "The folder must hold a model that this version of transformers knows, whole and in its own layout."


class _TokenizerFaults:
    """Tells the person of a tokenizer that can't be loaded; its library raises the bare class Exception too."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is Exception or isinstance(error, _TOKENIZER_FAULTS):
            message = f"{self._folder}: its tokenizer can't be loaded: {_line(error)}"
            raise ModelError(message, hint=_HINT) from error


def load_tokenizer(folder: Path) -> Any:
    """The tokenizer in ``folder``.

    Raises:
        ModelError: It is missing or broken.
    """
    with _TokenizerFaults(folder):
        return transformers.AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False)


def load_model(folder: Path, kind: str, *, threads: int | None) -> Any:
    """The model in ``folder``, ready to be used.

    Args:
        folder: In Hugging Face layout.
        kind: The class of transformers that loads it, such as AutoModelForSeq2SeqLM.
        threads: Processor threads; None leaves it to torch. Holds for the whole process.

    Raises:
        ModelError: It can't be loaded, or there is no such device.
    """
    if threads is not None:
        torch.set_num_threads(threads)
    transformers.utils.logging.disable_progress_bar()
    transformers.utils.logging.set_verbosity_error()
    try:
        model = getattr(transformers, kind).from_pretrained(
            folder, local_files_only=True, trust_remote_code=False, use_safetensors=True, dtype=torch.float32
        )
    except (OSError, ValueError, RuntimeError, KeyError, TypeError, ImportError) as error:
        raise ModelError(f"{folder}: the model can't be loaded: {_line(error)}", hint=_HINT) from error
    device = os.environ.get(DEVICE_VARIABLE) or ("cuda" if torch.cuda.is_available() else "cpu")
    try:
        model = model.eval().to(device)
    except (RuntimeError, AssertionError) as error:
        hint = f"Set {DEVICE_VARIABLE}=cpu, or free memory on the device."
        raise ModelError(f"{folder}: can't be put on device {device!r}: {_line(error)}", hint=hint) from error
    quantized = device == "cpu" and os.environ.get(INT8_VARIABLE) == "1"
    if quantized:
        model = _in_eight_bits(model)
    elif device == "cpu" and can_pack():
        pack(model)
    log.info("%s: %s on %s", folder.name, "int8" if quantized else "float32", device)
    return model


def _in_eight_bits(model: Any) -> Any:
    quantize: Any = getattr(torch.ao.quantization, "quantize_dynamic", None)
    if quantize is None:  # announced to go
        raise ModelError(f"this torch ({torch.__version__}) has no 8-bit layers", hint=f"Unset {INT8_VARIABLE}.")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return quantize(model, {torch.nn.Linear}, dtype=torch.qint8)


def _line(error: BaseException | None) -> str:
    return " ".join(str(error).split())[:300]
