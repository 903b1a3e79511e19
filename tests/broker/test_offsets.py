"""Offsets without a record, deleted ones, and ones of other records than before, on real Kafka."""

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaProducer, TopicPartition
from kafka.admin import NewPartitions, NewTopic
from kafka.structs import OffsetAndMetadata

from deploy.kafka.run import Kafka
from tests.broker.articles import article, encoded
from tests.broker.cluster import Scenario, Worker, wait_for

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        "KHABAR_TEST_BROKERS" not in os.environ,
        reason="needs a real Kafka: the embedded broker has no transactions, no compaction, no deletion",
    ),
]


def committed(scenario: Scenario) -> dict[int, int]:
    places = scenario.admin.list_group_offsets([scenario.name])[scenario.name]
    return {tp.partition: place.offset for tp, place in places.items() if place.offset >= 0}


def log_says(worker: Worker, message: str) -> dict[str, Any] | None:
    """The first line of its log with this message."""
    lines = (json.loads(line) for line in worker.log.splitlines() if line.startswith("{"))
    return next((line for line in lines if line["message"].startswith(message)), None)


def produce(scenario: Scenario, numbers: range, partition: int = 0, **options: Any) -> None:
    with KafkaProducer(**scenario.settings.kafka_options(), **options) as producer:
        if options:
            producer.init_transactions()
            producer.begin_transaction()
        for n in numbers:
            topic = scenario.settings.topic_name("raw")
            producer.send(topic, key=b"article-%d" % n, value=encoded(article(n)), partition=partition)
        producer.flush()
        if options:
            (producer.commit_transaction if numbers.start % 2 else producer.abort_transaction)()


def test_transactions_what_is_aborted_is_not_read_and_marks_are_no_lag(
    new_scenario: Callable[..., Scenario],
) -> None:
    scenario = new_scenario(partitions=1)
    scenario.create_topics()
    produce(scenario, range(1, 4), transactional_id=f"{scenario.name}-a")  # offsets 0-2, mark 3
    produce(scenario, range(10, 14), transactional_id=f"{scenario.name}-b")  # aborted: 4-7, mark 8
    produce(scenario, range(21, 23), transactional_id=f"{scenario.name}-c")  # 9-10, mark 11
    worker = scenario.start_worker()
    wait_for(lambda: committed(scenario) == {0: 12}, "the end committed, marks and all")
    found = scenario.accounted()
    assert sorted(found) == [(0, 0), (0, 1), (0, 2), (0, 9), (0, 10)]
    assert worker.stop() == 0


def test_holes_of_compaction_hold_nothing_up(new_scenario: Callable[..., Scenario]) -> None:
    compacted = {
        "cleanup.policy": "compact",
        "min.cleanable.dirty.ratio": "0.01",
        "segment.ms": "100",
        "min.compaction.lag.ms": "0",
        "delete.retention.ms": "0",
    }
    scenario = new_scenario(partitions=1, topic_config={"raw": compacted})
    scenario.create_topics()
    for _ in range(4):
        produce(scenario, range(5))
        time.sleep(0.3)  # a segment ends when a record comes after its time
    produce(scenario, range(100, 101))

    def holes() -> bool:
        scenario._positions.clear()
        scenario._collected.clear()
        offsets = [r.offset for r in scenario.collect("raw")["raw"]]
        return len(offsets) < 15 and offsets[-1] == 20

    wait_for(holes, "compaction")
    left = [(0, r.offset) for r in scenario.collect("raw")["raw"]]
    worker = scenario.start_worker()
    wait_for(lambda: committed(scenario) == {0: 21}, "the end committed", 60)
    assert sorted(scenario.accounted()) == left
    assert worker.stop() == 0


def test_records_deleted_before_they_were_read_are_told_and_counted(scenario: Scenario) -> None:
    produce(scenario, range(3))
    first = scenario.start_worker()
    wait_for(lambda: committed(scenario).get(0) == 3, "the first commit")
    assert first.stop() == 0
    produce(scenario, range(3, 10))
    raw = scenario.settings.topic_name("raw")
    scenario.admin.delete_records({TopicPartition(raw, 0): 8})
    second = scenario.start_worker()
    wait_for(lambda: committed(scenario).get(0) == 10, "the end committed")
    told = log_says(second, "records were deleted before they were read")
    assert told is not None
    assert (told["topic"], told["partition"]) == (raw, 0)
    assert (told["first"], told["last"], told["records"]) == (3, 7, 5)
    assert {o for p, o in scenario.accounted() if p == 0} == {0, 1, 2, 8, 9}


def test_what_was_lost_is_told_once(scenario: Scenario) -> None:
    """On a partition that nobody writes to any more, too: the place behind it is committed."""
    produce(scenario, range(10))
    raw = scenario.settings.topic_name("raw")
    partition = TopicPartition(raw, 0)
    scenario.admin.alter_group_offsets(scenario.name, {partition: OffsetAndMetadata(3, "", None)})
    scenario.admin.delete_records({partition: 10})
    first = scenario.start_worker()
    wait_for(lambda: committed(scenario).get(0) == 10, "the place behind what was lost")
    assert first.stop() == 0
    second = scenario.start_worker()
    wait_for(lambda: "partitions assigned" in second.log, "the second assignment")
    assert second.stop() == 0
    told = [log_says(worker, "records were deleted before they were read") for worker in (first, second)]
    assert [line and line["records"] for line in told] == [7, None]


def test_a_committed_offset_behind_the_end_reads_all(new_scenario: Callable[..., Scenario]) -> None:
    scenario = new_scenario(partitions=1)
    scenario.create_topics()
    produce(scenario, range(20))
    partition = TopicPartition(scenario.settings.topic_name("raw"), 0)
    scenario.admin.alter_group_offsets(scenario.name, {partition: OffsetAndMetadata(100, "", None)})
    worker = scenario.start_worker()
    wait_for(lambda: committed(scenario).get(0) == 20, "everything read and committed")
    assert sorted(scenario.accounted()) == [(0, n) for n in range(20)]
    assert worker.stop() == 0


def test_records_deleted_under_a_running_worker_are_told(scenario: Scenario) -> None:
    produce(scenario, range(2))
    worker = scenario.start_worker()
    wait_for(lambda: committed(scenario).get(0) == 2, "the first commit")
    os.kill(worker.process.pid, signal.SIGSTOP)
    produce(scenario, range(2, 8))
    raw = scenario.settings.topic_name("raw")
    scenario.admin.delete_records({TopicPartition(raw, 0): 6})
    os.kill(worker.process.pid, signal.SIGCONT)
    wait_for(lambda: committed(scenario).get(0) == 8, "the end committed")
    # What was on its way already may have been read; what was not is told.
    told = log_says(worker, "records were deleted before they were read")
    read = {o for p, o in scenario.accounted() if p == 0}
    assert read | set(range(told["first"], told["last"] + 1) if told else ()) == set(range(8))
    assert worker.stop() == 0


def test_a_topic_made_anew_under_a_frozen_worker_loses_nothing(new_scenario: Callable[..., Scenario]) -> None:
    scenario = new_scenario(partitions=1)
    scenario.create_topics()
    produce(scenario, range(40))
    worker = scenario.start_worker()
    wait_for(lambda: committed(scenario).get(0) == 40, "the first commit")
    os.kill(worker.process.pid, signal.SIGSTOP)
    raw = scenario.settings.topic_name("raw")
    scenario.admin.delete_topics([raw])
    make_again(scenario, raw)
    produce(scenario, range(1000, 1070))
    os.kill(worker.process.pid, signal.SIGCONT)
    assert worker.wait() == 1
    ending = log_says(worker, "worker ends")
    assert ending is not None
    assert "made anew" in ending["message"]
    assert "exception" not in ending
    again = scenario.start_worker()
    new = {f"article-{n}" for n in range(1000, 1070)}

    def all_there() -> bool:
        found = {json.loads(r.value)["article"]["id"] for r in scenario.collect("enriched")["enriched"]}
        return new <= found

    wait_for(all_there, "every record of the new topic")
    assert again.stop() == 0


def make_again(scenario: Scenario, name: str) -> None:
    def made() -> bool:
        try:
            scenario.admin.create_topics([NewTopic(name, scenario.partitions, 1)])
        except Exception:  # noqa: BLE001 - the old one is still being deleted
            return False
        return True

    wait_for(made, "the topic made anew")
    scenario.admin.wait_for_topics([name])


def test_partitions_that_are_added_are_read(scenario: Scenario) -> None:
    worker = scenario.start_worker()
    wait_for(lambda: "partitions assigned" in worker.log, "the assignment")
    raw = scenario.settings.topic_name("raw")
    scenario.admin.create_partitions({raw: NewPartitions(scenario.partitions + 2)})
    scenario.partitions += 2
    produce(scenario, range(3), partition=scenario.partitions - 1)
    wait_for(lambda: committed(scenario).get(scenario.partitions - 1) == 3, "the new partition", 30)
    assert worker.stop() == 0


@pytest.fixture
def own_kafka(tmp_path: Path) -> Iterator[Kafka]:
    """A node of its own, whose files a test may spoil."""
    kafka = Kafka(tmp_path / "kafka")
    kafka.start()
    yield kafka
    kafka.stop()


def test_a_batch_with_a_wrong_checksum_is_named_and_can_be_passed_over(
    own_kafka: Kafka, tmp_path: Path
) -> None:
    scenario = Scenario(own_kafka.address, tmp_path, embedded=False, partitions=3)
    scenario.create_topics()
    for n in range(3):
        produce(scenario, range(n, n + 1))
    for other in (1, 2):
        produce(scenario, range(100 * other, 100 * other + 20), partition=other)
    scenario.disconnect()
    own_kafka.stop()
    raw = scenario.settings.topic_name("raw")
    (segment,) = (own_kafka.folder / "data" / f"{raw}-0").glob("*.log")
    held = bytearray(segment.read_bytes())
    second = 12 + int.from_bytes(held[8:12], "big")
    held[second + 70] ^= 0xFF
    segment.write_bytes(held)
    own_kafka.start()
    scenario.connect()
    worker = scenario.start_worker()
    assert worker.wait() == 1
    ending = log_says(worker, "worker ends")
    assert ending is not None
    assert f"{raw}[0]@1" in ending["message"]
    assert "khabar replay --to-offset 0=2 --allow-skip --execute" in ending["message"]
    assert committed(scenario)[0] == 1, "what came before is not committed"
    scenario.run_khabar("replay", "--to-offset", "0=2", "--allow-skip", "--execute")
    scenario.start_worker()
    wait_for(lambda: committed(scenario) == {0: 3, 1: 20, 2: 20}, "the rest")
    others = [(p, o) for p in (1, 2) for o in range(20)]
    assert sorted(scenario.accounted()) == [(0, 0), (0, 2), *others]
    scenario.close()
