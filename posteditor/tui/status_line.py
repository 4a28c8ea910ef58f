"""The line at the top: which file, which segment, how far, and how the models are."""

from collections.abc import Mapping

from textual.content import Content
from textual.widgets import Static

from posteditor.core.segment import Status
from posteditor.tui.list_row import MARKS
from posteditor.tui.visible import visible


class StatusLine(Static):
    """One line of facts."""

    DEFAULT_CSS = "StatusLine { height: 1; padding: 0 1; background: $panel; color: $foreground; }"

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 (Textual's name)
        super().__init__(id=id, markup=False)
        self._shown: Content | None = None

    def show(
        self,
        name: str,
        place: str,
        counts: Mapping[Status, int],
        *,
        listing: str = "",
        model: str = "",
        trouble: str = "",
    ) -> None:
        """Draw the line.

        Args:
            place: Such as "12/140".
            listing: The filter or search in force.
            model: How the models are.
            trouble: What must not be overlooked, such as work that could not be saved.
        """
        numbers = " ".join(f"{MARKS[status]}{counts.get(status, 0)}" for status in Status if counts.get(status, 0))
        parts = [Content.styled(visible(name), "bold"), Content(place), Content.styled(numbers, "$text-muted")]
        if listing:
            parts.append(Content.styled(visible(listing), "$text-accent"))
        if model:
            parts.append(Content.styled(visible(model), "$text-muted"))
        if trouble:
            parts.insert(0, Content.styled(visible(trouble), "bold $text-error"))
        content = Content("  ").join(parts)
        if content != self._shown:
            self._shown = content
            self.update(content, layout=False)
