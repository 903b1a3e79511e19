"""Which language a text is in: Persian told from its neighbours by letters and function words.

Counts, no model: the function words of `lexicons/languages.toml`, and the letters that one language
alone uses. Enough for news, which is long; a short text is not judged.
"""

import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_SAMPLE = 6000  # characters looked at
_WORD = re.compile("[\u0621-\u063a\u0641-\u064a\u066e-\u06d5\u06ee-\u06ff\u0750-\u077f\u200c]+")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]+")
_OTHER = re.compile("[\u0400-\u04ff]")
_FEW_WORDS = 12


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
    words = _WORD.findall(sample)
    latin = _LATIN.findall(sample)
    if len(latin) > 3 * len(words):
        return _guess_latin(latin, model) if len(latin) >= _FEW_WORDS else Guess("und", foreign=False)
    if len(_OTHER.findall(sample)) > 0.5 * max(1, sum(map(len, words))) and len(sample) > 80:
        return Guess("ru", foreign=True)
    scores: Counter[str] = Counter()
    for word in words:
        for tag in model.words.get(word, ()):
            scores[tag] += 1
    for letter, count in Counter("".join(words)).items():
        if letter in model.letters:
            scores[model.letters[letter]] += 0.7 * count  # type: ignore[assignment]
    persian = scores["fa"]
    rival, best = max(
        ((tag, score) for tag, score in scores.items() if tag not in ("fa", "prs")),
        key=lambda x: (x[1], x[0]),
        default=("und", 0),
    )
    if len(words) >= _FEW_WORDS and best > 1.5 * persian and best >= 0.06 * len(words):
        return Guess(rival, foreign=True)
    if persian and scores["prs"] >= max(2, 0.008 * len(words)):
        return Guess("prs", foreign=False)
    return Guess("fa", foreign=False) if persian or len(words) >= 1 else Guess("und", foreign=False)


def _guess_latin(words: list[str], model: _Model) -> Guess:
    scores: Counter[str] = Counter()
    for word in words:
        for tag in model.latin.get(word.lower(), ()):
            scores[tag] += 1
    tag, score = max(scores.items(), key=lambda x: (x[1], x[0]), default=("und", 0))
    return Guess(tag if score >= 0.05 * len(words) else "und", foreign=True)
