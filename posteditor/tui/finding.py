"""Searching the whole file in a thread of its own, so that keys go on being heard."""

from collections.abc import Callable, Iterator
from threading import Event, Thread

from posteditor.errors import PostEditorError

Search = Callable[[Callable[[], bool]], Iterator[list[int]]]
"""Given ``should_stop``, yields batches of positions."""


class Finder:
    """Runs one search at a time; a new one ends the one before."""

    def __init__(
        self,
        on_found: Callable[[int, list[int]], None],
        on_end: Callable[[int, PostEditorError | None], None],
    ) -> None:
        """Make a finder.

        Args:
            on_found: Told the number of the search and the positions of a batch, from the search's thread.
            on_end: Told the number of the search once it is through, with what went wrong.
        """
        self._on_found = on_found
        self._on_end = on_end
        self._stop = Event()
        self.number = 0
        """Of the latest search; what other numbers tell is out of date."""

    def start(self, search: Search) -> int:
        """Begin a search and give its number."""
        self.stop()
        self._stop = stop = Event()
        self.number += 1
        Thread(target=self._run, args=(search, self.number, stop), name="search", daemon=True).start()
        return self.number

    def stop(self) -> None:
        """End the search, if one runs; it tells nothing more."""
        self._stop.set()

    def _run(self, search: Search, number: int, stop: Event) -> None:
        trouble: PostEditorError | None = None
        try:
            for batch in search(stop.is_set):
                if stop.is_set():
                    return
                if batch:
                    self._on_found(number, batch)
        except PostEditorError as error:
            trouble = error
        if not stop.is_set():
            self._on_end(number, trouble)
