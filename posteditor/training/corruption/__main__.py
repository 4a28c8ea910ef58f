"""``python -m posteditor.training.corruption --rules < clean > garbled``: a look at what corruption does.

One sentence a line, as many lines out as in; a line that an engine can't do comes back empty.
"""

import argparse
import sys
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path

from posteditor.errors import PostEditorError, UsageError
from posteditor.training.corruption.corruptor import make_corruptor
from posteditor.training.corruption.rates import DEFAULT_RATES, read_rates
from posteditor.training.corruption.round_trips import available_pivots, round_trips

_LEARNED_FROM = 50_000
"""Lines of the input from which word forms are taken."""


def main(arguments: list[str] | None = None) -> int:
    """Garble standard input as the arguments say; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m posteditor.training.corruption", description=__doc__)
    way = parser.add_mutually_exclusive_group(required=True)
    way.add_argument("--rules", action="store_true", help="make faults by rules; needs text enough to learn words from")
    way.add_argument("--pivot", help="round trips through Apertium, such as eng-spa")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--rates", type=Path, help="a JSON file with rates for the rules")
    parser.add_argument("--encoder", type=Path, help="a BERT encoder's folder, whose embeddings give wrong senses")
    parser.add_argument("--categories", action="store_true", help="put the kinds of faults after each line and a tab")
    parser.add_argument("--cache", type=Path, default=Path(".round-trips"), help="where finished round trips are kept")
    parser.add_argument("--workers", type=int, default=0, help="round trips at a time (default: as many as cores)")
    options = parser.parse_args(arguments)
    lines = (line.rstrip("\r\n") for line in sys.stdin)
    try:
        for line in _by_rules(lines, options) if options.rules else _by_round_trips(lines, options):
            sys.stdout.write(line + "\n")
    except PostEditorError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    return 0


def _by_rules(lines: Iterator[str], options: argparse.Namespace) -> Iterator[str]:
    rates = read_rates(options.rates) if options.rates else DEFAULT_RATES
    first = list(islice(lines, _LEARNED_FROM))
    corruptor = make_corruptor(first, encoder=options.encoder, rates=rates, seed=options.seed)
    for line in chain(first, lines):
        corruption = corruptor.corrupt(line)
        yield f"{corruption.text}\t{', '.join(corruption.categories)}" if options.categories else corruption.text


def _by_round_trips(lines: Iterable[str], options: argparse.Namespace) -> Iterator[str]:
    pivots = available_pivots()
    if options.pivot not in pivots:
        raise UsageError(
            f"no pivot {options.pivot!r} here",
            hint=f"Installed: {', '.join(pivots) or 'none; put apertium on the PATH'}.",
        )
    return round_trips(lines, options.pivot, options.cache, workers=options.workers, on_message=_tell)


def _tell(message: str) -> None:
    sys.stderr.write(f"{message}\n")


if __name__ == "__main__":
    sys.exit(main())
