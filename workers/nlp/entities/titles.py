"""Titles and roles of people: where they stand, whose they are.

`RoleFinder.roles(document)` reads every role noun phrase of a clustered document («وزیر دفاع فرانسه»,
«سخنگوی وزارت کشور») and says which entity it denotes there: the person it stands beside («وزیر دفاع فرانسه
ژان ایو لودریان», «علی لاریجانی، رئیس مجلس»), or, standing alone, the one person whose title it is. A role
that fits nobody, or several, has `entity_id` None: «وزیر امور خارجه آمریکا» is not «وزیر دفاع آمریکا».
`EntityLinker` puts what is found here into `titles`, aliases and nominal mentions.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from tomllib import loads
from typing import Any, Literal, NamedTuple

from workers.nlp.document import Document, TextEntity, TextMention
from workers.nlp.lexicon import Lexicon
from workers.nlp.names import fold, standard

_WORDS = 9  # words that a role takes before it must end
_OPENING = frozenset('«"“')
_CLOSING = frozenset('»"”')
_SPEECH = frozenset(
    "گفت افزود تصریح اظهار خاطرنشان تاکید اعلام بیان یادآور عنوان ادامه اضافه خواستار تأکید".split()  # noqa: SIM905 - a table
)
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
    """Finds roles; its words come from `lexicons/titles.toml`."""

    heads: Mapping[tuple[str, ...], bool]  # words of a head to whether it stands alone
    begins: frozenset[str]  # first words of heads and honorifics, in every spelling
    honorifics: Mapping[tuple[str, ...], None]
    stops: frozenset[str]
    silent: frozenset[str]
    placed: frozenset[str]
    portfolios: Mapping[str, tuple[tuple[str, ...], ...]]  # first word to complements that end a title
    homeland: frozenset[str]
    counterparts: frozenset[str]
    demonyms: Mapping[str, str]  # folded demonym to the country's folded name
    spellings: Mapping[str, str]  # folded words and pairs of words to the form that keys hold
    abroad: frozenset[str]  # folded names of foreign countries

    @classmethod
    def load(cls, lexicon: Lexicon) -> "RoleFinder":
        """Read the table; `lexicon` gives countries with their demonyms, and ministries."""
        countries = lexicon.category("countries")
        ministries = [
            form.removeprefix("وزارت ")
            for body in lexicon.category("bodies")
            for form in body.forms
            if form.startswith("وزارت ")
        ]
        demonyms: dict[str, str] = {}
        abroad: set[str] = set()
        for country in countries:
            for word in country.attributes.get("demonyms", "").split("|"):
                demonyms[fold(word)] = fold(country.name)
            if country.attributes.get("code") != "IR":
                abroad.update(fold(form) for form in country.forms)
        demonyms.pop("", None)
        table = loads(files("workers.nlp.lexicons").joinpath("titles.toml").read_text("utf-8"))
        roles = table["roles"]
        heads = {tuple(fold(h).split()): False for h in roles["heads"]}
        heads |= {tuple(fold(h).split()): True for h in roles["alone"]}
        honorifics = {tuple(fold(h).split()): None for h in table["honorifics"]["words"]}
        written = (*roles["heads"], *roles["alone"], *table["honorifics"]["words"], *roles["counterparts"])
        return cls(
            heads=heads,
            begins=frozenset(s for w in written for s in _spellings(re.split("[ \u200c]", w)[0])),
            honorifics=honorifics,
            stops=frozenset(fold(w) for w in table["stops"]["words"]),
            silent=frozenset(fold(w) for w in roles["silent"]),
            placed=frozenset(fold(w) for w in roles["placed"]),
            portfolios=_by_first(_keys(p) for p in (*roles["portfolios"], *ministries)),
            homeland=frozenset(fold(w) for w in roles["homeland"]),
            counterparts=frozenset(fold(w) for w in roles["counterparts"]),
            demonyms=demonyms,
            spellings=roles["spellings"],
            abroad=frozenset(abroad),
        )

    def plain(self, key: tuple[str, ...]) -> tuple[str, ...]:
        """A role's key for comparing: «رئیس جمهوری» is «رئیس جمهور», «مدیر کل» is «مدیرکل»."""
        found: list[str] = []
        for word in key:
            pair = f"{found[-1]} {word}" if found else ""
            if pair in self.spellings:
                found[-1] = self.spellings[pair]
            else:
                found.append(self.spellings.get(word, word))
        return tuple(found)

    def roles(self, document: Document) -> tuple[Role, ...]:
        """Every role of a document whose `entities` are filled, in order."""
        return _Reading(self, document).roles()


def _spellings(word: str) -> set[str]:
    """A word as written, with Arabic letters, and without hamza."""
    plain = word.replace("ئ", "ی").replace("أ", "ا").replace("ؤ", "و")
    return {s for w in (word, plain) for s in (w, w.replace("ی", "ي").replace("ک", "ك"))}


def _by_first(phrases: Iterable[list[str]]) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Phrases by their first word, the longest first."""
    found: dict[str, set[tuple[str, ...]]] = {}
    for phrase in phrases:
        found.setdefault(phrase[0], set()).add(tuple(phrase))
    return {k: tuple(sorted(v, key=lambda p: (-len(p), p))) for k, v in found.items()}


def _keys(phrase: str) -> list[str]:
    """Folded words and commas of a phrase."""
    return [
        k
        for part in phrase.replace("،", " ، ").split()
        for k in (("،",) if part == "،" else fold(part).split())
    ]


class _Phrase(NamedTuple):
    """A role as it stands in the tokens [first, last)."""

    first: int
    last: int
    key: tuple[str, ...]
    bare: bool  # a head without a complement
    alone: bool  # its head stands for somebody without one
    named: bool  # a name of a place or body closes it


class _Reading:
    """One reading of a document."""

    def __init__(self, finder: RoleFinder, document: Document) -> None:
        self.finder, self.document = finder, document
        self.tokens = document.tokens
        self.memo: dict[str, tuple[str, ...]] = {}
        self.sentence_starts = {s.first for s in document.sentences}
        starts = {t.start: i for i, t in enumerate(self.tokens)}
        self.name_at: dict[int, tuple[int, TextMention, TextEntity]] = {}  # first token to end token
        self.name_end: dict[int, TextEntity] = {}  # token after a person's name
        self.taken: set[int] = set()
        for entity in document.entities:
            for mention in entity.mentions:
                if mention.kind != "name" or mention.start not in starts:
                    continue
                first = last = starts[mention.start]
                while last < len(self.tokens) and self.tokens[last].start < mention.end:
                    last += 1
                self.name_at[first] = (last, mention, entity)
                if entity.type not in ("DATE", "TIME", "MONEY", "PERCENT"):
                    self.taken.update(range(first, last))
                if entity.type == "PER":
                    self.name_end[last] = entity
                    if last < len(self.tokens) and self.tokens[last].text in _CLOSING:
                        self.name_end[last + 1] = entity

    def key(self, i: int) -> tuple[str, ...]:
        text = self.tokens[i].text
        found = self.memo.get(text)
        if found is None:
            found = self.memo[text] = tuple(fold(text).split()) or (text,)
        return found

    def head_at(self, i: int, table: Mapping[tuple[str, ...], Any]) -> tuple[int, tuple[str, ...]] | None:
        """The longest entry of a table that begins at a token: end token and words."""
        words: tuple[str, ...] = ()
        found = None
        for j in range(i, min(i + 5, len(self.tokens))):
            if j in self.taken:
                break
            words += self.key(j)
            if words in table:
                found = (j + 1, words)
        return found

    def phrase(self, i: int) -> _Phrase | None:
        """The role that begins at a token, as far as it goes."""
        finder, tokens = self.finder, self.tokens
        head = self.head_at(i, finder.heads)
        if head is None:
            return None
        at, key = head
        alone, placed = finder.heads[key], key[0] in finder.placed
        first_word, plain, named = key, 0, False
        safe, safe_key = at, key  # the end that counts if what follows is no part of it
        while at < len(tokens):
            name = self.name_at.get(at)
            if name is not None:
                last, mention, entity = name
                if mention.type not in ("LOC", "ORG", "FAC", "EVENT", "PRODUCT"):
                    break
                at, key, named = last, (*key, f"#{entity.id}"), True
                safe, safe_key = at, key
                following = self.key(at) if at < len(tokens) else ("",)
                after = self.name_at.get(at + 1)
                if (
                    after
                    and after[1].type in ("LOC", "ORG", "FAC")
                    and (
                        following[0] in ("و", "،")
                        or (tokens[at].text in "،,")
                        or (following[0] == "در" and placed)
                    )
                ):
                    if tokens[at].text in "،," and key[0] != "نماینده":
                        break
                    key = (*key, *following)
                    at += 1
                    continue
                break
            word = self.key(at)
            portfolio = self._portfolio(at)
            if portfolio:
                at, key, plain = (
                    portfolio,
                    (*key, *(k for j in range(at, portfolio) for k in self.key(j) if k not in finder.silent)),
                    plain + 1,
                )
                safe, safe_key = at, key
                if at in self.name_at or (at < len(tokens) and self.key(at)[0] in finder.homeland):
                    continue
                break
            if not word[0][:1].isalpha() and not word[0].isdigit() and tokens[at].text not in "«»":
                break
            if word[0] == "و":
                if at + 1 >= len(tokens) or self.head_at(at + 1, finder.heads):
                    break
            elif word[0] == "در" and placed and self._names(at + 1):
                key, at = (*key, "در"), at + 1
                continue
            elif word[0] in finder.stops or plain >= _WORDS:
                break
            else:
                plain += 1
            key = (*key, *(w for w in word if w not in finder.silent))
            at += 1
            if word[0] != "و" and word[0][:1].isalnum() and not named:
                safe, safe_key = at, key
        return _Phrase(i, safe, safe_key, safe_key == first_word, alone, named)

    def _names(self, at: int) -> bool:
        name = self.name_at.get(at)
        return (name is not None and name[1].type in ("LOC", "ORG", "FAC", "EVENT")) or (
            at < len(self.tokens) and self.key(at)[0] == "امور"
        )

    def _portfolio(self, at: int) -> int | None:
        for words in self.finder.portfolios.get(self.key(at)[0], ()):
            j, rest = at, list(words)
            while rest and j < len(self.tokens) and j not in self.taken:
                keys = ("،",) if self.tokens[j].text == "،" else self.key(j)
                if tuple(rest[: len(keys)]) != keys:
                    break
                rest, j = rest[len(keys) :], j + 1
            if not rest:
                return j
        return None

    def roles(self) -> tuple[Role, ...]:
        phrases: list[_Phrase] = []
        honorifics: list[tuple[int, int, tuple[str, ...], TextEntity]] = []
        counterparts: list[int] = []
        skip = 0
        begins = self.finder.begins
        for i in [i for i, t in enumerate(self.tokens) if t.text in begins or "\u200c" in t.text]:
            if i < skip or i in self.taken or self.tokens[i].text.split("\u200c", 1)[0] not in begins:
                continue
            if self.key(i)[0] in self.finder.counterparts:
                counterparts.append(i)
                continue
            honorific = self.head_at(i, self.finder.honorifics)
            if honorific:
                found = self._person_after(honorific[0])
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

    def _cut(self, phrases: Sequence[_Phrase]) -> list[_Phrase]:
        """Roles cut to a shorter one that the article also uses: «وزیر نفت» of «وزیر نفت فعالیت شرکت‌ها»."""
        keys = {p.key for p in phrases if len(p.key) > 1}
        found = []
        for phrase in phrases:
            key = phrase.key
            size = next((n for n in range(2, len(key)) if key[:n] in keys and not phrase.named), len(key))
            if size < len(key):
                last = self._token_after(phrase, size)
                phrase = phrase._replace(last=last, key=key[:size])
            found.append(phrase)
        return found

    def _token_after(self, phrase: _Phrase, size: int) -> int:
        """The token after the first `size` words of a role's key."""
        last, words = phrase.first, 0
        while words < size and last < phrase.last:
            words += sum(w not in self.finder.silent for w in self.key(last)) or 0
            last += 1
        return last

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
        free = [p for p in persons if p not in holders]
        if len(free) != 1:
            return list(roles)
        index = {t.start: i for i, t in enumerate(self.tokens)}
        speaking = [
            self.finder.plain(r.key)
            for r in roles
            if r.how == "unresolved" and self._tells(r.key) and self._speaks(index[r.start])
        ]
        if not speaking:
            return list(roles)
        main = max(dict.fromkeys(speaking), key=speaking.count)  # the commonest, the first of equals
        abroad = self._abroad() if len(set(speaking)) > 1 else set()
        offices = {key for key in speaking if set(key) & abroad <= set(main)}
        return [
            r._replace(entity_id=free[0], how="alone")
            if r.how == "unresolved" and self.finder.plain(r.key) in offices
            else r
            for r in roles
        ]

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
                if names & self.finder.abroad:
                    found.add(f"#{entity.id}")
        return found

    def _addresses(self, i: int) -> bool:
        """Whether a token is a word of address or an opening quotation mark."""
        return self.tokens[i].text in _OPENING or any(self.key(i)[0] in h for h in self.finder.honorifics)

    def _speaks(self, first: int) -> bool:
        """Whether a name or role stands where a subject does, and speech follows before another person."""
        before = first - 1
        while before >= 0 and self._addresses(before):
            before -= 1
        opens = first in self.sentence_starts or before + 1 in self.sentence_starts
        if not opens and (before < 0 or self.tokens[before].text not in "،,:؛»"):
            return False
        for i in range(first + 1, min(first + 60, len(self.tokens))):
            text = self.tokens[i].text
            if text == ":" or text in _SPEECH:
                return True
            if text in ".؟!؛\n" or (i in self.name_at and self.name_at[i][2].type == "PER"):
                return False
        return False

    def _role(self, first: int, last: int, key: tuple[str, ...], identity: str | None, how: Any) -> Role:
        start, end = self.tokens[first].start, self.tokens[last - 1].end
        return Role(start, end, key, identity, how, standard(self.document.text[start:end]))

    def _person_after(self, at: int) -> TextEntity | None:
        """The person whose name begins at a token, after words of address."""
        for _ in range(4):
            name = self.name_at.get(at)
            if name is None and at < len(self.tokens) and self.tokens[at].text in _OPENING:
                at += 1
                name = self.name_at.get(at)
            if name is not None:
                return name[2] if name[1].type == "PER" else None
            honorific = self.head_at(at, self.finder.honorifics) if at < len(self.tokens) else None
            if honorific is None:
                return None
            at = honorific[0]
        return None

    def _beside(self, phrase: _Phrase) -> TextEntity | None:
        """The person whose name stands right after a role, or right before it."""
        after = self._person_after(phrase.last)
        if after is not None:
            return after
        before = self.name_end.get(phrase.first)
        if before is not None:
            return before
        if phrase.first and self.tokens[phrase.first - 1].text in ("،", "(", ",", "-", "–"):
            before = self.name_end.get(phrase.first - 1)
            if before is not None and not (phrase.bare and not phrase.alone and self._listed(phrase)):
                return before
        return None

    def _listed(self, phrase: _Phrase) -> bool:
        return phrase.last < len(self.tokens) and self.tokens[phrase.last].text == "و"

    def _resolve(self, phrases: Sequence[_Phrase]) -> list[Role]:
        roles: list[Role] = []
        alone: list[_Phrase] = []
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
            known.setdefault(self.finder.plain(phrase.key), {})[entity.id] = None
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
        phrase: _Phrase,
        known: Mapping[tuple[str, ...], dict[str, None]],
        by_first: Mapping[str, list[tuple[str, ...]]],
    ) -> tuple[str | None, int]:
        """The one person whose title a role standing alone is: id and end token."""
        key = self.finder.plain(phrase.key)
        exact = known.get(key)
        if exact:
            fits = len(exact) == 1 and (len(key) > 1 or phrase.alone)
            return (next(iter(exact)) if fits else None), phrase.last
        if phrase.first and self.key(phrase.first - 1)[0] in ("یک", "هر", "چند"):
            return None, phrase.last
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
            return next(iter(shorter)), self._token_after(phrase, size)
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
                if word in self.finder.demonyms:
                    country = self.finder.demonyms[word]
                at += 1
            person = self._person_after(at) or self.name_end.get(i)  # «کارتر، همتای آمریکایی خود»
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
