"""Trains a small T5 that copies and edits: ``python tests/benchmarks/train_small_t5.py OUT --pairs MT TARGET``.

``bench_draft_decoding.py`` needs such a model: random weights show nothing of how decoding behaves, and one that only
copies proves nothing. Its weights start out so shaped that it copies (``tests/copying_t5.py``); what to change is
learnt from pairs, line by line the same in both files. A run that was stopped goes on from OUT.
"""

import argparse
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import PreTrainedTokenizerFast, T5ForConditionalGeneration

sys.path.insert(0, str(Path(__file__).parents[2]))
from tests.copying_t5 import copying_t5

_PIECES = 8000
_SAMPLE = 100_000
"""Lines that the word pieces are made from."""
_BATCH_PIECES = 1600
_POOL = 4096
_START = 3


def main() -> None:
    """Train, saving every few minutes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--pairs", nargs=2, action="append", type=Path, required=True, metavar=("MT", "TARGET"))
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--longest", type=int, default=40, help="word pieces")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    lines = [pair for files in options.pairs for pair in zip(*(_lines(file) for file in files), strict=True)]
    tokenizer = _tokenizer(options.out, [target for _, target in lines])
    model = _model(options.out)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, betas=(0.9, 0.98), weight_decay=0.01, fused=True)
    begun = saved = time.monotonic()
    losses: list[float] = []
    texts = 0
    for step, (sources, targets) in enumerate(_batches(tokenizer, lines, options.longest), start=1):
        now = time.monotonic()
        left = 1 - (now - begun) / (60 * options.minutes)
        if left <= 0 or now - saved > 300:
            model.save_pretrained(options.out)
            saved = now
        if left <= 0:
            break
        for group in optimizer.param_groups:
            group["lr"] = 5e-4 * min(step / 200, 1.0, left / 0.6)
        labels = targets["input_ids"].masked_fill(targets["attention_mask"] == 0, -100)
        loss = model(**sources, labels=labels[:, 1:].contiguous()).loss  # the model itself puts <s> before them
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        losses.append(float(loss))
        texts += len(sources["input_ids"])
        if step % 50 == 0:
            rate = texts / (time.monotonic() - begun)
            print(f"step {step}, {texts} texts, loss {sum(losses) / len(losses):.3f}, {rate:.0f} texts/s", flush=True)
            losses = []


def _lines(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8").split("\n")


def _tokenizer(out: Path, lines: list[str]) -> PreTrainedTokenizerFast:
    if not (out / "tokenizer.json").is_file():
        pieces = Tokenizer(models.Unigram())
        pieces.normalizer = normalizers.NFC()
        pieces.pre_tokenizer = pre_tokenizers.Metaspace()
        pieces.decoder = decoders.Metaspace()
        special = ["<pad>", "</s>", "<unk>", "<s>"]
        trainer = trainers.UnigramTrainer(vocab_size=_PIECES, special_tokens=special, unk_token="<unk>")
        sample = random.Random(1).sample(lines, min(_SAMPLE, len(lines)))
        pieces.train_from_iterator(sample, trainer)
        pieces.post_processor = processors.TemplateProcessing(
            single="<s> $A </s>", special_tokens=[("<s>", _START), ("</s>", 1)]
        )
        PreTrainedTokenizerFast(
            tokenizer_object=pieces, bos_token="<s>", pad_token="<pad>", eos_token="</s>", unk_token="<unk>"
        ).save_pretrained(out)
    return PreTrainedTokenizerFast.from_pretrained(out)


def _model(out: Path) -> T5ForConditionalGeneration:
    if (out / "model.safetensors").is_file():
        return T5ForConditionalGeneration.from_pretrained(out).train()
    torch.manual_seed(1)
    return copying_t5(_PIECES, start=_START).train()


def _batches(
    tokenizer: PreTrainedTokenizerFast, lines: list[tuple[str, str]], longest: int
) -> Iterator[tuple[dict[str, torch.Tensor], dict[str, torch.Tensor]]]:
    """Batches of texts of like length, without end."""
    draw = random.Random(time.time())
    while True:
        pool = draw.sample(lines, min(_POOL, len(lines)))
        sides = [tokenizer([pair[side] for pair in pool])["input_ids"] for side in (0, 1)]
        pairs = [pair for pair in zip(*sides, strict=True) if 3 < len(pair[0]) <= longest >= len(pair[1])]
        pairs.sort(key=lambda pair: len(pair[0]))
        groups: list[list[tuple[list[int], list[int]]]] = [[]]
        for pair in pairs:
            if (len(groups[-1]) + 1) * max(map(len, pair)) > _BATCH_PIECES:
                groups.append([])
            groups[-1].append(pair)
        draw.shuffle(groups)
        for group in groups:
            source, target = (
                tokenizer.pad({"input_ids": [pair[side] for pair in group]}, return_tensors="pt") for side in (0, 1)
            )
            yield dict(source), dict(target)


if __name__ == "__main__":
    main()
