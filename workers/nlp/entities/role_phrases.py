"""Role noun phrases: how far «وزیر دفاع فرانسه» or «معاون فرهنگی شهرداری منطقه ۴ تهران» goes.

A phrase begins with a head noun of the table (`roles.tsv`), takes words and whole names, and ends
before a verb, a preposition, a person or a mark. A place or a body closes it, unless «و» adds another.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from workers.nlp.document import Document, TextEntity, TextMention
from workers.nlp.knowledge.folding import fold
from workers.nlp.knowledge.marks import CLOSING_NAMES, OPENING_NAMES
from workers.nlp.knowledge.titles import TitleWords

_CLOSING = CLOSING_NAMES | {")"}  # «لوکاس برنارد (Lucas Bernard)، وزیر …»
_WORDS = 9  # words that a role takes before it must end


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

    def __init__(self, tables: TitleWords, document: Document) -> None:
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

    def phrase(self, i: int) -> Phrase | None:  # noqa: C901 - one walk over the words of a title
        """The role that begins at a token, as far as it goes."""
        tables, tokens = self.tables, self.tokens
        head = self.head_at(i, tables.heads)
        if head is None:
            return None
        at, key = head
        alone, placed = tables.heads[key], key[0] in tables.placed
        first_word, plain, named = key, 0, False
        safe, safe_key = at, key  # the end that counts if what follows is no part of it
        while at < len(tokens) and at not in self.sentence_starts:
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
        return self.tokens[i].text in OPENING_NAMES or self.key(i)[0] in self.tables.courtesies

    def person_after(self, at: int) -> TextEntity | None:
        """The person whose name begins at a token, after words of address."""
        for _ in range(4):
            name = self.name_at.get(at)
            if name is None and at < len(self.tokens) and self.tokens[at].text in OPENING_NAMES:
                at += 1
                name = self.name_at.get(at)
            if name is not None:
                return name[2] if name[1].type == "PER" else None
            honorific = self.head_at(at, self.tables.honorifics) if at < len(self.tokens) else None
            if honorific is None:
                return None
            at = honorific[0]
        return None
