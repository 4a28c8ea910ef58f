"""What every engine does around the answering of batches: checks beforehand, what a run is about, what OUT says."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from io import BytesIO
from typing import Any, Protocol, cast

from posteditor import __version__
from posteditor.core.suggestion import Suggestion
from posteditor.formats.appending import AppendedLines, append_columns, appended_lines
from posteditor.formats.atomic import OutputFile
from posteditor.formats.detection import detect_format
from posteditor.formats.documents import splice_document
from posteditor.formats.records import Change, Proposal
from posteditor.services.batch_answers import BATCH, WINDOW
from posteditor.services.rewrite_input import RewriteInput
from posteditor.services.rewrite_options import RewriteOptions
from posteditor.services.rewrite_result import RewriteResult

COLUMNS = ("suggestion", "rewriter", "confidence", "refused")
"""What OUT has beside the input's columns; JSON Lines has "edits" too."""


class Progress(Protocol):
    """Told how far a run is."""

    def __call__(self, done: int, total: int | None = None, stage: str = "rewriting") -> None:
        """``done`` segments of ``total``, None while nobody has counted them; stages are told one after the other."""


def unheard(done: int, total: int | None = None, stage: str = "rewriting") -> None:
    """The progress that nobody wants to know about."""


class Run:
    """A run over an input whose segments are counted and whose columns are known to have a place in OUT."""

    def __init__(
        self, source: RewriteInput, out_format: str, options: RewriteOptions, on_progress: Progress | None
    ) -> None:
        """Check and count: a fault is better told now than after hours of work.

        Raises:
            CorpusError: The input can't be read, or holds a bad record before the limit.
            UsageError: The format of OUT has no columns, or the input has some of these names.
        """
        self.source = source
        source_lang = options.source_lang or source.source_lang
        self.options = replace(options, project=source.project, source_lang=source_lang)
        self.tell = on_progress or unheard
        self._out_format = out_format
        self._columns = (*COLUMNS, "edits") if out_format == "jsonl" else COLUMNS
        self._is_proposing = out_format == "xliff" == detect_format(source.names, source.options.format)
        if not self._is_proposing:
            self.append((), BytesIO(), limit=0)
        self._fingerprints = source.fingerprints()
        self.total = source.count(options.limit, lambda done: self.tell(done, None, "reading"))
        """Segments that OUT will have."""

    def about(self, rewriter: str, revision: str) -> dict[str, Any]:
        """All that the answers depend on, as plain JSON values."""
        return {
            "posteditor": __version__,
            "input": self._fingerprints,
            "read": repr(self.source.options),
            "options": repr(replace(self.options, force=False)),
            "rewriter": [rewriter, revision],
            "batches": [WINDOW, BATCH],
        }

    def input_changed(self) -> bool:
        """True when the input's bytes are others than at the start."""
        return self.source.fingerprints() != self._fingerprints

    def append(
        self, values: Iterable[Mapping[str, object]], out: BytesIO | OutputFile, *, limit: int | None = None
    ) -> None:
        """Write the input with its columns, or with proposals beside its targets; raises as ``append_columns`` does."""
        source = self.source
        if self._is_proposing:
            changes = _proposals(values)
            splice_document(self._out_format, source.openers[0], source.names[0], source.options, changes, out)
            return
        append_columns(
            source.openers, source.names, source.options, self._columns, values, out,
            out_format=self._out_format, limit=self.options.limit if limit is None else limit,
        )  # fmt: skip

    def appended(self, values: Iterable[Mapping[str, object]]) -> AbstractContextManager[AppendedLines]:
        """The same as lines."""
        source = self.source
        return appended_lines(
            source.openers, source.names, source.options, self._columns, values,
            out_format=self._out_format, limit=self.options.limit,
        )  # fmt: skip

    @staticmethod
    def values(suggestions: Iterable[Suggestion], result: RewriteResult) -> Iterator[Mapping[str, object]]:
        """What OUT says about segments, which are counted by the way."""
        for suggestion in suggestions:
            result.count(suggestion)
            yield _values(suggestion)


def _proposals(values: Iterable[Mapping[str, object]]) -> Iterator[Change]:
    """The suggestions that change something, for a format that keeps proposals beside the target."""
    for position, value in enumerate(values, 1):
        if value["edits"]:
            quality = cast(float, value["confidence"])
            yield Change(position, proposal=Proposal(str(value["suggestion"]), str(value["rewriter"]), quality))


def _values(suggestion: Suggestion) -> dict[str, object]:
    return {
        "suggestion": suggestion.text,
        "rewriter": suggestion.rewriter,
        "confidence": round(suggestion.confidence, 4),
        "refused": f"error: {suggestion.error}" if suggestion.error else suggestion.refusal,
        "edits": [edit.to_json() for edit in suggestion.edits],
    }
