"""Requests to an OpenAI-compatible server: what is sent, how the answer is read, and what each failure is called.

The key goes into one header of each request and nowhere else. Redirects are not followed: a key and a person's texts
go to the host that was named, or nowhere.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx2

from posteditor.rewriters.remote import ServerSpec
from posteditor.rewriters.retrying import Patience, retry_after_seconds
from posteditor.rewriters.server_answer import ChatAnswer, error_words
from posteditor.rewriters.server_faults import (
    BadAnswer,
    Interrupted,
    Overloaded,
    Refused,
    TooSlow,
    UnknownField,
    Unreachable,
)

_EVENT_BYTES = 1 << 20
_BYTES_PER_CHARACTER = 256
"""Of a stream: a token of four letters comes in some hundred bytes of JSON, with its probability in twice as much."""
_LEAST_STREAM_BYTES = 1 << 21
_ERROR_BYTES = 1 << 16
_MODELS_BYTES = 1 << 23
_LINGER = 1.0
"""Seconds for the end of a stream after the end of the answer, so that the connection can be used again."""
_BUSY = (408, 409, 425, 429)
_NO_LIST = (404, 405, 429, 501, 503)
"""Status of servers that do not list their models, or not now; one that loads a model (503) is there all the same."""


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """What one answer is asked for with."""

    messages: list[dict[str, str]]
    most_tokens: int
    """The server stops there."""
    longest: int
    """Characters of the longest answer that is read."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """What servers differ in: not all take every field, and most refuse a request with one that they don't know."""

    limit: str = "max_tokens"
    optional: tuple[str, ...] = ("seed", "logprobs")

    def body(self, model: str, request: ChatRequest) -> bytes:
        """The request as JSON in ASCII: streamed, without chance, and with probabilities where they are to be had."""
        fields: dict[str, Any] = {"model": model, "messages": request.messages, "stream": True, "temperature": 0}
        fields[self.limit] = request.most_tokens
        fields.update({name: value for name, value in (("seed", 0), ("logprobs", True)) if name in self.optional})
        return json.dumps(fields).encode("ascii")

    def adapted(self, complaint: str) -> "Dialect | None":
        """Another way to ask, after the server has refused this one; None when there is none left."""
        if self.limit == "max_tokens" and "max_completion_tokens" in complaint:
            return Dialect("max_completion_tokens", self.optional)
        unwanted = [name for name in self.optional if name in complaint] or ["logprobs"]
        optional = tuple(name for name in self.optional if name not in unwanted)
        return None if optional == self.optional else Dialect(self.limit, optional)


class ServerConnection:
    """Connections to one server; all methods run on one event loop."""

    def __init__(self, server: ServerSpec, *, key: str | None, connections: int, patience: Patience) -> None:
        """Nothing is sent yet.

        Args:
            server: The model and where it is.
            key: Sent with every request; None for none.
            connections: At most so many at once.
            patience: Time-outs.
        """
        self._server = server
        self._key = key
        self._patience = patience
        self._dialect = Dialect()
        self._dialect_is_proven = False
        self._client = httpx2.AsyncClient(
            headers={"Accept-Encoding": "identity"} | ({} if key is None else {"Authorization": f"Bearer {key}"}),
            timeout=httpx2.Timeout(patience.silence, connect=patience.connect),
            limits=httpx2.Limits(max_connections=connections, max_keepalive_connections=connections),
            follow_redirects=False,
            trust_env=not server.address.is_loopback,  # proxies; one that is meant for the web must not see our own
        )

    async def model_id(self) -> str:
        """The model's name as the server lists it; the name that was asked for where it does not say.

        Raises:
            ServerFault: There is no such server, or it wants nothing of us.
        """
        wanted = self._server.model
        async with self._exchange("GET", "/models", None) as response:
            if response.status_code in _NO_LIST:
                return wanted
            await self._check(response)
            if _media_type(response) == "text/html":
                raise Refused(f"{self._place} answered with a web page instead of a list of models")
            names = _model_names(await _read(response, _MODELS_BYTES))
        return next((name for name in (wanted, f"{wanted}:latest") if name in names), wanted)

    async def ask(self, request: ChatRequest) -> ChatAnswer:
        """The model's answer, complete.

        Raises:
            ServerFault: There is none.
        """
        dialect = self._dialect
        while True:
            try:
                answer = await self._ask_in(dialect, request)
            except UnknownField as fault:
                other = None if self._dialect_is_proven else dialect.adapted(fault.message)
                if other is None:
                    raise
                dialect = other
            else:
                self._dialect, self._dialect_is_proven = dialect, True
                return answer

    async def close(self) -> None:
        """Drop the connections."""
        await self._client.aclose()

    @property
    def _place(self) -> str:
        return self._server.address.place

    async def _ask_in(self, dialect: Dialect, request: ChatRequest) -> ChatAnswer:
        answer = ChatAnswer(request.longest, hide=self._key)
        body = dialect.body(self._server.model, request)
        try:
            async with self._exchange("POST", "/chat/completions", body) as response:
                await self._check(response)
                await self._receive(response, answer, request.longest)
        except (Interrupted, Unreachable, TooSlow):
            if not answer.is_complete:  # else all that went wrong is the stream's end, after the answer's
                raise
        answer.finish()
        return answer

    @asynccontextmanager
    async def _exchange(self, method: str, path: str, body: bytes | None) -> AsyncIterator[httpx2.Response]:
        """One request; what the HTTP client raises in it becomes a ``ServerFault``."""
        has_begun = False
        url = self._server.address.url + path
        headers = {} if body is None else {"Content-Type": "application/json", "Accept": "text/event-stream"}
        try:
            async with (
                asyncio.timeout(self._patience.total),
                self._client.stream(method, url, content=body, headers=headers) as response,
            ):
                has_begun = True
                yield response
        except TimeoutError as error:
            raise TooSlow(f"{self._place} was not done after {self._patience.total:g} s") from error
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.ProxyError) as error:
            raise Unreachable(f"no connection to {self._place}: {self._words(str(error))}") from error
        except httpx2.TimeoutException as error:
            raise TooSlow(f"no word from {self._place} for {self._patience.silence:g} s") from error
        except (httpx2.SSEError, httpx2.DecodingError) as error:
            raise BadAnswer(f"malformed answer: {self._words(str(error))}") from error
        except (httpx2.HTTPError, httpx2.StreamError) as error:
            kind = Interrupted if has_begun else Unreachable
            raise kind(f"{self._place} broke off the connection: {self._words(str(error))}") from error

    async def _check(self, response: httpx2.Response) -> None:
        """Let a status of success pass, and call the others by name."""
        status = response.status_code
        if status == httpx2.codes.OK:
            return
        if response.is_redirect:
            target = self._words(response.headers.get("location", "nowhere"))
            raise Refused(f"{self._place} redirects to {target}, which is not followed")
        if status in (401, 403):
            state = "it got none" if self._key is None else "the one it got is not right"
            raise Refused(f"{self._place} wants a key ({status}), and {state}")
        words = await self._complaint(response)
        if status in _BUSY or status >= 500:
            wish = retry_after_seconds(response.headers.get("retry-after"))
            wants = f"; it asks to wait {wish:,.0f} s" if wish is not None else ""
            raise Overloaded(f"{self._place} can't answer now ({status}){words}{wants}", retry_after=wish)
        if status == 404:
            raise Refused(f"{self._place} knows no such model or address (404){words}")
        if status in (400, 422):
            raise UnknownField(f"{self._place} does not take the request ({status}){words}")
        raise BadAnswer(f"{self._place} answered with status {status}{words}")

    async def _complaint(self, response: httpx2.Response) -> str:
        """What the body of an error says, with a colon before it; empty when it says nothing."""
        try:
            words = error_words(json.loads(await _read(response, _ERROR_BYTES)), hide=self._key)
        except (BadAnswer, ValueError, RecursionError):
            return ""
        return f": {words}" if words else ""

    async def _receive(self, response: httpx2.Response, answer: ChatAnswer, longest: int) -> None:
        kind = _media_type(response)
        limit = max(_LEAST_STREAM_BYTES, _BYTES_PER_CHARACTER * longest)
        if kind == "application/json":
            answer.take_whole(await _read(response, limit))
        elif kind == "text/event-stream" and _is_plain(response):
            await self._receive_events(response, answer, limit)
        elif kind == "text/html":
            raise Refused(f"{self._place} answered with a web page instead of a rewrite")
        else:
            raise BadAnswer(f"{self._place} answered with {self._words(kind) or 'something'} instead of events")

    async def _receive_events(self, response: httpx2.Response, answer: ChatAnswer, limit: int) -> None:
        response.encoding = "utf-8"  # events always are, whatever the header says
        try:
            async with asyncio.timeout(None) as patience:
                async for event in httpx2.EventSource(response, max_event_size=_EVENT_BYTES):
                    if response.num_bytes_downloaded > limit:
                        raise BadAnswer(f"an answer of more than {limit:,} bytes")
                    if not answer.is_complete:
                        answer.take_event(event.data)
                        if answer.is_complete:
                            patience.reschedule(asyncio.get_running_loop().time() + _LINGER)
        except TimeoutError:
            if not answer.is_complete:
                raise

    def _words(self, text: str) -> str:
        """Words of others for a message: short, printable, and without the key, should the server say it back."""
        return error_words(text, hide=self._key)


def _media_type(response: httpx2.Response) -> str:
    return response.headers.get("content-type", "").partition(";")[0].strip().lower()


def _is_plain(response: httpx2.Response) -> bool:
    """False for a compressed body, which was not asked for and whose size nobody knows."""
    return response.headers.get("content-encoding", "identity").strip().lower() in ("", "identity")


async def _read(response: httpx2.Response, limit: int) -> bytes:
    if not _is_plain(response):
        raise BadAnswer("a compressed answer, which was not asked for")
    content = bytearray()
    async for chunk in response.aiter_bytes():
        content += chunk
        if len(content) > limit:
            raise BadAnswer(f"an answer of more than {limit:,} bytes")
    return bytes(content)


def _model_names(body: bytes) -> set[str]:
    """The names in a list of models; none where it is no such list."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return set()
    entries = value.get("data") if isinstance(value, Mapping) else None
    return {str(entry["id"]) for entry in entries or () if isinstance(entry, Mapping) and "id" in entry}
