"""Where the models and corpora that come with posteditor lie, installed or in an editable checkout."""

from pathlib import Path

from posteditor.errors import ModelError

_PACKAGE = Path(__file__).resolve().parent


def shipped_model(name: str) -> Path:
    """The folder of the shipped model ``name``, such as "default".

    Raises:
        ModelError: This installation carries no such model.
    """
    return _find("models", name, what="model")


def shipped_corpus(name: str) -> Path:
    """The shipped corpus file ``name``, such as "demo.tsv".

    Raises:
        ModelError: This installation carries no such corpus.
    """
    return _find("corpora", name, what="corpus")


def shipped_model_names() -> tuple[str, ...]:
    """The names of the models that this installation carries, sorted."""
    names: set[str] = set()
    for root in _roots("models"):
        if root.is_dir():
            names.update(folder.name for folder in root.iterdir() if (folder / "config.json").is_file())
    return tuple(sorted(names))


def _roots(kind: str) -> tuple[Path, Path]:
    """The folder inside an installed package, then the one beside the package in a checkout."""
    return _PACKAGE / "shipped" / kind, _PACKAGE.parent / kind


def _find(kind: str, name: str, *, what: str) -> Path:
    for root in _roots(kind):
        path = root / name
        if path.is_file() or (path.is_dir() and any(path.iterdir())):
            return path
    places = " nor ".join(str(root / name) for root in _roots(kind))
    raise ModelError(
        f"the shipped {what} {name!r} is missing: there is neither {places}",
        hint="Reinstall posteditor; an installation carries its models and corpora.",
    )
