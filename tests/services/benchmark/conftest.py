"""Test sets small enough to be counted by hand, and the toy rewriter."""

from pathlib import Path

import pytest

PLUGINS = Path(__file__).parents[2] / "plugins"
CHALLENGE_HEADER = "id\tcategory\tsource\tmt\treference\treference_2\tkeep"
CHALLENGE = [
    # The toy rewriter puts teh, wrold and recieve right, and makes eight of seven.
    "s-1\tspelling\t\tteh cat sleeps\tthe cat sleeps\t\t",  # corrected
    "s-2\tspelling\t\tteh cat slept\ta cat slept\tthe cat slept\t",  # corrected: the other reference
    "s-3\tspelling\t\tteh wrold are round\tthe world is round\t\t",  # better, not corrected
    "s-4\tspelling\t\tteh is a misprint\tteh is one misprint\t\t",  # worse
    "s-5\tspelling\t\tnothing to do hear\tnothing to do here\t\t",  # untouched
    "f-1\tfluent\t\tHe wrote wrold in chalk.\tHe wrote wrold in chalk.\t\t",  # over-edited, so worse
    "f-2\tfluent\t\tHe wrote in chalk.\tHe wrote in chalk.\t\t",  # left alone
    "g-1\tguard\t\tteh seven dwarfs\tthe seven dwarfs\t\tseven",  # the gate keeps the number
    "g-2\tguard\t\tteh Grumpy dwarf\tthe Grumpy dwarf\t\tteh | Grumpy",  # lost, as nothing guards such a "name"
    "g-3\tguard\t\tRAISE teh dwarf\tRaise the dwarf\t\tdwarf",  # the rewriter gives up
]


def write(path: Path, lines: list[str]) -> Path:
    """A file of these lines."""
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def plugins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(PLUGINS))


@pytest.fixture
def challenge_set(tmp_path: Path) -> Path:
    return write(tmp_path / "challenge.tsv", [CHALLENGE_HEADER, *CHALLENGE])


@pytest.fixture
def scored(tmp_path: Path) -> Path:
    return write(tmp_path / "scored.tsv", ["mt\treference", "teh cat\tthe cat", "a dog\tthe dog", "wrold\tWorld"])
