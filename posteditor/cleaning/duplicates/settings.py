"""What counts as a duplicate."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import ClassVar, Literal, get_args

from posteditor.cleaning.settings import SettingError

Fold = Literal["form", "space", "case", "punctuation", "digits"]
"""A difference that does not count: Unicode form (composed or not), white space and invisible characters, letter case,
punctuation and symbols, which digits a number has."""
Scope = Literal["pair", "source", "target", "either"]

_FOLDS: tuple[str, ...] = get_args(Fold)
_SCOPES: tuple[str, ...] = get_args(Scope)
_RECALL = 0.98
"""With which probability a pair whose similarity is exactly the threshold has to have a band in common."""
_STORED_VALUES = 256
"""A value of a signature is kept as one byte."""


@dataclass(frozen=True)
class DuplicateSettings:
    """What counts as a duplicate.

    Raises:
        SettingError: A setting is out of bounds, or two can't stand together.
    """

    exact: bool = True
    """Whether pairs that are the same but for ``fold_exact`` are called exact duplicates."""
    near: float | None = 0.8
    """The least similarity of near duplicates, 0.3 to 1; None to look for exact ones only. Similarity is the Jaccard
    index of the sets of shingles of two texts, as estimated from their MinHash signatures."""
    on: Scope = "pair"
    """``pair``: source and target taken together; a shingle of the source is never one of the target. ``source`` or
    ``target``: that side alone. ``either``: each side by itself, which only splits know."""
    fold_exact: tuple[str, ...] = ("form", "space")
    fold_near: tuple[str, ...] = ("form", "space", "case")
    """Has to include ``fold_exact``, for exact duplicates are near ones as well."""
    shingle: int = 5
    """Characters in a shingle. Wide ones (Chinese, Japanese, Korean) count as two, as they do in a terminal."""
    permutations: int = 128
    """Values in a signature, one byte each. The standard error of a similarity s is about sqrt(s(1-s)/permutations)."""
    bands: int | None = None
    """Into how many bands a signature is divided; two pairs are compared if they have one in common. None: as few as
    find 98 % of the pairs whose similarity is exactly ``near``."""
    seed: int = 1

    BOUNDS: ClassVar[Mapping[str, tuple[float, float]]] = {
        "near": (0.3, 1),
        "shingle": (1, 64),
        "permutations": (16, 1024),
        "bands": (1, 1024),
        "seed": (0, 2**63 - 1),
    }

    def __post_init__(self) -> None:
        for name, (low, high) in self.BOUNDS.items():
            value = getattr(self, name)
            if value is not None and not low <= value <= high:
                raise SettingError(name, f"{name} = {value:g}", hint=f"It must be from {low:g} to {high:g}.")
        if self.on not in _SCOPES:
            raise SettingError("on", f"on = {str(self.on)[:60]}", hint=f"Known are: {', '.join(_SCOPES)}.")
        for name in ("fold_exact", "fold_near"):
            for fold in getattr(self, name):
                if fold not in _FOLDS:
                    raise SettingError(name, f"{name} = {str(fold)[:60]}", hint=f"Known are: {', '.join(_FOLDS)}.")
        if not self.exact and self.near is None:
            raise SettingError("exact", "neither exact nor near duplicates", hint="Switch one of them on.")
        if self.near is not None and not set(self.fold_exact) <= set(self.fold_near):
            missing = ", ".join(sorted(set(self.fold_exact) - set(self.fold_near)))
            raise SettingError("fold_near", f"fold_near lacks {missing} of fold_exact", hint="Add it there.")
        if self.bands is not None and self.bands > self.permutations:
            raise SettingError("bands", "more bands than permutations", hint=f"Give at most {self.permutations}.")

    def check(self) -> None:
        """Refuse what only splits know.

        Raises:
            SettingError: ``on`` is ``either``.
        """
        if self.views != 1:
            raise SettingError("on", f"on = {self.on}", hint="Duplicates are found on pair, source or target.")

    @property
    def views(self) -> int:
        """How many texts of a pair are compared one by one."""
        return 2 if self.on == "either" else 1

    @property
    def signature_length(self) -> int:
        """Bytes in the signature of a view."""
        return 0 if self.near is None else self.permutations

    @property
    def band_rows(self) -> int:
        """Values of a signature in one band."""
        if self.near is None:
            return 0
        if self.bands is not None:
            return self.permutations // self.bands
        rows = 1
        while rows < self.permutations and self._recall(rows + 1) >= _RECALL:
            rows += 1
        return rows

    @property
    def band_count(self) -> int:
        """How many bands a signature is divided into."""
        return 0 if self.near is None else self.bands or self.permutations // self.band_rows

    @property
    def matches_needed(self) -> int:
        """How many values two signatures must have in common for their pairs to be near duplicates."""
        return next(
            count for count in range(self.permutations + 1) if self.similarity(count) >= (self.near or 0.0) - 1e-9
        )

    def similarity(self, matches: int) -> float:
        """The Jaccard index, 0-1, estimated from the values that two signatures have in common.

        Source: Li and König (2010), b-Bit Minwise Hashing (WWW), theorem 1 for small sets in a large universe: values
        cut to b bits agree by chance with probability 2**-b.
        """
        chance = 1 / _STORED_VALUES
        return max(0.0, (matches / self.permutations - chance) / (1 - chance))

    def identity(self) -> str:
        """Differs when fingerprints differ: keep it beside those that are kept."""
        from posteditor.cleaning.duplicates.signatures import algorithm

        deciding = {"exact", "bands"}
        settings = {name: value for name, value in asdict(self).items() if name not in deciding}
        settings["near"] = self.near is not None
        return repr([*sorted(settings.items()), algorithm() if self.near is not None else ""])

    def _recall(self, rows: int) -> float:
        return 1 - (1 - (self.near or 0.0) ** rows) ** (self.permutations // rows)
