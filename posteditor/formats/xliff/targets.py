"""New texts as content of a unit: escaped, with the raw forms of their tags, or refused."""

import re
from xml.parsers import expat

from posteditor.core.inline_tags import pieces
from posteditor.formats.records import Change
from posteditor.formats.xliff.fitting import fit_problem
from posteditor.formats.xliff.inline import Coded, raw_content
from posteditor.formats.xliff.markup import character_data, illegal, legal
from posteditor.formats.xliff.names import Scope
from posteditor.formats.xliff.places import Place, coded

_DEPENDS = "would make the unit invalid: its tags depend on declarations elsewhere in the file"
_ILLEGAL_RUNS = re.compile("([^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff])")


class TextWriter:
    """Texts as the content of elements of one file.

    Attributes:
        removed: Characters left out so far because XML can't hold them.
    """

    def __init__(self, *, with_cdata: bool) -> None:
        """Write texts.

        Args:
            with_cdata: The encoding holds all characters: CDATA sections, which know no references, can be kept.
        """
        self.removed = 0
        self._with_cdata = with_cdata
        self._version = 1
        self._line_end = "\n"
        self._prefix = ""

    def enter(self, unit_text: str, prefix: str, version: int) -> None:
        """Go on to another unit.

        Args:
            prefix: Of the file's own elements, with its colon; empty if they have none.
            version: Of XLIFF, 1 or 2.
        """
        self._line_end = "\r\n" if "\r\n" in unit_text else "\n"
        self._prefix = prefix
        self._version = version

    def data(self, text: str) -> str:
        """A text as character data; in version 2 with an element for each character that XML can't hold."""
        if self._version == 2:
            found = _ILLEGAL_RUNS.split(text)
            if len(found) > 1:
                return "".join(
                    self._code_point(part) if odd % 2 else self.plain(part) for odd, part in enumerate(found)
                )
        return self.plain(text)

    def plain(self, text: str) -> str:
        """A text as character data where no elements may be."""
        self.removed += len(illegal(text))
        return character_data(text, self._line_end)

    def content(self, text: str, source: Coded, old: Coded | None, raw: str) -> str | None:
        """The content of a target; None if its tags can't make well-formed XML.

        Args:
            text: With placeholders.
            raw: The content that it replaces, which says whether it is a CDATA section.
        """
        tags = dict(source.tags if old is None else [*source.tags, *reversed(old.tags)])
        parts = list(pieces(text))
        if self._with_cdata and is_cdata(raw) and all(isinstance(part, str) for part in parts):
            whole = "".join(map(str, parts))
            illegal_ones = len(illegal(whole))
            if "]]>" not in whole and "\r" not in whole and not (illegal_ones and self._version == 2):
                self.removed += illegal_ones
                return f"<![CDATA[{legal(whole)}]]>"
        return raw_content(parts, tags, self.data)

    def proposed(self, text: str, source: Coded, old: Coded | None) -> str:
        """The content of a proposal: without tags where they don't fit."""
        if not fit_problem(text, source.text, None if old is None else old.text):
            content = self.content(text, source, old, "")
            if content is not None:
                return content
        return self.data("".join(part for part in pieces(text) if isinstance(part, str)))

    def _code_point(self, character: str) -> str:
        if 0xD800 <= ord(character) <= 0xDFFF:
            self.removed += 1
            return ""
        return f'<{self._prefix}cp hex="{ord(character):04X}"/>'


def is_cdata(raw: str) -> bool:
    """It is one CDATA section and nothing else."""
    return raw.startswith("<![CDATA[") and raw.find("]]>") == len(raw) - 3


def new_contents(
    text: str, places: list[Place], changes: dict[int, Change], writer: TextWriter
) -> tuple[dict[int, str], dict[int, str]]:
    """The content of the targets that are to be others, and why some can't be; both by place, from 0."""
    contents: dict[int, str] = {}
    refused: dict[int, str] = {}
    for index, change in changes.items():
        if change.target is None:
            continue
        place = places[index]
        source, old = coded(text, place)
        if old is not None and old.text == change.target:
            continue
        problem = fit_problem(change.target, source.text, None if old is None else old.text)
        raw = source_raw = text[place.source.open_end : place.source.close]
        if place.target is not None:
            raw = text[place.target.open_end : place.target.close] or source_raw
        content = None if problem else writer.content(change.target, source, old, raw)
        if content is None:
            refused[index] = problem or "its tags are not properly nested"
        else:
            contents[index] = content
    return contents, refused


def unit_problem(text: str, scope: Scope) -> str:
    """Why a unit can't stand where those prefixes are declared; empty when it can."""
    parser = expat.ParserCreate("utf-8", " ")
    declared = " ".join(
        f'xmlns{":" if prefix else ""}{prefix}="{character_data(uri)}"'.replace("\n", " ")
        for prefix, uri in scope.prefixes.items()
        if prefix != "xml" and (uri or not prefix)
    )
    try:
        parser.Parse(f"<all {declared}>{text}</all>".encode(), True)
    except expat.ExpatError:
        return _DEPENDS
    return ""
