"""Texts on their way into a prompt: nothing in them may act on the terminal, the chat template or our own tags."""

import re
import unicodedata
from collections.abc import Iterable

# What chat templates and tokenizers of well-known models give a meaning beyond its letters.
_CHAT_MARK = re.compile(
    r"<\|[^<>|\s][^<>|]{0,60}\|>|<｜[^<>｜]{1,60}｜>"
    r"|</?s>|<(?:start|end)_of_(?:turn|image)>|<(?:bos|eos|pad|unk|mask|sep|cls|image|audio)>|<extra_id_\d+>"
    r"|</?think>|\[/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS|IMG)\]|<</?SYS>>"
)
_TAG_WORDS = "translation|source|before|after|corrected|term|example"
_TAG = re.compile(rf"</?(?:{_TAG_WORDS})(\d*)\s*>", re.IGNORECASE)


def harmless(text: str) -> str:
    """``text`` without control characters and lone surrogates, and with the marks of chat templates broken up.

    A mark such as "<|im_end|>" gets a space behind its first character; ``restored`` takes it out again.
    """
    if not text.isprintable():
        text = "".join(map(_printable, text))
    return _CHAT_MARK.sub(lambda mark: _broken(mark.group()), text)


def restored(answer: str, mt: str) -> str:
    """``answer`` with the marks that ``harmless`` broke up in ``mt`` whole again."""
    for mark in dict.fromkeys(_CHAT_MARK.findall(mt)):
        answer = answer.replace(_broken(mark), mark)
    return answer


def free_number(texts: Iterable[str]) -> str:
    """What to put behind the names of our tags so that no text holds one of them: nothing, else 2, 3 and so on."""
    taken = {number for text in texts for number in _TAG.findall(text)}
    if "" not in taken:
        return ""
    return str(next(number for number in range(2, len(taken) + 3) if str(number) not in taken))


def _broken(mark: str) -> str:
    return f"{mark[0]} {mark[1:]}"


def _printable(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cs":
        return "\ufffd"
    return " " if category == "Cc" and character not in "\n\t" else character
