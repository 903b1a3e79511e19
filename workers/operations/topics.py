"""Compares the topics on the brokers with those that `schemas.topics` declares, and creates them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kafka import KafkaAdminClient
from kafka.admin import ConfigResource, ConfigResourceType
from kafka.errors import KafkaError, TopicAlreadyExistsError, for_code

from schemas.topics import Topic
from workers.failures import CommandFailed

if TYPE_CHECKING:
    from workers.settings import Settings


@dataclass(frozen=True, slots=True)
class Found:
    """A topic on the brokers; `config` is None where they do not report it."""

    partitions: int
    replication: int
    config: dict[str, str] | None


@dataclass(frozen=True, slots=True)
class Difference:
    """One property of a topic that differs from its declaration."""

    topic: str
    what: str
    declared: str
    found: str


def create(
    admin: KafkaAdminClient, topics: Iterable[Topic], replication_factor: int, partitions: int | None = None
) -> list[str]:
    """Create the topics that are missing; returns their names. `partitions` replaces the declared number.

    Raises `CommandFailed` with the broker's reason.
    """
    there = look_up(admin, [topic.name for topic in topics])
    wanted = {
        topic.name: {
            "num_partitions": partitions or topic.partitions,
            "replication_factor": replication_factor,
            "configs": topic.config,
        }
        for topic in topics
        if topic.name not in there
    }
    if not wanted:
        return []
    answer = admin.create_topics(wanted, raise_errors=False)
    for row in answer["topics"]:
        kind = for_code(row["error_code"])
        if row["error_code"] and kind is not TopicAlreadyExistsError:  # another process may have been quicker
            reason = row.get("error_message") or kind.description
            raise CommandFailed(f"topic {row['name']} was not created: {reason}")
    try:
        admin.wait_for_topics(list(wanted))
    except KafkaError as error:
        raise CommandFailed(f"topics were created, but are not ready: {error}") from error
    return list(wanted)


def look_up(admin: KafkaAdminClient, names: Sequence[str]) -> dict[str, Found]:
    """The topics among some that are there."""
    described = {
        t["name"]: t["partitions"] for t in admin.describe_topics(list(names)) if not t["error_code"]
    }
    configs = _configs(admin, list(described))
    return {
        name: Found(
            partitions=len(partitions),
            replication=min((len(p["replica_nodes"]) for p in partitions), default=0),
            config=configs.get(name),
        )
        for name, partitions in described.items()
    }


def _configs(admin: KafkaAdminClient, names: Sequence[str]) -> dict[str, dict[str, str]]:
    if not names:
        return {}
    resources = [ConfigResource(ConfigResourceType.TOPIC, name) for name in names]
    try:
        answer: dict[str, Any] = admin.describe_configs(resources, config_filter="all")
    except (KafkaError, ValueError, KeyError):  # a broker that does not know the request, or answers oddly
        return {}
    return {
        name: {key: str(entry["value"]) for key, entry in entries.items()}
        for name, entries in answer.get("topic", {}).items()
        if entries
    }


def differences(settings: "Settings", found: dict[str, Found]) -> list[Difference]:
    """What differs from the declaration; empty when all is well."""
    rows: list[Difference] = []
    for topic in settings.topics:
        there = found.get(topic.name)
        if there is None:
            rows.append(Difference(topic.name, "topic", "there", "missing"))
            continue
        if there.partitions != topic.partitions:
            rows.append(Difference(topic.name, "partitions", str(topic.partitions), str(there.partitions)))
        wanted = settings.replication_factor
        if wanted > 0 and there.replication != wanted:
            rows.append(Difference(topic.name, "replication.factor", str(wanted), str(there.replication)))
        rows += [
            Difference(topic.name, key, declared, actual)
            for key, declared in topic.config.items()
            if there.config is not None
            and not _same(key, declared, actual := there.config.get(key, "not set"))
        ]
    return rows


def _same(key: str, declared: str, actual: str) -> bool:
    if key == "cleanup.policy":  # a list, in any order
        return {p.strip() for p in declared.split(",")} == {p.strip() for p in actual.split(",")}
    return declared == actual
