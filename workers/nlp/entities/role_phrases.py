"""Role noun phrases: how far «وزیر دفاع فرانسه» or «معاون فرهنگی شهرداری منطقه ۴ تهران» goes.

A phrase begins with a head noun of the table (`lexicons/titles.toml`), takes words and whole names, and ends
before a verb, a preposition, a person or a mark. A place or a body closes it, unless «و» adds another.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from tomllib import loads
from typing import Any, NamedTuple

from workers.nlp.document import Document, TextEntity, TextMention
from workers.nlp.lexicon import Lexicon
from workers.nlp.names import fold

_WORDS = 9  # words that a role takes before it must end
OPENING = frozenset('«"“')
_CLOSING = frozenset('»"”')


@dataclass(frozen=True, slots=True)
class RoleTables:
    """The words of roles, from `lexicons/titles.toml` and the lexicons."""

    heads: Mapping[tuple[str, ...], bool]  # words of a head to whether it stands alone
    begins: frozenset[str]  # first words of heads and honorifics, in every spelling
    honorifics: Mapping[tuple[str, ...], None]
    courtesies: frozenset[str]  # the words of honorifics
    stops: frozenset[str]
    silent: frozenset[str]
    placed: frozenset[str]
    kin: frozenset[str]
    indefinite: frozenset[str]
    reporters: frozenset[str]
    portfolios: Mapping[str, tuple[tuple[str, ...], ...]]  # first word to complements that end a title
    homeland: frozenset[str]
    counterparts: frozenset[str]
    demonyms: Mapping[str, str]  # folded demonym to the country's folded name
    spellings: Mapping[str, str]  # folded words and pairs of words to the form that keys hold
    abroad: frozenset[str]  # folded names of foreign countries

    @classmethod
    def load(cls, lexicon: Lexicon) -> "RoleTables":
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
            courtesies=frozenset(word for words in honorifics for word in words),
            stops=frozenset(fold(w) for w in table["stops"]["words"]),
            silent=frozenset(fold(w) for w in roles["silent"]),
            placed=frozenset(fold(w) for w in roles["placed"]),
            kin=frozenset(fold(w) for w in roles["kin"]),
            indefinite=frozenset(fold(w) for w in roles["indefinite"]),
            reporters=frozenset(fold(w) for w in roles["reporters"]),
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


class Phrase(NamedTuple):
    """A role as it stands in the tokens [first, last)."""

    first: int
    last: int
    key: tuple[str, ...]
    bare: bool  # a head without a complement
    alone: bool  # its head stands for somebody without one
    named: bool  # a name of a place or body closes it


class PhraseReader:
    """Reads the role phrases of one clustered document."""

    def __init__(self, tables: RoleTables, document: Document) -> None:
        self.tables, self.document = tables, document
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
        """The folded words of a token; never empty."""
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

    def phrase(self, i: int) -> Phrase | None:
        """The role that begins at a token, as far as it goes."""
        tables, tokens = self.tables, self.tokens
        head = self.head_at(i, tables.heads)
        if head is None:
            return None
        at, key = head
        alone, placed = tables.heads[key], key[0] in tables.placed
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
                    (*key, *(k for j in range(at, portfolio) for k in self.key(j) if k not in tables.silent)),
                    plain + 1,
                )
                safe, safe_key = at, key
                if at in self.name_at or (at < len(tokens) and self.key(at)[0] in tables.homeland):
                    continue
                break
            if not word[0][:1].isalpha() and not word[0].isdigit() and tokens[at].text not in "«»":
                break
            if word[0].isdigit() and at + 1 < len(tokens) and self.key(at + 1)[0].startswith("سال"):
                break  # «شهردار ۵۲ ساله زنجان»
            if word[0] == "و":
                if at + 1 >= len(tokens) or self.head_at(at + 1, tables.heads):
                    break
            elif word[0] == "در" and placed and self._names(at + 1):
                key, at = (*key, "در"), at + 1
                continue
            elif word[0] in tables.stops or plain >= _WORDS:
                break
            else:
                plain += 1
            key = (*key, *(w for w in word if w not in tables.silent))
            at += 1
            if word[0] != "و" and word[0][:1].isalnum() and not named:
                safe, safe_key = at, key
        return Phrase(i, safe, safe_key, safe_key == first_word, alone, named)

    def _names(self, at: int) -> bool:
        name = self.name_at.get(at)
        return (name is not None and name[1].type in ("LOC", "ORG", "FAC", "EVENT")) or (
            at < len(self.tokens) and self.key(at)[0] == "امور"
        )

    def _portfolio(self, at: int) -> int | None:
        for words in self.tables.portfolios.get(self.key(at)[0], ()):
            j, rest = at, list(words)
            while rest and j < len(self.tokens) and j not in self.taken:
                keys = ("،",) if self.tokens[j].text == "،" else self.key(j)
                if tuple(rest[: len(keys)]) != keys:
                    break
                rest, j = rest[len(keys) :], j + 1
            if not rest:
                return j
        return None

    def token_after(self, phrase: Phrase, size: int) -> int:
        """The token after the first `size` words of a role's key."""
        last, words = phrase.first, 0
        while words < size and last < phrase.last:
            words += sum(w not in self.tables.silent for w in self.key(last)) or 0
            last += 1
        return last

    def addresses(self, i: int) -> bool:
        """Whether a token is a word of address or an opening quotation mark."""
        return self.tokens[i].text in OPENING or self.key(i)[0] in self.tables.courtesies

    def person_after(self, at: int) -> TextEntity | None:
        """The person whose name begins at a token, after words of address."""
        for _ in range(4):
            name = self.name_at.get(at)
            if name is None and at < len(self.tokens) and self.tokens[at].text in OPENING:
                at += 1
                name = self.name_at.get(at)
            if name is not None:
                return name[2] if name[1].type == "PER" else None
            honorific = self.head_at(at, self.tables.honorifics) if at < len(self.tokens) else None
            if honorific is None:
                return None
            at = honorific[0]
        return None
