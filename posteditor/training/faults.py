"""What goes wrong in the machine while a model is trained, in words that say what to do."""

import errno
from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path

import torch

from posteditor.errors import ModelError, UsageError

_NO_MEMORY = ("can't allocate memory", "not enough memory", "out of memory")
_NO_DISK = ("file write failed", "unexpected pos", "No space left")
"""As torch says it when a checkpoint can't be written to the end."""


@contextmanager
def faults_told(work: Path, batch_pieces: int) -> Iterator[None]:
    """Turn a lack of memory or disk inside the block into an error for the person.

    Args:
        work: The folder with the checkpoint.
        batch_pieces: The recipe's.

    Raises:
        ModelError: There was not enough memory.
        UsageError: The disk is full.
    """
    try:
        yield
    except (MemoryError, torch.OutOfMemoryError, BrokenProcessPool) as error:  # the kernel ends a greedy worker
        raise _no_memory(work, batch_pieces) from error
    except RuntimeError as error:
        if any(words in str(error) for words in _NO_MEMORY):
            raise _no_memory(work, batch_pieces) from error
        if any(words in str(error) for words in _NO_DISK):
            raise _no_disk(work) from error
        raise
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise _no_disk(work) from error
        if error.errno == errno.ENOMEM:
            raise _no_memory(work, batch_pieces) from error
        raise


def _no_memory(work: Path, batch_pieces: int) -> ModelError:
    return ModelError(
        f"there is not enough memory to go on with batch_pieces = {batch_pieces}",
        hint=f"What was done is kept in {work}: close other programs and run the same command to go on. If that does "
        f"not help, lower batch_pieces (to {max(batch_pieces // 2, 1)}, say) and begin again with another --work.",
    )


def _no_disk(work: Path) -> UsageError:
    return UsageError(
        "the disk is full", hint=f"Free some space and run the same command: it goes on from what is kept in {work}."
    )
