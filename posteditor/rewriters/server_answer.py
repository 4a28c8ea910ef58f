"""A chat model's answer as it comes in from an OpenAI-compatible server, in pieces or whole, and what is wrong with it.

The server is not trusted: sizes are bounded, shapes are checked, and nothing it says reaches a message unless it was
cut short and made printable.
"""

import json
from math import exp
from typing import Any

from posteditor.rewriters.server_faults import BadAnswer, Interrupted

DONE = "[DONE]"
"""Data of the event that ends a stream."""
MOST_CERTAIN = 0.95
"""Servers' models are not calibrated: no edit is taken to be surer than this."""
UNKNOWN_CONFIDENCE = 0.5
"""Of an edit when the server gives no probabilities."""

_FINISHED_BADLY = {
    "length": "truncated: the server stopped at its limit of tokens",
    "content_filter": "withheld by the server's content filter",
    "tool_calls": "the model called a tool instead of answering",
    "function_call": "the model called a tool instead of answering",
}


class ChatAnswer:
    """Takes in chunks of one answer; ``finish`` gives the text once it is complete."""

    def __init__(self, longest: int, *, hide: str | None = None) -> None:
        """Nothing yet.

        Args:
            longest: Characters; an answer with more is no rewrite.
            hide: A key that no message may hold, should the server say it back.
        """
        self._longest = longest
        self._hide = hide
        self._parts: list[str] = []
        self._length = 0
        self._probabilities: list[float] = []
        self._has_choice = False
        self._is_complete = False

    @property
    def confidence(self) -> float:
        """0-1: the mean probability of the answer's tokens, capped; 0.5 when the server does not tell."""
        if not self._probabilities:
            return UNKNOWN_CONFIDENCE
        return min(MOST_CERTAIN, sum(self._probabilities) / len(self._probabilities))

    @property
    def is_complete(self) -> bool:
        """True once the model has finished, though the stream may go on."""
        return self._is_complete

    def take_event(self, data: str) -> None:
        """Take in the data of one server-sent event.

        Raises:
            BadAnswer: It is malformed, an error, too much, or says that the answer is none.
        """
        if data.strip() == DONE:
            self._is_complete = True
        elif data:
            self._take(data, "delta")

    def take_whole(self, body: bytes) -> None:
        """Take in the answer of a server that does not stream.

        Raises:
            BadAnswer: As ``take_event``.
        """
        self._take(body, "message")
        self._is_complete = True

    def finish(self) -> str:
        """The text, complete.

        Raises:
            BadAnswer: There was no choice, or nothing in it.
            Interrupted: The stream ended before the answer did.
        """
        text = "".join(self._parts)
        if not self._is_complete:
            raise Interrupted("half an answer: the stream ended before the model had finished")
        if not self._has_choice:
            raise BadAnswer("an answer without a choice")
        if not text.strip():
            raise BadAnswer("an empty answer")
        if not text.isascii() and _is_garbled(text):
            raise BadAnswer("malformed answer: half characters in it")
        return text

    def _take(self, data: str | bytes, name: str) -> None:
        value = _json_object(data)
        if value.get("error"):
            raise BadAnswer(f"the server reports an error: {error_words(value, hide=self._hide)}")
        choices = value.get("choices")
        if not isinstance(choices, list):
            raise BadAnswer("malformed answer: there is no list of choices in it")
        if choices:
            self._take_choice(_object(choices[0]), name)

    def _take_choice(self, choice: dict[str, Any], name: str) -> None:
        self._has_choice = True
        delta = _object(choice.get(name) or {})
        content = delta.get("content")
        if delta.get("refusal"):
            raise BadAnswer("the model refuses to answer")
        if content is not None:
            if not isinstance(content, str):
                raise BadAnswer("malformed answer: its content is no text")
            self._length += len(content)
            if self._length > self._longest:
                raise BadAnswer(f"an answer of more than {self._longest:,} characters")
            self._parts.append(content)
            self._probabilities += _probabilities(choice.get("logprobs"))
        reason = choice.get("finish_reason")
        if reason is not None:
            self._is_complete = True
            if isinstance(reason, str) and reason in _FINISHED_BADLY:
                raise BadAnswer(_FINISHED_BADLY[reason])


def _is_garbled(text: str) -> bool:
    """True for lone surrogates, which JSON can write and no file can hold."""
    return any("\ud800" <= character <= "\udfff" for character in text)


def error_words(value: object, *, hide: str | None = None) -> str:
    """What an error object says, short, printable and without ``hide``; servers lay them out in many ways."""
    for name in ("error", "message", "detail"):
        if isinstance(value, dict) and value.get(name):
            value = value[name]
    if isinstance(value, list) and value:
        return error_words(value[0], hide=hide)
    if isinstance(value, dict):
        value = value.get("msg", "")
    text = str(value or "")
    if hide:
        text = text.replace(hide, "…")
    words = " ".join("".join(c if c.isprintable() else " " for c in text[:2000]).split())
    return words if len(words) <= 200 else words[:199] + "…"


def _json_object(data: str | bytes) -> dict[str, Any]:
    try:
        return _object(json.loads(data))
    except (ValueError, RecursionError) as error:
        raise BadAnswer("malformed answer: it is not JSON") from error


def _object(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise BadAnswer("malformed answer: something in it is no JSON object")
    return value


def _probabilities(logprobs: object) -> list[float]:
    """Of the tokens of one chunk; nothing where the server gives none, or nonsense."""
    entries = logprobs.get("content") if isinstance(logprobs, dict) else None
    if not isinstance(entries, list):
        return []
    values = (entry.get("logprob") if isinstance(entry, dict) else None for entry in entries)
    return [exp(min(0.0, value)) for value in values if isinstance(value, int | float) and value > -1e6]
