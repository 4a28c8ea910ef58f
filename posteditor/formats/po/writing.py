"""A new PO file from segments.

Source: GNU gettext manual, sections "The Format of PO Files" and "Filling in the Header Entry".
"""

import re
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from posteditor import __version__
from posteditor.core.segment import Segment, Status
from posteditor.errors import CorpusError
from posteditor.formats.compression import ByteSink
from posteditor.formats.losses import Losses
from posteditor.formats.options import WriteOptions
from posteditor.formats.po.comments import comment_lines, note_of, provenance_comment
from posteditor.formats.po.header import GENERATOR
from posteditor.formats.po.ids import context_of, made_up_context
from posteditor.formats.po.reading import status_of
from posteditor.formats.po.strings import laid_out
from posteditor.formats.unique_ids import UniqueIds

_PORTION = 1000
_ILLEGAL = re.compile("[\0\4\ud800-\udfff]")  # gettext puts U+0004 between context and msgid


def write(segments: Iterable[Segment], out: ByteSink, path: Path, options: WriteOptions, losses: Losses) -> None:
    """Write a whole new file, in UTF-8: the source is the msgid, the target, or else the mt, the msgstr.

    Raises:
        CorpusError: A segment has no source.
    """
    entry = _EntryWriter(path, losses, provenance=options.provenance).entry
    out.write(_header(options).encode())
    waiting = iter(segments)
    while portion := list(islice(waiting, _PORTION)):
        text, count = _ILLEGAL.subn("", "".join([entry(segment) for segment in portion]))
        losses.add("characters that PO can't hold", count)
        out.write(text.encode())


def _header(options: WriteOptions) -> str:
    fields = [
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=UTF-8",
        "Content-Transfer-Encoding: 8bit",
        f"Language: {(options.target_lang or '').replace('-', '_')}",
        *([f"X-Source-Language: {options.source_lang.replace('-', '_')}"] if options.source_lang else []),
        f"X-Generator: {GENERATOR} {__version__}",
    ]
    text = "".join(f"{field}\n" for field in fields)
    return "\n".join(['msgid ""', *laid_out("msgstr", text, wraps=True)]) + "\n"


class _EntryWriter:
    def __init__(self, path: Path, losses: Losses, *, provenance: bool) -> None:
        self._path = path
        self._losses = losses
        self._provenance = provenance
        self._sources = UniqueIds()
        self._contexts = UniqueIds()

    def entry(self, segment: Segment) -> str:
        """The entry of a segment, with a blank line before it.

        Raises:
            CorpusError: It has no source.
        """
        if segment.source is None:
            raise CorpusError(
                self._path,
                f"segment {segment.position} has no source, which is the msgid of a PO entry",
                hint="write .tsv or .jsonl instead",
            )
        text = segment.text
        is_fuzzy = bool(text) and segment.status in (Status.NEW, Status.DRAFT, Status.REJECTED)
        if segment.status is not status_of(text, is_fuzzy=is_fuzzy):
            self._losses.add("status")
        lines = comment_lines(segment.note)
        if segment.note and note_of(lines) != segment.note:
            self._losses.add("line breaks and blanks in notes")
        if self._provenance and segment.provenance is not None:
            lines.append(provenance_comment(segment.provenance))
        if is_fuzzy:
            lines.append("#, fuzzy")
        context = self._context(segment)
        if context is not None:
            lines += laid_out("msgctxt", context, wraps=True)
        lines += laid_out("msgid", segment.source, wraps=True)
        lines += laid_out("msgstr", text, wraps=True)
        return "\n" + "\n".join(lines) + "\n"

    def _context(self, segment: Segment) -> str | None:
        """What sets the entry apart from others: the id, or, where there is none, the place if need be."""
        if segment.id is not None:
            return self._contexts.unique(context_of(segment.id), segment.position) or ""
        source = segment.source or ""
        is_first = bool(source) and self._sources.unique(source, segment.position) == source
        return None if is_first else made_up_context(segment.position)
