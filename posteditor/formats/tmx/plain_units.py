"""The units that nearly all files are made of, without anything unusual, many taken apart at once.

What is taken here is exactly what the XML parser (``odd_units``) would take, with the same result, and many times as
fast; whatever might not be is left to it.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from posteditor.formats.tmx.characters import ILLEGAL, text_of
from posteditor.formats.tmx.units import Unit

_UNUSUAL_REFERENCE = re.compile("&(?!(?:amp|lt|gt|quot|apos|#(?:3[2-9]|[4-9][0-9]|[1-9][0-9]{2,3}));)")

_S = "[ \t\r\n]"  # white space of XML, which is less than that of a regular expression
_ATTRIBUTES = rf'(?:{_S}++[A-Za-z_:][A-Za-z0-9_:.-]*+{_S}*+={_S}*+"[^"<&\t\r\n]*+")*+'
_NOTES = rf'(?:(?:<prop{_S}++type="[^"<&\t\r\n]*+"{_S}*+>[^<]*+</prop{_S}*+>|<note{_S}*+>[^<]*+</note{_S}*+>){_S}*+)*+'
_VARIANT_START = rf"{_S}*+>{_S}*+{_NOTES}<seg>"
_VARIANT_END = rf"</seg{_S}*+>{_S}*+</tuv{_S}*+>{_S}*+"
_INLINE = "|".join(
    rf"{name}{_ATTRIBUTES}{_S}*+(?:/>|>[^<]*+</{name}{_S}*+>)" for name in ("bpt", "ept", "ph", "it", "ut")
)
_SEGMENT = rf"[^<]*+(?:<(?:{_INLINE})[^<]*+)*+"
_CAPTURED = rf"<tuv({_ATTRIBUTES}){_VARIANT_START}({_SEGMENT}){_VARIANT_END}"
_MORE = rf"((?:<tuv{_ATTRIBUTES}{_VARIANT_START}{_SEGMENT}{_VARIANT_END})*+)"
# It starts before white space, or not at all: else each character of a long stretch of it would be a new start.
_UNIT = re.compile(
    rf'(?<!{_S})(({_S}*+)<tu(?:{_S}++tuid="([^"<&\t\r\n]*+)")?+({_ATTRIBUTES}){_S}*+>{_S}*+({_NOTES})'
    rf"{_CAPTURED}{_CAPTURED}{_MORE}</tu{_S}*+>)"
)
_VARIANT = re.compile(_CAPTURED)
_ATTRIBUTE = re.compile(rf'([A-Za-z_:][A-Za-z0-9_:.-]*+){_S}*+={_S}*+"([^"]*+)"')
_NOTE = re.compile(rf'<(?:prop{_S}++type="([^"]*+)"|(note)){_S}*+>([^<]*+)</')
_INLINE_TAG = re.compile(rf"<(?:bpt|ept|ph|it|ut)({_ATTRIBUTES})")
_KEPT = 1 << 12
_LONGEST_KEPT = 1 << 10  # characters of attributes: longer ones are not likely to come again

Row = tuple[str, str, str, str, str, str, str, str, str, str]
"""A unit in pieces: all of it, white space in front, tuid if that comes first, other attributes, notes and properties,
then attributes and segment of two variants, and further variants."""


class Run(NamedTuple):
    """Plain units in a row, with nothing between them but white space."""

    start: int
    """Of the white space before the first one, in the text they were looked for in."""
    end: int
    rows: Sequence[Row]
    tuids: Sequence[str | None]
    srclangs: Sequence[str | None]
    languages: Sequence[tuple[str, ...]]
    """The languages of the variants of each."""


class PlainUnits:
    """Finds them."""

    def __init__(self) -> None:
        self._languages: dict[str, str] = {}
        self._pairs: dict[tuple[str, str], tuple[str, ...]] = {}
        self._names: dict[str, dict[str, str] | None] = {"": {}}

    def runs(self, text: str, end: int, *, may_be_odd: bool) -> list[Run]:
        """All of a text, in order; some may stand where they are none, in comments.

        Args:
            end: Where the text counts as ended.
            may_be_odd: There may be control characters or lone surrogates in it.
        """
        rows: list[Row] = _UNIT.findall(text, 0, end)
        if not _is_clean(text, end, may_be_odd=may_be_odd):
            rows = [row for row in rows if _is_clean(row[0], len(row[0]))]
        rows = [row for row in rows if not ("<" in row[6] or "<" in row[8] or row[9]) or self._has_good_tags(row)]
        known = self._names
        names = [known[row[3]] if row[3] in known else self._attributes(row[3]) for row in rows]
        pairs = self._pairs
        languages = [
            pairs[row[5], row[7]] if not row[9] and (row[5], row[7]) in pairs else self._languages_of(row)
            for row in rows
        ]
        attributes = [known.get(text) for text in {row[3] for row in rows}]
        may_be_wrong = any(found is None or "tuid" in found for found in attributes)
        if may_be_wrong or any("" in found for found in set(languages)):
            rows, names, languages = _kept(rows, names, languages)
        return _runs(text, end, rows, [found or {} for found in names], languages)

    def _languages_of(self, row: Row) -> tuple[str, ...]:
        """The languages of all variants; empty for one that does not say it."""
        pair = (self._language(row[5]), self._language(row[7]))
        if row[9]:
            return pair + tuple([self._language(tag) for tag, _ in _VARIANT.findall(row[9])])
        if len(row[5]) + len(row[7]) <= _LONGEST_KEPT:
            if len(self._pairs) >= _KEPT:
                self._pairs.clear()  # dates make them all different: they would fill the memory
            self._pairs[row[5], row[7]] = pair
        return pair

    def _has_good_tags(self, row: Row) -> bool:
        """No inline element has an attribute twice."""
        tags = _INLINE_TAG.findall(row[6] + row[8] + row[9])
        return all(self._names.get(tag) is not None or self._attributes(tag) is not None for tag in tags)

    def _language(self, attributes: str) -> str:
        found = self._languages.get(attributes)
        if found is None:
            names = self._attributes(attributes) or {}
            found = names.get("xml:lang") or names.get("lang") or ""
            if len(attributes) <= _LONGEST_KEPT:
                if len(self._languages) >= _KEPT:
                    self._languages.clear()
                self._languages[attributes] = found
        return found

    def _attributes(self, text: str) -> dict[str, str] | None:
        """Name to value; None where one is there twice."""
        found = _ATTRIBUTE.findall(text)
        names = dict(found)
        result = names if len(names) == len(found) else None
        if len(text) <= _LONGEST_KEPT:
            if len(self._names) >= _KEPT:
                self._names.clear()
            self._names[text] = result
        return result


def units_of(run: Run, line: int) -> Iterator[Unit]:
    """The units one by one.

    Args:
        line: Of the start of the run.
    """
    columns = (run_lines(run, line), run.rows, run.tuids, run.srclangs, run.languages)
    for at, row, tuid, srclang, languages in zip(*columns, strict=True):
        whole, _, _, _, notes, _, first, _, second, more = row
        contents: tuple[str, ...] = (first, second)
        if more:
            contents += tuple([content for _, content in _VARIANT.findall(more)])
        yield Unit(at, whole, tuid, srclang, notes_of(notes), languages, contents)


def run_lines(run: Run, line: int) -> list[int]:
    """The line of each unit's start tag.

    Args:
        line: Of the start of the run.
    """
    starts = accumulate([row[0].count("\n") for row in run.rows], initial=line)
    leads = {lead: lead.count("\n") for lead in {row[1] for row in run.rows}}
    return [start + leads[row[1]] for start, row in zip(starts, run.rows, strict=False)]


def notes_of(text: str) -> tuple[tuple[str, str], ...]:
    """The notes and properties of a unit, as ``Unit.notes`` has them."""
    if not text:
        return ()
    return tuple([(note or f"prop {kind}", text_of(content)) for kind, note, content in _NOTE.findall(text)])


def _is_clean(text: str, end: int, *, may_be_odd: bool = True) -> bool:
    """Whether nothing outside of tags makes it malformed: no unusual references, nothing that may not stand in XML.

    False says nothing.

    Args:
        may_be_odd: There may be control characters or lone surrogates in it.
    """
    if any(text.find(odd, 0, end) >= 0 for odd in ("]]>", "\ufffe", "\uffff")):
        return False
    return _UNUSUAL_REFERENCE.search(text, 0, end) is None and not (may_be_odd and ILLEGAL.search(text, 0, end))


def _kept(
    rows: list[Row], names: list[dict[str, str] | None], languages: list[tuple[str, ...]]
) -> tuple[list[Row], list[dict[str, str] | None], list[tuple[str, ...]]]:
    """The same without those that have an attribute twice, or a variant without language."""
    kept = [
        place
        for place, (row, found) in enumerate(zip(rows, names, strict=True))
        if found is not None and not (row[2] and "tuid" in found) and "" not in languages[place]
    ]
    return [rows[place] for place in kept], [names[place] for place in kept], [languages[place] for place in kept]


def _runs(
    text: str, size: int, rows: list[Row], names: list[dict[str, str]], languages: list[tuple[str, ...]]
) -> list[Run]:
    """The units, cut where something stands between them."""
    tuids = [row[2] or found.get("tuid") or None for row, found in zip(rows, names, strict=True)]
    srclangs = [found.get("srclang") for found in names]
    if sum([len(row[0]) for row in rows]) == size:
        return [Run(0, size, rows, tuids, srclangs, languages)] if rows else []
    cuts: list[tuple[int, int, int]] = []
    """Number of the first unit, and where it starts and where the one before it ends."""
    end = 0
    for place, row in enumerate(rows):
        at = text.index(row[0], end)
        if at != end or not place:
            cuts.append((place, at, end))
        end = at + len(row[0])
    cuts.append((len(rows), 0, end))
    found: list[Run] = []
    for (first, start, _), (last, _, stop) in pairwise(cuts):
        part = slice(first, last)
        found.append(Run(start, stop, rows[part], tuids[part], srclangs[part], languages[part]))
    return found
