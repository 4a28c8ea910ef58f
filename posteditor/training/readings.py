"""The log of all readings of the odd halves.

Whoever looks at a score and then changes something has begun to tune on it. So every evaluation leaves a line in a file
that is only ever appended to; it lies beside the recipe, where the next try is made, and a copy goes with the model.
"""

import json
import os
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from posteditor.errors import CorpusError, UsageError
from posteditor.training.evaluation import SetReport
from posteditor.training.pairs import file_hash
from posteditor.training.tuning import Evaluation

READINGS_FILE = "readings.jsonl"


def reading(evaluation: Evaluation, weights: Path, recipe: str) -> dict[str, Any]:
    """What the log says of one evaluation.

    Args:
        evaluation: What was read.
        weights: The file with the model's weights.
        recipe: The name of the recipe.
    """
    applied = {report.name: report for report in evaluation.applied}
    return {
        "time": datetime.now(UTC).isoformat(timespec="microseconds"),
        "recipe": recipe,
        "weights": file_hash(weights),
        "settings": asdict(evaluation.settings),
        "sets": {
            report.name: {"show": _headline(report), "apply": _headline(applied[report.name])}
            for report in evaluation.shown
        },
    }


def append_reading(log: Path, entry: dict[str, Any]) -> None:
    """Add a line to ``log`` and wait until it is on the disk.

    Raises:
        UsageError: It can't be written.
    """
    line = json.dumps(entry) + "\n"
    try:
        with log.open("ab") as stream:
            stream.write(line.encode())
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        raise _unwritable(log, error.strerror or str(error)) from error


def check_log(log: Path) -> None:
    """Find out before hours of training whether ``log`` can be kept.

    Raises:
        UsageError: It can't be written.
        CorpusError: It has a broken line.
    """
    place = log if log.exists() else log.parent
    if log.is_dir() or not os.access(place, os.W_OK):
        raise _unwritable(log, "you may not write there")
    gathered([log])


def gathered(logs: Iterable[Path]) -> list[str]:
    """The lines of all these logs without their ends, each once, by time; a log that does not exist has none.

    Raises:
        CorpusError: A line is no reading.
    """
    lines: dict[str, str] = {}
    for log in logs:
        if not log.is_file():
            continue
        for number, line in enumerate(log.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
            try:
                lines[line] = json.loads(line)["time"]
            except (ValueError, TypeError, KeyError) as error:
                raise CorpusError(log, "is no reading", line=number, hint="Take the broken line out.") from error
    return sorted(lines, key=lambda line: lines[line])


def _headline(report: SetReport) -> dict[str, Any]:
    outcome = report.outcome
    pairs = zip(report.nothing, report.rewritten, strict=True)
    return {
        "segments": outcome.segments,
        "changed": outcome.changed,
        "better": outcome.better,
        "worse": outcome.worse,
        "perfect": outcome.perfect,
        "perfect_changed": outcome.perfect_changed,
        **{before.name: [round(before.value, 2), round(after.value, 2)] for before, after in pairs},
    }


def _unwritable(log: Path, why: str) -> UsageError:
    return UsageError(
        f"{log}: the log of readings can't be written: {why}",
        hint='Name another file in the recipe: readings = "FILE"; or copy the recipe to a folder of yours.',
    )
