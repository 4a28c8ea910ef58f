"""The scores file: a table with a line per pair, TSV, and what it is about in the first line.

::

    # posteditor scores {"version": 1, "input": [...], "steps": [...], ...}
    position	length.source	length.target	length_ratio
    1	12.0	14.0	1.1666666666666667

Numbers are in Python's shortest form, which is read back as the same number: deciding by a file is deciding by scores.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import BufferedReader, RawIOBase
from itertools import islice
from pathlib import Path
from typing import Any

from posteditor.cleaning.rules_file import Pipeline
from posteditor.errors import CorpusError, UsageError
from posteditor.formats.atomic import atomic_output
from posteditor.formats.compression import ByteSource, file_opener, open_decompressed, without_compression
from posteditor.services.cleaning.work_folder import WorkFolder

_MARK = "# posteditor scores "
_VERSION = 1
_HINT = "Name another file, or add --force to score anew and write over it."
_LONGEST_LINE = 1 << 22
_WHY = {
    "posteditor": "it is of another version of posteditor",
    "input": "it is about another input, or the input has changed since",
    "read": "the input was read with other options",
    "limit": "it is about another number of pairs (--limit)",
}


def check_name(path: Path) -> None:
    """Refuse a name that says another format.

    Raises:
        UsageError: It does.
    """
    if not without_compression(path.name).endswith(".tsv"):
        raise UsageError(f"{path}: scores are written as a table", hint="Name it .tsv, or .tsv.zst, .tsv.gz, .tsv.xz.")


def about_scores(pipeline: Pipeline, about: Mapping[str, Any]) -> dict[str, Any]:
    """All that scores depend on.

    Args:
        about: What the run is about beside the steps.
    """
    return {"version": _VERSION, **about, "steps": pipeline.about_scores()}


def write_scores(path: Path, about: Mapping[str, Any], pipeline: Pipeline, folder: WorkFolder) -> None:
    """Write the file from the scores that a run has kept.

    Raises:
        UsageError: It can't be written.
    """
    names = [
        f"{step.name}.{part}" if part else step.name
        for step in pipeline.steps
        if step.rule is not None
        for part in step.rule.parts
    ]
    with atomic_output(path, force=True) as out:
        out.write((_MARK + json.dumps(about, sort_keys=True) + "\n" + "\t".join(["position", *names]) + "\n").encode())
        for block in folder.score_blocks():
            out.write(block)


class ScoreLines:
    """The lines of a scores file, in the portions that are asked for."""

    def __init__(self, path: Path, lines: Iterator[bytes]) -> None:
        self._path = path
        self._lines = lines
        self._taken = 0

    def take(self, count: int) -> list[str]:
        """The lines of the next ``count`` pairs.

        Raises:
            CorpusError: There are not so many, or one is damaged.
        """
        found = [line.decode("ascii", "replace").rstrip("\n") for line in islice(self._lines, count)]
        if len(found) < count:
            raise self._damaged(f"it has the scores of {self._taken + len(found)} pairs, and there are more")
        for position, line in enumerate(found, self._taken + 1):
            if line.partition("\t")[0] != str(position):
                raise self._damaged(f"where the scores of pair {position} should be is {line[:40]!r}")
        self._taken += count
        return found

    def check_end(self) -> None:
        """See that there are no more.

        Raises:
            CorpusError: There are.
        """
        if next(self._lines, None) is not None:
            raise self._damaged("it has the scores of more pairs than there are")

    def _damaged(self, problem: str) -> CorpusError:
        return CorpusError(self._path, f"the scores are damaged: {problem}", hint=_HINT)


@contextmanager
def open_scores(path: Path, about: Mapping[str, Any]) -> Iterator[ScoreLines]:
    """The scores in a file, if they are those that scoring now would give.

    Raises:
        UsageError: They are not; the message says why.
        CorpusError: The file can't be read.
    """
    source = open_decompressed(file_opener(path), str(path))
    try:
        lines = BufferedReader(_Readable(source), 1 << 20)
        _check(path, lines.readline(_LONGEST_LINE), about)
        lines.readline(_LONGEST_LINE)
        yield ScoreLines(path, lines)
    finally:
        source.close()


class _Readable(RawIOBase):
    def __init__(self, source: ByteSource) -> None:
        self._source = source

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        data = self._source.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def _check(path: Path, line: bytes, about: Mapping[str, Any]) -> None:
    if not line.startswith(_MARK.encode()):
        raise UsageError(f"{path}: is there already, and is no scores file", hint=_HINT)
    try:
        found = json.loads(line[len(_MARK) :])
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path}: its first line is damaged", hint=_HINT) from error
    wanted = json.loads(json.dumps(dict(about)))
    if found == wanted:
        return
    raise UsageError(f"{path}: the scores can't be used again: {_difference(found, wanted)}", hint=_HINT)


def _difference(found: Any, wanted: Mapping[str, Any]) -> str:
    if not isinstance(found, dict) or found.get("version") != wanted["version"]:
        return "they are of another version of this file"
    for name, why in _WHY.items():
        if found.get(name) != wanted[name]:
            return why
    return _step_difference(found.get("steps"), wanted["steps"])


def _step_difference(found: Any, wanted: Sequence[Mapping[str, Any]]) -> str:
    if not isinstance(found, list) or [_name(step) for step in found] != [step["name"] for step in wanted]:
        return "the rules have other steps, or the same in another order"
    for one, other in zip(found, wanted, strict=True):
        if one == other:
            continue
        settings = one.get("settings") if isinstance(one.get("settings"), dict) else {}
        names = {*settings, *other["settings"]}
        changed = [name for name in sorted(names) if settings.get(name) != other["settings"].get(name)]
        return f"of the step {other['name']} has changed: {', '.join(changed) or 'its kind'}, which scores depend on"
    return "they are about something else"


def _name(step: Any) -> object:
    return step.get("name") if isinstance(step, dict) else None
