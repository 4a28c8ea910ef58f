"""The memory of confirmed edits: exact, of the same source, repaired; what it learns and what it must not."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posteditor.core.segment import Segment
from posteditor.core.suggestion import Suggestion, apply_edits
from posteditor.errors import CorpusError
from posteditor.rewriters.memory import MemoryRewriter
from posteditor.rewriters.memory_file import files_in, read_pairs
from posteditor.rewriters.memory_index import PairIndex, words_of
from posteditor.rewriters.memory_repair import Evidence, Text, corrections, evidence
from posteditor.rewriters.protocol import Learner, MemoryPair
from posteditor.rewriters.specs import load_rewriter


def memory(*pairs: MemoryPair | tuple[str, str]) -> MemoryRewriter:
    rewriter = MemoryRewriter("memory")
    rewriter.learn(pair if isinstance(pair, MemoryPair) else MemoryPair(*pair) for pair in pairs)
    return rewriter


def ask(rewriter: MemoryRewriter, mt: str, source: str | None = None, position: int = 1000) -> Suggestion:
    (suggestion,) = rewriter.rewrite([Segment(position, mt, source=source)])
    assert suggestion.text == apply_edits(mt, suggestion.edits)
    return suggestion


# -- exact -----------------------------------------------------------------------------------------------------------


def test_what_was_confirmed_for_the_same_mt_is_suggested() -> None:
    suggestion = ask(memory(("He go home.", "He went home.")), "He go home.")
    assert suggestion.text == "He went home."
    assert [(edit.replacement, edit.category, edit.confidence) for edit in suggestion.edits] == [
        ("went", "exact match", 0.95)
    ]
    assert suggestion.rewriter == "memory"


@pytest.mark.parametrize(
    ("targets", "text", "confidence"),
    [
        (["A", "A", "B"], "A", 0.6333),
        (["B", "A", "A"], "A", 0.6333),
        (["A", "B", "B", "B"], "B", 0.7125),
        (["A", "B"], "x y z", 1.0),  # nobody knows
        (["A", "x y z", "x y z"], "x y z", 1.0),  # left alone more often than not
    ],
)
def test_where_confirmations_disagree_the_most_frequent_is_less_sure(
    targets: list[str], text: str, confidence: float
) -> None:
    suggestion = ask(memory(*(("x y z", target) for target in targets)), "x y z")
    assert (suggestion.text, suggestion.confidence) == (text, confidence)


def test_of_equally_frequent_targets_the_newest_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("posteditor.rewriters.memory._LEAST", {"show": 0.4})
    assert ask(memory(("x", "A"), ("x", "B")), "x").text == "B"
    assert ask(memory(("x", "B"), ("x", "A")), "x").text == "A"


@pytest.mark.parametrize(
    ("stored", "asked", "is_exact"),
    [("el", "el", True), (None, "el", True), ("el", None, True), ("", "el", True), ("el", "ella", False)],
)
def test_sources_have_to_be_the_same_where_both_are_known(
    stored: str | None, asked: str | None, is_exact: bool
) -> None:
    suggestion = ask(memory(MemoryPair("He go now", "He goes now", stored)), "He go now", asked)
    categories = {edit.category for edit in suggestion.edits}
    assert categories == ({"exact match"} if is_exact else {"100% match"})


def test_an_mt_that_was_confirmed_as_it_is_is_left_alone_although_similar_ones_were_not() -> None:
    rewriter = memory(("a dog ran home", "a dog ran home"), *[(f"a dog ran {n}", f"the dog ran {n}") for n in range(9)])
    assert ask(rewriter, "a dog ran away").edits
    assert ask(rewriter, "a dog ran home").edits == ()


# -- of the same source ----------------------------------------------------------------------------------------------


def test_another_mt_of_a_confirmed_source_gets_its_target() -> None:
    rewriter = memory(MemoryPair("The cat is sit on mat", "The cat is sitting on the mat", "El gato está sentado"))
    suggestion = ask(rewriter, "Cat is sitted on mat", "El gato está sentado")
    assert suggestion.text == "The cat is sitting on the mat"
    assert {(edit.category, edit.confidence) for edit in suggestion.edits} == {("same source", 0.9)}
    other = ask(rewriter, "Cat is sitted on mat", "La gata está sentada")
    assert {edit.category for edit in other.edits} == {"78% match"}
    assert ask(rewriter, "wholly other words here", "El gato está sentado").edits == ()
    empty = memory(MemoryPair("one two", "three four", ""))
    assert ask(empty, "one too", "").edits == ()


# -- repaired --------------------------------------------------------------------------------------------------------


def test_the_same_correction_is_made_in_a_similar_mt() -> None:
    rewriter = memory(("the exports of the NSO group fell", "exports by the NSO group fell"))
    suggestion = ask(rewriter, "the exports of the NSO group rose")
    assert suggestion.text == "exports by the NSO group rose"
    assert {edit.category for edit in suggestion.edits} == {"90% match"}
    assert all(0.5 <= edit.confidence < 0.95 for edit in suggestion.edits)


@pytest.mark.parametrize(
    ("mt", "text"),
    [
        ("He lives in big house near here", "He lives in a big house near here"),
        ("He lived in big house near here", "He lived in a big house near here"),
        ("He lives in big houses near here", "He lives in a big houses near here"),  # one word on each side will do
        ("He lives within big house near here", None),  # another word before
        ("He lives in bigger house near here", None),
        ("He lives in  big house near here", None),  # other spaces
    ],
)
def test_a_correction_needs_its_context(mt: str, text: str | None) -> None:
    rewriter = memory(*[("He lives in big house near here", "He lives in a big house near here")] * 2)
    assert ask(rewriter, mt).text == (text or mt)


def test_corrections_at_the_ends_stay_at_the_ends() -> None:
    rewriter = memory(*[("It rained all day long", "Rain fell all day long!")] * 3)
    assert ask(rewriter, "It rained all day").text == "Rain fell all day"
    assert ask(rewriter, "So It rained all day").text == "So It rained all day"
    assert ask(rewriter, "rained all day long").text == "rained all day long!"
    assert ask(rewriter, "rained all day long ago").text == "rained all day long ago"


def test_a_correction_is_made_wherever_it_fits() -> None:
    rewriter = memory(*[("a man of high age", "a man of great age")] * 3)
    assert ask(rewriter, "a man of high age, of high age").text == "a man of great age, of great age"


def test_both_ends_of_a_move_are_made_or_none() -> None:
    rewriter = memory(*[("she quickly ran home yesterday", "she ran home quickly yesterday")] * 3)
    assert ask(rewriter, "she quickly ran home today").text == "she quickly ran home today"
    assert ask(rewriter, "then she quickly ran home yesterday").text == "then she ran home quickly yesterday"


def test_what_was_left_alone_counts_against_a_correction() -> None:
    made = [(f"in the year {n} of big war", f"in the year {n} of the big war") for n in range(4)]
    left = [(f"in the month {n} of big war", f"in the month {n} of big war") for n in range(4)]
    sure = ask(memory(*made), "in the year 99 of big war").confidence
    doubtful = memory(*made, *left[:2])
    assert ask(doubtful, "in the year 99 of big war").edits
    assert ask(doubtful, "in the year 99 of big war").confidence < sure
    assert ask(memory(*made[:1], *left), "in the year 99 of big war").edits == ()
    assert sure > ask(memory(*made[:2]), "in the year 99 of big war").confidence


def test_the_more_often_confirmed_of_two_corrections_wins() -> None:
    pairs = [("the son of king Henry", "the son of King Henry")] * 2 + [("the son of king Henry", "the son of a king")]
    rewriter = memory(*pairs, ("the heir of king Henry", "the heir of King Henry"))
    assert ask(rewriter, "the sons of king Henry").text == "the sons of King Henry"


def test_batches_make_only_what_was_confirmed_often(tmp_path: Path) -> None:
    file = tmp_path / "pairs.tsv"
    file.write_text(
        "mt\ttarget\n" + "".join(f"in year {n} of war\tin the year {n} of war\n" for n in range(100, 110)),
        encoding="utf-8",
    )
    one = tmp_path / "one.tsv"
    one.write_text("mt\ttarget\nin year 100 of war\tin the year 100 of war\n", encoding="utf-8")
    mt = "in year 105 of wars"
    for path, threshold, is_made in ((file, "apply", True), (one, "apply", False), (one, "show", True)):
        rewriter = load_rewriter(f"memory:{path}", threshold=threshold)  # type: ignore[arg-type]
        (suggestion,) = rewriter.rewrite([Segment(1, "in year 100 of wars" if path == one else mt)])
        assert bool(suggestion.edits) is is_made, (path, threshold)


# -- learning --------------------------------------------------------------------------------------------------------


def test_a_segment_learns_nothing_from_itself_but_from_its_repetitions() -> None:
    rewriter = memory(
        MemoryPair("He go", "He goes", position=3), MemoryPair("in big war now", "in the big war now", position=4)
    )
    assert ask(rewriter, "He go", position=3).edits == ()
    assert ask(rewriter, "in big war too", position=4).edits == ()
    assert ask(rewriter, "He go", position=5).text == "He goes"
    rewriter.learn([MemoryPair("He go", "He went", position=5)])
    assert ask(rewriter, "He go", position=3).text == "He went"


def test_a_segment_that_is_confirmed_again_replaces_its_pair() -> None:
    rewriter = memory(MemoryPair("He go", "He goes", position=3), MemoryPair("one two", "three", position=4))
    rewriter.learn([MemoryPair("He go", "He went", position=3)])
    assert (ask(rewriter, "He go").text, ask(rewriter, "He go").confidence) == ("He went", 0.95)
    rewriter.learn([MemoryPair("other", "words", position=3)])
    assert ask(rewriter, "He go").edits == ()


def test_the_revision_tells_what_was_learned() -> None:
    first, second = memory(("a", "b"), ("c", "d")), memory(("a", "b"), ("c", "d"))
    assert first.revision == second.revision
    second.learn([MemoryPair("e", "f", position=1)])
    known = second.revision
    assert known != first.revision
    second.learn([MemoryPair("e", "f", position=1)])  # nothing new
    assert second.revision == known
    second.learn([MemoryPair("e", "g", position=1)])
    assert len({first.revision, known, second.revision, memory().revision}) == 4
    assert isinstance(first, Learner)


def test_odd_texts_are_no_trouble() -> None:
    pairs = [
        ("\ud800 x", "\udfff x"),
        ("", "x"),
        ("   ", "y"),
        (". , !", ".,!"),
        ("漢字と仮名", "漢字や仮名"),
        ("🙂", "🙃"),
    ]
    rewriter = memory(*pairs)
    assert ask(rewriter, "\ud800 x").text == "\udfff x"
    assert ask(rewriter, "🙂").text == "🙃"
    assert ask(rewriter, "").edits == ask(rewriter, "   ").edits == ()
    assert ask(rewriter, "漢字と仮名だ").edits
    assert ask(rewriter, "1 . , !").edits == ()


def test_a_text_that_is_no_segment_is_left_alone_with_a_reason() -> None:
    suggestion = ask(memory(("word " * 5000, "x")), "word " * 5000)
    assert "longer than 10,000 characters" in suggestion.error


# -- files -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("mt\ttarget\na\tb\n", [("a", "b", None)]),
        ("source\tmt\tpe\tmore\nel\ta\tb\t?\n\t c \td\t\n", [("a", "b", "el"), (" c ", "d", "")]),
        ("\ufeffmt\tpost_edit\r\na\tb\r\n\r\n", [("a", "b", None)]),
        ("reference\tmt\ttarget\nr\ta\tt\nr\ta\t\n", [("a", "t", None)]),
        ("mt\treference\n\"a\t'b\\n\n", [('"a', "'b\\n", None)]),
        (
            "mt\ttarget\tstatus\na\tb\tdraft\nc\td\tconfirmed\ne\tf\treviewed\ng\th\tnew\n",
            [("c", "d", None), ("e", "f", None)],
        ),
        ("mt\ttarget\n", []),
    ],
)
def test_tables_are_read(tmp_path: Path, text: str, pairs: list[tuple[str, str, str | None]]) -> None:
    path = tmp_path / "pairs.tsv"
    path.write_bytes(text.encode("utf-8"))
    assert [(pair.mt, pair.target, pair.source) for pair in read_pairs(path)] == pairs
    assert all(pair.position == 0 for pair in read_pairs(path))


@pytest.mark.parametrize(
    ("content", "line", "problem"),
    [
        (b"", 1, "lacks a column mt"),
        (b"source\ttarget\na\tb\n", 1, "lacks a column mt"),
        (b"mt\tsource\na\tb\n", 1, "confirmed texts"),
        (b"mt\ttarget\na\tb\n\xff\tb\n", 3, "not UTF-8: byte 1"),
        (b"mt\ttarget\na\tb\nc\n", 3, "1 field where the header has 2"),
        (b"mt\ttarget\na\tb\tc\n", 2, "3 fields where the header has 2"),
        (b"\x28\xb5\x2f\xfd\x00", 1, "not UTF-8"),
    ],
)
def test_bad_tables_are_refused_with_their_line(tmp_path: Path, content: bytes, line: int, problem: str) -> None:
    path = tmp_path / "pairs.tsv"
    path.write_bytes(content)
    with pytest.raises(CorpusError, match=problem) as caught:
        load_rewriter(f"memory:{path}")
    assert (caught.value.path, caught.value.line) == (path, line)


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    for path in (tmp_path / "nowhere.tsv", tmp_path):
        with pytest.raises(CorpusError, match="can't be read"):
            load_rewriter(f"memory:{path}")


def test_several_files_and_names_with_commas(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, row in (("a.tsv", "one\t1"), ("b.tsv", "two\t2"), ("c,d.tsv", "three\t3")):
        (tmp_path / name).write_text(f"mt\ttarget\n{row}\n", encoding="utf-8")
    rewriter = load_rewriter(f"memory:{tmp_path}/a.tsv,{tmp_path}/b.tsv")
    assert [suggestion.text for suggestion in rewriter.rewrite([Segment(1, "one"), Segment(2, "two")])] == ["1", "2"]
    rewriter = load_rewriter(f"memory:{tmp_path}/c,d.tsv")
    assert [suggestion.text for suggestion in rewriter.rewrite([Segment(1, "three")])] == ["3"]
    monkeypatch.setenv("HOME", str(tmp_path))
    assert files_in("~/a.tsv") == [tmp_path / "a.tsv"]
    assert files_in("") == []


# -- the index -------------------------------------------------------------------------------------------------------


def test_the_most_similar_pairs_are_found_among_many() -> None:
    index = PairIndex()
    for number in range(2000):
        index.add(MemoryPair(f"the report number {number} of the committee on fish", "x"))
    index.add(MemoryPair("the bulletin of the committee on herring quotas", "y"))
    found = index.like("the bulletin of a committee on herring quotas", least=0.5, most=3)
    assert found[0].pair.target == "y"
    assert found == sorted(found, key=lambda item: -item.similarity)
    assert len(index.like("the report number 7 of the committee on fish", least=0.5, most=5)) == 5
    assert index.like("nothing of the kind whatever", least=0.5, most=5) == []


def test_unspaced_scripts_are_found_by_pairs_of_characters() -> None:
    assert words_of("漢字と仮名 ABC") == {"漢字", "字と", "と仮", "仮名", "abc"}
    assert words_of("漢") == {"漢"}
    assert words_of("...") == frozenset()


WORD = st.sampled_from(["a", "the", "big", "dog", "cat", "ran", "home", "of", ",", "."])
TEXT = st.lists(WORD, max_size=8).map(" ".join)
PAIR = st.builds(MemoryPair, TEXT, TEXT, st.sampled_from([None, "x", "y"]), st.integers(0, 6))


@given(pairs=st.lists(PAIR, max_size=12), mt=TEXT, source=st.sampled_from([None, "x", "y"]), position=st.integers(1, 8))
def test_it_never_contradicts_what_was_confirmed_for_the_same_mt(
    pairs: list[MemoryPair], mt: str, source: str | None, position: int
) -> None:
    suggestion = ask(memory(*pairs), mt, source, position)
    last = {pair.position: pair for pair in pairs if pair.position}
    alive = [pair for pair in pairs if not pair.position or last[pair.position] == pair]
    others = [pair for pair in alive if pair.position != position]
    exact = [p for p in others if p.mt == mt and (not p.source or not source or p.source == source)]
    if exact:
        assert suggestion.text in {mt, *(pair.target for pair in exact)}
    if not others:
        assert suggestion.edits == ()
    assert all(0.5 <= edit.confidence <= 0.95 for edit in suggestion.edits)


@given(pairs=st.lists(PAIR, max_size=10), mts=st.lists(TEXT, max_size=4))
def test_the_same_memory_gives_the_same_answers(pairs: list[MemoryPair], mts: list[str]) -> None:
    segments = [Segment(number, mt) for number, mt in enumerate(mts, 1)]
    assert list(memory(*pairs).rewrite(segments)) == list(memory(*pairs).rewrite(segments))


@given(mt=TEXT, target=TEXT)
def test_all_corrections_of_a_pair_together_make_its_target(mt: str, target: str) -> None:
    text = Text(mt)
    found = [correction for group in corrections(mt, target) for correction in group]
    for correction in found:
        assert correction.text in mt
        assert correction.corrected in target or len(found) > 1
        assert any(mt[start:end] == correction.old for start, end in text.places(correction)) or not mt.strip()


@given(pairs=st.lists(PAIR, min_size=1, max_size=10))
def test_a_correction_was_made_at_least_where_it_was_learned(pairs: list[MemoryPair]) -> None:
    for pair in pairs:
        groups = corrections(pair.mt, pair.target)
        if len(groups) != 1 or len(groups[0]) != 1 or not pair.mt.strip() or not groups[0][0].corrected.strip():
            continue
        record = evidence(groups[0][0], [pair], most=10)
        assert record.made >= 1 or record == Evidence(0, 0), (pair, groups, record)
