"""A LanguageTool server on the loopback address that knows three rules, and has the trouble it is told to have."""

import json
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

LANGUAGES = [
    {"name": "English", "code": "en", "longCode": "en"},
    {"name": "English (GB)", "code": "en", "longCode": "en-GB"},
    {"name": "English (US)", "code": "en", "longCode": "en-US"},
    {"name": "Russian", "code": "ru", "longCode": "ru-RU"},
]
INFO = {"software": {"name": "LanguageTool", "version": "6.5", "buildDate": "2024-09-27 11:27:00 +0200"}}
RULES = (
    (r"\bteh\b", ["the", "tea"], "misspelling", "TYPOS"),
    (r"\bhave went\b", ["have gone"], "grammar", "GRAMMAR"),
    (r"\bvery very\b", ["very"], "duplication", "REPETITIONS"),
)


@dataclass(frozen=True)
class Reply:
    """What the server answers instead of what it should."""

    body: bytes = b"{}"
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    delay: float = 0.0
    """Seconds before the first byte."""
    drip: float = 0.0
    """Seconds between two bytes; 0 sends all at once."""
    length: int | None = None
    """The Content-Length it claims; None for the true one."""
    times: int = 1 << 30
    """How often it answers so, before it does what it should."""


def json_reply(value: Any, **more: Any) -> Reply:
    return Reply(json.dumps(value).encode(), **more)


def match(offset: Any, length: Any, *replacements: str, issue: str = "grammar", category: str = "GRAMMAR") -> Any:
    """A match as LanguageTool gives it, but for the parts that nobody reads."""
    return {
        "message": "Something is wrong here.",
        "offset": offset,
        "length": length,
        "replacements": [{"value": value} for value in replacements],
        "rule": {"id": "A_RULE", "issueType": issue, "category": {"id": category, "name": "Whatever"}},
    }


@dataclass
class ScriptedServer:
    """Where it listens, what it was asked, and what it is told to do."""

    url: str = ""
    texts: list[str] = field(default_factory=list)
    """In the order of arrival."""
    languages: list[str] = field(default_factory=list)
    """Of the checks."""
    paths: list[str] = field(default_factory=list)
    most_at_once: int = 0
    replies: dict[str, list[Reply]] = field(default_factory=dict)
    """By the text to check, or by path."""
    _busy: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def on(self, what: str, *replies: Reply) -> None:
        """Answer so to a text, or to everything under a path; each reply as often as it says."""
        self.replies[what] = list(replies)

    def reply(self, path: str, text: str, language: str) -> Reply:
        for key in (text, path):
            for index, reply in enumerate(self.replies.get(key, ())):
                if reply.times:
                    self.replies[key][index] = Reply(**{**reply.__dict__, "times": reply.times - 1})
                    return reply
        if path == "/v2/languages":
            return json_reply(LANGUAGES)
        if path == "/v2/info":
            return json_reply(INFO)
        if path == "/v2/check":
            return json_reply({**INFO, "language": {"code": language}, "matches": _matches(text)})
        return Reply(b"Error: not found", status=404)

    @contextmanager
    def counted(self) -> Iterator[None]:
        with self._lock:
            self._busy += 1
            self.most_at_once = max(self.most_at_once, self._busy)
        yield
        with self._lock:
            self._busy -= 1


def _matches(text: str) -> list[Any]:
    found = []
    for pattern, replacements, issue, category in RULES:
        for hit in re.finditer(pattern, text):
            start, end = (len(text[:place].encode("utf-16-le")) // 2 for place in hit.span())
            found.append(match(start, end - start, *replacements, issue=issue, category=category))
    return found


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, *arguments: Any) -> None:
        self.connections: list[socket.socket] = []
        super().__init__(*arguments)

    def process_request(self, request: Any, client_address: Any) -> None:
        self.connections.append(request)
        super().process_request(request, client_address)

    def hang_up(self) -> None:
        """End the connections that are kept open, as the end of a server process does."""
        for connection in self.connections:
            with suppress(OSError):  # ended by the client
                connection.shutdown(socket.SHUT_RDWR)


@contextmanager
def language_tool_server() -> Iterator[ScriptedServer]:
    """A running server; ended with the context."""
    script = ScriptedServer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            self._answer("")

        def do_POST(self) -> None:
            self._answer(self.rfile.read(int(self.headers["Content-Length"])).decode("ascii"))

        def log_message(self, *arguments: object) -> None:
            pass

        def _answer(self, form: str) -> None:
            values = parse_qs(form, keep_blank_values=True)
            text, language = values.get("text", [""])[0], values.get("language", [""])[0]
            script.paths.append(self.path)
            if self.path == "/v2/check":
                script.texts.append(text)
                script.languages.append(language)
            with script.counted(), suppress(OSError):  # the client may have gone
                self._send(script.reply(self.path, text, language))

        def _send(self, reply: Reply) -> None:
            time.sleep(reply.delay)
            self.send_response(reply.status)
            self.send_header("Content-Length", str(len(reply.body) if reply.length is None else reply.length))
            for name, value in reply.headers:
                self.send_header(name, value)
            self.end_headers()
            if reply.length is not None and reply.length > len(reply.body):
                self.close_connection = True
            pieces = [reply.body[i : i + 1] for i in range(len(reply.body))] if reply.drip else [reply.body]
            for piece in pieces:
                self.wfile.write(piece)
                self.wfile.flush()
                time.sleep(reply.drip)

    server = _Server(("127.0.0.1", 0), Handler)
    script.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield script
    finally:
        server.shutdown()
        server.server_close()
        server.hang_up()
        thread.join()
