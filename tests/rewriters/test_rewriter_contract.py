"""What every family of rewriters has to hold to, whatever stands behind it.

A family joins by one more entry in ``FAMILIES``: a function that gives a context with a loaded rewriter. Its answers to
``GOOD`` texts are not looked at, so a model with random weights will do.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from posteditor.core.segment import Neighbour, Segment
from posteditor.core.suggestion import Suggestion, apply_edits
from posteditor.rewriters.gate import Gate
from posteditor.rewriters.protocol import Rewriter
from posteditor.rewriters.running import suggest
from posteditor.rewriters.specs import load_rewriter
from tests.rewriters.copying_model import write_copying_model
from tests.rewriters.scripted_language_tool import language_tool_server
from tests.rewriters.tiny_chat_model import write_chat_model

PLUGINS = Path(__file__).parents[1] / "plugins"


@contextmanager
def loaded(spec: str) -> Iterator[Rewriter]:
    rewriter = load_rewriter(spec, target_lang="en")
    yield rewriter
    rewriter.close()


def memory_file(folder: Path) -> Path:
    path = folder / "pairs.tsv"
    rows = ("teh dog ran\tthe dog ran", "teh cat ran far away\tthe cat ran far away", "wrold peace\tworld peace")
    path.write_text("mt\ttarget\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return path


@contextmanager
def language_tool(folder: Path) -> Iterator[Rewriter]:
    with language_tool_server() as server, loaded(f"languagetool:{server.url}") as rewriter:
        yield rewriter


@contextmanager
def ensemble(folder: Path) -> Iterator[Rewriter]:
    with (
        language_tool_server() as server,
        loaded(f"memory:{memory_file(folder)}+languagetool:{server.url}+toy+none") as rewriter,
    ):
        yield rewriter


FAMILIES: dict[str, Callable[[Path], AbstractContextManager[Rewriter]]] = {
    "none": lambda folder: loaded("none"),
    "toy plug-in": lambda folder: loaded("toy"),
    "memory": lambda folder: loaded(f"memory:{memory_file(folder)}"),
    "languagetool": language_tool,
    "ensemble": ensemble,
    "edit tagger": lambda folder: loaded("default"),
    "encoder-decoder": lambda folder: loaded(str(write_copying_model(folder / "t5"))),
    "chat model": lambda folder: loaded(str(write_chat_model(folder / "chat", steps=1))),
}
DO_NOTHING = {"none"}
"""Families that never change anything."""
NEED_NOT_CHANGE = {"edit tagger", "chat model"}
"""Models that know nothing of the faults in ``GOOD``."""
MAY_FAIL = {"encoder-decoder", "chat model"}
"""Tiny models of few words, which come to no end on others; the segment then stays as it is, with an error."""

GOOD = (
    "teh dog ran",
    "teh cat ran far off",
    "wrold",
    "The report was good , said teh man of 1990 .",
    "🙂 teh dog",
    "漢字と仮名",
    "tab\tand\nline breaks ",
)
ODD = ("", " ", "\u00a0", "...", " , . ! ? — … ", "🙂🙂", "\u200b", "word " * 5000)


@pytest.fixture(params=sorted(FAMILIES))
def family(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def rewriter(family: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rewriter]:
    monkeypatch.syspath_prepend(str(PLUGINS))
    with FAMILIES[family](tmp_path) as rewriter:
        yield rewriter


def segments(mts: Sequence[str]) -> list[Segment]:
    around = (Neighbour("Before it.", "Antes."),), (Neighbour("After it.", None),)
    return [
        Segment(number, mt, source="el perro" if number % 2 else None, before=around[0], after=around[1])
        for number, mt in enumerate(mts, 11)
    ]


def timeless(suggestions: Sequence[Suggestion]) -> list[Suggestion]:
    return [replace(suggestion, seconds=0.0) for suggestion in suggestions]


def test_it_says_what_it_is(rewriter: Rewriter) -> None:
    assert rewriter.name
    assert rewriter.revision
    assert rewriter.revision.isprintable()
    assert isinstance(rewriter.target_languages, tuple)


def test_one_suggestion_per_segment_in_order(rewriter: Rewriter, family: str) -> None:
    mts = [f"{mt} {number}" for number in range(6) for mt in GOOD]
    suggestions = list(rewriter.rewrite(segments(mts)))
    assert len(suggestions) == len(mts)
    for mt, suggestion in zip(mts, suggestions, strict=True):
        if suggestion.error:
            assert family in MAY_FAIL
            assert suggestion.text == mt
            continue
        assert mt.rpartition(" ")[2] in suggestion.text  # its own number
        assert suggestion.text == apply_edits(mt, suggestion.edits)
        assert suggestion.rewriter == rewriter.name
        assert suggestion.confidence == min((edit.confidence for edit in suggestion.edits), default=1.0)
        assert all(0 <= edit.confidence <= 1 for edit in suggestion.edits)
        assert Suggestion.from_json(suggestion.to_json()).text == suggestion.text


def test_it_changes_something(rewriter: Rewriter, family: str) -> None:
    suggestions = list(rewriter.rewrite(segments(GOOD)))
    if family not in NEED_NOT_CHANGE:
        assert any(suggestion.edits for suggestion in suggestions) is (family not in DO_NOTHING)


def test_the_same_input_gives_the_same_output(rewriter: Rewriter) -> None:
    first = timeless(list(rewriter.rewrite(segments(GOOD))))
    assert timeless(list(rewriter.rewrite(segments(GOOD)))) == first


def test_one_by_one_gives_what_a_batch_gives(rewriter: Rewriter) -> None:
    together = [suggestion.text for suggestion in rewriter.rewrite(segments(GOOD))]
    assert [suggestion.text for segment in segments(GOOD) for suggestion in rewriter.rewrite([segment])] == together


def test_odd_segments_come_back_untouched(rewriter: Rewriter, family: str) -> None:
    mts = [mt for odd in ODD for mt in (odd, "teh dog ran")]
    suggestions = list(suggest(rewriter, segments(mts), Gate()))
    assert [suggestion.text for suggestion in suggestions[::2]] == list(ODD)
    assert len({suggestion.text for suggestion in suggestions[1::2]}) == 1
    assert family in MAY_FAIL or not any(suggestion.error for suggestion in suggestions[1::2])


def test_nothing_asked_nothing_answered(rewriter: Rewriter) -> None:
    assert list(rewriter.rewrite([])) == []


def test_it_ends_early_when_told_to(rewriter: Rewriter) -> None:
    assert list(rewriter.rewrite(segments(GOOD), should_stop=lambda: True)) == []
    suggestions: list[Suggestion] = []
    mts = [f"teh dog ran {number}" for number in range(200)]
    for suggestion in rewriter.rewrite(segments(mts), should_stop=lambda: len(suggestions) >= 2):
        suggestions.append(suggestion)  # noqa: PERF402 - should_stop looks at it
    assert 2 <= len(suggestions) < len(mts) / 2
    assert len(list(rewriter.rewrite(segments(GOOD)))) == len(GOOD), "it can be used again"


def test_a_run_can_be_given_up_in_the_middle(rewriter: Rewriter) -> None:
    answers = rewriter.rewrite(segments(GOOD))
    next(answers)
    del answers
    assert len(list(rewriter.rewrite(segments(GOOD)))) == len(GOOD)


def test_what_the_gate_lets_through_can_be_made(rewriter: Rewriter) -> None:
    for mt, suggestion in zip(GOOD, suggest(rewriter, segments(GOOD), Gate()), strict=True):
        assert suggestion.text == apply_edits(mt, suggestion.edits)
        assert suggestion.seconds > 0
