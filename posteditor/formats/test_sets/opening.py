"""From the PATHs of ``bench`` to test sets: the entry to this package.

A PATH is

* a TSV, CSV or JSONL file with references;
* parallel text files, joined with commas: ``news.de,mt.en,reference.en``; or, as everywhere on the command line, two
  or more text files when there are no other PATHs;
* an M2 file (``.m2``), or one in the WMT's XML (``.xml``);
* a folder with ``STEM.src``, ``STEM.mt`` and ``STEM.pe``, or ``FOLDER/STEM`` for one of the stems;
* a folder of a WMT text release, or one inside its ``system-outputs``;
* ``sacrebleu:NAME/SRC-TGT``, for what sacrebleu has put on the disk.

What holds several test sets takes a selection behind a colon: language pairs, systems or names, separated by commas,
with ``*`` and ``?``: ``wmt22:de-en``, ``newstest2021.de-en.all.xml:Online-A,UEdin``, ``wmt22:de-en/Online-*``.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from posteditor.errors import CorpusError, UsageError
from posteditor.formats.compression import without_compression
from posteditor.formats.options import ReadOptions
from posteditor.formats.test_sets.definition import ReferenceKind, TestSet
from posteditor.formats.test_sets.folders import children, exists, is_file, is_folder
from posteditor.formats.test_sets.m2 import is_m2, open_m2
from posteditor.formats.test_sets.naming import with_unique_names
from posteditor.formats.test_sets.own_formats import JOINED, open_parallel_text, open_table
from posteditor.formats.test_sets.post_edit_folders import is_post_edit_folder, open_post_edit_folder
from posteditor.formats.test_sets.sacrebleu_sets import PREFIX, open_sacrebleu
from posteditor.formats.test_sets.selection import Note, Request
from posteditor.formats.test_sets.wmt_text import is_wmt_text, open_wmt_text
from posteditor.formats.test_sets.wmt_xml import is_wmt_sgml, is_wmt_xml, open_wmt_xml, refuse_wmt_sgml

_Claim = Callable[[Path], bool]
_Opener = Callable[[Request], list[TestSet]]
_FOLDERS: tuple[tuple[_Claim, _Opener], ...] = (
    (is_wmt_text, open_wmt_text),
    (is_post_edit_folder, open_post_edit_folder),
)
_FILES: tuple[tuple[_Claim, _Opener], ...] = (
    (is_m2, open_m2),
    (is_wmt_xml, open_wmt_xml),
    (is_wmt_sgml, refuse_wmt_sgml),
)
_TABLE_SUFFIXES = frozenset({".tsv", ".csv", ".jsonl", ".ndjson"})
_DEFAULTS = ReadOptions()


def open_test_sets(
    paths: Sequence[Path | str],
    options: ReadOptions = _DEFAULTS,
    *,
    reference_kind: ReferenceKind | None = None,
    on_note: Note | None = None,
) -> list[TestSet]:
    """The test sets behind some PATHs, in their order, each with a name of its own.

    Files are looked into as far as it takes to know what they hold; ``examine`` reads a test set to its end.

    Args:
        paths: What the person named; see the module.
        options: How to read TSV, CSV, JSONL and parallel text; ``skip_bad`` also holds for other plain text.
        reference_kind: What the person says about the references of all of them; it wins over what files say.
        on_note: Gets sentences about what was left out, such as human translations among the system outputs.

    Raises:
        UsageError: A PATH or a selection is not understood, or is not supported.
        CorpusError: A file is missing, can't be read or is malformed, or holds no references.
        AlignmentError: Files that belong together have different lengths, where that shows early.
    """
    if not paths:
        raise UsageError("no test set was given", hint="name a file or folder with references")
    note = on_note or _ignore
    if len(paths) > 1 and all(_is_loose_text(Path(path), options) for path in paths):
        sets = open_parallel_text(Path(paths[0]), [Path(path) for path in paths], options)
    else:
        sets = [one for path in paths for one in _open(str(path), options, reference_kind, note)]
    if reference_kind is not None:
        sets = [replace(one, reference_kind=reference_kind) for one in sets]
    return with_unique_names(sets)


def _ignore(_sentence: str) -> None:
    pass


def _open(text: str, options: ReadOptions, reference_kind: ReferenceKind | None, note: Note) -> list[TestSet]:
    if not exists(Path(text)):
        if text.startswith(PREFIX):
            name, _, wanted = text.removeprefix(PREFIX).partition(":")
            return open_sacrebleu(Request(Path(PREFIX + name), _patterns(wanted), options, note))
        head, colon, wanted = text.rpartition(":")
        if not (colon and exists(Path(head))):
            return _open_unfound(text, options, note)
        text, patterns = head, _patterns(wanted)
    else:
        patterns = ()
    return _open_path(Request(Path(text), patterns, options, note), reference_kind)


def _patterns(wanted: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in wanted.split(",") if part.strip())


def _open_path(request: Request, reference_kind: ReferenceKind | None) -> list[TestSet]:
    path, options = request.path, request.options
    if is_folder(path):
        for is_claimed, opener in _FOLDERS:
            if is_claimed(path):
                return opener(request)
        raise _unknown_folder(path)
    if options.format is None:
        for is_claimed, opener in _FILES:
            if is_claimed(path):
                return opener(request)
    if options.format == "text" or Path(without_compression(path.name)).suffix.lower() == ".txt":
        raise UsageError(f"{path}: a text file alone has no references", hint=JOINED)
    return open_table(request, reference_kind)


def _open_unfound(text: str, options: ReadOptions, note: Note) -> list[TestSet]:
    """What is no file or folder by its whole name."""
    parts = [Path(part.strip()) for part in text.split(",") if part.strip()]
    if len(parts) > 1:
        return open_parallel_text(Path(text), parts, options)
    path = Path(text)
    if is_folder(path.parent) and any(
        Path(without_compression(each.name)).name in (f"{path.name}.mt", f"{path.name}.pe")
        for each in children(path.parent)
    ):
        return open_post_edit_folder(Request(path.parent, (path.name,), options, note))
    raise CorpusError(
        path,
        "there is no such file or folder",
        hint="check the name; a selection goes behind a colon (FOLDER:de-en), parallel text is joined with commas",
    )


def _unknown_folder(folder: Path) -> CorpusError:
    empty = not children(folder)
    return CorpusError(
        folder,
        "the folder is empty" if empty else "there is no test set in this folder that is known",
        hint="known are folders with STEM.src, STEM.mt and STEM.pe, and WMT releases with sources, references and "
        "system-outputs; name other files one by one",
    )


def _is_loose_text(path: Path, options: ReadOptions) -> bool:
    """True for a file that is one of several parallel ones: plain text by its suffix, or none of the others."""
    if not is_file(path):
        return False
    if options.format is not None:
        return options.format == "text"
    suffix = Path(without_compression(path.name)).suffix.lower()
    return suffix not in _TABLE_SUFFIXES and not any(is_claimed(path) for is_claimed, _ in _FILES)
