"""Link each statement's speaker to an entity: names, titles, pronouns, demonstratives, omitted subjects.

«وی» and an omitted subject are the subject of the last reporting clause, whoever was named since (rule 2 of
the continuation rules). A role stands for the person the linker gave it to, for the one it stood for before,
or, where it names nobody in the article, for the person in focus. Linear in statements and mentions.
"""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from schemas.enriched import EntityType, ResolvedBy
from workers.nlp.document import Document, Range, TextEntity, TextSpeaker
from workers.nlp.statements.lexicon import CueLexicon
from workers.nlp.statements.morphology import fold
from workers.nlp.statements.subject import able

_QUANTITIES = frozenset(("DATE", "TIME", "MONEY", "PERCENT"))


def _words() -> Mapping[str, frozenset[str]]:
    return CueLexicon.load().words


def resolve_speakers(document: Document) -> Document:
    """Link each statement's speaker to an entity of the document, in the order of the statements."""
    if not document.statements:
        return document
    resolver = _Resolver(document)
    statements = []
    for place, statement in enumerate(document.statements):
        if statement.speaker is not None:
            speaker = resolver.resolve(place, statement.speaker)
            if statement.speaker.resolved_by != "label":  # a headline stands apart from the story
                resolver.remember(speaker, statement.speaker)
            statement = replace(statement, speaker=speaker)
        statements.append(statement)
    return replace(document, statements=tuple(statements))


@dataclass(slots=True)
class _Resolver:
    """Who spoke last, what expressions have stood for whom, and where the entities are."""

    document: Document
    entities: dict[str, TextEntity] = field(init=False)
    last: TextSpeaker | None = None
    person: TextSpeaker | None = None
    body: TextSpeaker | None = None  # the last organisation, country or medium
    seen: dict[str, TextSpeaker] = field(default_factory=dict)
    titles: dict[str, TextEntity] | None = None  # key of a title or name → entity; made when asked for
    nominal: list[tuple[int, int, TextEntity]] = field(default_factory=list)  # roles alone, by place
    named: dict[EntityType, list[tuple[int, TextEntity]]] = field(default_factory=dict)  # by start
    coming: list[TextSpeaker | None] = field(default_factory=list)  # the next person to speak by name
    first: int = 0  # the first statement of the story
    speaking: set[str] = field(default_factory=set)  # people who speak by name

    def __post_init__(self) -> None:
        self.entities = {e.id: e for e in self.document.entities}
        for entity in self.document.entities:
            if entity.type in _QUANTITIES:
                continue
            for mention in entity.mentions:
                if mention.kind == "name":
                    self.named.setdefault(entity.type, []).append((mention.start, entity))
                else:
                    self.nominal.append((mention.start, mention.end, entity))
        self.nominal.sort(key=lambda n: n[0])
        for mentions in self.named.values():
            mentions.sort(key=lambda m: m[0])
        following: TextSpeaker | None = None
        for statement in reversed(self.document.statements):
            self.coming.append(following)
            speaker = statement.speaker
            if speaker is not None and speaker.entity_id is not None:
                entity = self.entities[speaker.entity_id]
                following = _named(entity, speaker) if entity.type == "PER" else None
                if following is not None:
                    self.speaking.add(entity.id)
        self.coming.reverse()
        for statement in self.document.statements[:1]:
            self.first = int(statement.speaker is not None and statement.speaker.resolved_by == "label")

    def remember(self, speaker: TextSpeaker | None, expression: TextSpeaker) -> None:
        """Put a resolved speaker in focus."""
        if speaker is None:
            return
        if expression.resolved_by == "expression" and speaker.entity_id is None and not _able(speaker.name):
            return  # no later «وی» stands for a phrase that cannot speak
        self.last = speaker
        if self._is_person(speaker):
            self.person = speaker
        else:
            self.body = speaker
        if expression.mention is not None and expression.resolved_by not in ("pronoun", "omitted"):
            self.seen[fold(expression.name)] = speaker

    def resolve(self, place: int, speaker: TextSpeaker) -> TextSpeaker | None:
        """The speaker of one statement; None where the text does not tell."""
        how = speaker.resolved_by
        if speaker.entity_id is not None:
            return _named(self.entities[speaker.entity_id], speaker)
        if how in ("pronoun", "omitted"):
            return self._anaphor(place, speaker)
        entity = self._nominal(speaker.mention)
        if entity is not None and self._may_speak(place, entity):
            manner: ResolvedBy = how if how in ("demonstrative", "label") else "title"
            return replace(_named(entity, speaker), resolved_by=manner)
        key = fold(speaker.name)
        if how == "label":
            entity = self._called(key)
            return _named(entity, speaker) if entity is not None else speaker
        if key in self.seen:
            return _as(self.seen[key], speaker)
        if how == "demonstrative":
            return self._demonstrative(speaker)
        entity = self._called(key)
        if entity is not None:
            return _named(entity, speaker)
        named = self.coming[place]
        if place == self.first and how in ("title", "expression") and named and _named_later(speaker):
            return replace(_as(named, speaker), resolved_by="title")
        if how == "title":
            return self._role(place, speaker)
        return speaker

    def _called(self, key: str) -> TextEntity | None:
        """The first entity with a title or name."""
        if self.titles is None:
            self.titles = {}
            for entity in self.document.entities:
                if entity.type not in _QUANTITIES:
                    for name in (*entity.titles, *entity.aliases, entity.canonical):
                        self.titles.setdefault(fold(name), entity)
        return self.titles.get(key)

    def _may_speak(self, place: int, entity: TextEntity) -> bool:
        """A role is the linker's to give, but not to one who never speaks where another person does."""
        if entity.id in self.speaking or not self.speaking:
            return True
        others = self.person if self.person is not None else self.coming[place]
        return others is None or bool(entity.titles)

    def _anaphor(self, place: int, speaker: TextSpeaker) -> TextSpeaker | None:
        if fold(speaker.name) in _words()["plural_pronouns"] and self.last and self._is_named(self.last):
            return _as(self.body, speaker) if self.body else replace(speaker, resolved_by="expression")
        known = self.last
        if speaker.resolved_by == "pronoun" and fold(speaker.name) not in _words()["plural_pronouns"]:
            known = self.last if self.last is not None and self._is_person(self.last) else self.person
            known = known or self.last
        known = known or self._mentioned(speaker, "PER") or self.coming[place]
        return _as(known, speaker) if known else None

    def _demonstrative(self, speaker: TextSpeaker) -> TextSpeaker:
        words = speaker.name.split()
        head = fold(words[1]) if len(words) > 1 else ""
        for known in (self.last, self.body):
            if known is not None and head and head in map(fold, known.name.split()):
                return _as(known, speaker)  # «این ائتلاف» of «ائتلاف مردمی»
        if head in _words()["bodies"]:
            known = self.body or self.last or self._mentioned(speaker, "ORG")
        else:
            known = self.person or self.last or self._mentioned(speaker, "PER")
        return _as(known, speaker) if known else speaker

    def _role(self, place: int, speaker: TextSpeaker) -> TextSpeaker:
        """A role that names nobody yet: the person in focus unless «نیز» adds somebody, or who comes."""
        mention = speaker.mention
        after = self.document.text[mention.end : mention.end + 8] if mention else ""
        if self.person is not None:
            return speaker if "نیز" in after else _as(self.person, speaker)
        known = self.coming[place]
        if self.body is not None and not {*self.body.name.split()}.isdisjoint(speaker.name.split()):
            return speaker  # «سخنگوی پلیس» after «پلیس» is of the police, not who comes
        return _as(known, speaker) if known else speaker

    def _is_named(self, speaker: TextSpeaker) -> bool:
        entity = self.entities.get(speaker.entity_id or "")
        return entity is not None and entity.type == "PER"

    def _is_person(self, speaker: TextSpeaker) -> bool:
        entity = self.entities.get(speaker.entity_id or "")
        return entity is None or entity.type == "PER"

    def _nominal(self, mention: Range | None) -> TextEntity | None:
        """The entity that the linker found a role to stand for."""
        if mention is None:
            return None
        at = bisect_left(self.nominal, mention.end, key=lambda n: n[0])
        for start, end, entity in reversed(self.nominal[max(0, at - 3) : at]):
            if start < mention.end and mention.start < end:
                return entity
        return None

    def _mentioned(self, speaker: TextSpeaker, kind: EntityType) -> TextSpeaker | None:
        """The entity of a type named last before an expression."""
        mentions = self.named.get(kind, [])
        if speaker.mention is None or not mentions:
            return None
        at = bisect_left(mentions, speaker.mention.start, key=lambda m: m[0])
        return _named(mentions[at - 1][1], speaker) if at else None


def _named(entity: TextEntity, speaker: TextSpeaker) -> TextSpeaker:
    return TextSpeaker(entity.canonical, speaker.mention, entity.id, speaker.resolved_by)


def _as(known: TextSpeaker, speaker: TextSpeaker) -> TextSpeaker:
    return TextSpeaker(known.name, speaker.mention, known.entity_id, speaker.resolved_by)


def _able(name: str) -> bool:
    """Whether an expression can speak: by its head, or by the office behind a name nobody knows."""
    return any(able(CueLexicon.load(), fold(word)) for word in name.split()[:3])


def _named_later(speaker: TextSpeaker) -> bool:
    """An article that opens with a role («یک کارشناس …») names its holder later."""
    words = [fold(w) for w in speaker.name.split()]
    if words[:1] == ["یک"]:
        words = words[1:]
    return bool(words) and words[0] in _words()["roles"] and words[0] not in _words()["anonymous"]
