"""The rewriter for OpenAI-compatible servers, against a real HTTP server that does what each test wants it to."""

import gc
import logging
import socket
import traceback
from collections.abc import Generator, Iterator
from contextlib import suppress
from threading import Barrier, BrokenBarrierError, Event, Thread
from typing import Any

import pytest

from posteditor.core.segment import Segment
from posteditor.core.suggestion import Suggestion
from posteditor.errors import ModelError
from posteditor.rewriters.gate import Gate
from posteditor.rewriters.openai_server import KEY_VARIABLES, OpenAIServer, ServerSettings
from posteditor.rewriters.prompts import PROMPT_VARIABLE, Prompt
from posteditor.rewriters.protocol import MemoryPair
from posteditor.rewriters.remote import parse_server_spec
from posteditor.rewriters.retrying import Patience
from posteditor.rewriters.running import suggest
from posteditor.rewriters.specs import load_rewriter
from tests.rewriters.scripted_server import (
    PATIENCE,
    Line,
    Reply,
    ScriptedServer,
    chunk,
    saying,
    silence,
    status,
    stream,
)

KEY = "sk-test-0123456789abcdef"
BRISK = Patience(connect=5, silence=15, total=30, tries=3, first_pause=0.001, longest_pause=0.002, longest_wish=2)


@pytest.fixture(autouse=True)
def no_settings_of_my_own(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*KEY_VARIABLES, PROMPT_VARIABLE, "POSTEDITOR_CONCURRENCY", "POSTEDITOR_TIMEOUT"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as server:
        yield server


def connect(server: ScriptedServer, *, patience: Patience = BRISK, **settings: Any) -> OpenAIServer:
    spec = f"openai:m@{server.url}"
    parsed = parse_server_spec(spec.partition(":")[2])
    return OpenAIServer(spec, parsed, Prompt.load(), ServerSettings(patience=patience, **settings))


def rewrite_one(server: ScriptedServer, mt: str = "It rain.", **settings: Any) -> Suggestion:
    rewriter = connect(server, **settings)
    (suggestion,) = rewriter.rewrite([Segment(1, mt)])
    rewriter.close()
    assert suggestion.rewriter == rewriter.name
    return suggestion


def numbered(count: int) -> list[Segment]:
    return [Segment(number, f"number {number}") for number in range(1, count + 1)]


def dead_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


# -- what is asked and what comes of it --------------------------------------------------------------------------------


def test_a_stream_becomes_hunks(server: ScriptedServer) -> None:
    server.reply = saying("It rains today.")
    suggestion = rewrite_one(server, " It rain today.\n")
    assert suggestion.text == " It rains today.\n"
    assert [(edit.start, edit.end, edit.replacement) for edit in suggestion.edits] == [(4, 8, "rains")]
    assert suggestion.confidence == 0.5
    assert suggestion.seconds > 0
    (asked,) = server.chats
    assert asked.path == "/v1/chat/completions"
    assert {name: asked.body[name] for name in ("model", "stream", "temperature", "seed")} == {
        "model": "m", "stream": True, "temperature": 0, "seed": 0,
    }  # fmt: skip
    assert [message["role"] for message in asked.body["messages"]] == ["system", "user"]
    assert asked.mt == "It rain today."


def test_the_spec_loads_it_with_languages_and_glossary(server: ScriptedServer, tmp_path: Any) -> None:
    (tmp_path / "terms.tsv").write_text("Regen\train\n", encoding="utf-8")
    spec = f"openai:m@http://127.0.0.1:{server.port}"
    rewriter = load_rewriter(spec, source_lang="de", target_lang="en", glossary=tmp_path / "terms.tsv")
    (suggestion,) = rewriter.rewrite([Segment(1, "it rain", source="Es kommt Regen")])
    assert (rewriter.name, suggestion.text, suggestion.rewriter) == (spec, "IT RAIN", spec)
    system, asked = (message["content"] for message in server.chats[0].body["messages"])
    assert "from German (de) into English (en)" in system
    assert "- Regen = rain" in asked
    rewriter.close()
    rewriter.close()


def test_past_corrections_are_shown_as_examples(server: ScriptedServer) -> None:
    rewriter = connect(server)
    before = rewriter.revision
    rewriter.learn([MemoryPair("It snow today.", "It snows today.", "Es schneit."), MemoryPair("Quite other", "words")])
    assert rewriter.revision != before
    list(rewriter.rewrite([Segment(1, "It rain today.")]))
    asked = server.chats[0].body["messages"][-1]["content"]
    assert asked.startswith("Corrections that were made before:\n<source>Es schneit.</source>\n")
    assert "<corrected>It snows today.</corrected>" in asked
    assert "Quite other" not in asked
    rewriter.close()


def test_the_revision_follows_model_prompt_and_settings(server: ScriptedServer, monkeypatch: Any) -> None:
    spec = f"openai:m@{server.url}"
    first = load_rewriter(spec).revision
    assert first == load_rewriter(spec).revision
    assert first.startswith("m ")
    server.models = status(200, {"data": [{"id": "m:latest"}, {"id": "n"}]})
    listed = load_rewriter(spec).revision
    assert listed.startswith("m:latest ")
    assert load_rewriter(spec, target_lang="en").revision != listed
    monkeypatch.setenv("POSTEDITOR_MAX_TOKENS", "100")
    assert load_rewriter(spec).revision != listed


@pytest.mark.parametrize(
    ("logprobs", "confidence"),
    [((-0.5, -1.5), 0.4148), ((0.0, 0.0), 0.95), ((5.0,), 0.95), ((-1e300, -9e15), 0.5), ((), 0.5)],
)
def test_the_confidence_is_the_mean_probability_of_the_tokens(
    server: ScriptedServer, logprobs: tuple[float, ...], confidence: float
) -> None:
    server.reply = saying("It rains.", logprobs=logprobs)
    suggestion = rewrite_one(server)
    assert suggestion.confidence == pytest.approx(confidence, abs=1e-3)
    assert {edit.confidence for edit in suggestion.edits} == {suggestion.confidence}


def test_an_answer_that_changes_nothing_has_no_hunks(server: ScriptedServer) -> None:
    server.reply = saying("It rain.")
    suggestion = rewrite_one(server)
    assert (suggestion.text, suggestion.edits, suggestion.error, suggestion.confidence) == ("It rain.", (), "", 1.0)


@pytest.mark.parametrize(
    "reply",
    [
        saying("It rains.", finish=None),
        saying("It rains.", done=False),
        status(200, {"choices": [{"message": {"content": "It rains."}, "finish_reason": "stop"}]}),
        stream(
            b'\xef\xbb\xbf: hello\r\n\r\ndata:{"choices":[]}\r\rid: 7\n',
            b'data: {"choices": [{"delta": {"content": "It r',
            b'ains."},\ndata: ',
            b'"finish_reason": "stop"}]}\n\n',
        ),
        stream(chunk("It rains.", "stop"), last=Line.cut),
        stream(chunk("It rains.", "stop"), last=silence),
    ],
    ids=["no finish_reason", "no [DONE]", "not streamed", "odd but valid", "cut after the end", "never ends"],
)  # fmt: skip
def test_whoever_says_that_the_answer_is_complete_is_believed(server: ScriptedServer, reply: Reply) -> None:
    server.reply = reply
    assert rewrite_one(server).text == "It rains."


@pytest.mark.parametrize(
    ("mt", "reason"),
    [("", ""), (" \n\t", ""), ("...!?", ""), ("word " * 5001, "5,001 words"), ("字" * 40_001, "40,001 characters")],
)
def test_segments_with_nothing_in_them_or_too_much_are_not_sent(server: ScriptedServer, mt: str, reason: str) -> None:
    suggestion = rewrite_one(server, mt)
    assert (suggestion.text, suggestion.edits) == (mt, ())
    assert reason in suggestion.error
    assert bool(suggestion.error) == bool(reason)
    assert server.chats == []


def test_five_thousand_words_are_sent(server: ScriptedServer) -> None:
    assert rewrite_one(server, "word " * 5000).text == "WORD " * 5000


def test_gate_and_runner_get_on_with_it(server: ScriptedServer) -> None:
    server.replies = [saying("I have dogs and 6 cats."), status(400, {"error": {"message": "no"}})]
    rewriter = connect(server, concurrency=1)
    segments = [Segment(1, "I has dogs and 5 cat."), Segment(2, "a b"), Segment(3, "c d")]
    suggestions = list(suggest(rewriter, segments, Gate()))
    assert suggestions[0].text == "I have dogs and 5 cat."
    assert suggestions[0].refusal.startswith("number: ")
    assert [suggestion.error for suggestion in suggestions][1:] == [
        f"127.0.0.1:{server.port} does not take the request (400): no",
        "",
    ]


# -- what goes wrong with one answer -----------------------------------------------------------------------------------


def endless(line: Line) -> None:
    line.events()
    while True:
        line.event(chunk("more and more " * 100))


def endless_line(line: Line) -> None:
    line.events()
    line.raw(b"data: ")
    while True:
        line.raw(b"x" * 65536)


def endless_chatter(line: Line) -> None:
    line.events()
    while True:
        line.event({"choices": [], "padding": "x" * 60_000})


FAULTS: dict[str, tuple[Reply, str]] = {
    "page": (status(200, b"<html>Hello</html>", kind="text/html"), "web page instead of a rewrite"),
    "text": (status(200, b"It rains.", kind="text/plain"), "text/plain instead of events"),
    "no type": (status(200, b"It rains.", kind=""), "instead of events"),
    "odd type": (status(200, b"x", kind="a\x1b[31m/b"), "instead of events"),
    "not json": (stream("{"), "malformed answer: it is not JSON"),
    "deep json": (stream("[" * 100_000), "malformed answer"),
    "list": (stream([]), "malformed answer: something in it is no JSON object"),
    "no choices": (stream({}), "malformed answer: there is no list of choices"),
    "odd choices": (stream({"choices": "x"}), "there is no list of choices"),
    "odd choice": (stream({"choices": ["x"]}), "something in it is no JSON object"),
    "odd content": (stream({"choices": [{"delta": {"content": 5}}]}), "its content is no text"),
    "empty choices": (stream({"choices": []}, "[DONE]"), "an answer without a choice"),
    "no events": (stream("[DONE]"), "an answer without a choice"),
    "whole without choice": (status(200, {"choices": []}), "an answer without a choice"),
    "whole, not json": (status(200, b"\xff\xfe"), "malformed answer"),
    "empty": (saying(""), "an empty answer"),
    "blank": (saying(" \n "), "an empty answer"),
    "nothing but tags": (saying("<translation></translation>"), "an empty answer"),
    "truncated": (saying("It rai", finish="length"), "truncated"),
    "filtered": (saying("It", finish="content_filter"), "content filter"),
    "tool": (saying("x", finish="tool_calls"), "called a tool"),
    "refusal": (stream({"choices": [{"delta": {"refusal": "No."}}]}), "the model refuses to answer"),
    "error event": (stream({"error": {"message": "out of\x1b[31m memory"}}), "reports an error: out of [31m memory"),
    "error text": (stream({"error": "oops"}), "reports an error: oops"),
    "surrogate": (stream('{"choices": [{"delta": {"content": "a\\ud800"}, "finish_reason": "stop"}]}'), "half charac"),
    "broken utf-8": (
        stream(b'data: {"choices": [{"delta": {"content": "a\xff"}, "finish_reason": "stop"}]}\n\n'),
        "broken characters",
    ),
    "compressed": (status(200, b"\x1f\x8b", kind="text/event-stream", Content_Encoding="gzip"), "instead of events"),
    "endless": (endless, "an answer of more than 20,064 characters"),
    "endless line": (endless_line, "malformed answer"),
    "endless chatter": (endless_chatter, "an answer of more than"),
    "400": (status(400, {"error": {"message": "context is full"}}), "does not take the request (400): context is full"),
    "422": (status(422, {"detail": [{"loc": ["x"], "msg": "field required"}]}), "(422): field required"),
    "413": (status(413), "answered with status 413"),
    "204": (status(204), "answered with status 204"),
    "401": (status(401, {"error": {"message": f"wrong key {KEY}"}}), "wants a key (401), and it got none"),
    "403": (status(403), "wants a key (403)"),
    "404": (status(404, {"error": {"message": 'model "m" not found'}}), 'such model or address (404): model "m" not'),
    "307": (status(307, Location="http://evil.example/v1"), "redirects to http://evil.example/v1, which is not"),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_has_a_name_and_no_half_suggestion(server: ScriptedServer, name: str) -> None:
    fault, words = FAULTS[name]
    server.reply = fault
    rewriter = connect(server, concurrency=1)
    suggestion = next(rewriter.rewrite([Segment(1, "It rain.")]))
    assert words in suggestion.error
    assert suggestion.error.isprintable()
    assert (suggestion.text, suggestion.edits) == ("It rain.", ())
    assert len({asked.path for asked in server.chats}) == 1, "redirects are not followed"
    server.reply = saying("It rains.")
    assert [each.text for each in rewriter.rewrite([Segment(1, "It rain.")])] == ["It rains."], "the run goes on"
    rewriter.close()


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (status(500), "can't answer now (500)"),
        (status(502, b"<html>Bad Gateway", kind="text/html"), "can't answer now (502)"),
        (status(503, {"error": {"message": "loading"}}), "can't answer now (503): loading"),
        (
            status(429, {"error": "slow down"}, Retry_After="0"),
            "can't answer now (429): slow down; it asks to wait 0 s",
        ),
        (Line.cut, "broke off the connection"),
        (stream(chunk("It ra"), last=Line.cut), "broke off the connection"),
        (saying("It ra", finish=None, done=False), "half an answer"),
        (stream(), "half an answer"),
    ],
    ids=["500", "502", "503", "429", "cut", "cut in the middle", "half a stream", "empty stream"],
)
def test_what_may_pass_is_tried_again_and_named_if_it_does_not(
    server: ScriptedServer, reply: Reply, words: str
) -> None:
    server.reply = reply
    suggestion = rewrite_one(server)
    assert words in suggestion.error
    assert (suggestion.text, len(server.chats)) == ("It rain.", BRISK.tries)
    server.replies = [reply, reply]
    server.reply = saying("It rains.")
    suggestion = rewrite_one(server)
    assert (suggestion.text, suggestion.error) == ("It rains.", "")


def test_a_wish_to_wait_is_kept(server: ScriptedServer) -> None:
    server.replies = [status(429, Retry_After="1")]
    assert rewrite_one(server).text == "IT RAIN."
    first, second = server.chats
    assert second.at - first.at >= 1


def test_a_wish_to_wait_too_long_is_an_error_at_once(server: ScriptedServer) -> None:
    server.reply = status(429, Retry_After="86400")
    suggestion = rewrite_one(server)
    assert "it asks to wait 86,400 s" in suggestion.error
    assert len(server.chats) == 1


def test_silence_has_an_end(server: ScriptedServer) -> None:
    for reply in (silence, stream(chunk("It "), last=silence)):
        server.reply = reply
        suggestion = rewrite_one(server, patience=Patience(silence=0.2, total=30, tries=3, first_pause=0.001))
        assert "no word from 127.0.0.1" in suggestion.error
        assert suggestion.text == "It rain."
        assert server.chats[-1].hung_up.wait(PATIENCE)
    assert len(server.chats) == 2, "a slow server is not asked again"


def test_a_trickle_has_an_end(server: ScriptedServer) -> None:
    def trickle(line: Line) -> None:
        line.events()
        while True:
            line.raw(b": wait\n\n")
            with suppress(ConnectionError):
                Event().wait(0.02)

    server.reply = trickle
    suggestion = rewrite_one(server, patience=Patience(silence=15, total=0.5, tries=3, first_pause=0.001))
    assert "was not done after 0.5 s" in suggestion.error
    assert len(server.chats) == 1


# -- what servers differ in --------------------------------------------------------------------------------------------


def test_fields_that_a_server_does_not_know_are_left_out(server: ScriptedServer) -> None:
    def picky(line: Line) -> None:
        for name in ("logprobs", "seed"):
            if name in line.asked.body:
                return status(400, {"error": {"message": f"Unrecognized request argument supplied: {name}"}})(line)
        if "max_tokens" in line.asked.body:
            message = "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."
            return status(400, {"error": {"message": message}})(line)
        return saying("It rains.")(line)

    server.reply = picky
    rewriter = connect(server, concurrency=1)
    assert next(rewriter.rewrite([Segment(1, "It rain.")])).text == "It rains."
    assert len(server.chats) == 4
    assert next(rewriter.rewrite([Segment(1, "It rain.")])).text == "It rains."
    assert len(server.chats) == 5, "what works is remembered"
    assert {*server.chats[-1].body} == {"model", "messages", "stream", "temperature", "max_completion_tokens"}
    server.reply = status(400, {"error": {"message": "logprobs"}})
    assert "logprobs" in next(rewriter.rewrite([Segment(1, "It rain.")])).error
    assert len(server.chats) == 6, "a request that is right for this server is not asked in another way"
    rewriter.close()


def test_a_server_that_dislikes_something_unnamed_is_asked_without_probabilities(server: ScriptedServer) -> None:
    server.replies = [status(422)]
    assert rewrite_one(server).text == "IT RAIN."
    assert ["logprobs" in asked.body for asked in server.chats] == [True, False]


# -- many at once ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("concurrency", [1, 3])
def test_so_many_requests_run_at_once_and_never_more(server: ScriptedServer, concurrency: int) -> None:
    meeting = Barrier(concurrency)

    def meet(line: Line) -> None:
        with suppress(BrokenBarrierError):
            meeting.wait(PATIENCE)  # nobody is answered before that many are asking
        saying(line.asked.mt.upper())(line)

    server.reply = meet
    rewriter = connect(server, concurrency=concurrency)
    suggestions = list(rewriter.rewrite(numbered(12)))
    assert [suggestion.text for suggestion in suggestions] == [f"NUMBER {number}" for number in range(1, 13)]
    assert server.most_at_once == concurrency
    assert not meeting.broken
    rewriter.close()


def test_answers_come_in_order_whatever_the_order_of_the_server(server: ScriptedServer) -> None:
    others_done = Event()

    def reply(line: Line) -> None:
        if line.asked.mt == "number 1":
            line.wait(others_done)
        saying(line.asked.mt.upper())(line)
        if line.asked.mt == "number 8":
            others_done.set()

    server.reply = reply
    rewriter = connect(server, concurrency=2)
    texts = [suggestion.text for suggestion in rewriter.rewrite(numbered(10))]
    assert texts == [f"NUMBER {number}" for number in range(1, 11)]
    assert others_done.is_set(), "one slow answer did not idle the other connection"
    rewriter.close()


def test_nobody_runs_far_ahead_of_who_takes_the_answers(server: ScriptedServer) -> None:
    rewriter = connect(server, concurrency=2)
    answers = rewriter.rewrite(numbered(1000))
    assert isinstance(answers, Generator)
    next(answers)
    assert len(server.chats) <= 2 * 4 + 1
    answers.close()
    rewriter.close()


def test_errors_stay_with_their_segments(server: ScriptedServer) -> None:
    def reply(line: Line) -> None:
        number = int(line.asked.mt.split()[1])
        (status(400) if number % 3 == 0 else saying(f"NUMBER {number}"))(line)

    server.reply = reply
    rewriter = connect(server)
    suggestions = list(rewriter.rewrite(numbered(12)))
    assert [bool(suggestion.error) for suggestion in suggestions] == [number % 3 == 0 for number in range(1, 13)]
    rewriter.close()


# -- stopping ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("begins", [False, True])
def test_stopping_hangs_up_at_once(server: ScriptedServer, begins: bool) -> None:
    asked = Event()

    def wait(line: Line) -> None:
        asked.set()
        silence(line)

    server.reply = stream(chunk("NUM"), last=wait) if begins else wait
    rewriter = connect(server, concurrency=2)
    assert list(rewriter.rewrite(numbered(5), should_stop=asked.is_set)) == []
    assert all(chat.hung_up.wait(PATIENCE) for chat in server.chats)
    server.reply = saying("It rains.")
    assert next(rewriter.rewrite([Segment(1, "It rain.")])).text == "It rains.", "it can be used again"
    rewriter.close()


def test_stopping_between_answers_and_before_the_first(server: ScriptedServer) -> None:
    rewriter = connect(server, concurrency=1)
    assert list(rewriter.rewrite(numbered(3), should_stop=lambda: True)) == []
    assert server.chats == []
    taken: list[str] = []
    for suggestion in rewriter.rewrite(numbered(9), should_stop=lambda: len(taken) == 2):
        assert not suggestion.error
        taken.append(suggestion.text)
    assert taken == ["NUMBER 1", "NUMBER 2"]
    rewriter.close()


def test_stopping_while_waiting_for_another_try(server: ScriptedServer) -> None:
    server.reply = status(429, Retry_After="30")
    rewriter = connect(server, patience=Patience(longest_wish=60))
    assert list(rewriter.rewrite(numbered(2), should_stop=lambda: len(server.chats) >= 2)) == []
    rewriter.close()


def test_an_iterator_that_is_dropped_hangs_up(server: ScriptedServer) -> None:
    server.replies = [saying("NUMBER 1")]
    server.reply = silence
    rewriter = connect(server, concurrency=2)
    answers = rewriter.rewrite(numbered(3))
    next(answers)
    while len(server.chats) < 2:
        Event().wait(0.01)
    del answers
    gc.collect()
    assert server.chats[-1].hung_up.wait(PATIENCE)
    rewriter.close()


# -- a server that is not there ----------------------------------------------------------------------------------------


def test_a_server_that_is_down_is_said_when_loading() -> None:
    port = dead_port()
    with pytest.raises(ModelError, match=f"no connection to 127.0.0.1:{port}") as caught:
        load_rewriter(f"openai:m@http://127.0.0.1:{port}/v1")
    assert "Start the server" in caught.value.hint


@pytest.mark.parametrize(
    ("models", "words"),
    [
        (status(401), "wants a key (401)"),
        (status(200, b"<html>", kind="text/html"), "web page instead of a list of models"),
        (status(302, Location="https://evil.example/"), "redirects to https://evil.example/"),
        (status(500), "can't answer now (500)"),
        (Line.cut, "broke off the connection"),
    ],
    ids=["401", "page", "302", "500", "cut"],
)
def test_a_server_that_wants_nothing_of_us_is_said_when_loading(
    server: ScriptedServer, models: Reply, words: str
) -> None:
    server.models = models
    with pytest.raises(ModelError) as caught:
        connect(server)
    assert words in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize(
    "models", [status(404), status(503), status(200, []), status(200, {"data": [5, {}]}), status(200, b"{")]
)
def test_a_server_without_a_list_of_models_will_do(server: ScriptedServer, models: Reply) -> None:
    server.models = models
    assert rewrite_one(server).text == "IT RAIN."


def test_a_server_that_went_away_is_not_asked_for_every_segment() -> None:
    with ScriptedServer() as server:
        rewriter = connect(server, patience=Patience(tries=3, first_pause=0.001, longest_pause=0.001), concurrency=1)
        assert next(rewriter.rewrite([Segment(1, "a b")])).error == ""
        server.reply = Line.cut
        suggestions = list(rewriter.rewrite(numbered(5000)))
        asked = len(server.chats) - 1
    assert len(suggestions) == 5000
    assert all(suggestion.error for suggestion in suggestions)
    assert asked == 5 * 3
    assert "not asked for, after too many failures in a row; the last one: 127.0.0.1" in suggestions[-1].error
    assert "broke off the connection" in suggestions[-1].error
    rewriter.close()


# -- keys --------------------------------------------------------------------------------------------------------------


def failures(rewriter: OpenAIServer, server: ScriptedServer) -> list[str]:
    """All that is told of one segment per reply that is left."""
    told = []
    while server.replies:
        suggestion = next(rewriter.rewrite([Segment(1, "It rain.")]))
        told += [repr(suggestion), str(suggestion.to_json())]
        rewriter._breaker.succeeded()
    return told


def test_the_key_goes_into_one_header_and_nowhere_else(
    server: ScriptedServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, capfd: Any
) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    said = {"error": {"message": "x" * 190 + f" Incorrect API key provided: {KEY}"}}
    rewriter = load_rewriter(f"openai:m@{server.url}")
    assert isinstance(rewriter, OpenAIServer)
    shown = [repr(rewriter), rewriter.name, rewriter.revision, repr(vars(rewriter)), repr(rewriter._settings)]
    shown += [repr(rewriter._connection), repr(rewriter._connection._client.headers)]
    for fault, _ in FAULTS.values():
        server.replies.append(fault)
    server.replies += [status(code, said) for code in (400, 401, 403, 404, 413, 422)]
    server.replies += [stream(said), stream(KEY)]
    shown += failures(rewriter, server)
    shown += [caplog.text, *(repr(vars(record)) for record in caplog.records)]
    assert len(caplog.records) > 100, "the library's own log was looked at"
    server.replies = [status(302, Location=f"http://h/{KEY}"), status(200, b"", kind=KEY)]
    shown += failures(rewriter, server)
    rewriter.close()
    for models in (status(401, said), status(500, said, Retry_After="999"), status(302, Location=f"http://h/{KEY}")):
        server.models = models
        with pytest.raises(ModelError) as caught:
            load_rewriter(f"openai:m@{server.url}")
        shown += [str(caught.value), repr(caught.value), "".join(traceback.format_exception(caught.value))]
    output = capfd.readouterr()
    shown += [output.out, output.err]
    assert not [text for text in shown if KEY in text or KEY[3:] in text]
    assert all(asked.headers.get("Authorization") == f"Bearer {KEY}" for asked in server.asked)
    assert all(KEY not in repr((asked.path, asked.body)) for asked in server.asked)


def test_keys_come_from_the_environment(server: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    load_rewriter(f"openai:m@{server.url}")
    monkeypatch.setenv("OPENAI_API_KEY", "one")
    load_rewriter(f"openai:m@{server.url}")
    monkeypatch.setenv("POSTEDITOR_API_KEY", " two\n")
    load_rewriter(f"openai:m@{server.url}")
    assert [asked.headers.get("Authorization") for asked in server.asked] == [None, "Bearer one", "Bearer two"]


@pytest.mark.parametrize("host", ["192.0.2.1", "models.invalid"])
def test_no_key_goes_unencrypted_over_a_network(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTEDITOR_API_KEY", KEY)
    with pytest.raises(ModelError, match=f"would go to {host} unencrypted") as caught:
        load_rewriter(f"openai:m@http://{host}/v1")
    assert "https" in caught.value.hint
    assert KEY not in str(caught.value)


@pytest.mark.parametrize("key", ["sk a secret", "sk-\nsecret", "sk-schlüssel-secret", "sk-\x1b-secret"])
def test_a_key_that_can_not_be_sent_is_not_shown_either(
    server: ScriptedServer, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", key)
    with pytest.raises(ModelError, match="can't be sent") as caught:
        load_rewriter(f"openai:m@{server.url}")
    assert "secret" not in "".join(traceback.format_exception(caught.value))
    assert server.asked == []


@pytest.mark.parametrize("value", ["0", "-1", "four", "1.5", "٤", "9" * 30])
@pytest.mark.parametrize("name", ["POSTEDITOR_CONCURRENCY", "POSTEDITOR_TIMEOUT", "POSTEDITOR_MAX_TOKENS"])
def test_settings_that_are_no_numbers_are_refused(name: str, value: str) -> None:
    with pytest.raises(ModelError, match=name):
        ServerSettings.from_environment({name: value})


def test_settings_come_from_the_environment() -> None:
    settings = ServerSettings.from_environment(
        {"POSTEDITOR_CONCURRENCY": "9", "POSTEDITOR_TIMEOUT": "900", "POSTEDITOR_MAX_TOKENS": ""}
    )
    assert (settings.concurrency, settings.patience.silence, settings.patience.total) == (9, 900, 900)
    assert settings.most_tokens is None
    assert ServerSettings.from_environment({}) == ServerSettings()


def test_a_proxy_of_the_web_is_not_told_of_our_own_server(
    server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{dead_port()}")
    assert rewrite_one(server).text == "IT RAIN."


def test_a_proxy_that_is_none_is_said_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "nonsense://user:secret@proxy")
    with pytest.raises(ModelError, match=r"the way to 192\.0\.2\.1 can't be prepared") as caught:
        load_rewriter("openai:m@http://192.0.2.1/v1")
    assert "HTTP_PROXY" in caught.value.hint
    assert "secret" not in "".join(traceback.format_exception(caught.value))


def test_threads_one_after_the_other_may_use_it(server: ScriptedServer) -> None:
    rewriter = connect(server)
    texts: list[str] = []
    for number in range(3):
        segment = Segment(number, f"number {number}")
        thread = Thread(target=lambda one=segment: texts.extend(each.text for each in rewriter.rewrite([one])))
        thread.start()
        thread.join(PATIENCE)
    assert texts == ["NUMBER 0", "NUMBER 1", "NUMBER 2"]
    rewriter.close()
