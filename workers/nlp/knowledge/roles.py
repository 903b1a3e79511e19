"""Role nouns: offices, trades and ties by which people are called, one row each (`tables/roles.tsv`)."""

from dataclasses import dataclass
from typing import Literal, NamedTuple, get_args

from workers.nlp.knowledge.folding import glue
from workers.nlp.knowledge.sources import LexiconError, Sources

RoleProperty = Literal[
    "title",
    "alone",
    "placed",
    "speaks",
    "sole",
    "spokesman",
    "kin",
    "reporter",
    "minister",
    "deputy",
    "announces",
    "opens",
    "glued",
]
"""The properties of role nouns; the head of the table tells what each means."""
_KNOWN = frozenset(get_args(RoleProperty))
_USUAL = "title speaks"


class RoleNoun(NamedTuple):
    """A role noun in all its spellings."""

    forms: tuple[str, ...]
    properties: frozenset[str]


@dataclass(frozen=True, slots=True)
class Roles:
    """The role nouns by what they are."""

    nouns: tuple[RoleNoun, ...]

    @classmethod
    def read(cls, sources: Sources) -> "Roles":
        """Read the table; a row adds to the one of the same noun. Raises `LexiconError`."""
        found: dict[str, RoleNoun] = {}
        for place, cells in sources.rows("roles.tsv"):
            properties = frozenset(cells.get("properties", _USUAL).split())
            for name in sorted(properties - _KNOWN):
                known = ", ".join(get_args(RoleProperty))
                raise LexiconError(f"{place}: a role has no property `{name}`; there are {known}")
            variants = (v.strip() for v in cells.get("variants", "").split("|"))
            forms = (cells["name"], *(v for v in variants if v))
            key = glue(cells["name"])
            known_noun = found.get(key, RoleNoun((), frozenset()))
            found[key] = RoleNoun(
                tuple(dict.fromkeys((*known_noun.forms, *forms))), known_noun.properties | properties
            )
        return cls(tuple(found.values()))

    def forms(self, *properties: RoleProperty) -> list[str]:
        """All spellings of the nouns that have one of some properties, as written."""
        wanted = frozenset[str](properties)
        return [form for noun in self.nouns if wanted & noun.properties for form in noun.forms]

    def keys(self, *properties: RoleProperty) -> frozenset[str]:
        """All spellings of the nouns that have one of some properties, glued."""
        return frozenset(map(glue, self.forms(*properties)))
