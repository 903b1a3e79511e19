"""Names that are known: people, places, bodies, works, with what they are and their other forms.

Every table `CATEGORY.tsv` but `roles.tsv` and `speakers.tsv` is one of names, UTF-8 with tab-separated
values: lines that begin with `#` are comments, the first other line names the columns. `name` is required
and is the standard form; `type` (of the contract, e.g. ORG), `variants` (other forms, separated by `|`) and
`wikidata` (a QID) are known to the linker; any other column is kept in `Entry.attributes` (`code`,
`capital`, `demonyms` …).

A folder given by a user (`--lexicon FOLDER`) adds entries: a file of the same name extends a shipped
category, another name opens a new one. No code is needed.

Shipped categories: countries, provinces, regions, cities, agencies, bodies, companies, armed_groups,
parties, clubs, people, given_names, surnames, currencies, events, products, sites.
Sources and licences: `tables/NOTICE.md`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from workers.nlp.knowledge.folding import fold
from workers.nlp.knowledge.sources import Row, Sources

NO_NAMES = frozenset(("roles.tsv", "speakers.tsv"))  # tables of common nouns


class Entry(NamedTuple):
    """One thing a lexicon knows."""

    name: str
    category: str  # the file's stem: `countries`, `cities`, …
    type: str  # entity type of the contract, or empty
    variants: tuple[str, ...]
    wikidata: str | None
    attributes: Mapping[str, str]

    @property
    def forms(self) -> tuple[str, ...]:
        """The name and its variants."""
        return (self.name, *self.variants)


class Match(NamedTuple):
    """Words [first, last) that a lexicon knows."""

    first: int
    last: int
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All entries, found by any form of theirs; forms are compared folded (see `folding.fold`)."""

    entries: tuple[Entry, ...]
    by_form: Mapping[str, tuple[Entry, ...]]
    longest: Mapping[str, int]  # first word of a form to the words of the longest form that begins so

    @classmethod
    def read(cls, sources: Sources) -> "Lexicon":
        """All tables of names. Raises `LexiconError`."""
        return cls.of(
            _entry(source.table, row)
            for source in sources.sources
            if source.table.endswith(".tsv") and source.table not in NO_NAMES
            for row in source.rows()
            if "only" not in row.cells  # names a medium in datelines alone
        )

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> "Lexicon":
        """A lexicon of these entries."""
        entries = tuple(entries)
        by_form: dict[str, dict[int, None]] = {}
        longest: dict[str, int] = {}
        for number, entry in enumerate(entries):
            for form in entry.forms:
                key = fold(form)
                if key:
                    by_form.setdefault(key, {}).setdefault(number)
                    words = key.split()
                    longest[words[0]] = max(longest.get(words[0], 0), len(words))
        found = {key: tuple(entries[i] for i in numbers) for key, numbers in by_form.items()}
        return cls(entries, found, longest)

    def find(self, form: str) -> tuple[Entry, ...]:
        """The entries that have this form, in the order of their files; empty where none has."""
        return self.by_form.get(fold(form), ())

    def category(self, name: str) -> Iterator[Entry]:
        """The entries of one category."""
        return (e for e in self.entries if e.category == name)

    def match(self, words: Sequence[str]) -> list[Match]:
        """The longest forms in a sequence of words, leftmost first, without overlap.

        A word may itself hold half spaces: «سه‌راه» counts as two words of a form. Linear in the words.
        """
        pieces: list[tuple[str, int]] = [(p, i) for i, w in enumerate(words) for p in fold(w).split()]
        found: list[Match] = []
        at = 0
        while at < len(pieces):
            reach = min(self.longest.get(pieces[at][0], 0), len(pieces) - at)
            for length in range(reach, 0, -1):
                entries = self.by_form.get(" ".join(p for p, _ in pieces[at : at + length]))
                end = at + length
                whole = (at == 0 or pieces[at - 1][1] != pieces[at][1]) and (
                    end == len(pieces) or pieces[end][1] != pieces[end - 1][1]
                )
                if entries and whole:
                    found.append(Match(pieces[at][1], pieces[end - 1][1] + 1, entries))
                    at = end
                    break
            else:
                at += 1
        return found


def _entry(table: str, row: Row) -> Entry:
    cells = dict(row.cells)
    return Entry(
        name=cells.pop("name"),
        category=table.removesuffix(".tsv"),
        type=cells.pop("type", ""),
        variants=tuple(v.strip() for v in cells.pop("variants", "").split("|") if v.strip()),
        wikidata=cells.pop("wikidata", None),
        attributes=cells,
    )
