"""The word diff: from two texts to hunks, and from hunks on the mt to hunks on a target that was edited since."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from posteditor.core.anchors import anchored_pairs
from posteditor.core.suggestion import Edit
from posteditor.core.words import Word, split_words

# Above this many cells the quadratic table would be felt while typing; words that occur once split it first.
_TABLE_CELLS = 40_000


def word_diff(old: str, new: str) -> tuple[Edit, ...]:
    """The hunks that turn ``old`` into ``new``: sorted, not overlapping, whole words, smallest number of words changed.

    ``apply_edits(old, word_diff(old, new)) == new`` holds for all texts.
    """
    if old == new:
        return ()
    old_words, new_words = split_words(old), split_words(new)
    blocks = _matching_blocks(old_words, new_words)
    edits = []
    for old_range, new_range in _gaps(blocks, len(old_words), len(new_words)):
        start, end = _span(old_words, old_range, len(old))
        new_start, new_end = _span(new_words, new_range, len(new))
        edits.append(Edit(start, end, new[new_start:new_end]))
    return tuple(edits)


def _span(words: Sequence[Word], indices: range, length: int) -> tuple[int, int]:
    start = words[indices.start].start if indices.start < len(words) else length
    return (start, words[indices.stop - 1].end) if indices else (start, start)


def _gaps(blocks: Iterable[tuple[int, int, int]], old_count: int, new_count: int) -> list[tuple[range, range]]:
    """What lies between the matching blocks, as word index ranges; both empty ranges are left out."""
    gaps = []
    old_at = new_at = 0
    for old_start, new_start, size in [*blocks, (old_count, new_count, 0)]:
        if old_at < old_start or new_at < new_start:
            gaps.append((range(old_at, old_start), range(new_at, new_start)))
        old_at, new_at = old_start + size, new_start + size
    return gaps


def _matching_blocks(old: Sequence[Word], new: Sequence[Word]) -> list[tuple[int, int, int]]:
    """Common runs ``(old index, new index, length)``; a run of white space alone between two changes is no match."""
    head = 0
    while head < min(len(old), len(new)) and old[head].text == new[head].text:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail].text == new[-1 - tail].text:
        tail += 1
    inner_old = [word.text for word in old[head : len(old) - tail]]
    inner_new = [word.text for word in new[head : len(new) - tail]]
    if len(inner_old) * len(inner_new) <= _TABLE_CELLS:
        pairs = _longest_common(inner_old, inner_new)
    else:
        pairs = anchored_pairs(inner_old, inner_new, _longest_common, most_cells=_TABLE_CELLS)
    blocks = _runs([(i + head, j + head) for i, j in pairs])
    blocks = [block for block in blocks if not all(word.is_space for word in old[block[0] : block[0] + block[2]])]
    if head:
        blocks.insert(0, (0, 0, head))
    if tail:
        blocks.append((len(old) - tail, len(new) - tail, tail))
    return blocks


def _longest_common(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Index pairs of a longest common subsequence in which a word weighs more than white space."""
    width = len(new) + 1
    table = [[0] * width for _ in range(len(old) + 1)]
    for i in range(len(old) - 1, -1, -1):
        row, below, word = table[i], table[i + 1], old[i]
        weight = 1 if word.isspace() else 8
        for j in range(len(new) - 1, -1, -1):
            if word == new[j]:
                row[j] = max(below[j + 1] + weight, below[j], row[j + 1])
            else:
                row[j] = below[j] if below[j] >= row[j + 1] else row[j + 1]
    pairs = []
    i = j = 0
    while i < len(old) and j < len(new):
        weight = 1 if old[i].isspace() else 8
        if old[i] == new[j] and table[i][j] == table[i + 1][j + 1] + weight:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif table[i][j] == table[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def _runs(pairs: Iterable[tuple[int, int]]) -> list[tuple[int, int, int]]:
    runs: list[tuple[int, int, int]] = []
    for i, j in pairs:
        if runs and (i, j) == (runs[-1][0] + runs[-1][2], runs[-1][1] + runs[-1][2]):
            runs[-1] = (runs[-1][0], runs[-1][1], runs[-1][2] + 1)
        else:
            runs.append((i, j, 1))
    return runs


@dataclass(frozen=True, slots=True)
class MappedEdit:
    """A hunk of the mt as it lies on the target."""

    edit: Edit
    """Start and end are offsets into the target; meaningless when the hunk is stale."""
    taken: bool
    """The target already has the replacement."""
    stale: bool
    """The words that the hunk would replace were edited otherwise: it can't be applied and is shown greyed out."""


def map_edits(mt: str, target: str, edits: Sequence[Edit]) -> tuple[MappedEdit, ...]:
    """Where hunks on the mt lie on a target made from it, one result per edit in the same order.

    Neighbouring hunks come out of a diff as one change, so each stretch of the mt that changed is explained as a whole:
    if taking some of its hunks gives exactly what the target has there, their places are known; if not, they are stale.

    Args:
        edits: Sorted, not overlapping.
    """
    mapped: list[MappedEdit] = []
    for stretch in _stretches(edits, word_diff(mt, target)):
        now = target[stretch.low + stretch.shift : stretch.high + stretch.shift + stretch.growth]
        taken = _explain(mt, now, stretch)
        if taken is None:
            mapped += [MappedEdit(edit, taken=False, stale=True) for edit in stretch.edits]
            continue
        shift = stretch.shift
        for edit, is_taken in zip(stretch.edits, taken, strict=True):
            start = edit.start + shift
            length = len(edit.replacement) if is_taken else edit.end - edit.start
            mapped.append(MappedEdit(_moved(edit, start, start + length), taken=is_taken, stale=False))
            shift += length - (edit.end - edit.start)
    return tuple(mapped)


@dataclass(slots=True)
class _Stretch:
    """A part of the mt that holds edits and the changes that touch them; ``shift``, ``growth`` lead to the target."""

    low: int
    high: int
    edits: list[Edit]
    shift: int = 0
    growth: int = 0


def _stretches(edits: Sequence[Edit], changes: Sequence[Edit]) -> list[_Stretch]:
    """Group edits with the changes that overlap or adjoin them; other changes only shift what follows."""
    spans = [(edit.start, edit.end, edit, None) for edit in edits] + [
        (change.start, change.end, None, change) for change in changes
    ]
    spans.sort(key=lambda span: (span[0], span[1]))
    stretches: list[_Stretch] = []
    current = _Stretch(-1, -1, [])
    for start, end, edit, change in spans:
        if start > current.high:
            current = _Stretch(start, end, [], shift=current.shift + current.growth)
            stretches.append(current)
        current.high = max(current.high, end)
        if edit is not None:
            current.edits.append(edit)
        if change is not None:
            current.growth += len(change.replacement) - (end - start)
    return [stretch for stretch in stretches if stretch.edits]


def _explain(mt: str, now: str, stretch: _Stretch) -> list[bool] | None:
    """Which edits were taken to make ``now`` of the stretch; None when no choice of them makes it."""
    dead: set[tuple[int, int]] = set()

    def match(index: int, mt_at: int, now_at: int) -> list[bool] | None:
        if (index, now_at) in dead:
            return None
        edit = stretch.edits[index] if index < len(stretch.edits) else None
        kept = mt[mt_at : edit.start if edit else stretch.high]
        if now.startswith(kept, now_at):
            now_at += len(kept)
            if edit is None:
                if now_at == len(now):
                    return []
            else:
                for is_taken, text in ((True, edit.replacement), (False, mt[edit.start : edit.end])):
                    if now.startswith(text, now_at):
                        rest = match(index + 1, edit.end, now_at + len(text))
                        if rest is not None:
                            return [is_taken, *rest]
            now_at -= len(kept)
        dead.add((index, now_at))
        return None

    return match(0, stretch.low, 0)


def _moved(edit: Edit, start: int, end: int) -> Edit:
    return replace(edit, start=start, end=end)
