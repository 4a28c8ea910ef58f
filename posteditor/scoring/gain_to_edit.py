"""What a learned metric gains by the edits that were made to an mt."""

from collections.abc import Sequence

from posteditor.scoring.effort import EditRate, add_up, hter, word_edit_rate


def gain_to_edit(mts: Sequence[str], texts: Sequence[str], gains: Sequence[float]) -> float | None:
    """The Gain-to-Edit ratio: the mean gain of a segment over the corpus TER between mt and text.

    So it is the points gained for each edit to every 100 words, shifts counting as one edit, and below 0 where the
    edits did harm. With both numbers on 0-1 it is the same.

    Args:
        mts: Of each segment.
        texts: What the rewriter made of them.
        gains: By how many points each segment's score rose from mt to text, on 0-100.

    Returns:
        The ratio; None where nothing was edited, so that there is no TER to divide by.

    Source: WMT25 shared task on automated translation evaluation, subtask 3, whose scoring script divides the mean
    difference in COMET (wmt22-cometkiwi-da there) by sacrebleu's TER of the mts against their corrections; Lavie et al.
    (2025), Findings of the WMT25 Shared Task on Automated Translation Evaluation Systems (WMT).
    """
    rate = add_up(_edit_rate(mt, text) for mt, text in zip(mts, texts, strict=True))
    return sum(gains) / len(gains) / rate.value if rate.value else None


def gain_per_100_edited_words(mts: Sequence[str], texts: Sequence[str], gains: Sequence[float]) -> float | None:
    """The points that all segments together gained, per 100 words inserted, deleted or replaced.

    A point is one of a whole segment: the same edits to shorter segments give more. The arguments are those of
    ``gain_to_edit``.

    Returns:
        The number; None where nothing was edited.
    """
    pairs = zip(mts, texts, strict=True)
    edited = sum(word_edit_rate(mt, text).edits for mt, text in pairs if mt != text)
    return 100 * sum(gains) / edited if edited else None


def _edit_rate(mt: str, text: str) -> EditRate:
    return hter(mt, text) if mt != text else EditRate(0, len(text.split()))
