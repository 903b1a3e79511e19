"""After a stop and after a kill: what is finished, what is given back, what is left behind."""

import json
import time
from typing import Any

import pytest

from tests.broker.articles import article, encoded
from tests.broker.cluster import Scenario, alive, headers, wait_for
from tests.broker.pipelines import HANG, SLOW

ARTICLES = 24


def slow_articles() -> list[tuple[bytes, bytes, list[Any]]]:
    return [(f"slow-{n}".encode(), encoded({**article(n), "title": SLOW}), []) for n in range(ARTICLES)]


def assert_only_equal_duplicates(
    scenario: Scenario, roles: tuple[Any, ...] = ("enriched", "statements")
) -> int:
    """Assert that repeated records have the same id, key and bytes; returns how many came again."""
    more = 0
    for role in roles:
        by_id: dict[str, Any] = {}
        for record in scenario.collect(role)[role]:
            first = by_id.setdefault(headers(record)["ce_id"], record)
            assert (record.key, record.value) == (first.key, first.value)
            more += record is not first
        sources = [
            (p["partition"], p["offset"], r.key)
            for r in scenario.collect("enriched")["enriched"]
            if (p := json.loads(r.value)["provenance"])
        ]
        if role == "enriched":
            assert len(set(sources)) == len(by_id)
    return more


def test_sigterm_in_the_middle_loses_nothing(scenario: Scenario) -> None:
    # However fast the machine: work is left at the stop.
    hanging = (b"hangs", encoded({**article(99), "title": HANG}), [])
    scenario.produce([*slow_articles(), hanging])
    first = scenario.start_worker(
        KHABAR_BATCH_ARTICLES="8", KHABAR_STOP_SECONDS="2", KHABAR_ARTICLE_SECONDS="60"
    )
    wait_for(lambda: scenario.collect("enriched")["enriched"], "the first enriched article")
    began = time.monotonic()
    assert first.stop() == 0
    assert time.monotonic() - began < 10
    assert len(scenario.accounted()) < ARTICLES + 1
    second = scenario.start_worker(KHABAR_BATCH_ARTICLES="8", KHABAR_ARTICLE_SECONDS="1")
    scenario.wait_for_sources(ARTICLES + 1)
    assert second.stop() == 0
    assert_only_equal_duplicates(scenario)


@pytest.mark.slow
def test_sigterm_gives_back_what_takes_too_long(scenario: Scenario) -> None:
    scenario.produce([(b"hangs", encoded({**article(1), "title": HANG}), [])])
    worker = scenario.start_worker(KHABAR_ARTICLE_SECONDS="60", KHABAR_STOP_SECONDS="2")
    wait_for(lambda: "batch taken" in worker.log, "the article in hand")
    began = time.monotonic()
    assert worker.stop() == 0
    assert time.monotonic() - began < 10
    assert not scenario.accounted()
    scenario.start_worker(KHABAR_ARTICLE_SECONDS="1")
    (records,) = scenario.wait_for_sources(1).values()
    assert headers(records[0])["__streams.errors.reason"] == "timeout"


def test_sigkill_leaves_no_orphans_and_loses_nothing(scenario: Scenario) -> None:
    hanging = [(b"hangs", encoded({**article(99), "title": HANG}), [])]
    scenario.produce([*slow_articles(), *hanging])
    first = scenario.start_worker()
    wait_for(lambda: scenario.collect("enriched")["enriched"], "the first enriched article")
    children = wait_for(first.children, "the worker's child")
    assert all(alive(pid) for pid in children)
    first.kill()
    wait_for(lambda: not any(alive(pid) for pid in children), "the end of the killed worker's child", 10)
    scenario.start_worker(KHABAR_ARTICLE_SECONDS="2")
    scenario.wait_for_sources(ARTICLES + 1)
    assert_only_equal_duplicates(scenario)


@pytest.mark.slow
def test_two_workers_share_the_work_and_one_takes_over(scenario: Scenario) -> None:
    scenario.produce(slow_articles())
    first = scenario.start_worker(KHABAR_BATCH_ARTICLES="4")
    second = scenario.start_worker(KHABAR_BATCH_ARTICLES="4")
    for worker in (first, second):
        wait_for(lambda w=worker: "partitions assigned" in w.log, "both workers' assignment")
    first.kill()
    scenario.wait_for_sources(ARTICLES)
    assert second.stop() == 0
    assert_only_equal_duplicates(scenario)
