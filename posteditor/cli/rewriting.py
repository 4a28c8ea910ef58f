"""Commands that run rewriters without the editor: rewrite, models."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from posteditor.cli import options
from posteditor.cli.output import print_json, print_line, print_table, progress, say
from posteditor.errors import UsageError
from posteditor.services.consent import require_consent

if TYPE_CHECKING:
    from posteditor.services.rewriting import RewriteResult


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(rewrite)
    app.command()(models)


def rewrite(  # noqa: PLR0913 (the contract's options)
    paths: options.Paths,
    output: options.Output,
    model: Annotated[
        str, typer.Option("--model", metavar="SPEC", help="default, none, a model folder, or openai:MODEL@URL.")
    ] = "default",
    engine: Annotated[str, typer.Option(help="local, or ray: a cluster of machines; OUT is then a folder.")] = "local",
    ray_address: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="HOST:PORT of the cluster, or auto; else this machine alone.")
    ] = None,
    ray_cpus: Annotated[int | None, typer.Option(min=1, help="Processors for each worker of the cluster.")] = None,
    ray_gpus: Annotated[float, typer.Option(min=0, help="GPUs for each worker of the cluster.")] = 0,
    source_lang: options.SourceLang = None,
    target_lang: options.TargetLang = None,
    glossary: options.Glossary = None,
    allow_remote: options.AllowRemote = False,
    tm: options.Tm = None,
    gate_off: options.GateOff = None,
    format_name: options.Format = None,
    columns: options.Columns = None,
    header: options.Header = False,
    skip_bad: options.SkipBad = False,
    force: options.Force = False,
    json: options.Json = False,
    limit: options.Limit = None,
) -> None:
    """Write suggestions for a whole file: its columns, and suggestion, rewriter, confidence and refused beside them.

    Stopped at any moment, the same command goes on where it was.
    """
    require_consent([model], allowed=allow_remote)
    rules_off = options.gate_off(gate_off)
    rewrite_with = _engine(engine, ray_address, ray_cpus, ray_gpus)
    from posteditor.services.rewriting import RewriteOptions  # loads torch

    with progress("rewriting") as report:
        result = rewrite_with(
            list(paths),
            output,
            RewriteOptions(
                spec=model,
                read=options.read_options(format_name, columns, header, skip_bad, source_lang, target_lang),
                source_lang=source_lang,
                target_lang=target_lang,
                glossary=glossary,
                tm=tuple(tm or ()),
                gate_off=rules_off,
                force=force,
                limit=limit,
            ),
            on_progress=report,
        )
    if json:
        print_json("rewrite", result.to_json())
    for line in result.summary():
        say(line)


def _engine(name: str, address: str | None, cpus: int | None, gpus: float) -> Callable[..., "RewriteResult"]:
    """The function that rewrites; Ray is loaded only when it runs."""
    if name == "ray":
        from posteditor.services.ray_rewriting import RayOptions, rewrite_file_on_ray

        return partial(rewrite_file_on_ray, ray_options=RayOptions(address, cpus, gpus))
    if name != "local":
        raise UsageError(f"--engine {name}: there is no such engine", hint="Known are local and ray.")
    if address or cpus or gpus:
        raise UsageError("--ray-address, --ray-cpus and --ray-gpus are for --engine ray", hint="Add --engine ray.")
    from posteditor.services.rewriting import rewrite_file

    return rewrite_file


def models(json: options.Json = False) -> None:
    """List the rewriters that are installed here."""
    from posteditor.services.models import list_models

    found = list_models()
    if json:
        print_json("models", [model.to_json() for model in found])
        return
    rows = [[m.spec, m.family, ",".join(m.languages) or "any", m.revision, str(m.path or "")] for m in found]
    print_table(["spec", "family", "languages", "revision", "folder"], rows, numeric_from=9)
    print_line()
    print_line("Or the folder, or the name in the hub's cache, of an edit tagger, a GECToR tagger, an encoder-decoder")
    print_line("or a causal chat model; A+B joins several.")
