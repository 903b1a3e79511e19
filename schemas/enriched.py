"""The enriched article, as the worker publishes it to `news.enriched`.

Spans are half-open, in Unicode code points. `start`/`end` index `EnrichedArticle.text`;
`raw_start`/`raw_end` index the article's field named by `field`, exactly as it was consumed.
"""

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

Field = Literal["body", "title", "lead"]
BlockKind = Literal["title", "lead", "dateline", "paragraph", "subhead", "boilerplate"]
EntityType = Literal["PER", "ORG", "LOC", "FAC", "EVENT", "PRODUCT", "DATE", "TIME", "MONEY", "PERCENT"]
MentionKind = Literal["name", "nominal", "pronoun"]
StatementKind = Literal["direct", "indirect", "mixed"]
Stance = Literal["say", "claim", "deny", "request", "warn", "promise", "praise", "condemn", "ask", "hope"]
ResolvedBy = Literal[
    "name", "title", "pronoun", "demonstrative", "omitted", "continuation", "expression", "label"
]
Precision = Literal["year", "month", "day", "minute", "season", "week", "decade"]


class Span(Struct, frozen=True, kw_only=True):
    """A stretch of text with both its positions (code points)."""

    start: int
    end: int
    raw_start: int
    raw_end: int
    field: Field = "body"


class Block(Span, frozen=True, kw_only=True):
    """A typographic unit. A `boilerplate` block is no part of `text`: its `start` equals its `end`."""

    kind: BlockKind


class Mention(Span, frozen=True, kw_only=True):
    """One place where an entity is named, described or stood for by a pronoun."""

    text: str
    kind: MentionKind = "name"


class Entity(Struct, frozen=True, kw_only=True):
    """One thing in the article, with all its mentions."""

    id: str
    type: EntityType
    canonical: Annotated[str, Meta(description="Fullest form, in standard letters and half spaces")]
    aliases: list[str] = []
    titles: Annotated[list[str], Meta(description="Titles and roles the article gives a person")] = []
    mentions: list[Mention] = []
    iso: Annotated[str | None, Meta(description="ISO 8601 value of a DATE or TIME")] = None
    precision: Annotated[Precision | None, Meta(description="How exact `iso` is")] = None
    amount: Annotated[float | None, Meta(description="Value of a MONEY or PERCENT")] = None
    currency: Annotated[str | None, Meta(description="ISO 4217 code of a MONEY; IRT for the toman")] = None
    wikidata: Annotated[str | None, Meta(description="QID, where a lexicon knows it")] = None


class Speaker(Struct, frozen=True, kw_only=True):
    """Who made a statement. `entity_id` is null for an expression without a name («یک منبع آگاه»)."""

    name: str
    entity_id: str | None = None
    mention: Span | None = None
    resolved_by: ResolvedBy = "name"


class Participant(Struct, frozen=True, kw_only=True):
    """Whom a statement was said to."""

    name: str
    entity_id: str | None = None
    mention: Span | None = None


class Occasion(Struct, frozen=True, kw_only=True):
    """Where and when a statement was made, as the article puts it."""

    text: str
    span: Span
    entity_ids: Annotated[list[str], Meta(description="Places, dates and events named in it")] = []


class Statement(Struct, frozen=True, kw_only=True):
    """One stretch of reported speech by one speaker."""

    id: str
    kind: StatementKind
    stance: Stance
    speaker: Annotated[Speaker | None, Meta(description="Null where the text does not tell")]
    cue: Annotated[Span | None, Meta(description="The reporting expression; null in interviews")]
    content: list[Span]
    text: Annotated[str, Meta(description="The content as cleaned text, its spans joined by one space")]
    confidence: Annotated[float, Meta(ge=0, le=1)]
    addressee: Participant | None = None
    occasion: Occasion | None = None


class Dateline(Struct, frozen=True, kw_only=True):
    """What the opening line tells of provenance («به گزارش گروه بین‌الملل …؛»)."""

    agency: str | None = None
    desk: str | None = None
    place: str | None = None
    reporter: str | None = None


class Provenance(Struct, frozen=True, kw_only=True):
    """Where the raw article was consumed and what enriched it. Deterministic for one record and version."""

    pipeline: Annotated[str, Meta(description="khabar's version")]
    models: Annotated[
        dict[str, str], Meta(description="Name of each model and its SHA-256 digest, 16 hex digits")
    ] = {}
    topic: str | None = None
    partition: int | None = None
    offset: int | None = None
    timestamp: Annotated[int | None, Meta(description="Of the raw record, Unix milliseconds")] = None


class EnrichedArticle(Struct, frozen=True, kw_only=True):
    """One article with everything khabar found in it."""

    article: Annotated[dict[str, Any], Meta(description="The raw article as consumed, `id` always set")]
    text: Annotated[str, Meta(description="Cleaned text; blocks stand on lines of their own")]
    blocks: list[Block]
    sentences: list[Span]
    dateline: Dateline | None
    language: str
    published_at: Annotated[str | None, Meta(description="ISO 8601")]
    entities: list[Entity]
    statements: list[Statement]
    fingerprint: Annotated[str, Meta(description="Near-duplicate signature, 16 hex digits")]
    provenance: Provenance
