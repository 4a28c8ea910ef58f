"""Test sets that sacrebleu has put on the disk, as ``sacrebleu:NAME/SRC-TGT``; nothing is ever downloaded.

Source: sacrebleu 2.6, ``utils.py`` (the folder is that of the environment variable SACREBLEU, else ``~/.sacrebleu``),
``dataset/base.py`` (a field lies in ``NAME/NAME.SRC-TGT.FIELD``, one segment a line, with ``/`` in the file's NAME and
``:`` in FIELD replaced) and ``dataset/wmt_xml.py`` (the fields of the sets from WMT21 on: ``src``, ``ref`` or ``ref:X``
per translator, ``docid``, ``origlang``, ``domain``, and one per MT system). All references are read, where sacrebleu
itself scores against one that it has chosen.
"""

import os
import re
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from posteditor.errors import CorpusError, UsageError
from posteditor.formats.test_sets.aligned_text import aligned_files, read_aligned
from posteditor.formats.test_sets.definition import TestSet
from posteditor.formats.test_sets.folders import children, is_file, is_folder
from posteditor.formats.test_sets.human_systems import is_human
from posteditor.formats.test_sets.language_pairs import PAIR, pair_of
from posteditor.formats.test_sets.naming import clean
from posteditor.formats.test_sets.selection import Request, select

PREFIX = "sacrebleu:"
_NOT_SYSTEMS = frozenset({"src", "docid", "genre", "origlang", "domain"})
_REFERENCE = re.compile(r"ref(?:[-:].*)?")
_SYSTEMS_HINT = "sets with the outputs of MT systems are wmt21/systems, wmt22, wmt23 and wmt24"


@dataclass(slots=True)
class _Fields:
    """The files of one language pair."""

    pair: str
    source: Path | None = None
    references: list[Path] = field(default_factory=list)
    systems: dict[str, Path] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Output:
    """What one system made of one language pair."""

    fields: _Fields
    system: str

    @property
    def labels(self) -> tuple[str, ...]:
        name = clean(self.system)
        return (f"{self.fields.pair}/{name}", name, self.fields.pair)


def sacrebleu_folder() -> Path:
    """Where sacrebleu keeps its test sets."""
    named = os.environ.get("SACREBLEU")
    return Path(named) if named else Path.home() / ".sacrebleu"


def open_sacrebleu(request: Request) -> list[TestSet]:
    """One test set per stored system, for one language pair or, without it, for all of them.

    Args:
        request: Its path is ``sacrebleu:NAME`` or ``sacrebleu:NAME/SRC-TGT``.

    Raises:
        UsageError: There is no name, or what was selected is not there.
        CorpusError: The set, or the pair, is not on the disk, or it comes without MT systems.
    """
    name, pair = _name_and_pair(str(request.path).removeprefix(PREFIX))
    if not name:
        raise UsageError(
            f"{request.path}: which test set?", hint=f"write {PREFIX}NAME/SRC-TGT, such as {PREFIX}wmt22/de-en"
        )
    folder = sacrebleu_folder() / name
    found = _fields_in(folder, name.replace("/", "_"))
    chosen = [one for one in found if pair is None or one.pair == pair]
    if not chosen:
        raise _not_there(folder, name, pair, found)
    outputs = [_Output(one, system) for one in chosen for system in one.systems if not is_human(system)]
    if not outputs:
        raise CorpusError(
            folder, f"{name} comes with no MT system's output: there is nothing to rewrite in it", hint=_SYSTEMS_HINT
        )
    return [_test_set(name, one, request) for one in select(request, outputs, lambda one: one.labels)]


def _name_and_pair(text: str) -> tuple[str, str | None]:
    text = text.strip("/")
    head, _, last = text.rpartition("/")
    return (head, last) if head and re.fullmatch(PAIR, last) else (text, None)


def _fields_in(folder: Path, name: str) -> list[_Fields]:
    pattern = re.compile(rf"{re.escape(name)}\.(?P<pair>{PAIR})\.(?P<field>.+)")
    found: dict[str, _Fields] = {}
    for path in children(folder) if is_folder(folder) else []:
        match = pattern.fullmatch(path.name)
        if match is None or not is_file(path):
            continue
        fields = found.setdefault(match["pair"], _Fields(match["pair"]))
        if match["field"] == "src":
            fields.source = path
        elif _REFERENCE.fullmatch(match["field"]):
            fields.references.append(path)
        elif match["field"] not in _NOT_SYSTEMS:
            fields.systems[match["field"]] = path
    return list(found.values())


def _not_there(folder: Path, name: str, pair: str | None, found: list[_Fields]) -> CorpusError:
    what = f"{pair} of the test set {name}" if pair else f"the test set {name}"
    there = f"; there are {', '.join(one.pair for one in found)}" if found else ""
    return CorpusError(
        folder,
        f"sacrebleu has not put {what} on this disk{there}",
        hint=f"have sacrebleu fetch it once: sacrebleu -t {name} -l {pair or 'SRC-TGT'} --echo src > /dev/null",
    )


def _test_set(name: str, output: _Output, request: Request) -> TestSet:
    fields, mt = output.fields, output.fields.systems[output.system]
    if not fields.references:
        raise CorpusError(mt, f"there is no reference for {fields.pair} beside it", hint="have sacrebleu fetch it anew")
    pair = pair_of(fields.pair)
    references = tuple(fields.references)
    return TestSet(
        name=f"{clean(name)}.{fields.pair}/{clean(output.system)}",
        path=request.path,
        files=aligned_files(fields.source, mt, references),
        kind="sacrebleu",
        read=partial(read_aligned, fields.source, mt, references, request.options.skip_bad),
        system=clean(output.system),
        reference_kind="independent",
        source_lang=pair.source,
        target_lang=pair.target,
    )
