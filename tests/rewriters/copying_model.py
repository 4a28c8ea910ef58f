"""A model folder with a T5 that copies its input and puts a few misspelt words right, made in a second."""

from pathlib import Path

import torch

from tests.copying_t5 import copying_t5

MISSPELT = {"teh": "the", "recieve": "receive", "wrold": "world"}
WORDS = (
    *("the", "a", "cat", "dog", "house", "world", "was", "is", "in", "of", "to", "and", "we", "they", "receive"),
    *("letters", "from", "all", "over", "every", "day", "not", "here", ".", ",", "(", ")"),
)
_SPECIAL = ("<pad>", "</s>", "<unk>", "<s>")


def write_copying_model(folder: Path) -> Path:
    """Write it; words that are not among ``WORDS`` can be neither read nor written."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    words = [f"▁{word}" for word in (*WORDS, *MISSPELT)]
    vocabulary = {piece: number for number, piece in enumerate([*_SPECIAL, *words])}
    pieces = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    pieces.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Whitespace(), pre_tokenizers.Metaspace(prepend_scheme="always")]
    )
    pieces.decoder = decoders.Metaspace()
    pieces.add_special_tokens([AddedToken(piece, special=True) for piece in _SPECIAL])
    pieces.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", vocabulary["<s>"]), ("</s>", vocabulary["</s>"])]
    )
    PreTrainedTokenizerFast(
        tokenizer_object=pieces, pad_token="<pad>", eos_token="</s>", unk_token="<unk>", bos_token="<s>"
    ).save_pretrained(folder)
    torch.manual_seed(1)
    reads_as = {vocabulary[f"▁{wrong}"]: vocabulary[f"▁{right}"] for wrong, right in MISSPELT.items()}
    copying_t5(len(vocabulary), start=vocabulary["<s>"], reads_as=reads_as).save_pretrained(folder)
    return folder
