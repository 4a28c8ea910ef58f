"""Reports of the services as lines for the person."""

from posteditor.services.recovering import RecoveryReport
from posteditor.services.statistics import ProjectStatistics


def statistics_lines(numbers: ProjectStatistics) -> list[str]:
    """What ``posteditor stats`` prints."""
    done = sum(count for status, count in numbers.by_status.items() if not status.is_open)
    share = done / numbers.segments if numbers.segments else 0.0
    statuses = ", ".join(f"{count} {status.value}" for status, count in numbers.by_status.items() if count)
    targets, taken, history = numbers.targets, numbers.suggestions, numbers.history
    lines = [
        f"{numbers.path}",
        f"segments     {numbers.segments}: {statuses} ({share:.0%} decided)",
        f"targets      {targets.unchanged} as the mt, {targets.taken} as suggested, {targets.edited} edited by hand",
        f"suggestions  {taken.whole} taken whole, {taken.in_part} in part, {taken.refused} not taken",
        f"word edits   {numbers.edit_rate.value:.1f} per 100 words of the targets",
        f"history      {history.revisions} revisions on {history.days} days",
    ]
    if numbers.departed:
        lines.append(f"left behind  {numbers.departed} segments with work that are no longer in the file")
    if numbers.open_in_editor:
        lines.append("An editor has this project open, or the last one did not end cleanly.")
    return lines


def recovery_lines(report: RecoveryReport) -> list[str]:
    """What ``posteditor recover`` tells."""
    lines = []
    if report.problems:
        lines += [f"{report.path} is damaged:", *(f"  {problem}" for problem in report.problems)]
    else:
        lines.append(f"{report.path} is sound: {report.segments} segments.")
    if report.unclean:
        lines.append("The last program that edited it did not end cleanly.")
    if report.drafts:
        places = ", ".join(map(str, report.drafts[:20])) + (" …" if len(report.drafts) > 20 else "")
        lines.append(f"Typing was recovered in {len(report.drafts)} segments: {places}")
    if report.recovered_path is not None:
        lines.append(f"{report.segments} segments were saved into {report.recovered_path}.")
        if report.lost_segments:
            places = ", ".join(map(str, report.lost_segments[:20])) + (" …" if len(report.lost_segments) > 20 else "")
            lines.append(f"{len(report.lost_segments)} segments could not be read and are empty there: {places}")
        if not report.originals_kept:
            lines.append("The original file could not be saved; an export from there writes a new file.")
    return lines
