"""Looks at the brokers' view of the work every few seconds and tells `Progress`."""

import asyncio
import logging
from typing import Any

import faust

from workers.stream.metrics import Metrics
from workers.stream.progress import Progress

log = logging.getLogger(__name__)

_ANSWER_SECONDS = 10.0


class Stalled(Exception):  # noqa: N818 - names the event
    """There is work, and nothing was committed for too long."""


async def watch(app: faust.App, progress: Progress, metrics: Metrics, every_seconds: float) -> None:
    """Observe until there is no progress for too long, then raise Stalled."""
    while True:
        await asyncio.sleep(every_seconds)
        try:
            async with asyncio.timeout(_ANSWER_SECONDS):
                await _observe(app.consumer, progress, metrics)
        except Exception as error:  # noqa: BLE001 - unknown is not progress: the time runs on
            log.info("the lag is unknown", extra={"error": repr(error)})
        if not progress.live:
            raise Stalled(f"no progress for {progress.idle_seconds:.0f} s while there is work")


async def _observe(consumer: Any, progress: Progress, metrics: Metrics) -> None:
    if not progress.assigned:
        return  # not a member yet, or rebalancing: that must not take for ever either
    partitions = set(consumer.assignment())
    ends = await consumer.highwaters(*partitions) if partitions else {}
    committed: dict[object, int | None] = {}
    work = progress.in_hand > 0
    lag: dict[int, int] = {}
    for tp in partitions:
        end = ends.get(tp) or 0
        committed[tp] = consumer._committed_offset.get(tp)
        position = await consumer.position(tp) or 0
        # Read but not acknowledged is work too. Past the last record there may be transaction markers:
        # the position passes them, the committed offset does not.
        work = work or position < end
        # Where nothing was committed yet, the oldest records may be gone: the end alone tells no lag.
        place = committed[tp]
        lag[tp.partition] = max(0, end - (position if place is None else place))
    # Records that a rebalance took away linger there until they are collected: only newer ones count.
    work = work or any(
        m.tp in partitions and not m.acked and m.offset >= (committed[m.tp] or 0) for m in consumer.unacked
    )
    metrics.lag = lag
    progress.observe(committed, work=work)
