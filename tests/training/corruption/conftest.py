"""Words that the rules' tests share: forms mined from a few sentences of our own."""

import pytest

from posteditor.training.corruption.word_forms import WordForms, mine_word_forms

SENTENCES = [
    "The old house stood by the river and the houses were red.",
    "She will walk home, he walks, they walked and are walking.",
    "A group of critics, other groups, praised the results of the research, the result of a study and other studies.",
    "The act was an action, the export and the exports grew.",
    "He was careful and spoke carefully of the army and its armies.",
    "They protect the government with the protection of governments; the minister and the ministers protected it.",
    "To protect is to be protecting, it protects.",
    "The dog and the dogs, the market and the markets, the report and the reports, a report said.",
]


@pytest.fixture(scope="session")
def forms() -> WordForms:
    return mine_word_forms(SENTENCES, least=1)
