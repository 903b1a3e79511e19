"""The focus: who spoke last, whom expressions have stood for, who speaks next.

«وی» and an omitted subject are the subject of the last reporting clause, whoever was named since. A role
stands for the person the linker gave it to, else for the one it stood for before. Where it names nobody in
the article, it stands for the person in focus. The work is linear in statements and mentions.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field, replace
from itertools import islice

from schemas.enriched import EntityType
from workers.nlp.document import Document, TextEntity, TextSpeaker
from workers.nlp.knowledge.affixes import BARE_PLURALS
from workers.nlp.knowledge.cues import CueLexicon, WordLists
from workers.nlp.knowledge.folding import glue
from workers.nlp.statements.speakers.acting import acting_before, starts_of_days
from workers.nlp.statements.speakers.apposition import has_other_trade
from workers.nlp.statements.speakers.noun_phrase import able
from workers.nlp.statements.speakers.offices import Offices
from workers.nlp.statements.speakers.unnamed import is_unnamed

_QUANTITIES = frozenset(("DATE", "TIME", "MONEY", "PERCENT"))
_PLURAL = "ند"  # of verbs
_STRANGE = frozenset(("second", "other"))
_BODIES: tuple[EntityType, ...] = ("ORG", "PRODUCT")
HOLDERS = 50  # people with titles that an office is compared with
LEAD = 60  # letters before a role that may turn elsewhere
BYLINE = 5  # words of a name and the dash after it
NEAR = 20  # mentions before «این روزنامه» among which it is looked for
_EXPLICIT = frozenset(("name", "title", "expression"))


@dataclass(slots=True)
class Focus:
    """Who spoke last, what expressions have stood for whom, and where the entities are."""

    lexicon: CueLexicon
    offices: Offices
    document: Document
    off: frozenset[str] = frozenset()  # ids of `rules.RULES` that are left out
    entities: dict[str, TextEntity] = field(init=False)
    last: TextSpeaker | None = None
    person: TextSpeaker | None = None
    body: TextSpeaker | None = None  # the last organisation, country or medium
    seen: dict[str, TextSpeaker] = field(default_factory=dict)
    titles: dict[str, TextEntity] | None = None  # key of a title or name → entity; made when asked for
    holders: list[TextEntity] | None = None  # people with titles; made when asked for
    days: frozenset[int] | None = None  # where days and times begin; found when asked for
    nominal: list[tuple[int, int, TextEntity]] = field(default_factory=list)  # roles alone, by place
    named: dict[EntityType, list[tuple[int, TextEntity]]] = field(default_factory=dict)  # by start
    coming: list[TextSpeaker | None] = field(default_factory=list)  # the next person to speak by name
    ensuing: list[TextSpeaker | None] = field(default_factory=list)  # … before anybody else is addressed
    first: int = 0  # the first statement of the story
    speaking: set[str] = field(default_factory=set)  # people who speak by name
    spoken: set[str] = field(default_factory=set)  # … who did so far

    @property
    def words(self) -> WordLists:
        """The word lists."""
        return self.lexicon.words

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
        ensuing: TextSpeaker | None = None
        after: TextSpeaker | None = None
        for statement in reversed(self.document.statements):
            speaker = statement.speaker
            again = speaker is not None and after is not None and speaker.mention == after.mention
            self.coming.append(following)
            self.ensuing.append(self.ensuing[-1] if again and self.ensuing else ensuing)
            after = speaker
            if speaker is not None and speaker.resolved_by in _EXPLICIT:
                ensuing = None
            if speaker is not None and speaker.entity_id is not None:
                entity = self.entities[speaker.entity_id]
                if entity.type == "PER":
                    self.speaking.add(entity.id)
                    following = ensuing = named(entity, speaker)
        self.coming.reverse()
        self.ensuing.reverse()
        for statement in self.document.statements[:1]:
            self.first = int(statement.speaker is not None and statement.speaker.resolved_by == "label")

    def remember(self, speaker: TextSpeaker | None, expression: TextSpeaker) -> None:
        """Put a resolved speaker in focus."""
        if speaker is None:
            return
        if (
            expression.resolved_by == "expression"
            and speaker.entity_id is None
            and not self._able(speaker.name)
        ):
            return  # no later «وی» stands for a phrase that cannot speak
        self.last = speaker
        self.spoken.add(speaker.entity_id or "")
        if not self._is_person(speaker):
            self.body = speaker
        elif not self._collective(speaker):
            self.person = speaker
        elif glue(speaker.name.split()[0]) in self.words.bodies:
            self.body = speaker
        if expression.mention is not None and expression.resolved_by not in ("pronoun", "omitted"):
            self.seen[glue(expression.name)] = speaker

    def opens(self, place: int, speaker: TextSpeaker, named: TextSpeaker) -> bool:
        """Whether an article opens with a role, or with what somebody is, and names them next."""
        if speaker.resolved_by not in ("title", "expression") or is_unnamed(
            self.document, self.words, speaker
        ):
            return False
        some = speaker.name.startswith("یک ")  # «یک مقام …» of a lead is often who is named next
        if not some and self.is_otherwise(speaker, self.entities.get(named.entity_id or "")):
            return False
        if self.is_named_later(speaker):
            return self.offices.fit(speaker.name, self.entities[named.entity_id or ""].titles) not in _STRANGE
        head = glue(speaker.name.split()[0])
        one = not self.several(head) and head not in self.words.bodies and head not in self.words.anonymous
        return one and head != "یک" and self.introduced(place, speaker) is not None

    def of_several(self, place: int, speaker: TextSpeaker) -> bool:
        """Whether a plural verb is about more than one («رقبای شرکت می‌گویند») and the phrase is no office."""
        cue = self.document.statements[place].cue
        if cue is None or not glue(self.document.text[cue.start : cue.end]).endswith(_PLURAL):
            return False
        words = speaker.name.split()
        return bool(words) and words[0].isalpha() and glue(words[0]) not in self.words.roles

    def called(self, key: str) -> TextEntity | None:
        """The first entity with a title or name."""
        if self.titles is None:
            self.titles = {}
            for entity in self.document.entities:
                if entity.type not in _QUANTITIES:
                    for name in (*entity.titles, *entity.aliases, entity.canonical):
                        self.titles.setdefault(glue(name), entity)
        return self.titles.get(key)

    def may_speak(self, place: int, entity: TextEntity) -> bool:
        """Whether the linker's person for a role may speak; one without titles may not where others speak."""
        if entity.id in self.speaking or not self.speaking:
            return True
        others = self.person if self.person is not None else self.coming[place]
        return others is None or bool(entity.titles)

    def anaphor(self, place: int, speaker: TextSpeaker) -> TextSpeaker | None:
        """Whom a pronoun or an omitted subject stands for."""
        plural = glue(speaker.name) in self.words.plural_pronouns
        if plural and self.last and self._is_one(self.last):
            return same(self.body, speaker) if self.body else replace(speaker, resolved_by="expression")
        if plural and self.last is None:
            return replace(speaker, resolved_by="expression")
        known = self.last
        if speaker.resolved_by == "pronoun" and not plural:
            known = known if known is not None and self._is_person(known) else self.person
            if known is None or self._collective(known):
                known = self._subject_before(speaker) or known
            if known is None and self.last is not None:
                return None  # «وی» after what a body said, where nobody is named
        known = known or self._subject_before(speaker) or self._actor_before(speaker) or self.coming[place]
        return same(known, speaker) if known else None

    def _actor_before(self, speaker: TextSpeaker) -> TextSpeaker | None:
        """The office without a name that acted last, for a pronoun."""
        if speaker.resolved_by != "pronoun" or speaker.mention is None or "acting" in self.off:
            return None
        if self.days is None:
            self.days = starts_of_days(self.document)
        span = acting_before(self.document, self.lexicon, speaker.mention.start, self.days)
        return None if span is None else TextSpeaker(self.document.slice(span), span, None, "expression")

    def demonstrative(self, speaker: TextSpeaker, head: str = "") -> TextSpeaker:
        """Whom «این …» points back to."""
        words = speaker.name.split()
        head = head or (glue(words[1]) if len(words) > 1 else "")
        for known in (self.last, self.body):
            if known is not None and head and head in map(glue, known.name.split()):
                return same(known, speaker)  # «این ائتلاف» of «ائتلاف مردمی»
        if head in self.words.bodies:
            spoke = self.last is not None and self._is_person(self.last) and not self._collective(self.last)
            if head in self.words.reports and spoke:
                return speaker  # «این گزارش می‌افزاید» after a person's words: nobody tells whose it is
            known = self.body or self._headed(speaker, head)
            if known is None and head not in self.words.documents and not self._body_spoke():
                known = self._mentioned(speaker, "ORG")  # «این شرکت» is no «منبع آگاه»
            known = known or self.last or self._mentioned(speaker, "ORG")
        elif self.several(head):
            known = self.last if self.last is not None and not self._is_named(self.last) else None
        else:
            known = self.person or self.last or self._mentioned(speaker, "PER")
        return same(known, speaker) if known else speaker

    def role(self, place: int, speaker: TextSpeaker) -> TextSpeaker:
        """A role that names nobody yet: who is named after it, else the person in focus, else who comes."""
        if is_unnamed(self.document, self.words, speaker):
            return speaker
        body = self.body.name.split() if self.body is not None and self.person is None else ()
        if _head(speaker) in self.words.spokesmen and not {*body}.isdisjoint(speaker.name.split()):
            return speaker  # «سخنگوی پلیس» after «پلیس» is of the police, not who comes
        holder = self.introduced(place, speaker)
        if holder is not None:
            return same(holder, speaker)
        if self.person is not None and self.person.name.startswith("یک ") and self.person.entity_id is None:
            return speaker  # «یک منبع آگاه» stays without a name
        if self.person is not None and not self._another(speaker, self.person):
            holder = self._titled(speaker, self.person)
            return same(holder or self.person, speaker)
        known = self.coming[place]
        if self.person is not None:
            known = self.ensuing[place]  # somebody else: who speaks next, if never before
            entity = self.entities.get(known.entity_id or "") if known is not None else None
            if (
                entity is None
                or entity.id in self.spoken
                or self.offices.fit(speaker.name, entity.titles) in _STRANGE
            ):
                return speaker
        if known is None or self.is_otherwise(speaker, self.entities.get(known.entity_id or "")):
            return speaker
        return same(known, speaker)

    def is_otherwise(self, speaker: TextSpeaker, entity: TextEntity | None) -> bool:
        """Whether a person's first name stands beside another trade or office: «علوی، دامدار، می‌گوید»."""
        if entity is None or "other trade" in self.off:
            return False
        names = (m for m in entity.mentions if m.kind == "name" and self.document.field_at(m.start) == "body")
        first = next(names, None)
        return first is not None and has_other_trade(self.document, self.words, first, speaker.name)

    def introduced(self, place: int, speaker: TextSpeaker) -> TextSpeaker | None:
        """The next to speak by name, if a role introduces them: never named before it, nor by another role.

        «مدیرکل هواشناسی گفت: … . شاهرخ پارسا افزود: …»
        """
        known, mention = self.ensuing[place], speaker.mention
        if known is None or mention is None or known.mention is None:
            return None
        entity = self.entities[known.entity_id or ""]
        names = (m.start for m in entity.mentions if m.kind == "name")
        first = next((at for at in names if self.document.field_at(at) == "body"), -1)
        if first < mention.start or self.offices.fit(speaker.name, entity.titles) in _STRANGE:
            return None
        if self.is_otherwise(speaker, entity):
            return None
        focus = self.entities.get(self.person.entity_id or "") if self.person is not None else None
        if focus is not None and self.offices.fit(speaker.name, focus.titles) == "same":
            return None
        return known

    def _titled(self, speaker: TextSpeaker, focus: TextSpeaker) -> TextSpeaker | None:
        """The one other person who has such a title, where the one in focus has none."""
        entity = self.entities.get(focus.entity_id or "")
        if entity is not None and self.offices.fit(speaker.name, entity.titles) == "same":
            return None
        if self.holders is None:
            people = (e for e in self.document.entities if e.type == "PER" and e.titles)
            self.holders = list(islice(people, HOLDERS))
        words = {*speaker.name.split()}  # «مسئول ستاد X» is not X
        found = [
            e
            for e in self.holders
            if words.isdisjoint(e.canonical.split()) and self.offices.fit(speaker.name, e.titles) == "same"
        ]
        return named(found[0], speaker) if len(found) == 1 else None

    def _another(self, speaker: TextSpeaker, focus: TextSpeaker) -> bool:
        """Whether a role is not the person's in focus: «نیز» adds somebody, or the office is not theirs."""
        mention, text = speaker.mention, self.document.text
        if mention is not None:
            around = (
                *text[mention.end : mention.end + 8].split(),
                *text[max(0, mention.start - 5) : mention.start].split()[-1:],
            )
            if not self.words.adding.isdisjoint(around):
                return True
        if self._elsewhere(speaker):
            return True
        entity = self.entities.get(focus.entity_id or "")
        if entity is None and self._is_other_role(speaker, focus):
            return True
        fit = self.offices.fit(speaker.name, entity.titles if entity is not None else (focus.name,))
        return fit == "other" or (fit == "second" and self.speaking != {focus.entity_id})

    def _is_other_role(self, speaker: TextSpeaker, focus: TextSpeaker) -> bool:
        """Whether two speakers without a name differ: «خبرنگار پرسید: … . کاپیتان پاسخ داد: …»."""
        asked, held = self.offices.read(speaker.name), focus.name.split()
        head = glue(held[1] if held[0] == "یک" and len(held) > 1 else held[0]) if held else ""
        return asked is not None and head != "" and asked.head != head

    def _elsewhere(self, speaker: TextSpeaker) -> bool:
        """Whether the words before a role turn to another time or side: «پیش از این», «از سوی دیگر»."""
        if speaker.mention is None:
            return False
        sentences, start = self.document.sentences, speaker.mention.start
        this = bisect_right(sentences, start, key=lambda s: s.start) - 1
        if this < 0 or start - sentences[this].start > LEAD:
            return False
        lead = self.document.text[sentences[this].start : start]
        return lead.startswith("اما ") or any(p in glue(lead) for p in self.words.elsewhere)

    def _body_spoke(self) -> bool:
        return self.last is not None and self._collective(self.last)

    def _is_one(self, speaker: TextSpeaker) -> bool:
        """Whether a speaker is one person, named or not; «آنها» stands for several."""
        head = glue(speaker.name.split()[0]) if speaker.name.split() else ""
        return self._is_named(speaker) or (speaker.entity_id is None and head in self.words.singular)

    def _is_named(self, speaker: TextSpeaker) -> bool:
        entity = self.entities.get(speaker.entity_id or "")
        return entity is not None and entity.type == "PER"

    def _is_person(self, speaker: TextSpeaker) -> bool:
        entity = self.entities.get(speaker.entity_id or "")
        return entity is None or entity.type == "PER"

    def linked(self, speaker: TextSpeaker) -> TextEntity | None:
        """The entity that the linker found a role to stand for: the expression's own, none inside it."""
        mention = speaker.mention
        if mention is None:
            return None
        at = bisect_left(self.nominal, mention.end, key=lambda n: n[0])
        for start, end, entity in reversed(self.nominal[max(0, at - 3) : at]):
            own = start <= mention.start or speaker.resolved_by == "demonstrative"
            if own and start < mention.end and mention.start < end:
                return entity
        return None

    def _mentioned(self, speaker: TextSpeaker, kind: EntityType) -> TextSpeaker | None:
        """The entity of a type named last before an expression."""
        mentions = self.named.get(kind, [])
        if speaker.mention is None or not mentions:
            return None
        at = bisect_left(mentions, speaker.mention.start, key=lambda m: m[0])
        return named(mentions[at - 1][1], speaker) if at else None

    def _subject_before(self, speaker: TextSpeaker) -> TextSpeaker | None:
        """The person that the sentence before is about: the first one it names, else the one named last."""
        last = self._mentioned(speaker, "PER")
        if last is None or speaker.mention is None:
            return None
        sentences, mentions = self.document.sentences, self.named["PER"]
        this = bisect_right(sentences, speaker.mention.start, key=lambda s: s.start) - 1
        if this < 1:
            return last
        at = bisect_left(mentions, sentences[this - 1].start, key=lambda m: m[0])
        before, text = sentences[this - 1], self.document.text
        if text[before.start : before.start + LEAD].startswith(self.lexicon.backgrounds):
            # «در حالی که A رفت، B آمد»: the sentence is about B
            comma = text.find("،", before.start, before.end)
            at = bisect_left(mentions, comma, at, key=lambda m: m[0]) if comma >= 0 else at
        within = [m for m in mentions[at : at + 2] if m[0] < sentences[this].start]
        if len(within) == 2 and _parted(self.document.text[within[0][0] : within[1][0]]):
            within = within[1:]  # «ناصر یگانه - ژاله بهرامی در …»: who wrote it, then who it is about
        return named(within[0][1], speaker) if within else last

    def _headed(self, speaker: TextSpeaker, head: str) -> TextSpeaker | None:
        """The body named last whose kind is told beside its name: «این روزنامه» of «روزنامه بامداد»."""
        if speaker.mention is None or head in self.words.documents:
            return None
        for kind in _BODIES:
            mentions = self.named.get(kind, [])
            at = bisect_left(mentions, speaker.mention.start, key=lambda m: m[0])
            for start, entity in reversed(mentions[max(0, at - NEAR) : at]):
                before = self.document.text[max(0, start - 20) : start].split()
                if before and glue(before[-1].strip('«"')) == head:
                    return named(entity, speaker)
        return None

    def _collective(self, speaker: TextSpeaker) -> bool:
        """Whether an expression is of several people or of a body, for which «وی» cannot stand."""
        if speaker.entity_id is not None:
            return False
        return _head(speaker) in self.words.bodies or self.several(_head(speaker)) or " و " in speaker.name

    def several(self, head: str) -> bool:
        """Whether the head of a phrase is a plural or a body."""
        if head in self.words.roles or head in self.words.singular:
            return False
        return head.endswith(BARE_PLURALS) or head in self.words.people or able(self.lexicon, head)

    def _able(self, name: str) -> bool:
        """Whether an expression can speak: by its head, or by the office behind a name nobody knows."""
        heads = [glue(word) for word in name.split()[:3]]
        singular = bool(heads) and heads[0] in self.words.singular
        return singular or any(able(self.lexicon, head) or head in self.words.bodies for head in heads)

    def is_named_later(self, speaker: TextSpeaker) -> bool:
        """Whether an article that opens with a role («یک کارشناس …») names its holder later."""
        words = [glue(w) for w in speaker.name.split()]
        while words and (words[0] == "یک" or words[0] in self.words.before_name):
            words = words[1:]  # «یک کارشناس», «مهندس مشاور»
        return bool(words) and words[0] in self.words.roles and words[0] not in self.words.anonymous


def named(entity: TextEntity, speaker: TextSpeaker) -> TextSpeaker:
    """An expression that stands for an entity."""
    return TextSpeaker(entity.canonical, speaker.mention, entity.id, speaker.resolved_by)


def same(known: TextSpeaker, speaker: TextSpeaker) -> TextSpeaker:
    """An expression that stands for a speaker known before."""
    return TextSpeaker(known.name, speaker.mention, known.entity_id, speaker.resolved_by)


def _parted(text: str) -> bool:
    """Whether a name is followed by a dash and nothing else."""
    return text.rstrip()[-1:] in ("-", "–", "—") and len(text.split()) <= BYLINE


def _head(speaker: TextSpeaker) -> str:
    words = [glue(w) for w in speaker.name.split()[:2] if glue(w) != "یک"]
    return words[0] if words else ""
