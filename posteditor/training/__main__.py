"""``python -m posteditor.training CONFIG.toml -o models/NAME``: a whole recipe from the command line."""

import argparse
import shutil
import sys
import time
from pathlib import Path

from transformers.utils import logging as transformers_logging

from posteditor.errors import PostEditorError
from posteditor.training.recipe import RECIPE_FILE, read_recipe
from posteditor.training.running import run_recipe


def main(arguments: list[str] | None = None) -> int:
    """Run the recipe that the arguments name; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m posteditor.training", description=__doc__)
    parser.add_argument("config", type=Path, help="the recipe, a TOML file")
    parser.add_argument("-o", "--output", type=Path, required=True, help="the model folder to write")
    parser.add_argument("--data", type=Path, default=Path(), help="the folder with the files that the recipe names")
    parser.add_argument("--work", type=Path, help="the folder for checkpoints (default: the output's name + .work)")
    options = parser.parse_args(arguments)
    transformers_logging.set_verbosity_error()  # it reports the classes, which start from nothing, as missing
    transformers_logging.disable_progress_bar()
    work = options.work or options.output.with_name(options.output.name + ".work")
    try:
        recipe = read_recipe(options.config)
        run_recipe(recipe, options.data, options.output, work, on_message=_tell)
        kept = options.output / RECIPE_FILE
        if kept.resolve() != options.config.resolve():
            shutil.copyfile(options.config, kept)
    except PostEditorError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    return 0


def _tell(message: str) -> None:
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {message}\n")


if __name__ == "__main__":
    sys.exit(main())
