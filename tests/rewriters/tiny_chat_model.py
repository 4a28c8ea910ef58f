"""A model folder with a tiny chat model that has learnt a few answers by heart, made in seconds."""

from pathlib import Path

import torch

TEMPLATE = (
    "{% for message in messages %}<{{ message.role }}> {{ message.content }} {% endfor %}"
    "{% if add_generation_prompt %}<assistant>{% endif %}"
)
PROMPT = "{% block user %}rewrite this : {{ mt }}{% if source is not none %} from {{ source }}{% endif %}{% endblock %}"
ANSWERS = {
    "teh cat was here .": "the cat was here .",
    "we recieve letters from all .": "we receive letters from all .",
    "a dog is in the house .": "a dog is in the house .",
    "they was here every day .": '" they were here every day . "',
}
_SPECIAL = ("<pad>", "</s>", "<unk>", "<system>", "<user>", "<assistant>")
_STEPS = 160


def write_chat_model(folder: Path, *, steps: int = _STEPS) -> Path:
    """Write it. It answers prompts made with ``PROMPT``; what it does with others nobody knows."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    texts = " ".join([*ANSWERS, *ANSWERS.values(), "rewrite this : from"])
    words = [f"▁{word}" for word in dict.fromkeys(texts.split())]
    vocabulary = {piece: number for number, piece in enumerate([*_SPECIAL, *words])}
    pieces = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    pieces.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace(prepend_scheme="always")]
    )
    pieces.decoder = decoders.Metaspace()
    pieces.add_special_tokens([AddedToken(piece, special=True) for piece in _SPECIAL])
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=pieces, pad_token="<pad>", eos_token="</s>", unk_token="<unk>", chat_template=TEMPLATE
    )
    tokenizer.save_pretrained(folder)
    torch.manual_seed(2)
    model = LlamaForCausalLM(
        LlamaConfig(
            vocab_size=len(vocabulary),
            hidden_size=64,
            intermediate_size=128,
            num_hidden_layers=2,
            num_attention_heads=4,
            max_position_embeddings=256,
            pad_token_id=0,
            eos_token_id=1,
            bos_token_id=None,
        )
    )
    rows = [f"<user> rewrite this : {mt} <assistant> {answer} </s>" for mt, answer in ANSWERS.items() for _ in range(2)]
    batch = tokenizer(rows, padding=True, add_special_tokens=False, return_tensors="pt")
    labels = batch["input_ids"].masked_fill(batch["attention_mask"] == 0, -100)
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
    for _ in range(steps):
        model(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"], labels=labels).loss.backward()
        optimizer.step()
        optimizer.zero_grad()
    model.eval().save_pretrained(folder)
    return folder
