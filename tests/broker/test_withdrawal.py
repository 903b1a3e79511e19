"""A record with a key and no value takes its article back, on every topic and in every partition."""

from schemas.described import WITHDRAWN
from tests.broker.articles import article, encoded
from tests.broker.cluster import Scenario, headers, wait_for


def test_a_tombstone_withdraws_the_article(scenario: Scenario) -> None:
    key = b"article-1"
    scenario.produce(
        [(key, encoded(article(1)), []), (key, None, []), (b"article-2", encoded(article(2)), [])]
    )
    worker = scenario.start_worker(KHABAR_PIPELINE_FACTORY="workers.nlp.pipeline:build_pipeline")
    scenario.wait_for_sources(3)
    wait_for(lambda: len(withdrawals(scenario)) == 2 * scenario.partitions, "withdrawals in every partition")
    first, second = [r for r in scenario.collect("enriched")["enriched"] if r.key == key]
    assert first.value is not None
    assert second.value is None
    told = headers(second)
    assert (told["ce_type"], told["ce_subject"]) == (WITHDRAWN, "article-1")
    for record in withdrawals(scenario):
        assert headers(record) == told
        assert record.key == key
    places = {(r.topic, r.partition) for r in withdrawals(scenario)}
    assert len(places) == 2 * scenario.partitions
    last = {
        (r.topic, r.partition): r.offset
        for role in ("statements", "entities")
        for r in scenario.collect(role)[role]
        if headers(r)["ce_subject"] == "article-1"
    }
    for record in withdrawals(scenario):
        assert last[record.topic, record.partition] == record.offset, "an event of the article came after it"
    assert worker.stop() == 0


def withdrawals(scenario: Scenario) -> list[object]:
    found = scenario.collect("statements", "entities")
    return [r for records in found.values() for r in records if r.value is None]
