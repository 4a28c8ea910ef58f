"""New translations and flags put into the lines of an entry, all else of which stays as it is.

Source: GNU gettext manual, sections "The Format of PO Files" and "Fuzzy Entries".
"""

from collections.abc import Callable

from posteditor.core.segment import Status
from posteditor.formats.po.comments import (
    comment_lines,
    is_provenance_comment,
    is_translator_comment,
    provenance_comment,
)
from posteditor.formats.po.entries import Entry, Form
from posteditor.formats.po.strings import laid_out
from posteditor.formats.records import Change

_BLANK = " \t\r\n\f\v"


class EntrySplicer:
    """Makes changes."""

    def __init__(self, lacks: Callable[[str], str], refused: list[tuple[int, str]], *, wraps: bool) -> None:
        """Prepare for one file.

        Args:
            lacks: Tells the first character of a text that the file's encoding does not have.
            refused: Gets position and reason of each target that can't be put in.
            wraps: The file breaks long lines.
        """
        self._lacks = lacks
        self._refused = refused
        self._wraps = wraps

    def changed(self, entry: Entry, changes: dict[int, Change]) -> str:
        """The text of an entry with changes made.

        Args:
            changes: By index of the form.
        """
        made = {index: change for index, change in changes.items() if self._is_possible(change)}
        end = _line_end(entry)
        lines = list(entry.lines)
        for index, form in reversed(list(enumerate(entry.forms))):
            target = made[index].target if index in made else None
            if target is not None and target != form.text:
                lines[form.first : form.end] = self._form(form, target, lines[form.end - 1], end)
        if made:
            first = next(place for place, line in enumerate(lines) if _is_message(line))
            comments = self._comments(entry, made, lines[:first], end)
            lines[:first] = comments
        return "".join(lines)

    def _is_possible(self, change: Change) -> bool:
        if change.target is None:
            return True
        reason = ""
        if "\0" in change.target or "\4" in change.target:
            reason = f"PO can't hold the character U+{'0000' if chr(0) in change.target else '0004'}"
        elif missing := self._lacks(change.target):
            reason = f"the encoding of the file does not have {missing!r}: convert it to UTF-8"
        if reason:
            self._refused.append((change.position, reason))
        return not reason

    def _form(self, form: Form, target: str, last: str, end: str) -> list[str]:
        """The lines of another translation."""
        lines = [line + end for line in laid_out(form.keyword, target, wraps=self._wraps)]
        if not last.endswith("\n"):
            lines[-1] = lines[-1].removesuffix(end)
        return lines

    def _comments(self, entry: Entry, made: dict[int, Change], comments: list[str], end: str) -> list[str]:
        fuzzy = _is_fuzzy(entry, made)
        if fuzzy is not None and fuzzy != entry.is_fuzzy:
            comments = _with_fuzzy(comments, end) if fuzzy else _without_fuzzy(comments)
        new: list[str] = []
        for change in made.values():
            if change.note and change.status is Status.REJECTED:
                new += comment_lines(change.note)
            if change.provenance is not None and (change.target is not None or change.status is not None):
                new.append(provenance_comment(change.provenance))
                comments = [line for line in comments if not is_provenance_comment(line)]
        there = {line.strip(_BLANK) for line in comments}
        new = [line for line in dict.fromkeys(new) if line not in there and not self._lacks(line)]
        place = max(
            (at for at, line in enumerate(comments, 1) if is_translator_comment(line)), default=_start(comments)
        )
        return [*comments[:place], *(line + end for line in new), *comments[place:]]


def _is_fuzzy(entry: Entry, made: dict[int, Change]) -> bool | None:
    """Whether the entry is fuzzy now, which all its forms are together; None where no status has changed."""
    if all(change.status is None for change in made.values()):
        return None
    states: list[bool] = []
    for index, form in enumerate(entry.forms):
        change = made.get(index)
        status = change.status if change is not None else None
        target = change.target if change is not None and change.target is not None else form.text
        if status is None:
            states.append(entry.is_fuzzy and bool(target))
        elif status is Status.NEW:
            states.append(bool(target))
        else:
            states.append(status in (Status.DRAFT, Status.REJECTED))
    return any(states)


def _with_fuzzy(comments: list[str], end: str) -> list[str]:
    for place, line in enumerate(comments):
        if line.lstrip(_BLANK).startswith("#,"):
            start, comma, rest = line.partition("#,")
            return [*comments[:place], f"{start}{comma} fuzzy,{rest}", *comments[place + 1 :]]
    place = len(comments)
    while place and comments[place - 1].lstrip(_BLANK).startswith("#|"):
        place -= 1
    return [*comments[:place], f"#, fuzzy{end}", *comments[place:]]


def _without_fuzzy(comments: list[str]) -> list[str]:
    """Without the flag, and without the previous msgid that it went with."""
    kept: list[str] = []
    for line in comments:
        text = line.strip(_BLANK)
        if text.startswith("#|"):
            continue
        if text[:2] in ("#,", "#="):
            flags = [flag.strip() for flag in text[2:].split(",")]
            if "fuzzy" in flags:
                left = [flag for flag in flags if flag and flag != "fuzzy"]
                if left:
                    kept.append(line.replace(text, f"{text[:2]} {', '.join(left)}"))
                continue
        kept.append(line)
    return kept


def _line_end(entry: Entry) -> str:
    return "\r\n" if any(line.endswith("\r\n") for line in entry.lines) else "\n"


def _is_message(line: str) -> bool:
    return line.removeprefix("\ufeff").lstrip(_BLANK).startswith(("msg", "domain"))


def _start(comments: list[str]) -> int:
    """Where the first line that is not blank stands."""
    return next((place for place, line in enumerate(comments) if line.strip(_BLANK)), len(comments))
