"""Makes demo.tsv from the texts beside it, with the Apertium translation engine.

``python corpora/make_demo.py`` writes the file, ``--check`` only says whether a new one would be the same. Needed are
``apertium`` and the pairs of `TEXTS`; on Debian, ``apt-get install apertium-eng-spa apertium-eng-cat apertium-en-gl``.
The product needs neither: it reads demo.tsv. The same texts, engine and pairs give the same bytes; README.md names the
versions that the shipped file was made with.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

HERE = Path(__file__).resolve().parent
COLUMNS = ("id", "source_lang", "source", "mt", "reference", "origin")


@dataclass(frozen=True, slots=True)
class Text:
    """How one file of texts/ becomes rows of the demo."""

    name: str
    """The file's stem, and the first half of its rows' ids."""
    source_lang: str
    """BCP 47 tag of the source column."""
    modes: tuple[str, ...] = ()
    """Apertium modes in the order they are applied: none for lines garbled by hand, two for a round trip."""

    @property
    def origin(self) -> str:
        """What the origin column says: ``apertium spa-eng``, ``apertium eng-spa-eng`` or ``by hand``."""
        if not self.modes:
            return "by hand"
        first, *rest = self.modes
        return f"apertium {'-'.join([first, *(mode.partition('-')[2] for mode in rest)])}"

    @property
    def columns(self) -> tuple[str, ...]:
        """The header its file must have: what a person wrote, and nothing that the engine adds."""
        by_modes = {0: ("source", "mt", "reference"), 1: ("source", "reference"), 2: ("reference",)}
        return by_modes[len(self.modes)]


TEXTS = (
    Text("council", "es", ("spa-eng",)),
    Text("match", "ca", ("cat-eng",)),
    Text("court", "es", ("spa-eng",)),
    Text("letter", "es", ("eng-spa", "spa-eng")),
    Text("bulletin", "gl", ("gl-en",)),
    Text("kitchen", "ca", ("cat-eng",)),
    Text("museum", "es", ("spa-eng",)),
    Text("moss", "es", ("spa-eng",)),
    Text("desk", "es"),
)


def read_text(text: Text) -> list[dict[str, str]]:
    """The rows of a file of texts/: tab-separated with a header, never quoted.

    Raises:
        ValueError: the header or a row does not fit the text's columns; says file and line.
    """
    path = HERE / "texts" / f"{text.name}.tsv"
    header, *lines = path.read_text(encoding="utf-8").splitlines()
    if tuple(header.split("\t")) != text.columns:
        raise ValueError(f"{path} line 1: the header must be {' '.join(text.columns)}")
    rows = []
    for number, line in enumerate(lines, start=2):
        cells = line.split("\t")
        if len(cells) != len(text.columns) or not all(cells):
            raise ValueError(f"{path} line {number}: {len(text.columns)} filled cells expected")
        rows.append(dict(zip(text.columns, cells, strict=True)))
    return rows


def translate(sentence: str, mode: str) -> str:
    """The engine's translation of one sentence, unknown words left as they are and not marked, white space collapsed.

    Raises:
        FileNotFoundError: `apertium` is not installed.
        subprocess.CalledProcessError: the engine failed, for instance because the pair is missing.
    """
    # One sentence a call, so that no line can influence another; a fixed locale, because the engine decodes by it.
    done = subprocess.run(
        ["apertium", "-u", mode],
        input=f"{sentence}\n",
        capture_output=True,
        check=True,
        encoding="utf-8",
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    )
    return " ".join(done.stdout.split())


def complete(row: dict[str, str], modes: tuple[str, ...]) -> dict[str, str]:
    """The row with source and mt, whichever of them a person has not written."""
    if not modes:
        return row
    if len(modes) == 1:
        return {**row, "mt": translate(row["source"], modes[0])}
    # A round trip starts from the English; the source of its mt is the engine's own rendering, not a person's.
    pivot = translate(row["reference"], modes[0])
    return {**row, "source": pivot, "mt": translate(pivot, modes[1])}


def demo_rows() -> Iterator[tuple[str, ...]]:
    """All rows of the demo, in the order of `TEXTS`, without the header."""
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        for text in TEXTS:
            completed = pool.map(partial(complete, modes=text.modes), read_text(text))
            for number, row in enumerate(completed, start=1):
                full = {**row, "id": f"{text.name}-{number:02}", "source_lang": text.source_lang, "origin": text.origin}
                yield tuple(full[column] for column in COLUMNS)


def demo_bytes() -> bytes:
    """The whole of demo.tsv: UTF-8, LF, a header, no quoting."""
    return "".join("\t".join(row) + "\n" for row in (COLUMNS, *demo_rows())).encode()


def main(arguments: Sequence[str] | None = None) -> int:
    """Writes or checks the file; returns the exit status. A failure of the engine leaves the old file alone."""
    parser = argparse.ArgumentParser(description="Make demo.tsv from texts/ with Apertium.")
    parser.add_argument(
        "-o", "--output", type=Path, default=HERE / "demo.tsv", help="default: demo.tsv beside this file"
    )
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if the file would change")
    options = parser.parse_args(arguments)
    try:
        content = demo_bytes()
    except FileNotFoundError as error:
        return complain(
            f"{error.filename} not found; Apertium: apt-get install apertium-eng-spa apertium-eng-cat apertium-en-gl"
        )
    except subprocess.CalledProcessError as error:
        return complain(f"{' '.join(error.cmd)} failed: {error.stderr.strip() or error.stdout.strip()}")
    except ValueError as error:
        return complain(str(error))
    if options.check:
        same = options.output.read_bytes() == content
        return 0 if same else complain(f"{options.output} is not what texts/ and this engine give")
    new = options.output.with_suffix(".new")
    new.write_bytes(content)
    new.replace(options.output)
    return 0


def complain(problem: str) -> int:
    """Says what went wrong on standard error; returns the exit status of a failure."""
    sys.stderr.write(f"make_demo.py: {problem}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
