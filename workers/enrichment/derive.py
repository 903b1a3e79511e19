"""The derived events of an enriched article: statements and named entities, complete in themselves."""

import bisect
from collections.abc import Iterator
from operator import attrgetter

import msgspec

from schemas.derived import MOST_MENTIONS, ArticleRef, EntityEvent, StatementEvent
from schemas.enriched import EnrichedArticle, Entity, Span, Statement
from workers.nlp.identity import digest
from workers.nlp.mention_index import MentionIndex

NAMED = frozenset({"PER", "ORG", "LOC", "FAC", "EVENT", "PRODUCT"})
_start = attrgetter("start")


def statement_events(enriched: EnrichedArticle) -> Iterator[StatementEvent]:
    """One event a statement, in the order of the article."""
    article = _reference(enriched)
    entities = {e.id: e for e in enriched.entities}
    ends = [s.end for s in enriched.sentences]
    index = MentionIndex(e.mentions for e in enriched.entities)
    for statement in enriched.statements:
        before, after = _neighbours(enriched, ends, statement.content)
        speaker = statement.speaker
        known = entities.get(speaker.entity_id or "") if speaker else None
        yield StatementEvent(
            id=statement.id,
            article=article,
            statement=statement,
            speaker_entity=_near(known, statement) if known else None,
            entities=[_near(enriched.entities[n], statement) for n in index.inside(statement.content)],
            before=before,
            after=after,
            provenance=enriched.provenance,
        )


def entity_events(enriched: EnrichedArticle) -> Iterator[EntityEvent]:
    """One event a named entity, in the order of the article. Dates, times, sums and percentages have none."""
    article = _reference(enriched)
    spoken: dict[str, list[str]] = {}
    for statement in enriched.statements:
        if statement.speaker and statement.speaker.entity_id:
            spoken.setdefault(statement.speaker.entity_id, []).append(statement.id)
    for entity in enriched.entities:
        if entity.type in NAMED:
            yield EntityEvent(
                id=digest(article.id, entity.type, entity.canonical)[:16],
                article=article,
                entity=entity,
                statement_ids=spoken.get(entity.id, []),
                provenance=enriched.provenance,
            )


def speaker_key(event: StatementEvent) -> str:
    """The key of a statement event: its speaker's name, empty where the article names none."""
    if event.speaker_entity:
        return event.speaker_entity.canonical
    return event.statement.speaker.name if event.statement.speaker else ""


def _reference(enriched: EnrichedArticle) -> ArticleRef:
    article = enriched.article
    return ArticleRef(
        id=article["id"],
        url=article.get("url"),
        title=article.get("title"),
        agency=article.get("agency") or (enriched.dateline.agency if enriched.dateline else None),
        published_at=enriched.published_at,
        published_jalali=enriched.published_jalali,
    )


def _near(entity: Entity, statement: Statement) -> Entity:
    """The entity with the mentions nearest to the content, so that events stay linear in the article."""
    mentions = entity.mentions
    if len(mentions) <= MOST_MENTIONS:
        return entity
    here = statement.content[0].start if statement.content else 0
    middle = bisect.bisect_left(mentions, here, key=_start)
    first = max(0, min(middle - MOST_MENTIONS // 2, len(mentions) - MOST_MENTIONS))
    return msgspec.structs.replace(entity, mentions=mentions[first : first + MOST_MENTIONS])


def _neighbours(enriched: EnrichedArticle, ends: list[int], content: list[Span]) -> tuple[str, str]:
    """The sentences before and after those that hold the content; `ends` holds the ends of all sentences."""
    if not content:
        return "", ""
    start, end = min(s.start for s in content), max(s.end for s in content)
    sentences = enriched.sentences
    first = bisect.bisect_right(ends, start)  # the first sentence that ends after the content's start
    following = first
    while following < len(sentences) and sentences[following].start < end:
        following += 1
    before = sentences[first - 1] if first else None
    after = sentences[following] if following < len(sentences) else None
    return (
        enriched.text[before.start : before.end] if before else "",
        enriched.text[after.start : after.end] if after else "",
    )
