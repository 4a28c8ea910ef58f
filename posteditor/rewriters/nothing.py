"""Do-nothing: the baseline that returns the mt unchanged and stands in every comparison."""

from collections.abc import Callable, Iterator, Sequence

from posteditor.core.segment import Segment
from posteditor.core.suggestion import Suggestion


class DoNothing:
    """Gives every segment back as it came."""

    name = "none"
    revision = "1"
    target_languages: tuple[str, ...] = ()

    def rewrite(
        self, segments: Sequence[Segment], *, should_stop: Callable[[], bool] = lambda: False
    ) -> Iterator[Suggestion]:
        """One suggestion without edits for each segment."""
        for segment in segments:
            if should_stop():
                return
            yield Suggestion(text=segment.mt, edits=(), rewriter=self.name)

    def close(self) -> None:
        """Nothing to free."""
