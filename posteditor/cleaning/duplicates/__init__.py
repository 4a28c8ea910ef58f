"""Exact and near duplicates among hundreds of millions of pairs, in bounded memory.

``fingerprints`` makes a few bytes of each pair and is all that has to see the texts; ``DuplicateFinder`` takes these
and tells which pairs repeat an earlier one.
"""

from posteditor.cleaning.duplicates.finder import Duplicate, DuplicateFinder, DuplicateKind
from posteditor.cleaning.duplicates.fingerprints import check_library, fingerprints
from posteditor.cleaning.duplicates.settings import DuplicateSettings

__all__ = ["Duplicate", "DuplicateFinder", "DuplicateKind", "DuplicateSettings", "check_library", "fingerprints"]
