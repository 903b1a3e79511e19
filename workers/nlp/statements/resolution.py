"""Link each statement's speaker to an entity: names, titles, pronouns, demonstratives, omitted subjects."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache

from schemas.enriched import EntityType
from workers.nlp.document import Document, TextEntity, TextSpeaker, TextStatement
from workers.nlp.statements.lexicon import CueLexicon
from workers.nlp.statements.morphology import fold


@cache
def _words() -> Mapping[str, frozenset[str]]:
    return CueLexicon.load().words


@dataclass(slots=True)
class _Focus:
    """Who spoke last, and what expressions have stood for whom."""

    last: TextSpeaker | None = None
    person: TextSpeaker | None = None
    body: TextSpeaker | None = None  # the last organisation, country or medium
    seen: dict[str, TextSpeaker] = field(default_factory=dict)


def resolve_speakers(document: Document) -> Document:
    """Link each statement's speaker to an entity; may add nominal and pronoun mentions to entities."""
    entities = {e.id: e for e in document.entities}
    focus = _Focus()
    statements: list[TextStatement] = []
    for place, statement in enumerate(document.statements):
        speaker = statement.speaker
        if speaker is not None:
            speaker = _resolve(document, entities, focus, place, speaker)
            statement = replace(statement, speaker=speaker)
            if speaker is not None:
                _remember(entities, focus, statement.speaker, document.statements[place].speaker)
        statements.append(statement)
    return replace(document, statements=tuple(statements))


def _remember(
    entities: dict[str, TextEntity],
    focus: _Focus,
    speaker: TextSpeaker | None,
    expression: TextSpeaker | None,
) -> None:
    if speaker is None or expression is None:
        return
    focus.last = speaker
    entity = entities.get(speaker.entity_id or "")
    if entity is None or entity.type == "PER":
        focus.person = speaker
    else:
        focus.body = speaker
    if expression.mention is not None and expression.resolved_by not in ("pronoun", "omitted"):
        focus.seen[fold(expression.name)] = speaker


def _named(entity: TextEntity, speaker: TextSpeaker) -> TextSpeaker:
    return replace(speaker, name=entity.canonical, entity_id=entity.id)


def _as(known: TextSpeaker, speaker: TextSpeaker) -> TextSpeaker:
    return replace(speaker, name=known.name, entity_id=known.entity_id)


def _resolve(
    document: Document, entities: dict[str, TextEntity], focus: _Focus, place: int, speaker: TextSpeaker
) -> TextSpeaker | None:
    how = speaker.resolved_by
    if speaker.entity_id is not None:
        return _named(entities[speaker.entity_id], speaker)
    if how in ("pronoun", "omitted"):
        known = focus.last
        if how == "pronoun" and fold(speaker.name) not in _words()["plural_pronouns"]:
            known = focus.last if focus.last is not None and _person(entities, focus.last) else focus.person
            known = known or focus.last
        known = known or _mentioned(document, speaker, "PER") or _next_named(document, entities, place)
        return _as(known, speaker) if known else None
    entity = _nominal(document, speaker)
    if entity is not None:
        return replace(
            _named(entity, speaker), resolved_by="demonstrative" if how == "demonstrative" else "title"
        )
    key = fold(speaker.name)
    if key in focus.seen:
        return _as(focus.seen[key], speaker)
    if how == "demonstrative":
        words = speaker.name.split()
        head = fold(words[1]) if len(words) > 1 else ""
        if head in _words()["bodies"]:
            known = focus.body or focus.last or _mentioned(document, speaker, "ORG")
        else:
            known = focus.person or focus.last or _mentioned(document, speaker, "PER")
        return _as(known, speaker) if known else speaker
    entity = _by_title(document, key)
    if entity is not None:
        return _named(entity, speaker)
    if place == 0 and how in ("title", "expression") and _later_named(speaker):
        known = _next_named(document, entities, place)
        if known is not None:
            return replace(_as(known, speaker), resolved_by="title")
    if how == "title":
        known = _same_person(document, entities, focus, place, speaker)
        if known is not None:
            return known
    return speaker


def _nominal(document: Document, speaker: TextSpeaker) -> TextEntity | None:
    """The entity that the linker found this role to stand for."""
    mention = speaker.mention
    if mention is None:
        return None
    for entity in document.entities:
        for other in entity.mentions:
            if other.kind != "name" and other.start < mention.end and mention.start < other.end:
                return entity
    return None


def _mentioned(document: Document, speaker: TextSpeaker, kind: EntityType) -> TextSpeaker | None:
    """The entity of a type named last before an expression."""
    if speaker.mention is None:
        return None
    best: tuple[int, TextEntity] | None = None
    for entity in document.entities:
        if entity.type != kind:
            continue
        for mention in entity.mentions:
            if mention.end <= speaker.mention.start and (best is None or mention.start > best[0]):
                best = (mention.start, entity)
    return _named(best[1], speaker) if best else None


def _person(entities: dict[str, TextEntity], speaker: TextSpeaker) -> bool:
    entity = entities.get(speaker.entity_id or "")
    return entity is None or entity.type == "PER"


def _by_title(document: Document, key: str) -> TextEntity | None:
    for entity in document.entities:
        if entity.type in ("DATE", "TIME", "MONEY", "PERCENT"):
            continue
        if any(fold(x) == key for x in (*entity.titles, *entity.aliases, entity.canonical)):
            return entity
    return None


def _same_person(
    document: Document, entities: dict[str, TextEntity], focus: _Focus, place: int, speaker: TextSpeaker
) -> TextSpeaker | None:
    """A title that names nobody yet: the person in focus, or the next one to speak by name."""
    mention = speaker.mention
    after = document.text[mention.end : mention.end + 8] if mention else ""
    if focus.person is not None and focus.last is not None and "نیز" not in after:
        return _as(focus.person, speaker)
    if focus.person is None:
        named = _next_named(document, entities, place)
        return _as(named, speaker) if named else None
    return None


def _later_named(speaker: TextSpeaker) -> bool:
    """An article that opens with a role («یک کارشناس …») names its holder later."""
    words = [fold(w) for w in speaker.name.split()]
    if words[:1] == ["یک"]:
        words = words[1:]
    return bool(words) and words[0] in _words()["roles"] and words[0] not in _words()["anonymous"]


def _next_named(document: Document, entities: dict[str, TextEntity], place: int) -> TextSpeaker | None:
    """The next to speak by name, if a person."""
    for later in document.statements[place + 1 :]:
        other = later.speaker
        if other is not None and other.entity_id is not None:
            entity = entities[other.entity_id]
            return _named(entity, other) if entity.type == "PER" else None
    return None
