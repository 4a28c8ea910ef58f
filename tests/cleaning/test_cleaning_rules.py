"""Each rule: pairs that it has to reject, pairs that it must not reject, and what it says about them."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posteditor.cleaning.registry import find_class
from posteditor.cleaning.rule import Languages, rejected, score_columns
from posteditor.cleaning.settings import SettingError, build

Pair = tuple[str, str]


def rule(kind: str, *, languages: Languages | None = None, folder: Path = Path(), **settings: Any) -> Any:
    made = build(find_class(kind, is_fixer=False), settings, folder)
    return made.for_languages(languages) if languages is not None else made


def reasons(kind: str, *pairs: Pair, **settings: Any) -> list[str]:
    """The reason for each pair, empty where it is kept."""
    made = rule(kind, **settings)
    scores = made.scores([source for source, _ in pairs], [target for _, target in pairs])
    return [made.reason(score).words if made.rejects(score) else "" for score in scores]


def test_empty() -> None:
    found = reasons("empty", ("a", "b"), ("", "b"), ("a", " \u200b\u3000\n"), ("", ""), ("\u00ad.", "…"))
    assert found == ["", "no source", "no target", "no source", ""]


def test_identical() -> None:
    pairs = [("The same.", "the  SAME."), ("The same.", "The other."), ("1984 – 12", "1984 – 12"), ("", "")]
    assert reasons("identical", *pairs) == ["the target is the source", "", "", ""]


def test_identical_lets_names_through() -> None:
    pairs = [("Vincent van Gogh", "Vincent van Gogh"), ("One two three four.", "One two three four.")]
    assert reasons("identical", *pairs, least_words=4) == ["", "the target is the source"]


@pytest.mark.parametrize("unit", ["words", "chars"])
def test_length(unit: str) -> None:
    many = "w " * 5 if unit == "words" else "wwwww"
    found = reasons("length", ("w w", "w"), ("w", many), ("", "w"), unit=unit, min=1, max=[9, 4])
    assert found == ["", "target 5 over 4", "source 0 under 1"]


def test_words_are_those_of_str_split() -> None:
    texts = ["a\u3000b", "a\x1fb c", "  a\u2028b ", "a\u200bb", "", " ", "a\nb\n"]
    made = rule("length")
    assert made.scores(texts, texts) == [(len(text.split()),) * 2 for text in texts]


def test_length_ratio() -> None:
    pairs = [("aaa", "a"), ("a", "aaaa"), ("", "a"), ("", ""), ("a", "a")]
    assert reasons("length_ratio", *pairs, max=3) == ["", "4 over 3", "inf over 3", "", ""]


def test_length_ratio_of_languages_that_differ() -> None:
    assert reasons("length_ratio", ("a" * 10, "a" * 25), max=2, expected=2.0) == [""]
    assert reasons("length_ratio", ("a" * 10, "a" * 25), max=2) == ["2.5 over 2"]


def test_longest_word() -> None:
    pairs = [("a bcd e", "a"), ("a", "bcde"), ("", "  ")]
    assert reasons("longest_word", *pairs, max=3) == ["", "target 4 over 3", ""]


def test_repetition() -> None:
    going_round = "I am here and " * 6
    pairs = [("Ordinary text with the words of the text.", "x"), ("x", going_round), ("to be or not to be", "x")]
    assert reasons("repetition", *pairs) == ["", "target 0.8182 over 0.3", ""]


def test_repetition_without_spaces() -> None:
    assert reasons("repetition", ("x", "我在这里我在这里我在这里"), unit="chars") == ["target 0.6 over 0.3"]


@pytest.mark.parametrize(
    ("text", "scripts", "share"),
    [
        ("Plain English, naïve.", ["Latin"], 1),
        ("Привет", ["Latin"], 0),
        ("abc где", ["Latin"], 0.5),
        ("12:30 – 14!", ["Latin"], 1),
        ("", ["Latin"], 1),
        ("日本のビール", ["Han", "Hiragana", "Katakana"], 1),
        ("日本のビール", ["Han"], 3 / 6),
        ("𝒜bc", ["Latin"], 1),
        ("é", ["Latin"], 1),
    ],
)
def test_script(text: str, scripts: list[str], share: float) -> None:
    made = rule("script", source=scripts, target=scripts)
    assert made.scores([text], [text]) == [(pytest.approx(share), pytest.approx(share))]


def test_script_is_right_whatever_came_before() -> None:
    made = rule("script", source="Greek", target="Cyrillic")
    texts = ["abc", "Где", "Ωραία", "ǅ", "中"]
    for text in texts:
        made.scores([text], [text])
    assert made.scores(texts, texts) == [(0, 0), (0, 1), (1, 0), (0, 0), (0, 0)]


def test_strict_scripts_have_no_common_letters() -> None:
    assert rule("script", source="Latin", target="Latin").scores(["aː"], ["a"]) == [(1, 1)]
    assert rule("script", source="Latin", target="Latin", strict=True).scores(["aː"], ["a"]) == [(0.5, 1)]


def test_scripts_of_languages() -> None:
    made = rule("script", languages=Languages("ja", "sr-Latn-RS"))
    assert made.source == ("Han", "Hiragana", "Katakana")
    assert made.target == ("Latin",)
    with pytest.raises(SettingError, match="language of the source is not known"):
        rule("script", languages=Languages(None, "en"))
    with pytest.raises(SettingError, match="script of tlh is not known"):
        rule("script", languages=Languages("tlh", "en"))


ENGLISH = "The committee will meet again on Thursday to discuss the results of the investigation."
GERMAN = "Der Ausschuss wird am Donnerstag erneut zusammentreten, um die Ergebnisse der Untersuchung zu besprechen."


def test_language() -> None:
    pytest.importorskip("pycld2")
    made = rule("language", languages=Languages("de-AT", "en-GB"))
    scores = made.scores([GERMAN, GERMAN, "12", ""], [ENGLISH, GERMAN, "OK", ""])
    assert [made.rejects(score) for score in scores] == [False, True, False, False]
    assert made.details(GERMAN, GERMAN) == "the target seems to be de"
    with pytest.raises(SettingError, match="'deu' is no language"):
        rule("language", source="deu")


def test_language_without_mercy_for_short_texts() -> None:
    pytest.importorskip("pycld2")
    made = rule("language", source="en", target="en", unsure="reject")
    assert [made.rejects(score) for score in made.scores(["12", ENGLISH], ["12", ENGLISH])] == [True, False]


def test_characters_that_the_detector_does_not_take() -> None:
    pytest.importorskip("pycld2")
    made = rule("language", source="en", target="en")
    assert made.scores(["\x00\ud800", "a\ufffe"], ["\udcff", "\x1b[31m"]) == [(1, 1), (1, 1)]


def test_languages_are_named_by_their_codes() -> None:
    pytest.importorskip("pycld2")
    assert rule("language", languages=Languages("nb", "zh-Hant")).source == ("no", "nn")
    with pytest.raises(SettingError, match="grc is no language"):
        rule("language", languages=Languages("grc", "en"))


def test_numbers() -> None:
    pairs = [
        ("It cost 1,250.50 in 2019.", "2019 kostete es 1.250,50."),
        ("It is 12:30.", "Es ist 12.30 Uhr."),
        ("In 1984", "Im Jahr"),
        ("In ١٢ years", "In 12 Jahren"),
        ("5 of 6 and 7", "5 von 8"),
        ("none", "keine"),
        ("some 2 000 at 11: 00", "etwa 2000 um 11.00"),
        ("on 07 July", "am 7. Juli"),
        ("The 19th century, 4 of them", "Das XIX. Jahrhundert, vier davon"),
        ("5", "6"),
        ("5 and 1984", "fünf und 1985"),
    ]
    kept = ["", "", "0 under 0.5", "", "0.4 under 0.5", "", "", "", "", "0 under 0.5", "0 under 0.5"]
    assert reasons("numbers", *pairs) == kept
    assert rule("numbers").details("5 of 6", "5 von 8") == "only the source has 6, only the target has 8"


@pytest.mark.parametrize(
    ("source", "target", "score"),
    [("1203", "1 2 03", 1), ("10", "1", 1), ("12", "21", 0.5), ("1", "", 0), ("0", "", 1), ("1234", "1235", 0.75)],
)
def test_digits(source: str, target: str, score: float) -> None:
    assert rule("numbers", measure="digits").scores([source, "x"], [target, "x"]) == [score, 1]


def test_tags() -> None:
    pairs = [
        ("a <b>c</b>", "<b>x</b> y"),
        ("a <b>c</b>", "x y"),
        ("a {name} %s", "{name} x %s"),
        ("a {name} %1$s", "x {nome}"),
        ("a < b and 5% of {", "x < y, 5 % von"),
        ("<1/> a", "a <1/>"),
    ]
    assert reasons("tags", *pairs) == ["", "2 over 0", "", "3 over 0", "", ""]
    assert rule("tags").details(*pairs[3]) == "only the source has {name} %1$s, only the target has {nome}"


def test_no_tags_at_all() -> None:
    pairs = [("<b>a</b>", "<b>x</b>"), ("a < b", "x > y"), ("a", "<i>x")]
    assert reasons("tags", *pairs, allowed="none") == ["1 over 0", "", "1 over 0"]


def test_urls() -> None:
    pairs = [
        ("See https://a.org/x?y=1.", "Siehe HTTPS://a.org/x?y=1!"),
        ("See www.a.org", "Siehe unten"),
        ("Ask me@a.org", "Frag du@a.org"),
        ("at 5@home", "um 5"),
    ]
    assert reasons("urls", *pairs) == ["", "1 over 0", "2 over 0", ""]


def test_brackets() -> None:
    pairs = [
        ("a (b) c", "x （y）"),
        ("a (b", "x (y)"),
        ("a) first", "a) erstens"),
        ("a [b] (c)", "x"),
        ("a (b", "x [y"),
    ]
    assert reasons("brackets", *pairs) == ["", "1 over 0", "", "", "2 over 0"]


def test_punctuation() -> None:
    pairs = [
        ("Yes.", "Ja."),
        ("Yes?", "Ja."),
        ("Yes.", "Ja"),
        ('He said "Yes."', "他说「是。」"),
        ("Yes?", "是？ "),
        ("Well…", "Na ja."),
        ("", ""),
    ]
    assert reasons("punctuation", *pairs) == ["", "0 under 0.5", "", "", "", "", ""]
    assert reasons("punctuation", *pairs, min=1)[2] == "0.5 under 1"


def test_counted_punctuation() -> None:
    made = rule("punctuation", measure="counts", min=-2)
    scores = made.scores(["a.", "a. b! c?", "a…", "."], ["x.", "x", "x", "!!!!!"])
    assert scores == [0, pytest.approx(-1.791759), pytest.approx(-0.693147), pytest.approx(-2.197225)]
    assert [made.rejects(score) for score in scores] == [False, False, False, True]


def test_mojibake() -> None:
    pairs = [("café “x”", "naïve —"), ("cafÃ©", "x"), ("x", "â€œquotedâ€\x9d"), ("Ждём", "Ωραία"), ("日本語", "ÄÖÜ")]
    assert [bool(reason) for reason in reasons("mojibake", *pairs)] == [False, True, True, False, False]


def test_control_characters() -> None:
    pairs = [("a\tb\n", "x"), ("a\x00b", "x"), ("a", "x\ufffd"), ("a\u200cb\u200e", "x"), ("a\x1b[31m", "x\x85")]
    found = reasons("control_characters", *pairs)
    assert found == ["", "source 1 over 0", "target 1 over 0", "", "source 1 over 0"]


@pytest.fixture
def glossary(tmp_path: Path) -> Path:
    path = tmp_path / "terms.tsv"
    lines = ["term\ttranslation", "Power Supply\tNetzteil", "fan\tLüfter", "fan\tVentilator", "主板\tmainboard", ""]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_terms(glossary: Path) -> None:
    pairs = [
        ("The power  supply fails.", "Das NETZTEIL fällt aus."),
        ("The power supply fails.", "Die Stromversorgung fällt aus."),
        ("A fan is a FAN", "Ein Ventilator"),
        ("fantastic", "großartig"),
        ("这个主板坏了", "The board is broken"),
    ]
    assert reasons("terms", *pairs, folder=glossary.parent, file="terms.tsv") == ["", "1 over 0", "", "", "1 over 0"]
    made = rule("terms", folder=glossary.parent, file="terms.tsv")
    assert made.details(*pairs[1]) == "Power Supply is not netzteil"
    before = made.key()
    glossary.write_text("a\tb\n", encoding="utf-8")
    assert rule("terms", folder=glossary.parent, file="terms.tsv").key() != before


def test_expressions() -> None:
    pairs = [("Click here", "x"), ("click there", "x"), ("a", "Cookies")]
    found = reasons("expression", *pairs, source="Click", target="(?i)cookie")
    assert found == ["the source matches", "", "the target matches"]
    assert reasons("expression", *pairs, target="^x$", must_match=True)[2] == "the target does not match"
    assert reasons("expression", *pairs, source="CLICK", ignore_case=True)[:2] == ["the source matches"] * 2


def test_an_expression_that_explodes() -> None:
    found = reasons("expression", ("a" * 60 + "!", "x"), ("a", "x"), source=r"^(a|a)*$", seconds=0.05)
    assert found == ["the source takes '^(a|a)*$' more than 0.05 s", "the source matches"]


@pytest.mark.parametrize(
    ("kind", "settings", "setting", "problem"),
    [
        ("length", {"mx": 3}, "mx", "there is no setting 'mx' here"),
        ("length", {"max": "3"}, "max", "max = 3"),
        ("length", {"max": True}, "max", "max = True"),
        ("length", {"max": [1, 2, 3]}, "max", "max ="),
        ("length", {"max": -1}, "max", "max = -1"),
        ("length", {"max": float("nan")}, "max", "max = nan"),
        ("length", {"min": 5, "max": 4}, "min", "min is above max"),
        ("length", {"unit": "bytes"}, "unit", "unit = bytes"),
        ("identical", {"least_words": 1.5}, "least_words", "least_words = 1.5"),
        ("script", {"source": "Klingon"}, "source", "there is no script 'Klingon'"),
        ("script", {"source": "Latin}|."}, "source", "there is no script"),
        ("expression", {}, "", "there is no expression"),
        ("expression", {"source": "(a"}, "source", "is no regular expression"),
        ("expression", {"source": "a", "seconds": 0}, "seconds", "seconds = 0"),
        ("terms", {}, "", "file is missing"),
        ("terms", {"file": 3}, "file", "file = 3"),
    ],
)
def test_settings_that_make_no_sense(kind: str, settings: dict[str, Any], setting: str, problem: str) -> None:
    with pytest.raises(SettingError, match=problem.replace("(", r"\(")) as caught:
        rule(kind, **settings)
    assert caught.value.setting == setting
    assert caught.value.hint


TEXTS = st.text(max_size=40) | st.sampled_from(
    [
        "",
        "a b c",
        "12 <b>x</b> {0}",
        "cafÃ©",
        "(x) https://a.org",
        "Привет 5!",
        "日本語。",
        "a\nb",
        "\ud800",
        "aa " * 30,
    ]
)
KINDS: list[tuple[str, dict[str, Any]]] = [
    ("empty", {}),
    ("identical", {}),
    ("length", {"unit": "words"}),
    ("length", {"unit": "chars"}),
    ("length_ratio", {"unit": "words", "max": 2}),
    ("longest_word", {"max": 9}),
    ("repetition", {}),
    ("script", {"source": "Latin", "target": ["Han", "Cyrillic"]}),
    ("numbers", {}),
    ("numbers", {"measure": "digits"}),
    ("tags", {}),
    ("tags", {"allowed": "none"}),
    ("urls", {}),
    ("brackets", {}),
    ("punctuation", {}),
    ("punctuation", {"measure": "counts", "min": -1}),
    ("mojibake", {}),
    ("control_characters", {}),
    ("expression", {"source": "a", "must_match": True}),
]


@pytest.mark.parametrize(("kind", "settings"), KINDS)
@given(pairs=st.lists(st.tuples(TEXTS, TEXTS), max_size=8))
def test_a_batch_scores_as_its_pairs_one_by_one(kind: str, settings: dict[str, Any], pairs: list[Pair]) -> None:
    made = rule(kind, **settings)
    sources, targets = [source for source, _ in pairs], [target for _, target in pairs]
    scores = made.scores(sources, targets)
    assert scores == [made.scores([source], [target])[0] for source, target in pairs]
    columns = score_columns(made, sources, targets)
    assert rejected(made, columns).tolist() == [made.rejects(score) for score in scores]


@given(text=st.text(max_size=60))
@pytest.mark.parametrize("kind", ["mojibake", "control_characters", "white_space"])
def test_what_is_fixed_stays_fixed(kind: str, text: str) -> None:
    fixer = build(find_class(kind, is_fixer=True), {}, Path())
    once = fixer.fix(text)
    assert fixer.fix(once) == once


@pytest.mark.parametrize(
    ("kind", "text", "fixed"),
    [
        ("mojibake", "cafÃ© â€œxâ€\x9d", "café “x”"),
        ("mojibake", "ÐŸÑ€Ð¸Ð²ÐµÑ‚", "Привет"),
        ("mojibake", "voilà — naïve Ñandú", "voilà — naïve Ñandú"),
        ("mojibake", "l’été à Å", "l’été à Å"),
        ("control_characters", "\ufeffa\x00b\x0bc\x85d\tе\u200d", "ab c d\tе\u200d"),
        ("white_space", " a \u00a0 b\n", "a b"),
    ],
)
def test_fixers(kind: str, text: str, fixed: str) -> None:
    assert build(find_class(kind, is_fixer=True), {}, Path()).fix(text) == fixed


@given(text=st.text(alphabet="abÃ©â€œ”ÂÐŸÑ€žÿ \xa0\x85éßΩΓЖдя–…", max_size=12))
def test_no_mojibake_slips_through_the_first_look(text: str) -> None:
    from ftfy import fix_encoding

    assert build(find_class("mojibake", is_fixer=True), {}, Path()).fix(text) == fix_encoding(text)
