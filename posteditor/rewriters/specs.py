"""From a SPEC (``default``, ``none``, a model folder, a server, several joined by +) to a loaded rewriter.

Names point to ``"module:function"`` strings that are imported when asked for, so knowing what exists loads no model
library. Third parties add a family with an entry point in the group ``posteditor.rewriters``: a function that takes a
``RewriterRequest`` and gives a rewriter. Its name is the SPEC, or the part of the SPEC before the first colon.
"""

import json
import os
from collections.abc import Callable, Collection
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any, Literal, cast

from posteditor.errors import ModelError
from posteditor.rewriters.hub_cache import cached_model
from posteditor.rewriters.protocol import Rewriter
from posteditor.shipped import shipped_model, shipped_model_names

Threshold = Literal["show", "apply"]
ENTRY_POINT_GROUP = "posteditor.rewriters"

_FAMILIES = {
    "openai": "posteditor.rewriters.openai_server:load",
    "languagetool": "posteditor.rewriters.language_tool:load",
    "memory": "posteditor.rewriters.memory:load",
}
"""By the part of the SPEC before the first colon. Each takes a ``RewriterRequest``, as plug-ins do."""
_ENSEMBLE = "posteditor.rewriters.ensemble:load"
JOINT = "+"
"""Between the SPECs of an ensemble."""
_TAGGER = "posteditor.rewriters.tagger:load_tagger"
_GECTOR = "GECToR tagger"
_FOLDER_FAMILIES = {
    _GECTOR: "posteditor.rewriters.gector:load",
    "encoder-decoder": "posteditor.rewriters.encoder_decoder:load",
    "causal chat model": "posteditor.rewriters.chat_model:load",
}
"""Each takes a folder and a ``RewriterRequest``."""
_ARCHITECTURES = (
    ("ForTokenClassification", "edit tagger"),
    ("EditTagger", "edit tagger"),
    ("ForConditionalGeneration", "encoder-decoder"),
    ("MTModel", "encoder-decoder"),
    ("ForCausalLM", "causal chat model"),
    ("LMHeadModel", "causal chat model"),
)
"""How the names of networks end, and the family they belong to."""


@dataclass(frozen=True, slots=True)
class RewriterRequest:
    """What a family is asked to load."""

    spec: str
    """The whole SPEC, which is also the name that suggestions carry."""
    argument: str = ""
    """The part of the SPEC after the first colon; empty when there is none."""
    source_lang: str | None = None
    """BCP 47; None when nobody said."""
    target_lang: str | None = None
    """BCP 47; None when nobody said."""
    glossary: Path | None = None
    """A table of two columns, term and its translation, for rewriters that can be told; None for none."""
    threads: int | None = None
    """Processor threads to use; None leaves it to the library."""
    threshold: Threshold = "show"
    """"show" proposes to a person who decides, "apply" is stricter, for batches."""
    gate_off: frozenset[str] = frozenset()
    """Rules of the gate that are switched off, for ensembles, which judge what their members propose."""


def load_rewriter(
    spec: str,
    *,
    threads: int | None = None,
    threshold: Threshold = "show",
    source_lang: str | None = None,
    target_lang: str | None = None,
    glossary: Path | None = None,
    gate_off: Collection[str] = (),
) -> Rewriter:
    """The rewriter that ``spec`` names, its model loaded; the other arguments are those of ``RewriterRequest``.

    Raises:
        ModelError: Nobody knows the SPEC, its files are missing or broken, or it declines ``target_lang``.
        CorpusError: The glossary can't be read.
    """
    request = RewriterRequest(
        spec, spec.partition(":")[2], source_lang, target_lang, glossary, threads, threshold, frozenset(gate_off)
    )
    try:
        rewriter = _loader(request)()
    except ImportError as error:
        raise ModelError(
            f"rewriter {spec!r} needs a library that can't be loaded: {error}",
            hint="Reinstall posteditor in a fresh environment: pip install posteditor",
        ) from error
    check_language(rewriter, target_lang)
    return rewriter


def check_language(rewriter: Rewriter, target_lang: str | None) -> None:
    """Let the rewriter decline a language; without one it is taken to fit.

    Raises:
        ModelError: The rewriter declares its languages and ``target_lang`` (BCP 47) is none of them.
    """
    if target_lang is None or not rewriter.target_languages:
        return
    wanted = target_lang.replace("_", "-").lower()
    if any(wanted == tag.lower() or wanted.startswith(tag.lower() + "-") for tag in rewriter.target_languages):
        return
    raise ModelError(
        f"rewriter {rewriter.name!r} rewrites {', '.join(rewriter.target_languages)}, not {target_lang}",
        hint="Choose another rewriter with --model, or --model none to work without suggestions.",
    )


def members_of(spec: str) -> tuple[str, ...]:
    """The SPECs that ``spec`` joins with +; itself alone where there is none, or it is the name of a folder.

    Behind a SPEC with an argument, such as ``memory:my+file.tsv+default``, a + joins only what is known by name, a
    folder or a model of the cache; else it belongs to the file, the address or the model's name.
    """
    if JOINT not in spec or model_folder(spec) is not None:
        return (spec,)
    members: list[str] = []
    for part in spec.split(JOINT):
        if members and ":" in members[-1] and not _is_known(part):
            members[-1] += JOINT + part
        else:
            members.append(part)
    return tuple(members)


def known_names() -> tuple[str, ...]:
    """The SPECs that need no path: built in, shipped and plugged in; nothing is imported for it."""
    plugged = (point.name for point in plugged_in())
    return tuple(dict.fromkeys(("none", "default", *shipped_model_names(), *_FAMILIES, *plugged)))


def plugged_in() -> tuple[EntryPoint, ...]:
    """The entry points of other packages, by name; not loaded."""
    return tuple(sorted(entry_points(group=ENTRY_POINT_GROUP), key=lambda point: point.name))


def model_folder(spec: str) -> Path | None:
    """The folder of model files behind ``spec``; None for what is not kept in a folder.

    Raises:
        ModelError: A shipped model is missing from this installation.
    """
    if spec == "default" or spec in shipped_model_names():
        return shipped_model(spec)
    folder = os.path.expanduser(spec)  # noqa: PTH111 (Path's own raises for users that do not exist)
    return Path(folder) if os.path.isdir(folder) else None  # noqa: PTH112 (Path's own raises for over-long names)


def read_config(folder: Path) -> dict[str, Any]:
    """The ``config.json`` of a model folder.

    Raises:
        ModelError: It is missing or not a JSON object.
    """
    path = folder / "config.json"
    hint = "A model folder holds config.json, model.safetensors and the tokenizer, as Hugging Face lays them out."
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ModelError(f"{path}: can't be read: {error.strerror}", hint=hint) from error
    except ValueError as error:
        raise ModelError(f"{path}: is not JSON: {error}", hint=hint) from error
    if not isinstance(config, dict):
        raise ModelError(f"{path}: is not a JSON object", hint=hint)
    return config


def family_of(folder: Path) -> str:
    """The family of the model in ``folder``, such as "edit tagger"; else the architecture's own name.

    Raises:
        ModelError: There is no readable config.json.
    """
    config = read_config(folder)
    architectures = config.get("architectures") or [str(config.get("model_type", "unknown"))]
    for ending, family in _ARCHITECTURES:
        if any(str(name).endswith(ending) for name in architectures):
            return _GECTOR if family == "edit tagger" and _has_gector_labels(config) else family
    return str(architectures[0])


def _has_gector_labels(config: dict[str, Any]) -> bool:
    labels = config.get("id2label")
    return isinstance(labels, dict) and "$KEEP" in labels.values()


def _loader(request: RewriterRequest) -> Callable[[], Rewriter]:
    spec = request.spec
    family = spec.partition(":")[0]
    if spec == "none":
        return lambda: _named("posteditor.rewriters.nothing:DoNothing")()
    if len(members_of(spec)) > 1:
        return lambda: _named(_ENSEMBLE)(request)
    if family in _FAMILIES:
        return lambda: _named(_FAMILIES[family])(request)
    if (folder := model_folder(spec)) is not None:
        return _folder_loader(folder, request)
    for point in plugged_in():
        if point.name in (spec, family):
            return lambda: cast(Callable[[RewriterRequest], Rewriter], point.load())(request)
    if (folder := cached_model(spec)) is not None:
        return _folder_loader(folder, request)
    raise _unknown(spec)


def _is_known(spec: str) -> bool:
    """A name with or without an argument behind a colon, a folder, or a model of the hub's cache."""
    if spec.partition(":")[0] in known_names() or model_folder(spec) is not None:
        return True
    return cached_model(spec) is not None


def _folder_loader(folder: Path, request: RewriterRequest) -> Callable[[], Rewriter]:
    family = family_of(folder)
    if family in _FOLDER_FAMILIES:
        return lambda: _named(_FOLDER_FAMILIES[family])(folder, request)
    if family != "edit tagger":
        known = ", ".join(dict.fromkeys(name for _, name in _ARCHITECTURES))
        raise ModelError(
            f"{folder}: models of type {family} are not known", hint=f"Models of these families can be used: {known}."
        )
    return lambda: _named(_TAGGER)(folder, name=request.spec, threads=request.threads, threshold=request.threshold)


def _named(target: str) -> Callable[..., Rewriter]:
    module, _, name = target.partition(":")
    return cast(Callable[..., Rewriter], getattr(import_module(module), name))


def _unknown(spec: str) -> ModelError:
    known = known_names()
    nearest = get_close_matches(spec, known, n=1)
    if nearest:
        hint = f"Did you mean {nearest[0]!r}?"
    elif "/" in spec:
        hint = f"There is no such folder, nor such a model in the cache of Hugging Face: hf download {spec}"
    else:
        hint = "Name one of these, the folder of a model, or openai:MODEL@URL for a server."
    return ModelError(f"there is no rewriter {spec!r}; known are {', '.join(known)}", hint=hint)
