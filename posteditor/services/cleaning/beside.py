"""The files beside OUT: the pairs that were rejected, and the texts that were repaired."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from math import isfinite
from pathlib import Path
from typing import Any

from posteditor.cleaning.rules_file import Pipeline
from posteditor.errors import UsageError
from posteditor.formats.atomic import atomic_output
from posteditor.formats.detection import detect_format
from posteditor.formats.record_writing import UnrepresentableColumn, formatter
from posteditor.formats.writing import unrepresentable, write_lines
from posteditor.services.cleaning.pairs import PairBatch
from posteditor.services.cleaning.verdicts import UNREADABLE, Rejected, Verdict

_REJECTS = ("id", "source", "mt", "target", "note", "position", "line", "corpus_id", "rule", "score", "threshold")
_FIXES = ("position", "fixer", "side", "before", "after")


class RejectsFile:
    """The file of rejected pairs, as the editor opens it: ``mt`` and ``target`` as in the corpus, ``note`` says why."""

    def __init__(self, path: Path, columns: Sequence[str], *, force: bool) -> None:
        """Args: columns: Those of the corpus."""
        self._path = path
        self._kind = _table_kind(path)
        left_out = {"target"} - set(columns)
        self._columns = [column for column in _REJECTS if column not in left_out]
        self._records = formatter(self._kind, self._columns)
        self._stack = ExitStack()
        self._out = self._stack.enter_context(atomic_output(path, force=force))
        self._is_start = True
        self.count = 0
        """Rejected pairs so far, and bad records."""

    def __enter__(self) -> "RejectsFile":
        return self

    def __exit__(self, *error: Any) -> None:
        if not any(error):
            self._write([])  # at least the header
        self._stack.__exit__(*error)

    def add(self, verdict: Verdict, batch: PairBatch) -> None:
        """The rejected pairs and the bad records of a batch, by line.

        Raises:
            CorpusError: The format can't hold a text.
            UsageError: The disk is full.
        """
        rows = [(line, _bad_row(line, problem, self._held(text))) for line, problem, text in verdict.bad]
        rows += [(batch.lines[each.place], _row(batch, each)) for each in verdict.rejected]
        rows.sort(key=lambda row: row[0])
        if rows:
            self._write([self._record(row) for _, row in rows])
            self.count += len(rows)

    def _held(self, text: str) -> str:
        """The text of a bad record as the file can hold it."""
        return " ".join(text.split()) if self._kind == "tsv" else text

    def _record(self, row: dict[str, object]) -> str:
        try:
            return self._records.record(row)
        except UnrepresentableColumn as refused:
            raise unrepresentable(self._path, self.count + 1, refused) from refused

    def _write(self, lines: list[str]) -> None:
        header = self._records.header() if self._is_start else None
        lines = lines if header is None else [header, *lines]
        write_lines(self._out, lines, is_start=self._is_start)
        self._is_start = False


def _row(batch: PairBatch, each: Rejected) -> dict[str, object]:
    position = batch.first + each.place
    return {
        "id": str(position),
        "source": batch.sources[each.place],
        "mt": batch.cell("mt", each.place),
        "target": batch.cell("target", each.place),
        "note": each.note,
        "position": position,
        "line": batch.lines[each.place],
        "corpus_id": batch.cell("id", each.place) or None,
        "rule": each.rule,
        "score": _number(each.score),
        "threshold": _number(each.threshold),
    }


def _bad_row(line: int, problem: str, text: str) -> dict[str, object]:
    readable = text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return {
        "id": f"line {line}",
        "source": "",
        "mt": readable,
        "note": f"{UNREADABLE}: {problem}",
        "line": line,
        "rule": UNREADABLE,
    }


def _number(value: float) -> object:
    """As JSON can have it: no infinity, and whole numbers as such."""
    if not isfinite(value):
        return str(value)
    return int(value) if value == int(value) else value


def write_fixes(path: Path, verdicts: Iterable[Verdict], pipeline: Pipeline, *, force: bool) -> None:
    """Write the texts that fixers changed, before and after, also those of pairs that were rejected later.

    Raises:
        CorpusError: The format can't hold a text.
        UsageError: The file can't be written.
    """
    records = formatter(_table_kind(path), _FIXES)
    header = records.header()
    count = 0

    def lines() -> Iterator[str]:
        nonlocal count
        if header is not None:
            yield header
        for verdict in verdicts:
            for fix in verdict.decisions.outcome.fixes:
                count += 1
                values = (verdict.first + fix.place, pipeline.steps[fix.step].name, fix.side, fix.before, fix.after)
                yield records.record(dict(zip(_FIXES, values, strict=True)))

    with atomic_output(path, force=force) as out:
        try:
            write_lines(out, lines())
        except UnrepresentableColumn as refused:
            raise unrepresentable(path, count, refused) from refused


def _table_kind(path: Path) -> str:
    kind = detect_format([path.name])
    if kind not in ("jsonl", "tsv", "csv"):
        raise UsageError(f"{path}: {kind} can't hold this", hint="Name it .jsonl, .tsv or .csv.")
    return kind
