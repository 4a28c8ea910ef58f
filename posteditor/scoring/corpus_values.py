"""Corpus scores of very many corpora at once, from their totals: the resamples of a bootstrap, the trials of a test.

Every operation is done in the order and in the precision in which sacrebleu does it for one corpus, so that each value
is the one that sacrebleu computes from these totals, to the last bit. The precision follows the totals: sacrebleu
resamples in single precision, and what becomes of a single-precision number beside one of Python's own depends on the
version of numpy. Logarithms and powers are taken by ``math``, as there; those of numpy may differ in the last bit.

Source: Papineni et al. (2002), BLEU (ACL); Popović (2015), chrF (WMT); Snover et al. (2006), A Study of Translation
Edit Rate with Targeted Human Annotation (AMTA); details as in sacrebleu 2.6, metrics/bleu.py, chrf.py and ter.py.
"""

import math
from typing import Any

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.floating[Any]]
"""Totals of shape (corpora, width), or values of shape (corpora,); single or double precision."""

_ORDERS = 4  # words of BLEU's longest n-gram
_LOG_OF_NOTHING = -9999999999.0
_RECALL_WEIGHT = 4  # chrF's beta is 2; its square is what counts


def bleu_values(totals: Numbers) -> Numbers:
    """BLEU of every row on 0-100, smoothed exponentially, in double precision.

    Args:
        totals: Shape (corpora, 10): lengths of texts and references, matching n-grams by order, n-grams by order.
    """
    precision = _beside_python_floats(totals)
    matching = totals[:, 2 : 2 + _ORDERS].astype(precision)
    counted = totals[:, 2 + _ORDERS :].astype(precision)
    # sacrebleu stops at the first order without n-grams, and what has not been reached counts as nothing.
    reached = np.logical_and.accumulate(counted > 0, axis=1)
    unmatched = reached & (matching == 0)
    doublings = np.ldexp(precision.type(1), np.cumsum(unmatched, axis=1, dtype=np.int32))
    with np.errstate(divide="ignore", invalid="ignore"):
        smoothed = 100 / (doublings * counted)
        precisions = np.where(unmatched, smoothed, 100 * matching / counted)
    precisions[~reached] = 0
    brevity = _brevity_penalties(totals)
    matched: list[bool] = (matching != 0).any(axis=1).tolist()
    values = [
        penalty * math.exp(sum([math.log(one) if one else _LOG_OF_NOTHING for one in row]) / _ORDERS)
        if matches
        else 0.0
        for row, penalty, matches in zip(precisions.tolist(), brevity, matched, strict=True)
    ]
    return np.array(values, dtype=np.float64)


def chrf_values(totals: Numbers) -> Numbers:
    """chrF or chrF++ of every row on 0-100.

    Args:
        totals: Shape (corpora, 3 x orders): n-grams of the texts, of the references, and matching ones, by order.
    """
    ours, theirs, matching = totals[:, 0::3], totals[:, 1::3], totals[:, 2::3]
    counted = (ours > 0) & (theirs > 0)
    precision = _beside_python_floats(totals)
    effective = counted.sum(axis=1).astype(precision)
    scored = effective > 0
    divisor = np.where(scored, effective, 1)
    precisions = _sum_by_order(matching, ours, counted, precision) / divisor
    recalls = _sum_by_order(matching, theirs, counted, precision) / divisor
    scored &= precisions + recalls != 0
    values = np.zeros(len(totals), precision)
    found, wanted = precisions[scored], recalls[scored]
    values[scored] = 100 * ((1 + _RECALL_WEIGHT) * found * wanted / (_RECALL_WEIGHT * found + wanted))
    return _widened_unless(scored, values)


def ter_values(totals: Numbers) -> Numbers:
    """TER of every row, 100 being as many edits as there are words in the references.

    Args:
        totals: Shape (corpora, 2): edits, words of the references.
    """
    edits, words = totals[:, 0], totals[:, 1]
    scored = words > 0
    rates = np.divide(edits, words, out=(edits > 0).astype(totals.dtype), where=scored)
    return _widened_unless(scored, 100 * rates.astype(_beside_python_floats(totals)))


def _beside_python_floats(totals: Numbers) -> np.dtype[np.floating[Any]]:
    """The precision of a number of that kind multiplied by a Python float: single stays single from numpy 2 on."""
    return np.dtype(type(totals.dtype.type(1) * 1.0))


def _widened_unless(scored: npt.NDArray[np.bool_], values: Numbers) -> Numbers:
    """Double precision as soon as one row is a special case, for which sacrebleu gives a number of Python's own.

    numpy makes one array of all values there, and means and differences are then taken in double precision.
    """
    return values if scored.all() else values.astype(np.float64)


def _sum_by_order(
    matching: Numbers, of: Numbers, counted: npt.NDArray[np.bool_], precision: np.dtype[np.floating[Any]]
) -> Numbers:
    """The shares of matching n-grams, added up order after order: the sums of floats depend on it."""
    shares = np.divide(matching, of, out=np.zeros_like(of), where=counted).astype(precision)
    total = np.zeros(len(of), precision)
    for order in range(of.shape[1]):
        total += shares[:, order]
    return total


def _brevity_penalties(totals: Numbers) -> list[float]:
    """1 for corpora as long as their references, less for shorter ones, 0 for empty ones."""
    return [
        1.0 if ours >= theirs else math.exp(1 - theirs / ours) if ours else 0.0
        for ours, theirs in totals[:, :2].tolist()
    ]
