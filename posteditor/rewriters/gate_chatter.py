"""What language models say around a rewrite, and what they say over from their prompt.

Nothing counts that the mt has as well: a text about a chat may say "Sure!".
"""

import re

from posteditor.core.segment import Segment
from posteditor.rewriters.gate_change import Change, Reading, whole_reading, words_of

_PRODUCT = (
    r"(?:sentence|text|translation|version|segment|rewrit\w*|correct\w*|edit\w*|post-?edit\w*|improve\w*|revis\w*"
    r"|paraphras\w*|suggestion|attempt)"
)
_ANNOUNCEMENT = re.compile(
    r"\W{0,9}(?:[^.!:\n]{0,40}[.!,:]\s{0,3})?"
    r"(?:here(?:['’]s|\sis|\sare|\syou)|below\sis|this\sis|i(?:['’]ve|\shave|\scan|\swould))\b"
    rf"[^.:\n]{{0,80}}\b{_PRODUCT}\b[^.:\n]{{0,60}}:"
    rf"|\W{{0,9}}(?:the|an?|my|your)?\s?(?:\w{{1,20}}\s)?{_PRODUCT}(?:\s{_PRODUCT})?\b[^.:\n]{{0,40}}:"
    r"|\W{0,9}(?:output|answer|response|result)\W{0,2}:"
    r"|\W{0,9}(?:as an ai\b|i['’]m sorry,? but i"
    r"|i\s(?:can\s?not|can['’]t|am unable to)\s(?:help|assist|rewrite|translate|provide))"
    r"|\W{0,9}(?:hier\s(?:ist|sind|is)|voici|aquí\s(?:está|tiene|tienes)|aqui\sestá|ecco|вот|oto|tady\sje|här\sär"
    r"|her\ser)\b[^.:\n]{0,100}:"
    r"|\W{0,9}(?:以下是|以下は|这是|這是|こちらが|好的|다음은)[^。：:\n]{0,60}[：:]",
    re.IGNORECASE,
)
"""How an answer begins that is about the rewrite before it is the rewrite."""
_COURTESY = re.compile(
    r"\W{0,9}(?:sure(?: thing)?|certainly|of course|absolutely|okay|great(?: question)?|no problem|gladly|understood"
    r"|(?:happy|glad) to help|i['’]d be happy to [^.!:]{0,40}"
    r"|natürlich|gerne|klar|bien sûr|certainement|claro|por supuesto|certo|certamente|com certeza|natuurlijk|конечно"
    r"|当然|好的|もちろん)\s?[!,.:！，。：、]",
    re.IGNORECASE,
)
"""Likewise, where it was put in front of the mt."""
_ABOUT = re.compile(
    r"\b(?:note|explanation|changes(?: made)?|unchanged|sentence|grammar|grammatical\w*|fluen\w+|word(?:ing| order)"
    r"|tense|(?:re)?phras\w+|rewr[io]t\w+|correct(?:ed|ions?)|let me know|i hope this|feel free|anything else|you need"
    r"|original (?:text|sentence|translation)|no (?:changes|edits)"
    r"|anmerkung|erklärung|remarque|explicación|spiegazione|примечание)\b|注|説明",
    re.IGNORECASE,
)
"""Words about writing, which a model may add behind the rewrite."""
_BREAK = re.compile(r"[.!?…:。！？][\"'”’»)\]]*\s+|\n\s*|\s(?=[(\[])")
"""Where the rewrite ends and a remark may begin."""
_LABEL = re.compile(r"\W{0,9}[A-Za-zÀ-ɏ][^A-ZÀ-Þ\d:：]{2,60}[:：]\s?")
_MARKUP = re.compile(r"```|~~~|\*\*|__(?=\S)|^\s?(?:#{1,6}|[*>])\s", re.MULTILINE)
_PROMPT = re.compile(
    r"<[|｜][^<>\s][^<>]{0,60}[|｜]>|</?s>|<(?:bos|eos|pad|unk|mask)>|<(?:start|end)_of_turn>|<extra_id_\d+>|</?think>"
    r"|\[/?INST\]|<</?SYS>>|</?(?:translation|source|before|after|corrected|term|example)\d*>"
    r"|^\W{0,9}#{2,}\s?(?:instruction|input|response|output)"
    r"|^\W{0,9}(?:source|machine[- ]translat(?:ion|ed)|mt|original|instructions?|glossary|context|user|assistant|system"
    r"|human)\s?(?:\([^)\n]{0,20}\))?\s?:"
    r"|\b(?:rewrite|correct|fix|improve|edit|post-?edit|paraphrase|polish|proofread|translate)"
    r"\s(?:the|this|these|that)\s(?:following|text|sentence|machine|translation|segment)\b"
    r"|\b(?:fix|correct|remove|improve)\s(?:(?:all|the|any)\s)?"
    r"(?:grammar|grammatical|spelling|disfluenc\w+|errors?|mistakes?|fluency|coherence)\b[^:\n]{0,40}:"
    r"|\bparaphrase this\s?:|\b(?:in|make)\sthis\s(?:sentence|text)\b[^:\n]{0,40}:|\bgive it back so that\b"
    r"|\bchange only what needs\b|\banswer with the rewritten\b|\byou are a (?:careful|helpful)\b"
    r"|\bcorrections that were made before\b|\bterms to use\s?:|\bwhat comes (?:before|after),? for context\b",
    re.IGNORECASE | re.MULTILINE,
)
"""Marks of chat templates, and how prompts are worded: common ones and our own."""
_MARK = re.compile(r"[`~*#_>|<]")
_FEW_LETTERS = 5
_SHORT_REMARK = 12
_MARKS_AT_THE_END = 3
_SHORT_CHATTER, _SHORT_PROMPT = 5, 8
"""Characters that chatter and copies of the prompt add at least, unless they come with marks."""
_A_LITTLE = 20
_LONG_COPY = 20
"""Characters from which another text of the prompt is not in a suggestion by chance."""
_NEW_WORDS = 4
"""So many words of it are not in the mt, so that it isn't merely a name or a phrase that both have."""
_SOURCE = "the source"
_SHOWN = 40


class Chatter:
    """The rule about words that are not the rewrite but about it."""

    name = "chatter"

    def read(self, change: Change) -> Reading | None:
        """What is said around the rewrite, if anything is."""
        return whole_reading(change, _chatter(change) if _has_grown(change, _SHORT_CHATTER) else "")


class CopiedPrompt:
    """The rule about what the model was shown beside the mt: instructions, marks, the source, the neighbours."""

    name = "prompt"

    def read(self, change: Change) -> Reading | None:
        """What was copied, if anything was."""
        return whole_reading(change, _copied(change) if _has_grown(change, _SHORT_PROMPT) else "")


def _has_grown(change: Change, least: int) -> bool:
    """True when the hunks bring so many characters more than they take, or a mark that models use."""
    return change.growth >= least or any(_MARK.search(edit.replacement) for edit in change.edits)


def _chatter(change: Change) -> str:
    mt, text = change.mt, change.text
    if (match := _ANNOUNCEMENT.match(text)) and not _ANNOUNCEMENT.match(mt):
        return _shown(match.group())
    if (match := _COURTESY.match(text)) and _is_put_in_front(change, match.end()) and not _COURTESY.match(mt):
        return _shown(match.group())
    if fault := _label(change) or _remark(change):
        return _shown(fault)
    if (match := _found(_MARKUP, change)) and not _MARKUP.search(mt):
        return f"markup {_shown(match.group())}"
    return ""


def _label(change: Change) -> str:
    """Words with a colon that were put in front of the mt, where the source has none: "My suggestion:"."""
    first = change.edits[0]
    if change.mt[: first.end].strip() or not _LABEL.fullmatch(first.replacement.strip()):
        return ""
    source = (change.source or "")[: 2 * len(first.replacement)]
    return "" if ":" in source or "：" in source else first.replacement


def _remark(change: Change) -> str:
    """Words about the rewrite that were put behind its end."""
    if _has_letters(change.mt[change.edits[-1].end :]):
        return ""
    match = _BREAK.search(change.text, max(0, change.new_spans[-1][0] - _MARKS_AT_THE_END))
    remark = change.text[match.end() :] if match else ""
    if len(remark) < _SHORT_REMARK or not _ABOUT.search(remark) or _ABOUT.search(change.mt):
        return ""
    return remark


def _has_letters(text: str) -> bool:
    return any(character.isalnum() for character in text)


def _is_put_in_front(change: Change, end: int) -> bool:
    """True when the mt begins behind the first ``end`` characters of the suggestion."""
    rest, mt = change.text[end:].lstrip(), change.mt.lstrip()
    return rest[:_FEW_LETTERS].lower() == mt[:_FEW_LETTERS].lower() or not change.mt[: change.edits[0].end].strip()


def _copied(change: Change) -> str:
    if (match := _found(_PROMPT, change)) and not _PROMPT.search(change.mt):
        return _shown(match.group())
    for what, copy in _beside(change.segment):
        if len(copy) < _LONG_COPY or copy not in change.text or copy in change.mt:
            continue
        known = {word.text.lower() for word in words_of(change.mt)}
        new = [word.text for word in words_of(copy) if word.text[0].isalpha() and word.text.lower() not in known]
        if len(new) >= _NEW_WORDS and not (what != _SOURCE and copy == change.text.strip()):
            return what
    return ""


def _found(pattern: re.Pattern[str], change: Change) -> re.Match[str] | None:
    """The first place in what the hunks bring, to a little behind it."""
    for start, end in change.new_spans:
        if end > start and (match := pattern.search(change.text, start, end + _A_LITTLE)):
            return match
    return None


def _beside(segment: Segment) -> list[tuple[str, str]]:
    """The other texts that a model may have been shown."""
    beside = [(_SOURCE, (segment.source or "").strip())]
    for neighbour in (*segment.before, *segment.after):
        beside.append(("a neighbouring segment", neighbour.text.strip()))
        beside.append(("the source of a neighbouring segment", (neighbour.source or "").strip()))
    return beside


def _shown(found: str) -> str:
    words = " ".join(found.split())
    return words if len(words) <= _SHOWN else words[: _SHOWN - 1] + "…"
