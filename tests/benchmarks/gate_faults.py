"""Faults planted into good rewrites, for ``bench_gate.py``: what rewriters do wrong, by the rule that has to see it.

A plant takes a case and gives it back with a faulty rewrite; None where it finds no place for the fault. Names are what
never stands in small letters in the texts at hand, so that the gate's own word lists have no say in it.
"""

import random
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from posteditor.core.segment import Neighbour


@dataclass(frozen=True, slots=True)
class Case:
    """An mt and a rewrite of it."""

    mt: str
    rewrite: str
    source: str | None = None
    before: tuple[Neighbour, ...] = ()


@dataclass(frozen=True, slots=True)
class Pool:
    """What faults are made of: names and texts of the same set."""

    names: tuple[str, ...]
    texts: tuple[str, ...]


Plant = Callable[[Case, Pool, random.Random], Case | None]

_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{2,}\b(?!['’])")
_NUMBER = re.compile(r"\d+")
_NUMBER_WORDS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "twelve", "twenty", "hundred",
                 "thousand", "million")  # fmt: skip
_MONTHS = ("January", "February", "March", "April", "June", "July", "August", "September", "October", "November",
           "December")  # fmt: skip
_AUXILIARY = re.compile(r"\b(is|was|are|were|will|can|could|has|had)\b(?! not\b|n['’]t)")
_DENIALS = r"\s(?:not|never|no)\b|n['’]t\b"
_IMPLICIT = {
    r"\b(?:refuse|fail)(?:s|ed)? to ": "", r"\bunable\b": "able", r"\bwithout\b": "with", r"\bhardly ": "",
    r"\bimpossible\b": "possible", r"\bunknown\b": "known", r"\bnobody\b": "everybody", r"\bnothing\b": "everything",
    r"\bneither\b": "both", r"\bunless\b": "if", r"\bcannot\b": "can", r"\bunlike\b": "like", r"\bdenied\b": "said",
    r"\brefused\b": "agreed", r"\bnone\b": "all",
}  # fmt: skip
_CARRIED = (
    "{0}", "%s", "%1$d", "%.1f", "{{name}}", "${user}", "<b>", "</i>", '<x id="1"/>', "<br/>", "&nbsp;", "@@count@@",
    "https://example.org/help?id=7", "www.example.com", "info@lanternfest.example", "--output", "report.csv", "\\n",
    "example.org", "__NAME__", "[[1]]", "%(count)d", "{count}", "#release", "/etc/hosts",
)  # fmt: skip
_MONEY = (("€25", "$25"), ("$40", "£40"), ("30 euros", "30 dollars"), ("¥900", "€900"), ("12%", "12"),
          ("USD 70", "EUR 70"), ("5 km", "5 miles"), ("$3 million", "$3 billion"))  # fmt: skip
_BEFORE = (
    "Here is the rewritten sentence: ", "Sure! Here's the corrected version:\n\n", "Certainly. ", "Sure, ",
    "Of course! Here is a more fluent version of the text: ", "Rewritten: ", "Corrected translation: ",
    "The post-edited translation is: ", "Post-edited text:\n", "Output: ", "**Rewritten sentence:** ",
    "Here's my attempt at improving it: ", "Okay, here you go: ", "The sentence could be rewritten as follows: ",
    "A better translation would be: ", "I have corrected the text below: ", "Improved: ", "Answer: ",
    "As an AI language model, I would write: ", "<think>The article is wrong.</think> ",
    "Hier ist der überarbeitete Satz: ", "Voici la phrase corrigée : ", "Aquí está la versión corregida: ",
    "Here you go:\n", "Final version: ", "My suggestion: ", "Great question! ",
)  # fmt: skip
_BEHIND = (
    " Note: I changed the word order for fluency.", "\n\nNote: The name was kept as it is.",
    " (I corrected the article.)",
    "\n\nLet me know if you need anything else!", " I hope this helps!", " Is there anything else I can help you with?",
    "\n\nExplanation: The verb was in the wrong tense.", "\n\nChanges made:\n- fixed the tense",
    " The sentence is now grammatically correct and fluent.", " [No changes needed]", " (Corrected the tense.)",
)  # fmt: skip
_AROUND = (("```\n", "\n```"), ("**", "**"), ("# ", ""), ("> ", ""), ("```text\n", "\n```"))
_PROMPTS = (
    ("Rewrite the following sentence so that it is fluent: ", ""), ("Fix grammatical errors in this sentence: ", ""),
    ("Paraphrase this: ", ""), ("<|im_start|>assistant\n", ""), ("", "<|im_end|>"), ("### Response: ", ""),
    ("Make this text coherent: ", ""), ("<translation>", "</translation>"), ("[INST] ", " [/INST]"),
    ("Improve the fluency of this text: ", ""), ("Machine translation: ", ""), ("", "</s>"), ("assistant: ", ""),
    ("Correct the following text: ", ""), ("", "<extra_id_0>"),
)  # fmt: skip
_FOREIGN_TEXTS = (
    "Der Bericht wurde von der Behörde nicht veröffentlicht, und die Ursache des Unfalls ist noch immer unklar.",
    "Le rapport n'a pas été publié par les autorités et la cause de l'accident est encore inconnue.",
    "El informe no fue publicado por las autoridades y la causa del accidente todavía no se conoce.",
    "Il rapporto non è stato pubblicato dalle autorità e la causa dell'incidente non è ancora nota.",
    "O relatório não foi publicado pelas autoridades e a causa do acidente ainda não é conhecida.",
    "Het rapport werd niet door de autoriteiten gepubliceerd en de oorzaak van het ongeluk is nog onbekend.",
    "Raport nie został opublikowany przez władze, a przyczyna wypadku nie jest jeszcze znana.",
    "Отчёт не был опубликован властями, и причина аварии до сих пор неизвестна.",
    "当局没有公布这份报告，事故的原因至今仍不清楚。",
    "報告書は当局によって公表されておらず、事故の原因はまだわかっていない。",
)
_FOREIGN_WORDS = ("房子", "дом", "家です", "बड़ा", "집에", "عمل")


def ordinary_words(cases: Iterable[Case]) -> set[str]:
    """All that stands in small letters somewhere."""
    return {word for case in cases for text in (case.mt, case.rewrite) for word in re.findall(r"\b[a-z]+\b", text)}


def pool_of(cases: Sequence[Case], ordinary: Collection[str]) -> Pool:
    """The names and texts of a set; what is an ordinary word anywhere is no name."""
    found = (name for case in cases for name in _NAME.findall(case.rewrite))
    names = sorted({name for name in found if name.lower() not in ordinary})
    return Pool(tuple(names), tuple(case.rewrite for case in cases))


def _sub(pattern: str | re.Pattern[str], put: str | Callable[[re.Match[str]], str]) -> Plant:
    """A random match of the pattern in the rewrite is replaced."""

    def plant(case: Case, pool: Pool, rng: random.Random) -> Case | None:
        matches = list(re.finditer(pattern, case.rewrite))
        if not matches:
            return None
        match = rng.choice(matches)
        new = match.expand(put) if isinstance(put, str) else put(match)
        return replace(case, rewrite=case.rewrite[: match.start()] + new + case.rewrite[match.end() :])

    return plant


def _other_number(match: re.Match[str]) -> str:
    return str((int(match.group()) + 1) % 10 ** len(match.group())).rjust(len(match.group()), "1")


def _next_of(words: Sequence[str]) -> Callable[[re.Match[str]], str]:
    return lambda match: words[(words.index(match.group()) + 1) % len(words)]


def _name_place(case: Case, pool: Pool, rng: random.Random) -> re.Match[str] | None:
    places = _NAME.finditer(case.rewrite)
    known = [match for match in places if match.group() in pool.names and match.group() in case.mt]
    return rng.choice(known) if known else None


def name_changed(case: Case, pool: Pool, rng: random.Random) -> Case | None:
    match = _name_place(case, pool, rng)
    others = [name for name in pool.names if match and name[:2] != match.group()[:2] and name not in case.mt]
    if not (match and others):
        return None
    return replace(case, rewrite=case.rewrite[: match.start()] + rng.choice(others) + case.rewrite[match.end() :])


def name_dropped(case: Case, pool: Pool, rng: random.Random) -> Case | None:
    match = _name_place(case, pool, rng)
    if not match or case.mt.count(match.group()) > 1:
        return None
    return replace(case, rewrite=case.rewrite[: match.start() - 1] + case.rewrite[match.end() :])


def name_added(case: Case, pool: Pool, rng: random.Random) -> Case | None:
    others = [name for name in pool.names if name not in case.mt and name not in (case.source or "")]
    if not others:
        return None
    body, end = _cut_end(case.rewrite)
    return replace(case, rewrite=f"{body} in {rng.choice(others)}{end}")


def _cut_end(text: str) -> tuple[str, str]:
    body = text.rstrip(".!?\"'”’)» ")
    return body, text[len(body) :]


def number_added(case: Case, pool: Pool, rng: random.Random) -> Case | None:
    body, end = _cut_end(case.rewrite)
    return replace(case, rewrite=f"{body} {rng.choice(('37', 'seven times', 'in 1987', '4.5', '60%'))}{end}")


def implicit_negation(case: Case, pool: Pool, rng: random.Random) -> Case | None:
    places = [(match, put) for pattern, put in _IMPLICIT.items() for match in re.finditer(pattern, case.rewrite)]
    if not places:
        return None
    match, put = rng.choice(places)
    return replace(case, rewrite=case.rewrite[: match.start()] + put + case.rewrite[match.end() :])


def _carrying(tokens: Sequence[str], spoil: Callable[[str, random.Random], str]) -> Plant:
    """A token is put at the same end of mt and rewrite, and spoilt in the rewrite."""

    def plant(case: Case, pool: Pool, rng: random.Random) -> Case | None:
        token = rng.choice(tokens)
        bad = spoil(token, rng)
        if rng.random() < 0.5:
            return replace(case, mt=f"{token} {case.mt}", rewrite=f"{bad} {case.rewrite}".lstrip())
        return replace(case, mt=f"{case.mt} {token}", rewrite=f"{case.rewrite} {bad}".rstrip())

    return plant


def _garbled(token: str, rng: random.Random) -> str:
    letters = [at for at, letter in enumerate(token) if letter.isalnum()]
    if not letters:
        return ""
    at = rng.choice(letters)
    return token[:at] + ("x" if token[at] != "x" else "y") + token[at + 1 :]


def money_changed(case: Case, pool: Pool, rng: random.Random) -> Case | None:
    right, wrong = rng.choice(_MONEY)
    return replace(case, mt=f"{case.mt} It came to {right}.", rewrite=f"{case.rewrite} It came to {wrong}.")


def control_added(case: Case, pool: Pool, rng: random.Random) -> Case | None:
    spaces = [match.start() for match in re.finditer(" ", case.rewrite)]
    if not spaces:
        return None
    at = rng.choice(spaces)
    control = rng.choice(("\n", "\x1b[31m", "\x00", "\u2028"))
    return replace(case, rewrite=case.rewrite[:at] + control + case.rewrite[at:])


def _around(pairs: Sequence[tuple[str, str]]) -> Plant:
    def plant(case: Case, pool: Pool, rng: random.Random) -> Case | None:
        before, behind = rng.choice(pairs)
        return replace(case, rewrite=before + case.rewrite + behind)

    return plant


def neighbour_copied(case: Case, pool: Pool, rng: random.Random) -> Case | None:
    other = rng.choice(pool.texts)
    if len(other.split()) < 6 or other == case.rewrite:
        return None
    return replace(case, rewrite=f"{other} {case.rewrite}", before=(Neighbour(other),))


def source_copied(case: Case, pool: Pool, rng: random.Random) -> Case | None:
    if not case.source or len(case.source.split()) < 6:
        return None
    return replace(case, rewrite=f"{case.source} {case.rewrite}")


def source_answered(case: Case, pool: Pool, rng: random.Random) -> Case | None:
    return replace(case, rewrite=case.source) if case.source and len(case.source.split()) >= 6 else None


def half_source(case: Case, pool: Pool, rng: random.Random) -> Case | None:
    words, foreign = case.rewrite.split(), (case.source or "").split()
    if len(words) < 8 or len(foreign) < 8:
        return None
    return replace(case, rewrite=" ".join(words[: len(words) // 2] + foreign[len(foreign) // 2 :]))


def other_language(case: Case, pool: Pool, rng: random.Random) -> Case | None:
    return replace(case, rewrite=rng.choice(_FOREIGN_TEXTS)) if len(case.mt.split()) >= 6 else None


def foreign_word(case: Case, pool: Pool, rng: random.Random) -> Case | None:
    words = case.rewrite.split(" ")
    places = [at for at, word in enumerate(words) if word.isalpha() and word.islower()]
    if not places:
        return None
    words[rng.choice(places)] = rng.choice(_FOREIGN_WORDS)
    return replace(case, rewrite=" ".join(words))


def cut_off(case: Case, pool: Pool, rng: random.Random) -> Case | None:
    words = case.rewrite.split()
    if len(words) < 12:
        return None
    return replace(case, rewrite=" ".join(words[: round(len(words) * rng.uniform(0.3, 0.75))]))


def sentence_lost(case: Case, pool: Pool, rng: random.Random) -> Case | None:
    sentences = re.split(r"(?<=[a-z][.!?]) (?=[A-Z])", case.rewrite)
    if len(sentences) < 2 or len(sentences[-1].split()) < 6:
        return None
    return replace(case, rewrite=" ".join(sentences[:-1]))


def looping(case: Case, pool: Pool, rng: random.Random) -> Case | None:
    words = case.rewrite.split()
    size = rng.randint(1, 6)
    if len(words) < size + 4:
        return None
    at = rng.randint(size, len(words))
    return replace(case, rewrite=" ".join(words[:at] + words[at - size : at] * rng.randint(3, 6) + words[at:]))


def said_twice(case: Case, pool: Pool, rng: random.Random) -> Case | None:
    return replace(case, rewrite=f"{case.rewrite} {case.rewrite}") if len(case.rewrite.split()) >= 6 else None


def another_text(case: Case, pool: Pool, rng: random.Random) -> Case | None:
    return replace(case, rewrite=rng.choice(pool.texts)) if len(case.mt.split()) > 8 else None


def too_long(case: Case, pool: Pool, rng: random.Random) -> Case | None:
    more = [text for text in rng.sample(pool.texts, min(12, len(pool.texts))) if len(text) > 40]
    rewrite = " ".join([case.rewrite, *more[:4]])
    return replace(case, rewrite=rewrite) if len(rewrite) > 2.5 * len(case.mt) else None


def emptied(case: Case, pool: Pool, rng: random.Random) -> Case | None:
    return replace(case, rewrite=rng.choice(("", " ", "\u00a0")))


FAULTS: dict[str, dict[str, Plant]] = {
    "chatter": {
        "said before": _around([(text, "") for text in _BEFORE]),
        "said behind": _around([("", text) for text in _BEHIND]),
        "markup": _around(_AROUND),
    },
    "prompt": {
        "instruction or mark": _around(_PROMPTS),
        "neighbour": neighbour_copied,
        "source": source_copied,
    },
    "language": {
        "source for rewrite": source_answered,
        "half of the source": half_source,
        "ten other languages": other_language,
        "a foreign word": foreign_word,
    },
    "repetition": {"loop": looping, "said twice": said_twice},
    "truncation": {"cut off": cut_off, "last sentence lost": sentence_lost},
    "bounds": {"another text": another_text, "too long": too_long, "empty": emptied},
    "control character": {"line break, escape": control_added},
    "placeholder": {
        "dropped": _carrying(_CARRIED, lambda token, rng: ""),
        "garbled": _carrying(_CARRIED, _garbled),
        "doubled": _carrying(_CARRIED, lambda token, rng: f"{token} {token}"),
    },
    "number": {
        "changed": _sub(_NUMBER, _other_number),
        "dropped": _sub(r"\s\d[\d.,]*\b", ""),
        "added": number_added,
        "word changed": _sub(rf"\b(?:{'|'.join(_NUMBER_WORDS)})\b", _next_of(_NUMBER_WORDS)),
        "month changed": _sub(rf"(?<!^)\b(?:{'|'.join(_MONTHS)})\b", _next_of(_MONTHS)),
        "currency, unit": money_changed,
    },
    "negation": {
        "dropped": _sub(_DENIALS, ""),
        "added": _sub(_AUXILIARY, r"\1 not"),
        "implicit one dropped": implicit_negation,
    },
    "name": {"changed": name_changed, "dropped": name_dropped, "added": name_added},
    "unpaired": {"bracket dropped": _sub(r"[()\[\]]", ""), "quote dropped": _sub(r"[\"“”]", "")},
}
"""By rule, and by kind."""


def kept_strings(rows: Iterable[tuple[str, str, Sequence[str]]]) -> Iterable[tuple[str, Case]]:
    """Cases of a challenge set's guards in which one of the strings that must come through is gone.

    Args:
        rows: Category, mt (which has the strings) and the strings.
    """
    for category, mt, keep in rows:
        for text in keep:
            yield category, Case(mt, " ".join(mt.replace(text, "", 1).split()))
