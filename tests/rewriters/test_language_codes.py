"""Language codes of multilingual models."""

import pytest

from posteditor.errors import ModelError
from posteditor.rewriters.language_codes import language_code

KNOWN = {"eng_Latn", "zho_Hant", "zho_Hans", "en_XX", "zh_CN", "__en__", "fur_Latn"}


@pytest.mark.parametrize(
    ("tag", "form", "code"),
    [
        ("en", "nllb", "eng_Latn"),
        ("en-GB", "nllb", "eng_Latn"),
        ("zh-Hant", "nllb", "zho_Hant"),
        ("zh_TW", "nllb", "zho_Hant"),
        ("zh", "nllb", "zho_Hans"),
        ("fur_Latn", "nllb", "fur_Latn"),
        ("en-US", "mbart", "en_XX"),
        ("zh", "mbart", "zh_CN"),
        ("en", "m2m", "__en__"),
    ],
)
def test_a_tag_finds_its_code(tag: str, form: str, code: str) -> None:
    assert language_code(tag, form, KNOWN) == code


@pytest.mark.parametrize("form", ["nllb", "mbart", "m2m"])
def test_an_unknown_language_is_refused(form: str) -> None:
    with pytest.raises(ModelError, match="no code for the language is"):
        language_code("is", form, KNOWN)
