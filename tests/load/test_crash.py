"""Two workers, each killed twice at random moments: nothing is lost, what comes twice is the same."""

import os
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from schemas.reasons import Reason
from tests.broker.articles import article, encoded
from tests.broker.cluster import Scenario, headers, wait_for
from tests.broker.pipelines import HANG, HUGE, KILL, RAISE

pytestmark = pytest.mark.load

ARTICLES = int(os.environ.get("KHABAR_TEST_ARTICLES", "1000"))
KILLS_EACH = 2
SEED = int(os.environ.get("KHABAR_TEST_SEED", "20261125"))
MAX_BYTES = 300_000


def poison() -> Iterator[tuple[Reason, bytes | None]]:
    """Fifty bad records: of every reason."""

    def titled(title: str, number: int) -> bytes:
        return encoded({**article(10_000 + number), "title": title})

    for n in range(7):
        yield Reason.UNDECODABLE, f"پرونده {n}".encode("cp1256")
        yield Reason.MALFORMED_JSON, encoded(article(20_000 + n))[: -10 - n]
        yield Reason.SCHEMA, encoded({"id": f"schema-{n}", "body": n})
    for n in range(6):
        yield Reason.EMPTY, encoded({"id": f"empty-{n}", "body": "<p>&nbsp;</p>" * n})
        yield (
            Reason.NOT_PERSIAN,
            encoded({"id": f"en-{n}", "body": "The minister said that water is scarce. " * 9}),
        )
        yield Reason.INTERNAL, titled(RAISE, n)
    for n in range(4):
        yield Reason.TOO_LARGE, encoded({"id": f"large-{n}", "body": "آب " * (MAX_BYTES // 4)})
        yield Reason.CRASHED, titled(KILL, n)
    yield Reason.TOO_LARGE, titled(HUGE, 1)
    yield Reason.TIMEOUT, titled(HANG, 1)
    yield Reason.TIMEOUT, titled(HANG, 2)


def test_killed_workers_lose_nothing(new_scenario: Callable[..., Scenario]) -> None:
    chance = random.Random(SEED)  # noqa: S311 - no secret
    bad = list(poison())
    assert (len(bad), {reason for reason, _ in bad}) == (50, set(Reason))
    scenario = new_scenario(partitions=8)
    scenario.create_topics()
    records: list[tuple[str, Reason | None, bytes | None]] = [
        (f"article-{n}", None, encoded(article(n, paragraphs=20))) for n in range(ARTICLES - len(bad))
    ]
    records += [(f"bad-{n}", reason, value) for n, (reason, value) in enumerate(bad)]
    chance.shuffle(records)
    scenario.produce([(key.encode(), value, []) for key, _, value in records])

    began = time.monotonic()
    settings = {
        "KHABAR_PIPELINE_FACTORY": "tests.broker.pipelines:poisoned",
        "KHABAR_ARTICLE_SECONDS": "3",
        "KHABAR_MAX_BYTES": str(MAX_BYTES),
        "KHABAR_BATCH_ARTICLES": "16",
    }
    workers = [scenario.start_worker(**settings) for _ in range(2)]
    kills = []
    for victim in [0, 1] * KILLS_EACH:
        # A moment of work, not of waiting: some articles more than at the last kill.
        before = len(scenario.accounted())
        more = chance.randint(5, ARTICLES // 8)
        wait_for(
            lambda b=before, m=more: len(scenario.accounted()) >= min(b + m, ARTICLES - 20), "some work", 400
        )
        time.sleep(chance.uniform(0, 0.5))
        workers[victim].kill()
        kills.append(len(scenario.accounted()))
        workers[victim] = scenario.start_worker(**settings)
    assert kills[-1] < ARTICLES, "the last kill came after the work"
    accounted = scenario.wait_for_sources(len(records), 900)
    for worker in workers:
        assert worker.stop() == 0
    seconds = time.monotonic() - began

    expected = {key: (reason, value) for key, reason, value in records}
    collected = scenario.collect("enriched", "dead", "statements", "entities")
    assert {r.key.decode() for r in collected["enriched"]} == {
        k for k, (r, _) in expected.items() if r is None
    }
    dead: dict[str, str] = {}
    for record in collected["dead"]:
        key = record.key.decode()
        dead[key] = headers(record)["__streams.errors.reason"]
        assert record.value == expected[key][1]
    assert dead == {k: r.value for k, (r, _) in expected.items() if r is not None}
    again = sum(duplicates(collected[role]) for role in ("enriched", "statements", "entities"))
    for found in accounted.values():
        assert len({(r.key, r.value) for r in found}) == 1, "one record, and two results"
    twice = sum(len(found) - 1 for found in accounted.values())
    print(
        f"\ncrash test: {len(records)} records ({len(bad)} bad), kills after {kills} accounted, seed {SEED}: "
        f"all accounted for in {seconds:.0f} s; {len({r.key for r in collected['enriched']})} enriched, "
        f"{len(dead)} dead letters {dict(Counter(dead.values()))}; "
        f"{twice} articles came again, {again} events again, each with the same id, key and bytes"
    )


def duplicates(records: list[Any]) -> int:
    """How many came again; each with the same key and bytes as the first of its id, and its source once."""
    first: dict[str, Any] = {}
    for record in records:
        seen = first.setdefault(headers(record)["ce_id"], record)
        assert (seen.key, seen.value) == (record.key, record.value)
    return len(records) - len(first)
