"""MinHash signatures of sets of shingles, by the library rensa."""

from array import array
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posteditor.errors import UsageError

# Over 255 sets or some 65 000 hashes at once, rensa starts threads. They cost more than they bring beside our worker
# processes, and a process that is forked after that would wait for them for ever.
_MOST_SETS, _MOST_HASHES = 192, 48_000
_SPREAD = np.uint32(0x9E3779B1)
_ALGORITHM = 2
"""The version of rensa's algorithm that we know; signatures of another one are not comparable."""


def _library() -> Any:
    """The class that makes signatures.

    Raises:
        UsageError: It is not installed, or another version than we know.
    """
    try:
        from rensa import RMinHash
    except ImportError as error:
        raise UsageError(
            "near duplicates need the package rensa, which is not installed",
            hint="pip install 'posteditor[clean]', or look for exact duplicates only",
        ) from error
    if getattr(RMinHash, "ALGORITHM_VERSION", 0) != _ALGORITHM:
        raise UsageError(
            "the installed version of the package rensa makes other signatures than posteditor knows",
            hint="pip install 'rensa>=0.5,<0.6'",
        )
    return RMinHash


def algorithm() -> str:
    """The name and version of what makes signatures.

    Raises:
        UsageError: It is not installed, or another version than we know.
    """
    return f"rensa {_library().ALGORITHM_VERSION}"


def signatures(
    hashes: NDArray[np.uint64], offsets: NDArray[np.int64], permutations: int, seed: int
) -> NDArray[np.uint8]:
    """One signature per set: the share of places where two agree estimates the Jaccard index of their sets.

    Args:
        hashes: Those of all sets, one set after the other.
        offsets: Where each set starts; one more than there are sets.

    Returns:
        (sets, permutations). An empty set has zeros only.

    Raises:
        UsageError: The library is not installed.

    Source: Dahlgaard, Knudsen and Thorup (2017), Fast Similarity Sketching (FOCS), which rensa follows; cut to 8 bits
    as in Li and König (2010), b-Bit Minwise Hashing (WWW).
    """
    library = _library()
    made = np.zeros((len(offsets) - 1, permutations), np.uint8)
    start = 0
    while start < len(made):
        beyond = int(np.searchsorted(offsets, offsets[start] + _MOST_HASHES, side="right")) - 1
        end = max(start + 1, min(beyond, start + _MOST_SETS, len(made)))
        some, places = hashes[offsets[start] : offsets[end]], (offsets[start : end + 1] - offsets[start])
        matrix = library.digest_matrix_from_flat_token_hashes(some, places.astype(np.uint64), permutations, seed)
        values = np.frombuffer(array("I", chain.from_iterable(matrix.to_rows())), np.uint32) * _SPREAD
        made[start:end] = ((values ^ (values >> np.uint32(15))) >> np.uint32(24)).reshape(-1, permutations)
        start = end
    made[np.diff(offsets) == 0] = 0
    return made
