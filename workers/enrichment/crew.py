"""Enriches articles from files without Kafka: the worker's own code, in order, in other processes.

Theory of operation. Each of `jobs` threads owns one child process (`BlockingProcess`), which starts for the
first article that needs it. A thread takes the next item under a lock, has its child enrich it and waits,
so each child has one article at a time. Outcomes are put into order by number. A thread may run ahead of
the oldest unanswered item by `WINDOW` items only, so memory does not grow with the number of articles.
Children end with their thread, and with their parent, however it ends. An article that hangs or kills its
child has the same outcome as in the worker (`supervision`).
"""

import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from schemas import headers
from schemas.reasons import Reason
from workers.enrichment.blocking import BlockingProcess
from workers.enrichment.protocol import Answer, Start
from workers.enrichment.records import Limits, RawRecord
from workers.enrichment.settled import without_pipeline
from workers.nlp.profile import Profile
from workers.reading import Item, Place, Unreadable

WINDOW = 64
"""Items of each child that may be done before the oldest one."""


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


@dataclass(slots=True)
class _Shared:
    """What the threads share, all of it under `changed`."""

    source: Iterator[tuple[int, Item]]
    changed: threading.Condition = field(default_factory=threading.Condition)
    taking: threading.Lock = field(default_factory=threading.Lock)
    done: dict[int, Enriched | Refused] = field(default_factory=dict)
    following: int = 0  # number of the item that comes out next
    running: int = 0
    stopping: bool = False
    failure: BaseException | None = None


class Enricher:
    """A crew of processes that enrich; a context manager around `run`.

    `limits` also hold for the statement and entity events, though they do not come out here. Values that are
    `enriched` events already come out as they are and need no process.
    """

    def __init__(
        self,
        *,
        factory: str,
        profile: Profile,
        lexicons: Sequence[str],
        limits: Limits,
        article_seconds: float,
        jobs: int = 1,
        enriched: Callable[[bytes], bool] = lambda _: False,
    ) -> None:
        start = Start(factory, profile, tuple(lexicons), limits, derived=False)
        self._limits = limits
        self._enriched = enriched
        self._children = [BlockingProcess(start, article_seconds) for _ in range(jobs)]
        self._shared: _Shared | None = None
        self.peak_kib: dict[int, int] = {}  # of each child, by process id

    def __enter__(self) -> "Enricher":
        return self

    def __exit__(self, *_: object) -> None:
        if self._shared:
            with self._shared.changed:
                self._shared.stopping = True
                self._shared.changed.notify_all()
        for child in self._children:
            child.stop()

    def run(self, items: Iterable[Item]) -> Iterator[Enriched | Refused]:
        """Enrich some items; yields their outcomes in order. Raises what reading the items raises."""
        shared = self._shared = _Shared(iter(enumerate(items)), running=len(self._children))
        for child in self._children:
            threading.Thread(target=self._work, args=(shared, child), daemon=True).start()
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

    def _work(self, shared: _Shared, child: BlockingProcess) -> None:
        # Only the parent obeys Ctrl-C: a child inherits this from its thread, from its first moment on.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            with child:
                while (taken := self._take(shared)) is not None:
                    number, item = taken
                    outcome = self._outcome(child, item)
                    with shared.changed:
                        shared.done[number] = outcome
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
            while taken[0] - shared.following >= WINDOW * len(self._children) and not shared.stopping:
                shared.changed.wait()
            return None if shared.stopping else taken

    def _outcome(self, child: BlockingProcess, item: Item) -> Enriched | Refused:
        if self._enriched(item.value):
            return Enriched(item.place, item.value, 0.0, len(item.value))
        record = RawRecord.of_file(item.value)
        if (settled := without_pipeline(record, self._limits)) is not None:
            return _result(item, Answer(settled))
        if isinstance(item, Unreadable):
            return Refused(item.place, Refusal(item.reason, item.detail, item.step), item.value)
        answer = child.enrich(record)
        if answer.peak_kib and child.pid:
            self.peak_kib[child.pid] = answer.peak_kib
        return _result(item, answer)


def _result(item: Item, answer: Answer) -> Enriched | Refused:
    outcome = answer.outcome
    (output,) = outcome.outputs
    if outcome.reason is not None:
        exception = dict(output.headers).get(headers.ERROR_EXCEPTION)
        exception_name = exception.decode() if exception else None
        return Refused(
            item.place, Refusal(outcome.reason, outcome.detail, outcome.step, exception_name), item.value
        )
    return Enriched(item.place, output.value or b"", answer.processor_milliseconds, len(item.value))
