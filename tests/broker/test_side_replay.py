"""`khabar worker --replay`: a bounded range, beside the live workers, to its end."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaProducer, TopicPartition

from deploy.kafka.run import Kafka
from schemas.topics import Role
from tests.broker.articles import article, encoded
from tests.broker.cluster import PATIENCE, ROOT, Khabar, Scenario, source_of, wait_for
from tests.broker.pipelines import HANG, SLOW
from tests.broker.raw_batches import BatchSender, Record
from workers.failures import EXIT_PARTLY
from workers.operations.groups import committed_offsets
from workers.operations.plans import PlanFile, PlanSpan, save_plan
from workers.operations.tail import Start, tail

ON_KAFKA = pytest.mark.skipif("KHABAR_TEST_BROKERS" not in os.environ, reason="needs Apache Kafka")


class Replay:
    """A `khabar worker --replay` process."""

    def __init__(self, scenario: Scenario, plan: PlanFile, *options: str, **environment: str) -> None:
        path = scenario.folder / "plan.json"
        save_plan(plan, path)
        self._log = scenario.folder / "replay.log"
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "workers", "worker", "--replay", path, *options],
                env={**os.environ, **scenario.environment, **environment},
                cwd=ROOT,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,
            )

    def end(self, expected: int = 0) -> str:
        """Its summary, once it has ended by itself."""
        out, _ = self.process.communicate(timeout=PATIENCE)
        assert self.process.returncode == expected, self.log
        return out

    def stop(self) -> str:
        self.process.send_signal(signal.SIGTERM)
        return self.end(EXIT_PARTLY)

    @property
    def log(self) -> str:
        return self._log.read_text()


def publish(scenario: Scenario, numbers: range, **changes: Any) -> None:
    scenario.produce([(f"article-{n}".encode(), encoded(article(n) | changes), []) for n in numbers])


def places(scenario: Scenario, topic: str = "raw") -> Counter[int]:
    """Records by partition."""
    name = scenario.settings.topic_name("raw") if topic == "raw" else topic
    return Counter(r.partition for r in tail(scenario.settings, name, Start("beginning"), follow=False))


def whole(scenario: Scenario) -> PlanFile:
    counts = places(scenario)
    spans = tuple(PlanSpan(p, 0, counts[p]) for p in range(scenario.partitions))
    return PlanFile(scenario.settings.topic_name("raw"), spans)


def sources(scenario: Scenario, suffix: str = "") -> Counter[tuple[int, int]]:
    """Partition and offset of the raw record of each enriched event."""
    name = scenario.settings.topic_name("enriched") + suffix
    found: Counter[tuple[int, int]] = Counter()
    for record in tail(scenario.settings, name, Start("beginning"), follow=False):
        found[source_of(record)] += 1
    return found


def planned(plan: PlanFile) -> set[tuple[int, int]]:
    return {(s.partition, offset) for s in plan.partitions for offset in range(s.start, s.end)}


def live_places(scenario: Scenario) -> dict[TopicPartition, int]:
    topic = scenario.settings.topic_name("raw")
    partitions = [TopicPartition(topic, p) for p in range(scenario.partitions)]
    return committed_offsets(scenario.admin, scenario.settings.group, partitions)


def test_the_whole_range_comes_again_beside_the_live_worker(scenario: Scenario) -> None:
    publish(scenario, range(30))
    worker = scenario.start_worker()
    scenario.wait_for_sources(30)
    first = {r.key: r.value for r in scenario.collect("enriched")["enriched"]}
    plan = whole(scenario)
    wait_for(lambda: sum(live_places(scenario).values()) == 30, "the live group's commits")
    out = Replay(scenario, plan).end()
    assert "replay done: 30 records read, 30 enriched, 0 withdrawn, 0 dead" in out
    assert sources(scenario) == dict.fromkeys(planned(plan), 2)
    assert all(r.value == first[r.key] for r in scenario.collect("enriched")["enriched"])
    assert sum(live_places(scenario).values()) == 30
    publish(scenario, range(30, 35))  # the live worker is still at work
    scenario.wait_for_sources(35)
    assert worker.process.poll() is None


def test_a_part_of_it_and_dead_letters_by_reason(scenario: Scenario) -> None:
    publish(scenario, range(20))
    scenario.produce([(b"odd", b"{", []), (b"none", b" ", [])])
    counts = places(scenario)
    topic = scenario.settings.topic_name("raw")
    spans = tuple(PlanSpan(p, 1, max(1, counts[p] - 1)) for p in range(scenario.partitions))
    plan = PlanFile(topic, spans)
    out = Replay(scenario, plan).end()
    assert scenario.accounted().keys() == planned(plan)
    read = len(planned(plan))
    assert f"{read} records read" in out
    rest = PlanFile(topic, tuple(PlanSpan(p, max(1, counts[p] - 1), counts[p]) for p in counts))
    out += Replay(scenario, rest).end()
    first = PlanFile(topic, tuple(PlanSpan(p, 0, 1) for p in counts))
    out += Replay(scenario, first).end()
    assert scenario.accounted().keys() == planned(whole(scenario))
    assert "1 malformed_json" in out
    assert "1 empty" in out


def test_a_plan_beyond_the_end_ends_and_says_so(scenario: Scenario) -> None:
    publish(scenario, range(5))
    counts = places(scenario)
    spans = tuple(PlanSpan(p, 0, counts[p] + 3) for p in range(scenario.partitions))
    out = Replay(scenario, PlanFile(scenario.settings.topic_name("raw"), spans)).end()
    assert "5 records read" in out
    assert f"{3 * scenario.partitions} offsets of the plan are past the end" in out


def test_stopped_and_resumed_reads_each_record_once(scenario: Scenario) -> None:
    publish(scenario, range(40), title=SLOW)
    plan = whole(scenario)
    replay = Replay(scenario, plan, KHABAR_BATCH_ARTICLES="4", KHABAR_STOP_SECONDS="30")
    wait_for(lambda: sources(scenario), "the first articles of the replay")
    out = replay.stop()
    done = len(sources(scenario))
    assert "replay stopped" in out
    assert f"{40 - done} offsets left; the same command goes on" in out
    out = Replay(scenario, plan).end()
    assert f"{done} offsets done before" in out
    assert sources(scenario) == dict.fromkeys(planned(plan), 1)
    again = Replay(scenario, plan).end()
    assert "0 records read" in again
    assert "nothing was left to read" in Path(scenario.folder / "replay.log").read_text()
    assert sources(scenario).total() == 40


def test_killed_and_resumed_loses_nothing_and_repeats_a_batch_at_most(scenario: Scenario) -> None:
    publish(scenario, range(40), title=SLOW)
    plan = whole(scenario)
    replay = Replay(scenario, plan, KHABAR_BATCH_ARTICLES="4")
    wait_for(lambda: len(sources(scenario)) > 4, "two batches of the replay")
    os.kill(replay.process.pid, signal.SIGKILL)
    replay.end(-signal.SIGKILL)
    Replay(scenario, plan).end()
    found = sources(scenario)
    assert found.keys() == planned(plan)
    assert found.total() <= 40 + 4


def test_a_throttled_replay_is_ready_and_stops_while_it_waits(scenario: Scenario) -> None:
    publish(scenario, range(8))
    port = 20000 + os.getpid() % 20000
    replay = Replay(scenario, whole(scenario), "--max-rate", "0.01", "--web-port", str(port))
    wait_for(lambda: sources(scenario), "the first article")

    def asked(path: str) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/{path}") as answer:
            return str(answer.read().decode())

    assert asked("ready") == "yes\n"
    assert asked("live") == "yes\n"
    wait_for(lambda: 'khabar_articles_total{outcome="enriched"} 1' in asked("metrics"), "the count")
    assert "7 offsets left" in replay.stop()


def test_odd_records_and_withdrawals(scenario: Scenario) -> None:
    sender = BatchSender(scenario.brokers, scenario.settings.topic_name("raw"))
    sender.send(0, [Record(b"article-1", encoded(article(1)))])
    sender.send(0, [Record(b"article-1", None), Record(None, None)])
    sender.send(0, [Record(b"odd", encoded(article(2)), ((b"\xff\xfe", b"x"),))])
    sender.send(0, [Record(b"article-3", encoded(article(3)))])
    sender.close()
    plan = PlanFile(scenario.settings.topic_name("raw"), (PlanSpan(0, 0, 5),))
    out = Replay(scenario, plan).end()
    assert "5 records read, 2 enriched, 1 withdrawn, 2 dead" in out
    assert scenario.accounted().keys() == planned(plan)
    withdrawn = [r for r in scenario.collect("statements")["statements"] if r.value is None]
    assert {r.partition for r in withdrawn} == set(range(scenario.partitions))


def test_beside_the_live_topics(scenario: Scenario, khabar: Khabar) -> None:
    publish(scenario, range(12))
    scenario.produce([(b"odd", b"{", [])])
    plan = whole(scenario)
    failed = Replay(scenario, plan, "--output-suffix", "v2")
    failed.end(1)
    assert f"no topic {scenario.settings.topic_name('enriched')}.v2" in failed.log
    assert "`khabar topics create --output-suffix v2` makes the missing ones" in failed.log
    code, out, err = khabar("topics", "create", "--output-suffix", "v2", "--partitions", scenario.partitions)
    assert code == 0, err
    assert "enriched.v2: created" in out
    assert "raw: there already" in out
    assert "12 enriched, 0 withdrawn, 1 dead" in Replay(scenario, plan, "--output-suffix", "v2").end()
    assert len(sources(scenario, ".v2")) == 12
    assert places(scenario, scenario.settings.topic_name("dead") + ".v2").total() == 1
    roles: tuple[Role, ...] = ("enriched", "statements", "entities", "dead")
    assert not any(scenario.collect(*roles).values())
    beside = scenario.settings.with_output_suffix("v2")
    scenario.admin.delete_topics([beside.topic_name(role) for role in roles])


def test_the_difference_between_two_versions_side_by_side(scenario: Scenario, khabar: Khabar) -> None:
    publish(scenario, range(6))
    scenario.start_worker()
    scenario.wait_for_sources(6)
    enriched = scenario.settings.topic_name("enriched")
    assert khabar("diff", "topic:enriched", f"topic:{enriched}")[0] == 0
    assert khabar("topics", "create", "--output-suffix", "v2", "--partitions", 1)[0] == 0
    shipped = "workers.nlp.pipeline:build_pipeline"
    replay = Replay(scenario, whole(scenario), "--output-suffix", "v2", KHABAR_PIPELINE_FACTORY=shipped)
    assert "6 enriched" in replay.end()
    code, out, _ = khabar("diff", "topic:enriched", f"topic:{enriched}.v2", "--json", "--summary")
    assert code == 1
    found = json.loads(out)
    assert (found["different"], found["equal"]) == (6, 0)
    assert found["articles"]["statement-gained"] == 6
    assert found["b"]["statements"] == found["changes"]["statement-gained"]
    # A newer event takes the place of an older one, and a tombstone drops the article.
    old = {r.key: r for r in scenario.collect("enriched")["enriched"]}
    producer = KafkaProducer(**scenario.settings.kafka_options())
    producer.send(f"{enriched}.v2", key=b"article-0", value=old[b"article-0"].value).get(60)
    producer.send(f"{enriched}.v2", key=b"article-1", value=None).get(60)
    producer.close()
    _, out, _ = khabar("diff", "topic:enriched", f"topic:{enriched}.v2", "--json", "--summary")
    found = json.loads(out)
    assert (found["different"], found["equal"], found["only_a"]) == (4, 1, 1)
    code, _, err = khabar("diff", "topic:enriched", "topic:none")
    assert (code, "there is no topic none" in err) == (2, True)
    beside = scenario.settings.with_output_suffix("v2")
    scenario.admin.delete_topics([t.name for t in beside.topics if t.role != "raw"])


@pytest.mark.parametrize(
    ("plan", "options", "told"),
    [
        (PlanFile("news.other", (PlanSpan(0, 0, 1),)), (), "the plan is for news.other"),
        (PlanFile("RAW", (PlanSpan(9, 0, 1),)), (), "names partition 9 of"),
        (PlanFile("RAW", (PlanSpan(0, 0, 1),)), ("--group", "GROUP"), "is the workers' own group"),
        (PlanFile("RAW", (PlanSpan(0, 0, 1),)), ("--output-suffix", "v/2"), "not 'v/2'"),
        (PlanFile("RAW", (PlanSpan(0, 0, 1),)), ("--max-rate", "0"), "a number above 0"),
    ],
)
def test_plans_that_are_at_fault(
    scenario: Scenario, plan: PlanFile, options: tuple[str, ...], told: str
) -> None:
    topic = plan.topic.replace("RAW", scenario.settings.topic_name("raw"))
    replay = Replay(
        scenario, PlanFile(topic, plan.partitions), *(o.replace("GROUP", scenario.name) for o in options)
    )
    replay.end(2)
    assert told in replay.log


def test_a_live_group_is_refused(scenario: Scenario) -> None:
    publish(scenario, range(1), title=HANG)
    other = f"{scenario.name}-other"
    worker = scenario.start_worker(KHABAR_GROUP=other, KHABAR_ARTICLE_SECONDS="60")
    wait_for(lambda: "batch taken" in worker.log, "the article in the other group's hand")
    replay = Replay(scenario, whole(scenario), "--group", other)
    replay.end(1)
    assert "has live members" in replay.log
    assert not scenario.accounted()


@ON_KAFKA
def test_a_group_of_other_offsets_is_refused(scenario: Scenario) -> None:
    publish(scenario, range(4))
    plan = whole(scenario)
    Replay(scenario, plan, "--group", f"{scenario.name}-mine").end()
    part = PlanFile(plan.topic, plan.partitions[:1])
    replay = Replay(scenario, part, "--group", f"{scenario.name}-mine")
    replay.end(2)
    assert "not of this plan" in replay.log


@ON_KAFKA
def test_a_topic_made_anew_meanwhile_ends_it(scenario: Scenario) -> None:
    publish(scenario, range(40), title=SLOW)
    plan = whole(scenario)
    replay = Replay(scenario, plan, KHABAR_BATCH_ARTICLES="4")
    wait_for(lambda: sources(scenario), "the first articles of the replay")
    scenario.admin.delete_topics([plan.topic])
    wait_for(lambda: plan.topic not in scenario.admin.list_topics(), "the topic's end")
    scenario.create_topics(["raw"])
    replay.end(1)
    assert "made anew" in replay.log


@ON_KAFKA
def test_records_that_are_gone_are_told(scenario: Scenario) -> None:
    publish(scenario, range(40))
    plan = whole(scenario)
    (first, *_) = (s for s in plan.partitions if s.end > 3)
    empty = next(s for s in plan.partitions if s.end > 3 and s != first)
    cut = {
        TopicPartition(plan.topic, first.partition): 3,
        TopicPartition(plan.topic, empty.partition): empty.end,
    }
    scenario.admin.delete_records(cut)
    out = Replay(scenario, plan).end()
    assert f"{3 + empty.end} offsets gone" in out
    deleted = {(first.partition, n) for n in range(3)} | {(empty.partition, n) for n in range(empty.end)}
    assert sources(scenario).keys() == planned(plan) - deleted


@ON_KAFKA
@pytest.mark.slow
def test_holes_of_compaction_end_nothing(new_scenario: Callable[..., Scenario]) -> None:
    compacted = {
        "cleanup.policy": "compact",
        "segment.ms": "50",
        "min.cleanable.dirty.ratio": "0.0",
        "min.compaction.lag.ms": "0",
    }
    scenario = new_scenario(partitions=1, topic_config={"raw": compacted})
    scenario.create_topics()
    for number in range(12):  # a segment each: only those that are no longer written to are compacted
        scenario.produce([(b"same", encoded(article(number)), [])])
        time.sleep(0.1)
    # The cleaner comes by every 15 seconds. It leaves the newest record and the segment written to.
    wait_for(lambda: places(scenario)[0] <= 2, "the compaction")
    topic = scenario.settings.topic_name("raw")
    out = Replay(scenario, PlanFile(topic, (PlanSpan(0, 2, 9),))).end()
    assert "0 records read" in out
    out = Replay(scenario, PlanFile(topic, (PlanSpan(0, 0, 12),))).end()
    assert f"{places(scenario)[0]} record" in out


@ON_KAFKA
@pytest.mark.slow
def test_a_broken_batch_is_named_after_all_else_and_a_plan_passes_over_it(tmp_path: Path) -> None:
    kafka = Kafka(tmp_path / "kafka")  # its files are spoiled
    kafka.start()
    try:
        scenario = Scenario(kafka.address, tmp_path, embedded=False, partitions=2)
        scenario.create_topics()
        topic = scenario.settings.topic_name("raw")
        sender = BatchSender(kafka.address, topic)
        for number in range(6):
            sender.send(number % 2, [Record(b"k", encoded(article(number)))])
        sender.close()
        scenario.disconnect()
        kafka.stop()
        (segment,) = (kafka.folder / "data" / f"{topic}-0").glob("*.log")
        held = bytearray(segment.read_bytes())
        second = 12 + int.from_bytes(held[8:12], "big")
        held[second + 70] ^= 0xFF
        segment.write_bytes(held)
        kafka.start()
        scenario.connect()
        replay = Replay(scenario, PlanFile(topic, (PlanSpan(0, 0, 3), PlanSpan(1, 0, 3))))
        assert "2 offsets left" in replay.end(1)
        assert "The offsets 1 to 1 cannot be read" in replay.log
        assert "whose span of partition 0 begins at 2" in replay.log
        assert "1 enriched" in Replay(scenario, PlanFile(topic, (PlanSpan(0, 2, 3),))).end()
        assert scenario.accounted().keys() == {(0, 0), (0, 2), (1, 0), (1, 1), (1, 2)}
        scenario.close()
    finally:
        kafka.stop()


@ON_KAFKA
@pytest.mark.slow
def test_a_broker_that_comes_back_is_waited_for(tmp_path: Path) -> None:
    kafka = Kafka(tmp_path / "kafka")
    kafka.start()
    try:
        scenario = Scenario(kafka.address, tmp_path, embedded=False)
        scenario.create_topics()
        publish(scenario, range(60), title=SLOW)
        plan = whole(scenario)
        replay = Replay(scenario, plan, KHABAR_BATCH_ARTICLES="4")
        wait_for(lambda: sources(scenario), "the first articles of the replay")
        scenario.disconnect()
        kafka.stop()
        kafka.start()
        scenario.connect()
        assert "60 records read" in replay.end()
        assert sources(scenario).keys() == planned(plan)
        scenario.close()
    finally:
        kafka.stop()


@ON_KAFKA
def test_marks_of_transactions_are_no_reason_to_wait(scenario: Scenario) -> None:
    topic = scenario.settings.topic_name("raw")
    producer = KafkaProducer(**scenario.settings.kafka_options(), transactional_id=scenario.name)
    producer.init_transactions()
    for number, ended in enumerate((producer.commit_transaction, producer.abort_transaction)):
        producer.begin_transaction()
        for partition in range(2):
            producer.send(topic, encoded(article(number)), b"%d" % number, partition=partition).get(60)
        ended()
    producer.close()
    # Committed record, its mark, aborted record, its mark.
    plan = PlanFile(topic, (PlanSpan(0, 0, 4), PlanSpan(1, 0, 3)))
    out = Replay(scenario, plan).end()
    assert "2 records read, 2 enriched" in out
    assert sources(scenario) == {(0, 0): 1, (1, 0): 1}


@ON_KAFKA
def test_an_open_transaction_fails_the_replay_and_later_it_goes_on(scenario: Scenario) -> None:
    topic = scenario.settings.topic_name("raw")
    producer = KafkaProducer(**scenario.settings.kafka_options(), transactional_id=scenario.name)
    producer.init_transactions()
    producer.begin_transaction()
    producer.send(topic, encoded(article(1)), b"1", partition=0).get(60)
    plan = PlanFile(topic, (PlanSpan(0, 0, 1),))
    replay = Replay(scenario, plan, KHABAR_STALLED_SECONDS="3")
    out = replay.end(1)
    assert "1 offset left" in out
    assert "An open transaction" in replay.log
    producer.commit_transaction()
    producer.close()
    assert "1 enriched" in Replay(scenario, plan).end()
