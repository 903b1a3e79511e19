"""A batch of raw records: enrich, send, and return when every record sent is confirmed.

Nothing here knows Faust: `send` is all it needs of a broker.
"""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Sequence

from aiokafka.errors import MessageSizeTooLargeError

from schemas import headers
from schemas.reasons import Reason
from workers.stream.dead_letters import dead_letter, without_value
from workers.stream.metrics import Metrics
from workers.stream.process import PipelineProcess
from workers.stream.records import Outcome, Output, RawRecord

log = logging.getLogger(__name__)

Send = Callable[[Output], Awaitable[Awaitable[object]]]
"""Hand a record to the producer; the second awaitable ends when the brokers have confirmed it."""

Sent = list[asyncio.Future[object] | BaseException]

# One article's events may have 64 MB (`handler`): a batch of such must not be held all at once.
_UNCONFIRMED_BYTES = 64 * 1024 * 1024


class NotConfirmed(Exception):  # noqa: N818 - names the event
    """The brokers did not confirm a record: the batch is not done."""


class Batches:
    """Works off batches with one pipeline process."""

    def __init__(self, process: PipelineProcess, send: Send, metrics: Metrics) -> None:
        self._process = process
        self._send = send
        self._metrics = metrics

    async def work_off(self, records: Sequence[RawRecord], progress: Callable[[], None]) -> None:
        """Return when every record has its events or its dead letter on the brokers.

        Calls `progress` after each article. Any exception means that the batch must be done again.
        """
        in_flight: deque[tuple[RawRecord, Outcome, Sent]] = deque()
        unconfirmed_bytes = 0

        async def confirm_oldest() -> None:
            nonlocal unconfirmed_bytes
            record, outcome, sent = in_flight.popleft()
            unconfirmed_bytes -= outcome.size
            self._count(record, await self._confirm(record, outcome, sent))

        left = iter(records)
        async with contextlib.aclosing(self._process.enrich(records)) as outcomes:
            async for outcome in outcomes:
                # Sent while the process is busy with the next article; confirmed below.
                in_flight.append((next(left), outcome, await self._send_all(outcome)))
                unconfirmed_bytes += outcome.size
                progress()
                while unconfirmed_bytes > _UNCONFIRMED_BYTES:
                    await confirm_oldest()
        while in_flight:
            await confirm_oldest()
        self._metrics.batches += 1
        self._metrics.process_starts = self._process.starts

    async def _send_all(self, outcome: Outcome) -> Sent:
        sent: Sent = []
        for output in outcome.outputs:
            if output.role != "dead":
                took = (headers.PROCESSING_MS, f"{outcome.milliseconds:.1f}".encode())
                output = Output(output.role, output.key, output.value, (*output.headers, took))
            try:
                sent.append(asyncio.ensure_future(await self._send(output)))
            except MessageSizeTooLargeError as refused:
                sent.append(refused)
        return sent

    async def _confirm(self, record: RawRecord, outcome: Outcome, sent: Sent) -> Outcome:
        """The outcome as the brokers have it: what they refuse as too large becomes a dead letter."""
        results = await asyncio.gather(
            *(s for s in sent if isinstance(s, asyncio.Future)), return_exceptions=True
        )
        failures = [f for f in (*sent, *results) if isinstance(f, BaseException)]
        for failure in failures:
            if not isinstance(failure, MessageSizeTooLargeError):
                raise NotConfirmed(f"{failure!r}") from failure
        if not failures:
            self._metrics.sent.update(o.role for o in outcome.outputs)
            return outcome
        if outcome.reason is None:
            smaller = dead_letter(
                record, Reason.TOO_LARGE, "send", f"the brokers refused an event: {failures[0]}"
            )
        else:
            smaller = without_value(outcome)
            if smaller == outcome:
                raise NotConfirmed(f"even without its value: {failures[0]!r}") from failures[0]
        return await self._confirm(record, smaller, await self._send_all(smaller))

    def _count(self, record: RawRecord, outcome: Outcome) -> None:
        self._metrics.count(outcome.reason.value if outcome.reason else "enriched", outcome.milliseconds)
        where = {"topic": record.topic, "partition": record.partition, "offset": record.offset}
        spent = {"ms": round(outcome.milliseconds, 1)}
        if outcome.reason is None:
            log.debug("enriched", extra={**where, **spent, "outcome": "enriched"})
        else:
            told = {"outcome": outcome.reason.value, "step": outcome.step, "detail": outcome.detail}
            log.warning("dead letter", extra={**where, **spent, **told})
