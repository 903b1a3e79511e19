"""Whether an office that stands for somebody («وزیر دفاع فرانسه») can be a person's, by their titles."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from workers.nlp.knowledge import Knowledge
from workers.nlp.knowledge.cues import WordLists
from workers.nlp.knowledge.folding import glue

Fit = Literal["same", "open", "second", "other"]
WORDS = 20  # words of a phrase that are looked at


class Office(NamedTuple):
    """An office by its words, as keys."""

    head: str
    sole: bool  # one person holds it: «وزیر», not «نماینده» or «استاد»
    words: frozenset[str]  # its complement, without country and without words that every office has
    abroad: frozenset[str]  # foreign countries it names


@dataclass(frozen=True, slots=True)
class Offices:
    """Reads and compares offices."""

    words: WordLists
    abroad: Mapping[str, str]  # foreign countries by the keys of their names and demonyms

    @classmethod
    def of(cls, knowledge: Knowledge) -> "Offices":
        """With the words that are known."""
        abroad = {
            glue(form): entry.name
            for entry in knowledge.lexicon.category("countries")
            if entry.attributes.get("code") != "IR"
            for form in (*entry.forms, *entry.attributes.get("demonyms", "").split("|"))
            if glue(form)
        }
        return cls(knowledge.cues.words, abroad)

    def read(self, phrase: str) -> Office | None:
        """The office of a phrase; None for a word of address («دکتر») and for anything without a role."""
        words = [glue(w) for w in phrase.split()[:WORDS]]
        if words and words[0] == "یک":
            words = words[1:]
        if not words or words[0] not in self.words.roles:
            return None
        rest = frozenset(w for w in words[1:] if len(w) > 2).difference(self.words.office_words)
        return Office(
            words[0],
            words[0] in self.words.sole_offices,
            rest.difference(self.abroad),
            frozenset(self.abroad[w] for w in rest.intersection(self.abroad)),
        )

    def fit(self, wanted: str, titles: Iterable[str]) -> Fit:
        """Whether an office is one of a person's titles, may be another of theirs, or is somebody else's.

        "second": both this office and the known one are held by one person each, so it is seldom theirs too.
        """
        asked = self.read(wanted)
        if asked is None:
            return "open"
        held = [o for title in titles if (o := self.read(title)) is not None]
        if any(_same(asked, o) for o in held):
            return "same"
        if asked.sole and asked.abroad and not any(asked.abroad & o.abroad for o in held):
            return "other"  # who holds an office abroad is introduced by it
        if asked.sole and any(o.sole for o in held):
            return "second"
        return "open"


def _same(asked: Office, held: Office) -> bool:
    if asked.abroad and held.abroad and not asked.abroad & held.abroad:
        return False
    alike = asked.head.startswith(held.head) or held.head.startswith(asked.head)  # «مدیر», «مدیرکل»
    if asked.sole and held.sole and not alike:
        return False
    return bool(asked.words & held.words) or (alike and not asked.words)
