"""Which of the languages of a file a person means, by their tags.

Source: BCP 47; RFC 4647, section 3.4 (lookup).
"""

from collections.abc import Iterable


def plain_tag(tag: str) -> str:
    """The tag for comparing: lower case, ``-`` between its parts (``_`` is common and wrong)."""
    return tag.strip().replace("_", "-").lower()


def is_meant(wanted: str, found: str) -> bool:
    """Whether a tag in a file can be what a person calls ``wanted``: ``en`` and ``en-US`` can be each other."""
    first, second = plain_tag(wanted), plain_tag(found)
    return first == second or first.startswith(second + "-") or second.startswith(first + "-")


def meant(wanted: str, tags: Iterable[str]) -> list[str]:
    """Those of the tags that can be meant: the one that is the same, or else all that may be; each once."""
    found = {plain_tag(tag): tag for tag in tags if is_meant(wanted, tag)}
    same = found.get(plain_tag(wanted))
    return [same] if same is not None else list(found.values())
