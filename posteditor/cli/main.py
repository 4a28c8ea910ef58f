"""The command line: it gathers the commands, and is the one place where errors become messages and exit codes."""

import os
import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from posteditor import __version__
from posteditor.cli import benchmarking, cleaning, comparing, editing, files, measuring, rewriting, training
from posteditor.cli.output import print_error, say
from posteditor.errors import PostEditorError

INTERRUPTED = 130
# typer brings its own copy of click since 0.26 or so and does not name this class; its BadParameter is one.
_COMMAND_LINE_ERROR: Any = next(base for base in typer.BadParameter.__mro__ if base.__name__ == "ClickException")

app = typer.Typer(
    name="posteditor",
    help="Post-edit machine translations in the terminal, with fluent rewrites beside them and scores as you type.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for module in (editing, rewriting, measuring, benchmarking, comparing, files, cleaning, training):
    module.register(app)


def _print_version(wanted: bool) -> None:
    if wanted:
        sys.stdout.write(f"posteditor {__version__}\n")
        raise typer.Exit


@app.callback()
def _common(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print it.")
    ] = False,
) -> None:
    """Options that come before the command."""


def main(arguments: Sequence[str]) -> int:
    """Run one command and give its exit code.

    0 done, 1 a bug, 2 usage, 3 a bad input file, 4 the project file, 5 a model, 130 interrupted. A bug shows its
    traceback; everything else is said in a line or two on standard error.
    """
    command = typer.main.get_command(app)
    try:
        result = command.main(args=list(arguments), prog_name="posteditor", standalone_mode=False)
    except typer.Abort:
        return INTERRUPTED
    except _COMMAND_LINE_ERROR as error:
        error.show()
        return int(error.exit_code)
    except PostEditorError as error:
        print_error(error)
        return error.exit_code
    except KeyboardInterrupt:
        say("posteditor: interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has had enough; nothing more may be written, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return result if isinstance(result, int) else 0


def run() -> None:
    """The console script."""
    sys.exit(main(sys.argv[1:]))
