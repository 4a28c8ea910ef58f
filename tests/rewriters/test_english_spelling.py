"""Endings and articles as English spells them."""

import pytest

from posteditor.rewriters.english_spelling import article_before, with_ending


@pytest.mark.parametrize(
    ("stem", "ending", "word"),
    [
        ("lose", "ing", "losing"),
        ("walk", "ing", "walking"),
        ("be", "ing", "being"),
        ("see", "ing", "seeing"),
        ("city", "s", "cities"),
        ("day", "s", "days"),
        ("church", "s", "churches"),
        ("Israel", "i", "Israeli"),
        ("Kennedy", "s", "Kennedys"),
        ("Gantz", "'s", "Gantz's"),
        ("create", "d", "created"),
    ],
)
def test_endings(stem: str, ending: str, word: str) -> None:
    assert with_ending(stem, ending) == word


@pytest.mark.parametrize(
    ("word", "article"),
    [
        ("apple", "an"), ("huge", "a"), ("hour", "an"), ("honest", "an"), ("university", "a"), ("uninteresting", "an"),
        ("European", "a"), ("one", "a"), ("useful", "a"), ("usher", "an"), ("8", "a"), ("", "a"), ("urgent", "an"),
    ],
)  # fmt: skip
def test_articles(word: str, article: str) -> None:
    assert article_before(word, "a") == article
    assert article_before(word, "An") == article.capitalize()
