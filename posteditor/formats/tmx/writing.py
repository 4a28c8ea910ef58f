"""A new TMX 1.4b file, level 2: joined from strings, for the files are large.

Source: TMX 1.4b, sections on header, tu, tuv, prop and content markup.
"""

from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from posteditor import __version__
from posteditor.core.inline_tags import Placeholder, TagKind, pieces
from posteditor.core.segment import Provenance, Segment, Status
from posteditor.errors import CorpusError, UsageError
from posteditor.formats.compression import ByteSink
from posteditor.formats.losses import Losses
from posteditor.formats.options import WriteOptions
from posteditor.formats.tmx.characters import ILLEGAL, escaped, escaped_attribute, without_illegal
from posteditor.formats.tmx.dates import tmx_date
from posteditor.formats.tmx.inline import OWN_ISOLATED
from posteditor.formats.tmx.own_properties import (
    CONFIDENCE,
    CREATION_TOOL,
    MT,
    NO_TARGET,
    REFERENCE,
    REWRITER,
    STATUS,
    TARGET,
)

ILLEGAL_LOSS = "characters illegal in XML"
_PORTION = 1000
_END = "</body>\n</tmx>\n"


def write(segments: Iterable[Segment], out: ByteSink, path: Path, options: WriteOptions, losses: Losses) -> None:
    """Write a whole new file.

    Raises:
        UsageError: A language is missing.
        CorpusError: A segment has no source.
    """
    source, target = _languages(path, options)
    unit = _UnitWriter(path, source, target, provenance=options.provenance).unit
    out.write(_start(source).encode())
    waiting = iter(segments)
    while portion := list(islice(waiting, _PORTION)):
        text = "".join([unit(segment) for segment in portion])
        if ILLEGAL.search(text):
            text, count = without_illegal(text)
            losses.add(ILLEGAL_LOSS, count)
        out.write(text.encode())
    out.write(_END.encode())


def _languages(path: Path, options: WriteOptions) -> tuple[str, str]:
    for language, name in ((options.source_lang, "source"), (options.target_lang, "target")):
        if not language:
            raise UsageError(
                f"{path}: TMX needs the {name} language, and nothing says it",
                hint=f"say --{name}-lang, en or de-AT for instance",
            )
    assert options.source_lang and options.target_lang
    return options.source_lang, options.target_lang


def _start(source: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<tmx version="1.4">\n'
        f'<header creationtool="{CREATION_TOOL}" creationtoolversion="{__version__}" segtype="sentence" '
        f'o-tmf="posteditor" adminlang="en" srclang="{_attribute(source)}" datatype="plaintext"/>\n'
        "<body>\n"
    )


class _UnitWriter:
    """Makes units; what XML can't hold is still in them."""

    def __init__(self, path: Path, source: str, target: str, *, provenance: bool) -> None:
        self._path = path
        self._provenance = provenance
        self._source_tag = f'<tuv xml:lang="{_attribute(source)}"><seg>'
        self._target_lang = f'<tuv xml:lang="{_attribute(target)}"'
        self._middle = f"</seg></tuv>{self._target_lang}><seg>"

    def unit(self, segment: Segment) -> str:
        """The unit of a segment.

        Raises:
            CorpusError: It has no source.
        """
        source, target = segment.source, segment.target
        if source is None:
            raise CorpusError(
                self._path,
                f"segment {segment.position} has no source, and TMX holds pairs",
                hint="write .tsv or .jsonl instead",
            )
        name = segment.id
        start = "<tu" if name is None else f'<tu tuid="{_attribute(name)}"'
        if target is None and segment.status is Status.NEW:
            text, said = segment.mt, ""
        else:
            text, said = _status(segment)
        if segment.note:
            said += f"<note>{escaped(segment.note)}</note>"
        for reference in segment.references:
            said += _property(REFERENCE, reference)
        middle = self._middle
        if self._provenance and segment.provenance is not None:
            start, said, middle = self._with_provenance(start, said, segment.provenance)
        return f"{start}>{said}{self._source_tag}{_content(source)}{middle}{_content(text)}</seg></tuv></tu>\n"

    def _with_provenance(self, start: str, said: str, found: Provenance) -> tuple[str, str, str]:
        date = tmx_date(found.time)
        author = _attribute(found.author)
        made = (f' creationdate="{date}"' if date else "") + (f' creationid="{author}"' if author else "")
        changed = (f' changedate="{date}"' if date else "") + (f' changeid="{author}"' if author else "")
        if found.rewriter:
            said += _property(REWRITER, found.rewriter)
        if found.confidence is not None:
            said += _property(CONFIDENCE, f"{found.confidence:.4g}")
        return start + made, said, f"</seg></tuv>{self._target_lang}{changed}><seg>"


def _status(segment: Segment) -> tuple[str, str]:
    """The text of a segment somebody has worked on, and the properties that say so."""
    said = _property(STATUS, segment.status.value)
    if segment.target is None:
        return segment.mt, said + _property(TARGET, NO_TARGET)
    return segment.target, said if segment.target == segment.mt else said + _property(MT, segment.mt)


def _property(kind: str, text: str) -> str:
    return f'<prop type="{kind}">{escaped(text)}</prop>'


def _attribute(text: str) -> str:
    return escaped_attribute(text)


def _content(text: str) -> str:
    """A text with its placeholders as elements."""
    if "<" in text:
        return _tagged(text)
    return text if "&" not in text and ">" not in text and "\r" not in text else escaped(text)


def _tagged(text: str) -> str:
    parts = list(pieces(text))
    pair_of = _pairs(parts)
    return "".join(
        escaped(part) if isinstance(part, str) else _element(part, pair_of.get(place))
        for place, part in enumerate(parts)
    )


def _pairs(parts: list[str | Placeholder]) -> dict[int, int]:
    """Place of each half of a pair to the number of the pair, from 1."""
    found: dict[int, int] = {}
    opened: dict[int, list[int]] = {}
    for place, part in enumerate(parts):
        if isinstance(part, str) or part.kind is TagKind.EMPTY:
            continue
        if part.kind is TagKind.OPEN:
            opened.setdefault(part.number, []).append(place)
        elif waiting := opened.get(part.number):
            found[place] = found[waiting.pop()] = len(found) // 2 + 1
    return found


def _element(tag: Placeholder, pair: int | None) -> str:
    if tag.kind is TagKind.EMPTY:
        return f'<ph x="{tag.number}"/>'
    if pair is None:
        position = "begin" if tag.kind is TagKind.OPEN else "end"
        return f'<it pos="{position}" x="{tag.number}" type="{OWN_ISOLATED}"/>'
    return f'<bpt i="{pair}" x="{tag.number}"/>' if tag.kind is TagKind.OPEN else f'<ept i="{pair}"/>'
