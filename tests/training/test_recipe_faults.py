"""Recipes with faults: each is refused with the file, the line and a remedy."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posteditor.core.toml_lines import line_of
from posteditor.errors import CorpusError, UsageError
from posteditor.training.pairs import Source
from posteditor.training.recipe import Recipe, read_recipe

GOOD = """\
seed = 1
epochs = 1.0
notes = ['''
seed = 9
''']

[[sources]]
name = "one"
mt = "one.tsv"
columns = ["mt", "pe"]
[sources.where]
lang = ["et"]

[[sources]]  # clean
name = "two"
mt = "two.txt"
words = [3, 70]

[[dev]]
name = "one"
mt = "one.dev.tsv"
columns = ["mt", "pe"]
"""


def test_a_good_recipe_reads(tmp_path: Path) -> None:
    (tmp_path / "r.toml").write_text(GOOD)
    recipe = read_recipe(tmp_path / "r.toml")
    assert [source.name for source in recipe.sources] == ["one", "two"]
    assert recipe.sources[0].where == {"lang": ["et"]}
    assert recipe.dev[0].words == (3, 70)


@pytest.mark.parametrize(
    ("old", "new", "line", "problem"),
    [
        ("seed = 1", "sede = 1", 1, "unknown setting 'sede' in the recipe"),
        ("seed = 1", "seed = -1", 1, "seed = -1"),
        ("seed = 1", "seed = true", 1, "seed = True"),
        ("seed = 1", "seed = '1'", 1, "seed = '1'"),
        ("seed = 1", "seed = 1\nseed = 2", 2, "is not TOML"),
        ("epochs = 1.0", "epochs = 0", 2, "epochs = 0"),
        ("epochs = 1.0", "epochs = inf", 2, "epochs = inf"),
        ("epochs = 1.0", "tags = 5", 2, "tags = 5"),
        ("epochs = 1.0", "dropout = 1.0", 2, "dropout = 1.0"),
        ("epochs = 1.0", 'start_from = "x"\nopen_words = true', 3, "open_words beside start_from"),
        ("epochs = 1.0", "batch_pieces = 50", 2, "less than longest"),
        ("epochs = 1.0", "learning_rate = 0.0", 2, "learning_rate"),
        ("epochs = 1.0", "apply_worth = -2", 2, "apply_worth = -2"),
        ("epochs = 1.0", "show_worth = 'much'", 2, "show_worth = 'much'"),
        ("epochs = 1.0", "warmup_steps = 2.5", 2, "warmup_steps = 2.5"),
        ("epochs = 1.0", 'target_language = "English!"', 2, "target_language"),
        ("epochs = 1.0", 'start_from = "x"\nbase_model = "y"', 3, "base_model beside start_from"),
        ("epochs = 1.0", 'start_from = "x"\ntags = 500', 3, "tags beside start_from"),
        ("notes = ['''", "notes = [1, '''", 3, "notes"),
        ('lang = ["et"]', 'lang = "et"', 11, "where"),
        ('lang = ["et"]', "lang = []", 11, "no value of 'lang'"),
        ('columns = ["mt", "pe"]\n[sources', 'columns = ["mt"]\n[sources', 10, "columns"),
        ('columns = ["mt", "pe"]\n[sources', 'target = "two.txt"\n[sources', 11, "where without columns"),
        ('name = "two"', 'name = "one"', 15, "have the name 'one'"),
        ('name = "two"', 'name = ""', 15, "name is empty"),
        ('mt = "two.txt"', "", 14, "mt is missing in [[sources]]"),
        ('mt = "two.txt"', 'mt = "two.txt"\nlimit = "many"', 17, "limit = 'many'"),
        ('mt = "two.txt"', 'mt = "two.txt"\nlimit = -3', 17, "limit = -3"),
        ('mt = "two.txt"', 'mt = "two.txt"\nheld_out = 5\nonly_last = 5', 18, "held_out and only_last both"),
        ('mt = "two.txt"', 'mt = "two.txt"\ndrop_overlap = true', 17, "has drop_overlap"),
        ('mt = "two.txt"', 'mt = "two.txt"\nedit_rate = 1.5', 17, "edit_rate = 1.5"),
        ('mt = "two.txt"', 'mt = "two.txt"\nfew_faults = 2.0', 17, "few_faults = 2.0"),
        ('mt = "two.txt"', 'mt = "two.txt"\ntimes = 0', 17, "times = 0"),
        ('mt = "two.txt"', 'mt = "two.txt"\nlength_ratio = 0.5', 17, "length_ratio = 0.5"),
        ("words = [3, 70]", "words = [70, 3]", 17, "words = [70, 3]"),
        ("words = [3, 70]", "words = [3]", 17, "words = [3]"),
        ("words = [3, 70]", "word = [3, 70]", 17, "unknown setting 'word' in [[sources]]"),
        ('mt = "one.dev.tsv"\ncolumns = ["mt", "pe"]', 'mt = "x.txt"', 21, "no target to compare with"),
        ('mt = "one.dev.tsv"\ncolumns = ["mt", "pe"]', 'mt = "x.txt"\ntarget = "x.txt"', 21, "no target"),
    ],
)
def test_a_fault_is_named_with_its_line(tmp_path: Path, old: str, new: str, line: int, problem: str) -> None:
    assert old in GOOD
    path = tmp_path / "r.toml"
    path.write_text(GOOD.replace(old, new))
    with pytest.raises(CorpusError) as caught:
        read_recipe(path)
    assert problem in caught.value.message
    assert caught.value.line == line, caught.value.message
    assert caught.value.path == path
    assert caught.value.hint or "TOML" in problem


def test_a_recipe_that_is_no_text_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "r.toml").write_bytes(b"seed = 1\n# caf\xe9\n")
    with pytest.raises(CorpusError, match="line 2: is not UTF-8"):
        read_recipe(tmp_path / "r.toml")


def test_a_misspelt_setting_is_guessed(tmp_path: Path) -> None:
    (tmp_path / "r.toml").write_text(GOOD.replace("epochs", "epoch"))
    with pytest.raises(CorpusError) as caught:
        read_recipe(tmp_path / "r.toml")
    assert caught.value.hint.startswith("Did you mean epochs?")


def test_settings_are_checked_without_a_file_too() -> None:
    with pytest.raises(UsageError, match="held_out and only_last"):
        Source("x", "x.txt", held_out=1, only_last=1)
    with pytest.raises(UsageError, match="two tables"):
        Recipe((Source("x", "x.txt"), Source("x", "y.txt")))


_NAMES = st.from_regex(r"[a-z_]{1,8}", fullmatch=True)


@given(
    st.lists(
        st.tuples(st.sampled_from(["sources", "dev"]), st.lists(_NAMES, unique=True, max_size=4), st.booleans()),
        max_size=5,
    ),
    st.lists(_NAMES, unique=True, max_size=3),
)
def test_every_setting_is_found_on_its_line(tables: list[tuple[str, list[str], bool]], top: list[str]) -> None:
    lines = [f"{name} = 1" for name in top]
    expected = {("", 0, name): number for number, name in enumerate(top, start=1)}
    counts = {"sources": 0, "dev": 0}
    for table, names, spaced in tables:
        lines.append(f"[[ {table} ]]  # one more" if spaced else f"[[{table}]]")
        expected[table, counts[table], ""] = len(lines)
        for name in names:
            lines.append(f'  "{name}"=2' if spaced else f"{name} = '''[[dev]]\n{name} = 3'''")
            expected[table, counts[table], name] = sum(line.count("\n") + 1 for line in lines[:-1]) + 1
            lines = "\n".join(lines).split("\n")
        counts[table] += 1
    text = "\n".join(lines)
    for (table, index, name), line in expected.items():
        assert line_of(text, name, table=table, index=index) == line
