"""Checks before a worker starts: that brokers and topics are there, and which sizes the topics accept."""

from kafka import KafkaAdminClient
from kafka.admin import ConfigResource, ConfigResourceType
from kafka.errors import GroupAuthorizationFailedError, KafkaError

from schemas.topics import Role
from workers.enrichment.records import Limits
from workers.failures import CommandFailed
from workers.operations.clients import admin_client
from workers.operations.groups import patiently
from workers.settings import Settings
from workers.stream.rights import missing_group_right


class NotReady(Exception):  # noqa: N818 - names the state
    """The worker cannot start; the message says what to do."""


def check(settings: Settings, made_by: str = "khabar topics create") -> Limits:
    """The sizes that the topics accept. Raises NotReady for missing brokers or topics.

    `made_by` is the command that creates the missing ones.
    """
    where = ", ".join(settings.brokers)
    try:
        with admin_client(settings) as admin:
            return _checked(settings, admin, where, made_by)
    except CommandFailed as error:
        raise NotReady(str(error)) from error
    except KafkaError as error:
        raise NotReady(f"the brokers at {where} refuse to tell about topics: {error}") from error


def _checked(settings: Settings, admin: KafkaAdminClient, where: str, made_by: str) -> Limits:
    present = set(admin.list_topics())
    _may_read_with_the_group(settings, admin)
    missing = [t.name for t in settings.topics if t.name not in present]
    if missing:
        raise NotReady(
            f"no topic {', '.join(missing)} on {where}. "
            f"`{made_by}` makes the missing ones; KHABAR_TOPIC_* names others."
        )
    _dead_letters_may_lack_a_key(settings, admin)
    return _limits(settings, admin)


def _may_read_with_the_group(settings: Settings, admin: KafkaAdminClient) -> None:
    """Raise NotReady where the right to read with the group is missing: aiokafka would wait silently."""
    try:
        group = patiently(lambda: admin.describe_groups([settings.group])).get(settings.group, {})
    except GroupAuthorizationFailedError as error:
        raise NotReady(missing_group_right(settings)) from error
    except (KafkaError, ValueError):  # the embedded broker's answer cannot be read
        return
    rights = group.get("authorized_operations")
    if rights and "READ" not in rights:
        raise NotReady(missing_group_right(settings))


def _dead_letters_may_lack_a_key(settings: Settings, admin: KafkaAdminClient) -> None:
    """Raise NotReady for a compacted dead-letter topic, as it refuses records without a key."""
    name = settings.topic_name("dead")
    if "compact" in (_config(admin, name, "cleanup.policy") or ""):
        raise NotReady(
            f"topic {name} is compacted: it would refuse dead letters without a key and drop others. "
            f"Set its cleanup.policy to delete (`khabar topics check` compares all of them)."
        )


def _config(admin: KafkaAdminClient, topic: str, key: str) -> str | None:
    """One setting of a topic; None without the right to ask, or from a broker that cannot tell."""
    try:
        answer = admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic, [key])])
        return str(answer["topic"][topic][key]["value"])
    except (KafkaError, KeyError, TypeError, ValueError):
        return None


def _limits(settings: Settings, admin: KafkaAdminClient) -> Limits:
    def limit(role: Role) -> int:
        topic = settings.topic(role)
        size = _config(admin, topic.name, "max.message.bytes")
        return int(size) if size and size.isdecimal() else topic.max_message_bytes

    return Limits(settings.max_bytes, limit("enriched"), limit("statements"), limit("entities"))
