"""The header of a PO file: which encoding and languages it has, and who worked on it last.

Source: GNU gettext manual, section "Filling in the Header Entry".
"""

import re

from posteditor.core.segment import Provenance
from posteditor.formats.po.strings import quoted

GENERATOR = "posteditor"
"""What X-Generator says in files of ours, where msgctxt is the id of a segment."""

_SCRIPTS = {"latin": "-Latn", "cyrillic": "-Cyrl"}
_CHARSET = re.compile(rb"Content-Type:[^\n]{0,200}?charset=([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)
_FIELD_LINE = re.compile(
    r'(?P<start>[ \t]*")(?P<name>Last-Translator|PO-Revision-Date):[^\n]*\\n"(?P<end>[ \t\r\n]*)\Z'
)


def declared_charset(start: bytes) -> str:
    """The encoding that the first bytes of a file declare; empty where none is, or only the template's word for it."""
    found = _CHARSET.search(start)
    name = found[1].decode() if found else ""
    return "" if name.upper() == "CHARSET" else name


def header_fields(text: str) -> dict[str, str]:
    """The fields of a header, names in lower case."""
    pairs = (line.partition(":") for line in text.split("\n"))
    return {name.strip().lower(): value.strip() for name, colon, value in pairs if colon}


def bcp47(locale: str) -> str:
    """A locale as gettext writes it (``pt_BR``, ``sr@latin``) as a language tag."""
    tag, _, modifier = locale.partition("@")
    return tag.replace("_", "-") + _SCRIPTS.get(modifier, "")


def with_provenance(lines: list[str], latest: Provenance) -> list[str]:
    """The lines of a header entry with the last translator and the time of the last change, where they stand there."""
    values = {"Last-Translator": latest.author, "PO-Revision-Date": _date(latest.time)}
    return [_with_value(line, values) for line in lines]


def _with_value(line: str, values: dict[str, str]) -> str:
    found = _FIELD_LINE.match(line)
    if found is None or not values[found["name"]]:
        return line
    text = quoted(f"{found['name']}: {values[found['name']]}\n")
    return f"{found['start'][:-1]}{text}{found['end']}"


def _date(time: str) -> str:
    """An ISO 8601 time as gettext writes it; empty where it is none."""
    found = re.match(r"(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})", time)
    return f"{found[1]} {found[2]}+0000" if found else ""
