"""Cleaning whole files: what is kept comes out as it was, what goes has a reason, and nothing gets lost."""

import gzip
from pathlib import Path

import pytest

from posteditor.errors import CorpusError, PostEditorError, UsageError
from posteditor.formats.options import ReadOptions
from posteditor.formats.reading import open_segments
from posteditor.services.cleaning.options import default_rejects
from posteditor.services.transfer import create_project
from tests.services.cleaning.dirty_corpus import clean, kept, pairs, read_jsonl, read_tsv, write_tsv

LENGTH = '[[steps]]\nrule = "length"\nmax = 3\n'


@pytest.mark.parametrize("jobs", [1, 2])
def test_the_good_ones_are_kept_in_order(tmp_path: Path, jobs: int) -> None:
    corpus = pairs(5000)
    source = write_tsv(tmp_path / "a.tsv", corpus)
    output, rejected = tmp_path / "out.tsv", tmp_path / "rejected.jsonl"
    result = clean(source, output, rejected=rejected, fixed=tmp_path / "fixed.jsonl", jobs=jobs)
    assert read_tsv(output) == kept(corpus)
    assert (result.pairs, result.kept, result.rejected, result.bad) == (5000, 2501, 2499, 0)
    assert result.summary()[0] == "5,000 in = 2,501 kept + 2,499 rejected"
    taken = {step.name: (step.reached, step.taken) for step in result.steps}
    assert taken == {
        "fix mojibake": (5000, 500),
        "empty": (5000, 500),
        "identical": (4500, 500),
        "length_ratio": (4000, 500),
        "numbers": (3500, 500),
        "duplicates": (3000, 499),
    }
    rejects = read_jsonl(rejected)
    assert [row["position"] for row in rejects] == [n for n in range(1, 5001) if n % 10 in (3, 5, 6, 8, 9) and n != 9]
    assert rejects[2] == {
        "id": "6",
        "source": "Das ist Satz Nummer 6 von vielen.",
        "mt": "This is sentence number 7 of many.",
        "note": "numbers 0 under 0.5: only the source has 6, only the target has 7",
        "position": 6,
        "line": 7,
        "rule": "numbers",
        "score": 0,
        "threshold": 0.5,
    }
    assert rejects[4]["note"] == "empty: no target"
    assert next(row for row in rejects if row["position"] == 19)["note"] == "duplicates: the same as pair 10"
    fixes = read_jsonl(tmp_path / "fixed.jsonl")
    assert len(fixes) == 500
    assert fixes[0] == {
        "position": 7,
        "fixer": "fix mojibake",
        "side": "target",
        "before": "CafÃ© This is sentence number 7 of many.",
        "after": "Café This is sentence number 7 of many.",
    }
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "a.tsv",
        "fixed.jsonl",
        "out.tsv",
        "rejected.jsonl",
        "rules.toml",
    ]


def test_records_stay_byte_for_byte(tmp_path: Path) -> None:
    content = 'x\tsource\tmt\tid\r\n"\ta b\tc\t1\r\n\r\n\ta b c d\te\t2\r\nz\tä\tb\t3\r\n'
    (tmp_path / "a.tsv").write_bytes(b"\xef\xbb\xbf" + content.encode())
    clean(tmp_path / "a.tsv", tmp_path / "out.tsv", LENGTH)
    wanted = b"\xef\xbb\xbf" + content.replace("\ta b c d\te\t2\r\n", "").encode()
    assert (tmp_path / "out.tsv").read_bytes() == wanted


def test_fixes_go_where_the_text_stands(tmp_path: Path) -> None:
    rules = '[[steps]]\nfix = "white_space"\n'
    lines = ["source\tmt\ttarget", "a  b\tm  t\t", "c\tm  t\tt  x", "d\tok\tok"]
    (tmp_path / "a.tsv").write_text("\n".join(lines) + "\n")
    result = clean(tmp_path / "a.tsv", tmp_path / "out.tsv", rules)
    assert (tmp_path / "out.tsv").read_text().splitlines() == [lines[0], "a b\tm t\t", "c\tm  t\tt x", lines[3]]
    assert result.fixed == 2


def test_parallel_text_files(tmp_path: Path) -> None:
    corpus = pairs(300)
    sources, targets = tmp_path / "a.de", tmp_path / "a.en"
    sources.write_text("".join(f"{source}\n" for source, _ in corpus))
    targets.write_text("".join(f"{target}\n" for _, target in corpus))
    clean([sources, targets], [tmp_path / "out.de", tmp_path / "out.en"])
    texts = [(tmp_path / name).read_text().splitlines() for name in ("out.de", "out.en")]
    assert list(zip(*texts, strict=True)) == kept(corpus)
    clean([sources, targets], tmp_path / "out.jsonl")
    assert [(row["source"], row["mt"]) for row in read_jsonl(tmp_path / "out.jsonl")] == kept(corpus)


@pytest.mark.parametrize("name", ["out.jsonl", "out.csv.gz", "out.tmx"])
def test_another_format(tmp_path: Path, name: str) -> None:
    corpus = pairs(200)
    source = write_tsv(tmp_path / "a.tsv", corpus)
    output = tmp_path / name
    read = ReadOptions(source_lang="de", target_lang="en")
    clean(source, output, read=read)
    with open_segments([output]) as reader:
        assert [(segment.source, segment.text) for segment in reader] == kept(corpus)


def test_compressed(tmp_path: Path) -> None:
    source = tmp_path / "a.tsv.gz"
    source.write_bytes(gzip.compress(b"source\tmt\na\tb\na a a a\tb\n"))
    clean(source, tmp_path / "out.tsv.gz", LENGTH, rejected=default_rejects(tmp_path / "out.tsv.gz"))
    assert gzip.decompress((tmp_path / "out.tsv.gz").read_bytes()) == b"source\tmt\na\tb\n"
    assert b"length" in gzip.decompress((tmp_path / "out.rejected.jsonl.gz").read_bytes())


def test_a_limit(tmp_path: Path) -> None:
    corpus = pairs(40)
    source = write_tsv(tmp_path / "a.tsv", corpus)
    result = clean(source, tmp_path / "out.tsv", limit=25)
    assert read_tsv(tmp_path / "out.tsv") == kept(corpus[:25])
    assert (result.pairs, result.kept + result.rejected) == (25, 25)


def test_bad_records_are_kept_with_the_rejected_ones(tmp_path: Path) -> None:
    content = b"source\tmt\na\tb\nonly one\n\xff\tc\na b c d\te\nf\tg\nh\ti\tj\n"
    source = tmp_path / "a.tsv"
    source.write_bytes(content)
    with pytest.raises(CorpusError, match="1 field"):
        clean(source, tmp_path / "out.tsv", LENGTH)
    read = ReadOptions(skip_bad=True)
    result = clean(source, tmp_path / "out.tsv", LENGTH, read=read, rejected=tmp_path / "r.jsonl")
    assert (tmp_path / "out.tsv").read_bytes() == b"source\tmt\na\tb\nf\tg\n"
    assert result.summary()[0] == "6 in = 2 kept + 1 rejected + 3 unreadable"
    rows = read_jsonl(tmp_path / "r.jsonl")
    assert [(row["line"], row["rule"]) for row in rows] == [
        (3, "unreadable"),
        (4, "unreadable"),
        (5, "length"),
        (7, "unreadable"),
    ]
    assert rows[0]["note"].startswith("unreadable: 1 field")
    assert [row["mt"] for row in rows] == ["only one", "\\xff\tc", "e", "h\ti\tj"]
    create_project([tmp_path / "r.jsonl"], tmp_path / "r.postedit")


@pytest.mark.parametrize("name", ["r.tsv", "r.csv", "r.jsonl.zst"])
def test_rejected_pairs_open_in_the_editor(tmp_path: Path, name: str) -> None:
    source = write_tsv(tmp_path / "a.tsv", pairs(50))
    clean(source, tmp_path / "out.tsv", rejected=tmp_path / name)
    with open_segments([tmp_path / name]) as reader:
        segments = list(reader)
    assert len(segments) == 24
    assert (segments[0].id, segments[0].note) == ("3", "empty: no target")
    assert create_project([tmp_path / name], tmp_path / "r.postedit").segments == 24


def test_a_pair_without_anything_wrong(tmp_path: Path) -> None:
    source = write_tsv(tmp_path / "a.tsv", [("a", "b")])
    clean(source, tmp_path / "out.tsv", rejected=tmp_path / "r.tsv")
    assert (tmp_path / "out.tsv").read_bytes() == source.read_bytes()
    assert (
        tmp_path / "r.tsv"
    ).read_text() == "id\tsource\tmt\tnote\tposition\tline\tcorpus_id\trule\tscore\tthreshold\n"


def test_expressions_that_explode_cost_their_pairs_only(tmp_path: Path) -> None:
    rules = "[[steps]]\nrule = 'expression'\nname = 'bomb'\nsource = '^(a|a)*$'\nseconds = 0.02\nmust_match = false\n"
    source = write_tsv(tmp_path / "a.tsv", [("b", "x"), ("a" * 50 + "!", "x"), ("c", "x")])
    result = clean(source, tmp_path / "out.tsv", rules, rejected=tmp_path / "r.jsonl")
    assert read_tsv(tmp_path / "out.tsv") == [("b", "x"), ("c", "x")]
    (row,) = read_jsonl(tmp_path / "r.jsonl")
    assert row["note"] == "bomb: the source takes '^(a|a)*$' more than 0.02 s"
    assert (row["score"], row["position"]) == ("nan", 2)
    assert "pair 2: bomb took too long; it was rejected" in result.summary()


def test_a_run_that_would_never_end_is_stopped(tmp_path: Path) -> None:
    rules = "[[steps]]\nrule = 'expression'\nsource = '^(a|a)*$'\nseconds = 0.001\n"
    source = write_tsv(tmp_path / "a.tsv", [("a" * 50 + "!", "x")] * 1001)
    with pytest.raises(UsageError, match="took too long for 1001 pairs, the last one pair 1001"):
        clean(source, tmp_path / "out.tsv", rules)
    assert not (tmp_path / "out.tsv").exists()


def test_what_is_in_the_way_is_told_before_the_work(tmp_path: Path) -> None:
    source = write_tsv(tmp_path / "a.tsv", pairs(10))
    output = tmp_path / "out.tsv"
    output.write_text("old")
    with pytest.raises(UsageError, match="already a file"):
        clean(source, output)
    with pytest.raises(UsageError, match="two of the outputs"):
        clean(source, output, rejected=output, force=True)
    with pytest.raises(UsageError, match="no folder"):
        clean(source, tmp_path / "new.tsv", report=tmp_path / "missing" / "r.html")
    with pytest.raises(UsageError, match="can't hold pairs"):
        clean([source, source], tmp_path / "new.txt", read=ReadOptions(format="text"))
    with pytest.raises(UsageError, match="2 outputs"):
        clean(source, [tmp_path / "b.tsv", tmp_path / "c.tsv"])
    assert output.read_text() == "old"
    clean(source, output, force=True)
    assert read_tsv(output) == kept(pairs(10))


def test_only_pairs_are_cleaned(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text("mt\na\n")
    with pytest.raises(CorpusError, match="no column source"):
        clean(tmp_path / "a.tsv", tmp_path / "out.tsv")
    source = write_tsv(tmp_path / "b.tsv", pairs(3))
    create_project([source], tmp_path / "b.postedit")
    with pytest.raises(UsageError, match="a project is not cleaned"):
        clean(tmp_path / "b.postedit", tmp_path / "out.tsv")


def test_a_text_that_the_rejects_file_can_not_hold(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"source": "a\\tb c d e", "mt": "x"}\n{"source": "a", "mt": "b"}\n')
    with pytest.raises(CorpusError, match="has a tab"):
        clean(tmp_path / "a.jsonl", tmp_path / "out.jsonl", LENGTH, rejected=tmp_path / "r.tsv")
    assert not (tmp_path / "out.jsonl").exists() and not (tmp_path / "r.tsv").exists()
    clean(tmp_path / "a.jsonl", tmp_path / "out.jsonl", LENGTH, rejected=tmp_path / "r.jsonl")
    assert (tmp_path / "out.jsonl").read_text() == '{"source": "a", "mt": "b"}\n'


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00", b"source\tmt\n", b"source\tmt\n\n\n", b"mt\tsource\nb\n", b"source\tmt\n\xff\t\xfe\n", b"\xff\xfe"],
)
def test_broken_files_are_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.tsv").write_bytes(content)
    with pytest.raises(PostEditorError):
        clean(tmp_path / "a.tsv", tmp_path / "out.tsv")
    assert not (tmp_path / "out.tsv").exists()
