"""The model card: a Hugging Face README whose every figure comes from the evaluation program."""

import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from posteditor import __version__
from posteditor.core.score import Score
from posteditor.training.evaluation import Outcome, SetReport
from posteditor.training.pairs import Source, file_hash
from posteditor.training.readings import READINGS_FILE
from posteditor.training.recipe import Recipe
from posteditor.training.stages import Stage
from posteditor.training.tuning import Evaluation

CARD_FILE = "README.md"
_LIBRARIES = ("torch", "transformers", "tokenizers", "sacrebleu", "numpy")

_HEAD = """\
---
license: apache-2.0
language:
- {language}
library_name: posteditor
pipeline_tag: token-classification
base_model: sentence-transformers/all-MiniLM-L6-v2
tags:
- machine-translation
- automatic-post-editing
- gector
datasets:
{datasets}
---

# posteditor default: an edit tagger for machine-translated English

Proposes small edits to machine-translated or otherwise garbled text ({language}), one tag a word, for a person
who takes or refuses them (`posteditor edit`) or for batches (`posteditor rewrite`). The network reads the translation
alone; where the source is known, a few rules correct what can be seen in it without translating: mangled names and
figures, phrases said twice, titles that nobody wrote.

* **What it is**: a BERT encoder (6 layers, width 384, started from all-MiniLM-L6-v2, word embeddings frozen) with two
  heads: a detector that tells which words need an edit, and a layer over edit tags (delete, replace by, append, another
  ending, letter case, move), asked only there. {words}Weights in half precision, computed in single precision. Token
  types carry the letter case of each word (0 small, 1 capital first, 2 capitals or mixed), because the word pieces are
  uncased.
* **How it runs**: up to {iterations} rounds; from the second on only texts that the one before changed. An edit is as
  good as the least of the tags it is made of. {verifier}Its confidence is a logistic function of that and of the doubt
  about the rest of the text, fitted on the even halves of the development sets: of such edits that make a difference,
  the share that helps. `posteditor.json` holds calibration and thresholds.
"""

_LIMITS = """\
## Known limits

* {language} only; other languages are declined by name.
* It does not understand the source: it can't know what was left out, which sense was meant, or whether "it" is a he or
  a she.
* It knows only the words of its tags ({tags} tags); a better word that is none of them is not proposed.
* It knows best the faults of rule-based machine translation through Romance languages. Those of other engines, neural
  ones above all, it mostly leaves alone.
* At threshold `show` no more segments get better than worse on: {harmed}.
* At threshold `apply` more segments get worse than better on: {damaged}.
* Sentences longer than 128 word pieces are read in windows.
* It can change facts: numbers, names and negations are watched by posteditor's gate, not by the model.
* Spelling is drawn towards that of English Wikipedia.
"""


_WORDS = """\
Beside the tags that training asked for often,
  words of the tokenizer can be put for others, {which}: the rows of these classes are the word embeddings,
  carried over by one matrix. """
_ALONE = "Each edit made alone, on all odd halves together, if it changes the TER: confidence beside truth."
_VERIFIER = """\
A small second network (`verifier.safetensors`) judges each
  tag by the hidden state of its word, the tag and how garbled the text is; it was trained on edits that were made one
  by one on held-out pairs. """


@dataclass(frozen=True, slots=True)
class UsedSource:
    """A source of training or development pairs as the card lists it."""

    source: Source
    role: str
    """Training, an earlier stage of it, or development."""
    pairs: int | None
    """Pairs used; None when the evaluation says it."""
    hashes: tuple[tuple[str, str], ...]
    """File name and SHA-256 of each file."""


def used_sources(
    recipe: Recipe, data: Path, counts: Mapping[str, int], earlier: Sequence[Stage] = ()
) -> list[UsedSource]:
    """All sources of ``recipe`` and of the stages before it, with the hashes of their files in the folder ``data``."""
    groups = [("training", recipe.sources, counts)]
    for number, stage in enumerate(earlier, start=1):
        groups.append((f"training, stage −{number}", stage.recipe.sources, stage.counts))
    groups.append(("verifier", recipe.verify, counts))
    groups.append(("development", recipe.dev, {}))
    known: dict[str, str] = {}
    used = []
    for role, sources, group_counts in groups:
        for source in sources:
            names = [name for name in (source.mt, source.target) if name]
            for name in names:
                known[name] = known.get(name) or file_hash(data / name)
            hashes = tuple((name, known[name]) for name in names)
            used.append(UsedSource(source, role, group_counts.get(source.name), hashes))
    return used


def card_text(
    recipe: Recipe,
    evaluation: Evaluation,
    sources: Sequence[UsedSource],
    earlier: Sequence[Stage] = (),
    *,
    texts: int,
    readings: int = 0,
    curve: str = "",
) -> str:
    """The card as Markdown with YAML front matter.

    Args:
        recipe: How the model was made.
        evaluation: What it can do.
        sources: What it was made from.
        earlier: The stages of training before this one, the first of all last.
        texts: How many texts it has seen in training.
        readings: How often the odd halves have been looked at, this time included; 0 where nobody counted.
        curve: The picture of the learning curve in the model's folder; empty when there is none.
    """
    names = dict.fromkeys(used.source.name for used in sources if used.role.startswith("training"))
    head = _HEAD.format(
        language=recipe.target_language,
        datasets="\n".join(f"- {name}" for name in names),
        iterations=evaluation.settings.iterations,
        verifier=_VERIFIER if recipe.verify else "",
        words=_words(recipe, earlier),
    )
    harmed = [report.name for report in evaluation.shown if report.outcome.worse >= report.outcome.better]
    damaged = [report.name for report in evaluation.applied if report.outcome.worse > report.outcome.better]
    limits = _LIMITS.format(
        language=recipe.target_language,
        tags=evaluation.tags,
        harmed=", ".join(harmed) or "none of the sets",
        damaged=", ".join(damaged) or "none of the sets",
    )
    parts = (
        head,
        _scores(evaluation, readings),
        _sweeps(evaluation),
        _reliability(evaluation),
        _data(sources),
        _recipe(recipe, texts, earlier, curve),
        limits,
    )
    return "\n".join(parts)


def _words(recipe: Recipe, earlier: Sequence[Stage]) -> str:
    if not any(each.open_words for each in (recipe, *(stage.recipe for stage in earlier))):
        return ""
    least = recipe.least_word_count
    return _WORDS.format(which=f"any that the last stage asked for {least} times or more" if least else "any of them")


def _scores(evaluation: Evaluation, readings: int) -> str:
    first = evaluation.shown[0].nothing if evaluation.shown else ()
    lines = [
        "## Scores",
        "",
        "On the odd halves (by content hash) of the development sets; thresholds were chosen on the even halves. Each",
        "cell: doing nothing → with the edits made that the gate of posteditor lets through. A segment is better or",
        "worse by its sentence TER. p is the chance of such a difference by accident (paired bootstrap, 1000 samples).",
        "On sets named far-… and unseen-… no threshold was chosen.",
    ]
    if readings:
        times = "once" if readings == 1 else f"{readings} times"
        lines += ["", f"The odd halves have been read {times} so far; [{READINGS_FILE}]({READINGS_FILE}) says when."]
    for title, threshold, reports in (
        ("show", evaluation.settings.show, evaluation.shown),
        ("apply", evaluation.settings.apply, evaluation.applied),
    ):
        lines += ["", f"### Threshold `{title}`: {threshold}", ""]
        lines += [
            "| set | segments | BLEU | chrF++ | TER (lower is better) | p TER | p chrF++ | changed | better | worse "
            "| perfect touched |",
            "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
        ]
        lines += [_row(report) for report in reports]
    lines += ["", "Signatures:", "", *(f"* {score.name}: `{score.signature}`" for score in first), ""]
    return "\n".join(lines)


def _row(report: SetReport) -> str:
    outcome = report.outcome
    cells = (
        report.name,
        str(outcome.segments),
        *_arrows(report.nothing, report.rewritten),
        *(f"{report.chance[name]:.3f}" for name in ("TER", "chrF++")),
        f"{outcome.changed} ({100 * outcome.coverage:.1f} %)",
        str(outcome.better),
        str(outcome.worse),
        f"{outcome.perfect_changed} of {outcome.perfect}",
    )
    return f"| {' | '.join(cells)} |"


def _arrows(before: Iterable[Score], after: Iterable[Score]) -> list[str]:
    return [f"{old.value:.2f} → {new.value:.2f}" for old, new in zip(before, after, strict=True)]


def _sweeps(evaluation: Evaluation) -> str:
    lines = ["## Thresholds on the even halves", "", "Changed / better / worse of all segments.", ""]
    names = list(evaluation.sweeps)
    lines += [f"| threshold | {' | '.join(names)} |", f"| ---: |{' ---: |' * len(names)}"]
    for column in list(zip(*evaluation.sweeps.values(), strict=True))[::3]:
        lines.append(f"| {column[0].threshold} | {' | '.join(_counts(outcome) for outcome in column)} |")
    return "\n".join([*lines, ""])


def _reliability(evaluation: Evaluation) -> str:
    lines = [
        "## Reliability",
        "",
        _ALONE,
        "",
    ]
    lines += ["| confidence from | edits | mean confidence | share that lowers TER |", "| ---: | ---: | ---: | ---: |"]
    lines += [
        f"| {each.low:.1f} | {each.edits} | {each.mean_confidence:.3f} | {each.share_improving:.3f} |"
        for each in evaluation.reliability
    ]
    return "\n".join([*lines, ""])


def _counts(outcome: Outcome) -> str:
    return f"{outcome.changed} / {outcome.better} / {outcome.worse} of {outcome.segments}"


def _data(sources: Sequence[UsedSource]) -> str:
    lines = ["## Data", "", "| set | role | pairs | licence | from |", "| --- | --- | ---: | --- | --- |"]
    for used in sources:
        source = used.source
        pairs = "all" if used.pairs is None else str(used.pairs)
        lines.append(f"| {source.name} | {used.role} | {pairs} | {source.licence} | {source.attribution} |")
    lines += ["", "| file | SHA-256 |", "| --- | --- |"]
    hashes = dict(pair for used in sources for pair in used.hashes)
    lines += [f"| {name} | `{digest}` |" for name, digest in hashes.items()]
    return "\n".join([*lines, ""])


def _recipe(recipe: Recipe, texts: int, earlier: Sequence[Stage], curve: str) -> str:
    libraries = ", ".join(f"{name} {version(name)}" for name in _LIBRARIES)
    stages = [(recipe, texts), *((stage.recipe, stage.texts) for stage in earlier)]
    lines = [
        "## Recipe",
        "",
        "Run by `posteditor train`; the recipe of the last stage is `training.toml`"
        + (", those before it are `training-stage-N.toml`." if earlier else "."),
        "",
    ]
    lines += [
        f"{number}. {seen} texts seen, seed {stage.seed}, learning rate {stage.learning_rate:g} "
        f"({stage.head_learning_rate:g} for the classes), {stage.batch_pieces} word pieces a step."
        for number, (stage, seen) in enumerate(reversed(stages), start=1)
    ]
    if curve:
        lines += ["", f"![Learning curve of the last stage: loss over texts seen]({curve})"]
    lines += ["", *(f"* {note}" for note in recipe.notes)]
    lines += [
        "",
        f"posteditor {__version__}, Python {platform.python_version()}, {libraries}.",
        "Edits that no tag expresses were taught as faults without a remedy, not as keep.",
        "",
    ]
    return "\n".join(lines)
