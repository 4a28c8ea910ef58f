"""A folder of shards in the making: finished ones stay, leftovers go, what belongs to others is not touched."""

from pathlib import Path

import pytest

from posteditor.core.suggestion import Suggestion
from posteditor.errors import UsageError
from posteditor.services.shard_folder import ShardFolder

ABOUT = {"model": "toy"}


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def write_one(folder: ShardFolder, text: str) -> None:
    size = folder.write([text], has_bom=False)
    folder.commit(size, {"segments": folder.shards + 1})


def make(output: Path, *texts: str, force: bool = False) -> None:
    with ShardFolder(output, ABOUT, force=force) as folder:
        for text in texts:
            write_one(folder, text)
        folder.finish()


def test_the_finished_folder_holds_nothing_but_shards(tmp_path: Path) -> None:
    make(tmp_path / "out.tsv", "a", "b")
    assert names(tmp_path) == ["out.tsv"]
    assert names(tmp_path / "out.tsv") == ["part-000000.tsv", "part-000001.tsv"]
    assert b"".join(path.read_bytes() for path in sorted((tmp_path / "out.tsv").iterdir())) == b"a\nb\n"


def test_a_run_goes_on_behind_the_finished_shards_and_clears_up(tmp_path: Path) -> None:
    output = tmp_path / "out.jsonl.gz"
    with ShardFolder(output, ABOUT, force=False) as folder:
        write_one(folder, "a")
        folder.write(["b"], has_bom=False)  # killed before it was committed
        with folder.journal() as journal:
            journal.append([(1, Suggestion("x", (), "toy"))])
    partial = tmp_path / "out.jsonl.gz.partial"
    (partial / ".part-000001.jsonl.gz.4711.part").write_bytes(b"half")
    with ShardFolder(output, ABOUT, force=False) as folder:
        assert (folder.shards, folder.counts, folder.replaced_another) == (1, {"segments": 1}, False)
        assert names(partial) == [".manifest", "part-000000.jsonl.gz", "part-000001.jsonl.gz.partial"]
        with folder.journal() as journal:
            assert journal.segments == 1


def test_a_shard_that_is_not_as_it_was_left_is_made_again_with_those_behind_it(tmp_path: Path) -> None:
    output = tmp_path / "out.tsv"
    with ShardFolder(output, ABOUT, force=False) as folder:
        for text in "abc":
            write_one(folder, text)
    (tmp_path / "out.tsv.partial" / "part-000001.tsv").write_bytes(b"torn")
    with ShardFolder(output, ABOUT, force=False) as folder:
        assert (folder.shards, folder.counts) == (1, {"segments": 1})
        assert names(tmp_path / "out.tsv.partial") == [".manifest", "part-000000.tsv"]


def test_shards_of_a_run_about_something_else_are_thrown_away(tmp_path: Path) -> None:
    with ShardFolder(tmp_path / "out.tsv", ABOUT, force=False) as folder:
        write_one(folder, "a")
    with ShardFolder(tmp_path / "out.tsv", {"model": "other"}, force=False) as folder:
        assert (folder.shards, folder.counts, folder.replaced_another) == (0, None, True)
        assert names(tmp_path / "out.tsv.partial") == [".manifest"]


def test_two_runs_never_share_an_output(tmp_path: Path) -> None:
    with (
        ShardFolder(tmp_path / "out.tsv", ABOUT, force=False),
        pytest.raises(UsageError, match="another run"),
    ):
        ShardFolder(tmp_path / "out.tsv", ABOUT, force=False)


def test_an_existing_folder_needs_force_and_is_replaced_whole(tmp_path: Path) -> None:
    output = tmp_path / "out.tsv"
    output.mkdir()
    make(output, "a", "b")  # an empty folder is no obstacle
    with pytest.raises(UsageError, match="already"):
        make(output, "c")
    assert names(output) == ["part-000000.tsv", "part-000001.tsv"]
    make(output, "c", force=True)
    assert names(tmp_path) == ["out.tsv"]
    assert [path.read_bytes() for path in output.iterdir()] == [b"c\n"]


@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize("what", ["file", "folder", "partial file", "partial folder", "foreign manifest"])
def test_what_belongs_to_others_is_left_alone(tmp_path: Path, what: str, force: bool) -> None:
    path = tmp_path / ("out.tsv.partial" if "partial" in what or "manifest" in what else "out.tsv")
    mine = path if what.endswith("file") else path / (".manifest" if "manifest" in what else "notes.txt")
    mine.parent.mkdir(exist_ok=True)
    mine.write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError):
        make(tmp_path / "out.tsv", "a", force=force)
    assert mine.read_text(encoding="utf-8") == "mine"


def test_only_the_first_shard_has_a_byte_order_mark(tmp_path: Path) -> None:
    with ShardFolder(tmp_path / "out.tsv", ABOUT, force=False) as folder:
        for _ in range(2):
            folder.commit(folder.write(["\ufeffa"], has_bom=False), {})
    parts = [(tmp_path / "out.tsv.partial" / f"part-00000{number}.tsv").read_text("utf-8") for number in (0, 1)]
    assert parts == ["\ufeff\ufeffa\n", "\ufeffa\n"]
