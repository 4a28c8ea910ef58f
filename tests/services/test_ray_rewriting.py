"""Rewriting on a local Ray cluster of two nodes: the results of the local engine, whoever is killed meanwhile."""

import gzip
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from posteditor.errors import CorpusError, ModelError
from posteditor.formats.options import ReadOptions
from posteditor.services.ray_rewriting import RayOptions, rewrite_file_on_ray
from posteditor.services.rewriting import RewriteOptions, RewriteResult, rewrite_file
from posteditor.services.transfer import create_project

pytestmark = pytest.mark.slow

PLUGINS = Path(__file__).parents[1] / "plugins"
PATIENCE = 180.0
STORE_BYTES = 80 << 20


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Two nodes of one logical processor each."""
    pytest.importorskip("ray.data", reason="Ray is not installed")
    with tempfile.TemporaryDirectory(prefix="r", dir="/tmp") as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join([str(PLUGINS), os.environ.get("PYTHONPATH", "")]).strip(os.pathsep))
        patch.syspath_prepend(str(PLUGINS))
        patch.setenv("HOME", folder)
        patch.setenv("RAY_TMPDIR", folder)
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        patch.setenv("RAY_worker_niceness", "0")  # other tests of the machine would starve the workers
        from ray.cluster_utils import Cluster

        node = {"num_cpus": 1, "object_store_memory": STORE_BYTES}
        cluster = Cluster(initialize_head=True, head_node_args={**node, "include_dashboard": False})
        cluster.add_node(**node)
        try:
            yield cluster
        finally:
            cluster.shutdown()


@pytest.fixture
def on_ray(cluster: Any) -> Callable[..., RewriteResult]:
    def rewrite(source: Path, output: Path, *, shard: int = 512, **options: Any) -> RewriteResult:
        chosen = RewriteOptions(**{"spec": "toy"} | options)
        return rewrite_file_on_ray([source], output, chosen, RayOptions(cluster.address, shard_segments=shard))

    return rewrite


def locally(source: Path, output: Path, **options: Any) -> RewriteResult:
    return rewrite_file([source], output, RewriteOptions(**{"spec": "toy"} | options))


def mts(count: int) -> list[str]:
    """Texts of all lengths, in no order of length, some with an error or a refusal."""
    found = [f"teh {'word ' * (number * 7 % 11)}{number}" for number in range(1, count + 1)]
    for number in (3, 700, 1311):
        found[number] = "RAISE teh"
        found[number + 1] = "seven wrold dogs"
    return found


def write_tsv(path: Path, texts: list[str]) -> Path:
    path.write_text("id\tmt\n" + "".join(f"{number}\t{mt}\n" for number, mt in enumerate(texts, 1)), encoding="utf-8")
    return path


def write_jsonl(path: Path, texts: list[str]) -> Path:
    path.write_text("".join(json.dumps({"mt": mt, "more": [1]}) + "\n\n" for mt in texts), encoding="utf-8")
    return path


def joined(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()))


def report(result: RewriteResult) -> dict[str, Any]:
    return {key: value for key, value in result.to_json().items() if key not in ("output", "seconds")}


def calls(folder: Path) -> list[int]:
    return numbers(folder / "calls")


def numbers(path: Path) -> list[int]:
    return [int(line) for line in path.read_text(encoding="utf-8").split()] if path.exists() else []


def is_gone(process: int) -> bool:
    return not Path(f"/proc/{process}").exists()


def wait_for(what: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.02)


@pytest.mark.parametrize("name", ["out.tsv", "out.jsonl"])
def test_the_shards_are_the_file_of_the_local_engine(
    tmp_path: Path, on_ray: Callable[..., RewriteResult], name: str
) -> None:
    write = write_jsonl if name.endswith("jsonl") else write_tsv
    source = write(tmp_path / f"in.{name}", mts(3000))
    here = locally(source, tmp_path / name)
    (tmp_path / "ray").mkdir()
    there = on_ray(source, tmp_path / "ray" / name)
    shards = sorted(path.name for path in (tmp_path / "ray" / name).iterdir())
    assert shards == [f"part-{number:06d}.{name[4:]}" for number in range(6)]
    assert joined(tmp_path / "ray" / name) == (tmp_path / name).read_bytes()
    assert report(there) == report(here)
    assert (there.failed, there.errors[0].position, dict(there.refused)) == (3, 4, {"number": 3})
    assert [path.name for path in (tmp_path / "ray").iterdir()] == [name]


def test_a_project_with_bad_records_and_a_limit_into_compressed_shards(
    tmp_path: Path, on_ray: Callable[..., RewriteResult]
) -> None:
    source, project = tmp_path / "in.csv", tmp_path / "in.postedit"
    lines = [f'{number},"teh {number}"\n' for number in range(1, 1401)]
    lines[512:512] = ["bad\n", "\n", "bad\n"]
    source.write_text("\ufeffid,mt\n" + "".join(lines), encoding="utf-8")
    create_project([source], project, ReadOptions(skip_bad=True), target_lang="en")
    source.unlink()
    locally(project, tmp_path / "here.csv.gz", limit=1200)
    on_ray(project, tmp_path / "there.csv.gz", limit=1200)
    assert len(list((tmp_path / "there.csv.gz").iterdir())) == 3
    content = gzip.decompress(joined(tmp_path / "there.csv.gz"))
    assert content == gzip.decompress((tmp_path / "here.csv.gz").read_bytes())
    assert content.count(b"\n") == 1 + 1200 + 3


def test_what_can_not_be_loaded_is_an_error_of_the_same_kind(
    tmp_path: Path, on_ray: Callable[..., RewriteResult]
) -> None:
    source = write_tsv(tmp_path / "in.tsv", ["teh"])
    with pytest.raises(ModelError, match=r"on \S+: there is no rewriter 'tyo'") as caught:
        on_ray(source, tmp_path / "out.tsv", spec="tyo")
    assert caught.value.hint == "Did you mean 'toy'?"
    with pytest.raises(ModelError, match="rewrites en, not de"):
        on_ray(source, tmp_path / "out.tsv", target_lang="de")
    with pytest.raises(CorpusError, match="nowhere"):
        on_ray(tmp_path / "nowhere.tsv", tmp_path / "out.tsv")
    assert [path.name for path in tmp_path.iterdir()] == ["in.tsv"]


def test_segments_on_which_the_process_dies_get_an_error_and_the_run_goes_on(
    tmp_path: Path, on_ray: Callable[..., RewriteResult]
) -> None:
    texts = mts(1400)
    texts[1000] = "CRASH teh"
    result = on_ray(write_tsv(tmp_path / "in.tsv", texts), tmp_path / "out.tsv")
    texts[1000] = "peace teh"
    locally(write_tsv(tmp_path / "peace.tsv", texts), tmp_path / "here.tsv")
    died = b"1001\tCRASH teh\tCRASH teh\ttoy\t1.0\terror: the process of the rewriter died of this segment\n"
    assert (
        joined(tmp_path / "out.tsv").replace(died, b"1001\tpeace teh\tpeace the\ttoy\t0.9\t\n")
        == (tmp_path / "here.tsv").read_bytes()
    )
    assert (result.segments, result.failed) == (1400, 4)


def test_a_node_that_is_lost_in_the_middle_changes_nothing(
    tmp_path: Path, cluster: Any, on_ray: Callable[..., RewriteResult]
) -> None:
    held = (40, 1500)
    texts = mts(3000)
    for number in held:
        texts[number - 1] = "HOLD teh"
    source = write_tsv(tmp_path / "in.tsv", texts)
    results: list[RewriteResult] = []
    spec = f"toy:{tmp_path}"
    run = threading.Thread(target=lambda: results.append(on_ray(source, tmp_path / "out.tsv", spec=spec)))
    run.start()
    try:
        wait_for(lambda: set(held) <= set(calls(tmp_path)))  # one on each node: there are no more workers
        cluster.remove_node(cluster.worker_nodes.copy().pop(), allow_graceful=False)
    finally:
        (tmp_path / "release").touch()
        run.join(PATIENCE)
        cluster.add_node(num_cpus=1, object_store_memory=STORE_BYTES)
    assert results and results[0].segments == 3000
    again = Counter(calls(tmp_path))
    assert {again[number] for number in held} == {1, 2}, "the lost one is done again, the other is not"
    locally(source, tmp_path / "here.tsv", spec=spec)
    assert joined(tmp_path / "out.tsv") == (tmp_path / "here.tsv").read_bytes()


RUN = """
import sys
from pathlib import Path
from posteditor.services.ray_rewriting import RayOptions, rewrite_file_on_ray
from posteditor.services.rewriting import RewriteOptions
source, output, spec, address = sys.argv[1:]
options = RayOptions(address, shard_segments=512)
rewrite_file_on_ray([Path(source)], Path(output), RewriteOptions(spec=spec), options)
"""


def test_after_a_kill_of_the_driver_the_same_command_goes_on_behind_what_was_handed_over(
    tmp_path: Path, cluster: Any, on_ray: Callable[..., RewriteResult]
) -> None:
    texts = mts(3000)
    texts[1399] = "HOLD teh " + "word " * 12  # in the last batch of the third shard
    source, output = write_tsv(tmp_path / "in.tsv", texts), tmp_path / "out.tsv"
    spec = f"toy:{tmp_path}"
    driver = subprocess.Popen([sys.executable, "-c", RUN, str(source), str(output), spec, cluster.address])
    try:
        partial = tmp_path / "out.tsv.partial"
        manifest = partial / ".manifest"
        wait_for(lambda: 1400 in calls(tmp_path) and manifest.exists() and manifest.read_bytes().count(b"\n") == 3)
        wait_for(lambda: (partial / "part-000002.tsv.partial").read_bytes().count(b"\n") > 5)
    finally:
        driver.kill()
        driver.wait()
    wait_for(lambda: all(map(is_gone, numbers(tmp_path / "processes"))))  # the cluster ends the workers of the dead
    assert not output.exists()
    (tmp_path / "calls").rename(tmp_path / "calls before")
    (tmp_path / "release").touch()

    result = on_ray(source, output, spec=spec)
    assert result.resumed > 1024 + 32
    assert min(calls(tmp_path)) > 1024, "the finished shards are left alone"
    assert len([number for number in calls(tmp_path) if number <= 1536]) <= 512 - (result.resumed - 1024)
    again = {number for number, count in Counter(calls(tmp_path)).items() if count > 1}
    assert again <= {number for number, mt in enumerate(texts, 1) if "RAISE" in mt}, "asked again alone, as locally"
    here = locally(source, tmp_path / "here.tsv", spec=spec)
    assert joined(output) == (tmp_path / "here.tsv").read_bytes()
    assert report(result) == {**report(here), "resumed": result.resumed}


def test_the_command_line_starts_a_cluster_of_its_own(tmp_path: Path, cluster: Any) -> None:
    source = write_tsv(tmp_path / "in.tsv", mts(1400))
    locally(source, tmp_path / "here.tsv")
    command = [
        "rewrite",
        str(source),
        "-o",
        "out.tsv",
        "--model",
        "toy",
        "--engine",
        "ray",
        "--ray-cpus",
        "1",
        "--json",
    ]
    done = subprocess.run(
        [sys.executable, "-m", "posteditor", *command],
        cwd=tmp_path, env={**os.environ}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    result = json.loads(done.stdout)["result"]
    assert (result["segments"], result["failed"], result["output"]) == (1400, 3, "out.tsv")
    assert joined(tmp_path / "out.tsv") == (tmp_path / "here.tsv").read_bytes()
    assert len(done.stderr.splitlines()) == 6, done.stderr
    assert "1,400 segments in, 1,400 out" in done.stderr
