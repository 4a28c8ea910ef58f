"""What a person sees of a comparison, and where in it they are; it outlives the screen, which the editor takes over."""

from collections.abc import Callable
from dataclasses import dataclass, field

from posteditor.errors import PostEditorError
from posteditor.services.benchmark.comparing import read_differences
from posteditor.services.benchmark.pairing import Pairing, SetPair
from posteditor.services.benchmark.report import NOTHING
from posteditor.services.benchmark.segment_differences import Kind, Order, SegmentDifferences
from posteditor.tui.difference_list import DifferenceRow
from posteditor.tui.difference_panel import DifferenceView, SideView


@dataclass(slots=True)
class BrowserView:
    """The place of a person in a comparison."""

    pairing: Pairing
    place: int = 0
    """Of the test set among those of the pairing."""
    order: Order = Order.GAIN
    kind: Kind = Kind.ALL
    index: int | None = None
    """The current segment; None for the first one listed."""
    search: str = ""
    trouble: PostEditorError | None = None
    """To be told once the screen is there."""
    loaded: dict[int, SegmentDifferences] = field(default_factory=dict)
    """Test sets by their place."""

    @property
    def pair(self) -> SetPair:
        """The current test set."""
        return self.pairing.sets[self.place]

    @property
    def segments(self) -> SegmentDifferences:
        """Its segments, which must be loaded."""
        return self.loaded[self.place]

    def load(self, place: int, on_progress: Callable[[int, int, str], None]) -> None:
        """Read a test set unless that is done; from any thread.

        Raises:
            CorpusError: A run folder is damaged.
        """
        if place not in self.loaded:
            self.loaded[place] = read_differences(self.pairing, self.pairing.sets[place], on_progress=on_progress)

    def row(self, index: int) -> DifferenceRow:
        """What the list shows.

        Raises:
            CorpusError: The run folder has changed.
        """
        segments = self.segments
        difference = segments.difference(index)
        mark = "!" if segments.is_a(index, Kind.FAILED) else "R" if segments.is_a(index, Kind.REFUSED) else " "
        differs = segments.is_a(index, Kind.CHANGED)
        sign = "+" if difference.gain > 0 else "-" if difference.gain < 0 else "~" if differs else "="
        text = segments.segment(index).mt
        return DifferenceRow(difference.position, sign, difference.gain, difference.a, difference.b, mark, text)

    def texts(self, index: int) -> DifferenceView:
        """What the panel shows.

        Raises:
            CorpusError: The run folder has changed.
        """
        found, difference = self.segments.texts(index), self.segments.difference(index)
        every = (
            SideView("A", self.pairing.a.rewriter, found.a, difference.a),
            SideView("B", self.pairing.b.rewriter, found.b, difference.b),
        )
        sides = tuple(side for side in every if side.name != NOTHING)
        return DifferenceView(found.segment, difference.before, sides)

    def names(self) -> tuple[str, str]:
        """Both sides as the status line has them: without the run where that is the same."""
        a, b = self.pairing.a, self.pairing.b
        if a.run is b.run:
            return _said(a.rewriter), _said(b.rewriter)
        return f"{a.run.path.name}:{_said(a.rewriter)}", f"{b.run.path.name}:{_said(b.rewriter)}"


def _said(spec: str) -> str:
    return "do-nothing" if spec == NOTHING else spec
