"""The child before its first record, and what it loads later."""

import threading
from io import BufferedReader, BufferedWriter, BytesIO

import msgspec
import pytest

from workers.enrichment import child
from workers.enrichment.protocol import Answer, Start, framed, read_message
from workers.enrichment.records import Limits, RawRecord
from workers.nlp.pipeline import Pipeline, build_pipeline


def test_what_the_first_article_loads_is_settled_too(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    monkeypatch.setattr(child, "load_pipeline", lambda *_: Pipeline(()))
    monkeypatch.setattr(child, "settle", lambda: done.append("settle"))
    monkeypatch.setattr(Pipeline, "enrich", lambda *_: done.append("enrich"))
    child.warmed_pipeline(Start("", "fast", (), Limits(1_000, 1, 1, 1)))
    assert done == ["enrich", "settle"]


START = Start("", "fast", (), Limits(1_000, 100_000, 100_000, 100_000))


def serve(pipeline: Pipeline, articles: int) -> list[Answer]:
    """The answers to some articles."""
    asked = BytesIO(framed(RawRecord.of_file(child.FIRST_ARTICLE)) * articles)
    answered = BytesIO()
    outgoing = BufferedWriter(answered)  # type: ignore[arg-type]  # a raw stream as good as any
    child._serve(BufferedReader(asked), outgoing, pipeline, START)  # type: ignore[arg-type]
    answered.seek(0)
    reading = BufferedReader(answered)  # type: ignore[arg-type]
    messages = iter(lambda: read_message(reading), None)
    return [msgspec.msgpack.decode(message, type=Answer) for message in messages]


@pytest.mark.parametrize(
    ("articles", "loads"), [(1, 0), (child.HAZM_AFTER - 1, 0), (child.HAZM_AFTER + 5, 1)]
)
def test_only_a_child_of_many_articles_loads_hazm_and_once(
    pipeline: Pipeline, articles: int, loads: int
) -> None:
    loaded = threading.Semaphore(0)
    watched = Pipeline(pipeline.steps, pipeline.models, loaded.release)
    answers = serve(watched, articles)
    assert [answer.outcome.reason for answer in answers] == [None] * articles
    assert loaded.acquire(timeout=10 if loads else 0.1) is bool(loads)
    assert not loaded.acquire(timeout=0.1)


def test_answers_before_and_after_hazm_is_loaded_are_the_same_bytes() -> None:
    pipeline = build_pipeline()
    answers = serve(pipeline, child.HAZM_AFTER + 20)
    pipeline.load_hazm()
    answers += serve(pipeline, 1)
    assert len({msgspec.msgpack.encode(answer.outcome.outputs) for answer in answers}) == 1


def test_a_hazm_that_cannot_be_loaded_is_told_and_the_table_answers(
    pipeline: Pipeline, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise ModuleNotFoundError("No module named 'numpy'")

    child.load_hazm(Pipeline(pipeline.steps, pipeline.models, fail))
    told = "khabar: hazm cannot be loaded, its table answers: No module named 'numpy'\n"
    assert capsys.readouterr().err == told
