"""Nouns of who can say something: people and bodies, one row each (`tables/speakers.tsv`)."""

from collections.abc import Iterator

from workers.nlp.knowledge.affixes import PERSON_PLURALS, PERSON_POSSESSIVES
from workers.nlp.knowledge.folding import glue
from workers.nlp.knowledge.sources import LexiconError, Sources

_KINDS = ("person", "kin", "group")


def speakers(sources: Sources) -> frozenset[str]:
    """The nouns with their plurals, glued. Raises `LexiconError` for a kind that there is none of."""
    found: set[str] = set()
    for place, cells in sources.rows("speakers.tsv"):
        kind = cells.get("kind", "person")
        if kind not in _KINDS:
            raise LexiconError(f"{place}: a speaker's kind is person, kin or group, not `{kind}`")
        key = glue(cells["name"])
        found.update((key,) if kind == "group" else _persons(key))
        if kind == "kin":
            found.update(key + ending for ending in PERSON_POSSESSIVES)  # «همسرش»
    return frozenset(found)


def _persons(key: str) -> Iterator[str]:
    """A noun of somebody, indefinite and in its plurals: «راننده», «رانندگان», «دانشجویان», «روحانیون»."""
    for ending in PERSON_PLURALS:
        yield key + ending
    plural = key[:-1] + "گان" if key[-1] == "ه" else key + "یان" if key[-1] in "او" else key + "ان"
    yield from (plural, plural + "ی")
    if key[-1] == "ه":
        yield key + "ای"
    elif key[-1] in "او":
        yield key + "یی"
    elif key[-1] == "ی":
        yield key + "ون"
