"""Folders with files ``STEM.src``, ``STEM.mt`` and ``STEM.pe``: MLQE-PE and the WMT's automatic post-editing tasks.

Source: M. Fomicheva and others, "MLQE-PE: A Multilingual Quality Estimation and Post-Editing Dataset" (LREC 2022), and
the archives of data/post-editing in github.com/sheffieldnlp/mlqe-pe: a folder such as ``ro-en-dev`` holds ``dev.src``,
``dev.mt`` and ``dev.pe``, line n of which belong together, beside files that are of no use here (``.hter``, ``.tags``).
"""

from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from posteditor.errors import CorpusError
from posteditor.formats.compression import without_compression
from posteditor.formats.test_sets.aligned_text import aligned_files, read_aligned
from posteditor.formats.test_sets.definition import TestSet
from posteditor.formats.test_sets.folders import children, is_file, is_folder
from posteditor.formats.test_sets.language_pairs import LanguagePair, pair_in
from posteditor.formats.test_sets.naming import clean
from posteditor.formats.test_sets.selection import Request, select

_SUFFIXES = (".src", ".mt", ".pe")
_LEVELS = 3
"""Folders below the one that was named in which files are looked for: split, language pair."""


@dataclass(slots=True)
class _Triple:
    """The files with one stem."""

    folder: Path
    stem: str
    files: dict[str, Path] = field(default_factory=dict)
    """Suffix to file."""

    @property
    def pair(self) -> LanguagePair | None:
        """From the stem, else from the folder."""
        return pair_in(self.stem) or pair_in(self.folder.resolve().name)

    @property
    def labels(self) -> tuple[str, ...]:
        name = clean(self.stem)
        return (name, f"{clean(self.folder.resolve().name)}/{name}", *([str(self.pair)] if self.pair else []))


def is_post_edit_folder(folder: Path) -> bool:
    """True when it, or a folder in it, has an ``.mt`` or ``.pe`` file."""
    return bool(_triples(folder))


def open_post_edit_folder(request: Request) -> list[TestSet]:
    """One test set per stem, by name; those of the folders inside only when the folder itself has none.

    Raises:
        UsageError: What was selected is not there.
        CorpusError: An ``.mt`` or ``.pe`` file is missing.
    """
    chosen = select(request, _triples(request.path), lambda one: one.labels)
    return [_test_set(one, request) for one in chosen]


def _triples(folder: Path) -> list[_Triple]:
    level = [folder]
    for _ in range(_LEVELS):
        found = [triple for each in level for triple in _triples_in(each)]
        if found:
            return found
        level = [inner for each in level for inner in children(each) if is_folder(inner) and not inner.is_symlink()]
    return []


def _triples_in(folder: Path) -> list[_Triple]:
    """The groups of files directly in a folder, without those that are only a source."""
    triples: dict[str, _Triple] = {}
    for path in children(folder):
        plain = Path(without_compression(path.name))
        if plain.suffix in _SUFFIXES and is_file(path):
            triple = triples.setdefault(plain.stem, _Triple(folder, plain.stem))
            if plain.suffix in triple.files:
                raise CorpusError(
                    path, f"{triple.files[plain.suffix].name} is there, too", hint="keep one of them in the folder"
                )
            triple.files[plain.suffix] = path
    return [triple for triple in triples.values() if set(triple.files) != {".src"}]


def _test_set(triple: _Triple, request: Request) -> TestSet:
    for suffix, what in ((".mt", "machine translations"), (".pe", "post-edits")):
        if suffix not in triple.files:
            raise CorpusError(
                triple.folder / f"{triple.stem}{suffix}",
                f"there is no such file, so {triple.stem} has no {what}",
                hint=f"put it beside the others, or name other sets of the folder: {request.path}:NAME",
            )
    source, mt, post_edits = triple.files.get(".src"), triple.files[".mt"], triple.files[".pe"]
    pair = triple.pair
    return TestSet(
        name=clean(triple.stem),
        path=request.path,
        files=aligned_files(source, mt, (post_edits,)),
        kind="post-edits",
        read=partial(read_aligned, source, mt, (post_edits,), request.options.skip_bad),
        reference_kind="post-edit",
        source_lang=pair.source if pair else None,
        target_lang=pair.target if pair else None,
    )
