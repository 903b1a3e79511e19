"""Events derived from an enriched article, complete in themselves: a consumer needs no join."""

from typing import Annotated

from msgspec import Meta, Struct

from schemas.enriched import Entity, Provenance, Statement

MOST_MENTIONS = 32
"""Most mentions of one entity that a statement's event repeats; unbounded, they grow with the square of
the article."""


class ArticleRef(Struct, frozen=True, kw_only=True):
    """The facts about its article that a derived event repeats."""

    id: Annotated[str, Meta(description="Id of the article: the key of `news.raw` and `news.enriched`")]
    url: Annotated[str | None, Meta(description="Address of the page")] = None
    title: Annotated[str | None, Meta(description="Headline as consumed")] = None
    agency: Annotated[str | None, Meta(description="As the producer or else the dateline names it")] = None
    published_at: Annotated[str | None, Meta(description="ISO 8601 date or date-time")] = None
    published_jalali: Annotated[
        str | None, Meta(description="Day of `published_at` in Tehran, in the Iranian calendar")
    ] = None


class StatementEvent(Struct, frozen=True, kw_only=True):
    """One statement, on `news.statements` (key: speaker's name)."""

    id: Annotated[str, Meta(description="Id of the statement")]
    article: ArticleRef
    statement: Annotated[Statement, Meta(description="The statement, with positions of the enriched article")]
    speaker_entity: Annotated[
        Entity | None,
        Meta(description="The speaker with titles, aliases and mentions: the 32 about the content at most"),
    ]
    entities: Annotated[
        list[Entity], Meta(description="Entities named inside the content, with 32 mentions each at most")
    ]
    before: Annotated[str, Meta(description="The sentence before the statement, else empty")]
    after: Annotated[str, Meta(description="The sentence after the statement, else empty")]
    provenance: Provenance


class EntityEvent(Struct, frozen=True, kw_only=True):
    """One named entity of one article, on `news.entities` (key: canonical name)."""

    id: Annotated[str, Meta(description="A digest of article, type and canonical name, 16 hex digits")]
    article: ArticleRef
    entity: Annotated[Entity, Meta(description="The entity with its mentions in this article")]
    statement_ids: Annotated[list[str], Meta(description="Statements this entity is the speaker of")]
    provenance: Provenance
