"""From the document to the event of the contract: raw positions, identifiers, wire types."""

from typing import Any

from schemas.enriched import (
    Block,
    Cue,
    EnrichedArticle,
    Entity,
    Mention,
    Occasion,
    Participant,
    Provenance,
    Span,
    Speaker,
    Statement,
)
from workers.nlp.calendars import jalali, local_date
from workers.nlp.document import Document, TextEntity, TextSpeaker, TextStatement
from workers.nlp.identity import digest
from workers.nlp.mention_index import MentionIndex


def assemble(document: Document, provenance: Provenance) -> EnrichedArticle:
    """The enriched event of a document that went through all steps."""
    day = local_date(document.published_at)
    index = MentionIndex(e.mentions for e in document.entities)
    return EnrichedArticle(
        article=dict(document.raw),
        text=document.text,
        blocks=[
            Block(
                kind=b.kind,
                start=min(b.start, len(document.text)),  # boilerplate may stand after the last line's end
                end=min(b.end, len(document.text)),
                raw_start=b.raw_start,
                raw_end=b.raw_end,
                field=b.field,
            )
            for b in document.blocks
        ],
        sentences=[Span(**_place(document, s.start, s.end)) for s in document.sentences],
        dateline=document.dateline,
        language=document.language,
        published_at=document.published_at,
        published_jalali=jalali(day.isoformat()) if day else None,
        entities=[_entity(document, e) for e in document.entities],
        statements=[_statement(document, s, index) for s in document.statements],
        fingerprint=document.fingerprint,
        provenance=provenance,
    )


def _place(document: Document, start: int, end: int) -> dict[str, Any]:
    raw_start, raw_end = document.aligned.raw_span(start, end)
    return {
        "start": start,
        "end": end,
        "raw_start": raw_start,
        "raw_end": raw_end,
        "field": document.field_at(start),
    }


def _entity(document: Document, entity: TextEntity) -> Entity:
    quantity = entity.quantity
    return Entity(
        id=entity.id,
        type=entity.type,
        canonical=entity.canonical,
        aliases=list(entity.aliases),
        titles=list(entity.titles),
        mentions=[
            Mention(text=document.text[m.start : m.end], kind=m.kind, **_place(document, m.start, m.end))
            for m in entity.mentions
        ],
        iso=quantity.iso,
        precision=quantity.precision,
        amount=quantity.amount,
        currency=quantity.currency,
        wikidata=entity.wikidata,
        amount_min=quantity.ends[0] if quantity.ends else None,
        amount_max=quantity.ends[1] if quantity.ends else None,
        jalali=jalali(quantity.iso) if quantity.iso else None,
    )


def _statement(document: Document, statement: TextStatement, index: MentionIndex) -> Statement:
    content = [Span(**_place(document, *c)) for c in statement.content]
    article = str(document.raw["id"])
    occasion = statement.occasion
    return Statement(
        id=digest(article, *(f"{c.field}:{c.raw_start}-{c.raw_end}" for c in content))[:16],
        kind=statement.kind,
        stance=statement.stance,
        speaker=_speaker(document, statement.speaker) if statement.speaker else None,
        cue=Cue(lemma=statement.lemma, **_place(document, *statement.cue)) if statement.cue else None,
        content=content,
        text=" ".join(document.slice(c) for c in statement.content),
        confidence=round(statement.confidence, 3),
        addressee=_participant(document, statement.addressee) if statement.addressee else None,
        occasion=Occasion(
            text=document.slice(occasion),
            span=Span(**_place(document, *occasion)),
            entity_ids=[document.entities[n].id for n in index.inside([occasion])],
        )
        if occasion
        else None,
    )


def _speaker(document: Document, speaker: TextSpeaker) -> Speaker:
    return Speaker(
        name=speaker.name,
        entity_id=speaker.entity_id,
        mention=Span(**_place(document, *speaker.mention)) if speaker.mention else None,
        resolved_by=speaker.resolved_by,
    )


def _participant(document: Document, participant: TextSpeaker) -> Participant:
    return Participant(
        name=participant.name,
        entity_id=participant.entity_id,
        mention=Span(**_place(document, *participant.mention)) if participant.mention else None,
    )
