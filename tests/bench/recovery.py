"""Measures how long partitions stand still after one of two workers ends, and after the broker returns.

    python -m tests.bench.recovery [--rounds 5]

On an Apache Kafka of its own, with a steady trickle of short articles on every partition, light pipeline.
"""

import argparse
import os
import signal
import tempfile
import threading
import time
from pathlib import Path
from statistics import median

from kafka import KafkaProducer

from deploy.kafka.run import Kafka
from tests.broker.articles import article, encoded
from tests.broker.cluster import Scenario, wait_for
from tests.chaos.commits import commits
from tests.chaos.supervisor import Supervisor
from tests.chaos.worker_logs import takeovers

PARTITIONS = 8
RATE = 80.0
DOWN_SECONDS = 5.0
CALM_SECONDS = 8.0


class Trickle(threading.Thread):
    """One article after the other, partition by partition."""

    def __init__(self, brokers: str, topic: str) -> None:
        super().__init__(daemon=True)
        self._producer = KafkaProducer(bootstrap_servers=brokers, reconnect_backoff_max_ms=200)
        self._topic = topic
        self._finished = threading.Event()

    def run(self) -> None:
        number = 0
        while not self._finished.wait(1 / RATE):
            number += 1
            key = b"article-%d" % number
            self._producer.send(self._topic, encoded(article(number)), key, partition=number % PARTITIONS)

    def finish(self) -> None:
        self._finished.set()
        self.join()
        self._producer.close(timeout=10)


def committed(scenario: Scenario) -> int | None:
    """Sum of the group's committed offsets; None while the broker does not tell."""
    found = commits(scenario.brokers, scenario.name, scenario.settings.topic_name("raw"), PARTITIONS)
    return sum(found.values()) if found else None


def both_hold_partitions(workers: Supervisor) -> bool:
    """Whether the last assignment of each running worker was not empty."""
    for slot in (0, 1):
        told = [line for line in workers.life(slot).worker.log.splitlines() if "partitions assigned" in line]
        if not told or '"partitions": []' in told[-1] or len(told[-1].split('"partitions": [')[1]) > 20:
            return False
    return True


def after_signals(workers: Supervisor, number: signal.Signals, rounds: int) -> None:
    """End the workers in turn."""
    first = len(workers.lives)
    for n in range(rounds):
        wait_for(lambda: both_hold_partitions(workers), "both workers hold partitions")
        time.sleep(CALM_SECONDS)
        workers.end(n % 2, number)
        time.sleep(CALM_SECONDS)
    wait_for(lambda: both_hold_partitions(workers), "both workers hold partitions")
    found = [t for t in takeovers(workers.lives) if t.how == number.name]
    for name, seconds in (
        ("assigned again", [t.assigned for t in found]),
        ("first record of the last of them", [t.worked for t in found]),
    ):
        known = sorted(s for s in seconds if s is not None)
        print(
            f"{number.name}, {name}: {[round(s, 2) for s in known]}, median {median(known):.2f} s", flush=True
        )
    print(f"  ({len(workers.lives) - first} workers were started meanwhile)")


def after_returns(kafka: Kafka, scenario: Scenario, rounds: int, *, kill: bool) -> None:
    """Take the broker away for some seconds, again and again."""
    found = []
    for _ in range(rounds):
        time.sleep(CALM_SECONDS)
        kafka.stop(kill=kill)
        time.sleep(DOWN_SECONDS)
        kafka.start()
        returned = time.monotonic()
        before = wait_for(lambda: committed(scenario), "committed offsets")
        wait_for(lambda b=before: (committed(scenario) or 0) > b, "a commit")
        found.append(time.monotonic() - returned)
    how = "SIGKILL" if kill else "SIGTERM"
    print(
        f"broker's return after {how}: {[round(s, 1) for s in found]}, median {median(found):.1f} s",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        kafka = Kafka(Path(folder) / "kafka")
        kafka.start()
        try:
            scenario = Scenario(kafka.address, Path(folder), embedded=False, partitions=PARTITIONS)
            scenario.create_topics()
            workers = Supervisor(scenario.start_worker)
            workers.add(0)
            workers.add(1)
            trickle = Trickle(kafka.address, scenario.settings.topic_name("raw"))
            workers.start()
            trickle.start()
            print(f"load average {os.getloadavg()}", flush=True)
            for number in (signal.SIGTERM, signal.SIGKILL):
                after_signals(workers, number, rounds)
            for kill in (False, True):
                after_returns(kafka, scenario, max(2, rounds // 2), kill=kill)
            print(f"load average {os.getloadavg()}", flush=True)
            trickle.finish()
            workers.stop()
            scenario.disconnect()
        finally:
            kafka.stop()


if __name__ == "__main__":
    main()
