"""100,000 records drawn at random in all their parts: the worker never ends, and each is accounted for."""

import os
import random
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing

import pytest

from tests.broker.cluster import Scenario
from tests.broker.raw_batches import CODECS, BatchSender, RefusedError
from tests.chaos.account import take_account
from tests.chaos.fuzz import fuzz
from tests.chaos.ledger import Ledger
from tests.chaos.outcomes import Outcomes

pytestmark = [
    pytest.mark.load,
    pytest.mark.skipif(
        "KHABAR_TEST_BROKERS" not in os.environ,
        reason="needs a real Kafka (make test-load-kafka): the embedded broker gives no base offsets",
    ),
]

RECORDS = int(os.environ.get("KHABAR_TEST_RECORDS", "100000"))
SEED = int(os.environ.get("KHABAR_TEST_SEED", "20261126"))
PARTITIONS = 8
QUIET_SECONDS = 120.0  # without any new outcome: the worker stands still


def test_fuzzed_records_end_no_worker(new_scenario: Callable[..., Scenario]) -> None:
    scenario = new_scenario(
        partitions=PARTITIONS, topic_config={"raw": {"message.timestamp.after.max.ms": str(2**63 - 1)}}
    )
    scenario.create_topics()
    worker = scenario.start_worker(KHABAR_LOG_LEVEL="ERROR")
    began = time.monotonic()
    ledger, refused = Ledger(), Counter[str]()
    chance = random.Random(SEED)  # noqa: S311 - no secret
    with closing(BatchSender(scenario.brokers, scenario.settings.topic_name("raw"))) as sender:
        batches, count = fuzz(chance), 0
        while count < RECORDS:
            records = next(batches)
            partition, codec = chance.randrange(PARTITIONS), chance.choice(list(CODECS))
            try:
                first = sender.send(partition, records, codec)
            except RefusedError as error:
                refused[str(error)] += 1
                continue
            for number, record in enumerate(records, first):
                ledger.confirmed((partition, number), codec, frozenset(), record.key, record.value)
            count += len(records)
    sent = ledger.sent
    assert len(sent) == count
    assert not refused
    with closing(Outcomes(scenario)) as outcomes:
        quiet_since, before = time.monotonic(), -1
        while len(outcomes.sources) < count and worker.process.poll() is None:
            outcomes.read_to_end()
            if len(outcomes.sources) != before:
                quiet_since, before = time.monotonic(), len(outcomes.sources)
            elif time.monotonic() - quiet_since > QUIET_SECONDS:
                break
            time.sleep(0.5)
        seconds = time.monotonic() - began
        assert worker.process.poll() is None, f"the worker ended:\n{worker.log[-3000:]}"
        account = take_account(sent, outcomes.seen, outcomes.derived)
    assert worker.stop() == 0
    assert account.failures == {}
    assert account.twice == 0
    print(
        f"\nfuzz test: {count} records in {seconds:.0f} s, seed {SEED}, one worker, never ended: "
        f"{dict(sorted(account.outcomes.items()))}"
    )
