"""Segments as a new XLIFF file, of version 1.2: the one that every tool for translators reads.

Version 2 has the richer states and a module for matches, but Trados, memoQ, Phrase, OmegaT and Weblate read it in part
or not at all, and what they drop would be lost silently.

Source: XLIFF 1.2, sections 2.2 and 2.3; its strict schema.
"""

import re
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from posteditor.core.inline_tags import Placeholder, TagKind, nesting_problem, pieces, placeholders
from posteditor.core.segment import Segment, Status
from posteditor.errors import UsageError
from posteditor.formats.compression import ByteSink, without_compression
from posteditor.formats.losses import Losses
from posteditor.formats.options import WriteOptions
from posteditor.formats.unique_ids import UniqueIds
from posteditor.formats.xliff.markup import attribute_text, character_data, illegal, legal
from posteditor.formats.xliff.names import OURS
from posteditor.formats.xliff.phases import Phases
from posteditor.formats.xliff.states import REJECTED_QUALIFIER, STATE_1

_BLOCK_BYTES = 1 << 18
_HELD_IN_MEMORY = 1 << 24
# xsd:language, the type of both attributes.
_LANGUAGE = re.compile(r"[a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*")
_FOREIGN = {".sdlxliff": "Trados Studio", ".mqxliff": "memoQ", ".mxliff": "Phrase"}


def write_xliff(segments: Iterable[Segment], out: ByteSink, path: Path, options: WriteOptions, losses: Losses) -> None:
    """Write a whole new file; ``out`` is not closed.

    Raises:
        UsageError: A language is missing or is none, or the name is that of another tool's files.
    """
    suffix = Path(without_compression(path.name)).suffix.lower()
    if suffix in _FOREIGN:
        raise UsageError(
            f"{path}: only {_FOREIGN[suffix]} can make a new file of that kind",
            hint="write .xlf instead, which it opens, too; or export into a file that it has made",
        )
    source_lang = _language("source", options.source_lang)
    target_lang = _language("target", options.target_lang)
    original = without_compression(path.name)
    out.write(
        (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            '<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">\n'
            f'  <file original="{_attribute(original)}" source-language="{source_lang}" '
            f'target-language="{target_lang}" datatype="plaintext">\n'
        ).encode()
    )
    units = _Units(losses, Phases() if options.provenance else None)
    if units.phases is None:
        _write_body(segments, units, out)
    else:
        # Which phases there are is known when the last unit was seen, and they stand before the first one.
        with tempfile.SpooledTemporaryFile(_HELD_IN_MEMORY) as held:
            _write_body(segments, units, held)
            phases = units.phases.elements("")
            if phases:
                out.write(f"    <header><phase-group>{phases}</phase-group></header>\n".encode())
            held.seek(0)
            while block := held.read(_BLOCK_BYTES):
                out.write(block)
    out.write(b"  </file>\n</xliff>\n")


def _write_body(segments: Iterable[Segment], units: "_Units", out: "ByteSink | IO[bytes]") -> None:
    out.write(b"    <body>\n")
    waiting: list[str] = []
    size = 0
    for segment in segments:
        unit = units.unit(segment)
        waiting.append(unit)
        size += len(unit)
        if size > _BLOCK_BYTES:
            out.write("".join(waiting).encode())
            waiting.clear()
            size = 0
    out.write("".join([*waiting, "    </body>\n"]).encode())


class _Units:
    """Segments as units of one file."""

    def __init__(self, losses: Losses, phases: Phases | None) -> None:
        self.phases = phases
        self._losses = losses
        self._ids = UniqueIds()

    def unit(self, segment: Segment) -> str:
        self._count_illegal(segment.id or "")
        name = self._ids.unique(legal(segment.id or "") or str(segment.position), segment.position) or ""
        approved = ' approved="yes"' if segment.status is Status.REVIEWED else ""
        lines = [
            f'      <trans-unit id="{attribute_text(name)}"{approved} xml:space="preserve">',
            f"        <source>{self._content(segment.source or '')}</source>",
        ]
        if segment.target is not None or segment.mt:
            lines.append(f"        <target{self._state(segment)}>{self._content(segment.text)}</target>")
        if segment.note:
            lines.append(f'        <note from="{OURS}">{self._text(segment.note)}</note>')
        if segment.target is not None and segment.mt and segment.mt != segment.target:
            mt = f"<target>{self._content(segment.mt)}</target>"
            lines.append(f'        <alt-trans origin="mt">{mt}</alt-trans>')
        return "\n".join([*lines, "      </trans-unit>\n"])

    def _state(self, segment: Segment) -> str:
        state = f' state="{STATE_1[segment.status]}"'
        if segment.status is Status.REJECTED:
            state += f' state-qualifier="{REJECTED_QUALIFIER}"'
        if self.phases is not None and segment.provenance is not None:
            state += f' phase-name="{self.phases.name_for(segment.provenance)}"'
        return state

    def _content(self, text: str) -> str:
        """A text with its tags: pairs as ``<g>``, or as ``<bx>`` and ``<ex>`` where they are not nested."""
        if "<" not in text:
            return self._text(text)
        tags = placeholders(text)
        is_nested = not nesting_problem(tags)
        total = Counter(tags)
        counts: Counter[Placeholder] = Counter()
        found: list[str] = []
        for part in pieces(text):
            if isinstance(part, str):
                found.append(self._text(part))
                continue
            counts[part] += 1
            pairs = min(total[Placeholder(part.number, kind)] for kind in (TagKind.OPEN, TagKind.CLOSE))
            found.append(_tag(part, is_nested, counts[part], pairs))
        return "".join(found)

    def _text(self, text: str) -> str:
        self._count_illegal(text)
        return character_data(text)

    def _count_illegal(self, text: str) -> None:
        self._losses.add("characters illegal in XML", len(illegal(text)))


def _tag(placeholder: Placeholder, is_nested: bool, times: int, pairs: int) -> str:
    """The element for a tag that comes for the ``times``-th time, in a text with so many pairs of its number."""
    number = str(placeholder.number)
    if placeholder.kind is TagKind.EMPTY:
        return f'<x id="{number}"/>'
    if is_nested:
        return f'<g id="{number}">' if placeholder.kind is TagKind.OPEN else "</g>"
    if times > pairs:
        return f'<it id="{number}" pos="{placeholder.kind.value}"/>'
    # rid has to be unique among the openings, and each ending needs its opening.
    rid = number if times == 1 else f"{number}-{times}"
    name = "bx" if placeholder.kind is TagKind.OPEN else "ex"
    return f'<{name} id="{number}{name[0]}" rid="{rid}"/>'


def _attribute(text: str) -> str:
    return attribute_text(legal(text))


def _language(what: str, code: str | None) -> str:
    if code is None:
        raise UsageError(
            f"XLIFF has to say its {what} language, which is not known",
            hint=f"give it with --{what}-lang, as en or pt-BR",
        )
    if not _LANGUAGE.fullmatch(code):
        raise UsageError(f"--{what}-lang {code}: this is no language code", hint="give it as en or pt-BR")
    return code
