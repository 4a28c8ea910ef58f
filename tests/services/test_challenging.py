"""A toy rewriter on a small challenge set: every figure can be counted by hand."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posteditor.errors import CorpusError, ModelError
from posteditor.services.benchmarking import BenchmarkOptions, benchmark
from posteditor.services.challenge_set import read_challenge
from posteditor.services.challenging import CategoryCounts, challenge, lost_strings

PLUGINS = Path(__file__).parents[1] / "plugins"
HEADER = "id\tcategory\tsource\tmt\treference\treference_2\tkeep"
ROWS = [
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
TOTAL = CategoryCounts(
    segments=10, perfect=2, guarded=3, changed=7, corrected=5, better=5, worse=2, over_edited=1, violations=1, failed=1
)


@pytest.fixture(autouse=True)
def plugins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(PLUGINS))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write(tmp_path / "challenge.tsv", [HEADER, *ROWS])


def write(path: Path, lines: list[str]) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_every_figure(path: Path) -> None:
    report = challenge(path, "toy", threshold="show")
    assert (report.rewriter, report.threshold) == ("toy", "show")
    assert list(report.categories) == ["spelling", "fluent", "guard"]
    assert report.categories["spelling"] == CategoryCounts(segments=5, changed=4, corrected=2, better=3, worse=1)
    assert report.categories["fluent"] == CategoryCounts(
        segments=2, perfect=2, changed=1, corrected=1, worse=1, over_edited=1
    )
    assert report.categories["guard"] == CategoryCounts(
        segments=3, guarded=3, changed=2, corrected=2, better=2, violations=1, failed=1
    )
    assert report.total == TOTAL


def test_doing_nothing(path: Path) -> None:
    report = challenge(path, "none")
    assert report.total == CategoryCounts(segments=10, perfect=2, guarded=3, corrected=2)
    assert report.threshold == "apply"


def test_better_is_told_by_the_nearest_reference_and_by_case(tmp_path: Path) -> None:
    rows = [
        "a\tc\t\tteh end of it\tThe end of it\tnone of this is near\t",  # "the" is no nearer to "The"
        "b\tc\t\tteh end of it\tno end is in sight here\tthe end of that\t",
    ]
    report = challenge(write(tmp_path / "a.tsv", [HEADER, *rows]), "toy")
    assert report.total == CategoryCounts(segments=2, changed=2, better=1)


def test_the_report_is_plain_json(path: Path) -> None:
    value = json.loads(json.dumps(challenge(path, "toy").to_json()))
    assert set(value) == {"rewriter", "threshold", "metric", "categories", "all", "refused"}
    assert value["metric"] == "ter-cased"
    assert value["categories"]["fluent"]["over_edited"] == 1
    assert value["all"]["segments"] == 10


def test_category_and_keep_are_read_and_other_columns_left_alone(tmp_path: Path) -> None:
    rows = ["note\tsource\tkeep\tmt\tcategory\tx\treference", "n\tQuelle\t1 | <b>\ta <b> 1\tone\tz\tb <b> 1"]
    (item,) = read_challenge(write(tmp_path / "a.tsv", rows))
    assert (item.category, item.keep) == ("one", ("1", "<b>"))
    assert (item.segment.mt, item.segment.source, item.segment.references) == ("a <b> 1", "Quelle", ("b <b> 1",))
    assert (item.segment.target, item.segment.note, item.segment.line) == (None, "", 2)


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["category\tmt", "a\tb"], "column reference"),
        (["mt\treference", "a\tb"], "column category"),
        (["category\tmt\treference", "a\tb\tc", "\tb\tc"], "line 3: the category is empty"),
        (["category\tmt\treference", "a\tb\t"], "line 2: the reference is empty"),
        (["category\tmt\treference", "a\tb"], "line 2: 2 fields"),
    ],
)
def test_a_broken_set_is_refused_with_its_place(lines: list[str], words: str, tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=words) as caught:
        read_challenge(write(tmp_path / "a.tsv", lines))
    assert "a.tsv" in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize(
    ("keep", "after", "lost"),
    [
        (["not"], "It is nothing.", ("not",)),
        (["not"], "Not so.", ("not",)),
        (["14", "cm"], "14 cm", ()),
        (["14"], "140 cm, 14.5 cm and 3,14", ("14",)),
        (["14"], "It was 14.", ()),
        (["<b>", "</b>"], "<b>x", ("</b>",)),
        (["{0}"], "x{0}x", ()),
    ],
)
def test_lost_strings(keep: list[str], after: str, lost: tuple[str, ...]) -> None:
    assert lost_strings(keep, " ".join(keep), after) == lost


def test_one_of_two_is_lost() -> None:
    assert lost_strings(["%s"], "%s and %s", "%s and") == ("%s",)


@given(st.text(min_size=1), st.text(), st.text())
def test_what_stays_is_not_lost(keep: str, before: str, after: str) -> None:
    text = f"{before} {keep} {after}"
    assert lost_strings([keep], text, text) == ()
    assert lost_strings([keep], text, "") == (keep,)


def test_a_benchmark_has_do_nothing_first_and_each_rewriter_once(path: Path, tmp_path: Path) -> None:
    scored = write(tmp_path / "scored.tsv", ["mt\treference", "teh cat\tthe cat", "a dog\tthe dog", "wrold\tWorld"])
    told: list[int] = []
    results = benchmark([path, scored], ["toy", "none", "toy"], BenchmarkOptions(resamples=0), on_progress=told.append)
    assert [result.path for result in results] == [path, scored]
    assert [report.rewriter for report in results[0].challenges] == ["none", "toy"]
    assert results[0].challenges[1].total == TOTAL
    assert not results[0].references and not results[1].challenges
    nothing, toy = results[1].references
    assert (nothing.changed, nothing.improved, nothing.deteriorated) == (0, 0, 0)
    assert (toy.segments, toy.changed, toy.improved, toy.deteriorated, toy.failed) == (3, 2, 1, 0, 0)
    assert list(toy.scores) == ["bleu", "chrf++", "ter", "ter-cased"]
    # 5 words in the references; case counts in the second of the two only.
    assert [nothing.scores[name].value for name in ("ter", "ter-cased")] == [60, 60]
    assert [toy.scores[name].value for name in ("ter", "ter-cased")] == [20, 40]
    assert told == list(range(1, 27))


def test_targets_in_the_file_are_not_what_is_measured(tmp_path: Path) -> None:
    path = write(tmp_path / "a.tsv", ["mt\ttarget\treference", "a dog\tthe dog\tthe dog", "x\t\t"])
    (result,) = benchmark([path], [], BenchmarkOptions(resamples=0))
    (nothing,) = result.references
    assert (nothing.segments, nothing.changed, nothing.scores["ter"].value) == (1, 0, 50)


def test_files_are_looked_at_before_a_model_is_loaded(path: Path, tmp_path: Path) -> None:
    bare = write(tmp_path / "bare.tsv", ["mt", "a"])
    with pytest.raises(CorpusError, match=r"bare\.tsv"):
        benchmark([path, bare], ["no-such-model"])
    with pytest.raises(ModelError, match="no-such-model"):
        benchmark([path], ["no-such-model"])
