"""Words in and around the titles of people: where one begins, what it takes, where it ends."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from workers.nlp.knowledge.folding import fold
from workers.nlp.knowledge.lexicon import Lexicon
from workers.nlp.knowledge.roles import Roles
from workers.nlp.knowledge.sources import Sources
from workers.nlp.knowledge.speakers import speakers


@dataclass(frozen=True, slots=True)
class TitleWords:
    """The words of roles, from `tables/titles.toml` and the lexicons."""

    heads: Mapping[tuple[str, ...], bool]  # words of a head to whether it stands alone
    begins: frozenset[str]  # first words of heads and honorifics, in every spelling
    honorifics: Mapping[tuple[str, ...], None]
    courtesies: frozenset[str]  # the words of honorifics
    stops: frozenset[str]
    silent: frozenset[str]
    placed: frozenset[str]
    kin: frozenset[str]
    trades: frozenset[str]  # glued nouns of somebody: offices, trades, people
    indefinite: frozenset[str]
    reporters: frozenset[str]
    portfolios: Mapping[str, tuple[tuple[str, ...], ...]]  # first word to complements that end a title
    homeland: frozenset[str]
    counterparts: frozenset[str]
    demonyms: Mapping[str, str]  # folded demonym to the country's folded name
    spellings: Mapping[str, str]  # folded words and pairs of words to the form that keys hold
    abroad: frozenset[str]  # folded names of foreign countries
    speech: frozenset[str]  # as written
    adding: frozenset[str]  # … after a role: somebody else speaks too

    @classmethod
    def read(cls, sources: Sources, roles: Roles, lexicon: Lexicon) -> "TitleWords":
        """Read the tables; `lexicon` gives countries with their demonyms, and ministries."""
        countries = lexicon.category("countries")
        ministries = [
            form.removeprefix("وزارت ")
            for body in lexicon.category("bodies")
            for form in body.forms
            if form.startswith("وزارت ")
        ]
        demonyms: dict[str, str] = {}
        abroad: set[str] = set()
        for country in countries:
            for word in country.attributes.get("demonyms", "").split("|"):
                demonyms[fold(word)] = fold(country.name)
            if country.attributes.get("code") != "IR":
                abroad.update(fold(form) for form in country.forms)
        demonyms.pop("", None)
        table = sources.toml("titles.toml")
        heads = {tuple(fold(form).split()): False for form in roles.forms("title")}
        heads |= {tuple(fold(form).split()): True for form in roles.forms("alone")}
        honorifics = {tuple(fold(h).split()): None for h in table["honorifics"]}
        written = (*roles.forms("title", "alone"), *table["honorifics"], *table["counterparts"])
        return cls(
            heads=heads,
            begins=frozenset(s for w in written for s in _spellings(re.split("[ \u200c]", w)[0])),
            honorifics=honorifics,
            courtesies=frozenset(word for words in honorifics for word in words),
            stops=frozenset(fold(w) for w in table["stops"]),
            silent=frozenset(fold(w) for w in table["silent"]),
            placed=frozenset(fold(w) for w in roles.forms("placed")),
            kin=frozenset(fold(w) for w in roles.forms("kin")),
            trades=roles.keys("title", "alone", "speaks") | speakers(sources),
            indefinite=frozenset(fold(w) for w in table["indefinite"]),
            reporters=frozenset(fold(w) for w in roles.forms("reporter")),
            portfolios=_by_first(_keys(p) for p in (*table["portfolios"], *ministries)),
            homeland=frozenset(fold(w) for w in table["homeland"]),
            counterparts=frozenset(fold(w) for w in table["counterparts"]),
            demonyms=demonyms,
            spellings=table["spellings"],
            abroad=frozenset(abroad),
            speech=frozenset(table["speech"]),
            adding=frozenset(table["adding"]),
        )

    def plain(self, key: tuple[str, ...]) -> tuple[str, ...]:
        """A role's key for comparing: «رئیس جمهوری» is «رئیس جمهور», «مدیر کل» is «مدیرکل»."""
        found: list[str] = []
        for word in key:
            pair = f"{found[-1]} {word}" if found else ""
            if pair in self.spellings:
                found[-1] = self.spellings[pair]
            else:
                found.append(self.spellings.get(word, word))
        return tuple(found)


def _spellings(word: str) -> set[str]:
    """A word as written, with Arabic letters, and without hamza."""
    plain = word.replace("ئ", "ی").replace("أ", "ا").replace("ؤ", "و")
    return {s for w in (word, plain) for s in (w, w.replace("ی", "ي").replace("ک", "ك"))}


def _by_first(phrases: Iterable[list[str]]) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Phrases by their first word, the longest first."""
    found: dict[str, set[tuple[str, ...]]] = {}
    for phrase in phrases:
        found.setdefault(phrase[0], set()).add(tuple(phrase))
    return {k: tuple(sorted(v, key=lambda p: (-len(p), p))) for k, v in found.items()}


def _keys(phrase: str) -> list[str]:
    """Folded words and commas of a phrase."""
    return [
        k
        for part in phrase.replace("،", " ، ").split()
        for k in (("،",) if part == "،" else fold(part).split())
    ]
