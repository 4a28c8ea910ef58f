"""Whether the tags of a new target fit its place."""

from collections import Counter

from posteditor.core.inline_tags import nesting_problem, placeholders, tag_problem


def fit_problem(target: str, source: str, old: str | None) -> str:
    """What is wrong with the tags of a target, as a sentence without its end; empty when nothing is.

    Each tag has to be there as often as in the source or as in the old target, or between the two. A tag that the
    source lacks has to be there as in the old target.

    Args:
        target: An empty one fits everywhere: it is none.
        old: The target that is replaced; None, or empty, if there is none.
    """
    if not target or ("<" not in target and "<" not in source and "<" not in (old or "")):
        return ""
    if not old:
        return tag_problem(target, source)
    found, wanted, before = placeholders(target), Counter(placeholders(source)), Counter(placeholders(old))
    has = Counter(found)
    for tag in dict.fromkeys([*placeholders(source), *placeholders(old), *found]):
        least = min(wanted[tag], before[tag]) if tag in wanted else before[tag]
        if has[tag] < least:
            return f"the tag {tag} is missing"
        if has[tag] > max(wanted[tag], before[tag]):
            return f"the tag {tag} is there {'twice' if wanted[tag] or before[tag] else 'but not in the original'}"
    if nesting_problem(placeholders(old)) and has == before:
        return ""
    return "" if nesting_problem(placeholders(source)) else nesting_problem(found)
