"""A PO file cut into its entries, in constant memory.

Source: GNU gettext manual, section "The Format of PO Files".
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from posteditor.errors import CorpusError
from posteditor.formats.po.strings import MalformedString, read_strings

_LONGEST_LINE = 1 << 24
_LONGEST_ENTRY = 1 << 20  # lines
_MOST_FORMS = 100  # no language has more than six
_KEYWORD = re.compile(
    r"[ \t\f\v]*(?P<word>msgctxt|msgid_plural|msgid|msgstr|domain)(?:[ \t]*\[[ \t]*(?P<number>[0-9]{1,6})[ \t]*\])?"
    r"[ \t\f\v]*(?P<string>(?:\".*)?)\Z",
    re.DOTALL,
)
_STARTS = re.compile(r"#|msgctxt\b|msgid\b")
_SURROGATE = re.compile("[\ud800-\udfff]")
_BLANK = " \t\r\n\f\v"


@dataclass(slots=True)
class Form:
    """One ``msgstr``, or one ``msgstr[n]``."""

    number: int | None
    """The n; None for a plain one."""
    first: int
    """Index of its line in the entry."""
    end: int = 0
    """Index of the line behind it."""
    text: str = ""

    @property
    def keyword(self) -> str:
        """What it starts with."""
        return "msgstr" if self.number is None else f"msgstr[{self.number}]"


@dataclass(slots=True)
class Entry:
    """Some lines in a row: a message with the comments before it, or what is none."""

    line: int
    """1-based number of the first line."""
    lines: list[str] = field(default_factory=list)
    """With their ends."""
    message_line: int = 0
    """Of its first keyword; 0 when it is no message (comments alone, or an obsolete message)."""
    context: str | None = None
    msgid: str | None = None
    plural: str | None = None
    forms: list[Form] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    is_obsolete: bool = False
    """It is a message that is not in use any more, commented out with ``#~``."""
    problem: str = ""
    """What is wrong with it; empty when nothing is."""
    problem_line: int = 0

    @property
    def is_header(self) -> bool:
        """It is the message that tells about the file."""
        return self.msgid == "" and self.context is None

    @property
    def is_fuzzy(self) -> bool:
        """Its translation waits for somebody to look at it."""
        return "fuzzy" in self.flags

    @property
    def text(self) -> str:
        """All of it."""
        return "".join(self.lines)


def lines_of(blocks: Iterable[str], name: str) -> Iterator[str]:
    """The lines of a text with their ends.

    Raises:
        CorpusError: One is too long to be one.
    """
    rest = ""
    for block in blocks:
        lines = (rest + block).split("\n")
        rest = lines.pop()
        if len(rest) > _LONGEST_LINE:
            raise CorpusError(name, f"a line of more than {_LONGEST_LINE >> 20} million characters", hint="is it PO?")
        yield from [f"{line}\n" for line in lines]
    if rest:
        yield rest


class EntryReader:
    """Cuts lines into entries; every line is in one."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = lines
        self._entry = Entry(1)
        self._string: str = ""
        """The keyword whose string may go on."""
        self._parts: list[str] = []

    def __iter__(self) -> Iterator[Entry]:
        number = 0
        for number, line in enumerate(self._lines, 1):
            if self._ends_before(line):
                yield self._finished()
                self._entry = Entry(number)
            self._take(line, number)
        if self._entry.lines:
            yield self._finished()

    def _ends_before(self, line: str) -> bool:
        entry = self._entry
        if not entry.lines:
            return False
        start = line.lstrip(_BLANK)
        if not start:
            return False
        after_blank = not entry.lines[-1].strip(_BLANK)
        if entry.problem:  # passed over up to the next blank line
            return after_blank
        is_obsolete = start.startswith("#~")
        if entry.is_obsolete or is_obsolete:
            return after_blank or entry.is_obsolete != is_obsolete
        if entry.forms:
            goes_on = start[0] == '"' or start.startswith("msgstr[") or (start.startswith("msgstr") and not after_blank)
            return not goes_on
        if entry.message_line and after_blank:  # blank lines may be anywhere, but here a new entry starts
            return _STARTS.match(start) is not None
        return len(entry.lines) >= _LONGEST_ENTRY

    def _take(self, line: str, number: int) -> None:
        entry = self._entry
        entry.lines.append(line)
        text = line.strip(_BLANK)
        if number == 1:
            text = text.removeprefix("\ufeff")
        if not text or entry.problem:
            return
        if _SURROGATE.search(text):
            self._fail("bytes that are no text in the file's encoding", number)
        elif text[0] == "#":
            self._take_comment(text)
        else:
            try:
                self._take_string(text, number)
            except MalformedString as malformed:
                self._fail(malformed.problem, number)

    def _take_comment(self, text: str) -> None:
        if text[:2] in ("#,", "#="):
            self._entry.flags += [flag.strip() for flag in text[2:].split(",") if flag.strip()]
        self._entry.is_obsolete |= text.startswith("#~")

    def _take_string(self, text: str, number: int) -> None:
        entry = self._entry
        if text[0] == '"':
            if not self._string:
                self._fail("a string without a keyword such as msgid", number)
            else:
                self._add(read_strings(text))
            return
        found = _KEYWORD.match(text)
        if found is None:
            self._fail(f"this is no line of a PO file: {text[:40]!r}", number)
            return
        word = found["word"]
        if word == "domain":
            self._flush()
            return
        entry.message_line = entry.message_line or number
        problem = self._start(word, found["number"])
        if problem:
            self._fail(problem, number)
            return
        self._string = word
        self._add(read_strings(found["string"]))

    def _start(self, word: str, number: str | None) -> str:
        """Begin with a keyword; what is wrong with its place."""
        self._flush()
        entry = self._entry
        has = {"msgctxt": entry.context, "msgid": entry.msgid, "msgid_plural": entry.plural}
        if word != "msgstr":
            later = ("msgctxt", "msgid", "msgid_plural")[("msgctxt", "msgid", "msgid_plural").index(word) :]
            if number is not None or any(has[name] is not None for name in later):
                return f"{word} in the wrong place"
            if word == "msgid_plural" and entry.msgid is None:
                return "msgid_plural without msgid"
            return ""
        if entry.msgid is None:
            return "msgstr without msgid"
        if (number is None) != (entry.plural is None):
            return "msgid_plural goes with msgstr[0], msgstr[1] and so on"
        wanted = None if number is None else len(entry.forms)
        if (number is None and entry.forms) or (number is not None and int(number) != wanted):
            return "msgstr is there twice, or out of order"
        if len(entry.forms) >= _MOST_FORMS:
            return f"more than {_MOST_FORMS} plural forms"
        entry.forms.append(Form(wanted, len(entry.lines) - 1))
        return ""

    def _add(self, text: str) -> None:
        self._parts.append(text)
        if self._entry.forms:
            self._entry.forms[-1].end = len(self._entry.lines)
        elif len(self._entry.lines) > _LONGEST_ENTRY:
            raise MalformedString("an entry of too many lines")

    def _flush(self) -> None:
        """Put the string so far where it belongs."""
        entry, text = self._entry, "".join(self._parts)
        self._parts = []
        if self._string == "msgctxt":
            entry.context = text
        elif self._string == "msgid":
            entry.msgid = text
        elif self._string == "msgid_plural":
            entry.plural = text
        elif self._string:
            entry.forms[-1].text = text
        self._string = ""

    def _fail(self, problem: str, number: int) -> None:
        self._string, self._parts = "", []
        self._entry.problem = problem
        self._entry.problem_line = number

    def _finished(self) -> Entry:
        self._flush()
        entry = self._entry
        if entry.message_line and not entry.forms and not entry.problem:
            self._fail("the entry has no msgstr", entry.message_line)
        return entry
