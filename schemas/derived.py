"""Events derived from an enriched article, complete in themselves: a consumer needs no join."""

from typing import Annotated

from msgspec import Meta, Struct

from schemas.enriched import Entity, Provenance, Statement


class ArticleRef(Struct, frozen=True, kw_only=True):
    """What a derived event repeats of its article."""

    id: str
    url: str | None = None
    title: str | None = None
    agency: str | None = None
    published_at: str | None = None


class StatementEvent(Struct, frozen=True, kw_only=True):
    """One statement, on `news.statements` (key: speaker's name)."""

    id: str
    article: ArticleRef
    statement: Statement
    speaker_entity: Annotated[
        Entity | None, Meta(description="The speaker with titles, aliases and mentions")
    ]
    entities: Annotated[list[Entity], Meta(description="Entities named inside the content")]
    before: Annotated[str, Meta(description="The sentence before the statement, else empty")]
    after: Annotated[str, Meta(description="The sentence after the statement, else empty")]
    provenance: Provenance


class EntityEvent(Struct, frozen=True, kw_only=True):
    """One named entity of one article, on `news.entities` (key: canonical name)."""

    id: str
    article: ArticleRef
    entity: Entity
    statement_ids: Annotated[list[str], Meta(description="Statements this entity is the speaker of")]
    provenance: Provenance
