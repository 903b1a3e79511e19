"""Clusters the names of an article that stand for one thing.

Names of one type are compared by their folded words. Equal forms always meet. Beyond that a form joins

- people: a name that it ends («سلطان تویه» - «محمد سلطان تویه»), the same words in another order («کارتر
  اشتون»), initials («م. احمدی»), a first name alone where one person only begins with it;
- happenings: the same but for its number («جشنواره مطبوعات» - «دهمین جشنواره مطبوعات»), where only one is
  numbered;
- other names: the same lexicon entry («داعش» - «دولت اسلامی عراق و شام»), a name less its head noun
  («خبرگزاری فارس» - «فارس»), the beginning of a longer name («پارلمان» - «پارلمان عراق») or a thinned-out
  form of one with the same head («سازمان محیط زیست» - «سازمان حفاظت محیط زیست»), an acronym that follows
  it in brackets.

Where several names fit, the one named last before counts. Two full names of people never meet by a shared
surname, and a form that a lexicon gives to one thing never joins another thing of the lexicon.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from schemas.enriched import EntityType
from workers.nlp.knowledge.affixes import JOINING_YEH
from workers.nlp.knowledge.lexicon import Lexicon

_NEAR = 30  # most longer names that a shorter one is compared with: the work stays linear in hostile input
_LONG = 12  # words of a name that are looked at

Words = tuple[str, ...]


class Name(NamedTuple):
    """A name mention: its type, its folded words, and the name it follows in brackets (an index, or -1).

    `called` tells that it follows that one behind «معروف به». `parts` are a person's words as they are
    spaced, each glued: «گل‌محمدی» is one, no longer name of «محمدی».
    """

    type: EntityType
    words: tuple[str, ...]
    glosses: int = -1
    parts: tuple[str, ...] = ()
    called: bool = False


@dataclass(frozen=True, slots=True)
class Clusterer:
    """Groups the names of one article; the tables come from the lexicons."""

    lexicon: Lexicon
    heads: frozenset[str] = frozenset()  # nouns that a short form drops: «خبرگزاری», «باشگاه»
    titles: frozenset[str] = frozenset()  # words in a person's name that tell nothing: «سید»
    given: frozenset[str] = frozenset()  # first names
    ordinals: Mapping[str, str] = field(
        default_factory=dict
    )  # «نخستین», «اولین»: each word to its standard form
    tens: frozenset[str] = frozenset()  # before «و» and an ordinal: «بیست»
    common: frozenset[str] = frozenset()  # first names too common to stand alone for a person: «علی»

    def cluster(self, names: Sequence[Name]) -> list[list[int]]:
        """Indexes of `names` by thing, things in order of their first name. Near-linear in their number."""
        groups = _Groups(len(names))
        first: dict[tuple[str, tuple[str, ...]], int] = {}
        forms: dict[str, list[int]] = {}  # type to the first index of each form
        for i, name in enumerate(names):
            known = first.setdefault((name.type, name.words), i)
            if known == i:
                forms.setdefault(name.type, []).append(i)
            else:
                groups.join(known, i)
        for kind, members in forms.items():
            if kind == "PER":
                _People(self, names, members, groups).join()
            elif kind in ("ORG", "LOC", "FAC", "EVENT", "PRODUCT"):
                _Things(self, names, members, groups).join()
        found: dict[int, list[int]] = {}
        for i in range(len(names)):
            found.setdefault(groups.find(i), []).append(i)
        return list(found.values())


@dataclass(slots=True)
class _Groups:
    """Disjoint sets of indexes; the smallest index leads."""

    size: int
    parent: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.parent = list(range(self.size))

    def find(self, i: int) -> int:
        while self.parent[i] != i:
            self.parent[i] = self.parent[self.parent[i]]
            i = self.parent[i]
        return i

    def join(self, i: int, j: int) -> None:
        i, j = self.find(i), self.find(j)
        self.parent[max(i, j)] = min(i, j)


def _nearest(candidates: Iterable[int], at: int) -> int | None:
    """The candidate named last before a place, else the first one after it."""
    before = after = None
    for i in candidates:
        if i < at and (before is None or i > before):
            before = i
        elif i > at and (after is None or i < after):
            after = i
    return before if before is not None else after


@dataclass(slots=True)
class _People:
    """The rules for people."""

    tables: Clusterer
    names: Sequence[Name]
    members: list[int]
    groups: _Groups

    def join(self) -> None:  # noqa: C901 - the rules of the docstring, in its order
        words = {i: self._words(self.names[i].parts or self.names[i].words) for i in self.members}
        known: dict[str, int] = {}
        for i in self.members:
            for entry in self.tables.lexicon.find(" ".join(self.names[i].words)):
                if entry.type == "PER":
                    self.groups.join(i, known.setdefault(entry.name, i))
        glued: dict[str, int] = {}
        for i in self.members:
            name = self.names[i]
            if name.glosses >= 0 and (name.called or _is_latin(name.words)):  # «دل هاروی (Del Harvey)»
                self.groups.join(i, name.glosses)
        for i, parts in words.items():  # «محمد رضا» is «محمدرضا»; the order of the words is free
            for key in ("".join(parts), " ".join(sorted(parts))):
                self.groups.join(i, glued.setdefault(key, i))
        ends: dict[str, list[int]] = {}
        begins: dict[str, list[int]] = {}
        for i, parts in words.items():
            for k in range(1, len(parts)):
                _remember(ends, "".join(parts[k:]), i)
                _remember(begins, "".join(parts[:k]), i)
        for i, parts in words.items():  # «منوچهرمتکی»: a first name glued to the next word
            word = parts[0]
            for k in range(3, min(len(word) - 2, _LONG)):
                if word[:k] in self.tables.given:
                    _remember(ends, "".join((word[k:], *parts[1:])), i)
        inner: dict[str, list[int]] = {}
        for i, parts in words.items():
            if len(parts) > 2:
                for k in range(2, len(parts)):
                    _remember(inner, "".join(parts[1:k]), i)
                _remember(inner, f"{parts[0]}…{parts[-1]}", i)
        for i, parts in words.items():
            key = "".join(parts)
            candidates = ends.get(key)
            if not candidates and len(parts) > 1 and len(parts[0]) == 1:  # initials
                last = "".join(p for p in parts if len(p) > 1)
                candidates = [j for j in ends.get(last, ()) if words[j][0][0] == parts[0]]
            if not candidates and len(parts) == 2:
                candidates = inner.get(f"{parts[0]}…{parts[-1]}")
            if not candidates and key not in self.tables.common:
                only = begins.get(key) or (inner.get(key) if len(parts) == 1 else None) or ()
                if len({self.groups.find(j) for j in only}) == 1:
                    candidates = list(only)
            found = _nearest(candidates or (), i)
            if found is not None:
                self.groups.join(i, found)

    def _words(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """The words that tell who it is, in a form without «سید» and the Arabic article."""
        kept = [w for w in words[:_LONG] if w not in self.tables.titles] or list(words[:_LONG])
        if len(kept) > 1 and kept[0].startswith("سید") and len(kept[0]) > 5:
            kept[0] = kept[0].removeprefix("سید")
        return tuple(w[2:] if w.startswith("ال") and len(w) > 4 else w for w in kept)


def _is_latin(words: Words) -> bool:
    return all(word.isascii() for word in words)


def _remember(index: dict[str, list[int]], key: str, i: int) -> None:
    found = index.setdefault(key, [])
    if len(found) < _NEAR:
        found.append(i)


@dataclass(slots=True)
class _Things:
    """The rules for organisations, places, sites, events and works."""

    tables: Clusterer
    names: Sequence[Name]
    members: list[int]
    groups: _Groups

    def join(self) -> None:  # noqa: C901 - the rules of the docstring, in its order
        groups = self.groups
        names = {i: self.names[i] for i in self.members}
        if names and self.names[self.members[0]].type != "LOC":  # «آسیای میانه» is no longer name of «آسیا»
            names = {i: name._replace(words=_bare(name.words)) for i, name in names.items()}
        known: dict[str, int] = {}  # a lexicon entry's name to the first form of it
        entry_of: dict[int, str] = {}
        by_words: dict[tuple[str, ...], int] = {names[i].words: i for i in self.members}
        glued: dict[str, int] = {}
        by_head: dict[str, list[int]] = {}
        begins: dict[tuple[str, ...], list[int]] = {}
        for i in self.members:
            name = names[i]
            entry = next(
                (e for e in self.tables.lexicon.find(" ".join(self.names[i].words)) if e.type == name.type),
                None,
            )
            if entry:
                entry_of[i] = entry.name
                groups.join(i, known.setdefault(entry.name, i))
            if name.glosses >= 0 and (
                _is_latin(name.words) or self._abbreviates(name.words, self.names[name.glosses])
            ):
                groups.join(i, name.glosses)
            own = self.names[i].words  # «شورایعالی» is «شورای عالی»
            groups.join(i, glued.setdefault("".join(own), i))
            groups.join(i, glued.setdefault("".join(name.words), i))
            near = by_head.setdefault(name.words[0] if name.words else "", [])
            if len(near) < _NEAR:
                near.append(i)
            for k in range(1, min(len(name.words), _LONG)):
                found = begins.setdefault(name.words[:k], [])
                if len(found) < _NEAR:
                    found.append(i)
        for i in self.members:
            words = names[i].words
            heads = self.tables.heads
            own = self.names[i].words
            site = names[i].type == "FAC" and len(own) > 1 and own[1] in heads  # «بیمارستان زندان اوین»
            if len(words) > 1 and own[0] in heads and not site:
                short = by_words.get(words[1:])
                if short is not None and self._may_meet(entry_of, i, short):
                    groups.join(i, short)
        if self.members and names[self.members[0]].type == "EVENT":
            self._join_numbered(by_words)
        for i in self.members:
            words = names[i].words
            longer = [
                j for j in begins.get(words, ()) if self._may_meet(entry_of, i, j) and self._fuller(words, j)
            ]
            if not longer and len(words) > 1:
                longer = [
                    j
                    for j in by_head.get(words[0], ())
                    if len(names[j].words) > len(words)
                    and _thinned(words, names[j].words)
                    and self._may_meet(entry_of, i, j)
                    and self._fuller(words, j)
                ]
            if len({groups.find(j) for j in longer}) > 1 and names[i].type == "PRODUCT":
                continue  # «هیرو»: a family of products, not one of them
            found_one = _nearest(longer, i)
            if found_one is not None:
                groups.join(i, found_one)

    def _join_numbered(self, by_words: Mapping[Words, int]) -> None:
        """Happenings of one name and one number, and those named without it."""
        numbered: dict[Words, dict[Words, int]] = {}
        for words, i in by_words.items():
            number, rest = self._number(words)
            if number and rest:
                self.groups.join(i, numbered.setdefault(rest, {}).setdefault(number, i))
        for rest, found in numbered.items():
            if len(found) == 1 and rest in by_words:
                self.groups.join(by_words[rest], next(iter(found.values())))

    def _number(self, words: Words) -> tuple[Words, Words]:
        """An ordinal that a name begins with, and the rest of the name."""
        ordinals = self.tables.ordinals
        if words[0] in ordinals:
            return (ordinals[words[0]],), words[1:]
        if len(words) > 2 and words[0] in self.tables.tens and words[1] == "و" and words[2] in ordinals:
            return (words[0], ordinals[words[2]]), words[3:]
        return (), words

    def _may_meet(self, entry_of: dict[int, str], i: int, j: int) -> bool:
        """Whether the lexicon does not know the two as different things.

        Of events and works it knows the long names with their years beside the short ones.
        """
        if self.names[i].type not in ("ORG", "LOC"):
            return True
        return i not in entry_of or j not in entry_of or entry_of[i] == entry_of[j]

    def _fuller(self, words: tuple[str, ...], j: int) -> bool:
        """Whether what the longer name adds tells the same thing, not a number of a series."""
        added = set(_bare(self.names[j].words)) - set(words)
        return not any(w.isdigit() for w in added) if self.names[j].type in ("PRODUCT", "FAC") else True

    @staticmethod
    def _abbreviates(words: tuple[str, ...], full: Name) -> bool:
        return len(words) == 1 and len(full.words) > 1


def _bare(words: Words) -> Words:
    """Words without the ی that only joins them to the next: «سیمای» is «سیما»."""
    return tuple(w[:-1] if len(w) > 3 and w.endswith(JOINING_YEH) else w for w in words)


def _thinned(short: tuple[str, ...], full: tuple[str, ...]) -> bool:
    """Whether the words of one stand in the other, in order."""
    rest = iter(full)
    return all(word in rest for word in short if word != "و")
