"""Which two of the languages of a TMX file are source and target.

Source: TMX 1.4b, attributes srclang and xml:lang.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from posteditor.errors import CorpusError, UsageError
from posteditor.formats.languages import is_meant, meant, plain_tag
from posteditor.formats.options import ReadOptions
from posteditor.formats.tmx.units import Unit

_ANY = "*all*"
_KEPT_CHOICES = 1 << 12
_SHOWN = 20

Choice = tuple[int, int] | str
"""The 0-based numbers of the variants of source and target; or why there are none."""


@dataclass(slots=True)
class LanguagePair:
    """Source and target, and where they are in a unit."""

    source: str
    """BCP 47, as the file or the person writes it."""
    target: str
    _choices: dict[tuple[str, ...], Choice] = field(default_factory=dict)

    def choose(self, languages: tuple[str, ...]) -> Choice:
        """The variants to take from a unit that has those languages; the first one of each."""
        found = self._choices.get(languages)
        if found is None:
            if len(self._choices) >= _KEPT_CHOICES:
                self._choices.clear()
            found = self._choices[languages] = self._choice(languages)
        return found

    def _choice(self, languages: tuple[str, ...]) -> Choice:
        source, target = meant(self.source, languages), meant(self.target, languages)
        source, target = _without(source, target), _without(target, source)
        for wanted, found in ((self.source, source), (self.target, target)):
            if not found:
                return f"there is no {wanted}, only {', '.join(languages[:_SHOWN])}"
            if len(found) > 1:
                return f"{wanted} can be any of {', '.join(found[:_SHOWN])}"
        places = [plain_tag(language) for language in languages]
        return places.index(plain_tag(source[0])), places.index(plain_tag(target[0]))


def find_pair(units: Sequence[Unit], srclang: str, options: ReadOptions, name: str) -> LanguagePair | None:
    """The pair that the options say, or else the file; None when there are no units to tell it from.

    Args:
        units: The first ones.
        srclang: What the header says.
        name: The file, for messages.

    Raises:
        UsageError: There are more than two languages and the options don't say which, or what they say is unclear.
        CorpusError: There is only one language.
    """
    tags = list({plain_tag(tag): tag for unit in units for tag in unit.languages}.values())
    if not tags:
        return None
    source, target = options.source_lang, options.target_lang
    if source is not None and target is not None:
        _check_clear(source, target, tags, name)
        return LanguagePair(source, target)
    if source is None and target is None:
        source = _declared_source(units, srclang, tags, name)
    known = source if source is not None else target
    assert known is not None
    others = _others(known, tags, name)
    if len(tags) == 1:
        raise CorpusError(name, f"its units are all {tags[0]}; a pair needs two languages", hint="check what made it")
    if len(others) != 1:
        raise _unclear(tags, name)
    return LanguagePair(known, others[0]) if source is not None else LanguagePair(others[0], known)


def is_elsewhere(pair: LanguagePair, languages: tuple[str, ...]) -> bool:
    """Whether a unit that lacks one of the two languages has others, as in a file of many, and is no mistake."""
    return not all(is_meant(pair.source, tag) or is_meant(pair.target, tag) for tag in languages)


def _declared_source(units: Sequence[Unit], srclang: str, tags: Sequence[str], name: str) -> str:
    declared = srclang
    if plain_tag(declared) in ("", _ANY):
        of_units = {unit.srclang or "" for unit in units}
        declared = of_units.pop() if len(of_units) == 1 else ""
    found = meant(declared, tags) if plain_tag(declared) not in ("", _ANY) else []
    if len(found) == 1:
        return found[0]
    if len(tags) <= 2:
        raise UsageError(
            f"{name}: it does not say which of {' and '.join(tags)} is the source",
            hint=f"say --source-lang {tags[0]}, or another",
        )
    raise _unclear(tags, name)


def _others(known: str, tags: Sequence[str], name: str) -> list[str]:
    """The languages that are not the known one."""
    found = meant(known, tags)
    if not found:
        raise UsageError(f"{name}: it has no {known}, only {_listed(tags)}", hint="say one of these")
    if len(found) > 1:
        raise UsageError(f"{name}: {known} can be any of {_listed(found)}", hint="say one of these")
    return [tag for tag in tags if tag not in found]


def _check_clear(source: str, target: str, tags: Sequence[str], name: str) -> None:
    if plain_tag(source) == plain_tag(target):
        raise UsageError(f"source and target are both {source}", hint="say two different languages")
    found = meant(source, tags), meant(target, tags)
    for wanted, others in ((source, _without(*found)), (target, _without(*reversed(found)))):
        if len(others) > 1:
            raise UsageError(f"{name}: {wanted} can be any of {_listed(others)}", hint="say one of these")


def _without(found: list[str], of_other: list[str]) -> list[str]:
    """What can be meant, less the one that is the other language for certain."""
    return [tag for tag in found if tag not in of_other] if len(of_other) == 1 and len(found) > 1 else found


def _unclear(tags: Sequence[str], name: str) -> UsageError:
    return UsageError(
        f"{name}: it has the languages {_listed(tags)}",
        hint="say which two with --source-lang and --target-lang",
    )


def _listed(tags: Sequence[str]) -> str:
    return ", ".join(tags[:_SHOWN]) + (f" and {len(tags) - _SHOWN} more" if len(tags) > _SHOWN else "")
