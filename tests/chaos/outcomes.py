"""Reads the topics that the workers write, and keeps of each record what the account needs: digests."""

import hashlib
import json
import time
from collections import defaultdict
from typing import Any

from kafka import KafkaConsumer, TopicPartition

from schemas import headers
from schemas.topics import Role
from tests.broker.cluster import Scenario
from tests.broker.cluster import headers as headers_of
from tests.chaos.account import ENRICHED, WITHDRAWN, Seen, Source
from tests.chaos.ledger import record_digest

_NAMED = frozenset({"PER", "ORG", "LOC", "FAC", "EVENT", "PRODUCT"})
_IDLE_SECONDS = 60.0
_NOT_WHOLE = frozenset(
    (
        headers.ERROR_VALUE_OMITTED,
        headers.ERROR_KEY_OMITTED,
        headers.ERROR_HEADERS_OMITTED,
        headers.ERROR_NULL,
    )
)


class Outcomes:
    """What was seen so far."""

    def __init__(self, scenario: Scenario) -> None:
        self.seen: list[Seen] = []
        self.sources: set[Source] = set()
        self.derived: dict[Source, frozenset[str]] = defaultdict(frozenset)
        roles: tuple[Role, ...] = ("enriched", "dead", "statements", "entities")
        self._roles = {scenario.settings.topic_name(r): r for r in roles}
        numbers = range(scenario.partitions)
        self._partitions = [TopicPartition(t, p) for t in self._roles for p in numbers]
        # An article is withdrawn from every partition: who spoke in it is not known any more.
        self._withdrawn = frozenset(
            _withdrawal(role, n) for role in ("statements", "entities") for n in numbers
        )
        self._consumer = KafkaConsumer(
            **scenario.settings.kafka_options(),
            group_id=None,
            enable_auto_commit=False,
            max_partition_fetch_bytes=2**24,
            auto_offset_reset="earliest",
        )
        self._consumer.assign(self._partitions)

    def read_to_end(self) -> None:
        """All that is there now. Raises TimeoutError when the broker sends nothing."""
        ends = self._consumer.end_offsets(self._partitions)
        heard = time.monotonic()
        while any(self._consumer.position(tp) < end for tp, end in ends.items()):
            polled = self._consumer.poll(500)
            for tp, records in polled.items():
                for record in records:
                    self._take(self._roles[tp.topic], record)
            if polled:
                heard = time.monotonic()
            elif time.monotonic() - heard > _IDLE_SECONDS:
                raise TimeoutError(f"cannot read to {ends}")

    def close(self) -> None:
        self._consumer.close()

    def _take(self, role: Role, record: Any) -> None:
        if role in ("statements", "entities"):
            self._take_derived(role, record)
            return
        seen = _dead(record) if role == "dead" else self._enriched(record)
        self.seen.append(seen)
        self.sources.add(seen.source)

    def _take_derived(self, role: Role, record: Any) -> None:
        if record.value is None:
            source, name = _told_source(record), _withdrawal(role, record.partition)
        else:
            event = json.loads(record.value)
            provenance = event["provenance"]
            source = (provenance["partition"], provenance["offset"])
            name = _statement(event["statement"]) if role == "statements" else _entity(event["entity"])
        self.derived[source] |= {name}

    def _enriched(self, record: Any) -> Seen:
        place = (record.partition, record.offset)
        digest = _digest(record, (headers.PROCESSING_MS,))
        if record.value is None:
            source = _told_source(record)
            return Seen(source, WITHDRAWN, place, record.key, digest, promised=self._withdrawn)
        event = json.loads(record.value)
        provenance = event["provenance"]
        promised = {_statement(s) for s in event["statements"]}
        promised |= {_entity(e) for e in event["entities"] if e["type"] in _NAMED}
        source = (provenance["partition"], provenance["offset"])
        return Seen(source, ENRICHED, place, record.key, digest, promised=frozenset(promised))


def _dead(record: Any) -> Seen:
    told = headers_of(record)
    varying = (headers.ERROR_MESSAGE, headers.ERROR_STACKTRACE)
    # A header says what does not fit and was left out, and that a null became empty.
    whole = told.keys().isdisjoint(_NOT_WHOLE)
    return Seen(
        (int(told[headers.ERROR_PARTITION]), int(told[headers.ERROR_OFFSET])),
        told[headers.ERROR_REASON],
        (record.partition, record.offset),
        record.key,
        _digest(record, varying),
        record_digest(record.key, record.value) if whole else b"",
    )


def _told_source(record: Any) -> Source:
    told = headers_of(record)
    partition, offset = (int(told[name]) for name in (headers.SOURCE_PARTITION, headers.SOURCE_OFFSET))
    return partition, offset


def _withdrawal(role: Role, partition: int) -> str:
    return f"{role} withdrawn on partition {partition}"


def _statement(statement: dict[str, Any]) -> str:
    return f"statement {statement['id']}"


def _entity(entity: dict[str, Any]) -> str:
    return f"{entity['type']} {entity['canonical']}"


def _digest(record: Any, varying: tuple[str, ...]) -> bytes:
    found = hashlib.blake2b(record_digest(record.key, record.value), digest_size=16)
    for name, value in record.headers:
        if name not in varying:
            found.update(record_digest(name.encode(), value))
    return found.digest()
