"""Options that several commands share, declared once."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from posteditor.formats.options import ReadOptions

Paths = Annotated[
    list[Path],
    typer.Argument(help="A file, two or more parallel text files, or a project.", show_default=False),
]
Model = Annotated[
    list[str] | None,
    typer.Option(
        "--model", metavar="SPEC", help="default, none, a model folder, memory, or openai:MODEL@URL; may be repeated."
    ),
]
References = Annotated[
    list[Path] | None,
    typer.Option("--references", metavar="FILE", help="Reference translations, one line a segment; may be repeated."),
]
Format = Annotated[
    str | None,
    typer.Option("--format", help="tsv, csv, jsonl, text, tmx, xliff, po, parquet; if the name says none."),
]
Columns = Annotated[
    str | None,
    typer.Option("--columns", help="Names for the columns of a file without a header, such as id,source,mt; - skips."),
]
Header = Annotated[
    bool, typer.Option("--header", help="With --columns: the file has a header, which those names replace.")
]
SkipBad = Annotated[bool, typer.Option("--skip-bad", help="Pass over bad records and report them.")]
SourceLang = Annotated[str | None, typer.Option("--source-lang", help="Language translated from (BCP 47).")]
TargetLang = Annotated[str | None, typer.Option("--target-lang", help="Language translated into (BCP 47).")]
Glossary = Annotated[
    Path | None,
    typer.Option("--glossary", metavar="FILE", help="Terms for models that can be told: a TSV, term and translation."),
]
AllowRemote = Annotated[
    bool, typer.Option("--allow-remote", help="Let texts go to the server that --model names, on another machine.")
]
GateOff = Annotated[
    list[str] | None,
    typer.Option("--gate-off", metavar="RULE", help="Switch off a rule of the gate, such as name; may be repeated."),
]
Tm = Annotated[
    list[Path] | None,
    typer.Option(
        "--tm",
        metavar="FILE",
        help="Confirmed edits for --model memory: a TSV with mt and target, or another project; may be repeated.",
    ),
]


class KindChoice(StrEnum):
    """How references came about."""

    POST_EDIT = "post-edit"
    INDEPENDENT = "independent"


ReferenceKind = Annotated[
    KindChoice | None,
    typer.Option(
        "--reference-kind",
        help="post-edit: the references correct this very mt; independent: nobody looked at it.",
    ),
]
KINDS = {"post-edit": "post-edits of this mt, so that its TER is HTER", "independent": "independent of the mt"}
"""In words."""
Force = Annotated[bool, typer.Option("--force", help="Write over an existing file.")]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Limit = Annotated[int | None, typer.Option("--limit", min=1, help="Stop after so many segments.")]
TextSources = Annotated[
    Path | None,
    typer.Option("--sources", metavar="FILE", help="With a plain text OUT: a second file, for the sources."),
]
Split = Annotated[
    str | None,
    typer.Option(
        metavar="NAME=SHARE,...",
        help="Several files without near duplicates across them: train=98,dev=1,test=1 makes OUT.train, ...",
    ),
]
SplitSeed = Annotated[int, typer.Option(help="Of --split: another one gives other splits.")]
Output = Annotated[Path, typer.Option("-o", "--output", help="File to write; its name says the format.")]


def gate_off(rules: list[str] | None) -> tuple[str, ...]:
    """The rules to switch off, sorted.

    Raises:
        UsageError: The gate has no such rule.
    """
    if not rules:
        return ()
    from posteditor.rewriters.gate import known_rules

    return tuple(sorted(known_rules(rules)))


def read_options(
    format_name: str | None,
    columns: str | None,
    header: bool,
    skip_bad: bool,
    source_lang: str | None = None,
    target_lang: str | None = None,
) -> ReadOptions:
    """The options on reading a file, from the command line's."""
    names = tuple(name.strip() for name in columns.split(",")) if columns else None
    return ReadOptions(format_name, names, header or None, skip_bad, source_lang, target_lang)
