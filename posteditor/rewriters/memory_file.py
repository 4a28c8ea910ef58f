"""Reading confirmed pairs from a table: tab-separated, UTF-8, with a header."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from posteditor.errors import CorpusError
from posteditor.rewriters.protocol import MemoryPair

_TARGETS = ("target", "post_edit", "pe", "reference")
"""What the column of the confirmed texts may be called; the first one there counts."""
_VOUCHED_FOR = ("confirmed", "reviewed")
_HINT = "The first line names the columns: mt, target (or post_edit, pe, reference) and, if there is one, source."


def files_in(argument: str) -> list[Path]:
    """The files that a SPEC's ``FILE[,FILE...]`` names; a comma belongs to the name where there is such a file."""
    if not argument:
        return []
    whole = Path(os.path.expanduser(argument))  # noqa: PTH111 (Path's own raises for users that do not exist)
    if "," not in argument or whole.exists():
        return [whole]
    return [path for part in argument.split(",") for path in files_in(part.strip())]


def read_pairs(path: Path) -> Iterator[MemoryPair]:
    """The pairs of a file, line by line. Rows without a target are passed over.

    Where there is a column ``status``, as in what posteditor exports, only rows that say confirmed or reviewed count.

    Raises:
        CorpusError: The file can't be read, is not UTF-8, lacks a column, or a line has too many or too few fields.
    """
    try:
        with path.open("rb") as lines:
            yield from _pairs(path, lines)
    except OSError as error:
        raise CorpusError(path, f"can't be read: {error.strerror}", hint="Check the name and the folder.") from error


def _pairs(path: Path, lines: Iterator[bytes]) -> Iterator[MemoryPair]:
    names = _fields(path, 1, next(lines, b"").removeprefix(b"\xef\xbb\xbf"))
    target = next((name for name in _TARGETS if name in names), None)
    if "mt" not in names or target is None:
        raise CorpusError(path, "it lacks a column mt, or one with the confirmed texts", line=1, hint=_HINT)
    for number, line in enumerate(lines, 2):
        fields = _fields(path, number, line)
        if fields == [""]:
            continue
        if len(fields) != len(names):
            found = f"{len(fields)} field{'s' * (len(fields) != 1)}"
            raise CorpusError(path, f"{found} where the header has {len(names)}", line=number, hint=_HINT)
        row = dict(zip(names, fields, strict=True))
        if row[target] and row.get("status", "confirmed") in _VOUCHED_FOR:
            yield MemoryPair(row["mt"], row[target], row.get("source"))


def _fields(path: Path, number: int, line: bytes) -> Sequence[str]:
    try:
        return line.decode("utf-8").rstrip("\r\n").split("\t")
    except UnicodeDecodeError as error:
        raise CorpusError(
            path, f"not UTF-8: byte {error.start + 1} of the line", line=number, hint="Convert it to UTF-8."
        ) from error
