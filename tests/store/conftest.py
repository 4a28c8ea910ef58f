"""Small projects, made through the same builder as real ones."""

from collections.abc import Callable
from pathlib import Path

import pytest

from posteditor.store.bulk import ProjectBuilder

MakeProject = Callable[..., Path]


@pytest.fixture
def make_project(tmp_path: Path) -> MakeProject:
    """A function that makes a project with the given number of new segments."""

    def make(count: int = 5, name: str = "p.postedit", folder: Path = tmp_path) -> Path:
        path = folder / name
        with ProjectBuilder(path) as builder:
            builder.add(
                [(n, n, f"s{n}", f"source {n}", f"mt {n}", None, "new", "", None) for n in range(1, count + 1)], []
            )
            builder.index()
            builder.finish()
        return path

    return make
