"""A batch of raw records: enrich, send, and return when every record sent is confirmed.

Nothing here knows Faust: `send` is all it needs of a broker.

A record has one outcome. So an event that is larger than any that its topic took so far is sent ahead of the
article's others, which follow once the brokers have it. Where the brokers still refuse an event (a topic's
limit was lowered), the article becomes a dead letter, and what was sent of it is withdrawn.
"""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from operator import itemgetter
from typing import NamedTuple

from aiokafka.errors import MessageSizeTooLargeError
from msgspec.structs import replace

from schemas import headers
from schemas.reasons import Reason
from schemas.topics import Role
from workers.enrichment.dead_letters import dead_letter, smaller
from workers.enrichment.events import withdrawal_outputs
from workers.enrichment.process import PipelineProcess
from workers.enrichment.records import Outcome, Output, RawRecord
from workers.stream.metrics import Metrics
from workers.stream.turn import AlwaysOurs, GivenBack, Turn

log = logging.getLogger(__name__)

Send = Callable[[Output], Awaitable[Awaitable[object]]]
"""Hand a record to the producer; the second awaitable ends when the brokers have confirmed it."""

Sent = list[asyncio.Future[object] | BaseException]

# One article's events may have 64 MB (`handler`), so few such articles are held at once.
_UNCONFIRMED_BYTES = 64 * 1024 * 1024
SURELY_TAKEN_BYTES = 64 * 1024
"""Size up to which events, and batches of them, are never sent ahead: every useful topic takes them."""

_AHEAD: tuple[Role, ...] = ("statements", "entities", "enriched")


class NotConfirmed(Exception):  # noqa: N818 - names the event
    """The brokers did not confirm a record, so the batch is not done."""


class Batches:
    """Works off batches with one pipeline process."""

    def __init__(
        self, process: PipelineProcess, send: Send, metrics: Metrics, turn: Turn | None = None
    ) -> None:
        self._process = process
        self._send = send
        self._metrics = metrics
        self._turn = turn or AlwaysOurs()
        self._largest_taken: dict[Role, int] = {}

    async def work_off(self, records: Sequence[RawRecord], progress: Callable[[], None]) -> None:
        """Return when every record has its events or its dead letter on the brokers.

        Calls `progress` after each article. Any exception means that the batch must be done again; GivenBack
        means that another worker does it.
        """
        turn = self._turn.number
        in_flight: deque[_InFlight] = deque()
        unconfirmed_bytes = 0

        async def confirm_oldest() -> None:
            nonlocal unconfirmed_bytes
            oldest = in_flight.popleft()
            unconfirmed_bytes -= oldest.size
            outcome = await self._confirm(oldest, turn)
            if outcome is not oldest.outcome and outcome.withdraws:
                await self._send_again(in_flight, oldest.made.article, turn)
            self._count(oldest.record, outcome)

        left = iter(records)
        given_back = False
        async with contextlib.aclosing(self._process.enrich(records)) as outcomes:
            async for made in outcomes:
                record = next(left)
                if given_back:
                    continue  # read the answers to the end: a fresh process would take seconds
                try:
                    in_flight.append(await self._dispatch(record, made, turn))
                    unconfirmed_bytes += in_flight[-1].size
                    progress()
                    while unconfirmed_bytes > _UNCONFIRMED_BYTES:
                        await confirm_oldest()
                except GivenBack:
                    given_back = True
        if given_back:
            futures = [s for sent in in_flight for s in sent.sent if isinstance(s, asyncio.Future)]
            await asyncio.gather(*futures, return_exceptions=True)
            raise GivenBack
        while in_flight:
            await confirm_oldest()
        self._metrics.batches += 1
        self._metrics.process_starts = self._process.starts

    async def _dispatch(self, record: RawRecord, made: Outcome, turn: int) -> "_InFlight":
        """Send what was made of a record, while the process is busy with the next one."""
        sizes = [output.size for output in made.outputs]
        outcome, taken = await self._send_ahead(record, made, sizes, turn)
        return _InFlight(record, made, outcome, await self._send_all(outcome, turn), sum(sizes), taken)

    async def _send_again(self, in_flight: deque["_InFlight"], article: str, turn: int) -> None:
        """Send newer versions of an article once more, behind a withdrawal that went out after them."""
        for number, later in enumerate(in_flight):
            if later.made.article == article:
                again = await self._send_all(later.made, turn)
                in_flight[number] = later._replace(sent=[*later.sent, *again])

    async def _send_ahead(
        self, record: RawRecord, outcome: Outcome, sizes: Sequence[int], turn: int
    ) -> tuple[Outcome, bool]:
        """Send the events that are larger than any before, one by one; `sizes` are the sizes of its records.

        Returns what is left to send (a dead letter where one is refused), and whether any was taken.
        """
        if outcome.reason is not None or max(sizes, default=0) <= SURELY_TAKEN_BYTES:
            return outcome, False
        ahead: list[Output] = []
        for role in _AHEAD:
            of_role = [pair for pair in zip(sizes, outcome.outputs, strict=True) if pair[1].role == role]
            size, largest = max(of_role, key=itemgetter(0), default=(0, None))
            if largest is None or size <= self._largest_taken.get(role, SURELY_TAKEN_BYTES):
                continue
            sent = await self._send_all(replace(outcome, outputs=(largest,)), turn)
            refusal, _ = await _answers(sent)
            if refusal is not None:
                return self._refused(record, outcome, refusal, withdraw=bool(ahead)), False
            self._largest_taken[role] = size
            self._metrics.sent[role] += 1
            ahead.append(largest)
        return outcome.without(ahead), bool(ahead)

    async def _send_all(self, outcome: Outcome, turn: int) -> Sent:
        sent: Sent = []
        async with self._turn.sending(turn):
            for output in outcome.outputs:
                self._turn.check(turn)
                if output.role != "dead":
                    took = (headers.PROCESSING_MS, f"{outcome.milliseconds:.1f}".encode())
                    output = output.with_header(took)
                try:
                    sent.append(asyncio.ensure_future(await self._send(output)))
                except MessageSizeTooLargeError as refused:
                    sent.append(refused)
        return sent

    async def _confirm(self, sent: "_InFlight", turn: int) -> Outcome:
        """Wait for the confirmations; what the brokers refuse as too large becomes a dead letter."""
        outcome = sent.outcome
        refusal, taken = await _answers(sent.sent)
        while refusal is not None:
            outcome = self._refused(sent.record, outcome, refusal, withdraw=taken or sent.partly_taken)
            refusal, taken = await _answers(await self._send_all(outcome, turn))
        self._metrics.sent.update(o.role for o in outcome.outputs)
        return outcome

    def _refused(
        self, record: RawRecord, outcome: Outcome, refusal: MessageSizeTooLargeError, *, withdraw: bool
    ) -> Outcome:
        """The records to send in place of refused ones. Raises NotConfirmed where nothing smaller is left."""
        if outcome.reason is None:
            self._largest_taken.clear()
            detail = f"the brokers refused an event: {refusal}"
            dead = dead_letter(record, Reason.TOO_LARGE, "send", detail)
            return dead.preceded_by(withdrawal_outputs(record, outcome.article)) if withdraw else dead
        less = smaller(outcome)
        if less == outcome:
            roles = ", ".join(sorted({output.role for output in outcome.outputs}))
            refusal_text = f"the brokers refuse even the smallest records ({roles})"
            raise NotConfirmed(f"{refusal_text}: raise max.message.bytes of their topics") from refusal
        return less

    def _count(self, record: RawRecord, outcome: Outcome) -> None:
        self._metrics.count(outcome.name, outcome.milliseconds)
        where = {"topic": record.topic, "partition": record.partition, "offset": record.offset}
        spent = {"ms": round(outcome.milliseconds, 1)}
        if outcome.reason is None:
            log.debug(outcome.name, extra={**where, **spent, "outcome": outcome.name})
        else:
            fields = {"outcome": outcome.name, "step": outcome.step, "detail": outcome.detail}
            log.warning("dead letter", extra={**where, **spent, **fields})


class _InFlight(NamedTuple):
    """Records that were sent for one raw record, with their bytes.

    `made` is all that was made of it, `outcome` what was sent last. `partly_taken`: the brokers have some of
    the rest already.
    """

    record: RawRecord
    made: Outcome
    outcome: Outcome
    sent: Sent
    size: int
    partly_taken: bool


async def _answers(sent: Sent) -> tuple[MessageSizeTooLargeError | None, bool]:
    """The first refusal as too large, if there is one, and whether the brokers took any of the records.

    Raises NotConfirmed for every other failure.
    """
    results = await asyncio.gather(
        *(s for s in sent if isinstance(s, asyncio.Future)), return_exceptions=True
    )
    failures = [f for f in (*sent, *results) if isinstance(f, BaseException)]
    for failure in failures:
        if not isinstance(failure, MessageSizeTooLargeError):
            raise NotConfirmed(f"{failure!r}") from failure
    refusal = failures[0] if failures else None
    return refusal, any(not isinstance(r, BaseException) for r in results)
