"""Tells the language of a text: Persian from its neighbours, by letters and function words.

It counts the function words of `languages.toml` and the letters that one language alone uses. That is
enough for news, which is long; a short text is not judged.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workers.nlp.knowledge.words import LanguageWords

_SAMPLE = 1200  # characters looked at
_FEW_WORDS = 12  # words below which a text is not judged
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]+")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_LEAST = 4.0  # score of another language that is evidence at all
_SHARE = 0.15  # and its least share of the words
_LEAD = 1.5  # and how many times Persian's score it must be
_DARI = 3.0  # words that Dari has to itself, from which a text is told Dari
_BY_LETTER = 0.5  # weight of a letter that one language alone uses, in function words


@dataclass(frozen=True, slots=True)
class Guess:
    """A BCP 47 tag («fa», «prs», …, «und») and whether the text is surely not Persian."""

    tag: str
    foreign: bool


@dataclass(frozen=True, slots=True)
class LanguageGuesser:
    """Tells languages by their words and letters."""

    words: Mapping[str, tuple[str, ...]]  # word → languages
    letters: Mapping[str, str]  # letter → language
    latin: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, known: LanguageWords) -> "LanguageGuesser":
        """A guesser with the words that are known."""
        letters = {letter: tag for tag, listed in known.letters.items() for letter in listed}
        return cls(_languages(known.words), letters, _languages(known.latin))

    def guess(self, text: str) -> Guess:
        """The language of `text`, in its own letters (ye and kaf may be standard already)."""
        sample = text[:_SAMPLE]
        words = [  # lone marks are none
            word for word in sample.split() if word[0].isalnum() or any(map(str.isalnum, word))
        ]
        if len([1 for word in words if word[0] < "\u0250" and word[0].isalpha()]) > 0.6 * len(words):
            latin = _LATIN.findall(sample)
            return self._guess_latin(latin) if len(latin) >= _FEW_WORDS else Guess("und", foreign=False)
        if len(_CYRILLIC.findall(sample)) > 0.5 * len(sample):
            return Guess("ru", foreign=len(words) >= _FEW_WORDS)
        scores: dict[str, float] = defaultdict(float)
        for word, count in Counter(filter(self.words.__contains__, words)).items():
            for tag in self.words[word]:
                scores[tag] += count
        for letter, tag in self.letters.items():
            if letter in sample:
                scores[tag] += _BY_LETTER * sample.count(letter)
        scores["ar"] += 0.3 * sample.count(" ال") - sum(map(sample.count, "پچژگ"))
        persian, dari = scores.pop("fa", 0.0), scores.pop("prs", 0.0)
        best, rival = max((score, tag) for tag, score in scores.items())
        enough = len(words) >= _FEW_WORDS and best >= max(_LEAST, _SHARE * len(words))
        if enough and best > _LEAD * persian:
            return Guess(rival, foreign=True)
        return Guess("prs" if dari >= _DARI and dari > 0.004 * len(words) else "fa", foreign=False)

    def _guess_latin(self, words: list[str]) -> Guess:
        scores: Counter[str] = Counter()
        for word in words:
            for tag in self.latin.get(word.lower(), ()):
                scores[tag] += 1
        tag, score = max(scores.items(), key=lambda x: (x[1], x[0]), default=("und", 0))
        return Guess(tag if score >= 0.05 * len(words) else "und", foreign=True)


def _languages(listed: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """The languages of each word."""
    found: dict[str, tuple[str, ...]] = {}
    for tag, words in listed.items():
        for word in words:
            found[word] = (*found.get(word, ()), tag)
    return found
