"""The topics of the contract: what `khabar topics` creates and checks."""

from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

Role = Literal["raw", "enriched", "statements", "entities", "dead"]
CleanupPolicy = Literal["delete", "compact", "compact,delete"]

_DAY_MS = 24 * 60 * 60 * 1000
_MIB = 1024 * 1024

ARTICLE_BYTES = _MIB
"""Most bytes of a raw article's value, uncompressed: the one limit that a producer sees."""

# A record is its value, key, headers and frame; a dead letter has some headers more.
_AROUND_A_VALUE = 64 * 1024


class Topic(Struct, frozen=True, kw_only=True):
    """A topic as it is declared; settings may rename it or put a prefix before its name."""

    role: Role
    name: str
    key: str
    value: str
    description: str
    partitions: int
    cleanup_policy: CleanupPolicy
    retention_ms: int
    max_message_bytes: int

    def for_articles_of(self, value_bytes: int) -> "Topic":
        """The topic for articles up to another size; only topics that hold raw records change."""
        if self.role not in ("raw", "dead"):
            return self
        return replace(self, max_message_bytes=self.max_message_bytes - ARTICLE_BYTES + value_bytes)

    @property
    def config(self) -> dict[str, str]:
        """The topic's configuration by Kafka's names."""
        return {
            "cleanup.policy": self.cleanup_policy,
            "retention.ms": str(self.retention_ms),
            "max.message.bytes": str(self.max_message_bytes),
        }


TOPICS: tuple[Topic, ...] = (
    Topic(
        role="raw",
        name="news.raw",
        key="id of the article",
        value="RawArticle",
        description="Articles as crawled. Kept for a month: what can be replayed.",
        partitions=8,
        cleanup_policy="delete",
        retention_ms=30 * _DAY_MS,
        max_message_bytes=ARTICLE_BYTES + _AROUND_A_VALUE,
    ),
    Topic(
        role="enriched",
        name="news.enriched",
        key="id of the article",
        value="EnrichedArticle",
        description="Enriched articles; compaction leaves the newest enrichment of each.",
        partitions=8,
        cleanup_policy="compact,delete",
        retention_ms=90 * _DAY_MS,
        max_message_bytes=16 * _MIB,
    ),
    Topic(
        role="statements",
        name="news.statements",
        key="name of the speaker, empty where the article names none",
        value="StatementEvent",
        description="One event a statement.",
        partitions=8,
        cleanup_policy="delete",
        retention_ms=90 * _DAY_MS,
        max_message_bytes=16 * _MIB,
    ),
    Topic(
        role="entities",
        name="news.entities",
        key="canonical name of the entity",
        value="EntityEvent",
        description="One event a named entity and article.",
        partitions=8,
        cleanup_policy="delete",
        retention_ms=90 * _DAY_MS,
        max_message_bytes=16 * _MIB,
    ),
    Topic(
        role="dead",
        name="news.dead",
        key="key of the raw record",
        value="bytes of the raw record",
        description="Records that could not be enriched, untouched, with the reason in headers.",
        partitions=8,
        cleanup_policy="delete",
        retention_ms=90 * _DAY_MS,
        max_message_bytes=ARTICLE_BYTES + 2 * _AROUND_A_VALUE,
    ),
)


def topic(role: Role) -> Topic:
    """The declaration of one topic."""
    return next(t for t in TOPICS if t.role == role)
