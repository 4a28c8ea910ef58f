"""Numbers that others have published come out of our metrics: the regression values of sacrebleu's own tests.

Source: sacrebleu's repository, test/test_ter.py and test/test_bleu.py; the three sentences are the example of its
README (Post 2018, A Call for Clarity in Reporting BLEU Scores, WMT).
"""

import pytest

from posteditor.scoring.intervals import StatisticsTable
from posteditor.scoring.metrics import corpus_statistics, create_metric

_TEXTS = ["The dog bit the man.", "It wasn't surprising.", "The man had just bitten him."]
_REFERENCES = [
    ["The dog bit the man.", "The dog had bit the man."],
    ["It was not unexpected.", "No one was surprised."],
    ["The man bit him first.", "The man had bitten the dog."],
]


def _value(metric_name: str, texts: list[str], references: list[list[str]]) -> float:
    metric = create_metric(metric_name)
    table = StatisticsTable(metric.width)
    for numbers in corpus_statistics(metric, texts, references):
        table.append(numbers)
    return metric.corpus_score(table.rows().sum(0).tolist()).value


@pytest.mark.parametrize(
    ("text", "reference", "expected"),
    [
        ("aaaa bbbb cccc dddd", "aaaa bbbb cccc dddd", 0),
        ("dddd eeee ffff", "aaaa bbbb cccc", 100),
        ("", "a", 100),
        ("d e f g h a b c", "a b c d e f g h", 12.5),  # a single shift
    ],
)
def test_ter(text: str, reference: str, expected: float) -> None:
    assert _value("ter", [text], [[reference]]) == pytest.approx(expected)


def test_bleu_of_the_readme_example() -> None:
    assert _value("bleu", _TEXTS, _REFERENCES) == pytest.approx(48.530827)


def test_bleu_of_empty_texts() -> None:
    assert _value("bleu", ["", "", ""], _REFERENCES) == 0
