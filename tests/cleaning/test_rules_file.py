"""Rules files: what is taken from them, and what is refused with file and line."""

from pathlib import Path

import pytest

from posteditor.cleaning.pipeline import run_steps
from posteditor.cleaning.rule import Languages
from posteditor.cleaning.rules_file import DEFAULT_RULES, Pipeline, read_rules
from posteditor.errors import CorpusError

PLUGINS = Path(__file__).parents[1] / "plugins"
NOBODY_SAID = Languages()


def read(tmp_path: Path, text: str, languages: Languages = NOBODY_SAID) -> Pipeline:
    path = tmp_path / "rules.toml"
    path.write_text(text, encoding="utf-8")
    return read_rules(path, languages)


def test_the_order_is_that_of_the_file(tmp_path: Path) -> None:
    text = """
    [[steps]]
    rule = "length"
    [[steps]]
    fix = "mojibake"
    sides = ["target"]
    [[steps]]
    rule = "length"
    name = "length in chars"
    unit = "chars"
    max = [200, 300]
    [[steps]]
    rule = "duplicates"
    near = false
    """
    pipeline = read(tmp_path, text)
    assert pipeline.names == ("length", "fix mojibake", "length in chars", "duplicates")
    assert pipeline.steps[2].about()["settings"] == {"unit": "chars", "min": [1, 1], "max": [200.0, 300.0]}
    assert pipeline.steps[2].about_scores()["settings"] == {"unit": "chars"}
    assert pipeline.duplicates.near is None


def test_the_rules_that_ship() -> None:
    pytest.importorskip("pycld2")
    pipeline = read_rules(DEFAULT_RULES, Languages("de", "en"))
    assert not pipeline.remarks
    assert {"empty", "identical", "length", "script", "language", "numbers", "duplicates"} <= set(pipeline.names)
    pair = ("Der Ausschuss tagt am Donnerstag um 12 Uhr.", "The committee meets on Thursday at 12 o'clock.")
    outcome = run_steps(pipeline.steps, [pair[0]] * 2, [pair[1], pair[0]])
    assert [each.place for each in outcome.rejections] == [1]


def test_the_rules_that_ship_without_languages() -> None:
    pipeline = read_rules(DEFAULT_RULES, NOBODY_SAID)
    assert [remark.partition(" ")[0] for remark in pipeline.remarks] == ["script", "language"]
    assert "--source-lang" in pipeline.remarks[0]


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("", 0, "there is no step"),
        ("[[steps]\n", 1, "not valid TOML"),
        ("\nrule = 'length'\n", 2, "no setting 'rule'"),
        ("steps = 3\n", 0, "no list of tables"),
        ("steps = [1]\n", 0, "no list of tables"),
        ("[other]\na = 1\n[[steps]]\nrule = 'length'\n", 1, "no setting 'other'"),
        ("[[steps]]\nmax = 3\n", 1, "either a rule or a fixer"),
        ("[[steps]]\nrule = 'length'\nfix = 'mojibake'\n", 3, "either a rule or a fixer"),
        ("[[steps]]\nrule = 3\n", 2, "no text"),
        ("[[steps]]\nrule = 'lenght'\n", 2, "no rule 'lenght'"),
        ("[[steps]]\nfix = 'length'\n", 2, "no fixer 'length'"),
        ("[[steps]]\nrule = 'length'\n\n[[steps]]\nrule = 'length'\n# x\nmaxx = 3\n", 4, "already"),
        (
            "[[steps]]\nrule = 'length'\n\n[[steps]]\nname = 'b'\nrule = 'length'\n# x\nmaxx = 3\n",
            8,
            "no setting 'maxx'",
        ),
        ("[[steps]]\nrule = 'length'\nname = 'input'\n", 3, "taken"),
        ("[[steps]]\nrule = 'length'\nname = 'a\\u001b[31m'\n", 3, "no name"),
        ("[[steps]]\nrule = 'length'\nname = \"a\\u001b[31m\"\n", 3, "no name"),
        ("[[steps]]\nrule = 'length'\noptional = 'yes'\n", 3, "optional = yes"),
        ("[[steps]]\nrule = 'duplicates'\n[[steps]]\nrule = 'length'\n", 3, "stands behind duplicates"),
        ("[[steps]]\nrule = 'duplicates'\non = 'either'\n", 3, "on = either"),
        ("[[steps]]\nrule = 'duplicates'\nnear = 2\n", 3, "near = 2"),
        ("[[steps]]\nrule = 'script'\n", 1, "language of the source"),
        ("[[steps]]\nfix = 'mojibake'\nsides = ['middle']\n", 3, "no sides"),
        ("a = " + "[" * 5000, 0, "not valid TOML"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_line(tmp_path: Path, text: str, line: int, problem: str) -> None:
    with pytest.raises(CorpusError, match=problem) as caught:
        read(tmp_path, text)
    assert caught.value.line == line
    assert caught.value.path == tmp_path / "rules.toml"
    assert caught.value.hint


def test_what_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    path.write_bytes(b"[[steps]]\nrule = '\xff'\n")
    with pytest.raises(CorpusError, match="not UTF-8 at byte 19"):
        read_rules(path, NOBODY_SAID)
    with pytest.raises(CorpusError, match="can't be read"):
        read_rules(tmp_path / "missing.toml", NOBODY_SAID)


def test_optional_steps_are_left_out_only_for_want_of_a_language(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="no script"):
        read(tmp_path, "[[steps]]\nrule = 'script'\noptional = true\nsource = 'Klingon'\n")
    assert read(tmp_path, "[[steps]]\nrule = 'empty'\n[[steps]]\nrule = 'script'\noptional = true\n").names == (
        "empty",
    )


@pytest.fixture
def plugins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(PLUGINS))


@pytest.mark.usefixtures("plugins")
def test_plug_ins(tmp_path: Path) -> None:
    text = "[[steps]]\nfix = 'calm'\n[[steps]]\nrule = 'shouting'\nmost = 0.4\n"
    pipeline = read(tmp_path, text)
    outcome = run_steps(pipeline.steps, ["a", "b"], ["WHAT IS THIS!!!", "Nothing!"])
    assert [(each.place, each.note) for each in outcome.rejections] == [
        (0, "shouting 1.00 of the letters are capitals")
    ]
    assert [fix[2:] for fix in outcome.fixes] == [("target", "WHAT IS THIS!!!", "WHAT IS THIS!")]
    assert pipeline.steps[1].about_scores()["settings"] == {}
    assert read_rules(tmp_path / "rules.toml", NOBODY_SAID).about() == pipeline.about()


@pytest.mark.usefixtures("plugins")
@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[[steps]]\nrule = 'shouting'\nmost = 2\n", "most = 2"),
        ("[[steps]]\nrule = 'shouting'\nleast = 2\n", "no setting 'least'"),
        ("[[steps]]\nrule = 'calm'\n", "no rule 'calm'"),
        ("[[steps]]\nrule = 'missing'\n", "can't be loaded"),
    ],
)
def test_settings_of_plug_ins_are_checked_too(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(CorpusError, match=problem):
        read(tmp_path, text)
