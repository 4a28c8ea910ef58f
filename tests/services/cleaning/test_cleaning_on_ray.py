"""Cleaning on a local Ray cluster of two nodes: the decisions, the order and the text of the local engine."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from posteditor.errors import CorpusError, UsageError
from posteditor.formats.options import ReadOptions
from posteditor.services.cleaning.options import CleanOptions
from posteditor.services.cleaning.ray_running import clean_files_on_ray
from posteditor.services.cleaning.result import CleanResult
from posteditor.services.ray_cluster import RayOptions
from tests.services.cleaning.dirty_corpus import RULES, clean, kept, pairs, rules_file, write_tsv

pytestmark = pytest.mark.slow

STORE_BYTES = 80 << 20


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """That of a cluster of two nodes of one logical processor each."""
    pytest.importorskip("ray.data", reason="Ray is not installed")
    with tempfile.TemporaryDirectory(prefix="r", dir="/tmp") as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", folder)
        patch.setenv("RAY_TMPDIR", folder)
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        patch.setenv("RAY_worker_niceness", "0")
        patch.setenv("PYTHONPATH", os.environ.get("PYTHONPATH", ""))
        from ray.cluster_utils import Cluster

        node = {"num_cpus": 1, "object_store_memory": STORE_BYTES}
        cluster = Cluster(initialize_head=True, head_node_args={**node, "include_dashboard": False})
        cluster.add_node(**node)
        try:
            yield cluster.address
        finally:
            cluster.shutdown()


def on_ray(
    address: str, source: Path | list[Path], output: Path, rules: str = RULES, *, shard: int = 1000, **options: Any
) -> CleanResult:
    asked = CleanOptions(rules=rules_file(output.parent, rules), **options)
    sources = source if isinstance(source, list) else [source]
    return clean_files_on_ray(sources, [output], asked, RayOptions(address, cpus=1, shard_segments=shard))


def joined(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()))


def test_the_shards_are_the_file_of_the_local_engine(tmp_path: Path, address: str) -> None:
    source = write_tsv(tmp_path / "a.tsv", pairs(12_000))
    local = clean(source, tmp_path / "local.tsv", rejected=tmp_path / "l.jsonl", scores=tmp_path / "l.tsv")
    result = on_ray(address, source, tmp_path / "ray.tsv", rejected=tmp_path / "r.jsonl", scores=tmp_path / "r.tsv")
    assert len(list((tmp_path / "ray.tsv").iterdir())) == 7
    assert joined(tmp_path / "ray.tsv") == (tmp_path / "local.tsv").read_bytes()
    assert (tmp_path / "r.jsonl").read_bytes() == (tmp_path / "l.jsonl").read_bytes()
    assert (tmp_path / "r.tsv").read_bytes() == (tmp_path / "l.tsv").read_bytes()
    assert [step.to_json() for step in result.steps] == [step.to_json() for step in local.steps]
    assert not (tmp_path / "ray.tsv.cleaning").exists()
    again = on_ray(address, source, tmp_path / "again.tsv", scores=tmp_path / "r.tsv", limit=None)
    assert not again.scored
    assert joined(tmp_path / "again.tsv") == (tmp_path / "local.tsv").read_bytes()


def test_it_goes_on_where_the_local_engine_stopped(
    tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.services.cleaning.test_cleaning_resume import stopped_after

    source = write_tsv(tmp_path / "a.tsv", pairs(6000))
    with stopped_after(3, monkeypatch):
        clean(source, tmp_path / "out.tsv")
    result = on_ray(address, source, tmp_path / "out.tsv")
    assert result.resumed == 3072
    assert joined(tmp_path / "out.tsv").decode().splitlines()[1:] == [
        f"{one}\t{other}\t-" for one, other in kept(pairs(6000))
    ]


def test_another_format(tmp_path: Path, address: str) -> None:
    source = write_tsv(tmp_path / "a.tsv", pairs(2000))
    clean(source, tmp_path / "local.jsonl")
    on_ray(address, source, tmp_path / "ray.jsonl", shard=300)
    assert joined(tmp_path / "ray.jsonl") == (tmp_path / "local.jsonl").read_bytes()


def test_what_can_not_be(tmp_path: Path, address: str) -> None:
    source = write_tsv(tmp_path / "a.tsv", pairs(100))
    with pytest.raises(UsageError, match="can't be put together"):
        on_ray(address, source, tmp_path / "out.tmx", read=ReadOptions(source_lang="de", target_lang="en"))
    source.write_bytes(source.read_bytes() + b"one\n")
    with pytest.raises(CorpusError, match="1 field"):
        on_ray(address, source, tmp_path / "out.tsv")
