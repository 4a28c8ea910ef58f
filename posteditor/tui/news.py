"""What other threads tell, handed over to the interface's own as messages."""

from textual.message import Message

from posteditor.services.live_scores import ScoredText
from posteditor.services.suggesting import LaneState, Suggested


class SuggestionArrived(Message):
    """A lane's answer, handed over to the interface's thread."""

    def __init__(self, suggested: Suggested) -> None:
        super().__init__()
        self.suggested = suggested


class LaneChanged(Message):
    """A lane's model was started, died, was restarted or failed."""

    def __init__(self, state: LaneState) -> None:
        super().__init__()
        self.state = state


class ScoreArrived(Message):
    """A score from the scoring lane, handed over to the interface's thread."""

    def __init__(self, scored: ScoredText) -> None:
        super().__init__()
        self.scored = scored


class ScoringTrouble(Message):
    """The scoring lane had to be restarted, or has given up."""

    def __init__(self, message: str) -> None:
        super().__init__()
        self.message = message
