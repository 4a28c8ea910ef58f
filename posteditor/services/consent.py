"""Texts leave the machine only by consent: who has given it, and for which hosts."""

import os
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from posteditor.errors import UsageError
from posteditor.rewriters.remote import remote_host

if TYPE_CHECKING:
    from posteditor.services.editing import EditingSession

ALLOW_VARIABLE = "POSTEDITOR_ALLOW_REMOTE"
"""Environment variable: 1 lets texts go to any host that a SPEC names."""
PREFETCH_VARIABLE = "POSTEDITOR_PREFETCH_REMOTE"
"""Environment variable: 1 lets the editor ask such hosts for the next segments before the person gets there."""


def require_consent(specs: Iterable[str], *, allowed: bool) -> None:
    """Let a run without a person to ask begin.

    Args:
        specs: Rewriter SPECs.
        allowed: The person has said --allow-remote.

    Raises:
        UsageError: A SPEC names a host beyond this machine and nobody has allowed that.
    """
    if allowed or _is_on(ALLOW_VARIABLE):
        return
    hosts = dict.fromkeys(host for spec in specs if (host := remote_host(spec)) is not None)
    if hosts:
        raise UsageError(
            f"texts would leave this machine for {', '.join(hosts)}",
            hint=f"Add --allow-remote to let them; {ALLOW_VARIABLE}=1 in the environment says so for good.",
        )


def host_to_ask_about(spec: str, session: "EditingSession", *, allowed: bool) -> str | None:
    """The hosts that the person has to allow before texts of this project go there; None when there is nothing to ask.

    Args:
        spec: A rewriter SPEC.
        session: Remembers what was allowed for its project.
        allowed: The person has said --allow-remote.
    """
    host = remote_host(spec)
    if host is None or allowed or _is_on(ALLOW_VARIABLE) or session.allows_host(host):
        return None
    return host


def consent_question(spec: str, host: str) -> str:
    """What the person is asked."""
    return (
        f"Model {spec} runs on {host}.\n"
        "To get suggestions, the segment you are at, its source, its neighbours, fitting terms of the glossary and "
        f"similar confirmed corrections are sent there. Type yes to allow this for the project."
    )


def is_yes(answer: str | None) -> bool:
    """True for the word itself: a stray key is no consent."""
    return answer is not None and answer.strip().lower() == "yes"


def may_prefetch(spec: str, variables: Mapping[str, str] = os.environ) -> bool:
    """True when segments that nobody looks at yet may be sent to the model."""
    return remote_host(spec) is None or _is_on(PREFETCH_VARIABLE, variables)


def _is_on(name: str, variables: Mapping[str, str] = os.environ) -> bool:
    return variables.get(name, "").strip() == "1"
