"""Our own formats as test sets, and what they say about their references."""

import gzip
from pathlib import Path

import pytest

from posteditor.errors import AlignmentError, CorpusError, UsageError
from posteditor.formats.options import ReadOptions
from posteditor.formats.test_sets.definition import examine
from posteditor.formats.test_sets.opening import open_test_sets
from tests.formats.test_sets.making import only, parts, parts_of, put, refusal

TSV = "id\tsource\tmt\treference\treference_2\n1\tq\ta\tb\tc\n2\tr\td\t\t\n2\ts\te\t \tf\n"


class TestTables:
    def test_a_table(self, tmp_path: Path) -> None:
        path = put(tmp_path, {"news.tsv": TSV}) / "news.tsv"
        found = only(path)
        assert (found.name, found.kind, found.path, found.files) == ("news", "table", path, (path,))
        assert (found.system, found.reference_kind, found.source_lang, found.target_lang) == ("", None, None, None)
        assert not found.is_tokenized
        assert parts(list(found.segments())) == [("q", "a", ("b", "c")), ("r", "d", ()), ("s", "e", ("f",))]

    def test_what_a_pass_finds(self, tmp_path: Path) -> None:
        contents = examine(only(put(tmp_path, {"news.tsv": TSV}) / "news.tsv"))
        assert (contents.segments, contents.with_reference, contents.most_references) == (3, 2, 2)
        assert (contents.with_source, contents.repeated_ids, contents.repeated_count) == (3, ("2",), 1)

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("x.csv", 'mt,reference\n"a, b",c\n'),
            ("x.jsonl", '{"mt": "a, b", "reference": "c"}\n'),
            ("x.tsv.gz", gzip.compress(b"mt\treference\na, b\tc\n")),
        ],
    )
    def test_other_formats(self, tmp_path: Path, name: str, content: str | bytes) -> None:
        assert only(put(tmp_path, {name: content}) / name).name == "x"
        assert parts_of(tmp_path / name) == [(None, "a, b", ("c",))]

    def test_no_column_of_references(self, tmp_path: Path) -> None:
        error = refusal(put(tmp_path, {"x.tsv": "id\tmt\n1\ta\n"}) / "x.tsv", CorpusError)
        assert "no column reference; the columns that are read are id, mt" in error.message

    def test_all_references_are_missing(self, tmp_path: Path) -> None:
        put(tmp_path, {"x.tsv": "mt\treference\na\t\nb\t \n", "x.jsonl": '{"mt": "a"}\n'})
        assert "none of its 2 segments has a reference" in refusal(tmp_path / "x.tsv", CorpusError).message
        assert "none of its 1 segments has a reference" in refusal(tmp_path / "x.jsonl", CorpusError).message

    def test_wrong_encoding(self, tmp_path: Path) -> None:
        error = refusal(put(tmp_path, {"x.tsv": b"mt\treference\na\tb\nc\xe9\td\n"}) / "x.tsv", CorpusError)
        assert isinstance(error, CorpusError)
        assert error.line == 3
        assert "not UTF-8" in error.message

    def test_there_is_nothing_to_select(self, tmp_path: Path) -> None:
        put(tmp_path, {"x.tsv": TSV})
        assert "only one test set" in refusal(f"{tmp_path}/x.tsv:de-en", UsageError).message


class TestParallelText:
    FILES = {"news.de": "q\nr\n", "mt.en": "a\nb\n", "ref.en": "c\n\n"}  # noqa: RUF012 (pytest)

    def test_joined_with_commas(self, tmp_path: Path) -> None:
        put(tmp_path, {**self.FILES})
        joined = ",".join(str(tmp_path / name) for name in self.FILES)
        found = only(joined)
        assert (found.name, found.kind, len(found.files)) == ("mt", "text", 3)
        assert parts_of(joined) == [("q", "a", ("c",)), ("r", "b", ())]

    def test_as_several_paths_when_there_are_no_others(self, tmp_path: Path) -> None:
        put(tmp_path, {**self.FILES, "x.tsv": TSV})
        paths = [tmp_path / name for name in self.FILES]
        (found,) = open_test_sets(paths)
        assert parts(list(found.segments())) == [("q", "a", ("c",)), ("r", "b", ())]
        assert "its name does not say" in refusal([*paths, tmp_path / "x.tsv"], UsageError).message

    def test_a_file_with_commas_in_its_name_is_that_file(self, tmp_path: Path) -> None:
        put(tmp_path, {"a,b.tsv": TSV})
        assert only(tmp_path / "a,b.tsv").name == "a,b"

    def test_columns_in_another_order(self, tmp_path: Path) -> None:
        put(tmp_path, {**self.FILES})
        joined = f"{tmp_path}/ref.en,{tmp_path}/mt.en"
        (found,) = open_test_sets([joined], ReadOptions(columns=("reference", "mt")))
        assert found.name == "mt"
        assert parts(list(found.segments())) == [(None, "a", ("c",)), (None, "b", ())]

    def test_two_files_have_no_reference(self, tmp_path: Path) -> None:
        put(tmp_path, {**self.FILES})
        assert "no text file with references" in refusal([tmp_path / "news.de", tmp_path / "mt.en"]).message

    def test_a_text_alone(self, tmp_path: Path) -> None:
        error = refusal(put(tmp_path, {"x.txt": "a\n"}) / "x.txt", UsageError)
        assert "source,mt,reference" in error.hint

    def test_unequal_lengths(self, tmp_path: Path) -> None:
        put(tmp_path, {"s.txt": "a\nb\n", "m.txt": "a\nb\n", "r.txt": "a\n"})
        error = refusal(f"{tmp_path}/s.txt,{tmp_path}/m.txt,{tmp_path}/r.txt", AlignmentError)
        assert "s.txt has 2 lines" in error.message
        assert "r.txt has 1" in error.message


class TestReferenceKind:
    @pytest.mark.parametrize(
        ("name", "content", "kind"),
        [
            ("x.tsv", "mt\treference\treference_kind\na\tb\tpost-edit\nc\td\t\ne\tf\tpost-edit\n", "post-edit"),
            ("x.csv", 'reference_kind,mt,reference,other\nindependent,"a\nb",c,d\n', "independent"),
            ("x.jsonl", '{"mt": "a"}\n{"mt": "b", "reference": "c", "reference_kind": "independent"}\n', "independent"),
            ("x.jsonl", '{"mt": "b", "reference": "c", "reference_kind": null}\n', None),
            ("x.tsv", "mt\treference\treference_kind\na\tb\t\n", None),
            ("x.tsv", "mt\treference\na\tb\n", None),
        ],
    )
    def test_a_column_says_it(self, tmp_path: Path, name: str, content: str, kind: str | None) -> None:
        path = put(tmp_path, {name: content}) / name
        assert only(path).reference_kind == kind
        assert [found.reference_kind for found in open_test_sets([path], reference_kind="post-edit")] == ["post-edit"]

    @pytest.mark.parametrize(
        ("name", "content", "line", "problem"),
        [
            ("x.tsv", "mt\treference\treference_kind\na\tb\tpost-edit\nc\td\tindependent\n", 3, "post-edit on line 2"),
            ("x.csv", "mt,reference,reference_kind\na,b,post-edited\n", 2, "'post-edited' is unknown"),
            ("x.jsonl", '{"mt": "a", "reference_kind": 1}\n', 1, "'1' is unknown"),
            (
                "x.jsonl",
                '{"mt": "a", "reference_kind": "independent"}\n{"mt": "a", "reference_kind": "post-edit"}\n',
                2,
                "post-edit, but independent on line 1",
            ),
        ],
    )
    def test_what_it_may_not_say(self, tmp_path: Path, name: str, content: str, line: int, problem: str) -> None:
        error = refusal(put(tmp_path, {name: content}) / name, CorpusError)
        assert isinstance(error, CorpusError)
        assert error.line == line
        assert problem in error.message

    def test_the_option_wins_over_mixed_values(self, tmp_path: Path) -> None:
        put(tmp_path, {"x.tsv": "mt\treference\treference_kind\na\tb\tpost-edit\nc\td\tindependent\n"})
        (found,) = open_test_sets([tmp_path / "x.tsv"], reference_kind="independent")
        assert found.reference_kind == "independent"
        assert len(list(found.segments())) == 2

    def test_bad_json_is_left_to_the_reader(self, tmp_path: Path) -> None:
        put(tmp_path, {"x.jsonl": '{"mt": "a", "reference": "b"}\n{"reference_kind": }\n'})
        assert "not valid JSON" in refusal(tmp_path / "x.jsonl", CorpusError).message
