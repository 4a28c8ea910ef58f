"""``python -m posteditor.training CONFIG.toml -o models/NAME``: a whole recipe where there is no ``posteditor train``.

It needs torch, transformers, tokenizers, safetensors, numpy and sacrebleu, nothing else.
"""

import argparse
import sys
from pathlib import Path

from posteditor.errors import PostEditorError
from posteditor.training.command import INTERRUPTED, default_work, how_to_go_on, train_from_config


def main(arguments: list[str] | None = None) -> int:
    """Run the recipe that the arguments name; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m posteditor.training", description=__doc__)
    parser.add_argument("config", type=Path, help="the recipe, a TOML file")
    parser.add_argument("-o", "--output", type=Path, required=True, help="the model folder to write")
    parser.add_argument("--data", type=Path, default=Path(), help="the folder with the files that the recipe names")
    parser.add_argument("--work", type=Path, help="the folder for checkpoints (default: the output's name + .work)")
    parser.add_argument("--force", action="store_true", help="replace a model that is there, at the end of the run")
    options = parser.parse_args(arguments)
    work = options.work or default_work(options.output)
    try:
        train_from_config(options.config, options.data, options.output, work, force=options.force, on_message=_tell)
    except PostEditorError as error:
        _tell(str(error))
        return error.exit_code
    except KeyboardInterrupt:
        _tell(how_to_go_on(work))
        return INTERRUPTED
    return 0


def _tell(message: str) -> None:
    sys.stderr.write(f"{message}\n")


if __name__ == "__main__":
    sys.exit(main())
