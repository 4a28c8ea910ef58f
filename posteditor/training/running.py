"""A whole recipe, from the files of the data folder to a model folder with thresholds and card."""

import json
from collections.abc import Callable
from pathlib import Path

import torch
from torch import nn

from posteditor.errors import UsageError
from posteditor.rewriters.tag_encoder import WordEncoder
from posteditor.rewriters.tagger_network import read_labels
from posteditor.rewriters.tagger_settings import TaggerSettings
from posteditor.training.model_card import CARD_FILE, EVALUATION_FILE, Figures, card_text, used_sources
from posteditor.training.model_folder import write_model
from posteditor.training.pairs import Pair, content_hash, read_pairs
from posteditor.training.recipe import RECIPE_FILE, Recipe, read_recipe
from posteditor.training.tag_vocabulary import TagVocabulary
from posteditor.training.tagged_data import TaggedData, load_data, prepare, save_data
from posteditor.training.tagger_training import Progress, TrainResult, base_folder, train
from posteditor.training.tuning import Evaluation, tune


def run_recipe(
    recipe: Recipe, data: Path, out: Path, work: Path, *, on_message: Callable[[str], None] = lambda _: None
) -> Evaluation:
    """Train, export, tune and describe a model.

    Args:
        recipe: What to do.
        data: The folder with the files that the recipe names.
        out: The model folder to write.
        work: A folder for the prepared data, the checkpoint and an export at each checkpoint; a run that was stopped
            goes on from there.
        on_message: Told what is going on.

    Raises:
        PostEditorError: A file, the base model or the recipe is at fault.
    """
    work.mkdir(parents=True, exist_ok=True)
    _check_work(recipe, work)
    encoder_folder = base_folder(recipe.start_from or recipe.base_model)
    tagged, vocabulary, counts = _prepared(recipe, data, encoder_folder, work, on_message)
    on_message(f"{len(tagged)} texts, {len(vocabulary.labels)} tags")
    result = _train(recipe, tagged, vocabulary, work, encoder_folder, on_message)
    write_model(result.model, _settings(recipe), encoder_folder, out)
    return evaluate(recipe, data, out, counts=counts, texts=result.texts, on_message=on_message)


def evaluate(
    recipe: Recipe,
    data: Path,
    folder: Path,
    *,
    counts: dict[str, int],
    texts: int,
    on_message: Callable[[str], None] = lambda _: None,
) -> Evaluation:
    """Tune the thresholds of the model in ``folder`` and write its figures and card there.

    Args:
        recipe: How it was made.
        data: The folder with the development files.
        folder: The model.
        counts: How many pairs of each training source were used.
        texts: How many texts it has seen in training.
        on_message: Told what is going on.

    Raises:
        PostEditorError: A file or the model is at fault.
    """
    earlier = _earlier_stages(recipe)
    seen = {
        content_hash(pair.mt)
        for stage in (recipe, *(stage for stage, _ in earlier))
        for source in stage.sources
        for pair in read_pairs(source, data, seed=stage.seed)
    }
    sets: dict[str, list[Pair]] = {}
    for source in recipe.dev:
        pairs = read_pairs(source, data, seed=recipe.seed)
        sets[source.name] = [pair for pair in pairs if content_hash(pair.mt) not in seen]
        if overlap := len(pairs) - len(sets[source.name]):
            on_message(f"{overlap} segments of {source.name} are also in the training data and are left out")
    evaluation = tune(folder, recipe, sets, on_message=on_message)
    figures = evaluation.to_json() | {"counts": counts, "texts": texts}
    (folder / EVALUATION_FILE).write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    card = card_text(recipe, evaluation, used_sources(recipe, data, counts, earlier), earlier, texts=texts)
    (folder / CARD_FILE).write_text(card, encoding="utf-8")
    return evaluation


def _earlier_stages(recipe: Recipe) -> list[tuple[Recipe, Figures]]:
    """The recipes that made the model this one goes on from, the first of all last, with their figures."""
    stages = []
    while recipe.start_from:
        folder = Path(recipe.start_from)
        figures = json.loads((folder / EVALUATION_FILE).read_text(encoding="utf-8"))
        recipe = read_recipe(folder / RECIPE_FILE)
        stages.append((recipe, Figures(figures["texts"], figures["counts"])))
    return stages


def _check_work(recipe: Recipe, work: Path) -> None:
    """Keep a checkpoint from being taken up by another recipe."""
    note = work / "recipe.json"
    mine = json.dumps(recipe.to_json(), indent=1, sort_keys=True)
    if note.exists() and note.read_text(encoding="utf-8") != mine:
        raise UsageError(
            f"{work} belongs to another recipe", hint="Give another folder with --work, or delete that one."
        )
    note.write_text(mine, encoding="utf-8")


def _prepared(
    recipe: Recipe, data: Path, encoder_folder: Path, work: Path, on_message: Callable[[str], None]
) -> tuple[TaggedData, TagVocabulary, dict[str, int]]:
    cache, note = work / "data.npz", work / "counts.json"
    if cache.exists() and note.exists():
        return *load_data(cache), json.loads(note.read_text(encoding="utf-8"))
    pairs: list[Pair] = []
    counts = {}
    for source in recipe.sources:
        found = read_pairs(source, data, seed=recipe.seed)
        on_message(f"{source.name}: {len(found)} pairs")
        counts[source.name] = len(found)
        pairs += found
    encoder = WordEncoder(encoder_folder / "tokenizer.json")
    tags = TagVocabulary(tuple(read_labels(Path(recipe.start_from)))) if recipe.start_from else recipe.tags
    tagged, vocabulary = prepare(pairs, encoder, tags, least=recipe.least_count, longest=recipe.longest)
    save_data(cache, tagged, vocabulary)
    note.write_text(json.dumps(counts), encoding="utf-8")
    return tagged, vocabulary, counts


def _train(
    recipe: Recipe,
    tagged: TaggedData,
    vocabulary: TagVocabulary,
    work: Path,
    encoder_folder: Path,
    on_message: Callable[[str], None],
) -> TrainResult:
    def tell(progress: Progress) -> None:
        on_message(
            f"step {progress.step} of {progress.steps}, loss {progress.loss:.3f}, "
            f"{progress.texts_per_second:.0f} texts/s on {torch.get_num_threads()} threads"
        )

    def export(model: nn.Module, progress: Progress) -> None:
        write_model(model, _settings(recipe), encoder_folder, work / "export")
        on_message(f"exported step {progress.step} to {work / 'export'}")

    return train(recipe, tagged, vocabulary, work, on_progress=tell, on_checkpoint=export)


def _settings(recipe: Recipe) -> TaggerSettings:
    return TaggerSettings(target_languages=(recipe.target_language,))
