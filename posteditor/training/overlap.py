"""Development sets that share no text with the training data.

A model that has seen a sentence of its examination scores better than it is. Texts are compared by content hash, spaces
aside: a development segment is known when its mt or its target is the mt or the target of any training pair.
"""

from collections.abc import Callable, Iterable, Set
from pathlib import Path

import numpy as np

from posteditor.errors import CorpusError, UsageError
from posteditor.training.garbling import PairMaker
from posteditor.training.pairs import Pair, content_hash
from posteditor.training.recipe import Recipe


def text_hash(text: str) -> int:
    """The content hash of ``text`` with every run of white space as one space, none at the ends."""
    return content_hash(" ".join(text.split()))


def seen_texts(pairs: Iterable[Pair]) -> set[int]:
    """The hashes of all mts and targets."""
    return {text_hash(text) for pair in pairs for text in {pair.mt, pair.target}}


def save_seen(path: Path, seen: Set[int]) -> None:
    """Write hashes, complete or not at all."""
    fresh = path.with_name(path.name + ".part.npy")
    np.save(fresh, np.array(sorted(seen), dtype=np.uint64))
    fresh.replace(path)


def load_seen(path: Path) -> set[int]:
    """What ``save_seen`` wrote."""
    return set(np.load(path).tolist())


def development_sets(
    recipe: Recipe, maker: PairMaker, seen: Set[int], *, on_message: Callable[[str], None] = lambda _: None
) -> dict[str, list[Pair]]:
    """The development pairs of ``recipe`` by the name of their set.

    Args:
        recipe: Names the sets, and says of each whether segments known from training are left out or refused.
        maker: Makes their pairs.
        seen: The hashes of all training texts, earlier stages included.
        on_message: Told what is left out.

    Raises:
        CorpusError: A file is broken, a set overlaps the training data, or nothing is left of it.
    """
    sets: dict[str, list[Pair]] = {}
    for source in recipe.dev:
        pairs = maker.pairs(source)
        if source.garble and not pairs:
            continue  # its engine is missing, which the maker has told
        known = [pair for pair in pairs if seen & {text_hash(pair.mt), text_hash(pair.target)}]
        if known and not source.drop_overlap:
            raise CorpusError(
                maker.data / source.mt,
                f"{len(known)} of {len(pairs)} segments of development set {source.name!r} are in the training data "
                "too; this is the first",
                line=known[0].line,
                hint="Take them out of one of the two, or write drop_overlap = true under this [[dev]] in the recipe: "
                "they are then left out of the evaluation.",
            )
        if known:
            on_message(f"{len(known)} segments of {source.name} are also in the training data and are left out")
        places = {pair.line for pair in known}
        sets[source.name] = [pair for pair in pairs if pair.line not in places]
        if not sets[source.name]:
            raise CorpusError(maker.data / source.mt, f"nothing of it is left for development set {source.name!r}")
    if recipe.dev and not sets:
        raise UsageError(
            "no development set can be made: the engines that garble them are missing",
            hint="Install them, or add a [[dev]] table with a target.",
        )
    return sets
