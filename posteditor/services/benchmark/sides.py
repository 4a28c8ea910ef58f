"""The two sides of a comparison, as the person names them: RUN_DIR or RUN_DIR:SPEC."""

from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from posteditor.errors import CorpusError, UsageError
from posteditor.services.benchmark.report import NOTHING
from posteditor.services.benchmark.run_folder import RunFolder, open_run

_SYNTAX = "name a folder that bench has written with -o, and one of its models behind a colon: RUN_DIR:SPEC"


@dataclass(frozen=True, slots=True)
class Side:
    """A rewriter in a run."""

    run: RunFolder
    rewriter: str
    """Its SPEC; "none" for do-nothing."""

    @property
    def name(self) -> str:
        """As the person would name it."""
        return f"{self.run.path}:{self.rewriter}"


def find_sides(a: str, b: str) -> tuple[Side, Side]:
    """The sides that the person named.

    Without a SPEC it is the run's only model; where both are the same run, its two models, or do-nothing and its only
    one.

    Raises:
        CorpusError: A folder holds no run, or a damaged one.
        UsageError: There is no such folder or no such SPEC in it, it is not clear which is meant, or both are the same.
    """
    (path_a, spec_a), (path_b, spec_b) = _split(a), _split(b)
    is_same_run = path_a.resolve() == path_b.resolve()
    run_a = open_run(path_a)
    run_b = run_a if is_same_run else open_run(path_b)
    if is_same_run and spec_a is None and spec_b is None:
        sides = _both_of(run_a)
    else:
        sides = Side(run_a, _chosen(run_a, spec_a)), Side(run_b, _chosen(run_b, spec_b))
    if is_same_run and sides[0].rewriter == sides[1].rewriter:
        raise UsageError(f"{sides[0].name} would be compared with itself", hint=_known(run_a))
    return sides


def sides_in_run(path: Path, a: str, b: str) -> tuple[Side, Side]:
    """Two rewriters of one run.

    Raises:
        CorpusError: The folder holds no run, or a damaged one.
        UsageError: A SPEC is not in it, or both are the same.
    """
    run = open_run(path)
    sides = Side(run, _chosen(run, a)), Side(run, _chosen(run, b))
    if sides[0].rewriter == sides[1].rewriter:
        raise UsageError(f"{sides[0].name} would be compared with itself", hint=_known(run))
    return sides


def _split(text: str) -> tuple[Path, str | None]:
    """The folder and the SPEC; both may hold colons, and the longest folder that is there is meant."""
    if Path(text).is_dir():
        return Path(text), None
    end = len(text)
    while (end := text.rfind(":", 0, end)) > 0:
        if Path(text[:end]).is_dir():
            return Path(text[:end]), text[end + 1 :]
    raise CorpusError(text, "there is no such run folder", hint=_SYNTAX)


def _models(run: RunFolder) -> list[str]:
    return [spec for spec in run.rewriters if spec != NOTHING]


def _both_of(run: RunFolder) -> tuple[Side, Side]:
    models = _models(run)
    if len(models) == 1:
        return Side(run, NOTHING), Side(run, models[0])
    if len(models) == 2:
        return Side(run, models[0]), Side(run, models[1])
    raise UsageError(f"{run.path}: holds {len(models)} models, which two are meant?", hint=_known(run))


def _chosen(run: RunFolder, spec: str | None) -> str:
    """The SPEC that is meant; ``spec`` is None where the person named none."""
    if spec is None:
        models = _models(run)
        if len(models) != 1:
            raise UsageError(f"{run.path}: holds {len(models)} models, which one is meant?", hint=_known(run))
        return models[0]
    if spec not in run.rewriters:
        near = get_close_matches(spec, run.rewriters, n=1)
        advice = f"Did you mean {near[0]}? " if near else ""
        raise UsageError(f"{run.path}: {spec!r} was not run in it", hint=advice + _known(run))
    return spec


def _known(run: RunFolder) -> str:
    named = ", ".join(f"{run.path}:{spec}" for spec in run.rewriters)
    return f"It holds {named}."
