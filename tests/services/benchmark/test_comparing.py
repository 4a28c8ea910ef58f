"""Comparing two sides of benchmark runs that the toy rewriter and do-nothing have made here."""

import json
import shlex
from pathlib import Path

import pytest

from posteditor.cli.main import main
from posteditor.errors import CorpusError, UsageError
from posteditor.scoring.metrics import create_metric
from posteditor.services.benchmark import set_files
from posteditor.services.benchmark.comparing import CompareOptions, Comparison, compare, read_differences
from posteditor.services.benchmark.editing_runs import edit_request, open_run_segment
from posteditor.services.benchmark.kept_segments import KeptSegments
from posteditor.services.benchmark.options import BenchmarkOptions
from posteditor.services.benchmark.pairing import Pairing, pair_up
from posteditor.services.benchmark.run_folder import open_run
from posteditor.services.benchmark.running import benchmark
from posteditor.services.benchmark.segment_differences import Kind, Order, SegmentDifferences
from posteditor.services.benchmark.sides import find_sides, sides_in_run
from posteditor.services.importing import no_progress
from tests.services.benchmark.conftest import write

QUICK = BenchmarkOptions(resamples=0, trials=0)
LINES = [
    "id\tsource\tmt\treference\treference_2",
    "s-1\tUno\tteh cat sleeps\tthe cat sleeps\ta cat sleeps",  # gains an edit of 3 words
    "s-2\t\tno reference here\t\t",
    "s-3\tTres\tteh is a misprint of long standing\tteh is a misprint of long standing\t",  # loses one of 7
    "s-4\t\tnothing to do\tnothing to do\t",
    "s-5\t\tteh wrold\tthe world\t",  # gains both of 2
    "s-6\t\tseven dwarfs\tseven dwarfs\t",  # the gate withdraws eight
    "s-7\t\tRAISE teh flag\tRaise the flag\t",  # the rewriter gives up
    "s-8\t\tteh \x1b[31mÅngström [bold]unit[/]\tan \x1b[31mÅngström [bold]unit[/]\t",  # changed to no effect
]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return write(tmp_path / "news.tsv", LINES)


@pytest.fixture
def run(data: Path, tmp_path: Path) -> Path:
    benchmark([data], ["toy"], QUICK, run_folder=tmp_path / "run")
    return tmp_path / "run"


def paired(a: str | Path, b: str | Path) -> Pairing:
    return pair_up(*find_sides(str(a), str(b)))


def segments_of(pairing: Pairing) -> SegmentDifferences:
    return read_differences(pairing, pairing.sets[0])


# -- naming the sides -------------------------------------------------------------------------------------------------


def test_a_run_with_one_model_stands_for_it_and_twice_for_nothing_and_the_model(run: Path) -> None:
    a, b = find_sides(f"{run}:none", str(run))
    assert (a.rewriter, b.rewriter) == ("none", "toy")
    a, b = find_sides(str(run), str(run))
    assert (a.rewriter, b.rewriter) == ("none", "toy")


def test_a_run_with_two_models_twice_stands_for_both(data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "two"
    benchmark([data], ["toy", "toy+none"], QUICK, run_folder=folder)
    assert [side.rewriter for side in find_sides(str(folder), f"{folder}/.")] == ["toy", "toy+none"]
    with pytest.raises(UsageError, match="2 models") as raised:
        find_sides(str(folder), f"{folder}:toy")
    assert f"{folder}:toy+none" in raised.value.hint


def test_colons_may_stand_in_folders_and_in_specs(data: Path, tmp_path: Path) -> None:
    folder, model = tmp_path / "runs:toy", f"toy:{tmp_path}"
    benchmark([data], ["toy", model], QUICK, run_folder=folder)
    assert [side.rewriter for side in find_sides(f"{folder}:none", f"{folder}:{model}")] == ["none", model]
    assert [side.rewriter for side in find_sides(str(folder), str(folder))] == ["toy", model]


@pytest.mark.parametrize(
    ("a", "b", "error", "words"),
    [
        ("{run}:none", "{run}:toyy", UsageError, "Did you mean toy?"),
        ("{run}:toy", "{run}", UsageError, "compared with itself"),
        ("{run}", "{run}s", CorpusError, "no such run folder"),
        ("{run}", "{run}/sets", CorpusError, "manifest.json"),
    ],
)
def test_what_can_not_be_meant_is_told(a: str, b: str, error: type[Exception], words: str, run: Path) -> None:
    with pytest.raises(error, match=r"(?s).*") as raised:
        find_sides(a.format(run=run), b.format(run=run))
    assert words in str(raised.value)


# -- what can be compared ---------------------------------------------------------------------------------------------


def test_other_texts_under_the_same_name_are_refused_with_their_hashes(run: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    benchmark([write(tmp_path / "news.tsv", [*LINES[:2], LINES[4]])], ["toy"], QUICK, run_folder=other)
    with pytest.raises(UsageError, match=r"hold other texts under the same names: news \([0-9a-f]{12} there, "):
        paired(run, other)


def test_runs_without_a_common_test_set_are_refused(run: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    benchmark([write(tmp_path / "press.tsv", LINES[:2])], ["toy"], QUICK, run_folder=other)
    with pytest.raises(UsageError, match="no test set in common: news there, press here"):
        paired(run, other)


def test_only_common_test_sets_are_compared_and_what_differs_is_told(run: Path, data: Path, tmp_path: Path) -> None:
    more, other = write(tmp_path / "more.tsv", LINES[:2]), tmp_path / "other"
    same = write(tmp_path / "renamed.tsv", LINES)
    options = BenchmarkOptions(threshold="show", gate_off=("number",), metrics=("ter",), resamples=0, trials=0)
    benchmark([same, more], ["toy"], options, run_folder=other)
    pairing = paired(run, other)
    assert [pair.name for pair in pairing.sets] == ["news = renamed"]
    assert [metric.name for metric in pairing.sets[0].metrics] == ["ter", "ter-cased"]
    assert pairing.notes == (
        f"more is left out: it is in {other} only.",
        f"threshold differs: apply in {run}, show in {other}.",
        f"gate off differs: none in {run}, number in {other}.",
        "news = renamed: bleu, chrf++ was not measured in the same way on both sides.",
    )
    found = segments_of(pairing)
    index = found.index_of(6)
    assert index is not None
    assert (found.difference(index).gain, found.texts(index).b.text) == (-50, "eight dwarfs")


def test_an_unfinished_cell_is_named_with_a_command_that_finishes_it(run: Path, data: Path, tmp_path: Path) -> None:
    options = BenchmarkOptions(threshold="show", limit=5, gate_off=("number",), resamples=0, trials=0)
    other = tmp_path / "other"
    benchmark([data], ["toy"], options, run_folder=other)
    for damage in (b"", b'{"answers": ['):
        journal = open_run(other).cell_file("news", "toy")
        lines = journal.read_bytes().splitlines(keepends=True)
        journal.write_bytes(b"".join(lines[:-1]) + damage)
        with pytest.raises(UsageError, match="toy has not answered all of news yet") as raised:
            sides = sides_in_run(other, "none", "toy")
            pair_up(*sides)
        command = raised.value.hint.partition("such as: ")[2]
        assert main(shlex.split(command)[1:]) == 0
        pair_up(*sides_in_run(other, "none", "toy"))


def test_a_damaged_journal_is_told(run: Path) -> None:
    journal = open_run(run).cell_file("news", "toy")
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(b"".join([*lines[:-1], b'{"answers": [[1]]}\n', lines[-1]]))
    with pytest.raises(CorpusError, match="is damaged"):
        segments_of(paired(f"{run}:none", run))


# -- the numbers ------------------------------------------------------------------------------------------------------


def test_every_figure_of_a_comparison(run: Path) -> None:
    (one,) = compare(paired(f"{run}:none", run), CompareOptions(segments=2, resamples=0, trials=0)).sets
    assert (one.segments, one.better, one.worse, one.equal, one.texts_differ) == (7, 2, 1, 4, 4)
    assert [shown.difference.id for shown in one.gained] == ["s-5", "s-1"]
    assert [shown.difference.id for shown in one.lost] == ["s-3"]
    gained = one.gained[0].difference
    assert (gained.position, gained.before, gained.a, gained.b) == (5, 100, 100, 0)
    assert (gained.gain, gained.gain_edits) == (100, 2)
    assert one.lost[0].difference.gain == pytest.approx(-100 / 7)
    assert one.lost[0].texts.b.text == "the is a misprint of long standing"
    assert one.lost[0].texts.segment.source == "Tres"


def test_scores_and_p_values_are_those_of_the_report(tmp_path: Path) -> None:
    lines = [f"teh cat {number} sleeps\tthe cat {number} {'sleeps' * (number % 3)}" for number in range(30)]
    data, folder = write(tmp_path / "a.tsv", ["mt\treference", *lines]), tmp_path / "run"
    report = benchmark([data], ["toy"], BenchmarkOptions(resamples=100, trials=100), run_folder=folder)
    row = report.sets[0].rows[1]
    (one,) = compare(paired(folder, folder), CompareOptions(resamples=100, trials=100)).sets
    assert [metric.metric for metric in one.metrics] == list(row.scores)
    for metric, known in zip(one.metrics, row.differences, strict=True):
        assert metric.b.value == row.scores[metric.metric].value
        assert metric.difference == pytest.approx(known.value)
        assert (metric.bootstrap_p, metric.randomisation_p) == (known.bootstrap_p, known.randomisation_p)
        assert metric.better == "B"


def test_sentence_scores_are_those_of_the_metric(run: Path) -> None:
    metric = create_metric("ter-cased")
    found = segments_of(paired(f"{run}:none", run))
    for index in range(len(found)):
        texts, difference = found.texts(index), found.difference(index)
        for text, value in ((texts.segment.mt, difference.before), (texts.b.text, difference.b)):
            assert metric.sentence_score(metric.statistics(text, texts.segment.references)).value == value


def test_segments_are_sorted_filtered_and_found(run: Path) -> None:
    found = segments_of(paired(f"{run}:none", run))

    def listed(order: Order, kind: Kind = Kind.ALL) -> list[int]:
        return [found.difference(index).position for index in found.view(order, kind)]

    assert listed(Order.GAIN) == [5, 1, 4, 6, 7, 8, 3]
    assert listed(Order.LOSS) == [3, 4, 6, 7, 8, 1, 5]
    assert listed(Order.POSITION) == [1, 3, 4, 5, 6, 7, 8]
    assert listed(Order.LENGTH) == [3, 1, 4, 7, 8, 5, 6]
    assert [each.position for each in found.by_gain()] == [5, 1, 3, 4, 6, 7, 8]
    by_kind = {kind: listed(Order.POSITION, kind) for kind in Kind}
    assert by_kind == {
        Kind.ALL: [1, 3, 4, 5, 6, 7, 8],
        Kind.CHANGED: [1, 3, 5, 8],
        Kind.IMPROVED: [1, 5],
        Kind.DETERIORATED: [3],
        Kind.REFUSED: [6],
        Kind.FAILED: [7],
    }
    for text, places in (
        ("ÅNGSTRÖM", [6]),
        ("uno", [0]),
        ("THE is", [1]),
        ("a cat", [0]),
        ("Raise", [5]),
        ("eight", []),
    ):
        assert [index for batch in found.find(text, lambda: False) for index in batch] == places
    assert found.index_of(2) is None and found.index_of(3) == 1 and found.index_of(10**30) is None


def test_numbers_are_kept_beside_the_journal_until_it_changes(run: Path) -> None:
    pairing = paired(f"{run}:none", run)
    first = segments_of(pairing)
    kept = run / "answers" / "news" / "toy.numbers.npz"
    assert kept.exists()
    again = segments_of(pairing)
    assert list(again.view(Order.GAIN)) == list(first.view(Order.GAIN))
    assert again.texts(1) == first.texts(1) and again.revisions == ("1", "toy-1")
    kept.write_bytes(b"PK\x03\x04 not what it was")
    assert list(segments_of(pairing).view(Order.LOSS)) == list(first.view(Order.LOSS))


def test_kept_segments_are_what_the_reader_of_files_gives(run: Path) -> None:
    path = run / "sets" / "news.jsonl"
    segments = KeptSegments(path)
    assert list(segments) == list(set_files.read(path))
    assert segments.at(8) == list(segments)[7]


def test_a_folder_that_changes_meanwhile_is_told(run: Path) -> None:
    found = segments_of(paired(f"{run}:none", run))
    open_run(run).cell_file("news", "toy").write_bytes(b"")
    with pytest.raises(CorpusError, match="has changed"):
        found.texts(0)


def test_the_result_is_plain_json(run: Path) -> None:
    result: Comparison = compare(paired(f"{run}:none", run), CompareOptions(segments=1, resamples=0, trials=0))
    plain = json.loads(json.dumps(result.to_json()))
    (one,) = plain["sets"]
    assert one["metrics"][3]["better"] == "B" and one["metrics"][3]["a"]["signature"]
    assert one["gained"][0]["suggestion_b"]["text"] == "the world"
    assert (plain["a"]["rewriter"], plain["b"]["rewriter"]) == ("none", "toy")


# -- into the editor --------------------------------------------------------------------------------------------------


def test_a_segment_is_opened_in_a_project_of_its_own(run: Path) -> None:
    folder = open_run(run)
    kept = folder.sets["news"]
    path = folder.set_file("news")
    before = path.read_bytes(), path.stat().st_mtime_ns
    suggestion = segments_of(paired(f"{run}:none", run)).texts(3).b
    session, _ = open_run_segment(folder, kept, 5, [(suggestion, "toy-1")], progress=no_progress)
    with session:
        assert session.last_position() == 5
        assert session.count == 8
        assert session.load(5).mt == "teh wrold"
        assert session.suggestions(5) == [suggestion]
        session.confirm(5, "The world.")
    session, _ = open_run_segment(folder, kept, 1, [], progress=no_progress)
    with session:
        assert session.last_position() == 1
        assert session.load(5).target == "The world."
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
    assert edit_request(folder, kept).project_path.parent == run / "edits"


def test_work_in_the_editor_outlives_a_run_begun_anew(run: Path, data: Path) -> None:
    folder = open_run(run)
    session, _ = open_run_segment(folder, folder.sets["news"], 1, [], progress=no_progress)
    with session:
        session.confirm(1, "Mine.")
    benchmark([data], ["toy"], BenchmarkOptions(threshold="show", force=True, resamples=0, trials=0), run_folder=run)
    folder = open_run(run)
    session, _ = open_run_segment(folder, folder.sets["news"], 1, [], progress=no_progress)
    with session:
        assert session.load(1).target == "Mine."


def test_a_test_set_with_an_id_twice_can_be_edited_too(tmp_path: Path) -> None:
    data = write(tmp_path / "a.tsv", ["id\tmt\treference", "x\tteh\tthe", "x\twrold\tworld"])
    benchmark([data], ["toy"], QUICK, run_folder=tmp_path / "run")
    folder = open_run(tmp_path / "run")
    session, _ = open_run_segment(folder, folder.sets["a"], 2, [], progress=no_progress)
    with session:
        assert session.load(2).mt == "wrold" and session.load(2).references == ("world",)
