"""Broker, workers and commands for the broker tests, as real processes."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import NewTopic

from schemas.topics import Role
from workers.settings import Settings

ROOT = Path(__file__).parents[2]
EMBEDDED_SESSION_SECONDS = 3  # Tansu: a join takes half of it
KAFKA_SESSION_SECONDS = 6  # the least that Kafka allows by default
PATIENCE = 120.0  # for a busy machine; never part of what is tested

Khabar = Callable[..., tuple[int, str, str]]
"""A command run with a scenario's settings: exit code, output, errors."""


class NotSeenError(AssertionError):
    """The awaited thing did not come."""


def wait_for[T](look: Callable[[], T], what: str, seconds: float = PATIENCE) -> T:
    """Look until there is something, and return it."""
    deadline = time.monotonic() + seconds
    while not (seen := look()):
        if time.monotonic() > deadline:
            raise NotSeenError(what)
        time.sleep(0.2)
    return seen


class Worker:
    """A worker process under test."""

    def __init__(self, environment: Mapping[str, str], log: Path) -> None:
        self._log = log
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "workers", "worker"],
                env={**os.environ, **environment},
                cwd=ROOT,
                stderr=output,
                start_new_session=True,
            )

    @property
    def log(self) -> str:
        return self._log.read_text()

    def children(self) -> list[int]:
        """Process ids of its children, by the kernel."""
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in path.read_text().split()] if path.exists() else []

    def stop(self, seconds: float = 30.0) -> int:
        """Send SIGTERM; returns the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(seconds)

    def kill(self) -> None:
        """Send SIGKILL."""
        self.process.kill()
        self.process.wait()

    def wait(self, seconds: float = PATIENCE) -> int:
        return self.process.wait(seconds)


@dataclass
class Scenario:
    """Topics and a group of its own, with everything that a test starts in it."""

    brokers: str
    folder: Path
    embedded: bool
    partitions: int = 4
    copies: int = 1
    topic_config: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    security: Mapping[str, str] = field(default_factory=dict)  # settings by name
    workers: list[Worker] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.name = f"test-{uuid.uuid4().hex[:8]}"
        self.session_seconds = EMBEDDED_SESSION_SECONDS if self.embedded else KAFKA_SESSION_SECONDS
        self.environment = {
            "KHABAR_BROKERS": self.brokers,
            "KHABAR_TOPIC_PREFIX": f"{self.name}.",
            "KHABAR_GROUP": self.name,
            "KHABAR_SESSION_SECONDS": str(self.session_seconds),
            "KHABAR_WEB_PORT": "0",
            "KHABAR_PIPELINE_FACTORY": "tests.broker.pipelines:light",
            "KHABAR_ARTICLE_SECONDS": "10",
            "KHABAR_LOG_LEVEL": "DEBUG",
            **{f"KHABAR_{name.upper()}": value for name, value in self.security.items()},
        }
        self.settings = Settings.model_validate(
            {"brokers": self.brokers, "topic_prefix": f"{self.name}.", "group": self.name, **self.security}
        )
        self.connect()
        self._consumer: KafkaConsumer | None = None
        self._collected: dict[str, list[Any]] = {}
        self._positions: dict[TopicPartition, int] = {}

    def create_topics(self, roles: Iterable[Role] | None = None) -> None:
        wanted = [t for t in self.settings.topics if roles is None or t.role in roles]
        self.admin.create_topics(
            [
                NewTopic(
                    t.name,
                    self.partitions,
                    self.copies,
                    # Tests publish records with timestamps of long ago: none may be deleted for its age.
                    topic_configs={**t.config, "retention.ms": "-1", **self.topic_config.get(t.role, {})},
                )
                for t in wanted
            ]
        )
        self.admin.wait_for_topics([t.name for t in wanted])

    def start_worker(self, **environment: str) -> Worker:
        """Start a worker; keyword arguments are added to its environment."""
        worker = Worker(
            {**self.environment, **environment}, self.folder / f"{self.name}-worker-{len(self.workers)}.log"
        )
        self.workers.append(worker)
        return worker

    def produce(self, records: Iterable[tuple[bytes | None, bytes | None, list[tuple[str, bytes]]]]) -> int:
        """Key, value and headers of raw records; how many there were."""
        producer = KafkaProducer(**self.settings.kafka_options(), max_request_size=2**26)
        futures = [
            producer.send(self.settings.topic_name("raw"), key=k, value=v, headers=h) for k, v, h in records
        ]
        for future in futures:
            future.get(60)
        producer.close()
        return len(futures)

    def collect(self, *roles: Role) -> dict[str, list[Any]]:
        """All records so far, by role; each comes once."""
        if self._consumer is None:
            self._consumer = KafkaConsumer(
                **self.settings.kafka_options(),
                group_id=None,
                enable_auto_commit=False,
                max_partition_fetch_bytes=2**25,
            )
        consumer = self._consumer
        for role in roles:
            name = self.settings.topic_name(role)
            partitions = [TopicPartition(name, p) for p in range(self.partitions)]
            consumer.assign(partitions)
            ends = consumer.end_offsets(partitions)
            for tp in partitions:
                consumer.seek(tp, self._positions.get(tp, 0))
            deadline = time.monotonic() + PATIENCE
            while any(self._positions.get(tp, 0) < ends[tp] for tp in partitions):
                if time.monotonic() > deadline:
                    raise NotSeenError(f"cannot read {name} to its end")
                self._take(role, consumer.poll(200))
            # The embedded broker tells the start of the last batch for the end of a partition: read on.
            while self.embedded and self._take(role, consumer.poll(300)):
                pass
        return {role: self._collected.get(role, []) for role in roles}

    def _take(self, role: Role, polled: Mapping[TopicPartition, list[Any]]) -> int:
        for tp, records in polled.items():
            self._collected.setdefault(role, []).extend(records)
            self._positions[tp] = records[-1].offset + 1
        return len(polled)

    def wait_for_sources(self, count: int, seconds: float = PATIENCE) -> dict[tuple[int, int], list[Any]]:
        """Wait until `count` raw records are accounted for; what became of them by (partition, offset)."""

        def accounted() -> dict[tuple[int, int], list[Any]] | None:
            found = self.accounted()
            return found if len(found) >= count else None

        return wait_for(accounted, f"{count} raw records accounted for", seconds)

    def accounted(self) -> dict[tuple[int, int], list[Any]]:
        """Enriched events and dead letters by the raw record's partition and offset."""
        found: dict[tuple[int, int], list[Any]] = {}
        collected = self.collect("enriched", "dead")
        for record in collected["enriched"]:
            found.setdefault(source_of(record), []).append(record)
        for record in collected["dead"]:
            told = headers(record)
            source = (
                int(told["__streams.errors.partition"]),
                int(told["__streams.errors.offset"]),
            )
            found.setdefault(source, []).append(record)
        return found

    def close(self) -> None:
        for worker in self.workers:
            if worker.process.poll() is None:
                worker.kill()
        with contextlib.suppress(Exception):
            self.admin.delete_topics([t.name for t in self.settings.topics])
        self.disconnect()

    def connect(self) -> None:
        """Connect to the brokers once they are there again."""
        self.admin = KafkaAdminClient(**self.settings.kafka_options())

    def run_khabar(self, *arguments: str) -> str:
        """Run a command in a process of its own; returns its output. Raises where it fails."""
        done = subprocess.run(
            [sys.executable, "-m", "workers", *arguments],
            env={**os.environ, **self.environment},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def disconnect(self) -> None:
        """Close the clients before the brokers go away, as they would try to reach them for ever."""
        self.admin.close()
        if self._consumer is not None:
            self._consumer.close()
            self._consumer = None


def source_of(record: Any) -> tuple[int, int]:
    """Partition and offset of the raw record that an enriched event or a withdrawal comes from."""
    if record.value is None:
        told = headers(record)
        return int(told["khabar_source_partition"]), int(told["khabar_source_offset"])
    provenance = json.loads(record.value)["provenance"]
    return provenance["partition"], provenance["offset"]


def headers(record: Any) -> dict[str, str]:
    """A record's headers, decoded."""
    return {name: (value or b"").decode(errors="replace") for name, value in record.headers}


def alive(pid: int) -> bool:
    """Whether a process runs (a zombie does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False
