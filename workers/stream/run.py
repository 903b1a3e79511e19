"""Run one worker until it is told to stop (exit code 0) or something is wrong (exit code 1)."""

import asyncio
import contextlib
import logging
import os
import shutil
import tempfile
import threading
from collections.abc import Awaitable, Iterable
from typing import Any

import faust
import uvloop

from workers import __version__
from workers.enrichment.records import Limits
from workers.enrichment.supervision import PipelineFailed
from workers.lifeline import stop_at_once
from workers.settings import Settings
from workers.stream.app import add_agent, build_app, heartbeat_seconds
from workers.stream.batches import Batches
from workers.stream.clients import read_hostile_records
from workers.stream.consumer.ledger import Ledger
from workers.stream.consumer.raw_topic import RawTopic, topic_client
from workers.stream.consumer.transport import Transport
from workers.stream.endings import explained
from workers.stream.lifecycle import pipeline_process, set_by_signals, web
from workers.stream.logs import configure_logs
from workers.stream.metrics import Metrics
from workers.stream.preflight import NotReady, check
from workers.stream.progress import Progress
from workers.stream.sending import sender
from workers.stream.turn import Turn
from workers.stream.watchdog import watch

log = logging.getLogger(__name__)

_CLOSE_SECONDS = 2.5  # to commit, leave the group and close connections


def run_worker(settings: Settings) -> int:
    """Work until SIGTERM or SIGINT; returns the process' exit code.

    0: it was told to stop, and the batch in hand was finished or given back. 1: the log says why, and a
    supervisor starts the worker again. Nothing is lost either way. Call it once, in the main thread.
    """
    stop_at_once()
    configure_logs(settings.log_format, settings.log_level)
    for name in settings.misspelt():
        log.warning("there is no such setting", extra={"setting": name})
    try:
        limits = check(settings)
    except NotReady as error:
        log.error("%s", error)  # noqa: TRY400 - the message is the whole story
        return 1
    except OSError as error:
        log.error("cannot read a TLS file: %s", error)  # noqa: TRY400 - as above
        return 1
    # Faust's consumer has a thread and a loop of its own, made by the policy.
    asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    # A private folder that is removed at the end: Faust keeps nothing there that matters.
    with tempfile.TemporaryDirectory(prefix="khabar-", ignore_cleanup_errors=True) as folder:
        return _run(settings, limits, folder)


def _run(settings: Settings, limits: Limits, folder: str) -> int:
    with asyncio.Runner() as runner:
        code = runner.run(_Worker(settings, limits, folder).run())
        logging.shutdown()
        if any(t is not threading.main_thread() and not t.daemon for t in threading.enumerate()):
            shutil.rmtree(folder, ignore_errors=True)
            os._exit(code)  # a thread of Faust's that did not end in time would keep the process alive
    return code


class _Worker:
    def __init__(self, settings: Settings, limits: Limits, folder: str) -> None:
        self._settings = settings
        self._folder = folder
        self._ledger = Ledger()
        # Brokers remove a member that was silent for its session; its last heartbeat may be one interval old.
        self._turn = Turn(settings.session_seconds - heartbeat_seconds(settings))
        self._raw_topic = RawTopic(settings.topic_name("raw"), settings.group, lambda: topic_client(settings))
        self._progress = Progress(settings.stalled_seconds)
        self._metrics = Metrics()
        self._process = pipeline_process(settings, limits)

    async def run(self) -> int:
        stop = asyncio.Event()
        set_by_signals(stop)
        stop_task = asyncio.create_task(stop.wait())
        try:
            async with web(self._settings, self._progress, self._metrics):
                return await self._work(stop_task)
        except OSError as error:
            log.error("%s", error)  # noqa: TRY400 - the message is the whole story
            return 1
        finally:
            stop_task.cancel()
            log.info("worker ended", extra={"outcomes": dict(self._metrics.outcomes)})

    async def _work(self, stop_task: asyncio.Task[bool]) -> int:
        code = 1
        app: faust.App | None = None
        try:
            if not await _unless(stop_task, self._process.start()):
                return 0
            self._progress.loaded()
            app = build_app(self._settings, self._folder)
            read_hostile_records(self._settings)
            turn = self._turn
            app.transport = Transport(app, self._ledger, self._raw_topic, turn, self._metrics.count_lost)
            turn.keep_ticking()
            await asyncio.to_thread(self._raw_topic.confirm)
            code = await self._serve(app, stop_task)
        except (PipelineFailed, OSError) as error:
            log.error("%s", error)  # noqa: TRY400 - the message is the whole story
        finally:
            await self._close(app)
        return code

    async def _serve(self, app: faust.App, stop_task: asyncio.Task[bool]) -> int:
        """Serve until stopped (returns 0) or until something fails (returns 1)."""
        failure: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def failed(error: BaseException) -> None:
            if not failure.done():
                failure.set_exception(error)

        self._follow_rebalances(app)
        batches = Batches(self._process, sender(app, self._settings), self._metrics, self._turn)
        add_agent(app, self._settings, batches, self._progress, failed)
        tasks: list[asyncio.Future[None]] = [
            asyncio.create_task(_start(app)),
            asyncio.create_task(_until_crashed(app)),
            asyncio.create_task(self._watch(app)),
        ]
        for ending in (failure, *tasks):  # one reason is reported; asyncio must not complain about the others
            ending.add_done_callback(lambda done: done.cancelled() or done.exception())
        log.info(
            "worker starts",
            extra={"version": __version__, "group": self._settings.group, "models": self._process.models},
        )
        ends: list[asyncio.Future[Any]] = [stop_task, failure, *tasks]
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        for ended in (failure, *tasks):
            if ended.done() and (error := ended.exception()):
                reason = explained(error, self._settings)
                log.error("worker ends: %s", reason or error, exc_info=None if reason else error)
                return 1
        await self._drain()
        for task in tasks:
            task.cancel()
        failure.cancel()
        return 0

    async def _watch(self, app: faust.App) -> None:
        every = min(5.0, self._settings.stalled_seconds / 4)
        await watch(app, self._ledger, self._raw_topic, self._progress, self._metrics, every)

    async def _drain(self) -> None:
        """Finish the batch in hand, as far as time allows, and take no other."""
        self._progress.stopping = True
        log.info("worker stops", extra={"in_hand": self._progress.in_hand})
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._settings.stop_seconds):
                await self._progress.hands_free.wait()

    async def _close(self, app: faust.App | None) -> None:
        self._progress.stopping = True
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_CLOSE_SECONDS):
                if app is not None:
                    await app.stop()
        await self._process.kill()
        await asyncio.to_thread(self._raw_topic.close)

    def _follow_rebalances(self, app: faust.App) -> None:
        async def assigned(_: faust.App, partitions: Iterable[Any], **__: object) -> None:
            self._progress.assigned = True
            log.info("partitions assigned", extra={"partitions": sorted(p.partition for p in partitions)})

        async def revoked(*_: object, **__: object) -> None:
            self._progress.assigned = False

        # Faust keeps weak references to receivers.
        self._receivers = (assigned, revoked)
        app.on_partitions_assigned.connect(assigned)
        app.on_partitions_revoked.connect(revoked)


async def _start(app: faust.App) -> None:
    await app.start()
    await asyncio.Event().wait()


async def _until_crashed(app: faust.App) -> None:
    await app._crashed.wait()
    raise app.crash_reason or RuntimeError("Faust crashed")


async def _unless(stop_task: asyncio.Task[bool], work: Awaitable[None]) -> bool:
    """Do some work unless told to stop meanwhile; returns whether it was done. Raises what it raises."""
    task = asyncio.ensure_future(work)
    await asyncio.wait([stop_task, task], return_when=asyncio.FIRST_COMPLETED)
    if task.done():
        await task
        return True
    task.cancel()
    return False
