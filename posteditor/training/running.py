"""A whole recipe, from the files of the data folder to a model folder with thresholds and card."""

import json
import shutil
from collections.abc import Callable, Iterable, Set
from itertools import accumulate
from pathlib import Path

import torch

from posteditor.errors import CorpusError, UsageError
from posteditor.rewriters.tagger_network import TaggerNetwork, read_labels
from posteditor.rewriters.tagger_settings import TaggerSettings
from posteditor.training.curve import CURVE_FILE, CURVE_LOG, CurvePoint, append_point, curve_svg, cut_curve, read_points
from posteditor.training.faults import faults_told
from posteditor.training.garbling import PairMaker
from posteditor.training.model_card import CARD_FILE, card_text, used_sources
from posteditor.training.model_folder import write_model
from posteditor.training.overlap import development_sets, load_seen, save_seen, seen_texts
from posteditor.training.pairs import Pair, Source, read_pairs
from posteditor.training.placing import check_output, fresh_staging, put_in_place
from posteditor.training.rare_words import drop_rare_words
from posteditor.training.readings import READINGS_FILE, append_reading, check_log, gathered, reading
from posteditor.training.recipe import RECIPE_FILE, Recipe
from posteditor.training.stages import EVALUATION_FILE, Stage, earlier_stages, keep_recipes
from posteditor.training.stopping import stop_deferred
from posteditor.training.tag_vocabulary import TagVocabulary
from posteditor.training.tagged_data import TaggedData, batch_plan, load_data, prepare, save_data
from posteditor.training.tagger_model import TaggerModel
from posteditor.training.tagger_training import Progress, TrainResult, base_folder, train
from posteditor.training.tuning import Evaluation, tune
from posteditor.training.verifier_training import gather_evidence, joined, train_verifier, write_verifier
from posteditor.training.work_folder import check_files, checkpoint_step, claimed

Tell = Callable[[str], None]


def run_recipe(
    recipe: Recipe,
    data: Path,
    out: Path,
    work: Path,
    *,
    config: Path | None = None,
    force: bool = False,
    on_message: Tell = lambda _: None,
) -> Evaluation:
    """Train, export, tune and describe a model; its folder appears at the end, in one step.

    Args:
        recipe: What to do.
        data: The folder with the files that the recipe names.
        out: The model folder to write.
        work: A folder for the prepared data, the checkpoint and an export at each checkpoint; a run that was stopped
            goes on from there.
        config: The file that the recipe was read from, kept with the model; readings of the odd halves are logged
            beside it, or in ``work`` when there is none.
        force: Replace the model that is in ``out``.
        on_message: Told what is going on.

    Raises:
        PostEditorError: A file, the base model, the recipe, the output or the machine is at fault.
    """
    out = check_output(out, force=force)
    _check_start(recipe, out, work, config)
    log = (config.parent / (recipe.readings or READINGS_FILE)) if config else work / READINGS_FILE
    encoder_folder = base_folder(recipe.start_from or recipe.base_model)
    _check_lengths(recipe, encoder_folder)
    with claimed(work, recipe), faults_told(work, recipe.batch_pieces):
        check_log(log)
        checkpoint_step(work)
        check_files(recipe, data, work)
        stages = earlier_stages(recipe)
        maker = PairMaker(data, work / "round-trips", encoder_folder, recipe.seed, on_message)
        tagged, vocabulary, counts, seen = _prepared(recipe, stages, maker, encoder_folder, work, on_message)
        on_message(f"{len(tagged)} texts, {len(vocabulary.labels)} tags")
        result = _train(recipe, tagged, vocabulary, work, encoder_folder, on_message)
        if recipe.least_word_count:
            dropped = drop_rare_words(result.model, tagged.classes, recipe.least_word_count)
            on_message(f"{dropped} words are rarely asked for and lose their class")
        staging = fresh_staging(out)
        write_model(result.model, _settings(recipe), encoder_folder, staging)
        if config:
            shutil.copyfile(config, staging / RECIPE_FILE)
        if points := read_points(work / CURVE_LOG):
            title = f"Learning curve of {out.name}: loss over texts seen"
            (staging / CURVE_FILE).write_text(curve_svg(points, title), encoding="utf-8")
        counts |= _verify(recipe, maker, staging, on_message)
        evaluation = evaluate(
            recipe,
            maker,
            staging,
            counts=counts,
            texts=result.texts,
            seen=seen,
            log=log,
            older_logs=[out / READINGS_FILE],
            name=config.name if config else out.name,
            on_message=on_message,
        )
        put_in_place(staging, out)
    return evaluation


def evaluate(
    recipe: Recipe,
    maker: PairMaker,
    folder: Path,
    *,
    counts: dict[str, int],
    texts: int,
    seen: Set[int] | None = None,
    log: Path | None = None,
    older_logs: Iterable[Path] = (),
    name: str = "",
    on_message: Tell = lambda _: None,
) -> Evaluation:
    """Tune the thresholds of the model in ``folder`` and write its figures and card there; logged as a reading.

    Args:
        recipe: How it was made.
        maker: Makes the development pairs.
        folder: The model.
        counts: How many pairs of each training source were used.
        texts: How many texts it has seen in training.
        seen: Hashes of its training texts; None reads the training data again to know them.
        log: Where readings of the odd halves are logged; None for the folder itself.
        older_logs: Logs with earlier readings, which the folder's is to hold too.
        name: What the log calls the recipe; empty for the folder's name.
        on_message: Told what is going on.

    Raises:
        PostEditorError: A file or the model is at fault.
    """
    stages = earlier_stages(recipe)
    data = maker.data
    if seen is None:
        seen = _seen((*recipe.sources, *recipe.verify), data, recipe.seed) | _seen_before(stages, data)
    sets = development_sets(recipe, maker, seen, on_message=on_message)
    evaluation = tune(folder, recipe, sets, on_message=on_message)
    mine = folder / READINGS_FILE
    append_reading(log or mine, reading(evaluation, folder / "model.safetensors", name or folder.name))
    readings = gathered([Path(recipe.start_from or folder) / READINGS_FILE, *older_logs, mine, *([log] if log else [])])
    mine.write_text("".join(line + "\n" for line in readings), encoding="utf-8")
    figures = evaluation.to_json() | {"counts": counts, "texts": texts, "earlier": keep_recipes(stages, folder)}
    (folder / EVALUATION_FILE).write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    card = card_text(
        recipe,
        evaluation,
        used_sources(recipe, data, counts, stages),
        stages,
        texts=texts,
        readings=len(readings),
        curve=CURVE_FILE if (folder / CURVE_FILE).exists() else "",
    )
    (folder / CARD_FILE).write_text(card, encoding="utf-8")
    return evaluation


def _check_start(recipe: Recipe, out: Path, work: Path, config: Path | None) -> None:
    """What would be found out only after hours."""
    if not recipe.dev:
        raise UsageError(
            f"{config or 'the recipe'}: there are no development sets to tune thresholds on",
            hint="Add a [[dev]] table.",
        )
    if out in (work.resolve(), *work.resolve().parents):
        raise UsageError(f"{work}: lies in the folder that will be replaced", hint="Give another --work.")
    if recipe.start_from and Path(recipe.start_from).resolve() == out:
        raise UsageError(f"{out}: the model can't replace the one it goes on from", hint="Name another one with -o.")


def _check_lengths(recipe: Recipe, encoder_folder: Path) -> None:
    try:
        most = json.loads((encoder_folder / "config.json").read_text(encoding="utf-8")).get("max_position_embeddings")
    except (OSError, ValueError, AttributeError):
        return  # loading the model will say what is wrong with it
    if isinstance(most, int) and recipe.longest > most:
        raise UsageError(
            f"longest = {recipe.longest}, but the encoder in {encoder_folder} reads at most {most} word pieces",
            hint=f"Lower longest to {most} or less.",
        )


def _prepared(
    recipe: Recipe, stages: list[Stage], maker: PairMaker, encoder_folder: Path, work: Path, on_message: Tell
) -> tuple[TaggedData, TagVocabulary, dict[str, int], set[int]]:
    """Texts, tags, pairs by source and hashes of all training texts; development sets are checked before the work."""
    cache, note, hashes = work / "data.npz", work / "counts.json", work / "seen.npy"
    data = maker.data
    if cache.exists() and note.exists():
        if not hashes.exists():
            save_seen(hashes, _seen(recipe.sources, data, recipe.seed) | _seen_before(stages, data))
        seen = load_seen(hashes) | _seen(recipe.verify, data, recipe.seed)
        development_sets(recipe, maker, seen)
        return *load_data(cache), json.loads(note.read_text(encoding="utf-8")), seen
    pairs: list[Pair] = []
    counts = {}
    for source in recipe.sources:
        found = maker.pairs(source)
        on_message(f"{source.name}: {len(found)} pairs")
        if not found and not source.garble:  # a missing engine has been told
            hint = "Widen first, held_out, where, words, length_ratio or edit_rate in the recipe."
            raise CorpusError(data / source.mt, f"no pair passes the filters of source {source.name!r}", hint=hint)
        counts[source.name] = len(found)
        pairs += found
    seen = seen_texts(pairs) | _seen_before(stages, data)
    save_seen(hashes, seen)
    seen |= _seen(recipe.verify, data, recipe.seed)  # not saved: these may change before a run goes on
    development_sets(recipe, maker, seen)
    tags = TagVocabulary(tuple(read_labels(Path(recipe.start_from)))) if recipe.start_from else recipe.tags
    tagged, vocabulary = prepare(
        pairs,
        encoder_folder / "tokenizer.json",
        tags,
        least=recipe.least_count,
        longest=recipe.longest,
        open_words=recipe.open_words,
    )
    save_data(cache, tagged, vocabulary)
    note.write_text(json.dumps(counts), encoding="utf-8")
    return tagged, vocabulary, counts, seen


def _seen(sources: Iterable[Source], data: Path, seed: int) -> set[int]:
    return seen_texts(pair for source in sources for pair in read_pairs(source, data, seed=seed))


def _seen_before(stages: Iterable[Stage], data: Path) -> set[int]:
    recipes = [stage.recipe for stage in stages]
    return set[int]().union(*(_seen((*each.sources, *each.verify), data, each.seed) for each in recipes))


def _verify(recipe: Recipe, maker: PairMaker, folder: Path, on_message: Tell) -> dict[str, int]:
    """Put a verifier into ``folder`` if the recipe asks for one; how many pairs of each source it has learned from."""
    if not recipe.verify:
        return {}
    network = TaggerNetwork(folder)
    counts, evidence = {}, []
    for source in recipe.verify:
        pairs = maker.pairs(source)
        if pairs:
            found = gather_evidence(network, pairs, floor=recipe.floor, either_way=source.either_way)
            evidence += [found] * source.times
            counts[source.name] = len(pairs)
            on_message(f"verifier: {len(found)} tags tried on {len(pairs)} pairs of {source.name}")
    write_verifier(train_verifier(joined(evidence), seed=recipe.seed), folder)
    return counts


def _train(
    recipe: Recipe,
    tagged: TaggedData,
    vocabulary: TagVocabulary,
    work: Path,
    encoder_folder: Path,
    on_message: Tell,
) -> TrainResult:
    plan = batch_plan(tagged, pieces=recipe.batch_pieces, epochs=recipe.epochs, seed=recipe.seed)
    seen = list(accumulate(map(len, plan)))
    log = work / CURVE_LOG
    cut_curve(log, checkpoint_step(work))

    def tell(progress: Progress) -> None:
        append_point(log, CurvePoint(progress.step, seen[progress.step - 1], progress.loss, progress.texts_per_second))
        on_message(
            f"step {progress.step} of {progress.steps}, loss {progress.loss:.3f}, "
            f"{progress.texts_per_second:.0f} texts/s on {torch.get_num_threads()} threads"
        )

    def export(model: TaggerModel, progress: Progress) -> None:
        write_model(model, _settings(recipe), encoder_folder, work / "export")
        on_message(f"exported step {progress.step} to {work / 'export'}")

    with stop_deferred() as stop:
        return train(
            recipe,
            tagged,
            vocabulary,
            work,
            on_progress=tell,
            on_checkpoint=export,
            should_stop=lambda: stop.requested,
        )


def _settings(recipe: Recipe) -> TaggerSettings:
    return TaggerSettings(floor=recipe.floor, target_languages=(recipe.target_language,))
