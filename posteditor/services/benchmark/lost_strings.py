"""What a challenge set's ``keep`` is held against: strings that no rewriting may lose."""

import re
from collections.abc import Sequence


def lost_strings(keep: Sequence[str], before: str, after: str) -> tuple[str, ...]:
    """Those of ``keep`` that occur less often in ``after`` than in ``before``.

    Part of a longer word or number is no occurrence: "not" is not in "nothing", nor "14" in "140" or "14.5".
    """
    return tuple(text for text in keep if _occurrences(text, after) < _occurrences(text, before))


def _occurrences(text: str, within: str) -> int:
    ahead = r"(?<!\w)(?<!\d[.,])" if text[0].isalnum() else ""
    behind = r"(?!\w)(?![.,]\d)" if text[-1].isalnum() else ""
    return len(re.findall(ahead + re.escape(text) + behind, within))
