"""A report as one CSV table: a record for each rewriter on each test set, RFC 4180, values unrounded."""

import csv
from io import StringIO

from posteditor.core.score import Score
from posteditor.services.benchmark.forms.cells import COUNTS, baselines_of, difference_of
from posteditor.services.benchmark.report import Row, RunReport, SetReport

_OF_SET = ("source_lang", "target_lang", "scored", "references", "sha256")
_MORE = ("words", "edited_words", "timed_segments")
"""What a program reckons with, and a person seldom reads: not among the columns of the other forms."""


def csv_table(report: RunReport) -> str:
    """The table; columns that hold nothing for a rewriter are empty."""
    baselines = tuple(dict.fromkeys(name for one in report.sets for name in baselines_of(one.rows)))
    out = StringIO()
    writer = csv.writer(out)
    header = ["test_set", "system", "reference_kind", *_OF_SET, "rewriter", "revision"]
    for metric in report.metrics:
        header += [metric, f"{metric}_low", f"{metric}_high"]
    for place, _ in enumerate(baselines, 1):
        header.append(f"baseline_{place}")
        for metric in report.metrics:
            header += [
                f"{metric}_difference_{place}",
                f"{metric}_bootstrap_p_{place}",
                f"{metric}_randomisation_p_{place}",
            ]
    header += [*(count.name for count in COUNTS), *_MORE]
    header += [f"{metric}_signature" for metric in report.metrics]
    writer.writerow(header)
    for one in report.sets:
        for row in one.rows:
            writer.writerow(_record(one, row, report.metrics, baselines))
    return out.getvalue()


def _record(one: SetReport, row: Row, metrics: tuple[str, ...], baselines: tuple[str, ...]) -> list[object]:
    of_set = [getattr(one, name) for name in _OF_SET]
    record: list[object] = [one.name, one.system, one.reference_kind or "", *of_set, row.rewriter, row.revision]
    for metric in metrics:
        record += _score(row.scores[metric])
    for baseline in baselines:
        record.append(baseline)
        for metric in metrics:
            found = difference_of(row, metric, baseline)
            record += [None] * 3 if found is None else [found.value, found.bootstrap_p, found.randomisation_p]
    record += [count.value(row) for count in COUNTS]
    record += [row.words, row.edited_words, None if row.speed is None else row.speed.timed_segments]
    record += [row.scores[metric].signature for metric in metrics]
    return record


def _score(score: Score) -> list[object]:
    interval = score.interval
    return [score.value, *(("", "") if interval is None else (interval.low, interval.high))]
