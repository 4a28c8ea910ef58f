"""Draft-guided decoding beside transformers' own greedy decoding and CTranslate2, same model, one text at a time.

``python tests/benchmarks/bench_draft_decoding.py MODEL TEXTS [--segments N] [--ctranslate2]``: MODEL is a folder with
an encoder-decoder that copies and edits (``shape_t5.py`` makes one), TEXTS a file with an mt on each line.
Segments are grouped by how many of their words the model changes. Sides are measured in turns on the same text.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForSeq2SeqLM

from posteditor.core.diff import word_diff
from posteditor.core.segment import Segment
from posteditor.rewriters.draft_decoding import Drafts, draft_guided
from posteditor.rewriters.encoder_decoder import EncoderDecoder
from posteditor.rewriters.generative import GenerativeRewriter, Task
from posteditor.rewriters.specs import load_rewriter

_RUNS = 5
_GROUPS = ((0.0, "none"), (0.1, "up to 10 %"), (0.25, "10 to 25 %"), (9.9, "more"))
_ROOM = 128


@dataclass(slots=True)
class Measured:
    """One text: seconds by side, the median of the runs."""

    edit_rate: float
    passes: int
    tokens: int
    seconds: dict[str, float] = field(default_factory=dict)


def main() -> None:
    """Measure and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model")
    parser.add_argument("texts", type=Path)
    parser.add_argument("--segments", type=int, default=200)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--ctranslate2", action="store_true")
    options = parser.parse_args()
    rewriter = load_rewriter(options.model, threads=options.threads)
    assert isinstance(rewriter, GenerativeRewriter)
    family = rewriter._family
    assert isinstance(family, EncoderDecoder)
    ordinary = AutoModelForSeq2SeqLM.from_pretrained(options.model).eval()
    lines = [line for line in options.texts.read_text(encoding="utf-8").splitlines() if line.strip()]
    step = max(1, len(lines) // options.segments)
    texts = lines[::step][: options.segments]
    with tempfile.TemporaryDirectory() as folder:
        others = _ctranslate2(options.model, Path(folder), options.threads) if options.ctranslate2 else {}
        different = 0
        measured = []
        for text in texts:
            task = family.task(Segment(1, text))
            plain, guided, drafts = _sides(family, ordinary, task, rewriter)
            same = plain() == guided()
            different += not same
            changed = sum(
                len(edit.replacement.split()) or 1 for edit in word_diff(text, _text(family, drafts.made[-1]))
            )
            entry = Measured(changed / max(1, len(text.split())), drafts.passes[-1], len(drafts.made[-1]))
            sides: dict[str, Callable[[], object]] = {"greedy": plain, "draft-guided": guided}
            sides |= {name: _other(run, family, task) for name, run in others.items()}
            taken: dict[str, list[float]] = {name: [] for name in sides}
            for _ in range(_RUNS):
                for name, side in sides.items():
                    taken[name].append(_seconds(side))
            entry.seconds = {name: statistics.median(values) for name, values in taken.items()}
            measured.append(entry)
    _print(measured, different)


def _sides(
    family: EncoderDecoder, ordinary: Any, task: Task, rewriter: GenerativeRewriter
) -> tuple[Callable[[], list[int]], Callable[[], list[int]], Drafts]:
    ids = torch.tensor([task.input_ids])
    mask = torch.ones_like(ids)
    drafts = Drafts([task.draft], rewriter._word_starts.__contains__, rewriter._common)
    end = family.model.generation_config.eos_token_id

    def plain() -> list[int]:
        with torch.inference_mode():
            made = ordinary.generate(input_ids=ids, attention_mask=mask, max_new_tokens=_ROOM, do_sample=False)
        return _to_end(made[0, 1:].tolist(), end)

    def guided() -> list[int]:
        with torch.inference_mode():
            family.model.generate(
                input_ids=ids,
                attention_mask=mask,
                max_new_tokens=_ROOM,
                do_sample=False,
                use_cache=False,
                custom_generate=draft_guided,
                drafts=drafts,
            )
        return _to_end(drafts.made[-1], end)

    return plain, guided, drafts


def _to_end(tokens: list[int], end: int) -> list[int]:
    return tokens[: tokens.index(end) + 1] if end in tokens else tokens


def _text(family: EncoderDecoder, tokens: list[int]) -> str:
    return str(family.tokenizer.decode(tokens, skip_special_tokens=True))


def _ctranslate2(model: str, folder: Path, threads: int) -> dict[str, Callable[[list[str]], object]]:
    """CTranslate2's greedy decoding of the same weights, by name."""
    ctranslate2: Any = import_module("ctranslate2")  # not among the test dependencies: pip install ctranslate2
    converter: Any = import_module("ctranslate2.converters").TransformersConverter(model)

    sides: dict[str, Callable[[list[str]], object]] = {}
    for kind in ("float32", "int8"):
        target = folder / kind
        converter.convert(str(target), quantization=kind, force=True)
        translator = ctranslate2.Translator(str(target), device="cpu", intra_threads=threads, compute_type=kind)

        def run(pieces: list[str], translator: Any = translator) -> object:
            return translator.translate_batch([pieces], beam_size=1, max_decoding_length=_ROOM)

        sides[f"CTranslate2 {kind}"] = run
    return sides


def _other(run: Callable[[list[str]], object], family: EncoderDecoder, task: Task) -> Callable[[], object]:
    pieces = family.tokenizer.convert_ids_to_tokens(task.input_ids)
    return lambda: run(pieces)


def _seconds(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def _print(measured: list[Measured], different: int) -> None:
    names = [name for name in measured[0].seconds if name != "draft-guided"]
    print(f"{len(measured)} segments; the tokens differ from greedy decoding's in {different}")
    titles = "".join(f" {f'faster than {name}':>28}" for name in names)
    print(f"{'words changed':14} {'segments':>8} {'edit rate':>9} {'tokens':>6} {'passes':>6} {'ms':>6}{titles}")
    least = -1.0
    for most, title in _GROUPS:
        group = [each for each in measured if least < each.edit_rate <= most]
        least = most
        if group:
            _print_row(title, group, names)
    _print_row("all", measured, names)
    ratios = sorted(each.seconds["greedy"] / each.seconds["draft-guided"] for each in measured)
    print(f"slowest percentile against greedy: {ratios[max(0, len(ratios) // 100)]:.2f}")


def _print_row(title: str, group: list[Measured], names: list[str]) -> None:
    mean = statistics.mean
    cells = [
        f"{title:14} {len(group):8}",
        f"{mean(each.edit_rate for each in group):9.3f}",
        f"{mean(each.tokens for each in group):6.1f}",
        f"{mean(each.passes for each in group):6.2f}",
        f"{1000 * statistics.median(each.seconds['draft-guided'] for each in group):6.1f}",
    ]
    cells += [
        f"{statistics.median(each.seconds[name] / each.seconds['draft-guided'] for each in group):28.2f}"
        for name in names
    ]
    print(" ".join(cells))


if __name__ == "__main__":
    main()
