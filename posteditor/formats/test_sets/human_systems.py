"""Human translations that lie among the outputs of MT systems, as in the WMT's and the metrics tasks' releases."""

import re

_HUMAN = re.compile(r"(?:human|reference|ref)(?:[-_.]?(?:[a-z]|\d{1,2}))?(?:\.\d+)?", re.IGNORECASE)


def is_human(system: str) -> bool:
    """True for names such as ``refA``, ``ref-B``, ``Human-A.0`` and ``HUMAN``."""
    return _HUMAN.fullmatch(system) is not None
