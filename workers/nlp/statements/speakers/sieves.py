"""Links each statement's speaker to an entity: sieves are asked in order, and the first that knows decides.

«وی» and an omitted subject are the subject of the last reporting clause, whoever was named since. A role
stands for the person the linker gave it to, else for the one it stood for before. Where it names nobody in
the article, it stands for the person in focus. The work is linear in statements and mentions.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from schemas.enriched import ResolvedBy
from workers.nlp.document import Document, TextSpeaker
from workers.nlp.knowledge import Knowledge
from workers.nlp.knowledge.cues import CueLexicon
from workers.nlp.knowledge.folding import glue
from workers.nlp.statements.speakers.focus import Focus, named, same
from workers.nlp.statements.speakers.offices import Offices
from workers.nlp.statements.speakers.unnamed import is_unnamed


class Found(NamedTuple):
    """The answer of a sieve: the speaker, or None where the text does not tell."""

    speaker: TextSpeaker | None


class Sieve(NamedTuple):
    """A rule for some expressions."""

    id: str
    example: str
    decide: Callable[[Focus, int, TextSpeaker], Found | None]  # None: the next sieve is asked


def by_name(focus: Focus, _place: int, speaker: TextSpeaker) -> Found | None:
    """A name stands for its entity."""
    if speaker.entity_id is None:
        return None
    return Found(named(focus.entities[speaker.entity_id], speaker))


def by_anaphor(focus: Focus, place: int, speaker: TextSpeaker) -> Found | None:
    """A pronoun or an omitted subject is who spoke last."""
    if speaker.resolved_by not in ("pronoun", "omitted"):
        return None
    return Found(focus.anaphor(place, speaker))


def by_linked_role(focus: Focus, place: int, speaker: TextSpeaker) -> Found | None:
    """A role stands for the person to whom the linker gave it."""
    entity = focus.linked(speaker)
    if entity is None or not focus.may_speak(place, entity) or focus.is_otherwise(speaker, entity):
        return None
    how = speaker.resolved_by
    manner: ResolvedBy = how if how in ("demonstrative", "label") else "title"
    return Found(replace(named(entity, speaker), resolved_by=manner))


def by_label(focus: Focus, _place: int, speaker: TextSpeaker) -> Found | None:
    """A label before a colon stands for whom it names, else for itself."""
    if speaker.resolved_by != "label":
        return None
    entity = focus.called(glue(speaker.name))
    return Found(named(entity, speaker) if entity is not None else speaker)


def by_repetition(focus: Focus, _place: int, speaker: TextSpeaker) -> Found | None:
    """An expression stands for the one it stood for before."""
    known = focus.seen.get(glue(speaker.name))
    return Found(same(known, speaker)) if known is not None else None


def by_demonstrative(focus: Focus, _place: int, speaker: TextSpeaker) -> Found | None:
    """«این …» and «… مذکور» point back."""
    if speaker.resolved_by == "demonstrative":
        return Found(focus.demonstrative(speaker))
    words = speaker.name.split()
    if focus.words.aforesaid.isdisjoint(map(glue, words[1:])):
        return None
    return Found(focus.demonstrative(speaker, glue(words[0])))


def by_title(focus: Focus, _place: int, speaker: TextSpeaker) -> Found | None:
    """An expression stands for the entity that is called so."""
    entity = focus.called(glue(speaker.name))
    if entity is None or focus.is_otherwise(speaker, entity):
        return None
    return Found(named(entity, speaker))


def by_number(focus: Focus, place: int, speaker: TextSpeaker) -> Found | None:
    """A plural stands for nobody named."""
    return Found(speaker) if focus.of_several(place, speaker) else None


def by_opening(focus: Focus, place: int, speaker: TextSpeaker) -> Found | None:
    """A role that opens the article stands for the one who is named next."""
    coming = focus.coming[place]
    if place != focus.first or coming is None or not focus.opens(place, speaker, coming):
        return None
    return Found(replace(same(coming, speaker), resolved_by="title"))


def by_role(focus: Focus, place: int, speaker: TextSpeaker) -> Found | None:
    """A role stands for the one it introduces, else the person in focus, else who speaks next."""
    return Found(focus.role(place, speaker)) if speaker.resolved_by == "title" else None


def by_introduction(focus: Focus, place: int, speaker: TextSpeaker) -> Found | None:
    """«یک کارشناس …» stands for who speaks by name next, unless they have an office of their own."""
    if is_unnamed(focus.document, focus.words, speaker):
        return None
    words, later = speaker.name.split(), focus.is_named_later(speaker)
    holder = focus.introduced(place, speaker) if later or words[:1] == ["یک"] else None
    if holder is None:
        return None
    if not later:
        kind = glue(words[1]) if len(words) > 1 else ""
        titles = focus.entities[holder.entity_id or ""].titles
        hidden = kind in focus.words.anonymous or focus.several(kind) or kind in focus.words.bodies
        if hidden or any(map(focus.offices.read, titles)):
            return None
    return Found(same(holder, speaker))


def as_it_stands(_focus: Focus, _place: int, speaker: TextSpeaker) -> Found:
    """An expression that stands for nobody named is the speaker itself."""
    return Found(speaker)


SIEVES: tuple[Sieve, ...] = (
    Sieve("name", "علوی گفت", by_name),
    Sieve("anaphor", "وی گفت", by_anaphor),
    Sieve("linked role", "وزیر دفاع گفت", by_linked_role),
    Sieve("label", "شهردار: …", by_label),
    Sieve("repetition", "منبع آگاه گفت … منبع آگاه افزود", by_repetition),
    Sieve("demonstrative", "این نماینده گفت", by_demonstrative),
    Sieve("title", "نماینده رشت گفت", by_title),
    Sieve("number", "رقبای شرکت می‌گویند", by_number),
    Sieve("opening", "مدیرکل هواشناسی گفت: … . علوی افزود", by_opening),
    Sieve("role", "شهردار گفت", by_role),
    Sieve("introduction", "یک کارشناس گفت: … . علوی افزود", by_introduction),
    Sieve("expression", "یک منبع آگاه گفت", as_it_stands),
)
"""The sieves in the order they are tried."""


@dataclass(frozen=True, slots=True)
class SpeakerResolver:
    """Links the speakers of a document's statements to its entities."""

    lexicon: CueLexicon
    offices: Offices
    sieves: Sequence[Sieve] = SIEVES
    off: frozenset[str] = frozenset()  # ids of `rules.RULES` that are left out

    @classmethod
    def of(cls, knowledge: Knowledge) -> "SpeakerResolver":
        """A resolver with the words that are known."""
        return cls(knowledge.cues, Offices.of(knowledge))

    def resolve(self, document: Document) -> Document:
        """Link each statement's speaker to an entity of the document, in the order of the statements."""
        if not document.statements:
            return document
        focus = Focus(self.lexicon, self.offices, document, self.off)
        statements = []
        for place, statement in enumerate(document.statements):
            if statement.speaker is not None:
                sieve, speaker = self._decide(focus, place, statement.speaker)
                if statement.speaker.resolved_by != "label":  # a headline stands apart from the story
                    focus.remember(speaker, statement.speaker)
                statement = replace(statement, speaker=speaker, sieve=sieve)
            statements.append(statement)
        return replace(document, statements=tuple(statements))

    def _decide(self, focus: Focus, place: int, speaker: TextSpeaker) -> tuple[str, TextSpeaker | None]:
        """The sieve that knows, and the speaker of one statement; None where the text does not tell."""
        for sieve in self.sieves:
            found = sieve.decide(focus, place, speaker)
            if found is not None:
                return sieve.id, found.speaker
        return "", speaker
