"""Talking to a LanguageTool server over HTTP: bounded in time and size, without redirects."""

import asyncio
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx2

from posteditor.errors import ModelError
from posteditor.rewriters.remote import ServerAddress
from posteditor.rewriters.server_answer import error_words

_MOST_BYTES = 8 << 20
"""Of an answer; that to a text of 5,000 words with a fault in each has about 4 MB."""
_BUSY = (429, 503)
"""What servers say that have too much to do."""
_TAG = re.compile(r"[A-Za-z0-9-]{2,35}")
_HINT = (
    "Start one with: java -cp languagetool-server.jar org.languagetool.server.HTTPServer --port 8081, "
    "or name another with languagetool:URL"
)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for a server, in seconds."""

    connect: float = 5.0
    answer: float = 30.0
    """For one text, from sending it to the end of the answer."""
    pauses: tuple[float, ...] = (0.5, 2.0)
    """Before each further try with a server that says it is busy."""


class LanguageToolClient:
    """One server. Its methods run in one event loop; what fails is a ``ModelError`` of one line."""

    def __init__(self, address: ServerAddress, patience: Patience) -> None:
        self.address = address
        self._patience = patience
        self._client = httpx2.AsyncClient(
            base_url=address.url,
            headers={"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "posteditor"},
            timeout=httpx2.Timeout(patience.answer, connect=patience.connect),
            follow_redirects=False,
            verify=address.scheme == "https",  # reading all certificates takes a tenth of a second
            trust_env=not address.is_loopback,  # a proxy has nothing to do with this machine's own servers
        )

    async def languages(self) -> list[tuple[str, str]]:
        """What the server checks, in its order: the language and its tag, such as "en" and "en-GB" (BCP 47).

        Raises:
            ModelError: It can't be reached, or is no LanguageTool server.
        """
        answer = await self._ask("GET", "/v2/languages")
        try:
            known = [(language["code"], language["longCode"]) for language in answer]
            if all(_TAG.fullmatch(tag) for pair in known for tag in pair):
                return known
        except (TypeError, KeyError):
            pass
        raise self._fault("it answers, but not as LanguageTool does", hint=_HINT)

    async def version(self) -> str:
        """Version and build date; empty when the server does not tell, as old ones don't."""
        try:
            answer = await self._ask("GET", "/v2/info")
            software = answer["software"]
            return " ".join(str(software[name]) for name in ("version", "buildDate") if software.get(name))
        except (ModelError, TypeError, KeyError, AttributeError):
            return ""

    async def check(self, text: str, language: str) -> Any:
        """The JSON of the answer to a check.

        Raises:
            ModelError: There was none in time, or an error.
        """
        return await self._ask("POST", "/v2/check", {"text": text, "language": language})

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _ask(self, method: str, path: str, data: Mapping[str, str] | None = None) -> Any:
        for pause in (*self._patience.pauses, None):
            status, body = await self._request(method, path, data)
            if status not in _BUSY or pause is None:
                break
            await asyncio.sleep(pause)
        if 300 <= status < 400:
            raise self._fault(f"it redirects {path}, which is not followed", hint="Name the server's real address.")
        if status != 200:
            raise self._fault(f"it answers {path} with status {status}{_quoted(body)}")
        try:
            return json.loads(body)
        except (ValueError, RecursionError):
            raise self._fault(f"what it answers to {path} is not JSON{_quoted(body)}", hint=_HINT) from None

    async def _request(self, method: str, path: str, data: Mapping[str, str] | None) -> tuple[int, bytes]:
        try:
            async with (
                asyncio.timeout(self._patience.answer),
                self._client.stream(method, path, data=data) as response,
            ):
                return response.status_code, await self._body(response)
        except (TimeoutError, httpx2.TimeoutException):
            raise self._fault(f"no answer to {path} within {self._patience.answer:g} s") from None
        except httpx2.HTTPError as error:
            reason = error_words(str(error)) or type(error).__name__
            raise self._fault(f"the request for {path} failed: {reason}", hint=_HINT) from None
        except UnicodeEncodeError:
            raise ModelError("the text has half a character (a lone surrogate), which can't be sent") from None

    async def _body(self, response: httpx2.Response) -> bytes:
        """All of it as it comes: unpacking could make gigabytes of what is small on the line."""
        if response.headers.get("content-encoding", "identity") != "identity":
            raise self._fault("it sends packed answers, which were not asked for")
        body = bytearray()
        async for chunk in response.aiter_raw():
            body += chunk
            if len(body) > _MOST_BYTES:
                raise self._fault(f"its answer is longer than {_MOST_BYTES >> 20} MiB")
        return bytes(body)

    def _fault(self, what: str, hint: str = "") -> ModelError:
        return ModelError(f"LanguageTool server {self.address.url}: {what}", hint=hint)


def _quoted(body: bytes) -> str:
    """The start of an error's text."""
    shown = error_words(body.decode("utf-8", "replace"))
    return f': "{shown}"' if shown else ""
