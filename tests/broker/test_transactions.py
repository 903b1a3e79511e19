"""Commands on topics of transactions: aborted records stay hidden, and marks are no lag."""

import json
from collections.abc import Iterator

import pytest
from kafka import KafkaProducer, TopicPartition
from kafka.structs import OffsetAndMetadata

from schemas import headers
from schemas.topics import Role
from tests.broker.cluster import Khabar, Scenario
from workers.operations.groups import alter_group_offsets


@pytest.fixture
def producer(scenario: Scenario) -> Iterator[KafkaProducer]:
    """A producer with transactions."""
    if scenario.embedded:
        pytest.skip("the embedded broker shows what a transaction aborted")
    made = KafkaProducer(**scenario.settings.kafka_options(), transactional_id=scenario.name)
    made.init_transactions()
    yield made
    made.close()


def send(scenario: Scenario, producer: KafkaProducer, role: Role, *values: bytes) -> None:
    """Send within the transaction, to partition 0."""
    told = [(headers.ERROR_REASON, b"empty")] if role == "dead" else []
    for value in values:
        topic = scenario.settings.topic_name(role)
        producer.send(topic, value=value, key=b"k", partition=0, headers=told).get(30)


@pytest.fixture
def written(scenario: Scenario, producer: KafkaProducer) -> None:
    """On each topic: offsets 0 to 2 committed, mark, 4 and 5 aborted, mark: the end is 7."""
    roles: tuple[Role, ...] = ("raw", "dead", "statements", "enriched")
    producer.begin_transaction()
    for role in roles:
        send(scenario, producer, role, b"0", b"1", b"2")
    producer.commit_transaction()
    producer.begin_transaction()
    for role in roles:
        send(scenario, producer, role, b"aborted", b"aborted")
    producer.abort_transaction()


def commit(scenario: Scenario, offset: int) -> None:
    partition = TopicPartition(scenario.settings.topic_name("raw"), 0)
    alter_group_offsets(
        scenario.admin, scenario.settings.group, {partition: OffsetAndMetadata(offset, "", -1)}
    )


@pytest.mark.usefixtures("written")
@pytest.mark.parametrize("role", ["raw", "enriched", "dead", "statements"])
def test_tail_sees_nothing_of_what_was_aborted(khabar: Khabar, role: Role) -> None:
    for options in ((), ("--from", "beginning")):
        code, out, err = khabar("tail", role, "--value", *options)
        assert (code, out.split()) == (0, ["0", "1", "2"]), err


@pytest.mark.usefixtures("written")
def test_dead_letters_and_statements_that_were_aborted_are_none(scenario: Scenario, khabar: Khabar) -> None:
    code, out, err = khabar("dead", "list", "--json")
    assert [json.loads(line)["offset"] for line in out.splitlines()] == [0, 1, 2]
    assert "3 dead letters: 3 empty" in err
    code, out, err = khabar("dead", "show", "0:4")
    assert (code, out) == (1, "")
    assert "there is no record at 0:4" in err
    code, out, err = khabar("statements")
    topic = scenario.settings.topic_name("statements")
    assert (code, out) == (3, "")
    assert err.count(f"{topic}[0]@") == 3  # numbers are no statements; what was aborted is not even told


@pytest.mark.usefixtures("written")
@pytest.mark.parametrize(("offset", "lag"), [(3, 0), (4, 0), (5, 0), (7, 0), (2, 5), (0, 7)])
def test_marks_and_aborted_records_do_not_wait(
    scenario: Scenario, khabar: Khabar, offset: int, lag: int
) -> None:
    commit(scenario, offset)
    code, out, err = khabar("status", "--json", "--max-lag", 0)
    assert code == (1 if lag else 0), err
    row = json.loads(out)
    assert (row["lag"], row["partitions"][0]["end"]) == (lag, 7)
    told = [f"partition 0: only marks of transactions lie behind {offset}: nothing waits"]
    assert row["notes"] == (told if offset < 7 and not lag else [])


@pytest.mark.usefixtures("written")
def test_watching_ends_before_a_mark(scenario: Scenario, khabar: Khabar) -> None:
    commit(scenario, 3)
    code, _, err = khabar("replay", "--watch")
    assert code == 0
    assert "khabar: through; 4 records in " in err


def test_an_open_transaction_holds_its_records_back(
    scenario: Scenario, khabar: Khabar, producer: KafkaProducer
) -> None:
    producer.begin_transaction()
    send(scenario, producer, "raw", b"0", b"1")
    producer.commit_transaction()
    producer.begin_transaction()
    send(scenario, producer, "raw", b"2", b"3")
    code, out, err = khabar("tail", "raw", "--value", "--from", "beginning")
    assert (code, out.split()) == (0, ["0", "1"]), err
    code, out, _ = khabar("status", "--json")
    row = json.loads(out)
    assert (row["lag"], row["partitions"][0]["end"]) == (3, 3)
    assert row["notes"] == ["partition 0: an open transaction holds back 2 offsets"]
    code, out, _ = khabar("replay", "--to-latest")
    assert code == 0
    assert [
        line.split()[:3] for line in out.splitlines() if len(line.split()) == 7 and line.split()[0] == "0"
    ] == [["0", "0", "3"]]
    producer.commit_transaction()
    code, out, _ = khabar("tail", "raw", "--value", "--from", "beginning")
    assert out.split() == ["0", "1", "2", "3"]
