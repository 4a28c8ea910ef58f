"""Causal chat models of transformers, asked through their tokenizer's own chat template. Main entry: ``load``.

What is asked stands in ``templates/post_edit.jinja``. The beginning of the prompt, which is the same for all segments,
is read once. Importing this module loads torch.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from posteditor.core.segment import Segment
from posteditor.errors import ModelError
from posteditor.rewriters.answers import answer_text
from posteditor.rewriters.generation_settings import settings_for
from posteditor.rewriters.generative import GenerativeRewriter, Task
from posteditor.rewriters.model_files import check_model_files, files_fingerprint
from posteditor.rewriters.model_loading import load_model, load_tokenizer
from posteditor.rewriters.past_corrections import PastCorrections
from posteditor.rewriters.prompts import Prompt
from posteditor.rewriters.protocol import MemoryPair
from posteditor.rewriters.specs import RewriterRequest, read_config


class ChatModel:
    """A model with its tokenizer and prompt; the family that ``GenerativeRewriter`` asks."""

    pads_left = True

    def __init__(self, model: Any, tokenizer: Any, prompt: Prompt) -> None:
        self.model = model
        self.tokenizer = tokenizer
        if tokenizer.pad_token_id is None:
            tokenizer.pad_token_id = self._ends()[0]
        self._prompt = prompt
        self.corrections = PastCorrections()
        """What was confirmed before; corrections of texts like the one at hand are shown as examples."""

    def task(self, segment: Segment) -> Task:
        """The prompt for a segment."""
        mt = segment.mt.strip()
        encoded = self.tokenizer.apply_chat_template(
            self._prompt.messages(segment, self.corrections.examples_for(segment)),
            add_generation_prompt=True,
            tokenize=True,
            return_dict=True,
        )
        draft: list[int] = self.tokenizer(mt, add_special_tokens=False).input_ids
        copied = self.tokenizer.decode(draft, clean_up_tokenization_spaces=False)
        return Task(list(encoded["input_ids"]), [*draft, self._ends()[0]], copied)

    def arguments(self) -> dict[str, Any]:
        """Nothing more."""
        return {}

    def answer(self, text: str, segment: Segment) -> str:
        """The rewrite in the model's answer."""
        return answer_text(text, segment)

    def _ends(self) -> list[int]:
        """The tokens that end an answer."""
        ends = self.model.generation_config.eos_token_id
        if ends is None:
            ends = self.tokenizer.eos_token_id
        return list(ends) if isinstance(ends, list | tuple) else [int(ends)]


class ChatRewriter(GenerativeRewriter):
    """A rewriter around a chat model, which learns from what is confirmed."""

    def __init__(self, family: ChatModel, *, name: str, revision: str, threshold: float) -> None:
        super().__init__(family, name=name, revision=revision, target_languages=(), threshold=threshold)
        self._corrections = family.corrections
        self._without_corrections = revision

    def learn(self, pairs: Iterable[MemoryPair]) -> None:
        """Choose among more past corrections when examples are shown to the model."""
        self._corrections.learn(pairs)
        self.revision = f"{self._without_corrections}-{self._corrections.digest or 'empty'}"


def load(folder: Path, request: RewriterRequest) -> ChatRewriter:
    """The rewriter around the model in ``folder``.

    Raises:
        ModelError: A file is missing, broken or not to be trusted, or the tokenizer has no chat template.
        CorpusError: The glossary can't be read.
    """
    config = read_config(folder)
    check_model_files(folder, config)
    settings = settings_for(folder, request.spec, config)
    prompt = Prompt.load(request.glossary, request.source_lang, request.target_lang)
    tokenizer = load_tokenizer(folder)
    if tokenizer.chat_template is None:
        raise ModelError(
            f"{folder}: its tokenizer has no chat template, so nobody knows how the model wants to be asked",
            hint="Choose a model that was trained for instructions or chat, or put its chat_template.jinja there.",
        )
    model = load_model(folder, "AutoModelForCausalLM", threads=request.threads)
    return ChatRewriter(
        ChatModel(model, tokenizer, prompt),
        name=request.spec,
        revision=f"{files_fingerprint(folder)}-{prompt.fingerprint}",
        threshold=settings.show if request.threshold == "show" else settings.apply,
    )
