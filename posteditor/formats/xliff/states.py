"""What the states of a file say about the human's work, and the states for what it has become.

Source: XLIFF 1.2, chapter 3 (state, state-qualifier, approved); XLIFF 2.1, section 4.3.1 (state, subState). The values
of Trados, memoQ and Phrase are those in their files.
"""

from posteditor.core.segment import Status
from posteditor.formats.xliff.names import OURS

REJECTED_QUALIFIER = "x-rejected"
"""Our state-qualifier beside needs-translation: version 1 has no state for what was rejected."""

STATE_1 = {
    Status.NEW: "new",
    Status.DRAFT: "needs-review-translation",
    Status.CONFIRMED: "translated",
    Status.REVIEWED: "signed-off",
    Status.REJECTED: "needs-translation",
}
"""The ``state`` of a target in XLIFF 1."""
STATE_2 = {
    Status.NEW: "initial",
    Status.DRAFT: "initial",
    Status.CONFIRMED: "translated",
    Status.REVIEWED: "reviewed",
    Status.REJECTED: "initial",
}
"""The ``state`` of a segment in XLIFF 2."""
SUB_STATE = {Status.DRAFT: f"{OURS}:draft", Status.REJECTED: f"{OURS}:rejected"}
"""Our ``subState`` where XLIFF 2 has no state of its own."""
CONF = {
    Status.NEW: None,
    Status.DRAFT: "Draft",
    Status.CONFIRMED: "Translated",
    Status.REVIEWED: "ApprovedTranslation",
    Status.REJECTED: "RejectedTranslation",
}
"""The ``conf`` of Trados' ``sdl:seg``; None for no such attribute."""
MEMOQ_STATUS = {
    Status.NEW: "NotStarted",
    Status.DRAFT: "PartiallyEdited",
    Status.CONFIRMED: "ManuallyConfirmed",
    Status.REVIEWED: "Proofread",
    Status.REJECTED: "Rejected",
}
"""memoQ's ``mq:status``."""

_FROM_1 = {
    "new": Status.NEW,
    "needs-translation": Status.NEW,
    "translated": Status.CONFIRMED,
    "signed-off": Status.REVIEWED,
    "final": Status.REVIEWED,
}
_FROM_2 = {"translated": Status.CONFIRMED, "reviewed": Status.REVIEWED, "final": Status.REVIEWED}
_FROM_SUB_STATE = {name: status for status, name in SUB_STATE.items()}
_FROM_CONF = {
    "Draft": Status.DRAFT,
    "Translated": Status.CONFIRMED,
    "RejectedTranslation": Status.REJECTED,
    "ApprovedTranslation": Status.REVIEWED,
    "RejectedSignOff": Status.REJECTED,
    "ApprovedSignOff": Status.REVIEWED,
}
_FROM_MEMOQ = {
    "NotStarted": Status.NEW,
    "Pretranslated": Status.NEW,
    "AssembledFromFragments": Status.NEW,
    "ManuallyConfirmed": Status.CONFIRMED,
    "ConfirmedTranslator": Status.CONFIRMED,
    "ConfirmedReviewer1": Status.REVIEWED,
    "Reviewer1Confirmed": Status.REVIEWED,
    "ConfirmedReviewer2": Status.REVIEWED,
    "ConfirmedProofreader": Status.REVIEWED,
    "Proofread": Status.REVIEWED,
    "Rejected": Status.REJECTED,
}


def status_1(state: str | None, qualifier: str | None, approved: str | None) -> Status:
    """That of a unit of XLIFF 1."""
    if approved == "yes":
        return Status.REVIEWED
    if state is None:
        return Status.NEW
    if qualifier == REJECTED_QUALIFIER and state == "needs-translation":
        return Status.REJECTED
    return _FROM_1.get(state, Status.DRAFT)


def status_2(state: str | None, sub_state: str | None) -> Status:
    """That of a segment of XLIFF 2."""
    if state is None or state == "initial":
        return _FROM_SUB_STATE.get(sub_state or "", Status.NEW)
    return _FROM_2.get(state, Status.NEW)


def status_of_conf(conf: str | None) -> Status:
    """That of a segment of Trados."""
    return _FROM_CONF.get(conf or "", Status.NEW)


def status_of_memoq(status: str) -> Status:
    """That of a unit of memoQ."""
    return _FROM_MEMOQ.get(status, Status.DRAFT)


def status_of_phrase(confirmed: str, level: int) -> Status:
    """That of a unit of Phrase: it counts as confirmed when that was done as often as the job asks for."""
    times = int(confirmed) if confirmed.isdecimal() and len(confirmed) < 4 else 0
    return Status.NEW if not times else Status.CONFIRMED if times >= level else Status.DRAFT


def phrase_confirmed(status: Status, level: int) -> str:
    """Phrase's ``m:confirmed``."""
    return str(level) if status in (Status.CONFIRMED, Status.REVIEWED) else "0"


_ORDER = (Status.REJECTED, Status.NEW, Status.DRAFT, Status.CONFIRMED, Status.REVIEWED)


def least(statuses: "list[Status]") -> Status:
    """The one that is furthest from done: that of a unit whose segments have no states of their own."""
    return min(statuses, key=_ORDER.index)
