"""Asks the brokers every few seconds how the work stands, and reports it to `Progress`."""

import asyncio
import logging
from typing import Any

import faust

from workers.stream.consumer.ledger import Ledger
from workers.stream.consumer.raw_topic import RawTopic
from workers.stream.metrics import Metrics
from workers.stream.progress import Progress

log = logging.getLogger(__name__)

_ANSWER_SECONDS = 10.0


class Stalled(Exception):  # noqa: N818 - names the event
    """There is work, and nothing was committed for too long."""


async def watch(
    app: faust.App,
    ledger: Ledger,
    raw_topic: RawTopic,
    progress: Progress,
    metrics: Metrics,
    every_seconds: float,
) -> None:
    """Observe until there is no progress for too long, then raise Stalled."""
    while True:
        await asyncio.sleep(every_seconds)
        try:
            async with asyncio.timeout(_ANSWER_SECONDS):
                await _observe(app.consumer, ledger, progress, metrics)
                await _look_for_idle_partitions(app.consumer, raw_topic, progress)
        except Exception as error:  # noqa: BLE001 - unknown is not progress: the time runs on
            log.info("the lag is unknown", extra={"error": repr(error)})
        if not progress.live:
            raise Stalled(f"no progress for {progress.idle_seconds:.0f} s while there is work")


async def _look_for_idle_partitions(consumer: Any, raw_topic: RawTopic, progress: Progress) -> None:
    """Note whether partitions have no reader: only then is a worker without partitions no stand-by."""
    reason: str | None = None
    if progress.assigned and not consumer.assignment():
        reason = await asyncio.to_thread(raw_topic.why_idle)
        if reason:
            log.warning("assigned nothing", extra={"reason": reason})
    progress.left_over = reason is not None


async def _observe(consumer: Any, ledger: Ledger, progress: Progress, metrics: Metrics) -> None:
    if not progress.assigned:
        return  # not a member yet, or rebalancing: this time counts too
    partitions = set(consumer.assignment())
    ends = await consumer.highwaters(*partitions) if partitions else {}
    committed: dict[object, int | None] = {}
    work = progress.in_hand > 0
    lag: dict[int, int] = {}
    for tp in partitions:
        end = ends.get(tp) or 0
        committed[tp] = consumer._committed_offset.get(tp)
        # Records that are not read, not done or not committed are work.
        place = ledger.place(tp)
        start = place if committed[tp] is None else committed[tp]
        work = work or bool(ledger.waiting(tp)) or (place or 0) < end or (place or 0) > (start or 0)
        # Where nothing was committed yet, the oldest records may be gone, so the end does not tell the lag.
        lag[tp.partition] = 0 if start is None else max(0, end - start)
    metrics.lag = lag
    progress.observe(committed, work=work)
