"""COMET from outside: what goes wrong with the program, and, where there is one, what a real one scores."""

import math
import os
import stat
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from posteditor.errors import ScoringError
from posteditor.scoring.comet import Comet, CometMetric, comet_scores, comet_statistics, names_no_reference
from posteditor.scoring.comet_program import VARIABLE, comet_version, find_comet
from posteditor.scoring.intervals import StatisticsTable, bootstrap_interval, score_with_interval
from posteditor.scoring.metrics import Metric
from posteditor.scoring.running import RunningCorpus
from posteditor.scoring.significance import approximate_randomisation, paired_bootstrap

MODEL_VARIABLE = "POSTEDITOR_COMET_MODEL"
SOURCES = ["Der Hund schläft.", "Die Katze ist alt."]
TEXTS = {"none": ["The dog sleeps.", "The cat are old."], "other": ["The dog sleeps.", "The cat is old."]}
REFERENCES = [["The dog is sleeping."], ["The cat is old.", "That cat is old."]]

Faulty = Callable[[str], Path]


@pytest.fixture
def faulty(tmp_path: Path) -> Faulty:
    """A program that does what a piece of code says, with the name of the output file as ``out``."""

    def make(code: str) -> Path:
        path = tmp_path / "comet-score"
        head = (
            f"#!{sys.executable}\nimport json, os, sys, time\n"
            "named = dict(one[2:].split('=', 1) for one in sys.argv[1:] if '=' in one)\n"
            "out, texts = named['to_json'], named['translations']\n"
        )
        path.write_text(head + code)
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return path

    return make


def error_of(program: Path, **settings: float) -> ScoringError:
    with pytest.raises(ScoringError) as caught:
        comet_scores(SOURCES, TEXTS, REFERENCES, Comet("Unbabel/wmt22-comet-da", program, **settings))  # type: ignore[arg-type]
    return caught.value


@pytest.mark.parametrize(
    ("code", "message", "hint"),
    [
        ("sys.exit('one\\ntwo\\n\\nthree\\nfour')", "ended with status 1: two / three / four", "by itself"),
        ("sys.exit(7)", "ended with status 7", "by itself"),
        ("import pkg_resources_that_is_gone", "ModuleNotFoundError", "setuptools<82"),
        ("raise KeyError(\"Model 'x' not supported by COMET.\")", "not supported", "local checkpoint"),
        ("sys.exit('x requires -r/--references or -d')", "requires -r", "needs references"),
        ("os.kill(os.getpid(), 9)", "killed, perhaps because memory ran out", "smaller"),
        ("os.kill(os.getpid(), 15)", "signal 15", ""),
        ("", "wrote no scores", "2.2.7"),
        ("open(out, 'w').write('{\"texts\": [')", "can't be read", "2.2.7"),
        ("json.dump([1, 2, 3], open(out, 'w'))", "can't be read", "2.2.7"),
        ("json.dump({texts: [{'COMET': 'high'}] * 3}, open(out, 'w'))", "can't be read", "2.2.7"),
        ("json.dump({'other': [{'COMET': 1}] * 3}, open(out, 'w'))", "can't be read", "2.2.7"),
        ("json.dump({texts: [{'COMET': 0.5}] * 2}, open(out, 'w'))", "2 scores for 3 texts", "2.2.7"),
        ("json.dump({texts: [{'COMET': float('nan')}] * 3}, open(out, 'w'))", "no number for 3 of 3", "half precision"),
    ],
)
def test_a_program_that_fails_is_told_as_such(faulty: Faulty, code: str, message: str, hint: str) -> None:
    error = error_of(faulty(code))
    assert message in error.message and "\n" not in error.message
    assert hint in error.hint


def test_a_program_that_takes_too_long_is_killed(faulty: Faulty, tmp_path: Path) -> None:
    program = faulty(f"open({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid())); time.sleep(60)")
    started = time.monotonic()
    assert "after 1 seconds" in error_of(program, seconds=1).message
    assert time.monotonic() - started < 20
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


def test_a_run_can_be_stopped(faulty: Faulty) -> None:
    stop = threading.Event()
    timer = threading.Timer(0.3, stop.set)
    timer.start()
    with pytest.raises(ScoringError, match="was stopped"):
        comet_scores(
            SOURCES, TEXTS, REFERENCES, Comet("x", faulty("time.sleep(60)")), should_stop=stop.is_set
        )  # fmt: skip
    timer.join()


def test_keys_and_our_packages_stay_here(faulty: Faulty, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("POSTEDITOR_API_KEY", "HF_TOKEN", "MY_PASSWORD", "PYTHONPATH"):
        monkeypatch.setenv(name, "/nowhere")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("TOKENIZERS_PARALLELISM", "false")
    monkeypatch.setenv("HF_TOKEN_PATH", "/nowhere")
    names = "HF_HUB_OFFLINE HF_TOKEN HF_TOKEN_PATH MY_PASSWORD POSTEDITOR_API_KEY PYTHONPATH TOKENIZERS_PARALLELISM"
    error = error_of(faulty(f"sys.exit(' '.join(name for name in {names.split()} if name in os.environ))"))
    assert error.message.endswith("status 1: HF_HUB_OFFLINE HF_TOKEN_PATH TOKENIZERS_PARALLELISM")


def test_a_program_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv(VARIABLE, raising=False)
    with pytest.raises(ScoringError, match="not installed"):
        find_comet()
    monkeypatch.setenv(VARIABLE, str(tmp_path / "nothing"))
    with pytest.raises(ScoringError, match="no such program") as caught:
        find_comet()
    assert "pip install unbabel-comet" in caught.value.hint
    (tmp_path / "nothing").write_text("no program")
    with pytest.raises(ScoringError, match="no such program"):
        find_comet()
    (tmp_path / "broken").write_text("#!/nowhere/python\n")
    (tmp_path / "broken").chmod(0o755)
    assert "can't be run" in error_of(tmp_path / "broken").message


def test_the_program_is_looked_for_in_the_variable_then_on_the_path(
    faulty: Faulty, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = faulty("")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv(VARIABLE, raising=False)
    assert find_comet() == program
    other = tmp_path / "other"
    other.write_bytes(program.read_bytes())
    other.chmod(0o755)
    monkeypatch.setenv(VARIABLE, str(other))
    assert find_comet() == other and find_comet(program) == program


def test_the_version_is_that_of_the_environment(tmp_path: Path) -> None:
    program = tmp_path / "bin" / "comet-score"
    program.parent.mkdir()
    program.touch()
    assert comet_version(program) == "unknown"
    (tmp_path / "lib" / "python3.11" / "site-packages" / "unbabel_comet-2.2.7.dist-info").mkdir(parents=True)
    assert comet_version(program) == "2.2.7"
    link = tmp_path / "comet-score"
    link.symlink_to(program)
    assert comet_version(link) == "2.2.7"


def test_what_can_not_be_scored_is_counted() -> None:
    comet = Comet("Unbabel/wmt22-comet-da")
    with pytest.raises(ScoringError, match="1 of 2 segments have no source"):
        comet_scores([SOURCES[0], " "], TEXTS, REFERENCES, comet)
    with pytest.raises(ScoringError, match="2 of 2 segments have no source"):
        comet_scores([None, None], TEXTS, REFERENCES, comet)
    with pytest.raises(ScoringError, match="1 of 2 segments have no reference"):
        comet_scores(SOURCES, TEXTS, [REFERENCES[0], []], comet)
    with pytest.raises(ScoringError, match="1 texts of short but 2 sources"):
        comet_scores(SOURCES, {"short": ["one"]}, REFERENCES, comet)
    with pytest.raises(ScoringError, match="1 sets of references but 2 sources"):
        comet_scores(SOURCES, TEXTS, REFERENCES[:1], comet)
    assert comet_scores([], {"none": []}, [], comet) == {"none": []}


def test_a_local_model_has_to_be_there_and_whole(tmp_path: Path) -> None:
    assert Comet("Unbabel/wmt22-comet-da").checkpoint() is None
    with pytest.raises(ScoringError, match="no such COMET checkpoint"):
        Comet(str(tmp_path / "model.ckpt")).checkpoint()
    with pytest.raises(ScoringError, match="no such COMET checkpoint"):
        Comet(str(tmp_path)).checkpoint()
    path = tmp_path / "checkpoints" / "model.ckpt"
    path.parent.mkdir()
    path.touch()
    with pytest.raises(ScoringError, match=r"needs .*hparams\.yaml"):
        Comet(str(path)).checkpoint()
    (tmp_path / "hparams.yaml").touch()
    assert Comet(str(path)).checkpoint() == Comet(str(tmp_path)).checkpoint() == path


def test_settings_that_make_no_sense() -> None:
    with pytest.raises(ValueError, match="a batch of 0 on 0 GPUs"):
        Comet("x", batch_size=0)
    with pytest.raises(ValueError, match="on -1 GPUs"):
        Comet("x", gpus=-1)


def test_reference_free_models_are_known_by_their_names() -> None:
    free = ["Unbabel/wmt22-cometkiwi-da", "Unbabel/wmt23-cometkiwi-da-xl", "Unbabel/wmt20-comet-qe-da"]
    assert [names_no_reference(name) for name in free] == [True] * 3
    assert not any(map(names_no_reference, ["Unbabel/wmt22-comet-da", "Unbabel/XCOMET-XL", "/models/sequel/a.ckpt"]))
    assert (
        Comet("a", reference_free=True).is_reference_free and not Comet("kiwi", reference_free=False).is_reference_free
    )


def test_scores_become_a_metric() -> None:
    metric: Metric = CometMetric("Unbabel/wmt22-comet-da", "2.2.7")
    better, worse = [0.9, 0.8, 0.85, 0.95, 0.7], [0.5, 0.6, 0.55, 0.4, 0.7]
    tables, corpora = [], []
    for scores in (better, worse):
        table, corpus = StatisticsTable(metric.width), RunningCorpus(metric)
        for score in scores:
            table.append(comet_statistics(score))
            corpus.add(comet_statistics(score))
        tables.append(table)
        corpora.append(corpus)
    found = score_with_interval(corpora[0], tables[0], resamples=200, seed=1)
    assert found is not None and found.value == pytest.approx(84) and found.higher_is_better
    assert found.signature == "nrefs:1|bs:200|seed:1|model:Unbabel/wmt22-comet-da|program:unbabel-comet|version:2.2.7"
    assert found.interval is not None and 70 <= found.interval.low < 84 < found.interval.high <= 95
    assert bootstrap_interval(metric, tables[0], resamples=200, seed=1) == found.interval
    (result,) = paired_bootstrap(metric, tables[1], [tables[0]], resamples=200)
    assert result.difference == pytest.approx(29) and result.p_value < 0.05
    (result,) = approximate_randomisation(metric, tables[1], [tables[0]], trials=200)
    assert result.difference == pytest.approx(29) and result.p_value < 0.3
    assert metric.sentence_score(comet_statistics(-0.25)).value == -25
    assert metric.corpus_score((1, 1), None).signature.startswith("nrefs:first|model:")
    assert CometMetric("kiwi", is_reference_free=True).corpus_score((1, 1)).signature.startswith("nrefs:0|")
    with pytest.raises(ScoringError, match="whole test sets"):
        metric.statistics("a", ["b"])
    with pytest.raises(ScoringError, match="whole test sets"):
        metric.statistics_of_systems([["a"]], [["b"]])


@pytest.mark.slow
@pytest.mark.skipif(
    not (os.environ.get(VARIABLE) and os.environ.get(MODEL_VARIABLE)),
    reason=f"{VARIABLE} names no comet-score, or {MODEL_VARIABLE} no checkpoint",
)
def test_a_real_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """With any checkpoint, a random one too: what holds of its scores whatever they are."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    comet = Comet(os.environ[MODEL_VARIABLE], batch_size=2)
    told: list[tuple[int, int]] = []
    texts = {**TEXTS, "broken": ["The dog\nsleeps.", ""], "alike": TEXTS["none"]}
    scores = comet_scores(SOURCES, texts, REFERENCES, comet, on_progress=lambda *done: told.append(done))
    assert {name: len(of_one) for name, of_one in scores.items()} == dict.fromkeys(texts, 2)
    assert all(math.isfinite(score) for of_one in scores.values() for score in of_one)
    assert scores["none"] == scores["alike"]
    assert scores["none"][0] == scores["other"][0] == scores["broken"][0]
    assert scores["none"][1] != scores["other"][1]
    assert told[0] == (0, 4) and told[-1] == (4, 4) and told == sorted(told)
    assert comet.metric().version != "unknown"
    alone = comet_scores(SOURCES[1:], {"one": ["The cat is old."]}, REFERENCES[1:], comet)
    assert alone["one"][0] == pytest.approx(scores["other"][1], abs=2e-3)  # half precision
