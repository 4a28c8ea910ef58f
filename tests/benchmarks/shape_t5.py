"""Makes a T5 that copies and edits, untrained: ``python tests/benchmarks/shape_t5.py OUT --texts FILE --share 0.08``.

``bench_draft_decoding.py`` needs such a model: random weights show nothing of how decoding behaves, and one that only
copies proves nothing. This one takes some frequent words for others (``tests/copying_t5.py``), so many that about
``--share`` of the words of FILE come out changed, here one in a line and there several.
"""

import argparse
import random
import sys
from collections import Counter
from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import PreTrainedTokenizerFast

sys.path.insert(0, str(Path(__file__).parents[2]))
from tests.copying_t5 import copying_t5

_PIECES = 8000
_START = 3
_FREQUENT = 400
"""Words that may be changed, and put for others."""


def main() -> None:
    """Write the folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--texts", type=Path, required=True)
    parser.add_argument("--share", type=float, default=0.08)
    options = parser.parse_args()
    lines = options.texts.read_text(encoding="utf-8").splitlines()
    tokenizer = _tokenizer(lines)
    tokenizer.save_pretrained(options.out)
    counts = Counter(piece for row in tokenizer(lines)["input_ids"] for piece in row)
    words = {number for piece, number in tokenizer.get_vocab().items() if piece.startswith("▁") and len(piece) > 2}
    frequent = [piece for piece, _ in counts.most_common() if piece in words][:_FREQUENT]
    draw = random.Random(1)
    shuffled = draw.sample(frequent, len(frequent))
    total = sum(count for piece, count in counts.items() if piece in words)
    reads_as: dict[int, int] = {}
    changed = 0
    for piece in shuffled[: len(shuffled) // 2]:
        if (changed + counts[piece]) / total <= options.share:
            reads_as[piece] = draw.choice(shuffled[len(shuffled) // 2 :])
            changed += counts[piece]
    torch.manual_seed(1)
    copying_t5(len(tokenizer), start=_START, reads_as=reads_as).save_pretrained(options.out)
    print(f"{len(reads_as)} words are changed, {changed / total:.1%} of all")


def _tokenizer(lines: list[str]) -> PreTrainedTokenizerFast:
    pieces = Tokenizer(models.Unigram())
    pieces.normalizer = normalizers.NFC()
    pieces.pre_tokenizer = pre_tokenizers.Metaspace()
    pieces.decoder = decoders.Metaspace()
    trainer = trainers.UnigramTrainer(
        vocab_size=_PIECES, special_tokens=["<pad>", "</s>", "<unk>", "<s>"], unk_token="<unk>"
    )
    pieces.train_from_iterator(lines, trainer)
    pieces.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", _START), ("</s>", 1)]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=pieces, bos_token="<s>", pad_token="<pad>", eos_token="</s>", unk_token="<unk>"
    )


if __name__ == "__main__":
    main()
