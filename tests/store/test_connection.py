"""Transactions, pragmas, and what the person is told when SQLite fails."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from posteditor.errors import StoreError
from posteditor.store.connection import Database, connect
from posteditor.store.mounts import on_network


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    path = tmp_path / "a.db"
    path.touch()
    opened = connect(path, "rw")
    opened.execute("CREATE TABLE t (x INTEGER PRIMARY KEY, y TEXT) STRICT")
    yield opened
    opened.close()


def rows(database: Database) -> list[int]:
    return [x for (x,) in database.execute("SELECT x FROM t ORDER BY x")]


def test_pragmas(database: Database) -> None:
    assert database.one("PRAGMA journal_mode") == ("wal",)
    assert database.one("PRAGMA synchronous") == (1,)
    assert database.one("PRAGMA foreign_keys") == (1,)
    assert database.one("PRAGMA busy_timeout") == (5000,)


def test_an_inner_failure_undoes_only_the_inner_part(database: Database) -> None:
    with database.atomic():
        database.execute("INSERT INTO t VALUES (1, '')")
        with pytest.raises(ZeroDivisionError), database.atomic():
            database.execute("INSERT INTO t VALUES (2, '')")
            with database.atomic():
                database.execute("INSERT INTO t VALUES (3, '')")
            _ = 1 / 0
        with database.atomic():
            database.execute("INSERT INTO t VALUES (4, '')")
    assert rows(database) == [1, 4]


def test_an_outer_failure_undoes_everything(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.atomic(durable=True):
        with database.atomic():
            database.execute("INSERT INTO t VALUES (1, '')")
        _ = 1 / 0
    assert rows(database) == []
    assert database.one("PRAGMA synchronous") == (1,), "back to NORMAL after a durable transaction"


def test_a_durable_transaction_waits_for_the_disk(database: Database) -> None:
    with database.atomic(durable=True):
        assert database.one("PRAGMA synchronous") == (2,)
        with database.atomic():
            database.execute("INSERT INTO t VALUES (1, '')")
        assert database.one("PRAGMA synchronous") == (2,)
    assert database.one("PRAGMA synchronous") == (1,)


def test_mistakes_of_ours_are_not_hidden(database: Database) -> None:
    with pytest.raises(Exception, match="no such table") as raised:
        database.execute("SELECT * FROM missing")
    assert not isinstance(raised.value, StoreError)


def test_a_full_disk(database: Database) -> None:
    pages = database.one("PRAGMA page_count")
    assert pages is not None
    database.execute("INSERT INTO t VALUES (1, 'kept')")
    database.execute(f"PRAGMA max_page_count={pages[0]}")
    for _ in range(2):
        with pytest.raises(StoreError, match="disk is full") as raised, database.atomic():
            database.execute("INSERT INTO t VALUES (2, ?)", ("x" * 100_000,))
        assert "free some space" in raised.value.hint
    assert rows(database) == [1]
    database.execute("PRAGMA max_page_count=1000000")
    with database.atomic():
        database.execute("INSERT INTO t VALUES (2, ?)", ("x" * 100_000,))
    assert rows(database) == [1, 2]


def test_iterating_leaves_room_for_other_statements(database: Database) -> None:
    database.execute_many("INSERT INTO t VALUES (?, '')", [(n,) for n in range(10)])
    seen = []
    for batch in database.iterate("SELECT x FROM t", batch=3):
        seen += [x for (x,) in batch]
        assert database.one("SELECT count(*) FROM t") == (10,)
    assert seen == list(range(10))


def test_on_a_network_file_system_one_exclusive_connection(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("posteditor.store.connection.on_network", lambda path: True)
    path = tmp_path / "a.db"
    path.touch()
    database = connect(path, "rw")
    try:
        assert database.exclusive
        assert database.one("PRAGMA journal_mode") == ("delete",)
        database.execute("CREATE TABLE t (x)")
        reading = connect_quickly(path)
        assert reading.returncode != 0
        assert b"locked" in reading.stderr
    finally:
        database.close()
    assert connect_quickly(path).returncode == 0


def connect_quickly(path: Path) -> "subprocess.CompletedProcess[bytes]":
    code = f"import sqlite3; print(sqlite3.connect({str(path)!r}, timeout=0).execute('SELECT * FROM t').fetchall())"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)


MOUNTS = """\
22 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda rw
30 22 0:30 / /home rw - ext4 /dev/vdb rw
31 30 0:31 / /home/share\\040point rw - nfs4 server:/x rw
32 22 0:32 / /mnt/ssh rw - fuse.sshfs me@host: rw
33 22 0:33 / /mnt/win rw - cifs //host/x rw
34 22 0:34 / /mnt/ssh/local rw - ext4 /dev/vdc rw
broken line
"""


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/home/me/a", False),
        ("/home/share point/a", True),
        ("/home/share pointless/a", False),
        ("/mnt/ssh/a/b", True),
        ("/mnt/win/a", True),
        ("/mnt/ssh/local/a", False),
        ("/a", False),
    ],
)
def test_network_file_systems_are_told_by_their_mount(tmp_path: Path, path: str, expected: bool) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(MOUNTS)
    assert on_network(Path(path), mounts) is expected


def test_without_a_list_of_mounts_nothing_is_a_network(tmp_path: Path) -> None:
    assert not on_network(tmp_path, tmp_path / "missing")
