"""From a language model's answer to the bare rewrite it holds. What still isn't one is for the gate to refuse."""

import re

from posteditor.core.segment import Segment
from posteditor.rewriters.prompt_text import restored

_THINKING = re.compile(r"(?:<think>)?.*?</think>", re.DOTALL)
"""Templates that open the block themselves leave the answer with its end alone."""
_FENCE = re.compile(r"(`{3,}|~{3,})[^\n`]*\n(.*?)\n?[ \t]*\1", re.DOTALL)
_OWN_OPENING = re.compile(r"<(?:translation|corrected)\d*>\s*", re.IGNORECASE)
_OWN_CLOSING = re.compile(r"\s*</(?:translation|corrected)\d*>", re.IGNORECASE)
_TAGS = re.compile(r"<([A-Za-z][\w-]*)>(.*)</\1>", re.DOTALL)
_QUOTES = ('""', "“”", "„“", "„”", "«»", "»«", "''", "‘’", "「」", "『』", "``")


def answer_text(answer: str, segment: Segment) -> str:
    """The rewrite in ``answer``, with the mt's white space around it; empty but for that when there is none.

    Taken off, each at most once and only where the mt has nothing of the kind: a <think> block in front, a code fence,
    the tags of our own prompt, any other pair of tags, a pair of quotation marks around the whole.
    """
    mt = segment.mt
    core = mt.strip()
    text = answer.strip()
    for unwrapped in (_without_thinking, _without_fence, _without_own_tags, _without_tags, _without_quotes):
        text = unwrapped(text, core).strip()
    text = restored(text, core)
    if not core:
        return mt
    start = mt.index(core)
    return mt[:start] + text + mt[start + len(core) :]


def _without_thinking(text: str, core: str) -> str:
    match = _THINKING.match(text)
    return text[match.end() :] if match and "</think>" not in core else text


def _without_fence(text: str, core: str) -> str:
    match = _FENCE.fullmatch(text)
    return match.group(2) if match and not core.startswith(("```", "~~~")) else text


def _without_own_tags(text: str, core: str) -> str:
    """Each by itself: a model that was given the opening tag may answer with the closing one alone."""
    opening = _OWN_OPENING.match(text)
    if opening and not _OWN_OPENING.search(core):
        text = text[opening.end() :]
    closing = list(_OWN_CLOSING.finditer(text))
    if closing and closing[-1].end() == len(text) and not _OWN_CLOSING.search(core):
        text = text[: closing[-1].start()]
    return text


def _without_tags(text: str, core: str) -> str:
    match = _TAGS.fullmatch(text)
    if match is None or f"<{match.group(1)}>" in core or f"</{match.group(1)}>" in match.group(2):
        return text
    return match.group(2)


def _without_quotes(text: str, core: str) -> str:
    for pair in _QUOTES:
        opening, closing = pair[0], pair[1]
        inner = text[1:-1]
        if len(text) < 3 or text[0] != opening or text[-1] != closing or opening in inner or closing in inner:
            continue
        return text if core.startswith(opening) or core.endswith(closing) else inner
    return text
