"""The README can't lie: its key table is the editor's, its files exist, its commands parse."""

import re
import shlex
from pathlib import Path

import pytest
import typer

from posteditor.cli.main import app
from posteditor.tui.actions import ACTIONS, key_table

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^posteditor .*$", README, flags=re.MULTILINE)


def test_the_key_table_is_the_editors() -> None:
    table = README.split("<!-- keys:")[1].split("<!-- end of keys -->")[0]
    rows = [f"| {keys} | {text} |" for _, group in key_table() for keys, _, text in group]
    assert [line for line in table.splitlines() if line.startswith("| ") and "**" not in line][2:] == rows


def test_every_action_has_a_key_of_its_own_that_plain_terminals_send() -> None:
    keys = [key for action in ACTIONS for key in action.keys.split(",")]
    assert len(keys) == len(set(keys))
    plain = re.compile(
        r"(ctrl\+[a-z]|alt\+[a-z]|f([1-9]|1[0-2])|(ctrl|alt)\+(up|down|home|end|page(up|down))|(shift\+)?tab|enter|escape|page(up|down))"
    )
    for action in ACTIONS:
        assert plain.fullmatch(action.keys.split(",")[0]), action.name


def test_linked_files_exist() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        if not target.startswith("http"):
            assert (ROOT / target).is_file(), target


@pytest.mark.parametrize("line", COMMANDS)
def test_commands_parse(line: str) -> None:
    command = typer.main.get_command(app)
    name, *arguments = shlex.split(line)[1:]
    subcommand = command.commands[name]  # type: ignore[attr-defined]  # a group, though typed as a command
    subcommand.make_context(name, arguments)
