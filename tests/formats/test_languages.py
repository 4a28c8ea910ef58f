"""Which language tag of a file a person means."""

import pytest

from posteditor.formats.languages import is_meant, meant


@pytest.mark.parametrize(
    ("wanted", "tags", "found"),
    [
        ("en", ["en", "en-US"], ["en"]),
        ("EN_us", ["en", "en-US"], ["en-US"]),
        ("en", ["en-GB", "en-US", "de"], ["en-GB", "en-US"]),
        ("en-GB", ["en-US", "en"], ["en"]),
        ("e", ["en"], []),
        ("zh-Hant", ["zh-Hans", "zh-Hant-TW"], ["zh-Hant-TW"]),
        ("de", ["DE", "de"], ["de"]),
    ],
)
def test_the_same_tag_or_else_all_that_may_be_meant(wanted: str, tags: list[str], found: list[str]) -> None:
    assert meant(wanted, tags) == found


def test_regions_of_one_language_are_not_each_other() -> None:
    assert not is_meant("en-GB", "en-US")
    assert not is_meant("en", "eng")
