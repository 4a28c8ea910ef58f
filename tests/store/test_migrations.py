"""From every earlier schema to the newest, or not at all."""

from pathlib import Path

import pytest

from posteditor.errors import StoreError
from posteditor.store.connection import Database, connect
from posteditor.store.migrations import MIGRATIONS, migrate, pending
from posteditor.store.project import Project

SCHEMA = Path(__file__).with_name("schema.sql")
NAMES = [name for name, _ in MIGRATIONS]


def empty(path: Path) -> Database:
    path.touch()
    return connect(path, "rw")


def schema(database: Database) -> str:
    rows = database.execute("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name")
    return "\n\n".join(" ".join(sql.split()) + ";" for (sql,) in rows) + "\n"


def test_the_final_schema_is_pinned(tmp_path: Path) -> None:
    database = empty(tmp_path / "a")
    assert migrate(database) == tuple(NAMES)
    assert schema(database) == SCHEMA.read_text(encoding="utf-8")
    assert migrate(database) == ()
    database.close()


@pytest.mark.parametrize("steps", range(1, len(MIGRATIONS)))
def test_from_each_step_with_a_back_up(tmp_path: Path, steps: int) -> None:
    path = tmp_path / "a"
    database = empty(path)
    migrate(database, MIGRATIONS[:steps])
    before = schema(database)
    database.execute("INSERT INTO meta VALUES ('key', '1')")
    (tmp_path / "a.bak").write_text("an older back-up")
    assert list(pending(database)) == NAMES[steps:]
    migrate(database)
    assert schema(database) == SCHEMA.read_text(encoding="utf-8")
    assert database.execute("SELECT * FROM meta") == [("key", "1")]
    database.close()
    assert (tmp_path / "a.bak").read_text() == "an older back-up"
    copy = connect(tmp_path / "a.bak2", "ro")
    assert schema(copy) == before
    assert copy.execute("SELECT * FROM meta") == [("key", "1")]
    copy.close()


def test_a_failing_step_leaves_the_schema_before_it(tmp_path: Path) -> None:
    def fails(database: Database) -> None:
        database.execute("CREATE TABLE half (x)")
        raise ZeroDivisionError

    database = empty(tmp_path / "a")
    migrate(database)
    before = schema(database)
    with pytest.raises(ZeroDivisionError):
        migrate(database, (*MIGRATIONS, ("9999_fails", fails)))
    assert schema(database) == before
    assert pending(database) == ()
    database.close()


def test_a_project_of_a_newer_version_is_refused_untouched(tmp_path: Path) -> None:
    path = tmp_path / "a"
    database = empty(path)
    migrate(database)
    database.execute("INSERT INTO migration VALUES ('9999_future', '2030-01-01')")
    database.fold_journal()
    database.close()
    before = path.read_bytes()
    for open_it in (Project.open_for_editing, Project.open_for_reading):
        with pytest.raises(StoreError, match="newer posteditor") as raised:
            open_it(path)
        assert "update posteditor" in raised.value.hint
    assert path.read_bytes() == before
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a"]


def test_reading_an_older_project_brings_it_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "a"
    database = empty(path)
    migrate(database, MIGRATIONS[:2])
    database.fold_journal()
    database.close()
    with Project.open_for_reading(path) as project:
        assert project.suggestions.of(1) == []


def test_other_databases_are_refused(tmp_path: Path) -> None:
    database = empty(tmp_path / "a")
    database.execute("CREATE TABLE other (x)")
    with pytest.raises(StoreError, match="not a posteditor project"):
        migrate(database)
    database.close()
