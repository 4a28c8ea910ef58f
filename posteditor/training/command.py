"""The command that trains a model, without its options: shared by ``posteditor train`` and the bare module."""

import time
from collections.abc import Callable
from pathlib import Path

from transformers.utils import logging as transformers_logging

from posteditor.training.recipe import read_recipe
from posteditor.training.running import run_recipe
from posteditor.training.stopping import stopped_by_signals
from posteditor.training.tuning import Evaluation

INTERRUPTED = 130
"""Exit status of a run that was stopped by the person."""


def train_from_config(
    config: Path, data: Path, out: Path, work: Path, *, force: bool, on_message: Callable[[str], None]
) -> Evaluation:
    """Run the recipe in the file ``config``; the arguments are those of ``run_recipe``.

    A message begins with the time of day.

    Raises:
        PostEditorError: Something is at fault that the person can put right.
        KeyboardInterrupt: The run was stopped by Ctrl-C or SIGTERM; it goes on when it is called again.
    """

    def tell(message: str) -> None:
        on_message(f"{time.strftime('%H:%M:%S')} {message}")

    transformers_logging.set_verbosity_error()  # it reports the classes, which start from nothing, as missing
    transformers_logging.disable_progress_bar()
    with stopped_by_signals():
        return run_recipe(read_recipe(config), data, out, work, config=config, force=force, on_message=tell)


def default_work(out: Path) -> Path:
    """The folder for checkpoints when none is named: beside ``out``."""
    return out.with_name(out.name + ".work")


def how_to_go_on(work: Path) -> str:
    """What to tell who stopped a run."""
    return f"stopped; the same command goes on from what is kept in {work}"
