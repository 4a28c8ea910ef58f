"""Glossaries: what is read, what is refused with its line, and which terms a text needs."""

from pathlib import Path

import pytest

from posteditor.errors import CorpusError
from posteditor.rewriters.glossary import Glossary


def glossary(*terms: str) -> Glossary:
    return Glossary((term, term.upper()) for term in terms)


def read(tmp_path: Path, content: bytes) -> Glossary:
    path = tmp_path / "terms.tsv"
    path.write_bytes(content)
    return Glossary.read(path)


def test_a_table_of_two_columns_is_read_in_its_order(tmp_path: Path) -> None:
    content = "\ufeffTerm\tTranslation\r\nHund\tdog\n\n \nKatze \t cat\nHund\thound\nHund\tdog".encode()
    assert read(tmp_path, content).entries == (("Hund", "dog"), ("Katze", "cat"), ("Hund", "hound"))


@pytest.mark.parametrize(
    ("content", "line", "problem"),
    [
        (b"a\tb\nc\n", 2, "has 1 column where a glossary has 2"),
        (b"a\tb\tc\n", 1, "has 3 columns"),
        (b"a\tb\n\n\tx\n", 3, "has an empty term"),
        (b"a\t \n", 1, "has an empty translation"),
        (b"a\tb\nc\t\xff\n", 2, "is not UTF-8 at byte 3"),
        ("a\tb\n".encode("utf-16"), 1, "is not UTF-8"),
    ],
)
def test_a_line_that_is_no_entry_is_named(tmp_path: Path, content: bytes, line: int, problem: str) -> None:
    with pytest.raises(CorpusError, match=problem) as caught:
        read(tmp_path, content)
    assert caught.value.line == line
    assert "a tab" in caught.value.hint


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"none\.tsv: can't be read"):
        Glossary.read(tmp_path / "none.tsv")


@pytest.mark.parametrize(
    ("term", "text", "occurs"),
    [
        ("Hund", "Der HUND bellt.", True),
        ("Hund", "Hunderte", False),
        ("Hund", "Wind(Hund)", True),
        ("Hund", "Der Windhund", False),
        ("post", "post-editing", True),
        ("New  York", "in new\nyork.", True),
        ("C++", "Use C++!", True),
        ("C", "Use C++!", True),
        ("straße", "STRASSE", True),
        ("cafe\u0301", "Caf\u00e9", True),
        ("猫", "大猫が", True),
        ("हिन", "हिन्दी", False),
        ("हिन्दी", "यह हिन्दी है", True),
        ("a_b", "x a_b_c", False),
        ("5", "15 or 5,5", True),
        ("5", "15", False),
    ],
)
def test_a_term_is_found_as_a_whole_word_whatever_the_case(term: str, text: str, occurs: bool) -> None:
    assert glossary(term).terms_in(text) == ([(term, term.upper())] if occurs else [])


def test_terms_come_once_in_the_order_of_the_text_with_all_their_translations() -> None:
    terms = Glossary([("b", "2"), ("a", "1"), ("A", "one"), ("a b", "12"), ("z", "0")])
    assert terms.terms_in("a b, b and a") == [("a", "1"), ("A", "one"), ("a b", "12"), ("b", "2")]


def test_the_fingerprint_follows_the_entries() -> None:
    assert glossary("a", "b").fingerprint == glossary("a", "b").fingerprint
    assert len({glossary("a", "b").fingerprint, glossary("b", "a").fingerprint, Glossary().fingerprint}) == 3


def test_a_big_glossary_is_no_slower_by_its_size() -> None:
    terms = Glossary((f"term number {number}", "x") for number in range(200_000))
    for _ in range(100):  # a look at each entry would take minutes
        assert terms.terms_in("here is term number 77 and no other " * 5) == [("term number 77", "x")]
