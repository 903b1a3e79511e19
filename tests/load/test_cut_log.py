"""After a broker forgot its last records, new ones at the same offsets are worked on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.kafka.run import CannotRunError, Kafka
from tests.broker.articles import article, encoded
from tests.broker.cluster import Scenario, wait_for
from tests.broker.raw_batches import BatchSender, Record
from tests.chaos.commits import commits

pytestmark = pytest.mark.load

BATCH = 10


@pytest.fixture
def kafka(tmp_path: Path) -> Iterator[Kafka]:
    try:
        node = Kafka(tmp_path / "kafka")
        node.start()
    except CannotRunError as error:
        pytest.skip(f"no Apache Kafka here: {error}")
    yield node
    node.stop()


def cut_after_the_first_batch(folder: Path, topic: str) -> None:
    """Cut the log, as after the election of a replica that lacks the rest."""
    (segment,) = folder.glob(f"data/{topic}-0/*.log")
    with segment.open("r+b") as file:
        head = file.read(12)  # base offset, then the bytes that follow
        file.truncate(12 + int.from_bytes(head[8:], "big"))


def send(kafka: Kafka, topic: str, numbers: range) -> int:
    sender = BatchSender(kafka.address, topic)
    try:
        return sender.send(0, [Record(b"article-%d" % n, encoded(article(n))) for n in numbers])
    finally:
        sender.close()


def test_records_at_offsets_that_were_committed_before(kafka: Kafka, tmp_path: Path) -> None:
    scenario = Scenario(kafka.address, tmp_path, embedded=False, partitions=1)
    scenario.create_topics()
    topic = scenario.settings.topic_name("raw")
    worker = scenario.start_worker()
    wait_for(lambda: "partitions assigned" in worker.log, "the worker's assignment")
    for first in (0, BATCH):
        send(kafka, topic, range(first, first + BATCH))
    scenario.wait_for_sources(2 * BATCH)
    wait_for(lambda: committed(scenario, topic) == 2 * BATCH, "the commit")
    kafka.stop(kill=True)
    cut_after_the_first_batch(kafka.folder, topic)
    kafka.start()
    # It notices while it runs, and ends, or as the group is shared out anew, and goes on.
    wait_for(lambda: "went back" in worker.log or "lies behind the end" in worker.log, "that it is noticed")
    wait_for(lambda: committed(scenario, topic) in range(BATCH + 1), "the group set back")
    if worker.process.poll() is not None or "went back" in worker.log:
        assert worker.wait() == 1
        scenario.start_worker()

    assert send(kafka, topic, range(100, 100 + 3 * BATCH)) == BATCH
    wanted = {f"article-{n}".encode() for n in range(100, 100 + 3 * BATCH)}
    wait_for(lambda: wanted <= {r.key for r in scenario.collect("enriched")["enriched"]}, "the new records")
    scenario.close()


def committed(scenario: Scenario, topic: str) -> int | None:
    """Of the one partition; None where the broker does not tell just now."""
    return (commits(scenario.brokers, scenario.name, topic, 1) or {}).get(0)
