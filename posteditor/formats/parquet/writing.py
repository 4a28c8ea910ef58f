"""A new Parquet file, which Hugging Face ``datasets`` loads with a feature ``translation``.

Source: Hugging Face datasets, ``Translation`` feature, and the features it keeps in the metadata of the schema.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from posteditor.core.segment import Provenance, Segment
from posteditor.errors import UsageError
from posteditor.formats.compression import ByteSink
from posteditor.formats.losses import Losses
from posteditor.formats.options import WriteOptions
from posteditor.formats.parquet.arrow import load_arrow
from posteditor.formats.parquet.layout import REFERENCES, TRANSLATION
from posteditor.formats.parquet.splicing import ByteCollector

_ROW_GROUP = 10_000
_NOBODY = Provenance()


def write(segments: Iterable[Segment], out: ByteSink, path: Path, options: WriteOptions, losses: Losses) -> None:
    """Write a whole new file, row group by row group.

    Beside the translation (source, and target or else mt) it has a column for each other thing that a segment has.

    Raises:
        UsageError: A language is missing, or pyarrow.
    """
    languages = _languages(path, options)
    arrow, parquet = load_arrow(str(path))
    schema = _schema(arrow, languages, provenance=options.provenance)
    sink = ByteCollector()
    waiting = iter(segments)
    with parquet.ParquetWriter(sink, schema) as writer:
        while rows := list(islice(waiting, _ROW_GROUP)):
            columns = _columns(rows, languages, provenance=options.provenance)
            try:
                table = arrow.Table.from_pydict(columns, schema=schema)
            except UnicodeEncodeError:
                rows = [_without_surrogates(row, losses) for row in rows]
                columns = _columns(rows, languages, provenance=options.provenance)
                table = arrow.Table.from_pydict(columns, schema=schema)
            writer.write_table(table)
            out.write(sink.taken())
    out.write(sink.taken())


def _languages(path: Path, options: WriteOptions) -> tuple[str, str]:
    source, target = options.source_lang, options.target_lang
    if not source or not target:
        raise UsageError(
            f"{path}: its column translation needs the languages of source and target",
            hint="say --source-lang and --target-lang",
        )
    if source == target:
        raise UsageError(
            f"{path}: its column translation needs two languages, and both are {source}", hint="write .jsonl"
        )
    return source, target


def _schema(arrow: Any, languages: tuple[str, str], *, provenance: bool) -> Any:
    text = arrow.string()
    translation = arrow.struct([(language, text) for language in sorted(languages)])  # else datasets takes it for none
    fields = [(TRANSLATION, translation)]
    fields += [(name, text) for name in ("id", "mt", "target", "status", "note")]
    fields += [(REFERENCES, arrow.list_(text))]
    if provenance:
        fields += [("author", text), ("rewriter", text), ("confidence", arrow.float64()), ("edited", text)]
    # Features that are not named here are told from their types, which differ between versions of datasets.
    features = {TRANSLATION: {"languages": list(languages), "_type": "Translation"}}
    return arrow.schema(fields, metadata={"huggingface": json.dumps({"info": {"features": features}})})


def _columns(rows: Sequence[Segment], languages: tuple[str, str], *, provenance: bool) -> dict[str, list[object]]:
    source, target = languages
    found: dict[str, list[object]] = {
        TRANSLATION: [{source: row.source, target: row.text} for row in rows],
        "id": [row.id for row in rows],
        "mt": [row.mt for row in rows],
        "target": [row.target for row in rows],
        "status": [row.status.value for row in rows],
        "note": [row.note or None for row in rows],
        REFERENCES: [list(row.references) for row in rows],
    }
    if provenance:
        made = [row.provenance or _NOBODY for row in rows]
        found["author"] = [one.author or None for one in made]
        found["rewriter"] = [one.rewriter or None for one in made]
        found["confidence"] = [one.confidence for one in made]
        found["edited"] = [one.time or None for one in made]
    return found


def _without_surrogates(segment: Segment, losses: Losses) -> Segment:
    def clean(text: str | None) -> Any:
        if text is None:
            return None
        kept = text.encode(errors="ignore").decode()
        losses.add("characters that Parquet can't hold", len(text) - len(kept))
        return kept

    return replace(
        segment,
        id=clean(segment.id),
        source=clean(segment.source),
        mt=clean(segment.mt),
        target=clean(segment.target),
        note=clean(segment.note),
        references=tuple(map(clean, segment.references)),
    )
