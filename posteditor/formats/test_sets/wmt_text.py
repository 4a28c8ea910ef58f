"""The WMT's text releases: folders ``sources``, ``references`` and ``system-outputs``, with many systems.

What the names of the files say is told in ``wmt_file_names``. Human translations among the system outputs are left
out, and so are language pairs without a reference; both are noted.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from posteditor.errors import CorpusError, UsageError
from posteditor.formats.test_sets.aligned_text import aligned_files, read_aligned
from posteditor.formats.test_sets.definition import TestSet
from posteditor.formats.test_sets.folders import children, is_file, is_folder
from posteditor.formats.test_sets.human_systems import is_human
from posteditor.formats.test_sets.language_pairs import pair_of
from posteditor.formats.test_sets.naming import clean
from posteditor.formats.test_sets.selection import Request, select
from posteditor.formats.test_sets.wmt_file_names import TextRole, output_role, reference_role, source_role

_OUTPUTS = "system-outputs"
_REFERENCES = "references"
_SOURCES = "sources"
_LEVELS = 3

_Key = tuple[str, str]
"""Test set and language pair."""


@dataclass(slots=True)
class _Release:
    """The files of a release by the part they play."""

    name: str
    sources: dict[_Key, Path] = field(default_factory=dict)
    references: dict[_Key, dict[str, Path]] = field(default_factory=lambda: defaultdict(dict))
    outputs: list[tuple[TextRole, Path]] = field(default_factory=list)

    def labels(self, role: TextRole) -> tuple[str, ...]:
        """The names that an output can be chosen by."""
        system = clean(role.name)
        return (f"{role.pair}/{system}", system, role.pair, self.title(role), role.test_set)

    def title(self, role: TextRole) -> str:
        """The name of its test set."""
        return f"{clean(role.test_set or self.name)}.{role.pair}/{clean(role.name)}"


def is_wmt_text(folder: Path) -> bool:
    """True for a release, the folder that one lies in, and for its folder ``system-outputs`` or one inside that."""
    return bool(_roots(folder))


def open_wmt_text(request: Request) -> list[TestSet]:
    """One test set per system and language pair.

    Raises:
        UsageError: Several releases lie in the folder, or what was selected is not there.
        CorpusError: There is no system output with a reference, or none that was selected.
    """
    roots = _roots(request.path)
    if len(roots) > 1:
        raise UsageError(
            f"{request.path}: several releases lie in it: {', '.join(clean(root.name) for root in roots)}",
            hint="name the folder of one of them",
        )
    release = _read_names(roots[0], request)
    chosen = select(request, release.outputs, lambda output: release.labels(output[0]))
    with_references = [item for item in chosen if release.references.get(item[0][:2])]
    if not with_references:
        raise CorpusError(
            roots[0] / _REFERENCES,
            f"there is no reference for {', '.join(sorted({role.pair for role, _ in chosen})) or 'anything'}",
            hint="a release has a folder references, whose files are called de-en.refA.txt or SET.de-en.ref.A.en",
        )
    for pair in sorted({role.pair for role, _ in chosen} - {role.pair for role, _ in with_references}):
        request.note(f"{request.path}: {pair} has no reference and is left out")
    return [_test_set(release, role, path, request) for role, path in with_references]


def _roots(folder: Path) -> list[Path]:
    for above in (folder.absolute(), *folder.absolute().parents[: _LEVELS - 1]):
        if above.name == _OUTPUTS and is_folder(above.parent / _REFERENCES):
            return [above.parent]
    if is_folder(folder / _OUTPUTS):
        return [folder]
    return [inner for inner in children(folder) if is_folder(inner / _OUTPUTS)]


def _read_names(root: Path, request: Request) -> _Release:
    release = _Release(root.resolve().name)
    for role, path in _roles(root / _SOURCES, source_role, request):
        release.sources[role[:2]] = path
    for role, path in _roles(root / _REFERENCES, reference_role, request):
        release.references[role[:2]][role.name] = path
    inside = request.path.absolute()
    outputs = inside if root.absolute() / _OUTPUTS in (inside, *inside.parents) else root / _OUTPUTS
    humans: set[str] = set()
    for role, path in _roles(outputs, output_role, request):
        if is_human(role.name) or role.name in release.references.get(role[:2], {}):
            humans.add(clean(role.name))
        else:
            release.outputs.append((role, path))
    if humans:
        request.note(f"{request.path}: {', '.join(sorted(humans))}: left out, these are human translations")
    return release


def _roles(
    folder: Path, role_of: Callable[[Path], TextRole | None], request: Request
) -> Iterator[tuple[TextRole, Path]]:
    unknown: list[str] = []
    for path in _files(folder, _LEVELS):
        role = role_of(path)
        if role is None:
            unknown.append(clean(path.name))
        else:
            yield role, path
    if unknown:
        more = f" and {len(unknown) - 3} more" if len(unknown) > 3 else ""
        request.note(f"{folder}: left out, their names don't say what they are: {', '.join(unknown[:3])}{more}")


def _files(folder: Path, levels: int) -> Iterator[Path]:
    for path in children(folder) if is_folder(folder) else []:
        if is_file(path):
            yield path
        elif levels > 1:
            yield from _files(path, levels - 1)


def _test_set(release: _Release, role: TextRole, mt: Path, request: Request) -> TestSet:
    pair = pair_of(role.pair)
    source = release.sources.get(role[:2])
    references = tuple(path for _, path in sorted(release.references[role[:2]].items()))
    return TestSet(
        name=release.title(role),
        path=request.path,
        files=aligned_files(source, mt, references),
        kind="wmt-text",
        read=partial(read_aligned, source, mt, references, request.options.skip_bad),
        system=clean(role.name),
        reference_kind="independent",
        source_lang=pair.source,
        target_lang=pair.target,
    )
