"""What translators, and we, write into the comments of an entry."""

from collections.abc import Sequence

from posteditor.core.segment import Provenance

_OWN = "posteditor:"
_BLANK = " \t\r\n\f\v"


def is_translator_comment(line: str) -> bool:
    """Whether a line is a comment of a translator, not one of a tool."""
    text = line.strip(_BLANK)
    return text == "#" or text.startswith(("# ", "#\t"))


def note_of(lines: Sequence[str]) -> str | None:
    """The comments of translators as one note; None where there are none."""
    found = [line.strip(_BLANK)[1:].strip(_BLANK) for line in lines if is_translator_comment(line)]
    found = [text for text in found if not text.startswith(_OWN)]
    return "\n".join(found).strip("\n") or None


def comment_lines(text: str) -> list[str]:
    """A note as comments, without line ends."""
    return [f"# {line}".rstrip() for line in text.replace("\r", "\n").split("\n") if line.strip()]


def provenance_comment(found: Provenance) -> str:
    """Who or which model made a translation, and when."""
    sure = "" if found.confidence is None else f" ({found.confidence:.4g})"
    parts = [found.author, f"{found.rewriter}{sure}" if found.rewriter else "", found.time]
    return f"# {_OWN} " + ", ".join(part.replace("\n", " ").replace("\r", " ") for part in parts if part)


def is_provenance_comment(line: str) -> bool:
    """Whether a line is such a comment."""
    return is_translator_comment(line) and line.strip(_BLANK)[1:].strip(_BLANK).startswith(_OWN)
