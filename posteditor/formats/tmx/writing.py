"""A new TMX 1.4b file, level 2: joined from strings, for the files are large.

Source: TMX 1.4b, sections on header, tu, tuv, prop and content markup.
"""

from collections.abc import Iterable, Sequence
from itertools import islice, repeat
from pathlib import Path
from typing import cast

from posteditor import __version__
from posteditor.core.inline_tags import Placeholder, TagKind, pieces
from posteditor.core.segment import Provenance, Segment, Status
from posteditor.errors import CorpusError, UsageError
from posteditor.formats.compression import ByteSink
from posteditor.formats.losses import Losses
from posteditor.formats.options import WriteOptions
from posteditor.formats.tmx.characters import escaped, escaped_attribute, without_illegal
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
_CONTROLS = bytes(place for place in range(0x20) if place not in b"\t\n\r")
_END = "</body>\n</tmx>\n"


def write(segments: Iterable[Segment], out: ByteSink, path: Path, options: WriteOptions, losses: Losses) -> None:
    """Write a whole new file.

    Raises:
        UsageError: A language is missing.
        CorpusError: A segment has no source.
    """
    source, target = _languages(path, options)
    writer = _UnitWriter(path, source, target, provenance=options.provenance)
    out.write(_start(source).encode())
    waiting = iter(segments)
    while portion := list(islice(waiting, _PORTION)):
        out.write(_encoded(writer.units(portion), losses))
    out.write(_END.encode())


def _encoded(text: str, losses: Losses) -> bytes:
    """The bytes of some units, without what XML can't hold."""
    try:
        data = text.encode()
        is_legal = len(data.translate(None, _CONTROLS)) == len(data) and "\ufffe" not in text and "\uffff" not in text
    except UnicodeEncodeError:
        is_legal = False
    if not is_legal:
        text, count = without_illegal(text)
        losses.add(ILLEGAL_LOSS, count)
        data = text.encode()
    return data


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
        f'o-tmf="posteditor" adminlang="en" srclang="{escaped_attribute(source)}" datatype="plaintext"/>\n'
        "<body>\n"
    )


class _UnitWriter:
    """Makes units; what XML can't hold is still in them."""

    def __init__(self, path: Path, source: str, target: str, *, provenance: bool) -> None:
        self._path = path
        self._provenance = provenance
        self._source_tag = f'<tuv xml:lang="{escaped_attribute(source)}"><seg>'
        self._target_lang = f'<tuv xml:lang="{escaped_attribute(target)}"'
        self._middle = f"</seg></tuv>{self._target_lang}><seg>"

    def units(self, segments: Sequence[Segment]) -> str:
        """The units of some segments.

        Raises:
            CorpusError: One has no source.
        """
        sources = [segment.source for segment in segments]
        if None in sources:
            raise self._without_source(segments[sources.index(None)])
        texts = [segment.mt if segment.target is None else segment.target for segment in segments]
        starts = [
            "<tu>" if segment.id is None else f'<tu tuid="{escaped_attribute(segment.id)}">' for segment in segments
        ]
        said = ["" if _is_plain(segment) else _said(segment) for segment in segments]
        middles = repeat(self._middle)
        if self._provenance:
            places = range(len(segments))
            starts, said, middles = zip(  # type: ignore[assignment]
                *[self._with_provenance(starts[at], said[at], segments[at].provenance) for at in places], strict=True
            )
        columns = (starts, said, _contents(cast(list[str], sources)), middles, _contents(texts))
        tag = self._source_tag
        return "".join(
            [
                f"{start}{beside}{tag}{source}{middle}{text}</seg></tuv></tu>\n"
                for start, beside, source, middle, text in zip(*columns, strict=False)
            ]
        )

    def _without_source(self, segment: Segment) -> CorpusError:
        return CorpusError(
            self._path,
            f"segment {segment.position} has no source, and TMX holds pairs",
            hint="write .tsv or .jsonl instead",
        )

    def _with_provenance(self, start: str, said: str, found: Provenance | None) -> tuple[str, str, str]:
        """Start tag, properties and what stands between the texts, with where the target comes from."""
        if found is None:
            return start, said, self._middle
        date = tmx_date(found.time)
        author = escaped_attribute(found.author)
        made = (f' creationdate="{date}"' if date else "") + (f' creationid="{author}"' if author else "")
        changed = (f' changedate="{date}"' if date else "") + (f' changeid="{author}"' if author else "")
        if found.rewriter:
            said += _property(REWRITER, found.rewriter)
        if found.confidence is not None:
            said += _property(CONFIDENCE, f"{found.confidence:.4g}")
        return f"{start[:-1]}{made}>", said, f"</seg></tuv>{self._target_lang}{changed}><seg>"


def _is_plain(segment: Segment) -> bool:
    """Nothing has to be said beside its texts."""
    return segment.target is None and segment.status is Status.NEW and not segment.note and not segment.references


def _said(segment: Segment) -> str:
    """The properties and the note of a segment."""
    said = ""
    if segment.target is not None or segment.status is not Status.NEW:
        said = _property(STATUS, segment.status.value)
        if segment.target is None:
            said += _property(TARGET, NO_TARGET)
        elif segment.target != segment.mt:
            said += _property(MT, segment.mt)
    if segment.note:
        said += f"<note>{escaped(segment.note)}</note>"
    return said + "".join([_property(REFERENCE, reference) for reference in segment.references])


def _property(kind: str, text: str) -> str:
    return f'<prop type="{kind}">{escaped(text)}</prop>'


def _contents(texts: list[str]) -> list[str]:
    """Texts with their placeholders as elements; nearly all at once, for that is what writing spends its time on."""
    joined = "\0".join(texts)
    if "<" not in joined and joined.count("\0") == len(texts) - 1:
        return escaped(joined).split("\0")
    return [_tagged(text) if "<" in text else escaped(text) for text in texts]


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
