"""What can go wrong with one request to a model server, and what follows from it."""


class ServerFault(Exception):  # noqa: N818 (its kinds say what happened, not that it is an error)
    """One request has failed. The message is for the person: one printable line, without any key.

    Attributes:
        may_pass: Another try may succeed.
        is_about_server: The next segment would meet it too, unlike a text that is too long.
        retry_after: Seconds the server asks to wait before another try; None when it does not say.
    """

    may_pass = False
    is_about_server = False

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.retry_after = retry_after


class BadAnswer(ServerFault):
    """The server answered this segment with something that is no rewrite."""


class Interrupted(ServerFault):
    """The answer broke off."""

    may_pass = True


class Unreachable(ServerFault):
    """No connection, or it was lost before anything came."""

    may_pass = True
    is_about_server = True


class Overloaded(ServerFault):
    """The server has no capacity now (429) or stumbles (5xx)."""

    may_pass = True
    is_about_server = True


class TooSlow(ServerFault):
    """A time-out. Trying again would only keep a busy server busier."""

    is_about_server = True


class Refused(ServerFault):
    """The server wants nothing of us: a wrong key, a wrong address, a page in place of an answer."""

    is_about_server = True


class UnknownField(ServerFault):
    """The server does not take the request as it is (400, 422)."""
