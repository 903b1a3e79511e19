"""The attributes that the tagger sees of a word, of two neighbours, and of a whole document.

Attributes are strings. The training writes each token's attributes out; the tagger turns each word's
attributes once into a sum of weights (see `workers.nlp.entities.crf`), so most of this runs once a word.

An attribute of a word is seen from its neighbours too: `REACH` tells from how far which kinds are seen.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from workers.nlp.document import Document, TextMention, Token
from workers.nlp.knowledge import Knowledge
from workers.nlp.knowledge.folding import fold
from workers.nlp.knowledge.lexicon import Lexicon

OFFSETS = range(-3, 4)
_MOST_WORDS = 40_000  # kept in a cache before it begins anew: 800 articles have 27,000 different ones
_RARE = "\ufffd"
LONGEST = 200  # letters of a word that are looked at
EDGE = "<s>"  # the word before the first and after the last of a sentence
_MARKS = re.compile("[\u064b-\u0652\u0670\u0640]")
_DIGIT = re.compile(r"\d")
_SHAPES = (
    (re.compile(r"[^\W\d_\x00-\u05ff][\u0600-\u06ff\u200c]*$"), "f"),
    (re.compile(r"[A-Z][a-z'’.-]+$"), "Aa"),
    (re.compile(r"[A-Z.&-]+$"), "AA"),
    (re.compile(r"[A-Za-z'’.&-]+$"), "aa"),
    (re.compile(r"\d{4}$"), "4d"),
    (re.compile(r"\d{1,2}$"), "2d"),
    (re.compile(r"\d+$"), "d"),
    (re.compile(r"[\d.,٫٬/:]+[%٪]?$"), "d."),
    (re.compile(r"(?=.*\d)\w[\w.-]*$"), "xd"),
    (re.compile(r"\W+$"), "p"),
)


def normal(word: str) -> str:
    """The form under which a word is known: no diacritics, each digit 0, Latin in small letters."""
    if word.isalpha() and not word.isascii() and "ـ" not in word:
        return word
    return _DIGIT.sub("0", _MARKS.sub("", word)).lower() or word


def bounded(words: list[str], most: int) -> list[str]:
    """The words in the form that is looked up and kept, which bounds a worker's memory.

    A long word is its first `LONGEST` letters; those after the first `most` different ones are all one word.
    """
    different = dict.fromkeys(words)
    if max(map(len, different), default=0) > LONGEST:
        words = [w[:LONGEST] for w in words]
        different = dict.fromkeys(words)
    if len(different) <= most:
        return words
    kept = set(islice(different, most))
    return [w if w in kept else _RARE for w in words]


def shape(word: str) -> str:
    """A rough class of a word's letters."""
    for pattern, name in _SHAPES:
        if pattern.match(word):
            return name
    return "?"


@dataclass(frozen=True, slots=True)
class WordKnowledge:
    """What is known of words from elsewhere: classes learned without labels, and the lexicons."""

    classes: Mapping[str, Sequence[int]]  # normal form: a class number in each granularity
    lexicon: Lexicon
    triggers: Mapping[str, frozenset[str]]  # words beside which names stand, by what they announce
    verbs: frozenset[str]
    said: frozenset[str]

    @classmethod
    def of(cls, classes: Mapping[str, Sequence[int]], knowledge: Knowledge) -> "WordKnowledge":
        """The classes beside what is known of words."""
        triggers = knowledge.triggers
        return cls(classes, knowledge.lexicon, triggers.kinds(), triggers.verb, triggers.said)

    def classes_of(self, form: str) -> Sequence[int] | None:
        """The classes of a normal form: its own, else those without half spaces, else its longest part's."""
        found = self.classes.get(form)
        if found is None and "\u200c" in form:
            parts = form.split("\u200c")
            found = self.classes.get("".join(parts)) or self.classes.get(max(parts, key=len))
        return found

    def attributes(self, word: str) -> Iterator[tuple[str, int]]:
        """The attributes of a word and the farthest offset from which each is seen."""
        if word == EDGE:
            yield "w=<s>", 3
            return
        form = normal(word)
        yield f"w={form}", 2
        kind = shape(word)
        yield f"s={kind}", 1
        if kind == "f":
            n = len(form)
            for size in (2, 3, 4):
                if n > size:
                    yield f"p{size}={form[:size]}", 0
                    yield f"x{size}={form[-size:]}", 1
            yield f"n={min(n, 8)}", 0
            if "\u200c" in form:
                yield "z", 0
                parts = form.split("\u200c")
                yield f"zf={parts[0]}", 0
                yield f"zl={parts[-1]}", 0
        found = self.classes_of(form)
        if found is None:
            yield "c=?", 1
        else:
            for level, number in enumerate(found):
                yield f"c{level}={number}", (3, 2, 1)[level]
        for category in sorted({e.category for e in self.lexicon.find(word)}):
            yield f"l={category}", 2
        for name, words in self.triggers.items():
            if form in words:
                yield f"t={name}", 3
        if form in self.verbs:
            yield "v", 2


def coarse(knowledge: WordKnowledge, word: str) -> int:
    """The middle class of a word, for pairs; 0 where none is known."""
    found = knowledge.classes_of(normal(word))
    return found[1] + 1 if found else 0


PAIRS = ((-2, -1), (-1, 0), (0, 1), (1, 2), (-1, 1))
"""Offsets of two words whose classes are taken together."""


@dataclass(slots=True)
class Glance:
    """What a word tells about its neighbours, kept so that a word is looked up once."""

    key: str  # folded
    reach: int  # words of the longest form in the lexicon that begins as it does
    kinds: tuple[str, ...]  # the triggers it is: `person`, `role`, …, `given` for a given name


@dataclass(frozen=True, slots=True)
class DocumentSight:
    """Attributes that need more than a word and its neighbours."""

    knowledge: WordKnowledge
    _glances: dict[str, Glance] = field(default_factory=dict, compare=False)

    def _glance(self, word: str) -> Glance:
        found = self._glances.get(word)
        if found is None:
            form = normal(word)
            kinds = [name for name, words in self.knowledge.triggers.items() if form in words]
            if any(e.category == "given_names" for e in self.knowledge.lexicon.find(word)):
                kinds.append("given")
            key = fold(word)
            reach = self.knowledge.lexicon.longest.get(key.partition(" ")[0], 0)
            found = Glance(key, reach, tuple(kinds))
            if len(self._glances) > _MOST_WORDS:
                self._glances.clear()
            if len(word) <= LONGEST:
                self._glances[word] = found
        return found

    def marks(
        self, document: Document, words: Sequence[str], quantities: Iterable[TextMention]
    ) -> dict[int, list[str]]:
        """All attributes of this kind, by token; `words` are the texts of the document's tokens."""
        found = {number: [mark] for number, mark in self.lexicon_marks(words).items()}
        for number, mark in self.quantity_marks(document.tokens, quantities).items():
            found.setdefault(number, []).append(mark)
        for number, told in self.hints(words).items():
            found.setdefault(number, []).extend(told)
        return found

    def lexicon_marks(self, words: Sequence[str]) -> dict[int, str]:
        """For tokens inside a form of several words that a lexicon knows: begin or inside, and what it is."""
        marks: dict[int, str] = {}
        by_form = self.knowledge.lexicon.by_form
        after = 0
        for number, word in enumerate(words):
            reach = self._glance(word).reach
            if reach < 2 or number < after:
                continue
            keys = [self._glance(w).key for w in words[number : number + reach]]
            for length in range(len(keys), 1, -1):
                entries = by_form.get(" ".join(keys[:length])) if keys[length - 1] else None
                if entries:
                    names = "+".join(sorted({e.category for e in entries}))
                    after = number + length
                    marks[number] = f"m=B{names}"
                    marks |= dict.fromkeys(range(number + 1, after), f"m=I{names}")
                    break
        return marks

    def quantity_marks(self, tokens: Sequence[Token], quantities: Iterable[TextMention]) -> dict[int, str]:
        """For the tokens of dates, times, sums and percentages that the grammar found: which it is."""
        marks: dict[int, str] = {}
        number = 0
        for mention in quantities:
            while number < len(tokens) and tokens[number].end <= mention.start:
                number += 1
            while number < len(tokens) and tokens[number].start < mention.end:
                marks[number] = f"g={mention.type}"
                number += 1
        return marks

    def hints(self, words: Sequence[str]) -> dict[int, list[str]]:
        """What a word's other places in the document tell about it, for the tokens where they tell something.

        That is: whether it elsewhere follows a title, a role, a given name, or stands before «:» or «گفت».
        """
        seen: dict[str, dict[str, list[int]]] = {}
        before: tuple[str, ...] = ()
        for number, word in enumerate(words):
            if word in self.knowledge.said and number:
                seen.setdefault(words[number - 1], {}).setdefault("said", []).append(number - 1)
            for kind in before:
                seen.setdefault(word, {}).setdefault(kind, []).append(number)
            before = self._glance(word).kinds
        out: dict[int, list[str]] = {}
        for number, word in enumerate(words):
            kinds = seen.get(word)
            if kinds and len(word) > 1:
                told = [f"d={k}" for k, places in kinds.items() if len(places) > 1 or places[0] != number]
                if told:
                    out[number] = told
        return out
