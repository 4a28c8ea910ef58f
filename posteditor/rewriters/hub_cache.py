"""Models that lie in the cache of Hugging Face on this machine, by their hub name. Nothing is downloaded."""

import re
from pathlib import Path

_NAME = re.compile(r"[\w.\-]+/[\w.\-]+")


def cached_model(name: str) -> Path | None:
    """The folder of the newest snapshot of ``name`` (``owner/model``); None when there is none.

    An earlier ``hf download owner/model`` puts it there; ``HF_HOME`` says where the cache is.
    """
    if not _NAME.fullmatch(name):
        return None
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        folder = Path(snapshot_download(name, local_files_only=True))
    except (HFValidationError, LocalEntryNotFoundError, OSError):
        return None
    return folder if (folder / "config.json").is_file() else None
