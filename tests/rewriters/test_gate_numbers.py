"""Numbers, dates, times, currencies and units: what is the same in another notation, and what is not."""

import pytest

from posteditor.core.words import split_words
from posteditor.rewriters.gate_dates import find_dates
from posteditor.rewriters.gate_numbers import find_numbers
from tests.rewriters.judging import assert_passes, assert_refused

SAME = [
    ("It opened on 3 May 2021 in town.", "It opened on May 3, 2021 in town."),
    ("It opened on 3 May 2021 in town.", "On May 3, 2021, it opened in town."),
    ("It opened on 2021-05-03 in town.", "It opened on 3 May 2021 in town."),
    ("It opened on 03.05.2021 in town.", "It opened on 3 May 2021 in town."),
    ("It opened on 3/5/2021 in town.", "It opened on 3 May 2021 in town."),
    ("It opened on 3/5/2021 in town.", "It opened on March 5, 2021 in town."),
    ("It opened on 13/5/2021 in town.", "It opened on 13 May 2021 in town."),
    ("It opened on 3 Sept. 2021 in town.", "It opened on 3 September 2021 in town."),
    ("In april the pass is closed.", "In April the pass is closed."),
    ("It opened in mid-april then.", "It opened in mid-April then."),
    ("He came at 10:30 pm to us.", "He came at 22:30 to us."),
    ("He came at 10.30 p.m. to us.", "He came at 22:30 to us."),
    ("He came at 10 pm to us.", "He came at 22:00 to us."),
    ("He came at 22.30 to us.", "He came at 22:30 to us."),
    ("He came at 07:45 to us.", "He came at 7:45 to us."),
    ("Open from 10:30-11:30 on weekdays.", "Open from 10:30 to 11:30 on weekdays."),
    ("He paid 5 million for it.", "He paid 5,000,000 for it."),
    ("He paid 5,000,000 for it.", "He paid five million for it."),
    ("He paid $5m for it.", "He paid $5 million for it."),
    ("He paid €2bn for it.", "He paid 2 billion euros for it."),
    ("He paid 50 lakh for it.", "He paid 5 million for it."),
    ("He paid 20 euros for it.", "He paid €20 for it."),
    ("He paid EUR 20 for it.", "He paid 20 euros for it."),
    ("He paid £20 for it.", "He paid 20 pounds for it."),
    ("It is 9 km to the sea.", "It is 9 kilometers to the sea."),
    ("It is 5 m wide there.", "It is five meters wide there."),
    ("It was in the XX century.", "It was in the 20th century."),
    ("It was World War II then.", "It was the Second World War then."),
    ("It was minus 5 degrees there.", "It was -5 degrees there."),
    ("There were twenty five of them.", "There were 25 of them."),
    ("Er hat 5 Katzen und einen Hund.", "Er hat fünf Katzen und einen Hund."),
    ("他有5万元。", "他有50000元。"),
]
OTHER = [
    ("It opened on 3 May 2021 in town.", "It opened on 3 June 2021 in town."),
    ("It opened on 3 May 2021 in town.", "It opened on 5 March 2021 in town."),
    ("It opened on 2021-05-03 in town.", "It opened on 5 March 2021 in town."),
    ("It opened on 13/5/2021 in town.", "It opened on 13 June 2021 in town."),
    ("It opened in April again.", "It opened in August again."),
    ("He came at 10:30 pm to us.", "He came at 10:30 to us."),
    ("He came at 10:30 to us.", "He came at 10:45 to us."),
    ("He paid 5 million for it.", "He paid 500,000 for it."),
    ("He paid 5 million for it.", "He paid 5 billion for it."),
    ("He paid $5m for it.", "He paid $5 for it."),
    ("He paid €20 for it.", "He paid £20 for it."),
    ("He paid USD 20 for it.", "He paid EUR 20 for it."),
    ("He paid 20 roubles for it.", "He paid 20 dollars for it."),
    ("It is 9 km to the sea.", "It is 9 miles to the sea."),
    ("It was 180 °C in there.", "It was 180 °F in there."),
    ("It was in the XX century.", "It was in the XIX century."),
    ("It was in 300 BC that he came.", "It was in 300 that he came."),
    ("He is one of two brothers.", "He is one of three brothers."),
    ("Take ½ of it now.", "Take ¼ of it now."),
    ("It covers 5 m² of the wall.", "It covers 5 m of the wall."),
    ("Er hat 5 Katzen und einen Hund.", "Er hat sechs Katzen und einen Hund."),
    ("他有5万元。", "他有5元。"),
]


@pytest.mark.parametrize(("mt", "rewrite"), SAME)
def test_the_same_number_in_another_notation_passes(mt: str, rewrite: str) -> None:
    assert_passes(mt, rewrite)


@pytest.mark.parametrize(("mt", "rewrite"), OTHER)
def test_another_number_is_refused(mt: str, rewrite: str) -> None:
    assert_refused("number", mt, rewrite)


def test_the_source_says_which_number_is_right() -> None:
    source = "Er zahlte am 27. Oktober 1.200 Euro."
    assert_passes("He paid 1,300 euros on 27 October.", "He paid 1,200 euros on 27 October.", source)
    assert_refused("number", "He paid 1,200 euros on 27 October.", "He paid 1,300 euros on 27 October.", source)
    assert_passes("He paid 1,200 euros on 27 November.", "He paid 1,200 euros on 27 October.", source)
    assert_refused("number", "He paid 1,200 euros on 27 October.", "He paid 1,200 euros on 27 November.", source)


def test_a_number_that_the_mt_says_twice_may_go_once_by_the_source() -> None:
    mt, rewrite = "In 1990, he left home in 1990.", "In 1990, he left home."
    assert_passes(mt, rewrite, "1990 ging er von zu Hause fort.")
    assert_refused("number", mt, rewrite, "1990 ging er von zu Hause fort, und 1990 kam er wieder.")
    assert_refused("number", "In 1990, he left home.", "In 1990, he left home in 1990.", "1990 ging er fort.")


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("no number", []),
        ("1.234,50 and 1,234.50", ["1234.50", "1234.50"]),
        ("two hundred and fifty thousand", ["250000"]),
        ("mid-May and you may", ["May"]),
        ("March on, Louis XIV", ["14"]),
        ("v2.3.1 of 192.168.0.1", ["2.3.1", "192.168.0.1"]),
    ],
)
def test_what_counts_as_a_number(text: str, values: list[str]) -> None:
    assert sorted(fact.value for fact in find_numbers(text) if fact.is_firm) == sorted(values)


@pytest.mark.parametrize("text", ["", "99/99/2021", "2021-13-40", "25:70", "3:2", "12.10.2021.5", "1.2.3"])
def test_what_is_no_date_and_no_time_is_left_to_the_numbers(text: str) -> None:
    assert list(find_dates(text)) == []


def test_places_of_numbers_are_places_in_the_text() -> None:
    text = "On 3 May 2021, at 10:30 pm, $5m and 9 km for two hundred people of the XX century."
    for fact in find_numbers(text):
        assert 0 <= fact.start < fact.end <= len(text)
    assert {text[f.start : f.end] for f in find_numbers(text) if f.value in ("200", "20", "km")} == {
        "two hundred",
        "XX",
        "km",
    }
    assert split_words(text)[0].text == "On"
