"""On which line of a TOML file a setting stands, which the standard library's reader does not tell."""

import re

_TABLE = re.compile(r"\s*\[\[?\s*([^\[\]]+?)\s*\]\]?\s*(#.*)?$")
_SETTING = re.compile(r"""\s*(?:"([^"]*)"|'([^']*)'|([A-Za-z0-9_-]+))\s*(?:=|\.)""")
_LONG_QUOTES = ('"""', "'''")


def line_of(text: str, setting: str, *, table: str = "", index: int = 0) -> int:
    """The 1-based line where ``setting`` is given; the line of its table when it is not in there; 0 for neither.

    Args:
        text: The file.
        setting: A name; empty asks for the table.
        table: Name of an array of tables, ``[[table]]``; empty for settings above all tables.
        index: Which table of that name, from 0.
    """
    here, count, found = "", -1, 0
    quotes = ""
    for number, line in enumerate(text.split("\n"), start=1):
        if quotes:
            quotes = "" if line.count(quotes) % 2 else quotes
            continue
        if head := _TABLE.match(line):
            here = head[1]
            count += here == table
            if count == index and table and here.partition(".")[0] == table:
                found = found or number
                if setting and here == f"{table}.{setting}":
                    return number
        elif here == table and (not table or count == index) and setting and _names(line, setting):
            return number
        quotes = next((each for each in _LONG_QUOTES if line.count(each) % 2), "")
    return found


def _names(line: str, setting: str) -> bool:
    match = _SETTING.match(line)
    return match is not None and setting in match.groups()
