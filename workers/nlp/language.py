"""Which language a text is in: Persian told from its neighbours by letters and function words.

Counts, no model: the function words of `lexicons/languages.toml`, and the letters that one language
alone uses. Enough for news, which is long; a short text is not judged.
"""

import re
import tomllib
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_SAMPLE = 1200  # characters looked at
_FEW_WORDS = 12  # below that a text is not judged
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]+")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_LEAST = 4.0  # score of another language that is evidence at all
_SHARE = 0.15  # and its least share of the words
_LEAD = 1.5  # and how many times Persian's score it must be
_DARI = 3.0  # words that Dari has to itself, from which a text is told Dari
_BY_LETTER = 0.5  # what a letter that one language alone uses weighs against a function word


@dataclass(frozen=True, slots=True)
class Guess:
    """A BCP 47 tag («fa», «prs», …, «und») and whether the text is surely not Persian."""

    tag: str
    foreign: bool


@dataclass(frozen=True, slots=True)
class _Model:
    words: dict[str, tuple[str, ...]]  # word → languages
    letters: dict[str, str]  # letter → language
    latin: dict[str, tuple[str, ...]]


@cache
def _model() -> _Model:
    data = tomllib.loads(files("workers.nlp.lexicons").joinpath("languages.toml").read_text("utf-8"))
    words: dict[str, tuple[str, ...]] = {}
    for tag, listed in data["words"].items():
        for word in listed.split():
            words[word] = (*words.get(word, ()), tag)
    latin: dict[str, tuple[str, ...]] = {}
    for tag, listed in data["latin"].items():
        for word in listed.split():
            latin[word] = (*latin.get(word, ()), tag)
    letters = {letter: tag for tag, listed in data["letters"].items() for letter in listed}
    return _Model(words, letters, latin)


def guess_language(text: str) -> Guess:
    """The language of `text`, in its own letters (ye and kaf may be standard already)."""
    model = _model()
    sample = text[:_SAMPLE]
    words = [  # lone marks are none
        word for word in sample.split() if word[0].isalnum() or any(map(str.isalnum, word))
    ]
    if len([1 for word in words if word[0] < "\u0250" and word[0].isalpha()]) > 0.6 * len(words):
        latin = _LATIN.findall(sample)
        return _guess_latin(latin, model) if len(latin) >= _FEW_WORDS else Guess("und", foreign=False)
    if len(_CYRILLIC.findall(sample)) > 0.5 * len(sample):
        return Guess("ru", foreign=len(words) >= _FEW_WORDS)
    scores: dict[str, float] = defaultdict(float)
    for word, count in Counter(filter(model.words.__contains__, words)).items():
        for tag in model.words[word]:
            scores[tag] += count
    for letter, tag in model.letters.items():
        if letter in sample:
            scores[tag] += _BY_LETTER * sample.count(letter)
    scores["ar"] += 0.3 * sample.count(" ال") - sum(map(sample.count, "پچژگ"))
    persian, dari = scores.pop("fa", 0.0), scores.pop("prs", 0.0)
    best, rival = max((score, tag) for tag, score in scores.items())
    enough = len(words) >= _FEW_WORDS and best >= max(_LEAST, _SHARE * len(words))
    if enough and best > _LEAD * persian:
        return Guess(rival, foreign=True)
    return Guess("prs" if dari >= _DARI and dari > 0.004 * len(words) else "fa", foreign=False)


def _guess_latin(words: list[str], model: _Model) -> Guess:
    scores: Counter[str] = Counter()
    for word in words:
        for tag in model.latin.get(word.lower(), ()):
            scores[tag] += 1
    tag, score = max(scores.items(), key=lambda x: (x[1], x[0]), default=("und", 0))
    return Guess(tag if score >= 0.05 * len(words) else "und", foreign=True)
