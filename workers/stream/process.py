"""A pool of one process that enriches, from the event loop's side.

The child is a fresh interpreter (*spawn*). A batch is written to it at once and the outcomes are read one by
one, so the child never waits for the event loop, and when it hangs or dies it is known over which record. A
record that takes too long is a dead letter at once; one over which the child dies is tried once more, as the
death may have come from outside.
"""

import asyncio
import contextlib
import logging
import os
import socket
import sys
from collections.abc import AsyncGenerator, Sequence

import msgspec

from schemas.reasons import Reason
from workers.computing import computed_seconds
from workers.nlp.profile import Profile
from workers.stream.child import LENGTH, Start, Started
from workers.stream.dead_letters import dead_letter
from workers.stream.handler import without_pipeline
from workers.stream.records import Limits, Outcome, RawRecord

log = logging.getLogger(__name__)

_LOAD_SECONDS = 180.0
_LIMITS_WITHOUT_COMPUTING = 3


class PipelineFailed(Exception):  # noqa: N818 - names the event
    """The pipeline could not be loaded: a lexicon, a model, the factory's name."""


class PipelineProcess:
    """One process with a loaded pipeline. Not to be shared by concurrent tasks."""

    def __init__(
        self,
        *,
        factory: str,
        profile: Profile,
        lexicons: Sequence[str],
        limits: Limits,
        article_seconds: float,
    ) -> None:
        self._start_message = Start(factory, profile, tuple(lexicons), limits)
        self._article_seconds = article_seconds
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._outcomes = msgspec.msgpack.Decoder(Outcome)
        self.models: dict[str, str] = {}
        self.starts = 0

    @property
    def running(self) -> bool:
        """Whether a pipeline is loaded and waiting."""
        return self._process is not None and self._process.returncode is None

    @property
    def pid(self) -> int | None:
        """The child's process id."""
        return self._process.pid if self._process else None

    async def start(self) -> None:
        """Start the child and wait until its pipeline is loaded. Raises PipelineFailed."""
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                self._process = await asyncio.create_subprocess_exec(
                    *(sys.executable, "-m", "workers.stream.child", str(theirs.fileno()), str(os.getpid())),
                    stdin=asyncio.subprocess.DEVNULL,
                    pass_fds=[theirs.fileno()],
                    env={"OPENBLAS_NUM_THREADS": "1", **os.environ},  # one process a core, one thread each
                )
            self._reader, self._writer = await asyncio.open_connection(sock=ours)
            self._write(self._start_message)
            started = msgspec.msgpack.decode(
                await asyncio.wait_for(self._read(), _LOAD_SECONDS), type=Started
            )
        except (TimeoutError, OSError, EOFError) as error:
            await self.kill()
            raise PipelineFailed(f"the pipeline's process did not start: {error!r}") from error
        if started.error is not None:
            await self.kill()
            raise PipelineFailed(f"the pipeline could not be loaded: {started.error}")
        self.models = started.models
        self.starts += 1

    async def enrich(self, records: Sequence[RawRecord]) -> AsyncGenerator[Outcome]:
        """The outcome of each record, in order, each as soon as it is there.

        Records that need no enriching never reach the child.
        """
        settled = [without_pipeline(record, self._start_message.limits) for record in records]
        enriched = self._enrich([r for r, outcome in zip(records, settled, strict=True) if outcome is None])
        async with contextlib.aclosing(enriched):
            for outcome in settled:
                yield await anext(enriched) if outcome is None else outcome

    async def _enrich(self, records: Sequence[RawRecord]) -> AsyncGenerator[Outcome]:
        done = 0
        tried = -1  # over which the child died before
        try:
            while done < len(records):
                if not self.running:
                    await self.start()
                try:
                    for record in records[done:]:
                        self._write(record)
                    while done < len(records):
                        answer = await self._answer()
                        done += 1
                        yield self._outcomes.decode(answer)
                except TimeoutError:
                    await self.kill()
                    done += 1
                    yield self._timed_out(records[done - 1])
                except (OSError, EOFError):
                    status = await self.kill()
                    if tried != done:
                        tried = done
                        continue
                    done += 1
                    yield self._crashed(records[done - 1], status)
        finally:
            if done < len(records):  # given up half-way: its answers must not be taken for another batch's
                await self.kill()

    async def _answer(self) -> bytes:
        """The next outcome. Raises TimeoutError for an article that takes too long.

        What counts is the child's own computing time: on a machine that is too busy (or was asleep) a good
        article is no dead letter. An article that computes nothing and does not end gets a few limits more.
        """
        limit = self._article_seconds
        before = computed_seconds(self.pid)
        reading = asyncio.ensure_future(self._read())
        try:
            for _ in range(_LIMITS_WITHOUT_COMPUTING):
                done, _pending = await asyncio.wait([reading], timeout=limit)
                if done:
                    return reading.result()
                if not computed_seconds(self.pid) - before < limit / 2:  # also where it is not known
                    break
        finally:
            reading.cancel()
        raise TimeoutError

    def _crashed(self, record: RawRecord, status: int | None) -> Outcome:
        detail = f"enriching ended the process, twice; exit status {status}"
        return dead_letter(record, Reason.CRASHED, "process", detail)

    def _timed_out(self, record: RawRecord) -> Outcome:
        detail = f"enriching took longer than {self._article_seconds:g} s"
        return dead_letter(record, Reason.TIMEOUT, "process", detail)

    async def kill(self) -> int | None:
        """End the child at once, whatever it does; its exit status (negative: a signal)."""
        writer, self._writer, self._reader = self._writer, None, None
        if writer is not None:
            writer.transport.abort()
        process, self._process = self._process, None
        if process is None:
            return None
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                # It may be ending by itself just now: its own status tells more than our signal.
                with contextlib.suppress(TimeoutError):
                    return await asyncio.wait_for(process.wait(), 0.05)
                process.kill()
        return await process.wait()

    def _write(self, message: msgspec.Struct) -> None:
        # The transport holds what the socket does not take yet: a batch at most.
        data = msgspec.msgpack.encode(message)
        if self._writer is None:
            raise EOFError("the process is not running")
        self._writer.writelines((LENGTH.pack(len(data)), data))

    async def _read(self) -> bytes:
        if self._reader is None:
            raise EOFError("the process is not running")
        length = LENGTH.unpack(await self._reader.readexactly(LENGTH.size))[0]
        return await self._reader.readexactly(length)
