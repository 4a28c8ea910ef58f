"""A real HTTP server on the loopback address that answers as a test tells it to, and notes what it was asked."""

import json
import select
import socket
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from time import monotonic
from typing import Any, Self

PATIENCE = 20.0


@dataclass
class Asked:
    """A request as it came in."""

    method: str
    path: str
    headers: dict[str, str]
    body: dict[str, Any]
    at: float
    hung_up: Event = field(default_factory=Event)
    """Set when the client closed the connection before the answer was complete."""

    @property
    def mt(self) -> str:
        """What the user message holds between the tags of the prompt."""
        content = str(self.body["messages"][-1]["content"])
        return content.rpartition("<translation>")[2].partition("</translation>")[0]


class Line:
    """The way back to the client."""

    def __init__(self, handler: BaseHTTPRequestHandler, asked: Asked) -> None:
        self._handler = handler
        self.asked = asked

    def head(self, status: int, headers: Mapping[str, str]) -> None:
        self._handler.send_response(status)
        for name, value in headers.items():
            self._handler.send_header(name, value)
        self._handler.end_headers()
        self._handler.wfile.flush()

    def body(self, status: int, content: bytes, kind: str = "application/json", **headers: str) -> None:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        self.head(status, {"Content-Type": kind, "Content-Length": str(len(content)), **names})
        self._handler.wfile.write(content)

    def events(self) -> None:
        """Begin a stream."""
        self.head(200, {"Content-Type": "text/event-stream", "Transfer-Encoding": "chunked"})

    def raw(self, content: bytes) -> None:
        """A piece of the stream, in a chunk of its own."""
        try:
            self._handler.wfile.write(b"%x\r\n%s\r\n" % (len(content), content))
            self._handler.wfile.flush()
        except OSError:
            self.asked.hung_up.set()
            raise

    def event(self, data: object) -> None:
        text = data if isinstance(data, str) else json.dumps(data)
        self.raw(f"data: {text}\n\n".encode())

    def end(self) -> None:
        """The stream ends as it should."""
        self._handler.wfile.write(b"0\r\n\r\n")

    def cut(self) -> None:
        """The connection is lost."""
        self._handler.connection.shutdown(socket.SHUT_RDWR)
        self._handler.close_connection = True

    def wait(self, until: Event) -> None:
        """Do nothing until the test says so or the client hangs up, which is noted."""
        deadline = monotonic() + PATIENCE
        while not until.is_set() and monotonic() < deadline:
            readable, _, _ = select.select([self._handler.connection], [], [], 0.01)
            if readable and not self._handler.connection.recv(1, socket.MSG_PEEK):
                self.asked.hung_up.set()
                self._handler.close_connection = True
                raise ConnectionError


Reply = Callable[[Line], None]


def chunk(content: str | None = None, finish: str | None = None, logprobs: Iterable[float] = ()) -> dict[str, Any]:
    """One event of a stream."""
    choice: dict[str, Any] = {"index": 0, "delta": {} if content is None else {"content": content}}
    choice["finish_reason"] = finish
    if values := list(logprobs):
        choice["logprobs"] = {"content": [{"token": "x", "logprob": value} for value in values]}
    return {"id": "1", "object": "chat.completion.chunk", "choices": [choice]}


def stream(*pieces: object, last: Reply = Line.end) -> Reply:
    """A stream of bytes as they are and of other things as the data of events, and what comes after them."""

    def reply(line: Line) -> None:
        line.events()
        for piece in pieces:
            if isinstance(piece, bytes):
                line.raw(piece)
            else:
                line.event(piece)
        last(line)

    return reply


def silence(line: Line) -> None:
    """Nothing more, until the client hangs up."""
    line.wait(Event())


def saying(text: str, *, logprobs: Iterable[float] = (), finish: str | None = "stop", done: bool = True) -> Reply:
    """A good stream in two pieces."""

    half = len(text) // 2
    pieces: list[object] = [chunk(""), chunk(text[:half], logprobs=logprobs), chunk(text[half:])]
    if finish:
        pieces.append(chunk(finish=finish))
    if done:
        pieces.append("[DONE]")
    return stream(*pieces)


def status(code: int, body: object = None, **headers: str) -> Reply:
    """An error."""
    content = body if isinstance(body, bytes) else json.dumps(body or {}).encode()
    kind = headers.pop("kind", "application/json")
    return lambda line: line.body(code, content, kind, **headers)


def echo(line: Line) -> None:
    """The mt in capitals."""
    saying(line.asked.mt.upper())(line)


class ScriptedServer:
    """Answers ``GET`` with ``models`` and each chat request with the next of ``replies``, or with ``reply``."""

    def __init__(self, reply: Reply = echo, models: Reply | None = None) -> None:
        self.replies: list[Reply] = []
        self.reply = reply
        self.models = models or status(200, {"object": "list", "data": [{"id": "m"}]})
        self.asked: list[Asked] = []
        self.at_once = 0
        self.most_at_once = 0
        self._lock = Lock()
        script = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                script._serve(self)

            def do_POST(self) -> None:
                script._serve(self)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                """Keep quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def chats(self) -> list[Asked]:
        """The chat requests so far."""
        return [asked for asked in self.asked if asked.method == "POST"]

    def __enter__(self) -> Self:
        Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _serve(self, handler: BaseHTTPRequestHandler) -> None:
        length = int(handler.headers.get("Content-Length") or 0)
        body = json.loads(handler.rfile.read(length)) if length else {}
        asked = Asked(handler.command, handler.path, dict(handler.headers), body, monotonic())
        with self._lock:
            self.asked.append(asked)
            is_chat = asked.method == "POST"
            reply = self.models if not is_chat else self.replies.pop(0) if self.replies else self.reply
            self.at_once += is_chat
            self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            reply(Line(handler, asked))
        except OSError:
            handler.close_connection = True
        finally:
            with self._lock:
                self.at_once -= is_chat
