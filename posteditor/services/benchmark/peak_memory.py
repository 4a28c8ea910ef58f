"""The most memory that this process has held since it was last asked; Linux only."""

import re
from contextlib import suppress
from pathlib import Path

_PEAK = re.compile(rb"^VmHWM:\s*(\d+) kB", re.MULTILINE)


def forget_peak() -> None:
    """Begin anew: the peak is now what is held now. proc(5): 5 in ``clear_refs`` resets the peak resident set size."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_bytes(b"5")


def peak_memory() -> int | None:
    """Bytes of resident memory, shared libraries included; None where the system does not tell."""
    try:
        found = _PEAK.search(Path("/proc/self/status").read_bytes())
    except OSError:
        return None
    return None if found is None else 1024 * int(found[1])
