"""A recipe with its data that trains a tiny model in seconds."""

import json
import random
from dataclasses import dataclass
from pathlib import Path

import pytest

_NOUNS = ("dog", "cat", "house", "walk", "run")


@dataclass(frozen=True)
class Workshop:
    """A folder with data and a recipe; everything a test makes goes there too."""

    folder: Path
    config: Path

    def arguments(self, out: str = "model", *more: str) -> list[str]:
        """Arguments of the command that runs the recipe into the folder ``out``."""
        return [str(self.config), "-o", str(self.folder / out), "--data", str(self.folder), *more]

    def change(self, old: str, new: str) -> None:
        """Replace a part of the recipe."""
        text = self.config.read_text(encoding="utf-8")
        assert old in text
        self.config.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def workshop(tiny_encoder: Path, tmp_path: Path) -> Workshop:
    """Sentences whose only fault is "of" for "in"; about 17 steps."""
    draw = random.Random(4)
    rows = []
    for number in range(200):
        right = f"the {draw.choice(_NOUNS)} was in the big {draw.choice(_NOUNS)} {number % 7} ."
        rows.append((right.replace(" in ", " of ") if number % 3 else right, right))
    rights = [f"the {first} was in the {second} ." for first in _NOUNS for second in (*_NOUNS, "a")]
    for name, pairs in (("train.tsv", rows), ("dev.tsv", [(each.replace(" in ", " of "), each) for each in rights])):
        text = "mt\tpe\n" + "".join(f"{mt}\t{target}\n" for mt, target in pairs)
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "recipes").mkdir()
    config = tmp_path / "recipes" / "tiny.toml"
    config.write_text(
        f"base_model = {json.dumps(str(tiny_encoder))}\n"
        "epochs = 1.0\nbatch_pieces = 300\nlongest = 60\nleast_count = 2\nwarmup_steps = 2\n"
        "learning_rate = 5e-3\nhead_learning_rate = 2e-2\n"
        "[[sources]]\nname = 'pairs'\nmt = 'train.tsv'\ncolumns = ['mt', 'pe']\n"
        "[[dev]]\nname = 'dev'\nmt = 'dev.tsv'\ncolumns = ['mt', 'pe']\n",
        encoding="utf-8",
    )
    return Workshop(tmp_path, config)
