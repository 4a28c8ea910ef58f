"""A PO file as a document: its messages as segments, and new translations put into its lines."""

from collections.abc import Iterable, Iterator
from itertools import chain, islice

from posteditor.core.segment import Provenance, Status
from posteditor.formats.compression import ByteSource
from posteditor.formats.encoded_text import EncodedText
from posteditor.formats.options import ReadOptions
from posteditor.formats.po.comments import note_of
from posteditor.formats.po.entries import Entry, EntryReader, Form, lines_of
from posteditor.formats.po.header import GENERATOR, bcp47, declared_charset, header_fields, with_provenance
from posteditor.formats.po.ids import foreign_id, own_id
from posteditor.formats.po.splicing import EntrySplicer
from posteditor.formats.po.strings import is_wider_than_page
from posteditor.formats.records import BadRecords, Batch, Cell, Change
from posteditor.formats.unique_ids import UniqueIds

_LOOK_AHEAD = 1000  # entries from which it is told whether long lines are broken
_BATCH = 1000
_PIECE = 1 << 16

_Row = tuple[int, str | None, str, str, str | None, str, str | None]


class PoDocument:
    """The file, open for one pass."""

    columns: tuple[str, ...] = ("id", "source", "mt", "target", "status", "note")

    def __init__(self, source: ByteSource, options: ReadOptions) -> None:
        """Raises CorpusError when it can't be read."""
        self.bad = BadRecords(source.name, options.skip_bad)
        self.count = 0
        self.refused: list[tuple[int, str]] = []
        self.removed_characters = 0
        self._text = EncodedText(source)
        charset = declared_charset(self._text.start)
        if charset and not self._text.has_mark:
            self._text.set_encoding(charset)
        entries = iter(EntryReader(lines_of(self._text.blocks(), source.name)))
        ahead = list(islice(entries, _LOOK_AHEAD))
        self._entries = chain(ahead, entries)
        self._wraps = not any(is_wider_than_page(line) for entry in ahead for line in entry.lines)
        fields = next((header_fields(entry.forms[0].text) for entry in ahead if _is_header(entry)), {})
        self.languages = (
            options.source_lang or bcp47(fields.get("x-source-language", "")) or None,
            options.target_lang or bcp47(fields.get("language", "")) or None,
        )
        self._is_own = fields.get("x-generator", "").split(" ")[0] == GENERATOR

    @property
    def name(self) -> str:
        """The file, for messages."""
        return self.bad.name

    def batches(self) -> Iterator[Batch]:
        """The messages as segments; each plural form is one."""
        ids = UniqueIds()
        rows: list[_Row] = []
        good: list[int] = []
        total = 0
        for entry in self._entries:
            forms = self._forms(entry)
            if forms is None:
                total += 1
                continue
            note = note_of(entry.lines) if forms else None
            for form in forms:
                self.count += 1
                rows.append(self._row(entry, form, note, ids))
                good.append(total)
                total += 1
            if total >= _BATCH:
                yield _batch(rows, good, total)
                rows, good, total = [], [], 0
        yield _batch(rows, good, total)

    def spliced(self, changes: Iterable[Change]) -> Iterator[bytes]:
        """The whole file, with the changes made.

        With provenance all changes are held in memory, for the header, which comes first, tells the latest.
        """
        waiting = iter(changes)
        latest: Provenance | None = None
        first = next(waiting, None)
        if first is not None:
            waiting = chain([first], waiting)
            if first.provenance is not None:
                held = list(waiting)
                made = [change.provenance for change in held if change.provenance is not None]
                latest, waiting = max(made, key=lambda provenance: provenance.time), iter(held)
        pieces, size = [], 0
        for piece in self._spliced_entries(waiting, latest):
            pieces.append(piece)
            size += len(piece)
            if size > _PIECE:
                self._text.check_exact()
                yield self._text.encoded("".join(pieces))
                pieces, size = [], 0
        self._text.check_exact()
        yield self._text.encoded("".join(pieces))

    def close(self) -> None:
        """Close the file."""
        self._text.close()

    def _spliced_entries(self, changes: Iterator[Change], latest: Provenance | None) -> Iterator[str]:
        splicer = EntrySplicer(self._text.lacks, self.refused, wraps=self._wraps)
        change = next(changes, None)
        for entry in self._entries:
            forms = self._forms(entry)
            if not forms:
                is_header = latest is not None and _is_header(entry)
                yield "".join(with_provenance(entry.lines, latest)) if is_header and latest else entry.text
                continue
            here: dict[int, Change] = {}
            for index in range(len(forms)):
                self.count += 1
                if change is not None and change.position == self.count:
                    here[index] = change
                    change = next(changes, None)
            yield splicer.changed(entry, here) if here else entry.text

    def _forms(self, entry: Entry) -> list[Form] | None:
        """The translations of a message; none where it is something else, None, and it is noted, when it is bad."""
        if entry.problem:
            self.bad.meet(entry.problem_line, entry.problem, text=entry.text)
            return None
        return [] if entry.is_header else entry.forms

    def _row(self, entry: Entry, form: Form, note: str | None, ids: UniqueIds) -> _Row:
        msgid = entry.msgid or ""
        name = own_id(entry.context) if self._is_own else foreign_id(entry.context, msgid, form.number)
        has_one_form = len(entry.forms) == 1
        plural = entry.plural if entry.plural is not None and (form.number or has_one_form) else None
        status = status_of(form.text, is_fuzzy=entry.is_fuzzy)
        return (
            entry.message_line,
            ids.unique(name, self.count),
            msgid if plural is None else plural,
            form.text,
            None if status is Status.NEW else form.text,
            status.value,
            note,
        )


def status_of(text: str, *, is_fuzzy: bool) -> Status:
    """The status of a translation."""
    if not text:
        return Status.NEW
    return Status.DRAFT if is_fuzzy else Status.CONFIRMED


def _is_header(entry: Entry) -> bool:
    return not entry.problem and entry.is_header and bool(entry.forms)


def _batch(rows: list[_Row], good: list[int], total: int) -> Batch:
    lines = [row[0] for row in rows]
    names = ("id", "source", "mt", "target", "status", "note")
    cells: dict[str, list[Cell]] = {name: [row[place] for row in rows] for place, name in enumerate(names, 1)}  # type: ignore[misc]
    return Batch(lines, dict(cells), total, None if len(rows) == total else good)
