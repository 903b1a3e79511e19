"""A side replay: read the spans of a plan under a group of its own, enrich, publish, and end.

It runs without Faust, whose agents want a live group and an endless topic. It shares with the worker the
work on a batch (`Batches`), the process that enriches, the probes and the logs. A batch is committed when
all of it is confirmed, so a replay that was stopped or killed goes on with the batch it had in hand.
"""

import asyncio
import contextlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Literal

import uvloop
from aiokafka.errors import CommitFailedError, KafkaError

from workers import __version__
from workers.enrichment.records import Limits
from workers.failures import CommandFailed
from workers.operations.bounds import Bounds, find_bounds, note_of
from workers.operations.clients import admin_client
from workers.operations.plans import PlanFile
from workers.record_batches.fetched import CorruptBatch
from workers.settings import Settings
from workers.stream.batches import Batches
from workers.stream.bounded import BoundedReader
from workers.stream.clients import assigned_consumer, record_producer
from workers.stream.consumer.raw_topic import RawTopic, topic_client
from workers.stream.endings import explained
from workers.stream.lifecycle import pipeline_process, set_by_signals, web
from workers.stream.logs import configure_logs
from workers.stream.metrics import Metrics
from workers.stream.pace import Pace
from workers.stream.preflight import NotReady, check
from workers.stream.progress import Progress
from workers.stream.sending import client_sender

log = logging.getLogger(__name__)

_TAKE_SECONDS = 0.5
_TELL_SECONDS = 5.0
_CLOSE_SECONDS = 2.5


@dataclass(frozen=True, slots=True)
class Job:
    """What to replay: a plan, the group that keeps the place, the plan's digest, and the maximum rate."""

    plan: PlanFile
    group: str
    digest: str
    max_rate: float | None = None
    topics_made_by: str = "khabar topics create"


@dataclass(frozen=True, slots=True)
class Replayed:
    """How a replay ended. `left`, `gone`, `ahead` and `before` (by earlier runs) count offsets."""

    state: Literal["done", "stopped", "failed"]
    seconds: float
    left: int
    gone: int
    ahead: int
    before: int
    read: int = 0
    outcomes: Mapping[str, int] = field(default_factory=dict)


class _Failed(Exception):  # noqa: N818 - names the event
    """The replay cannot go on; the message says why."""


def run_replay(settings: Settings, job: Job) -> Replayed:
    """Replay until done, SIGTERM, SIGINT, or a fault. Call it once, in the main thread.

    `settings` name the topics that are written. Raises `UsageFailed` and `CommandFailed` where the replay
    cannot begin.
    """
    configure_logs(settings.log_format, settings.log_level)
    for name in settings.misspelt():
        log.warning("there is no such setting", extra={"setting": name})
    try:
        limits = check(_under(settings, job.group), job.topics_made_by)
        with admin_client(settings) as admin:
            spans = find_bounds(settings, admin, job.plan, job.group, job.digest)
    except (NotReady, OSError) as error:
        raise CommandFailed(str(error)) from error
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_SideReplay(settings, job, spans, limits).run())


class _SideReplay:
    def __init__(self, settings: Settings, job: Job, spans: Sequence[Bounds], limits: Limits) -> None:
        self._settings = settings
        self._job = job
        self._spans = spans
        self._progress = Progress(settings.stalled_seconds)
        self._metrics = Metrics()
        self._raw_topic = RawTopic(job.plan.topic, job.group, lambda: topic_client(settings))
        self._pace = Pace(job.max_rate)
        self._waiting = False  # a wait for the pace, not for brokers
        self._began = self._began_reading = monotonic()
        self._reader: BoundedReader | None = None
        self._stop = asyncio.Event()
        self._process = pipeline_process(settings, limits)

    async def run(self) -> Replayed:
        set_by_signals(self._stop)
        if not any(span.left for span in self._spans):
            return self._replayed("done")
        try:
            async with (
                web(self._settings, self._progress, self._metrics),
                contextlib.AsyncExitStack() as stack,
            ):
                stack.callback(setattr, self._progress, "stopping", True)
                stack.push_async_callback(self._process.kill)
                stack.push_async_callback(asyncio.to_thread, self._raw_topic.close)
                await self._until_stopped(self._work(stack))
        except Exception as error:
            if fault := self._explained(error):
                log.error("the replay fails: %s", fault)  # noqa: TRY400 - the message is the whole story
            else:
                log.exception("the replay fails")
            return self._replayed("failed")
        return self._replayed("done" if self._reader and self._reader.done else "stopped")

    async def _until_stopped(self, work: Any) -> None:
        """Do the work; when told to stop, let it finish the batch in hand, as far as time allows."""
        stop_task = asyncio.create_task(self._stop.wait())
        working = asyncio.create_task(work)
        watching = asyncio.create_task(self._watch())
        tasks = (stop_task, working, watching)
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in (working, watching):
                if task.done():
                    await task
            if not working.done():
                self._progress.stopping = True
                log.info("replay stops", extra={"in_hand": self._progress.in_hand})
                if self._progress.in_hand:
                    await asyncio.wait([working], timeout=self._settings.stop_seconds)
                if working.done():
                    await working
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _work(self, stack: contextlib.AsyncExitStack) -> None:
        await self._process.start()
        self._progress.loaded()
        consumer = assigned_consumer(self._settings, self._job.group)
        producer = record_producer(self._settings)
        for client in (consumer, producer):
            stack.push_async_callback(_close, client)
            await client.start()
        reader = BoundedReader(consumer, self._job.plan.topic, self._spans, note_of(self._job.digest))
        # Tell before the work that a group is live or may not be used.
        await asyncio.to_thread(self._raw_topic.confirm)
        await reader.commit()
        self._reader = reader
        batches = Batches(self._process, client_sender(producer, self._settings), self._metrics)
        self._progress.assigned = True
        self._began_reading = monotonic()
        log.info(
            "replay starts",
            extra={"version": __version__, "group": self._job.group, "left": reader.left}
            | {"models": self._process.models},
        )
        while not reader.done and not self._stop.is_set():
            await self._keep_pace()
            if not self._stop.is_set():
                await self._batch(reader, batches)

    async def _keep_pace(self) -> None:
        self._waiting = True
        with contextlib.suppress(TimeoutError):
            if delay := self._pace.delay:
                await asyncio.wait_for(self._stop.wait(), delay)
        self._waiting = False

    async def _batch(self, reader: BoundedReader, batches: Batches) -> None:
        records = await reader.take(self._pace.batch(self._settings.batch_articles), _TAKE_SECONDS)
        if records:
            self._pace.took(len(records))
            self._progress.batch_taken(len(records))
            await batches.work_off(records, self._progress.article_done)
        # Commit nothing on a topic that was made anew; where the brokers do not tell, commit later.
        if await asyncio.to_thread(self._raw_topic.confirm):
            await reader.commit()
        if records:
            self._progress.batch_done()

    async def _watch(self) -> None:
        """Log how far it is; raise _Failed when there is no progress for too long."""
        every = min(_TELL_SECONDS, self._settings.stalled_seconds / 4)
        while True:
            await asyncio.sleep(every)
            reader = self._reader
            if reader is not None:
                self._metrics.lag = reader.left_by_partition
                self._metrics.records_lost = self._gone
                self._progress.observe(dict(reader.committed), work=not self._waiting)
                log.info("replaying", extra=self._standing(reader))
            if self._progress.pipeline_loaded and not self._progress.live:
                stuck = reader.left_by_partition if reader else {}
                raise _Failed(
                    f"no progress for {self._progress.idle_seconds:.0f} s; left by partition: "
                    f"{ {p: n for p, n in stuck.items() if n} }. Are the brokers there? An open transaction "
                    "on the raw topic also holds up what is behind it"
                )

    @property
    def _gone(self) -> int:
        """Offsets that were deleted before they were read."""
        return sum(span.gone for span in self._spans) + (self._reader.gone if self._reader else 0)

    def _standing(self, reader: BoundedReader) -> dict[str, object]:
        of = sum(span.left for span in self._spans)
        done = of - reader.left
        rate = done / max(monotonic() - self._began_reading, 0.001)
        left = round(reader.left / rate) if done else None
        return {"done": done, "of": of, "rate": round(rate, 1), "left_seconds": left}

    def _explained(self, error: Exception) -> str | None:
        """The reason for a failure, in a sentence; None for an unexpected one."""
        group = self._job.group
        if isinstance(error, CommitFailedError):
            return (
                f"group {group} has live members: its offsets are not ours to commit; --group names another"
            )
        if isinstance(error, CorruptBatch):
            return (
                f"{error}. The offsets {error.offset} to {error.next_offset - 1} cannot be read. To pass "
                f"over them, write a plan whose span of partition {error.partition.partition} begins at "
                f"{error.next_offset}, and replay that"
            )
        if isinstance(error, _Failed | OSError):
            return str(error)
        return explained(error, _under(self._settings, group))

    def _replayed(self, state: Literal["done", "stopped", "failed"]) -> Replayed:
        reader = self._reader
        outcomes = dict(self._metrics.outcomes)
        return Replayed(
            state=state,
            seconds=monotonic() - self._began,
            left=reader.left if reader else sum(span.left for span in self._spans),
            gone=self._gone,
            ahead=sum(span.ahead for span in self._spans),
            before=sum(span.done for span in self._spans),
            read=sum(outcomes.values()),
            outcomes=outcomes,
        )


async def _close(client: Any) -> None:
    with contextlib.suppress(TimeoutError, KafkaError):
        async with asyncio.timeout(_CLOSE_SECONDS):
            await client.stop()


def _under(settings: Settings, group: str) -> Settings:
    """The settings with that group, so that messages about rights name it."""
    return settings.model_copy(update={"group": group})
