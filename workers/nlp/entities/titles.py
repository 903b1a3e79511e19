"""Finds titles and roles of people: where they stand, and whose they are.

`RoleFinder.roles(document)` reads every role noun phrase of a clustered document («وزیر دفاع فرانسه»,
«سخنگوی وزارت کشور») and says which entity it denotes there: the person it stands beside («وزیر دفاع فرانسه
ژان ایو لودریان», «علی لاریجانی، رئیس مجلس»), or, standing alone, the one person whose title it is. A role
that fits nobody, or several, has `entity_id` None: «وزیر امور خارجه آمریکا» is not «وزیر دفاع آمریکا».
`EntityLinker` puts what is found here into `titles`, aliases and nominal mentions.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from workers.nlp.document import Document, TextEntity
from workers.nlp.entities.role_phrases import Phrase, PhraseReader
from workers.nlp.knowledge.folding import fold, glue, standard
from workers.nlp.knowledge.titles import TitleWords

_KNOWN = 30  # titles with one first word that a role is compared with


class Role(NamedTuple):
    """A role noun phrase [start, end) of the text; `how` tells how its entity was found."""

    start: int
    end: int
    key: tuple[str, ...]  # its folded words, a name inside as `#` and its entity's id
    entity_id: str | None
    how: Literal["beside", "alone", "honorific", "counterpart", "unresolved"]
    title: str  # as written, but for a counterpart's office the words of it


@dataclass(frozen=True, slots=True)
class RoleFinder:
    """Finds roles and whose they are."""

    tables: TitleWords

    def roles(self, document: Document) -> tuple[Role, ...]:
        """Every role of a document whose `entities` are filled, in order."""
        return _Reading(self.tables, document).roles()


class _Reading(PhraseReader):
    """One reading of a document: its roles, each with its holder."""

    def roles(self) -> tuple[Role, ...]:
        phrases: list[Phrase] = []
        honorifics: list[tuple[int, int, tuple[str, ...], TextEntity]] = []
        counterparts: list[int] = []
        skip = 0
        begins = self.tables.begins
        for i in [i for i, t in enumerate(self.tokens) if t.text in begins or "\u200c" in t.text]:
            if i < skip or i in self.taken or self.tokens[i].text.split("\u200c", 1)[0] not in begins:
                continue
            if self.key(i)[0] in self.tables.counterparts:
                counterparts.append(i)
                continue
            honorific = self.head_at(i, self.tables.honorifics)
            if honorific:
                found = self.person_after(honorific[0])
                if found:
                    honorifics.append((i, honorific[0], honorific[1], found))
                    skip = honorific[0]
                    continue
            phrase = self.phrase(i)
            if phrase:
                phrases.append(phrase)
                skip = phrase.last
        roles = [self._role(f, e, k, entity.id, "honorific") for f, e, k, entity in honorifics]
        roles += self._resolve(self._cut(phrases))
        roles += self._counterparts(counterparts, roles)
        roles = self._by_convention(roles)
        return tuple(sorted(roles, key=lambda r: (r.start, r.end)))

    def _cut(self, phrases: Sequence[Phrase]) -> list[Phrase]:
        """Roles cut to a shorter one that the article also uses: «وزیر نفت» of «وزیر نفت فعالیت شرکت‌ها»."""
        keys = {p.key for p in phrases if len(p.key) > 1}
        found = []
        for phrase in phrases:
            key = phrase.key
            size = next((n for n in range(2, len(key)) if key[:n] in keys and not phrase.named), len(key))
            if size < len(key):
                last = self.token_after(phrase, size)
                phrase = phrase._replace(last=last, key=key[:size])
            found.append(phrase)
        return found

    def _by_convention(self, roles: Sequence[Role]) -> list[Role]:
        """Roles of the one who speaks: news names a speaker by surname and by office in turn.

        Where one person only speaks in an article and has no office yet, an office that speaks there and
        fits nobody else is that person's.
        """
        holders = {r.entity_id for r in roles if r.how in ("beside", "alone", "counterpart")}
        persons: dict[str, int] = {}
        for first, (_, _, entity) in self.name_at.items():
            if entity.type == "PER" and self._speaks(first):
                persons.setdefault(entity.id, first)
        free = [p for p, first in persons.items() if p not in holders and not self._has_trade(first)]
        if len(free) != 1:
            return list(roles)
        index = {t.start: i for i, t in enumerate(self.tokens)}
        speaking = [
            self.tables.plain(r.key)
            for r in roles
            if r.how == "unresolved" and self._tells(r.key) and self._speaks(index[r.start])
        ]
        if not speaking:
            return list(roles)
        main = max(dict.fromkeys(speaking), key=speaking.count)  # the commonest, the first of equals
        abroad = self._abroad() if len(set(speaking)) > 1 else set()
        offices = {key for key in speaking if set(key) & abroad <= set(main)}
        held = [self.tables.plain(r.key) for r in roles if r.how == "beside"]
        return [
            r._replace(entity_id=free[0], how="alone")
            if r.how == "unresolved"
            and (key := self.tables.plain(r.key)) in offices
            and not any(key[0] == k[0] and len(set(key[1:]) & set(k[1:])) > 1 for k in held)
            and self._following(r.end) not in self.tables.adding
            else r
            for r in roles
        ]

    def _has_trade(self, first: int) -> bool:
        """Whether a trade stands behind a name that begins at a token: «سلیمی، دامدار، …»."""
        last = self.name_at[first][0]
        if last + 1 >= len(self.tokens) or self.tokens[last].text not in "،,(–-":
            return False
        return glue(self.tokens[last + 1].text) in self.tables.trades

    def _following(self, end: int) -> str:
        """The word after a place in the text."""
        at = bisect_left(self.tokens, end, key=lambda t: t.start)
        return self.tokens[at].text if at < len(self.tokens) else ""

    def _tells(self, key: tuple[str, ...]) -> bool:
        """Whether a role is one person's: «فرماندار رشت», «وزیر کشور», not «بازیکن خارجی»."""
        return len(key) > 2 or any(k.startswith("#") for k in key) or (len(key) > 1 and key[0] == "وزیر")

    def _abroad(self) -> set[str]:
        """The key words of foreign countries and of bodies that name one."""
        found = set()
        for entity in self.document.entities:
            if entity.type in ("LOC", "ORG"):
                words = fold(entity.canonical).split()
                names = {
                    " ".join(words[i:j])
                    for i in range(len(words))
                    for j in range(i + 1, min(i + 4, len(words) + 1))
                }
                if names & self.tables.abroad:
                    found.add(f"#{entity.id}")
        return found

    def _speaks(self, first: int) -> bool:
        """Whether a name or role stands where a subject does, and speech follows before another person."""
        before = first - 1
        while before >= 0 and self.addresses(before):
            before -= 1
        opens = first in self.sentence_starts or before + 1 in self.sentence_starts
        if not opens and (before < 0 or self.tokens[before].text not in "،,:؛»"):
            return False
        for i in range(first + 1, min(first + 60, len(self.tokens))):
            text = self.tokens[i].text
            if text == ":" or text in self.tables.speech:
                return True
            if text in ".؟!؛\n" or (i in self.name_at and self.name_at[i][2].type == "PER"):
                return False
        return False

    def _role(self, first: int, last: int, key: tuple[str, ...], identity: str | None, how: Any) -> Role:
        start, end = self.tokens[first].start, self.tokens[last - 1].end
        return Role(start, end, key, identity, how, standard(self.document.text[start:end]))

    def _beside(self, phrase: Phrase) -> TextEntity | None:
        """The person whose name stands right after a role, or right before it."""
        if phrase.named and phrase.key[0] in self.tables.reporters and self.person_after(phrase.last):
            return None  # «به گزارش خبرنگار فارس علوی …»
        if phrase.bare and phrase.key[0] in self.tables.kin:
            return None  # «همسر علوی» is not Alavi
        after = None if phrase.last in self.sentence_starts else self.person_after(phrase.last)
        if after is not None:
            return after
        apposed = self._apposed(phrase)
        if apposed is not None:
            return apposed
        if (
            phrase.first in self.sentence_starts
        ):  # the name ends a headline: «… با لاریجانی / رئیس دفتر او گفت»
            return None
        before = self.name_end.get(phrase.first)
        if before is not None:
            return before
        if phrase.first and self.tokens[phrase.first - 1].text in ("،", "(", ",", "-", "–"):
            before = self.name_end.get(phrase.first - 1)
            if before is not None and not (phrase.bare and not phrase.alone and self._listed(phrase)):
                return before
        return None

    def _apposed(self, phrase: Phrase) -> TextEntity | None:
        """The person between commas behind an office: «وزیر دفاع لهستان، توماش زیلینسکی، گفت»."""
        if phrase.bare or phrase.last + 1 >= len(self.tokens) or self.tokens[phrase.last].text not in "،,–-(":
            return None
        name = self.name_at.get(phrase.last + 1)
        if name is None or name[1].type != "PER" or name[0] >= len(self.tokens):
            return None
        following = self.tokens[name[0]].text
        if following in self.tables.speech:
            return name[2]
        inner = following in "،,–-)" and self.tokens[name[0] - 1].text not in "،,"
        after = self.name_at.get(name[0] + 1)
        more = after is not None and after[1].type == "PER"  # a list: «معاون وزیر، علوی، رضایی و …»
        head = name[0] + 1 < len(self.tokens) and self.head_at(name[0] + 1, self.tables.heads) is not None
        return name[2] if inner and not more and not head else None

    def _listed(self, phrase: Phrase) -> bool:
        return phrase.last < len(self.tokens) and self.tokens[phrase.last].text == "و"

    def _resolve(self, phrases: Sequence[Phrase]) -> list[Role]:
        roles: list[Role] = []
        alone: list[Phrase] = []
        known: dict[tuple[str, ...], dict[str, None]] = {}
        previous: tuple[int, TextEntity] | None = None
        for phrase in phrases:
            entity = self._beside(phrase)
            chained = previous is not None and phrase.first == previous[0] + 1
            if entity is None and chained and previous and self.key(previous[0])[0] == "و":
                entity = previous[1]  # «NAME، دبیر الف و رئیس ب»
            if entity is None:
                alone.append(phrase)
                previous = None
                continue
            previous = (phrase.last, entity) if phrase.last < len(self.tokens) else None
            roles.append(self._role(phrase.first, phrase.last, phrase.key, entity.id, "beside"))
            known.setdefault(self.tables.plain(phrase.key), {})[entity.id] = None
        by_first: dict[str, list[tuple[str, ...]]] = {}
        for key in known:
            group = by_first.setdefault(key[0], [])
            if len(group) < _KNOWN:
                group.append(key)
        for phrase in alone:
            identity, last = self._holder(phrase, known, by_first)
            how = "alone" if identity else "unresolved"
            if identity or not phrase.bare or phrase.alone:
                roles.append(self._role(phrase.first, last, phrase.key, identity, how))
        return roles

    def _holder(
        self,
        phrase: Phrase,
        known: Mapping[tuple[str, ...], dict[str, None]],
        by_first: Mapping[str, list[tuple[str, ...]]],
    ) -> tuple[str | None, int]:
        """The one person whose title a role standing alone is: id and end token."""
        if phrase.first and self.key(phrase.first - 1)[0] in self.tables.indefinite:
            return None, phrase.last
        key = self.tables.plain(phrase.key)
        exact = known.get(key)
        if exact:
            fits = len(exact) == 1 and (len(key) > 1 or phrase.alone)
            return (next(iter(exact)) if fits else None), phrase.last
        shorter: dict[str, None] = {}
        longer: dict[str, None] = {}
        for title in by_first.get(key[0], ()):
            if len(title) > len(key) and title[: len(key)] == key:
                longer |= known[title]
            elif len(title) > 1 and not phrase.named and key[: len(title)] == title:
                shorter |= known[title]
        if len(longer) == 1 and (not phrase.bare or phrase.alone):
            return next(iter(longer)), phrase.last
        if len(shorter) == 1 and not longer:
            size = max(len(t) for t in by_first[key[0]] if key[: len(t)] == t)
            return next(iter(shorter)), self.token_after(phrase, size)
        return None, phrase.last

    def _counterparts(self, places: Sequence[int], roles: Sequence[Role]) -> Iterator[Role]:
        """«همتای آمریکایی خود، اشتون کارتر»: the office of the one before, in the other country."""
        countries = {
            fold(n): e for e in self.document.entities if e.type == "LOC" for n in (e.canonical, *e.aliases)
        }
        beside = [r for r in roles if r.how == "beside" and any(k.startswith("#") for k in r.key)]
        for i in places:
            at, country = i + 1, None
            while at < min(i + 6, len(self.tokens)):
                if self.name_at.get(at) and self.name_at[at][1].type == "PER":
                    break
                word = " ".join(self.key(at))
                if word in self.tables.demonyms:
                    country = self.tables.demonyms[word]
                at += 1
            person = self.person_after(at) or self.name_end.get(i)  # «کارتر، همتای آمریکایی خود»
            office = next((r for r in reversed(beside) if r.start < self.tokens[i].start), None)
            if person is None or country is None or office is None or office.entity_id == person.id:
                continue
            other = countries.get(country)
            base = tuple(k for k in office.key if not k.startswith("#"))
            key = (*base, f"#{other.id}" if other else country)
            words = self._office(office)
            role = self._role(i, at, key, person.id, "counterpart")
            yield role._replace(title=f"{words} {other.canonical if other else country}")

    def _office(self, role: Role) -> str:
        """The words of a role before its first name."""
        names = (m.start for e in self.document.entities for m in e.mentions if m.kind == "name")
        end = min((s for s in names if role.start < s < role.end), default=role.end)
        return standard(self.document.text[role.start : end])
