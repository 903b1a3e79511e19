"""Boilerplate candidates of a source: texts that recur in its articles.

Lines, first and last sentences, and last words without a stop are counted by source, with figures masked,
over what cleaning keeps, without datelines. What many articles share is boilerplate that the rules do not
know yet. An editor reads the list and adds a pattern to `workers/nlp/knowledge/tables/boilerplate.toml`.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from schemas.article import RawArticle
from workers.nlp.document import Document, Rejected
from workers.training.shipped import cleaner

Position = Literal["line", "start", "end", "last words"]

_DIGITS = re.compile(r"[0-9۰-۹]+")
_STOP = re.compile(r"(?<=[.!؟])\s+")
_LONGEST = 160  # characters of a candidate
_LAST_WORDS = 8
_FOLDED = 0.8  # share of a candidate's articles that a longer candidate needs to replace it


@dataclass(frozen=True, slots=True)
class Candidate:
    """A text that recurs in a source, figures as `#`."""

    source: str
    position: Position
    text: str
    articles: int
    share: float  # of the source's articles


def candidates(articles: Iterable[Mapping[str, Any]], at_least: int = 5) -> list[Candidate]:
    """The texts that recur in at least `at_least` articles of one `agency`, most frequent first.

    `articles` are raw articles as decoded from JSON; those that cannot be cleaned are passed over.
    """
    totals: Counter[str] = Counter()
    counts: dict[str, Counter[tuple[Position, str]]] = defaultdict(Counter)
    for raw in articles:
        try:
            article = msgspec.convert(raw, RawArticle)
            document = cleaner().clean(Document(article=article, raw=raw))
        except (msgspec.ValidationError, Rejected):
            continue
        source = article.agency or "-"
        totals[source] += 1
        counts[source].update(set(_traits(document)))
    found = [
        Candidate(source, position, text, count, count / totals[source])
        for source, counted in counts.items()
        for (position, text), count in _longest(counted, at_least)
    ]
    return sorted(found, key=lambda c: (-c.articles, c.source, c.text))


def _traits(document: Document) -> Iterator[tuple[Position, str]]:
    lines = [
        document.text[block.start : block.end]
        for block in document.blocks
        if block.field == "body" and block.start < block.end and block.kind != "dateline"
    ]
    if not lines:
        return
    for line in lines:
        if len(line) <= _LONGEST:
            yield "line", _mask(line)
    sentences = (_STOP.split(lines[0])[0], _STOP.split(lines[-1])[-1])
    for position, sentence in zip(("start", "end"), sentences, strict=True):
        if len(sentence) <= _LONGEST:
            yield position, _mask(sentence)  # type: ignore[misc]  # of the two literals above
    words = [] if lines[-1][-1] in ".!؟" else _mask(lines[-1][-_LONGEST:]).split()
    for count in range(1, min(_LAST_WORDS, len(words)) + 1):
        yield "last words", " ".join(words[-count:])


def _mask(text: str) -> str:
    return _DIGITS.sub("#", text)


def _longest(
    counted: Counter[tuple[Position, str]], at_least: int
) -> Iterator[tuple[tuple[Position, str], int]]:
    """The frequent traits, without those that a longer trait or a line replaces."""
    frequent = {trait: count for trait, count in counted.items() if count >= at_least}
    for (position, text), count in frequent.items():
        standing = any(
            other_count >= _FOLDED * count
            and (
                (len(other) > len(text) and other.endswith(f" {text}"))
                or (other == text and rank.index(other_position) < rank.index(position))
            )
            for (other_position, other), other_count in frequent.items()
            for rank in (("line", "start", "end", "last words"),)
        )
        if not standing:
            yield (position, text), count
