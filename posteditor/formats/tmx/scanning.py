"""The body of a TMX file cut into its units, in constant memory; what is malformed reaches to the next unit."""

import re
from collections import deque
from collections.abc import Iterator
from typing import NamedTuple
from xml.parsers import expat

from posteditor.errors import CorpusError
from posteditor.formats.encoded_text import EncodedText
from posteditor.formats.tmx.odd_units import parse_unit
from posteditor.formats.tmx.plain_units import PlainUnits, Run
from posteditor.formats.tmx.prologue import Prologue
from posteditor.formats.tmx.units import Unit, Wrong

_LONGEST_UNIT = 1 << 24  # characters; no text to translate is that long, and all of it is held in memory
_BLOCK = 1 << 16
_SPACE = re.compile("[ \t\r\n]*+")
_UNIT_START = re.compile("<tu(?=[ \t\r\n>/])")
_EMPTY_UNIT = re.compile(r"""<tu(?:[^<>"'/]|"[^"<]*"|'[^'<]*')*+/>""")
_BODY_END = re.compile("</body(?=[ \t\r\n>])")
_NEXT = re.compile("<tu(?=[ \t\r\n>/])|</body(?=[ \t\r\n>])")
_LANDMARK = re.compile(r"<!--|<!\[CDATA\[|<\?|<tu(?=[ \t\r\n>/])|</tu[ \t\r\n]*>|</body(?=[ \t\r\n>])")
_CLOSES = {"<!--": "-->", "<![CDATA[": "]]>", "<?": "?>"}


class Units(NamedTuple):
    """Plain units in a row."""

    line: int
    """That of where they start."""
    text: str
    """All of them."""
    run: Run


Item = Units | Unit | Wrong | str
"""Plain units, another unit, what should be one, or what else lies between units (comments), as it lies there."""


class BodyScanner:
    """Cuts it; one pass."""

    def __init__(self, prologue: Prologue, blocks: Iterator[str], source: EncodedText) -> None:
        """Go on behind the prologue with the ``blocks`` of a source."""
        self._name = source.name
        self._source = source
        self._blocks = blocks
        self._text = prologue.rest
        self._at = 0
        self._runs: deque[Run] = deque()
        """The plain units that were seen in the text."""
        self._has_ended = False
        self._line = prologue.text.count("\n") + 1
        """That of ``_at``."""
        self._plain = PlainUnits()
        self._is_closed = prologue.is_closed
        self._opened = b"<tmx>" if prologue.is_closed else b"<tmx><body>"
        self._survey()

    def items(self) -> Iterator[Item]:
        """Everything there is up to the end of the file, in order.

        Raises:
            CorpusError: The file ends too early, can't be read, or goes on behind its body.
        """
        while not self._is_closed:
            found = self._plain_units() or self._other()
            if found is not None:
                yield found
        yield from self._epilogue()

    def _plain_units(self) -> Units | None:
        """Those that start here; None when it is something else."""
        runs = self._runs
        while runs and runs[0].start < self._at:  # they stood in a comment
            runs.popleft()
        if not runs or runs[0].start != self._at:
            return None
        run = runs.popleft()
        found = Units(self._line, self._text[run.start : run.end], run)
        self._line += found.text.count("\n")
        self._at = run.end
        return found

    def _other(self) -> Item | None:
        """What is here and no plain unit; None when there was more to read first, or the body ends here."""
        text = self._text
        start = _SPACE.match(text, self._at).end()  # type: ignore[union-attr] # it matches nothing as well
        if len(text) - start < 16 and self._refill():  # the longest landmark
            return None
        if _UNIT_START.match(text, start):
            return self._odd_unit(start)
        if _BODY_END.match(text, start):
            self._is_closed = True
            return None
        if start == len(text):
            raise self._cut_off()
        for opening in ("<!--", "<?"):
            if text.startswith(opening, start):
                end = self._close(start, opening)
                return self._between(end) if end is not None else None
        return self._stray(start)

    def _odd_unit(self, start: int) -> Item | None:
        text = self._text
        if empty := _EMPTY_UNIT.match(text, start):
            return self._parsed(start, empty.end())
        place = start + 3
        while True:
            landmark = _LANDMARK.search(text, place)
            if landmark is None:
                self._incomplete(start)
                return None
            opening = landmark[0]
            if opening in _CLOSES:
                end = self._close(start, opening, landmark.start())
                if end is None:
                    return None
                place = end
            elif opening.startswith("</tu"):
                return self._parsed(start, landmark.end())
            else:
                line = self._line_of(start)
                return self._wrong(landmark.start(), line, "the unit (tu) has no end: the next one starts in it")

    def _parsed(self, start: int, end: int) -> Item:
        line = self._line_of(start)
        found = parse_unit(self._text[self._at : end], line)
        self._advance(end)
        return found if isinstance(found, Wrong) else found.unit

    def _between(self, end: int) -> Item:
        """A comment or a processing instruction, if it is well-formed."""
        text = self._text[self._at : end]
        try:
            expat.ParserCreate("utf-8").Parse(f"<a>{text}</a>".encode(), True)
        except (expat.ExpatError, UnicodeEncodeError):
            return self._wrong(end, self._line, "not valid XML: a comment between units")
        self._advance(end)
        return text

    def _stray(self, start: int) -> Item | None:
        """Text or an element that is none of ours, up to the next unit."""
        next_one = _NEXT.search(self._text, start)
        if next_one is None:
            self._incomplete(start)
            return None
        shown = self._text[start : min(next_one.start(), start + 30)]
        return self._wrong(next_one.start(), self._line_of(start), f"between the units (tu) stands {shown!r}")

    def _wrong(self, end: int, line: int, problem: str) -> Wrong:
        text = self._text[self._at : end]
        self._advance(end)
        return Wrong(line, text, problem)

    def _close(self, start: int, opening: str, place: int | None = None) -> int | None:
        """Where the thing that opens at ``place`` ends; None when there was more to read first."""
        opened = start if place is None else place
        end = self._text.find(_CLOSES[opening], opened + len(opening))
        if end < 0:
            self._incomplete(start)
            return None
        return end + len(_CLOSES[opening])

    def _incomplete(self, start: int) -> None:
        """Read more, for what starts there has no end yet."""
        if len(self._text) - start > _LONGEST_UNIT:
            raise CorpusError(
                self._name,
                f"a unit or comment of more than {_LONGEST_UNIT >> 20} million characters",
                line=self._line_of(start),
                hint="is its end tag missing?",
            )
        if not self._refill():
            raise self._cut_off(self._line_of(start))

    def _refill(self) -> bool:
        """Read on; at least as much as is waiting, so that a long unit is not gone through again and again."""
        if self._has_ended:
            return False
        rest = self._text[self._at :]
        parts = [rest]
        wanted = max(len(rest), _BLOCK)
        while wanted > 0:
            block = next(self._blocks, None)
            if block is None:
                self._has_ended = True
                break
            parts.append(block)
            wanted -= len(block)
        self._text, self._at = "".join(parts), 0
        self._survey()
        return True

    def _survey(self) -> None:
        self._runs = deque(
            self._plain.runs(self._text, self._text.rfind("</tu>") + 5, may_be_odd=self._source.may_be_odd)
        )

    def _advance(self, end: int) -> None:
        self._line = self._line_of(end)
        self._at = end

    def _line_of(self, place: int) -> int:
        return self._line + self._text.count("\n", self._at, place)

    def _epilogue(self) -> Iterator[str]:
        """What is left, which must end the document and hold nothing more."""
        parser = expat.ParserCreate("utf-8")
        parser.Parse(self._opened, False)
        parser.StartElementHandler = self._start_in_epilogue
        piece: str | None = self._text[self._at :]
        while piece is not None:
            try:
                parser.Parse(piece.encode(), False)
            except (expat.ExpatError, UnicodeEncodeError) as error:
                raise self._bad_end(error) from error
            self._line += piece.count("\n")
            yield piece
            piece = next(self._blocks, None)
        try:
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise self._cut_off() from error

    def _start_in_epilogue(self, name: str, _attributes: dict[str, str]) -> None:
        raise CorpusError(
            self._name, f"behind the body stands an element {name[:40]!r}", line=self._line, hint="check what made it"
        )

    def _bad_end(self, error: Exception) -> CorpusError:
        what = expat.ErrorString(error.code) if isinstance(error, expat.ExpatError) else "bytes that are no text"
        return CorpusError(self._name, f"not valid XML behind the units: {what}", line=self._line, hint="put it right")

    def _cut_off(self, line: int = 0) -> CorpusError:
        return CorpusError(
            self._name,
            "the file ends in the middle of its XML",
            line=line or self._line,
            hint="it was cut off: fetch or make it again",
        )
