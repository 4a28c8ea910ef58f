"""The order of work in the scoring process."""

from threading import Timer

from posteditor.scoring.agenda import Agenda
from posteditor.scoring.requests import ScoredText, ScoreRequest


def _request(key: str, number: int = 0, *names: str, metrics: tuple[str, ...] = ()) -> ScoreRequest:
    return ScoreRequest(key, number, dict.fromkeys(names or ("mt",), "text"), ("reference",), metrics)


def test_slow_metrics_come_after_the_others_of_all_texts() -> None:
    agenda = Agenda(["ter", "bleu", "chrf++"])
    agenda.add_live(_request("a", 1, "mt", "target"))
    assert list(agenda.next().steps) == [
        ("mt", "bleu"),
        ("mt", "chrf++"),
        ("target", "bleu"),
        ("target", "chrf++"),
        ("mt", "ter"),
        ("target", "ter"),
    ]


def test_a_request_may_ask_for_its_own_metrics() -> None:
    agenda = Agenda(["bleu"])
    agenda.add_live(_request("a", 1, metrics=("chrf",)))
    assert list(agenda.next().steps) == [("mt", "chrf")]


def test_live_before_background_and_newest_live_first() -> None:
    agenda = Agenda(["bleu"])
    agenda.add_background([_request("x"), _request("y")])
    agenda.add_live(_request("a", 1))
    agenda.add_live(_request("b", 2))
    assert [agenda.next().request.key for _ in range(4)] == ["b", "a", "x", "y"]


def test_a_newer_request_takes_the_place_of_an_older_one() -> None:
    agenda = Agenda(["bleu"])
    agenda.add_live(_request("a", 1))
    agenda.add_live(_request("b", 2))
    agenda.add_live(_request("a", 3))
    assert [agenda.next().request.number for _ in range(2)] == [3, 2]


def test_only_what_comes_after_a_task_was_begun_interrupts_it() -> None:
    agenda = Agenda(["bleu"])
    agenda.add_live(_request("a", 1))
    agenda.add_live(_request("b", 2))
    agenda.next()
    assert not agenda.should_yield()
    agenda.add_background([_request("x")])
    assert not agenda.should_yield()
    agenda.add_live(_request("c", 3))
    assert agenda.should_yield()
    agenda.next()
    assert not agenda.should_yield()


def test_an_interrupted_task_goes_on_where_it_was() -> None:
    agenda = Agenda(["bleu", "ter"])
    agenda.add_background([_request("x"), _request("y")])
    task = agenda.next()
    task.steps.popleft()
    agenda.put_back(task)
    assert agenda.next() is task
    assert list(task.steps) == [("mt", "ter")]


def test_an_interrupted_task_that_was_superseded_is_forgotten() -> None:
    agenda = Agenda(["ter"])
    agenda.add_live(_request("a", 1))
    old = agenda.next()
    agenda.add_live(_request("a", 2))
    agenda.put_back(old)
    agenda.add_live(_request("b", 3))
    agenda.add_background([_request("end")])
    assert [agenda.next().request.key for _ in range(3)] == ["b", "a", "end"]


def test_waits_for_work() -> None:
    agenda = Agenda(["bleu"])
    timer = Timer(0.02, agenda.add_live, [_request("late", 1)])
    timer.start()
    assert agenda.next().request.key == "late"
    timer.join()


def test_messages_survive_the_way_there_and_back() -> None:
    request = ScoreRequest("7", 3, {"mt": "a\n\udcff", "target": ""}, ("r", ""), ("ter",))
    assert ScoreRequest.from_json(request.to_json()) == request
    scored = ScoredText("7", 3, "mt", "ter", (1, 2.5), 40.0, 2)
    assert ScoredText.from_json(scored.to_json()) == scored
