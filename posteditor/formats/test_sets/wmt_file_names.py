"""What the names of files in the WMT's text releases say; each year has had its own habit.

========================  ===============================  ==================================  =======================
release                   sources                          references                          system outputs
========================  ===============================  ==================================  =======================
WMT14                     SET-src.de-en                    SET-ref.de-en                       SET.SYSTEM.de-en
WMT15 to WMT19            SET-deen-src.de                  SET-deen-ref.en                     SET.SYSTEM.de-en
WMT20                     SET-deen-src.de.txt              SETB-deen-ref.en.txt and others     SET.de-en.SYSTEM.txt
WMT21 to WMT23            SET.de-en.src.de                 SET.de-en.ref.A.en                  SET.de-en.hyp.SYSTEM.en
WMT24, mt-metrics-eval    de-en.txt                        de-en.refA.txt                      de-en/SYSTEM.txt
========================  ===============================  ==================================  =======================

SET is, for instance, ``newstest2019``. Source: the archives on statmt.org, the repositories wmt21-news-systems to
wmt24-news-systems of github.com/wmt-conference, and the README of github.com/google-research/mt-metrics-eval.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from posteditor.formats.compression import without_compression
from posteditor.formats.test_sets.language_pairs import PAIR


class TextRole(NamedTuple):
    """The part that a file plays in a release."""

    test_set: str
    """``newstest2019``, for instance; empty where the release is one set."""
    pair: str
    """``de-en``."""
    name: str
    """The system, or the reference; empty for a source, or for the only reference."""


_PAIR = rf"(?P<pair>{PAIR})"
_SET = r"(?P<set>[^.]+)"
_OLD_SET = r"(?P<set>[^.]+?)"
_LANG = r"[a-z]{2,3}(?:_[A-Za-z]{2,4})*"
_TXT = r"(?:\.txt)?"
_SOURCES = (
    rf"{_PAIR}\.txt",
    rf"{_SET}\.{_PAIR}\.src\.{_LANG}{_TXT}",
    rf"{_OLD_SET}-(?P<both>[a-z]{{4,6}})-src\.(?P<source>{_LANG}){_TXT}",
    rf"{_OLD_SET}-src\.{_PAIR}{_TXT}",
)
_REFERENCES = (
    rf"{_PAIR}\.(?P<name>.+?)\.txt",
    rf"{_SET}\.{_PAIR}\.ref\.(?P<name>.+)\.{_LANG}{_TXT}",
    rf"{_OLD_SET}-(?P<both>[a-z]{{4,6}})-ref\.(?P<target>{_LANG}){_TXT}",
    rf"{_OLD_SET}-ref\.{_PAIR}{_TXT}",
)
_OUTPUTS = (
    rf"{_SET}\.{_PAIR}\.hyp\.(?P<name>.+)\.{_LANG}{_TXT}",
    rf"{_SET}\.{_PAIR}\.(?P<name>.+?){_TXT}",
    rf"{_SET}\.(?P<name>.+)\.{_PAIR}{_TXT}",
)
_WHOLE_FOLDER = re.compile(_PAIR)
_OTHER_TRANSLATOR = re.compile(r"[A-Z](?=\d{4}$)")


def source_role(path: Path) -> TextRole | None:
    """The role of a file among the sources; None if its name follows none of the habits."""
    return _first(_SOURCES, path)


def reference_role(path: Path) -> TextRole | None:
    """The role of a file among the references; None likewise."""
    return _first(_REFERENCES, path)


def output_role(path: Path) -> TextRole | None:
    """The role of a file among the system outputs; None likewise."""
    role = _first(_OUTPUTS, path)
    folder = _WHOLE_FOLDER.fullmatch(path.parent.name)
    if folder is None or (role is not None and role.pair == folder["pair"]):
        return role
    system = without_compression(path.name).removesuffix(".txt")
    return TextRole("", folder["pair"], system) if system else None


def _first(patterns: Sequence[str], path: Path) -> TextRole | None:
    name = without_compression(path.name)
    for pattern in patterns:
        if found := re.fullmatch(pattern, name):
            return _role(found.groupdict())
    return None


def _role(parts: dict[str, str | None]) -> TextRole | None:
    pair = parts.get("pair") or _pair_of_both(parts)
    # WMT20 calls a set with a second translator's references newstestB2020; its sources and outputs are newstest2020's.
    own = parts.get("set") or ""
    plain = _OTHER_TRANSLATOR.sub("", own)
    name = parts.get("name") or (own if plain != own else "")
    return TextRole(plain, pair, name) if pair else None


def _pair_of_both(parts: dict[str, str | None]) -> str:
    """``de-en`` from ``deen`` and one of the two; empty if they don't fit."""
    both, source, target = parts.get("both") or "", parts.get("source"), parts.get("target")
    if source and both.startswith(source):
        return f"{source}-{both[len(source) :]}"
    if target and both.endswith(target):
        return f"{both[: -len(target)]}-{target}"
    return ""
