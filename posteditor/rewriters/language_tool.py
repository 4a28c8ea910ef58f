"""LanguageTool as a rewriter: SPEC ``languagetool`` or ``languagetool:URL``. Its matches are hunks already."""

import asyncio
import re
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from time import perf_counter

from posteditor.core.segment import Segment
from posteditor.core.suggestion import Suggestion, suggestion_from_edits
from posteditor.errors import ModelError
from posteditor.rewriters.language_tool_client import LanguageToolClient, Patience
from posteditor.rewriters.language_tool_matches import edits_of
from posteditor.rewriters.remote import ServerAddress, parse_address
from posteditor.rewriters.specs import RewriterRequest, Threshold

DEFAULT_URL = "http://localhost:8081"
_LEAST = {"show": 0.5, "apply": 0.8}
"""0-1: hunks at least so certain are shown, or made in batches."""
_AT_ONCE = 4
"""Requests under way; a LanguageTool server has a few threads and queues the rest."""
_TICK = 0.05
"""Seconds between two looks at ``should_stop`` while the server works."""
_WORTH_A_LOOK = re.compile(r"\w")


class LanguageToolRewriter:
    """Asks one server; where that fails, the segment's suggestion carries the error and the others go on."""

    def __init__(
        self, name: str, address: ServerAddress, target_lang: str, *, threshold: Threshold, patience: Patience
    ) -> None:
        """Reach the server and see that it knows the language.

        Raises:
            ModelError: It can't be reached, is no LanguageTool server, or does not check ``target_lang``.
        """
        self.name = name
        self._least = _LEAST[threshold]
        self._loop = asyncio.new_event_loop()
        self._client = LanguageToolClient(address, patience)
        try:
            known = self._loop.run_until_complete(self._client.languages())
            self.language = language_for(target_lang, known)
            if self.language is None:
                names = ", ".join(sorted({language for language, _ in known})) or "nothing"
                raise ModelError(
                    f"LanguageTool server {address.url} does not check {target_lang}; it checks {names}",
                    hint="Leave this rewriter out for this language.",
                )
            version = self._loop.run_until_complete(self._client.version())
        except BaseException:
            self.close()
            raise
        self.target_languages = tuple(dict.fromkeys(tag for pair in known for tag in pair))
        printable = "".join(character for character in version if character.isprintable())
        self.revision = f"LanguageTool {printable[:60]} {self.language}-{threshold}"

    def rewrite(
        self, segments: Sequence[Segment], *, should_stop: Callable[[], bool] = lambda: False
    ) -> Iterator[Suggestion]:
        """One suggestion per segment, in order; a few are asked for at once."""
        rest = iter(segments)
        waiting: deque[asyncio.Task[Suggestion]] = deque()
        try:
            while not should_stop():
                while len(waiting) < _AT_ONCE and (segment := next(rest, None)) is not None:
                    waiting.append(self._loop.create_task(self._answer(segment)))
                if not waiting:
                    return
                if waiting[0].done():
                    yield waiting.popleft().result()
                else:
                    self._loop.run_until_complete(asyncio.wait([waiting[0]], timeout=_TICK))
        finally:
            self._call_off(waiting)

    def close(self) -> None:
        """Close the connections."""
        if not self._loop.is_closed():
            self._loop.run_until_complete(self._client.close())
            self._loop.close()

    async def _answer(self, segment: Segment) -> Suggestion:
        if self.language is None or not _WORTH_A_LOOK.search(segment.mt):
            return Suggestion(segment.mt, (), self.name)
        started = perf_counter()
        try:
            answer = await self._client.check(segment.mt, self.language)
            edits = edits_of(answer, segment.mt, least=self._least)
        except ModelError as error:
            return Suggestion(segment.mt, (), self.name, seconds=perf_counter() - started, error=error.message)
        return suggestion_from_edits(segment.mt, edits, self.name, seconds=perf_counter() - started)

    def _call_off(self, tasks: Sequence[asyncio.Task[Suggestion]]) -> None:
        if tasks and not self._loop.is_closed():
            for task in tasks:
                task.cancel()
            self._loop.run_until_complete(asyncio.wait(tasks))


def language_for(target_lang: str, known: Sequence[tuple[str, str]]) -> str | None:
    """The server's tag for a language: the same one, else that without a region, else its first variant.

    Args:
        target_lang: BCP 47. LanguageTool checks the spelling of English, German and Portuguese only with a region.
        known: The server's languages and their tags.
    """
    wanted = target_lang.replace("_", "-").lower()
    main = wanted.partition("-")[0]
    exact = [tag for _, tag in known if tag.lower() in (wanted, main)]
    exact.sort(key=lambda tag: tag.lower() != wanted)
    return next(iter(exact), None) or next((tag for language, tag in known if language.lower() == main), None)


def load(request: RewriterRequest, patience: Patience | None = None) -> LanguageToolRewriter:
    """The rewriter for ``languagetool`` (a server on this machine, port 8081) or ``languagetool:URL``.

    Raises:
        ModelError: The target language is not known, the address is none, or the server can't be used.
    """
    address = parse_address((request.argument or DEFAULT_URL).rstrip("/").removesuffix("/v2"))
    if address is None:
        raise ModelError(
            "the address in the SPEC can't be used: only http(s)://HOST, a port and a path may stand in it",
            hint=f"Write it as languagetool:URL, such as languagetool:{DEFAULT_URL}",
        )
    if request.target_lang is None:
        raise ModelError(
            "LanguageTool has to know the language that it checks",
            hint="Say it with --target-lang, such as en-GB; without a region its English has no spelling rules.",
        )
    return LanguageToolRewriter(
        request.spec, address, request.target_lang, threshold=request.threshold, patience=patience or Patience()
    )
