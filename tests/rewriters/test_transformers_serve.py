"""The rewriter for servers against a real one: ``transformers serve`` with a small model made on the spot."""

import os
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from threading import Event
from time import monotonic

import httpx2
import pytest

from posteditor.core.segment import Neighbour, Segment
from posteditor.errors import ModelError
from posteditor.rewriters.specs import load_rewriter
from tests.rewriters.test_openai_server import dead_port

pytestmark = pytest.mark.slow
PATIENCE = 120.0
_BEGIN, _END = "<assistant>", "<eos>"


def make_chain(folder: Path, chain: list[str]) -> Path:
    """A Llama in whose answer each letter of ``chain`` leads to the next, whatever the question; a real network.

    Its embeddings are one-hot and its layers add nothing, so that the last matrix alone says what follows a token.
    """
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    pieces = ["<pad>", _END, "<user>", _BEGIN, *letters]
    pieces += [f"<unused{number}>" for number in range(-len(pieces) % 4)]
    vocabulary = {piece: number for number, piece in enumerate(pieces)}
    tokenizer = Tokenizer(models.BPE(vocabulary, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="<pad>", eos_token=_END, additional_special_tokens=["<user>", _BEGIN]
    )
    fast.chat_template = f"{{% for message in messages %}}<user>{{{{ message.content }}}}{{% endfor %}}{_BEGIN}"
    fast.save_pretrained(folder)
    size = len(vocabulary)
    config = LlamaConfig(
        vocab_size=size, hidden_size=size, intermediate_size=8, num_hidden_layers=1, num_attention_heads=2,
        num_key_value_heads=2, max_position_embeddings=8192, tie_word_embeddings=False,
        bos_token_id=None, eos_token_id=1, pad_token_id=0,
    )  # fmt: skip
    model = LlamaForCausalLM(config)
    with torch.no_grad():
        for name, weights in model.named_parameters():
            if name.endswith(("o_proj.weight", "down_proj.weight", "lm_head.weight")):
                weights.zero_()
        model.model.embed_tokens.weight.copy_(torch.eye(size))
        for now, following in pairwise(chain):
            model.lm_head.weight[vocabulary[following], vocabulary[now]] = 1.0
    model.save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    make_chain(folder / "rain", [_BEGIN, *"It", "Ġ", *"rains.", _END])
    make_chain(folder / "endless", [_BEGIN, *"abca"])
    return folder


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = tmp_path_factory.mktemp("home")
    port = dead_port()
    command = ["serve", "--host", "127.0.0.1", "--port", str(port), "--device", "cpu"]
    environment = {**os.environ, "HOME": str(home), "HF_HOME": str(home), "HF_HUB_OFFLINE": "1"}
    with (home / "log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "transformers.cli.transformers", *command],
            env=environment, stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        wait_until_healthy(f"http://127.0.0.1:{port}/health", server, home / "log")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(PATIENCE)


def wait_until_healthy(url: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = monotonic() + PATIENCE
    while True:
        try:
            if httpx2.get(url, trust_env=False).status_code == 200:
                return
        except httpx2.TransportError:
            pass
        assert server.poll() is None, log.read_text(encoding="utf-8", errors="replace")
        assert monotonic() < deadline, log.read_text(encoding="utf-8", errors="replace")
        Event().wait(0.2)


def test_answers_of_a_real_server_become_hunks(url: str, models: Path) -> None:
    spec = f"openai:{models / 'rain'}@{url}"
    rewriter = load_rewriter(spec, source_lang="de", target_lang="en")
    before = (Neighbour("Look out.", "Schau hinaus."),)
    segments = [Segment(number, "It rain.", source="Es regnet.", before=before) for number in range(1, 8)]
    segments += [Segment(8, ""), Segment(9, " It rained.\n")]
    suggestions = list(rewriter.rewrite(segments))
    assert [suggestion.error for suggestion in suggestions] == [""] * 9
    assert [suggestion.text for suggestion in suggestions] == ["It rains."] * 7 + ["", " It rains.\n"]
    assert [(edit.start, edit.end, edit.replacement) for edit in suggestions[0].edits] == [(3, 7, "rains")]
    assert suggestions[0].confidence == 0.5, "this server gives no probabilities"
    assert [suggestion.text for suggestion in rewriter.rewrite(segments)] == [each.text for each in suggestions]
    assert load_rewriter(spec, source_lang="de", target_lang="en").revision == rewriter.revision
    rewriter.close()


def test_a_model_that_never_ends_is_cut_short_and_named(url: str, models: Path) -> None:
    rewriter = load_rewriter(f"openai:{models / 'endless'}@{url}/v1")
    (suggestion,) = rewriter.rewrite([Segment(1, "It rain.")])
    assert (suggestion.text, suggestion.error) == (
        "It rain.",
        "truncated: the server stopped at its limit of tokens",
    )
    rewriter.close()


def test_stopping_frees_the_server(url: str, models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTEDITOR_MAX_TOKENS", "8000")
    endless = load_rewriter(f"openai:{models / 'endless'}@{url}")
    rain = load_rewriter(f"openai:{models / 'rain'}@{url}")
    looks = iter([False] * 20)
    stopped = endless.rewrite([Segment(1, "It rain.")], should_stop=lambda: next(looks, True))
    assert list(stopped) == []
    assert [suggestion.text for suggestion in rain.rewrite([Segment(1, "It rain.")])] == ["It rains."]
    endless.close()
    rain.close()


def test_a_model_that_the_server_does_not_have_is_an_error_of_the_segment(url: str) -> None:
    rewriter = load_rewriter(f"openai:no/such-model@{url}")
    (suggestion,) = rewriter.rewrite([Segment(1, "It rain.")])
    assert suggestion.text == "It rain."
    assert suggestion.error
    rewriter.close()


def test_a_key_is_no_hindrance_and_a_wrong_port_is_said(
    url: str, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-not-needed")
    rewriter = load_rewriter(f"openai:{models / 'rain'}@{url}")
    assert [suggestion.text for suggestion in rewriter.rewrite([Segment(1, "It rain.")])] == ["It rains."]
    rewriter.close()
    with pytest.raises(ModelError, match="no connection"):
        load_rewriter(f"openai:{models / 'rain'}@http://127.0.0.1:{dead_port()}")
