"""Encoder–decoder models of transformers: T5, mT5, BART, mBART, M2M-100, NLLB, Marian and what was made from them.

How each is asked stands in ``model_settings.toml``. Main entry: ``load``. Importing this module loads torch.
"""

import logging
from pathlib import Path
from typing import Any

from posteditor.core.segment import Segment
from posteditor.errors import ModelError
from posteditor.rewriters.generation_settings import GenerationSettings, settings_for
from posteditor.rewriters.generative import GenerativeRewriter, Task
from posteditor.rewriters.language_codes import language_code
from posteditor.rewriters.model_files import check_model_files, files_fingerprint
from posteditor.rewriters.model_loading import load_model, load_tokenizer
from posteditor.rewriters.specs import RewriterRequest, read_config

log = logging.getLogger(__name__)


class EncoderDecoder:
    """A model with its tokenizer; the family that ``GenerativeRewriter`` asks."""

    pads_left = False

    def __init__(
        self, model: Any, tokenizer: Any, settings: GenerationSettings, source_code: str, target_code: str
    ) -> None:
        """Take them; the codes are those of the languages as the model writes them, empty where it has none."""
        self.model = model
        self.tokenizer = tokenizer
        self._settings = settings
        self._source_code = source_code
        self._target_code = target_code
        if target_code:
            tokenizer.src_lang, tokenizer.tgt_lang = source_code, target_code

    def task(self, segment: Segment) -> Task:
        """The input for a segment; ValueError where a source is needed and there is none."""
        if self._settings.reads_source and not segment.source:
            raise ValueError("the model's prompt needs the source, and the segment has none")
        mt = " ".join(segment.mt.split())  # many tokenizers can't read a tab or a line feed, and none is changed here
        text = self._settings.input_text(mt, segment.source)
        draft: list[int] = self.tokenizer(text_target=mt).input_ids
        if draft[0] == self.model.generation_config.decoder_start_token_id:
            draft = draft[1:]
        copied = self.tokenizer.decode(draft, skip_special_tokens=True, clean_up_tokenization_spaces=False)
        return Task(self.tokenizer(text).input_ids, draft, copied)

    def arguments(self) -> dict[str, Any]:
        """The language to write in, where the model has to be told."""
        if not self._target_code:
            return {}
        return {"forced_bos_token_id": self.tokenizer.convert_tokens_to_ids(self._target_code)}

    def answer(self, text: str, segment: Segment) -> str:
        """All of the text."""
        return text


def load(folder: Path, request: RewriterRequest) -> GenerativeRewriter:
    """The rewriter around the model in ``folder``.

    Raises:
        ModelError: A file is missing, broken or not to be trusted, a language is missing or unknown to the model.
    """
    config = read_config(folder)
    check_model_files(folder, config)
    settings = settings_for(folder, request.spec, config)
    tokenizer = load_tokenizer(folder)
    codes = _codes(settings, tokenizer, request)
    model = load_model(folder, "AutoModelForSeq2SeqLM", threads=request.threads)
    beams = getattr(model.generation_config, "num_beams", 1) or 1
    if beams > 1:
        log.warning("%s asks for a beam of %d: it does not apply, decoding is greedy", request.spec, beams)
    return GenerativeRewriter(
        EncoderDecoder(model, tokenizer, settings, *codes),
        name=request.spec,
        revision=files_fingerprint(folder),
        target_languages=(),
        threshold=settings.show if request.threshold == "show" else settings.apply,
    )


def _codes(settings: GenerationSettings, tokenizer: Any, request: RewriterRequest) -> tuple[str, str]:
    """The codes of what is read and what is written."""
    if settings.languages == "none":
        return "", ""
    if request.target_lang is None:
        raise ModelError(f"{request.spec} must be told the target language", hint="Give it, such as --target-lang en.")
    read = request.source_lang if settings.reads_source else request.target_lang
    if read is None:
        raise ModelError(f"{request.spec} must be told the source language", hint="Give it, such as --source-lang es.")
    known = tokenizer.get_vocab()
    return language_code(read, settings.languages, known), language_code(request.target_lang, settings.languages, known)
