"""Names: respelt and moved ones pass, the source decides about the others, also in another alphabet."""

import pytest

from posteditor.rewriters.gate_spelling import is_bent, is_same_name, spelling
from posteditor.rewriters.gate_transliteration import in_latin
from tests.rewriters.judging import assert_passes, assert_refused, judged

BY_THE_SOURCE = [
    ("I met Peter in the park.", "I met Petra in the park.", "Ich traf Petra im Park."),
    ("She called Alehl in the morning.", "She called Alekhine in the morning.", "Ta helistas hommikul Alehhinile."),
    ("I met Putkin in the park.", "I met Putin in the park.", "Я встретил Путина в парке."),
    ("I was in Katmand with him.", "I was in Kathmandu with him.", "म उहाँसँग काठमाडौंमा थिएँ"),
    ("He lives in the rice now.", "He lives in Riga now.", "Ta elab nüüd Riias."),
    ("The Seals' man was there.", "The bar man was there.", "Baari mees oli kohal."),
    ("It is a symbolic IA of today.", "It is a symbolic AI of today.", "Este o IA simbolică de azi."),
]
NOT_BY_THE_SOURCE = [
    ("I met Paula in the park.", "I met Peter in the park.", "Ich traf Paula im Park."),
    ("I met Putin in the park.", "I met Obama in the park.", "Я встретил Путина в парке."),
    ("I was in Kathmandu with him.", "I was in Pokhara with him.", "म उहाँसँग काठमाडौंमा थिएँ"),
    ("We fly to Germany soon.", "We fly to France soon.", "Lendame varsti Saksamaale."),
    ("He went home at night.", "He went home at night with Xavier.", "Ta läks öösel koju."),
    ("Kant says that it is so.", "He says that it is so.", "Kant ütleb, et nii see on."),
    ("NASA says that it is so.", "They say that it is so.", None),
]


@pytest.mark.parametrize(("mt", "rewrite", "source"), BY_THE_SOURCE)
def test_what_the_source_says_passes(mt: str, rewrite: str, source: str) -> None:
    assert_passes(mt, rewrite, source)


@pytest.mark.parametrize(("mt", "rewrite", "source"), NOT_BY_THE_SOURCE)
def test_what_it_does_not_say_is_refused(mt: str, rewrite: str, source: str | None) -> None:
    assert_refused("name", mt, rewrite, source)


@pytest.mark.parametrize(
    ("mt", "rewrite"),
    [
        ("He lived in the Edo Era with her.", "He lived in the Edo period with her."),
        ("We met Go-Murakami in the park.", "We met Gomurakami in the park."),
        ("We were in northern Korea then.", "We were in Northern Korea then."),
        ("It was an Athenian who came.", "It was one from Athens who came."),
        ("The Plan For A New Town Hall", "The Plan for a New Town Hall"),
    ],
)
def test_titles_forms_and_headlines_pass(mt: str, rewrite: str) -> None:
    assert_passes(mt, rewrite)


def test_german_nouns_are_no_names_but_for_those_of_the_source() -> None:
    mt, rewrite = "Er hat das Haus und den Hund nicht gesehen.", "Er hat das Gebäude und den Hund nicht gesehen."
    assert_passes(mt, rewrite)
    mt, rewrite = "Er hat Anna und den Hund nicht gesehen.", "Er hat Paula und den Hund nicht gesehen."
    assert_refused("name", mt, rewrite, "He did not see Anna and the dog.")


def test_a_name_respelt_in_another_place_was_moved() -> None:
    mt = "In Moskow he met her, as people say."
    assert judged(mt, "He met her in Moscow, as people say.").text == "He met her in Moscow, as people say."


@pytest.mark.parametrize(
    ("word", "latin"),
    [
        ("Škoda".casefold(), "skoda"),
        ("łódź", "lodz"),
        ("путин", "putin"),
        ("щербаков", "shcherbakov"),
        ("αθηνα", "athina"),
        ("हनुमान", "hanuman"),
        ("কলকাতা", "kalakata"),
        ("කොළඹ", "kolamb"),
        ("東京", "東京"),
    ],
)
def test_transliteration(word: str, latin: str) -> None:
    assert in_latin(word) == latin


def test_when_two_spellings_are_one_name() -> None:
    for one, other in [("Moscow", "Moskow"), ("Müller", "Muller"), ("French", "France"), ("Peter's", "Peter")]:
        assert is_same_name(spelling(one), spelling(other))
    for one, other in [("Austria", "Australia"), ("Iran", "Iraq"), ("Peter", "Paul"), ("US", "UK")]:
        assert not is_same_name(spelling(one), spelling(other))
    assert is_bent("riga", "riga") and is_bent("anna", "annale") and not is_bent("anna", "paulale")
