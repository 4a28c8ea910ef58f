"""A large TSV file made of invented words, the same for every run."""

import random
from pathlib import Path

WORDS_PER_TEXT = 25
NEEDLE = "zyzzyva"
"""A word that only the last segment has."""


def write_tsv(path: Path, count: int) -> None:
    """Write ``count`` segments with id, source, mt and reference of about 25 words each."""
    draw = random.Random(1)
    letters = "aaaabcdeeeeeefghiiiiklmnnnooooprrsssttttuvwxy"
    words = ["".join(draw.choices(letters, k=draw.randint(1, 9))) for _ in range(20_000)]
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write("id\tsource\tmt\treference\n")
        for number in range(1, count + 1):
            source, mt, reference = (" ".join(draw.choices(words, k=WORDS_PER_TEXT)) for _ in range(3))
            if number == count:
                mt = f"{mt} {NEEDLE}"
            file.write(f"seg-{number}\t{source}\t{mt}\t{reference}\n")
