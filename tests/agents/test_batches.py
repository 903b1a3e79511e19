"""Batches without brokers: the real pipeline process, and a `send` that confirms, refuses or fails."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import pytest_asyncio
from aiokafka.errors import KafkaTimeoutError, MessageSizeTooLargeError
from msgspec.structs import replace

from schemas.reasons import Reason
from schemas.topics import Role
from tests.broker.articles import article, encoded
from tests.broker.pipelines import HANG, KILL, RAISE
from workers.enrichment.process import PipelineProcess
from workers.enrichment.records import Limits, Outcome, Output, RawRecord
from workers.enrichment.supervision import PipelineFailed
from workers.stream import batches
from workers.stream.batches import Batches, NotConfirmed
from workers.stream.metrics import Metrics
from workers.stream.turn import GivenBack, Turn

LIMITS = Limits(raw=1_000_000, enriched=1_000_000, statements=1_000_000, entities=1_000_000)


def process(factory: str = "light", article_seconds: float = 20.0) -> PipelineProcess:
    return PipelineProcess(
        factory=f"tests.broker.pipelines:{factory}",
        profile="fast",
        lexicons=(),
        limits=LIMITS,
        article_seconds=article_seconds,
    )


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def enriching() -> AsyncIterator[PipelineProcess]:
    made = process()
    await made.start()
    yield made
    await made.kill()


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="no /proc to read an environment from")
async def test_a_child_computes_in_one_thread(enriching: PipelineProcess) -> None:
    assert enriching.pid
    environment = Path(f"/proc/{enriching.pid}/environ").read_bytes().split(b"\0")  # noqa: ASYNC240 - of memory
    assert b"OPENBLAS_NUM_THREADS=1" in environment


def record(number: int, title: str | None = None, value: bytes | None = None) -> RawRecord:
    content = article(number) | ({"title": title} if title else {})
    return RawRecord("raw", 0, number, 1_700_000_000_000 + number, b"%d" % number, value or encoded(content))


class Brokers:
    """Takes records; `refuse` decides about each."""

    def __init__(self, refuse: Callable[[Output], Exception | None] = lambda _: None) -> None:
        self.confirmed: list[Output] = []
        self.unconfirmed = 0
        self._refuse = refuse

    async def send(self, output: Output) -> Awaitable[object]:
        future: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        self.unconfirmed += 1
        asyncio.get_running_loop().call_later(0.01, self._answer, output, future)
        return future

    def _answer(self, output: Output, future: asyncio.Future[object]) -> None:
        self.unconfirmed -= 1
        if refusal := self._refuse(output):
            future.set_exception(refusal)
        else:
            self.confirmed.append(output)
            future.set_result(None)


def reasons(brokers: Brokers) -> dict[bytes | None, str]:
    return {
        o.key: dict(o.headers)["__streams.errors.reason"].decode()
        for o in brokers.confirmed
        if o.role == "dead"
    }


@pytest.mark.asyncio(loop_scope="module")
async def test_a_batch_is_done_when_everything_is_confirmed(enriching: PipelineProcess) -> None:
    brokers, metrics = Brokers(), Metrics()
    done: list[int] = []
    records = [record(n) for n in range(5)]
    await Batches(enriching, brokers.send, metrics).work_off(records, lambda: done.append(1))
    assert brokers.unconfirmed == 0
    assert [o.key for o in brokers.confirmed if o.role == "enriched"] == [
        f"article-{n}".encode() for n in range(5)
    ]
    assert len(done) == 5
    assert metrics.outcomes == {"enriched": 5}


@pytest.mark.asyncio(loop_scope="module")
async def test_large_outcomes_are_confirmed_before_more_are_taken(
    enriching: PipelineProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Counting(Brokers):
        most = 0

        async def send(self, output: Output) -> Awaitable[object]:
            self.most = max(self.most, self.unconfirmed)
            return await super().send(output)

    monkeypatch.setattr(batches, "_UNCONFIRMED_BYTES", 0)
    brokers, metrics = Counting(), Metrics()
    records = [record(n, value=b"{") for n in range(9)]  # one dead letter each
    await Batches(enriching, brokers.send, metrics).work_off(records, lambda: None)
    assert brokers.most == 0
    assert [o.key for o in brokers.confirmed] == [b"%d" % n for n in range(9)]
    assert metrics.outcomes == {"malformed_json": 9}


@pytest.mark.asyncio(loop_scope="module")
async def test_equal_records_give_equal_bytes_and_ids(enriching: PipelineProcess) -> None:
    def without_time(outputs: list[Output]) -> list[tuple[object, ...]]:
        return [
            (o.role, o.key, o.value, tuple(h for h in o.headers if h[0] != "khabar_processing_ms"))
            for o in outputs
        ]

    first, second = Brokers(), Brokers()
    for brokers in (first, second):
        await Batches(enriching, brokers.send, Metrics()).work_off([record(3), record(4)], lambda: None)
    assert without_time(first.confirmed) == without_time(second.confirmed)


@pytest.mark.asyncio(loop_scope="module")
async def test_an_unconfirmed_record_fails_the_batch(enriching: PipelineProcess) -> None:
    brokers = Brokers(lambda o: KafkaTimeoutError() if o.key == b"article-1" else None)
    with pytest.raises(NotConfirmed):
        await Batches(enriching, brokers.send, Metrics()).work_off(
            [record(n) for n in range(3)], lambda: None
        )


@pytest.mark.asyncio(loop_scope="module")
async def test_a_cancelled_confirmation_fails_the_batch(enriching: PipelineProcess) -> None:
    async def send(_: Output) -> Awaitable[object]:
        future: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        future.cancel()
        return future

    with pytest.raises(NotConfirmed):
        await Batches(enriching, send, Metrics()).work_off([record(1)], lambda: None)


@pytest.mark.asyncio(loop_scope="module")
async def test_an_event_that_brokers_refuse_becomes_a_dead_letter(enriching: PipelineProcess) -> None:
    brokers = Brokers(
        lambda o: MessageSizeTooLargeError() if o.role == "enriched" and o.key == b"article-1" else None
    )
    metrics = Metrics()
    await Batches(enriching, brokers.send, metrics).work_off([record(n) for n in range(3)], lambda: None)
    assert reasons(brokers) == {b"1": "too_large"}
    assert metrics.outcomes == {"enriched": 2, "too_large": 1}


@pytest.mark.asyncio(loop_scope="module")
async def test_a_dead_letter_that_brokers_refuse_goes_without_its_value(enriching: PipelineProcess) -> None:
    brokers = Brokers(lambda o: MessageSizeTooLargeError() if o.value is not None else None)
    await Batches(enriching, brokers.send, Metrics()).work_off([record(1, value=b"{")], lambda: None)
    (dead,) = brokers.confirmed
    assert dead.value is None
    assert dict(dead.headers)["__streams.errors.value_omitted"] == b"1 bytes"
    assert dict(dead.headers)["__streams.errors.reason"] == b"malformed_json"


@pytest.mark.asyncio(loop_scope="module")
async def test_a_dead_letter_is_made_smaller_step_by_step(enriching: PipelineProcess) -> None:
    brokers = Brokers(lambda o: MessageSizeTooLargeError() if o.size > 10_000 else None)
    long = (("small", b"1"), ("large", b"x" * 50_000))
    raw = RawRecord("raw", 0, 7, 0, b"k" * 20_000, b"{" * 30_000, long)
    await Batches(enriching, brokers.send, Metrics()).work_off([raw], lambda: None)
    (dead,) = brokers.confirmed
    told = dict(dead.headers)
    assert (dead.key, dead.value) == (None, b"")
    assert told["__streams.errors.value_omitted"] == b"30000 bytes"
    assert told["__streams.errors.key_omitted"] == b"20000 bytes"
    assert told["__streams.errors.headers_omitted"] == b"50005 bytes"
    assert told["small"] == b"1"
    assert told["__streams.errors.offset"] == b"7"


def outcome(number: int, *outputs: tuple[Role, int]) -> Outcome:
    """Events of these roles and sizes of their values."""
    article_id = f"a{number}"
    made = tuple(Output(role, article_id.encode(), b"x" * size, ()) for role, size in outputs)
    return Outcome(made, article=article_id)


class Made:
    """A process that has these outcomes ready."""

    starts = 1

    def __init__(self, *outcomes: Outcome) -> None:
        self._outcomes = outcomes

    async def enrich(self, records: object) -> AsyncGenerator[Outcome]:
        for made in self._outcomes:
            yield made


BIG = 200_000
WHOLE_ARTICLE: tuple[tuple[Role, int], ...] = (("enriched", BIG), ("statements", BIG), ("entities", BIG))


@pytest.mark.parametrize(
    ("refused", "sent"),
    [
        pytest.param("statements", ["dead"], id="the first that is sent ahead: nothing else of it is sent"),
        pytest.param(
            "entities",
            ["statements", "enriched", "statements", "entities", "dead"],
            id="a later one: what was sent is taken back",
        ),
        pytest.param(
            "enriched",
            ["statements", "entities", "enriched", "statements", "entities", "dead"],
            id="the last",
        ),
    ],
)
async def test_an_article_whose_event_is_refused_has_one_outcome(refused: Role, sent: list[Role]) -> None:
    brokers = Brokers(lambda o: MessageSizeTooLargeError() if o.role == refused and o.value else None)
    metrics = Metrics()
    made = Made(outcome(1, *WHOLE_ARTICLE))
    await Batches(made, brokers.send, metrics).work_off([record(1)], lambda: None)
    assert [o.role for o in brokers.confirmed] == sent
    withdrawn = [o for o in brokers.confirmed if o.value is None and o.role != "dead"]
    assert all(("ce_type", b"khabar.article.withdrawn") in o.headers for o in withdrawn)
    assert len(withdrawn) == (0 if refused == "statements" else 3)
    assert metrics.outcomes == {"too_large": 1}


async def test_a_late_withdrawal_does_not_take_back_a_newer_version() -> None:
    """Both versions are sent before the first one's refusal is read."""
    article_id = b"a1"
    first = replace(outcome(1, ("enriched", 900), ("statements", 900)), article="a1")
    second = replace(outcome(2, ("enriched", 901), ("statements", 901)), article="a1")
    renamed = [replace(o, key=article_id) for o in second.outputs]
    brokers = Brokers(
        lambda o: (
            MessageSizeTooLargeError() if o.role == "statements" and len(o.value or b"") == 900 else None
        )
    )
    made = Made(first, replace(second, outputs=tuple(renamed)))
    await Batches(made, brokers.send, Metrics()).work_off([record(1), record(2)], lambda: None)
    for role in ("enriched", "statements"):
        last = [o for o in brokers.confirmed if o.role == role][-1]
        assert len(last.value or b"") == 901, f"the last of {role} is not the newer version"


async def test_a_batch_that_is_another_workers_now_sends_nothing_more() -> None:
    turn = Turn(60)
    turn.take()
    brokers = Brokers()

    async def send(output: Output) -> Awaitable[object]:
        if len(brokers.confirmed) + brokers.unconfirmed == 1:  # partitions are taken away meanwhile
            taken = asyncio.create_task(turn.give_up())
            await asyncio.sleep(0)
            assert not taken.done(), "they were given up while something was being sent"
        return await brokers.send(output)

    made = Made(*(outcome(n, ("enriched", 900), ("statements", 900)) for n in range(4)))
    with pytest.raises(GivenBack):
        await Batches(made, send, Metrics(), turn).work_off([record(n) for n in range(4)], lambda: None)
    await asyncio.sleep(0.05)
    assert len(brokers.confirmed) == 2
    turn.take()
    await Batches(made, brokers.send, Metrics(), turn).work_off([record(n) for n in range(4)], lambda: None)
    assert len(brokers.confirmed) == 2 + 8


async def test_events_no_larger_than_before_are_not_sent_ahead() -> None:
    ahead: list[bool] = []
    brokers = Brokers()

    async def send(output: Output) -> Awaitable[object]:
        ahead.append(brokers.unconfirmed == 0)
        return await brokers.send(output)

    made = Made(outcome(1, *WHOLE_ARTICLE), outcome(2, *WHOLE_ARTICLE), outcome(3, ("enriched", 900)))
    await Batches(made, send, Metrics()).work_off([record(n) for n in (1, 2, 3)], lambda: None)
    assert ahead == [True, True, True, True, False, False, False]
    assert len(brokers.confirmed) == 7


@pytest.mark.asyncio(loop_scope="module")
async def test_brokers_that_refuse_even_that_fail_the_batch(enriching: PipelineProcess) -> None:
    brokers = Brokers(lambda o: MessageSizeTooLargeError())
    with pytest.raises(NotConfirmed):
        await Batches(enriching, brokers.send, Metrics()).work_off([record(1)], lambda: None)


async def test_poison_takes_nothing_with_it() -> None:
    enriching = process(article_seconds=2.0)
    brokers = Brokers()
    records = [
        record(0),
        record(1, KILL),
        record(2),
        record(3, HANG),
        record(4, RAISE),
        record(5, KILL),
        record(6, KILL),
        record(7),
    ]
    try:
        await Batches(enriching, brokers.send, Metrics()).work_off(records, lambda: None)
    finally:
        await enriching.kill()
    assert reasons(brokers) == {
        b"1": Reason.CRASHED,
        b"3": Reason.TIMEOUT,
        b"4": Reason.INTERNAL,
        b"5": Reason.CRASHED,
        b"6": Reason.CRASHED,
    }
    enriched = [
        json.loads(o.value or b"")["provenance"]["offset"] for o in brokers.confirmed if o.role == "enriched"
    ]
    assert enriched == [0, 2, 7]


async def test_a_batch_given_up_leaves_no_answers_behind() -> None:
    enriching = process()
    try:
        outcomes = enriching.enrich([record(n) for n in range(4)])
        await anext(outcomes)
        await outcomes.aclose()
        offsets = [
            json.loads(outcome.outputs[0].value or b"")["provenance"]["offset"]
            async for outcome in enriching.enrich([record(7), record(8)])
        ]
        assert offsets == [7, 8]
    finally:
        await enriching.kill()


async def test_a_pipeline_that_cannot_be_loaded() -> None:
    for factory, told in (("broken", "no such lexicon"), ("no_such_function", "AttributeError")):
        with pytest.raises(PipelineFailed, match=told):
            await process(factory).start()
