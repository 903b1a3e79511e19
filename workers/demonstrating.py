"""Everything at work on this machine: embedded broker, topics, a worker process, articles, results.

Of the user's settings only the pipeline's are used. Everything is stopped at the end.
"""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
from kafka import TopicPartition

import workers
from schemas import headers
from schemas.enriched import EnrichedArticle
from workers import lifeline
from workers.failures import CommandFailed
from workers.operations.clients import admin_client, consumer_client
from workers.operations.dead_letters import DeadLetter, dead_letter
from workers.operations.offsets import partitions_of
from workers.operations.sending import Confirmed
from workers.operations.topics import create
from workers.producing import produce
from workers.reading import ArticleReader
from workers.settings import Settings

KEPT = 60
"""Most articles and dead letters that are kept for showing; further ones are counted."""

SESSION_SECONDS = 4  # the embedded broker holds up a join for half the session time
_INHERITED = ("KHABAR_PROFILE", "KHABAR_LEXICONS", "KHABAR_PIPELINE_FACTORY")


@dataclass(slots=True)
class Results:
    """What came out. `waiting` holds the records that have no outcome yet, by partition and offset."""

    places: dict[tuple[int, int], object] = field(default_factory=dict)
    waiting: set[tuple[int, int]] = field(default_factory=set)
    not_sent: list[str] = field(default_factory=list)
    events: list[EnrichedArticle] = field(default_factory=list)
    dead: list[DeadLetter] = field(default_factory=list)
    enriched_count: int = 0
    dead_count: int = 0
    duplicates: int = 0

    def in_order(self) -> None:
        """Put what is kept into the order in which it was sent."""
        order = {place: number for number, place in enumerate(self.places)}
        self.events.sort(key=lambda e: order[e.provenance.partition or 0, e.provenance.offset or 0])
        self.dead.sort(key=lambda letter: order[_source(letter)])


def demo_settings(address: str, own: Settings) -> Settings:
    """The defaults, with the embedded broker and the user's own pipeline."""
    plain = {
        name: info.get_default(call_default_factory=True) for name, info in Settings.model_fields.items()
    }
    return Settings(
        **plain
        | {
            "brokers": (address,),
            "profile": own.profile,
            "lexicons": own.lexicons,
            "pipeline_factory": own.pipeline_factory,
            "replication_factor": 1,
        }
    )


@contextlib.contextmanager
def worker_process(settings: Settings, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a worker for these settings in a process of its own until the end. Its log goes to a file."""
    environment = {n: v for n, v in os.environ.items() if not n.startswith("KHABAR_") or n in _INHERITED}
    environment |= {
        "KHABAR_BROKERS": ",".join(settings.brokers),
        "KHABAR_REPLICATION_FACTOR": "1",
        "KHABAR_SESSION_SECONDS": str(SESSION_SECONDS),
        "KHABAR_WEB_PORT": "0",
        "KHABAR_LOG_FORMAT": "text",
        "KHABAR_PROFILE": settings.profile,
        "KHABAR_LEXICONS": ",".join(str(folder.absolute()) for folder in settings.lexicons),
        "PYTHONPATH": os.pathsep.join(
            [str(Path(workers.__file__).parents[1]), *filter(None, [os.environ.get("PYTHONPATH")])]
        ),
    }
    command = [sys.executable, "-I", "-S", lifeline.__file__, str(os.getpid())]
    command += [sys.executable, "-m", "workers", "worker"]
    # An empty folder to work in: no .env, no khabar.toml.
    with tempfile.TemporaryDirectory() as empty, log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - ourselves
            command,
            cwd=empty,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,  # Ctrl-C comes to us
        )
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(12.0)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def make_topics(settings: Settings) -> list[str]:
    """Create the topics; returns their names."""
    with admin_client(settings) as admin:
        return create(admin, settings.topics, 1)


def feed(settings: Settings, reader: ArticleReader, results: Results, progressed: Callable[[], None]) -> None:
    """Send every record, broken ones as they are."""
    for result in produce(reader, settings, settings.topic_name("raw"), unchecked=True):
        if isinstance(result, Confirmed):
            results.places[result.partition, result.offset] = result.place
            results.waiting.add((result.partition, result.offset))
        else:
            results.not_sent.append(f"{result.place}: {result.reason}: {result.detail}")
        progressed()


def collect(
    settings: Settings,
    results: Results,
    worker: subprocess.Popen[bytes],
    idle_seconds: float,
    progressed: Callable[[], None],
) -> None:
    """Read results until every record is enriched or dead.

    Raises `CommandFailed` when nothing comes for `idle_seconds`, or the worker ends.
    """
    enriched, dead = settings.topic_name("enriched"), settings.topic_name("dead")
    decoder = msgspec.json.Decoder(EnrichedArticle)
    with admin_client(settings) as admin:
        partitions: list[TopicPartition] = partitions_of(admin, enriched) + partitions_of(admin, dead)
    with consumer_client(settings) as consumer:
        consumer.assign(partitions)
        consumer.seek_to_beginning(*partitions)
        heard = time.monotonic()
        while results.waiting:
            if worker.poll() is not None:
                raise CommandFailed(f"the worker ended by itself (exit code {worker.returncode})")
            if time.monotonic() - heard > idle_seconds:
                raise CommandFailed(f"nothing came out of the worker for {idle_seconds:g} s")
            for records in consumer.poll(200).values():
                for record in records:
                    if record.topic == enriched:
                        _note_enriched(results, decoder.decode(record.value))
                    else:
                        _note_dead(results, dead_letter(record))
                heard = time.monotonic()
            progressed()
    results.in_order()


def _note_enriched(results: Results, event: EnrichedArticle) -> None:
    place = event.provenance.partition or 0, event.provenance.offset or 0
    if _settled(results, place):
        results.enriched_count += 1
        if len(results.events) < KEPT:
            results.events.append(event)


def _note_dead(results: Results, letter: DeadLetter) -> None:
    if _settled(results, _source(letter)):
        results.dead_count += 1
        if len(results.dead) < KEPT:
            results.dead.append(letter)


def _settled(results: Results, place: tuple[int, int]) -> bool:
    if place in results.waiting:
        results.waiting.discard(place)
        return True
    results.duplicates += 1
    return False


def _source(letter: DeadLetter) -> tuple[int, int]:
    return int(letter.header(headers.ERROR_PARTITION)), int(letter.header(headers.ERROR_OFFSET))


def end_of(log: Path, lines: int = 15) -> Sequence[str]:
    """The last lines of a log."""
    try:
        return log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:]
    except OSError:
        return ()


def topic_counts(settings: Settings) -> dict[str, Any]:
    """How many records each topic holds."""
    from workers.operations.lag import look

    with admin_client(settings) as admin:
        return look(settings, admin).held
