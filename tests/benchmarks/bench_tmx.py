"""TMX read and written by posteditor and translate-toolkit, side by side: ``python tests/benchmarks/bench_tmx.py``.

Each measurement has a process of its own, the two sides in turn, ``--rounds`` times; the table has the shortest CPU
time of each, for both are single threads and other programs on the machine take wall-clock time away. Peak memory is
what the system counted. Reading with translate-toolkit is given twice: the units alone, as ``parsefile`` leaves them,
and with the texts of each, which posteditor always delivers. Both write the same 5000 pairs again and again:
posteditor from segments, translate-toolkit with ``addtranslation`` and ``serialize``.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path
from xml.sax.saxutils import escape

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

_MEASURE = """
import json, resource, sys, time
def told(count):
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    spent = {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}
    print(json.dumps({"units": count, "peak": peak, **spent}))
"""
_START = "cpu, wall = time.process_time(), time.perf_counter()\n"
_PAIRS = f"""
sys.path.insert(0, {str(ROOT)!r})
from tests.benchmarks.bench_tmx import made_texts
texts = made_texts()
def pair(n):
    return texts[n % 5000], texts[n * 7 % 4999]
"""
_READ_OURS = f"""{_MEASURE}
from pathlib import Path
import posteditor.formats.tmx.format  # as theirs is imported before the clock starts
from posteditor.formats.reading import open_segments
{_START}
with open_segments([Path(sys.argv[1])]) as reader:
    told(sum(len(rows) for rows in reader.iter_rows()))
"""
_READ_THEIRS = f"""{_MEASURE}
from translate.storage import tmx
{_START}
store = tmx.tmxfile.parsefile(sys.argv[1])
if sys.argv[2] == "texts":
    for unit in store.units:
        unit.source, unit.target
told(len(store.units))
"""
_WRITE_OURS = f"""{_MEASURE}{_PAIRS}
from itertools import cycle, islice
from pathlib import Path
import posteditor.formats.tmx.format
from posteditor.core.segment import Segment
from posteditor.formats.atomic import atomic_output
from posteditor.formats.options import WriteOptions
from posteditor.formats.writing import write_segments_to
{_START}
count = int(sys.argv[2])
made = [Segment(n, *reversed(pair(n))) for n in range(5000)]
segments = islice(cycle(made), count)
with atomic_output(Path(sys.argv[1]), force=True) as out:
    told(write_segments_to(segments, out, "tmx", Path(sys.argv[1]), options=WriteOptions("en", "de")).segments)
"""
_WRITE_THEIRS = f"""{_MEASURE}{_PAIRS}
from translate.storage import tmx
{_START}
count = int(sys.argv[2])
made = [pair(n) for n in range(5000)]
store = tmx.tmxfile(sourcelanguage="en", targetlanguage="de")
for n in range(1, count + 1):
    source, target = made[n % 5000]
    store.addtranslation(source, "en", target, "de")
with open(sys.argv[1], "wb") as out:
    store.serialize(out)
told(count)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--toolkit-python", default=sys.executable, help="a Python that has translate-toolkit")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = folder / "in.tmx"
        _write_file(file, options.units)
        print(f"{options.units:,} units, {file.stat().st_size / 1e6:.0f} MB; the best of {options.rounds}\n")
        sides = {
            "read, posteditor": (sys.executable, _READ_OURS, [str(file)]),
            "read, translate-toolkit, units": (options.toolkit_python, _READ_THEIRS, [str(file), "units"]),
            "read, translate-toolkit, texts": (options.toolkit_python, _READ_THEIRS, [str(file), "texts"]),
            "write, posteditor": (sys.executable, _WRITE_OURS, [str(folder / "ours.tmx"), str(options.units)]),
            "write, translate-toolkit": (
                options.toolkit_python,
                _WRITE_THEIRS,
                [str(folder / "theirs.tmx"), str(options.units)],
            ),
        }
        found: dict[str, dict[str, float]] = {}
        for _ in range(options.rounds):
            for side, (python, program, arguments) in sides.items():
                result = _run(python, program, arguments)
                if result["units"] != options.units:
                    raise SystemExit(f"{side}: {result['units']} units instead of {options.units}")
                found[side] = min(found.get(side, result), result, key=lambda one: one["cpu"])
        _print(found)


def _print(found: dict[str, dict[str, float]]) -> None:
    print(f"{'':32} {'CPU s':>8} {'wall s':>8} {'peak MB':>8} {'µs a unit':>10} {'times ours':>11}")
    for side, result in found.items():
        ours = found[f"{side.split(',')[0]}, posteditor"]
        print(
            f"{side:32} {result['cpu']:8.2f} {result['wall']:8.2f} {result['peak']:8.0f} "
            f"{result['cpu'] / result['units'] * 1e6:10.2f} {result['cpu'] / ours['cpu']:10.2f}x"
        )


def _run(python: str, program: str, arguments: list[str]) -> dict[str, float]:
    done = subprocess.run([python, "-c", program, *arguments], stdout=subprocess.PIPE, check=True, cwd=ROOT)
    result: dict[str, float] = json.loads(done.stdout)
    return result


def made_texts() -> list[str]:
    """Texts of 5 to 30 invented words, some of which have to be escaped, the same for every run."""
    draw = random.Random(2)
    letters = "aaaabcdeeeeeefghiiiiklmnnnooooprrsssttttuvwxyéüß"
    words = ["".join(draw.choices(letters, k=draw.randint(1, 9))) for _ in range(2000)]
    words += ["&", "it’s", "<b>", "3.5", "R&D"] * 4
    return [" ".join(draw.choices(words, k=draw.randint(5, 30))) for _ in range(5000)]


def _write_file(path: Path, count: int) -> None:
    """A file as translation tools write them: an id, dates and a property in each unit, one element a line."""
    texts = list(map(escape, made_texts()))
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(
            '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE tmx SYSTEM "tmx14.dtd">\n<tmx version="1.4">\n'
            '<header creationtool="x" creationtoolversion="1" segtype="sentence" o-tmf="x" adminlang="en" srclang="en" '
            'datatype="plaintext"/>\n<body>\n'
        )
        for number in range(count):
            source, target = texts[number % 5000], texts[number * 7 % 4999]
            file.write(
                f'    <tu tuid="{number}" creationdate="20240101T000000Z">\n      <prop type="x-project">p</prop>\n'
                f'      <tuv xml:lang="en">\n        <seg>{source}</seg>\n      </tuv>\n'
                f'      <tuv xml:lang="de">\n        <seg>{target}</seg>\n      </tuv>\n    </tu>\n'
            )
        file.write("</body>\n</tmx>\n")


if __name__ == "__main__":
    main()
