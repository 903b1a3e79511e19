"""A batch that rotted on the broker's disk: the worker ends, names its offsets, and the way past it works."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from kafka import TopicPartition
from kafka.structs import OffsetAndMetadata

from deploy.kafka.run import CannotRunError, Kafka
from tests.broker.articles import article, encoded
from tests.broker.cluster import Scenario, wait_for
from tests.broker.raw_batches import BatchSender, Record
from workers.operations.groups import alter_group_offsets

pytestmark = pytest.mark.load

ROTTEN = "کلمه‌ای که می‌پوسد".encode()


@pytest.fixture
def kafka(tmp_path: Path) -> Iterator[Kafka]:
    try:
        node = Kafka(tmp_path / "kafka")
        node.start()
    except CannotRunError as error:
        pytest.skip(f"no Apache Kafka here: {error}")
    yield node
    node.stop()


def rot(folder: Path, topic: str) -> None:
    """Turn a bit in the one stored batch that holds `ROTTEN`."""
    (segment,) = folder.glob(f"data/{topic}-0/*.log")
    stored = segment.read_bytes()
    assert stored.count(ROTTEN) == 1
    place = stored.index(ROTTEN)
    with segment.open("r+b") as file:
        file.seek(place)
        file.write(bytes([stored[place] ^ 1]))
        os.fsync(file.fileno())


def test_a_batch_with_a_wrong_checksum(kafka: Kafka, tmp_path: Path) -> None:
    scenario = Scenario(kafka.address, tmp_path, embedded=False, partitions=1)
    scenario.create_topics()
    topic = scenario.settings.topic_name("raw")
    sender = BatchSender(kafka.address, topic)
    for number in range(3):  # the middle one holds the offsets 5 to 9
        values = [encoded(article(n)) for n in range(5 * number, 5 * number + 5)]
        if number == 1:
            values[2] = encoded({**article(7), "desk": ROTTEN.decode()})
        sender.send(0, [Record(b"article", value) for value in values])
    sender.close()
    kafka.stop()
    rot(kafka.folder, topic)
    kafka.start()

    worker = scenario.start_worker()
    assert worker.wait() == 1
    assert "The offsets 5 to 9 cannot be read" in worker.log
    assert {offset for _, offset in scenario.accounted()} == {0, 1, 2, 3, 4}

    # What `khabar replay --to-offset 0=10` does, which the worker's last line names.
    places = {TopicPartition(topic, 0): OffsetAndMetadata(10, "", -1)}
    wait_for(lambda: _set(scenario, places), "an empty group")
    scenario.start_worker()
    found = scenario.wait_for_sources(10)
    assert {offset for _, offset in found} == {*range(5), *range(10, 15)}
    scenario.close()


def _set(scenario: Scenario, places: dict[TopicPartition, OffsetAndMetadata]) -> bool:
    answers = alter_group_offsets(scenario.admin, scenario.name, places)
    return all(error.errno == 0 for error in answers.values())
