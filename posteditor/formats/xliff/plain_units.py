"""Units without anything inside but one source, one target and notes, read in one go: most units of most files.

What does not look exactly so is left to those who take a unit apart.
"""

import re

from posteditor.core.inline_tags import protected
from posteditor.core.segment import Status
from posteditor.formats.xliff.file_parts import Unit
from posteditor.formats.xliff.markup import plain_text, tag_attributes
from posteditor.formats.xliff.names import MEMOQ, OURS, PHRASE
from posteditor.formats.xliff.places import Reading, read_status
from posteditor.formats.xliff.states import status_1, status_2

_REST = r"(?=[\s/>])([^<>\"']*(?:\"[^\"]*\"[^<>\"']*|'[^']*'[^<>\"']*)*)"
_TEXTS = (
    rf"<source{_REST}(?<!/)>([^<]*)</source\s*>\s*"
    rf"(?:<target{_REST}(?<!/)>([^<]*)</target\s*>\s*)?"
)
_VERSION_1 = re.compile(rf"<trans-unit{_REST}>\s*{_TEXTS}((?:<note{_REST}>[^<]*</note\s*>\s*)*)</trans-unit\s*>")
_VERSION_2 = re.compile(rf"<unit{_REST}>\s*<segment{_REST}>\s*{_TEXTS}</segment\s*>\s*</unit\s*>")
_NOTE = re.compile(r">([^<]*)</note")


def plain_reading(unit: Unit, version: int, core: str) -> Reading | None:
    """The only segment of such a unit; None for any other unit.

    Args:
        core: The namespace of the file's own elements.
    """
    text, scope = unit.text, unit.scope
    if "xmlns" in text or scope.prefixes.get("", "") != core:
        return None
    if version == 2:
        found = _VERSION_2.fullmatch(text)
        if found is None:
            return None
        _, of_segment, _, source, _, target = found.groups()
        state = tag_attributes(of_segment)
        return _reading(source, target, status_2(state.get("state"), state.get("subState")), "")
    if scope.prefix_of(MEMOQ) or scope.prefix_of(PHRASE):
        return None
    found = _VERSION_1.fullmatch(text)
    if found is None:
        return None
    of_unit, _, source, of_target, target, notes, _ = found.groups()
    if notes and OURS in notes:
        return None
    approved = tag_attributes(of_unit).get("approved") if "approved" in of_unit else None
    state = tag_attributes(of_target) if of_target else {}
    status = status_1(state.get("state"), state.get("state-qualifier"), approved)
    note = "\n".join(map(plain_text, _NOTE.findall(notes))) if notes else ""
    return _reading(source, target, status, note)


def _reading(source: str, target: str | None, status: Status, note: str) -> Reading:
    if target is None:
        return Reading("", protected(plain_text(source)), "", None, Status.NEW, note)
    mt = protected(plain_text(target))
    status = read_status(status, mt)
    return Reading("", protected(plain_text(source)), mt, None if status is Status.NEW else mt, status, note)
