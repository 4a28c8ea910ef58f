"""What a run is made with: versions and hardware, for its manifest."""

import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from posteditor import __version__

_PACKAGES = ("torch", "transformers", "tokenizers", "sacrebleu", "numpy")


def environment() -> dict[str, str]:
    """Names to values; imports none of the libraries."""
    found = {"posteditor": __version__, "python": platform.python_version(), "system": platform.platform()}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    found["processor"] = _processor()
    found["cores"] = str(len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1)
    memory = _memory()
    return found | ({"memory": memory} if memory else {})


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor() or platform.machine())


def _memory() -> str:
    try:
        return f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.1f} GiB"
    except (ValueError, OSError):
        return ""
