"""Who made the targets of an XLIFF 1 file, and when: the phases in the head of each ``<file>``.

The head comes before the units that decide which phases there are. So from the start of a ``<file>`` on its bytes are
held, on the disk if they are many, and handed on with the phases put in when it ends.

Source: XLIFF 1.2, section 2.2.2 (header, phase-group, phase).
"""

import re
import tempfile
from collections.abc import Iterator
from typing import IO

from posteditor.core.segment import Provenance
from posteditor.formats.xliff.file_parts import Landmark, Mark
from posteditor.formats.xliff.markup import attribute_text, character_data
from posteditor.formats.xliff.names import OURS

_BLOCK_BYTES = 1 << 20
_HELD_IN_MEMORY = 1 << 24
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:Z|[+-][0-9]{2}:[0-9]{2})?")

Key = tuple[str, str, str]
"""Author, rewriter, and its confidence to two digits: all targets with the same share a phase."""


class Phases:
    """The phases of one file in a document."""

    def __init__(self) -> None:
        self.taken: set[str] = set()
        """Names of phases that the file has already."""
        self._names: dict[Key, str] = {}
        self._times: dict[Key, str] = {}

    def name_for(self, provenance: Provenance) -> str:
        """The name of the phase in which such a target was made."""
        sure = "" if provenance.confidence is None else f"{provenance.confidence:.2f}"
        key = (provenance.author, provenance.rewriter, sure)
        if key not in self._names:
            number = len(self._names) + 1
            while f"{OURS}-{number}" in self.taken:
                number += 1
            self._names[key] = f"{OURS}-{number}"
            self.taken.add(self._names[key])
        if _TIME.fullmatch(provenance.time):
            self._times[key] = max(self._times.get(key, ""), provenance.time)
        return self._names[key]

    def elements(self, prefix: str) -> str:
        """The ``<phase>`` elements; the date of each is that of its last target."""
        return "".join(self._element(key, name, prefix) for key, name in self._names.items())

    def _element(self, key: Key, name: str, prefix: str) -> str:
        author, rewriter, sure = key
        date = f' date="{attribute_text(self._times[key])}"' if key in self._times else ""
        contact = f' contact-name="{attribute_text(author)}"' if author else ""
        notes = [f"rewriter: {rewriter}"] if rewriter else []
        notes += [f"confidence: {sure}"] if sure else []
        inner = "".join(f"<{prefix}note>{character_data(note)}</{prefix}note>" for note in notes)
        return f'<{prefix}phase phase-name="{name}" process-name="post-editing"{date}{contact}>{inner}</{prefix}phase>'


class Heads:
    """Bytes on their way out, of which those of a ``<file>`` wait until its phases are known."""

    def __init__(self) -> None:
        self.phases = Phases()
        self._held: IO[bytes] | None = None
        self._base = 0
        self._place = (0, 0, "")
        self._prefix = ""
        self._empty: Mark | None = None
        self._is_settled = False

    def meet(self, landmark: Landmark) -> None:
        """An element begins or ends; all bytes up to its start tag's end, or its end tag's start, were written."""
        mark = landmark.mark
        if landmark.is_end and self._empty is mark:
            self._empty = None
            return
        if landmark.is_empty:
            self._empty = mark
        if mark is Mark.PHASE and not landmark.is_end:
            self.phases.taken.add(landmark.name)
        elif mark is Mark.FILE and not landmark.is_end and not landmark.is_empty and self._held is None:
            self._start(landmark)
        elif self._held is not None and not self._is_settled:
            self._find_place(landmark)

    def settle(self) -> None:
        """The first unit of a file comes: its head is over."""
        self._is_settled = True

    def write(self, piece: bytes) -> Iterator[bytes]:
        """Take the next bytes; gives back what needs not wait."""
        if self._held is None:
            yield piece
        else:
            self._held.write(piece)

    def finish(self) -> Iterator[bytes]:
        """The held bytes with the phases in them; a file ends."""
        held, self._held = self._held, None
        if held is None:
            return
        with held:
            held.seek(0)
            start, end, form = self._place
            elements = self.phases.elements(self._prefix)
            if elements:
                yield from _blocks(held, start)
                held.seek(end)
                yield form.replace("|", elements).encode()
            yield from iter(lambda: held.read(_BLOCK_BYTES), b"")

    def _start(self, landmark: Landmark) -> None:
        self.phases = Phases()
        self._is_settled = False
        self._held = tempfile.SpooledTemporaryFile(_HELD_IN_MEMORY)  # noqa: SIM115 - closed when the file ends
        self._base = landmark.end
        self._prefix = landmark.name.rpartition(":")[0]
        self._prefix += ":" if self._prefix else ""
        self._set_place(landmark.end, landmark.end, "<%header><%phase-group>|</%phase-group></%header>")

    def _find_place(self, landmark: Landmark) -> None:
        mark, is_end = landmark.mark, landmark.is_end
        group = "<%phase-group>|</%phase-group>"
        if mark is Mark.HEADER and landmark.is_empty:
            self._set_place(landmark.start, landmark.end, f"<%header>{group}</%header>")
        elif (mark is Mark.HEADER and not is_end) or (mark is Mark.SKELETON and (is_end or landmark.is_empty)):
            self._set_place(landmark.end, landmark.end, group)
        elif mark is Mark.PHASES and landmark.is_empty:
            self._set_place(landmark.start, landmark.end, group)
        elif mark is Mark.PHASES and is_end:
            self._set_place(landmark.start, landmark.start, "|")

    def _set_place(self, start: int, end: int, form: str) -> None:
        self._place = (start - self._base, end - self._base, form.replace("%", self._prefix))


def _blocks(held: IO[bytes], count: int) -> Iterator[bytes]:
    while count > 0 and (block := held.read(min(count, _BLOCK_BYTES))):
        count -= len(block)
        yield block
