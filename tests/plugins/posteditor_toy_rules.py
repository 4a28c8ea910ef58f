"""A plug-in with a rule and a fixer, as somebody else would write them: ``rule = "shouting"``, ``fix = "calm"``."""

import os
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from posteditor.cleaning.rule import Reason, Score


@dataclass(frozen=True, kw_only=True)
class Shouting:
    """Too many capital letters in the target. Score: their share of all letters."""

    most: float = 0.5
    parts: ClassVar[Sequence[str]] = ("",)
    THRESHOLDS: ClassVar[frozenset[str]] = frozenset({"most"})
    BOUNDS: ClassVar[Mapping[str, tuple[float, float]]] = {"most": (0, 1)}

    def scores(self, sources: Sequence[str], targets: Sequence[str]) -> Sequence[Score]:
        return [_share(target) for target in targets]

    def rejects(self, score: Score) -> bool:
        return isinstance(score, float) and score > self.most

    def reason(self, score: Score) -> Reason:
        assert isinstance(score, float)
        return Reason(score, self.most, f"{score:.2f} of the letters are capitals")


@dataclass(frozen=True, kw_only=True)
class Calm:
    """No more than one exclamation mark in a row."""

    sides: tuple[str, ...] = ("target",)

    def fix(self, text: str) -> str:
        while "!!" in text:
            text = text.replace("!!", "!")
        return text


def _share(text: str) -> float:
    letters = [letter for letter in text if letter.isalpha()]
    return sum(map(str.isupper, letters)) / len(letters) if letters else 0.0


@dataclass(frozen=True, kw_only=True)
class Deadly:
    """Kills its process where the target tells it to, as a crash in a library would."""

    parts: ClassVar[Sequence[str]] = ("",)

    def scores(self, sources: Sequence[str], targets: Sequence[str]) -> Sequence[Score]:
        if "DIE" in targets:
            os.kill(os.getpid(), signal.SIGKILL)
        print("a plug-in that talks")  # noqa: T201
        return [0.0] * len(targets)

    def rejects(self, score: Score) -> bool:
        return False

    def reason(self, score: Score) -> Reason:
        raise NotImplementedError
