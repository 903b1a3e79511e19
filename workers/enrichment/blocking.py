"""One process that enriches, as a thread sees it that waits for it.

It is the twin of `process.PipelineProcess` and keeps the same rules (`supervision`). The child has one record
at a time.
"""

import select
import socket
import subprocess
import threading
from contextlib import suppress
from io import BufferedReader, BufferedWriter

import msgspec

from workers.enrichment.protocol import (
    Answer,
    Start,
    Started,
    child_command,
    child_environment,
    read_message,
    write_message,
)
from workers.enrichment.records import RawRecord
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


class Stopped(Exception):  # noqa: N818 - names the event
    """Another thread has stopped the process for good."""


class BlockingProcess:
    """A process with a loaded pipeline, started for its first record.

    One thread enriches with it, in a `with` block that ends the process. Any thread may stop it.
    """

    def __init__(self, start: Start, article_seconds: float) -> None:
        self._start_message = start
        self._article_seconds = article_seconds
        self._answers = msgspec.msgpack.Decoder(Answer)
        self._lock = threading.Lock()  # keeps starting and stopping apart
        self._stopped = False
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: _Connection | None = None

    def __enter__(self) -> "BlockingProcess":
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    @property
    def pid(self) -> int | None:
        """The child's process id."""
        return self._process.pid if self._process else None

    def enrich(self, record: RawRecord) -> Answer:
        """Enrich a record; returns its outcome.

        Raises PipelineFailed, and Stopped where another thread stops it.
        """
        status: int | None = None
        for _ in range(TRIES):
            try:
                return self._ask(self._running(), record)
            except TimeoutError:
                self._end()
                return Answer(timed_out(record, self._article_seconds))
            except (OSError, EOFError):
                status = self._end()
        if self._stopped:
            raise Stopped
        return Answer(crashed(record, status))

    def stop(self) -> None:
        """End the process at once and for good, whatever it does."""
        with self._lock:
            self._stopped = True
            if (process := self._process) is not None:
                process.kill()
        if process is not None:
            process.wait()

    def _running(self) -> "_Connection":
        """The connection to a child with a loaded pipeline. Raises PipelineFailed, Stopped."""
        if self._process is not None and self._connection is not None and self._process.poll() is None:
            return self._connection
        self._end()
        connection, started = self._start()
        if started.error is not None:
            self._end()
            raise load_failure(started.error)
        return connection

    def _start(self) -> tuple["_Connection", Started]:
        try:
            ours, theirs = socket.socketpair()
            connection = self._connection = _Connection(ours)
            with theirs, self._lock:
                if self._stopped:
                    raise Stopped
                self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                    child_command(theirs.fileno()),
                    stdin=subprocess.DEVNULL,
                    pass_fds=[theirs.fileno()],
                    env=child_environment(),
                )
            connection.send(self._start_message)
            connection.wait(LOAD_SECONDS)
            return connection, msgspec.msgpack.decode(connection.receive(), type=Started)
        except (TimeoutError, OSError, EOFError) as error:
            status = self._end()
            if self._stopped:
                raise Stopped from error
            raise start_failure(error, status) from error

    def _ask(self, connection: "_Connection", record: RawRecord) -> Answer:
        """Ask the child. Raises TimeoutError, or OSError or EOFError where the child ended."""
        connection.send(record)
        limit = TimeLimit(self.pid, self._article_seconds)
        while not connection.has_answer(limit.seconds):
            if limit.is_over():
                raise TimeoutError
        return self._answers.decode(connection.receive())

    def _end(self) -> int | None:
        """End the child; returns its exit status (negative: a signal)."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
        with self._lock:
            process, self._process = self._process, None
        if process is None:
            return None
        try:
            return process.wait(ENDING_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()


class _Connection:
    """Our end of the socket pair."""

    def __init__(self, ours: socket.socket) -> None:
        self._socket = ours
        self._incoming: BufferedReader = ours.makefile("rb")
        self._outgoing: BufferedWriter = ours.makefile("wb")
        self._poll = select.poll()
        self._poll.register(ours, select.POLLIN)

    def send(self, message: msgspec.Struct) -> None:
        write_message(self._outgoing, message)

    def has_answer(self, seconds: float) -> bool:
        """Whether an answer, or the end, can be read by then. One answer is awaited at a time."""
        return bool(self._poll.poll(1000 * seconds))

    def wait(self, seconds: float) -> None:
        """Wait for something to read. Raises TimeoutError where nothing comes by then."""
        if not self.has_answer(seconds):
            raise TimeoutError

    def receive(self) -> bytes:
        """The answer. Raises EOFError, ConnectionError."""
        message = read_message(self._incoming)
        if message is None:
            raise EOFError("the process has ended")
        return message

    def close(self) -> None:
        for part in (self._outgoing, self._incoming, self._socket):
            with suppress(OSError):  # nobody is left to read what was not sent
                part.close()
