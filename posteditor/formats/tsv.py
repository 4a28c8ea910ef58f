"""TSV as the machine-translation community writes it.

A tab ends a field and ``\\n`` a record; nothing else has a meaning. Quotes and backslashes are ordinary characters and
there are no escapes, so a text with a tab or a line break can't be held. This is neither RFC 4180 with tabs nor the
IANA type text/tab-separated-values with escapes that some programs write.
"""

from collections.abc import Iterator

from posteditor.formats.columns import Layout
from posteditor.formats.lines import LineBlock
from posteditor.formats.records import Record, Unrepresentable
from posteditor.formats.tables import Chunk, append_cells, cell_text, line_of, split_return

OTHER_FORMATS = "write .csv or .jsonl, which can hold it, or take it out of the text"


def split_tsv(blocks: Iterator[LineBlock]) -> Iterator[Chunk]:
    """The records of each block: one per line."""
    for block in blocks:
        fields = [text.split("\t") for text in block.texts]
        problems = {line - block.first: (line, fault) for line, fault in block.faults.items()}
        yield Chunk(range(block.first, block.first + len(block.lines)), block.lines, fields, problems)


def tsv_field(text: str) -> str:
    """The text as a field, which is the text itself.

    Raises:
        Unrepresentable: It has a tab or a line break.
    """
    if "\t" in text or "\n" in text:
        found = "a tab" if "\t" in text else "a line break"
        raise Unrepresentable(f"has {found}, which TSV can't hold", OTHER_FORMATS)
    return text


class TsvEditor:
    """Puts targets and columns into TSV records."""

    def __init__(self, layout: Layout) -> None:
        self._places = layout.places

    def with_target(self, record: Record, target: str) -> str:
        """The record with another target, or with one appended."""
        if "target" not in self._places:
            return append_cells(record.text, "\t", [tsv_field(target)])
        return _with_field(record.text, self._places["target"], tsv_field(target))

    def with_status(self, record: Record, status: str) -> str:
        """The record with another status, if the file has that column."""
        place = self._places.get("status")
        return record.text if place is None else _with_field(record.text, place, status)

    def with_text(self, record: Record, column: str, text: str) -> str:
        """The record with another text in a column that the file has."""
        return _with_field(record.text, self._places[column], tsv_field(text))

    def without_target(self, record: Record) -> str:
        """The record with an empty target appended."""
        return append_cells(record.text, "\t", [""])

    def with_columns(self, record: Record, values: dict[str, object]) -> str:
        """The record with fields appended."""
        return append_cells(record.text, "\t", [tsv_field(cell_text(value)) for value in values.values()])


def _with_field(record: str, place: int, field: str) -> str:
    text, ending = split_return(record)
    fields = text.split("\t")
    fields[place] = field
    return line_of("\t".join(fields), ending)
