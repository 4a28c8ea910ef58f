"""Files in the WMT's XML of 2021 and later as test sets, one for each MT system in them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from posteditor.core.segment import Segment
from posteditor.errors import CorpusError, UsageError
from posteditor.formats.columns import shown
from posteditor.formats.compression import without_compression
from posteditor.formats.test_sets.definition import TestSet
from posteditor.formats.test_sets.human_systems import is_human
from posteditor.formats.test_sets.language_pairs import LanguagePair, bcp47
from posteditor.formats.test_sets.naming import clean, stem
from posteditor.formats.test_sets.selection import Request, select
from posteditor.formats.test_sets.wmt_xml_documents import Document, Side, Text, read_documents

_SOURCE: Side = ("src", "")
_LANGUAGE = re.compile(r"[A-Za-z0-9]{1,8}(?:-[A-Za-z0-9]{1,8})*")


@dataclass(slots=True)
class _Overview:
    """What a file holds."""

    systems: list[str] = field(default_factory=list)
    has_references: bool = False
    source_lang: str | None = None
    """BCP 47."""
    target_lang: str | None = None
    """BCP 47."""

    @property
    def pair(self) -> LanguagePair | None:
        """Both languages; None if the file leaves one out."""
        return LanguagePair(self.source_lang, self.target_lang) if self.source_lang and self.target_lang else None


def is_wmt_xml(path: Path) -> bool:
    """True for a name in ``.xml``; what is inside is told from it when it is opened."""
    return Path(without_compression(path.name)).suffix.lower() == ".xml"


def is_wmt_sgml(path: Path) -> bool:
    """True for a name in ``.sgm`` or ``.sgml``, the format of the WMT until 2020."""
    return Path(without_compression(path.name)).suffix.lower() in (".sgm", ".sgml")


def refuse_wmt_sgml(request: Request) -> list[TestSet]:
    """Never a test set: that format was no SGML that a parser could read, and kept each system in a file of its own.

    Raises:
        UsageError: Always.
    """
    raise UsageError(
        f"{request.path}: SGML files of the WMT are not read",
        hint="take the plain text of the same release: a folder with sources, references and system-outputs",
    )


def open_wmt_xml(request: Request) -> list[TestSet]:
    """One test set per MT system; the file is gone through once to find them.

    Raises:
        UsageError: What was selected is not there.
        CorpusError: The file is malformed, not the WMT's, or has no system or no reference.
    """
    path = request.path
    found = _overview(path)
    systems = [system for system in found.systems if not is_human(system)]
    if len(systems) < len(found.systems):
        humans = sorted(map(clean, set(found.systems) - set(systems)))
        request.note(f"{path}: {', '.join(humans)}: left out, these are human translations")
    if not systems:
        raise CorpusError(
            path,
            "there is no <hyp> of an MT system in it: there is nothing to rewrite",
            hint="take the file of the release that holds everything, which is called .all.xml",
        )
    if not found.has_references:
        raise CorpusError(
            path, "there is no <ref> in it: there is nothing to measure against", hint="take the file with references"
        )
    pair = found.pair
    chosen = select(request, systems, lambda system: (clean(system), *([str(pair)] if pair else [])))
    return [
        TestSet(
            name=f"{stem(path)}/{clean(system)}",
            path=path,
            files=(path,),
            kind="wmt-xml",
            read=partial(_segments, path, system),
            system=clean(system),
            reference_kind="independent",
            source_lang=pair.source if pair else None,
            target_lang=pair.target if pair else None,
        )
        for system in chosen
    ]


def _overview(path: Path) -> _Overview:
    found = _Overview()
    systems: dict[str, None] = {}
    for document in read_documents(path):
        for (kind, name), side in document.sides.items():
            if kind == "hyp":
                systems[name] = None
            found.has_references |= kind == "ref"
            if side.lang is None:
                continue
            if kind == "src":
                found.source_lang = _same(path, found.source_lang, side, "source")
            else:
                found.target_lang = _same(path, found.target_lang, side, "target")
    found.systems = list(systems)
    return found


def _same(path: Path, known: str | None, side: Text, what: str) -> str:
    lang = bcp47(side.lang or "")
    if not _LANGUAGE.fullmatch(lang):
        raise CorpusError(
            path, f"{shown(lang)} is no language", line=side.line, hint="lang is a BCP 47 tag, such as en or zh-CN"
        )
    if known is not None and lang != known:
        raise CorpusError(
            path,
            f"a second {what} language, {shown(lang)} beside {shown(known)}",
            line=side.line,
            hint="make a file of each language pair",
        )
    return lang


def _segments(path: Path, system: str) -> Iterator[Segment]:
    """The segments of one system; one with neither a text of it nor a reference is left out, for nothing is lost."""
    position = 0
    for document in read_documents(path, frozenset({system})):
        source = document.sides.get(_SOURCE)
        if source is None:
            raise CorpusError(path, f"the document {shown(document.id)} has no <src>", line=document.line)
        references = [side for (kind, _), side in document.sides.items() if kind == "ref"]
        output = document.sides.get(("hyp", system))
        for side in (*references, *([output] if output else [])):
            _check_ids(path, document, source, side)
        for name, line in source.lines.items():
            found = tuple(text for side in references if (text := side.segments.get(name)))
            if output is None or name not in output.segments:
                if not found:
                    continue
                raise _missing(path, document, name, system, output)
            position += 1
            yield Segment(
                position,
                output.segments[name],
                source.segments[name],
                references=found,
                id=f"{document.id}:{name}",
                line=line,
            )


def _check_ids(path: Path, document: Document, source: Text, side: Text) -> None:
    for name, line in side.lines.items():
        if name not in source.lines:
            raise CorpusError(
                path,
                f"the segment {shown(name)} is not in the <src> of the document {shown(document.id)}",
                line=line,
                hint="put its id right, or take it out",
            )


def _missing(path: Path, document: Document, segment: str, system: str, output: Text | None) -> CorpusError:
    what = "has no <hyp>" if output is None else f"has no segment {shown(segment)}"
    return CorpusError(
        path,
        f"the document {shown(document.id)} {what} of {shown(system)}",
        line=document.line if output is None else output.line,
        hint=f"add what is missing, or name the other systems: {path}:SYSTEM,SYSTEM",
    )
