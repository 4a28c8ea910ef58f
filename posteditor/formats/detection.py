"""From the names of files to their format."""

from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

from posteditor.errors import UsageError
from posteditor.formats.compression import without_compression

FORMATS = ("tsv", "csv", "jsonl", "text", "tmx", "xliff", "po", "parquet")
"""Names of the formats, as ``--format`` takes them."""
DOCUMENTS = frozenset({"tmx", "xliff", "po", "parquet"})
"""Those whose segments are parts of something larger than lines."""
TAGGED = frozenset({"xliff", "tmx"})
"""Those with inline tags: in segments of theirs these are placeholders, and what only looks like one is marked."""

_BY_SUFFIX = {
    ".tsv": "tsv",
    ".csv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".txt": "text",
    ".tmx": "tmx",
    ".xlf": "xliff",
    ".xliff": "xliff",
    ".sdlxliff": "xliff",
    ".mqxliff": "xliff",
    ".mxliff": "xliff",
    ".po": "po",
    ".pot": "po",
    ".parquet": "parquet",
}
_KNOWN = "known are " + " ".join(_BY_SUFFIX) + ", each also with .gz, .zst or .xz; or say --format " + "|".join(FORMATS)


def detect_format(names: Sequence[str], option: str | None = None) -> str:
    """The format of one file, or of parallel files.

    Two or more files whose suffix says nothing are parallel text, whatever they are called (``news.en``, ``news.de``).

    Args:
        names: At least one name or path.
        option: What ``--format`` says; it wins over the names.

    Raises:
        UsageError: The format is unknown or not supported, or several files are given of a format that takes one.
    """
    found = _checked_option(option) if option is not None else _from_names(names)
    if found != "text" and len(names) > 1:
        raise UsageError(
            f"{names[1]}: {found} takes one file at a time, {len(names)} were given",
            hint="parallel files are plain text, one segment a line; give other formats one by one",
        )
    return found


def _checked_option(option: str) -> str:
    if option in FORMATS:
        return option
    near = get_close_matches(option, FORMATS, 1)
    meant = f"did you mean {near[0]}? " if near else ""
    raise UsageError(f"--format {option}: there is no such format", hint=f"{meant}known are {', '.join(FORMATS)}")


def _from_names(names: Sequence[str]) -> str:
    suffixes = [Path(without_compression(name)).suffix.lower() for name in names]
    formats = {_BY_SUFFIX.get(suffix, "text" if len(names) > 1 else "") for suffix in suffixes}
    if len(formats) > 1:
        raise UsageError(
            f"{', '.join(names)}: these files have different formats", hint="parallel files are all plain text"
        )
    (found,) = formats
    if not found:
        near = get_close_matches(suffixes[0], _BY_SUFFIX, 1)
        meant = f"did you mean {near[0]}? " if near else ""
        raise UsageError(f"{names[0]}: its name does not say which format it has", hint=meant + _KNOWN)
    return found
