"""LanguageTool against a scripted server on the loopback address: hunks, offsets, and every kind of trouble."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posteditor.core.segment import Segment
from posteditor.core.suggestion import Edit, Suggestion, apply_edits
from posteditor.errors import ModelError
from posteditor.rewriters.language_tool import LanguageToolRewriter, language_for, load
from posteditor.rewriters.language_tool_client import Patience
from posteditor.rewriters.language_tool_matches import edits_of
from posteditor.rewriters.specs import RewriterRequest, Threshold, load_rewriter
from tests.rewriters.scripted_language_tool import (
    LANGUAGES,
    Reply,
    ScriptedServer,
    json_reply,
    language_tool_server,
    match,
)

SHORT = Patience(connect=2.0, answer=0.4, pauses=(0.01, 0.01))
WAITS_LONG = 20.0


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with language_tool_server() as script:
        yield script


@pytest.fixture
def rewriter(server: ScriptedServer) -> Iterator[LanguageToolRewriter]:
    rewriter = loaded(server)
    yield rewriter
    rewriter.close()


def loaded(
    server: ScriptedServer, *, threshold: Threshold = "show", lang: str | None = "en-GB"
) -> LanguageToolRewriter:
    request = RewriterRequest(f"languagetool:{server.url}", server.url, target_lang=lang, threshold=threshold)
    return load(request, SHORT)


def rewrite(rewriter: LanguageToolRewriter, *mts: str) -> list[Suggestion]:
    return list(rewriter.rewrite([Segment(number, mt) for number, mt in enumerate(mts, 1)]))


def test_matches_become_hunks_with_category_and_confidence(server: ScriptedServer) -> None:
    rewriter = load_rewriter(f"languagetool:{server.url}", target_lang="en-GB")
    (suggestion,) = rewriter.rewrite([Segment(1, "They have went to teh very very old house.")])
    assert suggestion.text == "They have gone to the very old house."
    assert [(edit.replacement, edit.category, edit.confidence) for edit in suggestion.edits] == [
        ("have gone", "grammar", 0.8),
        ("the", "spelling", 0.675),
        ("very", "repetition", 0.9),
    ]
    assert suggestion.rewriter == f"languagetool:{server.url}" == rewriter.name
    assert suggestion.confidence == 0.675
    assert suggestion.seconds > 0
    assert server.languages == ["en-GB"]
    assert "6.5" in rewriter.revision
    assert "en-GB" in rewriter.revision
    rewriter.close()
    rewriter.close()


def test_offsets_are_counted_in_utf_16(rewriter: LanguageToolRewriter) -> None:
    mts = ["𝒯𝒽𝑒 🙂 teh dog 🐕 and teh cat", "é teh", "🏴󠁧󠁢󠁥󠁮󠁧󠁿teh teh"]
    suggestions = rewrite(rewriter, *mts)
    assert [suggestion.text for suggestion in suggestions] == [mt.replace("teh ", "the ") for mt in mts[:1]] + [
        "é the",
        "🏴󠁧󠁢󠁥󠁮󠁧󠁿the the",
    ]


def test_batches_make_only_the_surer_hunks(server: ScriptedServer) -> None:
    rewriter = loaded(server, threshold="apply")
    (suggestion,) = rewrite(rewriter, "They have went to teh very very old house.")
    assert suggestion.text == "They have gone to teh very old house."
    rewriter.close()


def test_the_order_holds_and_few_requests_are_under_way(server: ScriptedServer, rewriter: LanguageToolRewriter) -> None:
    mts = [f"teh number {number}" for number in range(30)]
    server.on(mts[0], json_reply({"matches": []}, delay=0.1))
    suggestions = rewrite(rewriter, *mts)
    assert [suggestion.text for suggestion in suggestions] == [mts[0]] + [mt.replace("teh", "the") for mt in mts[1:]]
    assert 1 < server.most_at_once <= 4
    assert sorted(server.texts) == sorted(mts)


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        ([match(0, 1, "The", "An"), match(2, 3, "b")], "The b"),
        ([match(0, 1), match(2, 3, "b")], "a b"),  # a complaint without a proposal
        ([match(0, 5, "x y", issue="style"), match(2, 3, "b")], "a b"),  # the surer one
        ([match(0, 3, "x "), match(2, 3, "b")], "x bb"),  # equally sure: the earlier one
        ([match(0, 1, "x"), match(0, 5, "y")], "y"),  # then the longer one
        ([match(0, 5, "b"), match(0, 5, "a")], "a"),  # then by the replacement, in whatever order they come
        ([match(0, 5, "a"), match(0, 5, "b")], "a"),
        ([match(2, 3, "b"), match(0, 1, "x")], "x b"),  # in no order
        ([match(2, 0, "and "), match(2, 3, "b")], "a and b"),
        ([match(2, 0, "and "), match(2, 0, "or ", issue="style")], "a and bbb"),
        ([match(0, 1, "a")], "a bbb"),  # nothing to change
        ([match(1, 4, "")], "a"),
    ],
)
def test_which_matches_are_taken(
    server: ScriptedServer, rewriter: LanguageToolRewriter, answer: list[Any], text: str
) -> None:
    server.on("a bbb", json_reply({"matches": answer}))
    (suggestion,) = rewrite(rewriter, "a bbb")
    assert suggestion.error == ""
    assert suggestion.text == text


def test_unknown_rules_have_a_name_and_a_confidence_of_ours(
    server: ScriptedServer, rewriter: LanguageToolRewriter
) -> None:
    odd = match(0, 1, "x", issue="\x1b[31m", category="\x1b]0;title\x07")
    plain = {"offset": 2, "length": 3, "replacements": [{"value": "b"}]}
    server.on("a bbb", json_reply({"matches": [odd, plain]}))
    (suggestion,) = rewrite(rewriter, "a bbb")
    assert {(edit.category, edit.confidence) for edit in suggestion.edits} == {("grammar", 0.6)}


FAULTS = [
    (Reply(b"<html><body>Welcome to nginx!</body></html>"), 'is not JSON: "<html>'),
    (Reply(b'{"matches": ['), "is not JSON"),
    (Reply(b""), "is not JSON"),
    (Reply(b"[" * 200_000), "is not JSON"),
    (Reply(b"\xff\xfe\x1b[31m"), "is not JSON"),
    (json_reply([]), "the answer is no JSON object"),
    (json_reply({}), "'matches' is missing or has the wrong type"),
    (json_reply({"matches": {}}), "'matches' is missing or has the wrong type"),
    (json_reply({"matches": ["x"]}), "a match is no JSON object"),
    (json_reply({"matches": [match("0", 1, "x")]}), "'offset' is missing or has the wrong type"),
    (json_reply({"matches": [match(0, True, "x")]}), "'length' is missing or has the wrong type"),
    (json_reply({"matches": [match(0.0, 1, "x")]}), "'offset' is missing"),
    (json_reply({"matches": [{**match(0, 1), "replacements": ["x"]}]}), "a replacement is no JSON object"),
    (json_reply({"matches": [{**match(0, 1), "replacements": [{}]}]}), "'value' is missing"),
    (json_reply({"matches": [{**match(0, 1, "x"), "rule": 1}]}), "a rule is no JSON object"),
    (json_reply({"matches": [match(0, 99, "x")]}), "does not lie in the text"),
    (json_reply({"matches": [match(-1, 2, "x")]}), "does not lie in the text"),
    (json_reply({"matches": [match(3, -2, "x")]}), "has the length -2"),
    (json_reply({"matches": [match(4, 1, "x")]}), "does not lie in the text"),  # the middle of the emoji
    (Reply(b"Error: Text too long\n\x1b[31m", status=413), 'status 413: "Error: Text too long [31m"'),
    (Reply(b"Internal Error", status=500), "status 500"),
    (Reply(b"busy", status=503), "status 503"),
    (Reply(b"", status=302, headers=(("Location", "http://127.0.0.1:1/"),)), "redirects /v2/check, which is not"),
    (Reply(b" " * (9 << 20)), "longer than 8 MiB"),
    (Reply(b"{}", headers=(("Content-Encoding", "gzip"),)), "packed"),
    (Reply(b"{}", length=50), "the request for /v2/check failed"),
    (Reply(delay=2.0), "no answer to /v2/check within 0.4 s"),
    (Reply(b" " * 100, drip=0.05), "no answer to /v2/check within 0.4 s"),
]


@pytest.mark.parametrize(("reply", "problem"), FAULTS, ids=[problem for _, problem in FAULTS])
def test_trouble_with_one_segment_leaves_the_others_alone(
    server: ScriptedServer, rewriter: LanguageToolRewriter, reply: Reply, problem: str
) -> None:
    server.on("bad 🙂 teh", reply)
    suggestions = rewrite(rewriter, "teh one", "bad 🙂 teh", "teh three")
    assert [suggestion.text for suggestion in suggestions] == ["the one", "bad 🙂 teh", "the three"]
    assert [bool(suggestion.error) for suggestion in suggestions] == [False, True, False]
    assert problem in suggestions[1].error
    assert suggestions[1].error.isprintable()


def test_a_lone_surrogate_is_an_error_of_its_segment(rewriter: LanguageToolRewriter) -> None:
    suggestions = rewrite(rewriter, "teh \ud800", "teh")
    assert "lone surrogate" in suggestions[0].error
    assert suggestions[1].text == "the"


def test_a_busy_server_is_asked_again(server: ScriptedServer, rewriter: LanguageToolRewriter) -> None:
    server.on("teh", Reply(status=503, times=1), Reply(status=429, times=1))
    assert rewrite(rewriter, "teh")[0].text == "the"
    assert server.texts == ["teh"] * 3


def test_a_server_that_goes_down_costs_only_its_segments() -> None:
    with language_tool_server() as server:
        rewriter = loaded(server)
        assert rewrite(rewriter, "teh")[0].text == "the"
    suggestions = rewrite(rewriter, "teh", "teh")
    assert [suggestion.text for suggestion in suggestions] == ["teh", "teh"]
    assert all("the request for /v2/check failed" in suggestion.error for suggestion in suggestions)
    rewriter.close()


@pytest.mark.parametrize(
    ("reply", "problem"),
    [
        (Reply(b"<html>It works!</html>"), "is not JSON"),
        (json_reply({"object": "list", "data": []}), "not as LanguageTool does"),
        (json_reply([{"code": "en"}]), "not as LanguageTool does"),
        (json_reply([{"code": "en", "longCode": "\x1b[31m"}]), "not as LanguageTool does"),
        (json_reply(None), "not as LanguageTool does"),
        (Reply(b"Not Found", status=404), "status 404"),
        (Reply(status=301, headers=(("Location", "https://example.org/"),)), "redirects"),
        (Reply(delay=2.0), "no answer to /v2/languages"),
        (json_reply([]), "does not check en-GB; it checks nothing"),
    ],
)
def test_what_is_no_language_tool_is_refused_at_loading(server: ScriptedServer, reply: Reply, problem: str) -> None:
    server.on("/v2/languages", reply)
    with pytest.raises(ModelError) as caught:
        loaded(server)
    assert problem in caught.value.message
    assert server.url in caught.value.message


def test_nobody_listening_says_how_to_start_one() -> None:
    with language_tool_server() as server:
        pass
    with pytest.raises(ModelError, match="failed") as caught:
        loaded(server)
    assert "languagetool-server.jar" in caught.value.hint


def test_an_old_server_that_tells_no_version_will_do(server: ScriptedServer) -> None:
    server.on("/v2/info", Reply(b"Error", status=404))
    rewriter = loaded(server)
    assert rewrite(rewriter, "teh")[0].text == "the"
    rewriter.close()


@pytest.mark.parametrize(
    ("argument", "is_good"),
    [("", True), ("URL/", True), ("URL/v2", True), ("URL/v2/", True), ("not a url", False), ("URL?x=1", False)],
)
def test_addresses(server: ScriptedServer, argument: str, is_good: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("posteditor.rewriters.language_tool.DEFAULT_URL", server.url)
    request = RewriterRequest("languagetool", argument.replace("URL", server.url), target_lang="en")
    if is_good:
        load(request, SHORT).close()
    else:
        with pytest.raises(ModelError, match="can't be used") as caught:
            load(request, SHORT)
        assert "languagetool:http" in caught.value.hint


def test_without_a_language_it_asks_for_one(server: ScriptedServer) -> None:
    with pytest.raises(ModelError, match="has to know the language") as caught:
        load_rewriter(f"languagetool:{server.url}")
    assert "--target-lang" in caught.value.hint
    assert server.paths == []


@pytest.mark.parametrize(
    ("target_lang", "language"),
    [("en-GB", "en-GB"), ("en_us", "en-US"), ("en-IN", "en"), ("EN", "en"), ("ru", "ru-RU"), ("ru-UA", "ru-RU")],
)
def test_the_nearest_language_of_the_server_is_used(target_lang: str, language: str) -> None:
    known = [(each["code"], each["longCode"]) for each in LANGUAGES]
    assert language_for(target_lang, known) == language


@pytest.mark.parametrize("target_lang", ["de", "enm", "", "r"])
def test_a_language_the_server_does_not_check_is_declined(server: ScriptedServer, target_lang: str) -> None:
    with pytest.raises(ModelError, match="does not check") as caught:
        loaded(server, lang=target_lang)
    assert "en, ru" in caught.value.message


def test_it_stops_when_told_to_although_the_server_is_silent(server: ScriptedServer) -> None:
    request = RewriterRequest("languagetool", server.url, target_lang="en")
    rewriter = load(request, Patience(answer=WAITS_LONG))
    server.on("slow teh", Reply(delay=WAITS_LONG))
    asked: list[float] = []

    def should_stop() -> bool:
        asked.append(time.monotonic())
        return "slow teh" in server.texts

    started = time.monotonic()
    suggestions = list(rewriter.rewrite([Segment(1, "slow teh"), Segment(2, "teh")], should_stop=should_stop))
    rewriter.close()
    assert suggestions == []
    assert time.monotonic() - started < WAITS_LONG / 2, "it did not wait for the answer"


def test_a_run_that_is_given_up_leaves_nothing_behind(server: ScriptedServer, rewriter: LanguageToolRewriter) -> None:
    answers = rewriter.rewrite([Segment(number, "teh") for number in range(1, 9)])
    assert next(answers).text == "the"
    answers.close()  # type: ignore[attr-defined]
    assert [suggestion.text for suggestion in rewrite(rewriter, "a teh", "b teh")] == ["a the", "b the"]


def test_punctuation_is_not_sent(server: ScriptedServer, rewriter: LanguageToolRewriter) -> None:
    assert [suggestion.text for suggestion in rewrite(rewriter, "", "  ", " … !? ", "🙂")] == ["", "  ", " … !? ", "🙂"]
    assert server.texts == []


def test_all_fields_of_a_published_answer_are_accepted() -> None:
    """In the form that LanguageTool's interface is documented in; no real server was at hand."""
    recorded = Path(__file__).with_name("language_tool_answer.json").read_text(encoding="utf-8")
    edits = edits_of(json.loads(recorded), "a simple test", least=0.5)
    assert edits == (Edit(0, 1, "A", "casing", 0.85),)


MATCHES = st.lists(
    st.builds(
        match,
        st.integers(0, 12),
        st.integers(0, 12),
        st.sampled_from(["x", "", "teh 🙂", "y z"]),
        issue=st.sampled_from(["grammar", "style", "whitespace", "?"]),
    ),
    max_size=8,
)


@given(text=st.text("a🙂 é", min_size=12, max_size=20), matches=MATCHES, seed=st.randoms(use_true_random=False))
def test_whatever_matches_come_the_hunks_can_be_made(text: str, matches: list[Any], seed: Any) -> None:
    inside = []
    for each in matches:
        try:
            edits_of({"matches": [each]}, text, least=0)
        except ModelError:
            continue
        inside.append(each)
    edits = edits_of({"matches": inside}, text, least=0)
    apply_edits(text, edits)
    seed.shuffle(inside)
    assert edits_of({"matches": inside}, text, least=0) == edits
