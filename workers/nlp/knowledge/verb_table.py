"""The table of verb forms (`tables/verbs.txt.gz`), which answers without importing hazm."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

from workers.nlp.knowledge.conjugation import Tense, VerbForm
from workers.nlp.knowledge.folding import glue
from workers.nlp.knowledge.sources import LexiconError, Source

TABLE = "verbs.txt"

MADE_FROM = "# hazm "
"""Begins the table's first line; the digest of hazm's data follows."""


class Slot(NamedTuple):
    """A place in the paradigm of a verb."""

    tense: Tense
    person: int
    plural: bool
    negative: bool


_TENSES: tuple[Tense, ...] = ("past", "imperfect", "present", "perfect", "subjunctive")
PARADIGM = tuple(Slot(*slot) for slot in product(_TENSES, (1, 2, 3), (False, True), (False, True)))
"""The slots in the order of the table's columns."""


@dataclass(frozen=True, slots=True)
class VerbTable:
    """Verb forms by glued key."""

    verbs: tuple[str, ...]  # infinitives
    slots: Mapping[str, int]  # key to the number of its verb and slot

    @classmethod
    def read(cls, sources: Iterable[Source]) -> "VerbTable":
        """Read the files of the table; the first to name a form decides. Raises `LexiconError`."""
        infinitives: list[str] = []
        found: dict[str, int] = {}
        size = len(PARADIGM)
        for source in sources:
            for number, line in enumerate(source.text.splitlines(), 1):
                if line.startswith("#"):
                    continue
                verb, *forms = line.split("\t")
                if len(forms) != size:
                    raise LexiconError(f"{source.place}:{number}: expected an infinitive and {size} forms")
                first = len(infinitives) * size
                infinitives.append(verb)
                for slot, written in enumerate(forms, first):
                    if written != "-":
                        found.setdefault(glue(written), slot)
        return cls(tuple(infinitives), found)

    def form(self, key: str) -> VerbForm | None:
        """The form that a word is as a verb; None for other words."""
        at = self.slots.get(key)
        if at is None:
            return None
        verb, slot = divmod(at, len(PARADIGM))
        tense, person, plural, negative = PARADIGM[slot]
        return VerbForm(self.verbs[verb], tense, person, plural, negative)
