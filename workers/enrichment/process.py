"""One process that enriches, as the event loop sees it.

The child is a fresh interpreter (*spawn*). A batch is written to it at once, and the outcomes are read one by
one. So the child never waits for the event loop, and the record over which it hangs or dies is known.
`blocking.BlockingProcess` is its twin for files, with the same rules (`supervision`).
"""

import asyncio
import contextlib
import socket
from collections.abc import AsyncGenerator, Sequence

import msgspec

from workers.enrichment.protocol import (
    LENGTH,
    Answer,
    Start,
    Started,
    child_command,
    child_environment,
    framed,
)
from workers.enrichment.records import Limits, Outcome, RawRecord
from workers.enrichment.settled import without_pipeline
from workers.enrichment.supervision import (
    ENDING_SECONDS,
    LOAD_SECONDS,
    TRIES,
    TimeLimit,
    crashed,
    load_failure,
    start_failure,
    timed_out,
)
from workers.nlp.profile import Profile


class PipelineProcess:
    """One process with a loaded pipeline, for one task at a time."""

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
        self._answers = msgspec.msgpack.Decoder(Answer)
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
                    *child_command(theirs.fileno()),
                    stdin=asyncio.subprocess.DEVNULL,
                    pass_fds=[theirs.fileno()],
                    env=child_environment(),
                )
            self._reader, self._writer = await asyncio.open_connection(sock=ours)
            self._write(self._start_message)
            started = msgspec.msgpack.decode(await asyncio.wait_for(self._read(), LOAD_SECONDS), type=Started)
        except (TimeoutError, OSError, EOFError) as error:
            raise start_failure(error, await self.kill()) from error
        if started.error is not None:
            await self.kill()
            raise load_failure(started.error)
        self.models = started.models
        self.starts += 1

    async def enrich(self, records: Sequence[RawRecord]) -> AsyncGenerator[Outcome]:
        """Enrich records; yields the outcome of each in order, as soon as it is there.

        Records that need no enriching do not reach the child.
        """
        settled = [without_pipeline(record, self._start_message.limits) for record in records]
        enriched = self._enrich([r for r, outcome in zip(records, settled, strict=True) if outcome is None])
        async with contextlib.aclosing(enriched):
            for outcome in settled:
                yield await anext(enriched) if outcome is None else outcome

    async def _enrich(self, records: Sequence[RawRecord]) -> AsyncGenerator[Outcome]:
        done = 0
        tries = 0  # tries of the next record that ended with the child's death
        try:
            while done < len(records):
                if not self.running:
                    await self.start()
                try:
                    for record in records[done:]:
                        self._write(record)
                    while done < len(records):
                        answer = await self._answer()
                        done, tries = done + 1, 0
                        yield self._answers.decode(answer).outcome
                except TimeoutError:
                    await self.kill()
                    done, tries = done + 1, 0
                    yield timed_out(records[done - 1], self._article_seconds)
                except (OSError, EOFError):
                    status = await self.kill()
                    tries += 1
                    if tries < TRIES:
                        continue
                    done, tries = done + 1, 0
                    yield crashed(records[done - 1], status)
        finally:
            if done < len(records):  # given up half-way: no other batch may take its answers
                await self.kill()

    async def _answer(self) -> bytes:
        """The next answer. Raises TimeoutError for an article that takes too long."""
        limit = TimeLimit(self.pid, self._article_seconds)
        reading = asyncio.ensure_future(self._read())
        try:
            while True:
                done, _pending = await asyncio.wait([reading], timeout=limit.seconds)
                if done:
                    return reading.result()
                if limit.is_over():
                    raise TimeoutError
        finally:
            reading.cancel()

    async def kill(self) -> int | None:
        """End the child at once, whatever it does; returns its exit status (negative: a signal)."""
        writer, self._writer, self._reader = self._writer, None, None
        if writer is not None:
            writer.transport.abort()
        process, self._process = self._process, None
        if process is None:
            return None
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                with contextlib.suppress(TimeoutError):
                    return await asyncio.wait_for(process.wait(), ENDING_SECONDS)
                process.kill()
        return await process.wait()

    def _write(self, message: msgspec.Struct) -> None:
        # The transport buffers what the socket does not take yet: at most a batch.
        if self._writer is None:
            raise EOFError("the process is not running")
        self._writer.write(framed(message))

    async def _read(self) -> bytes:
        if self._reader is None:
            raise EOFError("the process is not running")
        length = LENGTH.unpack(await self._reader.readexactly(LENGTH.size))[0]
        return await self._reader.readexactly(length)
