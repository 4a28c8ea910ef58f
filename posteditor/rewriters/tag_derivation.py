"""From a pair of texts to the edit tags that turn one into the other, as far as one tag a word can."""

from dataclasses import dataclass, field

from posteditor.core.words import Word
from posteditor.rewriters.edit_tags import DELETE, KEEP
from posteditor.rewriters.tag_categories import CLOSED_CLASS_WORDS
from posteditor.rewriters.tag_words import capitalised, is_mark, starts_sentence, tag_words, uncapitalised

_LONGEST_MOVE = 8
_LONGEST_SUFFIX = 4
_SHORTEST_STEM = 3
_FORM_COST, _WORD_COST, _UNLIKE_COST, _NEVER, _CASE_COST = 0.6, 1.2, 1.6, 3.0, 0.05


@dataclass(slots=True)
class _Change:
    """What happens to one slot."""

    target: int | None = None
    """The word of the target it is aligned with."""
    moved: int = 0
    """Signed distance."""
    inserted: list[int] = field(default_factory=list)
    """Words of the target that follow it and come from nowhere in the mt."""


def tags_from_pair(mt: str, target: str) -> list[str]:
    """The label of the tag for each slot of ``mt`` (one more than ``tag_words(mt)``).

    Labels name whatever words the target has; which of them a model knows is for its vocabulary to say. Where a slot
    would need two tags, the one that must come first is given, and another round is left to find the other.
    """
    old, new = tag_words(mt), tag_words(target)
    if not old:
        return [KEEP]
    changes = _changes(old, new, _align(old, new))
    return [_start_label(changes[0], new)] + [
        _label(old, new, index, change) for index, change in enumerate(changes[1:])
    ]


def _label(old: list[Word], new: list[Word], index: int, change: _Change) -> str:
    if change.moved:
        return f"MOVE:{change.moved:+d}"
    inserted = [_surface(new, at) for at in change.inserted]
    if change.target is None:
        return f"REPLACE:{' '.join(inserted)}" if inserted else DELETE
    before, after = old[index].text, new[change.target].text
    if before == after or _is_first_capital(before, after, index, change.target):
        return f"APPEND:{' '.join(inserted)}" if inserted else KEEP
    if before.lower() == after.lower() and (case := _case_label(before, after)):
        return case
    if suffix := _suffix_label(before, after, initial=change.target == 0):
        return suffix
    return f"REPLACE:{' '.join([_surface(new, change.target), *inserted])}"


def _start_label(change: _Change, new: list[Word]) -> str:
    return f"APPEND:{' '.join(_surface(new, at) for at in change.inserted)}" if change.inserted else KEEP


def _surface(words: list[Word], index: int) -> str:
    """The word as a tag spells it: the capital of a sentence's first word is put there by position, not by the tag."""
    text = words[index].text
    return uncapitalised(text) if starts_sentence(words, index) else text


def _is_first_capital(before: str, after: str, index: int, target: int) -> bool:
    """True when a word has its capital only because it has become the first one."""
    return target == 0 and index > 0 and after == capitalised(before)


def _case_label(before: str, after: str) -> str | None:
    if after == before.lower():
        return "CASE:lower"
    if len(after) > 1 and after == before.upper():
        return "CASE:upper"
    return "CASE:capital" if after == capitalised(before) else None


def _suffix_label(before: str, after: str, *, initial: bool) -> str | None:
    if initial and after[:1].lower() == before[:1].lower():
        after = before[:1] + after[1:]
    stem = 0
    while stem < min(len(before), len(after)) and before[stem] == after[stem]:
        stem += 1
    old, new = before[stem:], after[stem:]
    if stem < _SHORTEST_STEM or max(len(old), len(new)) > _LONGEST_SUFFIX or ":" in old + new or not (old or new):
        return None
    return f"SUFFIX:{old}:{new}"


def _changes(old: list[Word], new: list[Word], pairs: list[tuple[int | None, int | None]]) -> list[_Change]:
    """The alignment by slots, with words that are gone here and new there taken as moved."""
    moves = _moves(old, new, pairs)
    moved_targets = set(moves.values())
    changes = [_Change() for _ in range(len(old) + 1)]
    last = -1
    for source, target in pairs:
        if source is not None:
            last = source
            if source not in moves and target not in moved_targets:
                changes[source + 1].target = target
        if target in moved_targets:
            origin = next(index for index, goal in moves.items() if goal == target)
            changes[origin + 1].moved = last - origin if last > origin else last + 1 - origin
        elif target is not None and (source is None or source in moves):
            changes[last + 1].inserted.append(target)
    return changes


def _moves(old: list[Word], new: list[Word], pairs: list[tuple[int | None, int | None]]) -> dict[int, int]:
    """Words of the mt, by index, that stand elsewhere in the target."""
    order = {source: at for at, (source, _) in enumerate(pairs) if source is not None}
    gone = {s: t for s, t in pairs if s is not None and (t is None or not _same(old[s], new[t]))}
    fresh = [(at, t) for at, (s, t) in enumerate(pairs) if t is not None and (s is None or not _same(old[s], new[t]))]
    moves: dict[int, int] = {}
    for at, target in fresh:
        text = new[target].text.lower()
        if text in CLOSED_CLASS_WORDS or is_mark(text):
            continue
        near = [
            source
            for source in gone
            if source not in moves and old[source].text.lower() == text and _is_move(pairs, order[source], at, source)
        ]
        if near:
            moves[min(near, key=lambda source: abs(order[source] - at))] = target
    return moves


def _is_move(pairs: list[tuple[int | None, int | None]], origin: int, goal: int, source: int) -> bool:
    """True when the way leads over at least one word of the mt and is not too long."""
    passed = sum(index is not None and index != source for index, _ in pairs[min(origin, goal) : max(origin, goal) + 1])
    lands_on = goal < origin and pairs[goal][0] is not None
    return 1 <= passed - lands_on <= _LONGEST_MOVE


def _same(first: Word, second: Word) -> bool:
    return first.text.lower() == second.text.lower()


def _align(old: list[Word], new: list[Word]) -> list[tuple[int | None, int | None]]:
    """The cheapest alignment: pairs of indices in order, None where a word has no counterpart."""
    head = 0
    while head < min(len(old), len(new)) and old[head].text == new[head].text:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail].text == new[-1 - tail].text:
        tail += 1
    rows = [word.text for word in old[head : len(old) - tail]]
    columns = [word.text for word in new[head : len(new) - tail]]
    middle = [(None if s is None else s + head, None if t is None else t + head) for s, t in _cheapest(rows, columns)]
    ends = [(len(old) - tail + at, len(new) - tail + at) for at in range(tail)]
    return [*((at, at) for at in range(head)), *middle, *ends]


def _cheapest(rows: list[str], columns: list[str]) -> list[tuple[int | None, int | None]]:
    seen = {text: _Seen.of(text) for text in {*rows, *columns}}
    costs = {row: [_cost(seen[row], seen[column]) for column in columns] for row in set(rows)}
    table = [[float(at) for at in range(len(columns) + 1)]]
    for at, row in enumerate(rows):
        above, left = table[-1], at + 1.0
        corner, line = above[0], [left]
        for column_at, cost in enumerate(costs[row], start=1):
            up = above[column_at]
            left = min(corner + cost, up + 1.0, left + 1.0)
            line.append(left)
            corner = up
        table.append(line)
    return _way_back(table, [costs[row] for row in rows])


def _way_back(table: list[list[float]], costs: list[list[float]]) -> list[tuple[int | None, int | None]]:
    pairs: list[tuple[int | None, int | None]] = []
    at, column_at = len(table) - 1, len(table[0]) - 1
    while at or column_at:
        here = table[at][column_at]
        if at and column_at and here == table[at - 1][column_at - 1] + costs[at - 1][column_at - 1]:
            at, column_at = at - 1, column_at - 1
            pairs.append((at, column_at))
        elif column_at and here == table[at][column_at - 1] + 1.0:
            column_at -= 1
            pairs.append((None, column_at))
        else:
            at -= 1
            pairs.append((at, None))
    return pairs[::-1]


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the cost of a word for another depends on, looked up once for each word."""

    text: str
    lower: str
    stem: str
    """Its first letters where it has more of them; empty otherwise."""
    mark: bool
    closed: bool

    @classmethod
    def of(cls, text: str) -> "_Seen":
        lower = text.lower()
        stem = lower[:_SHORTEST_STEM] if len(lower) > _SHORTEST_STEM else ""
        return cls(text, lower, stem, is_mark(lower), lower in CLOSED_CLASS_WORDS)


def _cost(before: _Seen, after: _Seen) -> float:
    if before.text == after.text:
        return 0.0
    if before.lower == after.lower:
        return _CASE_COST
    if before.mark != after.mark:
        return _NEVER
    if before.stem and after.lower.startswith(before.stem):
        return _FORM_COST
    return _WORD_COST if before.closed == after.closed else _UNLIKE_COST
