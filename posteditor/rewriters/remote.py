"""Which servers a SPEC names, and whether texts would leave the machine on their way to them. Loads nothing heavy."""

import re
from dataclasses import dataclass
from ipaddress import ip_address

from posteditor.errors import ModelError

# Strict on purpose: what is looked at here and what the HTTP client connects to must be the same host.
_ADDRESS = re.compile(
    r"(?P<scheme>https?)://(?P<host>[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(?::(?P<port>\d{1,5}))?"
    r"(?P<path>(?:/[A-Za-z0-9._~%-]*)*)"
)
_SOME_URL = re.compile(r"https?:/[^\s+]*", re.IGNORECASE)
_SERVER_SPEC = re.compile(r"(?P<model>.+)@(?P<url>https?://.*)", re.DOTALL)
_VERSION = re.compile(r"/v\d")
_UNREADABLE = "an address that can't be read"
_HINT = "Write it as openai:MODEL@URL, such as openai:qwen3:4b@http://localhost:11434/v1"


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """Where a server listens."""

    scheme: str
    """"http" or "https"."""
    host: str
    """As it was written, small letters, without the brackets of IPv6."""
    port: int | None
    path: str
    """Begins with a slash and does not end with one, or is empty."""

    @property
    def is_loopback(self) -> bool:
        """True when what is sent there stays on this machine."""
        if self.host == "localhost" or self.host.endswith(".localhost"):
            return True
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def place(self) -> str:
        """Host and port as messages show them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port is None else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """The address again."""
        return f"{self.scheme}://{self.place}{self.path}"


@dataclass(frozen=True, slots=True)
class ServerSpec:
    """What ``openai:MODEL@URL`` says."""

    model: str
    address: ServerAddress
    """Its path ends with the version of the interface, such as "/v1"."""


def parse_address(url: str) -> ServerAddress | None:
    """The address in ``url``; None when it is none, or has anything but scheme, host, port and path."""
    match = _ADDRESS.fullmatch(url)
    if match is None:
        return None
    port = None if match["port"] is None else int(match["port"])
    if port is not None and not 0 < port < 65536:
        return None
    host = match["host"].strip("[]").lower()
    if ":" in host:
        try:
            ip_address(host)
        except ValueError:
            return None
    return ServerAddress(match["scheme"], host, port, match["path"].rstrip("/"))


def parse_server_spec(argument: str) -> ServerSpec:
    """What stands behind ``openai:``. The model's name may hold slashes, colons and @.

    Raises:
        ModelError: It is no MODEL@URL, or the URL has a user, a password, a query or characters beyond ASCII. The
            message does not repeat it: there may be a key in it.
    """
    match = _SERVER_SPEC.fullmatch(argument)
    if match is None or not match["model"].strip() or not match["model"].isprintable():
        raise ModelError("a server's SPEC needs a model and an address", hint=_HINT)
    address = parse_address(match["url"])
    if address is None:
        raise ModelError(
            "the address in the server's SPEC can't be used: only http(s)://HOST, a port and a path may stand in it",
            hint=f"A key belongs into the environment variable POSTEDITOR_API_KEY. {_HINT}",
        )
    path = address.path.removesuffix("/chat/completions")
    if not _VERSION.search(path):
        path += "/v1"
    return ServerSpec(match["model"], ServerAddress(address.scheme, address.host, address.port, path))


def remote_host(spec: str) -> str | None:
    """The hosts beyond this machine that texts would be sent to for ``spec``; None when they all stay here.

    Every address in a SPEC counts, in whichever part of an ensemble (joined by +) it stands; several hosts are joined
    by ", ". An address that can't be read counts as remote.
    """
    hosts: dict[str, None] = {}
    for url in _SOME_URL.findall(spec):
        address = parse_address(url)
        if address is None or not address.is_loopback:
            hosts[_UNREADABLE if address is None else address.place] = None
    return ", ".join(hosts) or None
