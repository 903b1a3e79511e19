"""Records that no well-behaved client sends: each becomes a dead letter, and its partition goes on."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from schemas import headers as names
from tests.broker.articles import article, encoded
from tests.broker.cluster import Scenario, headers, wait_for
from tests.broker.raw_batches import BatchSender, Record

GOOD = 3
MIB = 1024 * 1024


class Hostile(NamedTuple):
    """`key` and `value` are what the dead letter must have; `omitted` its header that tells a size."""

    name: str
    record: Record
    reason: str
    key: bytes | None
    value: bytes | None
    codec: str = "none"
    omitted: str | None = None


BODY = encoded(article(1))
HOSTILE = (
    Hostile("neither key nor value", Record(None, None), "empty", None, b""),
    Hostile("an empty key and no value", Record(b"", None), "empty", b"", None),
    Hostile(
        "a header's name in Latin-1",
        Record(b"latin", BODY, ((b"caf\xe9", b"1"), (b"x", b"2"))),
        "undecodable",
        b"latin",
        BODY,
    ),
    Hostile(
        "a header's name that is no text",
        Record(None, None, ((b"\xff\xfe\x00", None),)),
        "undecodable",
        None,
        b"",
    ),
    Hostile(
        "a header of 13 MB",
        Record(b"wide", b"{}", ((b"h", b"\0" * 13_000_000),)),
        "too_large",
        b"wide",
        b"{}",
        "zstd",
        names.ERROR_HEADERS_OMITTED,
    ),
    Hostile(
        "a key of 13 MB",
        Record(b"\0" * 13_000_000, b"{}"),
        "too_large",
        None,
        b"{}",
        "gzip",
        names.ERROR_KEY_OMITTED,
    ),
    Hostile(
        "a value of 13 MB",
        Record(b"deep", b"\0" * 13_000_000),
        "too_large",
        b"deep",
        None,
        "lz4",
        names.ERROR_VALUE_OMITTED,
    ),
    Hostile("a withdrawal of what is no id", Record(b"\xff\xfe", None), "undecodable", b"\xff\xfe", None),
    Hostile("a time before all times", Record(b"early", b"{", (), -1), "malformed_json", b"early", b"{"),
    Hostile("a time after all times", Record(b"late", b"{", (), 2**62), "malformed_json", b"late", b"{"),
)


class Run(NamedTuple):
    scenario: Scenario
    offsets: dict[str, int]
    dead: dict[int, Any]
    enriched: list[Any]


@pytest.fixture(scope="module")
def run(new_scenario: Any) -> Iterator[Run]:
    raw = {
        "max.message.bytes": str(8 * MIB),
        "message.timestamp.after.max.ms": str(2**63 - 1),
        "message.timestamp.before.max.ms": str(2**63 - 1),
    }
    scenario: Scenario = new_scenario(partitions=1, topic_config={"raw": raw})
    scenario.create_topics()
    sender = BatchSender(scenario.brokers, scenario.settings.topic_name("raw"))
    offsets = {}
    for number, hostile in enumerate(HOSTILE):
        if number % 4 == 0:
            sender.send(0, [Record(b"good-%d" % number, encoded(article(number)))])
        offsets[hostile.name] = sender.send(0, [hostile.record], hostile.codec)
    sender.send(0, [Record(b"good-last", encoded(article(99)))])
    sender.close()
    worker = scenario.start_worker()
    found = scenario.wait_for_sources(len(HOSTILE) + GOOD + 1)
    dead = {o: r for (_, o), records in found.items() for r in records if r.topic.endswith("news.dead")}
    yield Run(scenario, offsets, dead, scenario.collect("enriched")["enriched"])
    assert worker.stop() == 0
    assert "Traceback" not in worker.log


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda h: h.name)
def test_it_becomes_a_dead_letter(run: Run, hostile: Hostile) -> None:
    record = run.dead[run.offsets[hostile.name]]
    told = headers(record)
    assert told[names.ERROR_REASON] == hostile.reason, told[names.ERROR_MESSAGE]
    assert (record.key, record.value) == (hostile.key, hostile.value)
    if hostile.omitted:
        assert told[hostile.omitted].startswith("13000000 bytes")


def test_the_partition_goes_on(run: Run) -> None:
    good = [json.loads(r.value)["article"]["id"] for r in run.enriched]
    assert good == ["article-0", "article-4", "article-8", "article-99"]

    def committed() -> bool:
        places = run.scenario.admin.list_group_offsets([run.scenario.name])[run.scenario.name]
        return [p.offset for p in places.values() if p.offset >= 0] == [len(HOSTILE) + GOOD + 1]

    wait_for(committed, "everything committed")


def test_a_name_that_is_no_utf8_is_told_escaped(run: Run) -> None:
    record = run.dead[run.offsets["a header's name in Latin-1"]]
    assert record.headers[:2] == [("caf\\xe9", b"1"), ("x", b"2")]
