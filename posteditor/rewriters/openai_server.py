"""Chat models behind an OpenAI-compatible server: vLLM, Ollama, llama.cpp, ``transformers serve`` and others.

The SPEC is ``openai:MODEL@URL``. What is set by environment variables:

    POSTEDITOR_API_KEY      the server's key; OPENAI_API_KEY is taken where this one is not set
    POSTEDITOR_CONCURRENCY  requests at once (4)
    POSTEDITOR_TIMEOUT      seconds without a byte until a request is given up (120)
    POSTEDITOR_MAX_TOKENS   tokens an answer may have, for models that think first (else by the length of the mt)
    POSTEDITOR_PROMPT       a template of your own for what the model is asked, see ``prompts``

Every edit of an answer has the same confidence: the mean probability of the answer's tokens, at most 0.95, where the
server tells it, and 0.5 where it does not.
"""

import asyncio
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from random import Random
from time import perf_counter
from typing import Self

from posteditor.core.diff import word_diff
from posteditor.core.segment import Segment
from posteditor.core.suggestion import Suggestion, suggestion_from_edits
from posteditor.errors import ModelError
from posteditor.rewriters.past_corrections import PastCorrections
from posteditor.rewriters.prompts import Prompt, answer_text
from posteditor.rewriters.protocol import MemoryPair
from posteditor.rewriters.remote import ServerSpec, parse_server_spec
from posteditor.rewriters.retrying import CircuitBreaker, Patience
from posteditor.rewriters.server_answer import ChatAnswer
from posteditor.rewriters.server_connection import ChatRequest, ServerConnection
from posteditor.rewriters.server_faults import BadAnswer, Interrupted, Refused, ServerFault
from posteditor.rewriters.specs import RewriterRequest

KEY_VARIABLES = ("POSTEDITOR_API_KEY", "OPENAI_API_KEY")
"""Environment variables that may hold the server's key; the first that is set counts."""
MOST_WORDS = 5_000
"""A segment with more words is left as it is."""
_MOST_CHARACTERS = 40_000
"""The same for scripts without spaces."""
_LOOK_EVERY = 0.05
"""Seconds between two looks at ``should_stop``."""
_AHEAD = 4
"""Segments under way or answered before their turn, per request at once: one slow answer shall not idle the others."""
_SETTINGS_VERSION = "1"
"""To be raised when the same prompt is sent with other parameters."""


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """How to talk to the server."""

    key: str | None = field(default=None, repr=False)
    concurrency: int = 4
    """Requests at once."""
    most_tokens: int | None = None
    """Of an answer; None goes by the length of the mt."""
    patience: Patience = field(default_factory=Patience)

    @classmethod
    def from_environment(cls, variables: Mapping[str, str] = os.environ) -> Self:
        """The settings that the module's docstring lists.

        Raises:
            ModelError: One of them is no number, or the key can't be sent. The message does not show the key.
        """
        key = next((variables[name].strip() for name in KEY_VARIABLES if variables.get(name, "").strip()), None)
        if key is not None and not (key.isascii() and key.isprintable() and " " not in key):
            raise ModelError(
                f"the key in {' or '.join(KEY_VARIABLES)} has spaces or other characters that can't be sent",
                hint="Set the variable again, with the key alone.",
            )
        silence = _number(variables, "POSTEDITOR_TIMEOUT")
        patience = Patience() if silence is None else Patience(silence=silence, total=max(Patience().total, silence))
        return cls(
            key=key,
            concurrency=_number(variables, "POSTEDITOR_CONCURRENCY") or 4,
            most_tokens=_number(variables, "POSTEDITOR_MAX_TOKENS"),
            patience=patience,
        )


def load(request: RewriterRequest) -> "OpenAIServer":
    """The rewriter for ``openai:MODEL@URL``, after a look whether the server is there.

    Raises:
        ModelError: The SPEC can't be read, the server is down or refuses, a key would go unencrypted over a network,
            or the template is broken.
        CorpusError: The glossary can't be read.
    """
    server = parse_server_spec(request.argument)
    settings = ServerSettings.from_environment()
    prompt = Prompt.load(request.glossary, request.source_lang, request.target_lang)
    return OpenAIServer(request.spec, server, prompt, settings)


class OpenAIServer:
    """A chat model on a server. Requests run side by side, answers come in order."""

    target_languages: tuple[str, ...] = ()

    def __init__(self, name: str, server: ServerSpec, prompt: Prompt, settings: ServerSettings) -> None:
        """See whether the server is there.

        Args:
            name: The SPEC, which suggestions carry.
            server: What it says.
            prompt: Makes the messages.
            settings: Key, concurrency, time-outs.

        Raises:
            ModelError: The server is down or refuses, or a key would go unencrypted over a network.
        """
        _protect(server, settings)
        self.name = name
        self._prompt = prompt
        self._settings = settings
        self._breaker = CircuitBreaker()
        self._random = Random()
        self._connection = _connection(server, settings)
        self._slots = asyncio.Semaphore(settings.concurrency)
        self._loop = asyncio.new_event_loop()
        try:
            model = self._loop.run_until_complete(self._connection.model_id())
        except ServerFault as fault:
            self.close()
            raise ModelError(fault.message, hint=_advice(fault)) from fault
        except BaseException:
            self.close()
            raise
        self._model = model
        self._corrections = PastCorrections()
        self.revision = ""
        self.learn(())

    def learn(self, pairs: Iterable[MemoryPair]) -> None:
        """Choose among more past corrections when examples are shown to the model."""
        self._corrections.learn(pairs)
        recipe = (_SETTINGS_VERSION, self._prompt.fingerprint, self._settings.most_tokens, self._corrections.digest)
        self.revision = f"{self._model} {sha256(repr(recipe).encode()).hexdigest()[:12]}"

    def rewrite(
        self, segments: Sequence[Segment], *, should_stop: Callable[[], bool] = lambda: False
    ) -> Iterator[Suggestion]:
        """One suggestion per segment, in order; what fails carries the error and changes nothing.

        No more than a few segments ahead of the one that is waited for are asked for. Once ``should_stop()`` is true
        the connections are closed at once.
        """
        rest = iter(segments)
        under_way: deque[asyncio.Task[Suggestion]] = deque()
        try:
            while True:
                while len(under_way) < _AHEAD * self._settings.concurrency:
                    segment = next(rest, None)
                    if segment is None:
                        break
                    under_way.append(self._loop.create_task(self._suggest(segment)))
                if not under_way or not self._wait(under_way[0], should_stop):
                    return
                yield under_way.popleft().result()
        finally:
            self._call_off(under_way)

    def close(self) -> None:
        """Drop the connections; closing twice does no harm."""
        if not self._loop.is_closed():
            self._loop.run_until_complete(self._connection.close())
            self._loop.close()

    def _wait(self, task: "asyncio.Task[Suggestion]", should_stop: Callable[[], bool]) -> bool:
        """Let all tasks go on until this one is done; False when nobody wants it any more."""
        while not should_stop():
            if task.done():
                return True
            self._loop.run_until_complete(asyncio.wait([task], timeout=_LOOK_EVERY))
        return False

    def _call_off(self, tasks: "deque[asyncio.Task[Suggestion]]") -> None:
        if tasks and not self._loop.is_closed():
            for task in tasks:
                task.cancel()
            self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))

    async def _suggest(self, segment: Segment) -> Suggestion:
        reason = _reason_to_leave(segment.mt)
        if reason is not None:
            return Suggestion(segment.mt, (), self.name, error=reason)
        async with self._slots:
            started = perf_counter()
            try:
                answer = await self._ask(self._request(segment))
                suggestion = self._read(answer, segment)
            except ServerFault as fault:
                suggestion = Suggestion(segment.mt, (), self.name, error=fault.message)
            except ModelError as error:  # the person's template does not take this segment
                suggestion = Suggestion(segment.mt, (), self.name, error=error.message)
            return replace(suggestion, seconds=perf_counter() - started)

    def _request(self, segment: Segment) -> ChatRequest:
        messages = self._prompt.messages(segment, self._corrections.examples_for(segment))
        size = len(segment.mt.encode("utf-8", "replace"))
        most_tokens = self._settings.most_tokens or 128 + size * 2 // 3
        return ChatRequest(messages, most_tokens, longest=20_000 + 8 * len(segment.mt))

    async def _ask(self, request: ChatRequest) -> ChatAnswer:
        """The answer, after as many tries as patience allows; none where the server is taken to be down."""
        if not self._breaker.lets_through():
            raise Refused(f"not asked for, after too many failures in a row; the last one: {self._breaker.reason}")
        tried = 0
        while True:
            try:
                answer = await self._connection.ask(request)
            except ServerFault as fault:
                tried += 1
                pause = self._settings.patience.pause(tried, fault.retry_after, self._random)
                if not fault.may_pass or self._breaker.is_open or pause is None:
                    self._note(fault)
                    raise
                await asyncio.sleep(pause)
            else:
                self._breaker.succeeded()
                return answer

    def _note(self, fault: ServerFault) -> None:
        if fault.is_about_server:
            self._breaker.failed(fault.message)
        elif not isinstance(fault, Interrupted):
            self._breaker.succeeded()

    def _read(self, answer: ChatAnswer, segment: Segment) -> Suggestion:
        text = answer_text(answer.finish(), segment)
        if not text.strip():
            raise BadAnswer("an empty answer")
        if "\ufffd" in text and "\ufffd" not in segment.mt:
            raise BadAnswer("malformed answer: broken characters in it")
        edits = [replace(edit, confidence=answer.confidence) for edit in word_diff(segment.mt, text)]
        return suggestion_from_edits(segment.mt, edits, self.name)


def _reason_to_leave(mt: str) -> str | None:
    """Why the segment is not sent: too long, or "" where there is nothing to rewrite. None for any other."""
    if not any(character.isalnum() for character in mt):
        return ""
    words = len(mt.split())
    if words > MOST_WORDS:
        return f"{words:,} words; segments of more than {MOST_WORDS:,} are left as they are"
    if len(mt) > _MOST_CHARACTERS:
        return f"{len(mt):,} characters; segments of more than {_MOST_CHARACTERS:,} are left as they are"
    return None


def _protect(server: ServerSpec, settings: ServerSettings) -> None:
    address = server.address
    if settings.key is not None and address.scheme == "http" and not address.is_loopback:
        raise ModelError(
            f"the key in {' or '.join(KEY_VARIABLES)} would go to {address.place} unencrypted",
            hint="Name an https:// address; or unset the variables if this server needs no key.",
        )


def _connection(server: ServerSpec, settings: ServerSettings) -> ServerConnection:
    try:
        return ServerConnection(server, key=settings.key, connections=settings.concurrency, patience=settings.patience)
    except (ValueError, OSError) as error:  # what it says may hold the password of a proxy
        raise ModelError(
            f"the way to {server.address.place} can't be prepared: {type(error).__name__}",
            hint="Check HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY and SSL_CERT_FILE in the environment.",
        ) from None


def _advice(fault: ServerFault) -> str:
    if isinstance(fault, Refused):
        return f"Check the address; the key comes from {' or '.join(KEY_VARIABLES)}."
    return "Start the server or check the address; --model default needs no server."


def _number(variables: Mapping[str, str], name: str) -> int | None:
    text = variables.get(name, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 9 and int(text) > 0):
        raise ModelError(f"{name} is {text[:40]!r}", hint="Set it to a whole number from 1 on, or unset it.")
    return int(text)
