"""Counts word forms and neighbours in a corpus.

There are two sets: of all texts, and of careful texts, which write «می» and «ها» with half spaces. What
careful texts join tells the orthography.
"""

import gzip
import html
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from workers.nlp.alignment import AlignedText
from workers.nlp.cleaning.letters import one_to_one
from workers.nlp.knowledge.spacing import ZWNJ

LETTERS = r"\u0621-\u063a\u0641-\u064a\u066e-\u066f\u0671-\u06d3\u06fa-\u06ff"
_WORD = re.compile(rf"[{LETTERS}]+(?:\u200c[{LETTERS}]+)*")
_BREAK = re.compile(rf"[^{LETTERS}\u200c \n]+")  # what parts neighbours
_TAG = re.compile(r"<[^>]{0,300}>")
_MARKS = re.compile("[\u064b-\u0652\u0654\u0670]")
_STRAY = re.compile("[ \n\t]*\u200c[ \n\t\u200c]*")
_LOOSE = re.compile(r"(?<![\w\u200c])(?:ن?می|ها|های|هایی)(?![\w\u200c])")
_MAP = str.maketrans(
    {"ي": "ی", "ك": "ک", "ى": "ی", "ۀ": "ه", "ة": "ه", "\u00ac": ZWNJ, "\u200b": ZWNJ}
    | dict.fromkeys("\u200d\u200f\u200e\u0640\ufeff")
)
_CAREFUL_AT_LEAST = 3  # words with half spaces in a careful text
_CAREFUL_LOOSE = 0.03  # most loose «می» and «ها» for one with a half space


@dataclass
class Counts:
    """How often word forms, and pairs of neighbours with only a space between, were seen."""

    words: Counter[str] = field(default_factory=Counter)
    pairs: Counter[tuple[str, str]] = field(default_factory=Counter)
    careful_words: Counter[str] = field(default_factory=Counter)
    careful_pairs: Counter[tuple[str, str]] = field(default_factory=Counter)

    def spaced(self, parts: list[str], *, careful: bool = True) -> int:
        """Upper bound of how often the parts of a compound stood with spaces between."""
        pairs = self.careful_pairs if careful else self.pairs
        return min(pairs[pair] for pair in pairwise(parts))


def count(texts: Iterable[str]) -> Counts:
    """Count some texts; a text that recurs counts once."""
    counts = Counts()
    seen: set[str] = set()
    for raw in texts:
        text = _clean(raw)
        if text in seen:
            continue
        seen.add(text)
        runs = _runs(text)
        for run in runs:
            counts.words.update(run)
            counts.pairs.update(pairwise(run))
        if "\xa0" in text:  # its no-break spaces may be half spaces
            text = _clean(one_to_one(AlignedText.identity(text)).text)
            runs = _runs(text)
        joined = sum(ZWNJ in word for run in runs for word in run)
        loose = len(_LOOSE.findall(text))
        if joined >= _CAREFUL_AT_LEAST and loose <= _CAREFUL_LOOSE * joined:
            for run in runs:
                counts.careful_words.update(run)
                counts.careful_pairs.update(pairwise(run))
    return counts


def _runs(text: str) -> list[list[str]]:
    """The words of each piece of text between marks."""
    return [_WORD.findall(piece) for piece in _BREAK.split(text)]


def articles(paths: Iterable[Path]) -> Iterator[str]:
    """The texts of JSON lines, gzipped or not, with `title`, `lead` and `body`."""
    for path in paths:
        data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        for line in data.splitlines():
            article = json.loads(line)
            yield "\n".join(str(article.get(name) or "") for name in ("title", "lead", "body"))


def plain_texts(paths: Iterable[Path], lines: int = 20) -> Iterator[str]:
    """The texts of files of plain sentences, some lines to a text; «_» stands for a space."""
    for path in paths:
        sentences = path.read_text("utf-8").replace("_", " ").splitlines()
        for start in range(0, len(sentences), lines):
            yield "\n\u061f".join(sentences[start : start + lines])


def _clean(raw: str) -> str:
    text = _TAG.sub(" ", html.unescape(html.unescape(raw))).translate(_MAP)
    return _STRAY.sub(lambda m: " " if m.group().strip(ZWNJ) else ZWNJ, _MARKS.sub("", text))
