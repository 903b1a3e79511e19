"""Enriching without Kafka: the worker's own code over articles from files, in order, in other processes.

Theory of operation. Each of `jobs` threads owns one child process. A thread takes the next item under
a lock, sends its bytes down a pipe and waits for the answer, so one article is in each child at a time
and an article that hangs or kills its process is known for certain: it is rejected as `timeout` or
`crashed`, the child replaced, and the rest goes on. Outcomes are put into their order by number; a
thread may run ahead of the oldest unanswered item by `WINDOW` items only, so memory does not grow
with the number of articles. Children end with their parent, however it ends.
"""

import multiprocessing
import os
import resource
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import TYPE_CHECKING, Any, NamedTuple

from schemas.reasons import Reason
from workers import lifeline
from workers.computing import computed_seconds
from workers.failures import CommandFailed
from workers.reading import Item, Place, Unreadable

if TYPE_CHECKING:
    from workers.nlp.profile import Profile

LIMITS_WITHOUT_COMPUTING = 3

WINDOW = 64
"""Items per child that may be done before the oldest one is."""


@dataclass(frozen=True, slots=True)
class Enriched:
    """One article done: the event's bytes as the topic would carry them."""

    place: Place
    value: bytes
    milliseconds: float  # of processor time
    read_bytes: int


class Refusal(NamedTuple):
    """Why an article cannot be enriched; `exception` is the class of an unexpected one."""

    reason: Reason
    detail: str
    step: str
    exception: str | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """One article that could not be enriched."""

    place: Place
    refusal: Refusal
    value: bytes


Outcome = Enriched | Refused
Enrich = Callable[[bytes], bytes | Refusal]


class Answer(NamedTuple):
    """What a child sends: the event or the refusal, processor time in milliseconds, peak memory in KiB."""

    answer: bytes | Refusal
    milliseconds: float
    peak_kib: int


@dataclass(slots=True)
class _Shared:
    """What the threads share, all of it under `changed`."""

    source: Iterator[tuple[int, Item]]
    changed: threading.Condition = field(default_factory=threading.Condition)
    taking: threading.Lock = field(default_factory=threading.Lock)
    done: dict[int, Outcome] = field(default_factory=dict)
    following: int = 0  # number of the item that is to come out next
    running: int = 0
    stopping: bool = False
    failure: BaseException | None = None


class Enricher:
    """A crew of processes that enrich; a context manager around `run`.

    `factory` is called with `arguments` in each child and gives a function from an article's bytes to
    the event's bytes or a refusal. It must be importable by name.
    """

    def __init__(
        self,
        factory: Callable[..., Enrich],
        arguments: tuple[Any, ...] = (),
        *,
        jobs: int = 1,
        article_seconds: float = 20.0,
        start_seconds: float = 120.0,
    ) -> None:
        self._factory = factory
        self._arguments = arguments
        self._jobs = jobs
        self._article_seconds = article_seconds
        self._start_seconds = start_seconds
        self._children: list[_Child] = []
        self._shared: _Shared | None = None
        self.peak_kib: dict[int, int] = {}  # of each child, by process id

    def __enter__(self) -> "Enricher":
        self._children = [self._child() for _ in range(self._jobs)]
        return self

    def __exit__(self, *_: object) -> None:
        if self._shared:
            with self._shared.changed:
                self._shared.stopping = True
                self._shared.changed.notify_all()
        for child in self._children:
            child.end()

    def run(self, items: Iterable[Item]) -> Iterator[Outcome]:
        """The outcomes of some items, in their order. Raises what reading the items raises."""
        shared = self._shared = _Shared(iter(enumerate(items)), running=self._jobs)
        for number in range(self._jobs):
            threading.Thread(target=self._work, args=(shared, number), daemon=True).start()
        while True:
            with shared.changed:
                while shared.following not in shared.done and shared.running and not shared.failure:
                    shared.changed.wait()
                if shared.failure:
                    raise shared.failure
                if shared.following not in shared.done:
                    return
                outcome = shared.done.pop(shared.following)
                shared.following += 1
                shared.changed.notify_all()
            yield outcome

    def _child(self) -> "_Child":
        return _Child(self._factory, self._arguments, self._start_seconds)

    def _work(self, shared: _Shared, number: int) -> None:
        try:
            while (taken := self._take(shared)) is not None:
                place, item = taken
                outcome = self._outcome(number, item)
                with shared.changed:
                    shared.done[place] = outcome
                    shared.changed.notify_all()
        except BaseException as error:  # noqa: BLE001 - handed to the thread that reads the outcomes
            with shared.changed:
                if not shared.stopping:
                    shared.failure = shared.failure or error
        finally:
            with shared.changed:
                shared.running -= 1
                shared.changed.notify_all()

    def _take(self, shared: _Shared) -> tuple[int, Item] | None:
        with shared.taking:
            taken = next(shared.source, None)
        if taken is None:
            return None
        with shared.changed:
            while taken[0] - shared.following >= WINDOW * self._jobs and not shared.stopping:
                shared.changed.wait()
            return None if shared.stopping else taken

    def _outcome(self, number: int, item: Item) -> Outcome:
        if isinstance(item, Unreadable):
            return Refused(item.place, Refusal(item.reason, item.detail, "read"), item.value)
        child = self._children[number]
        try:
            answer, milliseconds, peak = child.ask(item.value, self._article_seconds)
        except (EOFError, ConnectionError):
            code = child.end()
            died = f"signal {signal.Signals(-code).name}" if code and code < 0 else f"exit code {code}"
            answer = Refusal(Reason.CRASHED, f"enriching it ended the process ({died})", "pool")
            self._children[number] = self._child()
        except TimeoutError:
            child.end()
            answer = Refusal(Reason.TIMEOUT, f"not done after {self._article_seconds:g} s", "pool")
            self._children[number] = self._child()
        else:
            self.peak_kib[child.pid] = peak
        if isinstance(answer, Refusal):
            return Refused(item.place, answer, item.value)
        return Enriched(item.place, answer, milliseconds, len(item.value))


class _Child:
    """One process, fed one article at a time."""

    def __init__(self, factory: Callable[..., Any], arguments: tuple[Any, ...], start_seconds: float) -> None:
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process: BaseProcess = context.Process(
            target=_serve, args=(theirs, os.getpid(), factory, arguments), daemon=True
        )
        # Ctrl-C is for the parent alone, from the child's first moment on.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            self._process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        theirs.close()
        self._start_seconds = start_seconds
        self._ready = False

    @property
    def pid(self) -> int:
        return self._process.pid or 0

    def ask(self, value: bytes, seconds: float) -> Answer:
        """Raises TimeoutError, or EOFError or ConnectionError where the process ended.

        What counts is computing, as in the worker: one that computes nothing gets a few limits more.
        """
        if not self._ready:
            if not self._connection.poll(self._start_seconds):
                raise CommandFailed(f"the pipeline was not loaded after {self._start_seconds:g} s")
            try:
                failure = self._connection.recv()
            except EOFError:
                self._process.join(1.0)
                code = self._process.exitcode
                raise CommandFailed(f"the enriching process ended while loading (exit code {code})") from None
            if failure:
                raise CommandFailed(f"the pipeline cannot be loaded: {failure}")
            self._ready = True
        self._connection.send_bytes(value)
        before = computed_seconds(self._process.pid)
        for _ in range(LIMITS_WITHOUT_COMPUTING):
            if self._connection.poll(seconds):
                answer: Answer = self._connection.recv()
                return answer
            if not computed_seconds(self._process.pid) - before < seconds / 2:  # also where it is not known
                break
        raise TimeoutError

    def end(self) -> int | None:
        """End the process; its exit code."""
        self._connection.close()
        self._process.join(0.2)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        return self._process.exitcode


def build_enrich(factory: str, profile: "Profile", lexicons: Sequence[str], max_bytes: int) -> Enrich:
    """From an article's bytes to the event's bytes, as the worker does it; its limits of size hold too."""
    from schemas.topics import topic
    from workers.nlp.document import Rejected
    from workers.nlp.pipeline import StepFailed
    from workers.stream.child import FIRST_ARTICLE, load_pipeline, settle
    from workers.stream.codec import decode, encode

    pipeline = load_pipeline(factory, profile, lexicons)
    accepted = topic("enriched").max_message_bytes

    def enrich(value: bytes) -> bytes | Refusal:
        if len(value) > max_bytes:
            detail = f"the value has {len(value):,} bytes, the limit is {max_bytes:,}"
            return Refusal(Reason.TOO_LARGE, detail, "decode")
        try:
            event = encode(pipeline.enrich(decode(value)))
        except Rejected as verdict:
            return Refusal(verdict.reason, verdict.detail, verdict.step)
        except StepFailed as failed:
            kind = type(failed.__cause__ or failed).__name__
            return Refusal(Reason.INTERNAL, str(failed), failed.step, kind)
        if len(event) > accepted:
            detail = f"the event has {len(event):,} bytes, its topic takes {accepted:,}"
            return Refusal(Reason.TOO_LARGE, detail, "encode")
        return event

    enrich(FIRST_ARTICLE)
    settle()
    return enrich


def _serve(connection: Connection, parent: int, factory: Callable[..., Enrich], arguments: Any) -> None:
    """A child's whole life: load, say so, answer until the pipe closes."""
    lifeline.end_with_parent(parent)
    try:
        enrich = factory(*arguments)
    except Exception as error:  # noqa: BLE001 - whatever it is, the user must hear of it
        connection.send(f"{type(error).__name__}: {error}")
        return
    connection.send(None)
    with suppress(EOFError, ConnectionError):
        while True:
            value = connection.recv_bytes()
            begin = time.process_time()  # the machine may be busy with other things
            answer: bytes | Refusal
            try:
                answer = enrich(value)
            except Exception as error:  # noqa: BLE001 - one article must not stop the others
                kind = type(error).__name__
                answer = Refusal(Reason.INTERNAL, f"{kind}: {error}", "", kind)
            milliseconds = (time.process_time() - begin) * 1000
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            connection.send(Answer(answer, milliseconds, peak))
