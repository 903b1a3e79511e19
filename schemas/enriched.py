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
    """A stretch of text with both its positions, half-open, in Unicode code points.

    They are neither bytes nor UTF-16 units: in JavaScript count with `Array.from(text)`, in Java with
    `codePointCount`.
    """

    start: Annotated[int, Meta(ge=0, description="First code point, in the event's `text`")]
    end: Annotated[int, Meta(ge=0, description="The code point after the last, in the event's `text`")]
    raw_start: Annotated[int, Meta(ge=0, description="First code point, in the article's field as consumed")]
    raw_end: Annotated[
        int, Meta(ge=0, description="The code point after the last, in the article's field as consumed")
    ]
    field: Annotated[Field, Meta(description="The article's field that raw positions count in")] = "body"


class Cue(Span, frozen=True, kw_only=True):
    """The reporting expression of a statement."""

    lemma: Annotated[
        str | None,
        Meta(
            description="Infinitive of a cue with a verb, as people write it («تأکید کردن»); null of others"
        ),
    ] = None


class Block(Span, frozen=True, kw_only=True):
    """A typographic unit. A `boilerplate` block is no part of `text`: its `start` equals its `end`."""

    kind: BlockKind


class Mention(Span, frozen=True, kw_only=True):
    """One place where an entity is named, described or stood for by a pronoun."""

    text: Annotated[str, Meta(description="The mention as it stands in the event's `text`")]
    kind: Annotated[
        MentionKind,
        Meta(description="name; nominal: a title or description that stands for it; pronoun: «وی», «او»"),
    ] = "name"


class Entity(Struct, frozen=True, kw_only=True):
    """One thing in the article, with all its mentions."""

    id: Annotated[
        str, Meta(description="Unique in the article only; `canonical` or `wikidata` join articles")
    ]
    type: Annotated[EntityType, Meta(description="PER person, ORG organisation, LOC place, FAC building, …")]
    canonical: Annotated[str, Meta(description="Fullest form, in standard letters and half spaces")]
    aliases: Annotated[list[str], Meta(description="Its other names in the article")] = []
    titles: Annotated[list[str], Meta(description="Titles and roles the article gives a person")] = []
    mentions: Annotated[list[Mention], Meta(description="In the order of the text")] = []
    iso: Annotated[str | None, Meta(description="ISO 8601 value of a DATE or TIME")] = None
    precision: Annotated[Precision | None, Meta(description="How exact `iso` is")] = None
    amount: Annotated[float | None, Meta(description="Value of a MONEY or PERCENT")] = None
    currency: Annotated[str | None, Meta(description="ISO 4217 code of a MONEY; IRT for the toman")] = None
    wikidata: Annotated[str | None, Meta(description="QID, where a lexicon knows it")] = None
    amount_min: Annotated[
        float | None, Meta(description="Lower end of a range or guess, which has no `amount`")
    ] = None
    amount_max: Annotated[
        float | None, Meta(description="Upper end of a range or guess, which has no `amount`")
    ] = None
    jalali: Annotated[
        str | None, Meta(description="`iso` in the Iranian calendar: a day, or first and last day")
    ] = None


class Speaker(Struct, frozen=True, kw_only=True):
    """Who made a statement."""

    name: Annotated[
        str, Meta(description="The entity's canonical name, else the expression itself («یک منبع آگاه»)")
    ]
    entity_id: Annotated[str | None, Meta(description="Null for a speaker without a name")] = None
    mention: Annotated[
        Span | None,
        Meta(description="The expression nearest to the cue that stands for the speaker; null where omitted"),
    ] = None
    resolved_by: Annotated[ResolvedBy, Meta(description="How the speaker was found")] = "name"


class Participant(Struct, frozen=True, kw_only=True):
    """Whom a statement was said to."""

    name: Annotated[str, Meta(description="The entity's canonical name, else the expression itself")]
    entity_id: Annotated[str | None, Meta(description="Null for an addressee without a name")] = None
    mention: Span | None = None


class Occasion(Struct, frozen=True, kw_only=True):
    """Where and when a statement was made, as the article puts it."""

    text: Annotated[str, Meta(description="The expression as it stands in the event's `text`")]
    span: Span
    entity_ids: Annotated[list[str], Meta(description="Places, dates and events named in it")] = []


class Statement(Struct, frozen=True, kw_only=True):
    """One stretch of reported speech by one speaker."""

    id: Annotated[
        str, Meta(description="A digest of the article's id and the content's raw positions, 16 hex digits")
    ]
    kind: Annotated[
        StatementKind,
        Meta(description="direct: the speaker's own words; indirect: in the narrator's; mixed: both"),
    ]
    stance: Annotated[Stance, Meta(description="What the speaker does by saying it")]
    speaker: Annotated[Speaker | None, Meta(description="Null where the text does not tell")]
    cue: Annotated[Cue | None, Meta(description="The reporting expression; null in interviews")]
    content: Annotated[
        list[Span],
        Meta(
            description="What was said, without cue, speaker and quotation marks; several where interrupted"
        ),
    ]
    text: Annotated[str, Meta(description="The content as cleaned text, its spans joined by one space")]
    confidence: Annotated[float, Meta(ge=0, le=1, description="1 is certain")]
    addressee: Annotated[Participant | None, Meta(description="Whom it was said to, where told")] = None
    occasion: Annotated[Occasion | None, Meta(description="Where and when it was said, where told")] = None


class Dateline(Struct, frozen=True, kw_only=True):
    """What the opening line tells of the article's origin («به گزارش گروه بین‌الملل …؛»)."""

    agency: Annotated[str | None, Meta(description="Agency or site that reports")] = None
    desk: Annotated[str | None, Meta(description="Its desk («بین‌الملل»)")] = None
    place: Annotated[str | None, Meta(description="Where it reports from")] = None
    reporter: Annotated[str | None, Meta(description="Who reports, where named")] = None


class Provenance(Struct, frozen=True, kw_only=True):
    """Where the raw article was consumed and what enriched it; the same for one record and version."""

    pipeline: Annotated[str, Meta(description="khabar's version")]
    models: Annotated[
        dict[str, str],
        Meta(description="Name of each model, `knowledge` for word tables, and its digest, 16 hex digits"),
    ] = {}
    topic: Annotated[str | None, Meta(description="Topic of the raw record; null outside Kafka")] = None
    partition: Annotated[int | None, Meta(description="Partition of the raw record")] = None
    offset: Annotated[int | None, Meta(description="Offset of the raw record")] = None
    timestamp: Annotated[int | None, Meta(description="Timestamp of the raw record, Unix milliseconds")] = (
        None
    )


class EnrichedArticle(Struct, frozen=True, kw_only=True):
    """One article with everything khabar found in it."""

    article: Annotated[dict[str, Any], Meta(description="The raw article as consumed, `id` always set")]
    text: Annotated[str, Meta(description="Cleaned text; blocks stand on lines of their own")]
    blocks: Annotated[list[Block], Meta(description="In the order of title, lead, body")]
    sentences: Annotated[list[Span], Meta(description="Sentences of `text`, in its order")]
    dateline: Annotated[
        Dateline | None, Meta(description="Null where the article has no opening line of origin")
    ]
    language: Annotated[str, Meta(description="BCP 47 tag of the text, as found")]
    published_at: Annotated[
        str | None,
        Meta(description="`published` as ISO 8601 date or date-time; null where it cannot be read"),
    ]
    entities: Annotated[
        list[Entity], Meta(description="Named things and quantities, by first mention by name")
    ]
    statements: Annotated[list[Statement], Meta(description="Who said what, in the order of the text")]
    fingerprint: Annotated[str, Meta(description="Near-duplicate signature, 16 hex digits")]
    provenance: Provenance
    published_jalali: Annotated[
        str | None, Meta(description="Day of `published_at` in Tehran, in the Iranian calendar")
    ] = None
