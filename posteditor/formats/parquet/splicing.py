"""A Parquet table written again with some cells changed, batch by batch."""

from collections.abc import Mapping
from typing import Any

from posteditor.core.segment import Status
from posteditor.formats.parquet.layout import TableLayout
from posteditor.formats.records import Change

_PROVENANCE = ("author", "rewriter", "confidence", "edited")


class ByteCollector:
    """A file for pyarrow to write to, whose bytes are taken away as they come."""

    closed = False

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._size = 0

    def write(self, data: bytes) -> int:
        """Take all of it."""
        taken = bytes(data)
        self._parts.append(taken)
        self._size += len(taken)
        return len(taken)

    def tell(self) -> int:
        """Bytes so far."""
        return self._size

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """Nothing is open."""

    def taken(self) -> bytes:
        """What has come since the last call."""
        data = b"".join(self._parts)
        self._parts = []
        return data


class TableSplicer:
    """Writes the batches of a table."""

    def __init__(self, file: Any, layout: TableLayout, refused: list[tuple[int, str]]) -> None:
        """Prepare to write what a file has.

        Args:
            file: A pyarrow ParquetFile.
            refused: Gets position and reason of each change with a text that Parquet can't hold.
        """
        import pyarrow
        import pyarrow.parquet

        self._arrow = pyarrow
        self._layout = layout
        self._refused = refused
        self._sink = ByteCollector()
        self._adds_target = layout.translation is None and "target" not in layout.names
        schema = file.schema_arrow
        if self._adds_target:
            schema = schema.append(pyarrow.field("target", pyarrow.string()))
        self._schema = schema
        self._writer = pyarrow.parquet.ParquetWriter(self._sink, schema, compression=_codecs(file))

    def written(self, batch: Any, changes: Mapping[int, Change]) -> bytes:
        """The bytes of a batch.

        Args:
            changes: By row in the batch, from 0.
        """
        changes = {row: change for row, change in changes.items() if self._is_possible(change)}
        columns = {name: batch.column(name) for name in batch.schema.names}
        if self._adds_target:
            columns["target"] = self._arrow.nulls(batch.num_rows, self._arrow.string())
        for name, values in self._new_values(changes).items():
            if name in columns and values:
                columns[name] = self._with_values(columns[name], values)
        self._put_translations(columns, {row: c.target for row, c in changes.items() if c.target is not None})
        arrays = [columns[name] for name in self._schema.names]
        self._writer.write_batch(self._arrow.record_batch(arrays, schema=self._schema))
        return self._sink.taken()

    def finished(self) -> bytes:
        """The last bytes."""
        self._writer.close()
        return self._sink.taken()

    def _is_possible(self, change: Change) -> bool:
        try:
            f"{change.target}{change.note}{change.provenance}".encode()
        except UnicodeEncodeError:
            self._refused.append((change.position, "Parquet can't hold half a character (a lone surrogate)"))
            return False
        return True

    def _new_values(self, changes: Mapping[int, Change]) -> dict[str, dict[int, object]]:
        """Column to row to new value."""
        values: dict[str, dict[int, object]] = {name: {} for name in ("target", "status", "note", *_PROVENANCE)}
        for row, change in changes.items():
            if change.target is not None:
                values["target"][row] = change.target
            if change.status is not None:
                values["status"][row] = change.status.value
            if change.note and change.status is Status.REJECTED:
                values["note"][row] = change.note
            made = change.provenance
            if made is not None:
                found = (made.author or None, made.rewriter or None, made.confidence, made.time or None)
                for name, value in zip(_PROVENANCE, found, strict=True):
                    values[name][row] = value
        return values

    def _with_values(self, column: Any, values: Mapping[int, object]) -> Any:
        """A column with other values in some rows; the other cells are not looked at, whatever bytes they have."""
        pieces: list[Any] = []
        done = 0
        for row, value in sorted(values.items()):
            pieces += (column.slice(done, row - done), self._arrow.array([value], type=column.type))
            done = row + 1
        return self._arrow.concat_arrays([*pieces, column.slice(done)])

    def _put_translations(self, columns: dict[str, Any], targets: Mapping[int, str]) -> None:
        name = self._layout.translation
        if name is None or not targets:
            return
        struct = columns[name]
        fields = list(struct.type)
        parts = struct.flatten()
        place = [field.name for field in fields].index(self._layout.target_lang)
        parts[place] = self._with_values(parts[place], targets)
        is_null = struct.is_null().to_pylist()
        mask = self._arrow.array([null and row not in targets for row, null in enumerate(is_null)])
        columns[name] = self._arrow.StructArray.from_arrays(parts, fields=fields, mask=mask)


def _codecs(file: Any) -> Any:
    """How the columns of the original are compressed, by their paths."""
    metadata = file.metadata
    if not metadata.num_row_groups:
        return "snappy"
    group = metadata.row_group(0)
    found = {}
    for number in range(group.num_columns):
        column = group.column(number)
        codec = column.compression.lower()
        found[column.path_in_schema] = codec if codec in ("snappy", "gzip", "brotli", "zstd", "lz4") else "none"
    return found
