"""Reading a challenge set."""

from pathlib import Path

import pytest

from posteditor.errors import CorpusError
from posteditor.services.challenge_set import read_challenge


def write(path: Path, lines: list[str]) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_category_and_keep_are_read_and_other_columns_left_alone(tmp_path: Path) -> None:
    rows = ["note\tsource\tkeep\tmt\tcategory\tx\treference", "n\tQuelle\t1 | <b>\ta <b> 1\tone\tz\tb <b> 1"]
    (item,) = read_challenge(write(tmp_path / "a.tsv", rows))
    assert (item.category, item.keep) == ("one", ("1", "<b>"))
    assert (item.segment.mt, item.segment.source, item.segment.references) == ("a <b> 1", "Quelle", ("b <b> 1",))
    assert (item.segment.target, item.segment.note, item.segment.line) == (None, "", 2)


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["category\tmt", "a\tb"], "column reference"),
        (["mt\treference", "a\tb"], "column category"),
        (["category\tmt\treference", "a\tb\tc", "\tb\tc"], "line 3: the category is empty"),
        (["category\tmt\treference", "a\tb\t"], "line 2: the reference is empty"),
        (["category\tmt\treference", "a\tb"], "line 2: 2 fields"),
    ],
)
def test_a_broken_set_is_refused_with_its_place(lines: list[str], words: str, tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=words) as caught:
        read_challenge(write(tmp_path / "a.tsv", lines))
    assert "a.tsv" in caught.value.message
    assert caught.value.hint
