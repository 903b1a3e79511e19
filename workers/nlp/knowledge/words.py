"""The smaller tables, one dataclass each, as written unless a field says otherwise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

from workers.nlp.knowledge.agencies import Agencies
from workers.nlp.knowledge.folding import fold
from workers.nlp.knowledge.lexicon import Lexicon
from workers.nlp.knowledge.roles import Roles
from workers.nlp.knowledge.sources import LexiconError, Sources, sets, tuples

type Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LanguageWords:
    """Function words and letters that tell languages apart, by language tag (`languages.toml`)."""

    words: Mapping[str, Sequence[str]]
    letters: Mapping[str, Sequence[str]]
    latin: Mapping[str, Sequence[str]]

    @classmethod
    def read(cls, sources: Sources) -> "LanguageWords":
        """Read the table."""
        table = sources.toml("languages.toml")
        return cls(table["words"], table["letters"], table["latin"])


@dataclass(frozen=True, slots=True)
class CalendarNames:
    """Names of months by calendar, of weekdays and seasons, each in order (`calendars.toml`)."""

    months: Mapping[str, Mapping[int, Sequence[str]]]  # by calendar, and `dari`, and by number
    weekdays: Mapping[str, Sequence[str]]
    seasons: Mapping[str, Sequence[str]]

    @classmethod
    def read(cls, sources: Sources) -> "CalendarNames":
        """Read the table. Raises `LexiconError` for a month that is no number from 1 to 12."""
        table = sources.toml("calendars.toml")
        months: dict[str, dict[int, Sequence[str]]] = {}
        for calendar, numbered in table["months"].items():
            for number, names in numbered.items():
                if not number.isdecimal() or not 1 <= int(number) <= 12:
                    raise LexiconError(f"calendars.toml: [months.{calendar}] has no month {number}")
                months.setdefault(calendar, {})[int(number)] = names
        return cls(months, table["weekdays"], table["seasons"])


@dataclass(frozen=True, slots=True)
class SentenceWords:
    """What tells where sentences end (`sentences.toml`)."""

    continuations: frozenset[str]
    letter_heads: frozenset[str]
    desks: frozenset[str]  # and agencies: what stands alone before a colon at the head of a story
    letter_names: frozenset[str]
    item_words: frozenset[str]
    before_no_end: frozenset[str]  # both: words behind which a stop may end no sentence

    @classmethod
    def read(cls, sources: Sources, agencies: Agencies) -> "SentenceWords":
        """Read the table."""
        table = sources.toml("sentences.toml")
        named = (form for agency in agencies.agencies if agency.always for form in agency.forms)
        heads = frozenset(named) - frozenset(table["item_words"])  # «الف:» numbers an item
        neither = frozenset((*table["letter_names"], *table["item_words"]))
        return sets(cls, table, "sentences.toml", desks=heads, before_no_end=neither)


@dataclass(frozen=True, slots=True)
class ParagraphWords:
    """How sentences begin and lines break (`paragraphs.toml`)."""

    begins: Words
    continues: Words
    speech: Words
    unfinished: Words

    @classmethod
    def read(cls, sources: Sources, roles: Roles) -> "ParagraphWords":
        """Read the table."""
        opens = tuple(roles.forms("opens"))
        return tuples(cls, sources.toml("paragraphs.toml"), "paragraphs.toml", begins=opens)


@dataclass(frozen=True, slots=True)
class DatelineWords:
    """Words of datelines; «_» is a place where a space may stand (`datelines.toml`)."""

    openings: Words
    desks: Words
    desk_names: Words
    agency_heads: Words
    reporters: Words
    own_reporters: Words
    regions: Words
    before_place: Words
    source_heads: Words
    here: Words
    further: Words

    @classmethod
    def read(cls, sources: Sources) -> "DatelineWords":
        """Read the table."""
        return tuples(cls, sources.toml("datelines.toml"), "datelines.toml")


@dataclass(frozen=True, slots=True)
class BoilerplatePatterns:
    """Patterns of what is no article, in the notation of `boilerplate.toml`."""

    end: Words
    credit: Words
    line: Words
    section: Words
    section_line: Words
    tail: Words
    tail_agency: Words
    head: Words
    head_agency: Words
    sentence: Words
    sentence_end: Words
    inline: Words
    end_words: Words
    sentence_words: Words
    inline_words: Words

    @classmethod
    def read(cls, sources: Sources) -> "BoilerplatePatterns":
        """Read the table."""
        return tuples(cls, sources.toml("boilerplate.toml"), "boilerplate.toml")


@dataclass(frozen=True, slots=True)
class NameParts:
    """Words inside names, folded (`names.toml`)."""

    heads: frozenset[str]
    titles: frozenset[str]
    common: frozenset[str]
    ordinals: Mapping[str, str]  # each to its standard form
    tens: frozenset[str]

    @classmethod
    def read(cls, sources: Sources) -> "NameParts":
        """Read the table."""
        table = sources.toml("names.toml")
        words = {name: frozenset(map(fold, listed)) for name, listed in table["words"].items()}
        rows = table["ordinals"]["words"]
        ordinals = {fold(word): fold(row[0]) for row in rows for word in row}
        return cls(
            words["heads"],
            words["titles"],
            words["common"],
            ordinals,
            frozenset(map(fold, table["ordinals"]["tens"])),
        )


@dataclass(frozen=True, slots=True)
class QuantityWords:
    """Words of numbers, dates, times, sums and percentages (`quantities.toml`)."""

    cardinals: Mapping[str, float]
    multipliers: Mapping[str, float]
    fractions: Mapping[str, float]
    ordinals: Mapping[str, float]
    no_ordinals: frozenset[str]  # cardinals whose ordinal is not they and «م»
    classes: Mapping[str, Sequence[str]]
    days: Mapping[str, int]
    nights: Mapping[str, int]
    years: Mapping[str, int]
    ambiguous_months: frozenset[str]
    verb_months: frozenset[str]
    ignored: Words
    late: frozenset[str]  # parts of the day after noon
    halves: frozenset[str]  # edges that halve a year
    edges: frozenset[str]  # those that make another date of one
    glued_units: Words  # of time, to which «یک» is glued
    future: Words  # patterns
    past: Words
    plan: Words
    term: Words
    weights: Words
    weight_words: Words

    @classmethod
    def read(cls, sources: Sources) -> "QuantityWords":
        """Read the table."""
        table = sources.toml("quantities.toml")
        return cls(
            table["cardinals"],
            table["multipliers"],
            table["fractions"],
            table["ordinals"],
            frozenset(table["without_ending"]["cardinals"]),
            table["classes"],
            table["days"],
            table["nights"],
            table["years"],
            frozenset(table["ambiguous_months"]["names"]),
            frozenset(table["ambiguous_months"]["verbs"]),
            tuple(table["ignored"]["phrases"]),
            frozenset(table["parts"]["late"]),
            frozenset(table["parts"]["halves"]),
            frozenset(table["parts"]["edges"]),
            tuple(table["glued"]["units"]),
            tuple(table["tense"]["future"]),
            tuple(table["tense"]["past"]),
            tuple(table["tense"]["plan"]),
            tuple(table["tense"]["term"]),
            tuple(table["weights"]["units"]),
            tuple(table["weights"]["words"]),
        )


@dataclass(frozen=True, slots=True)
class TriggerWords:
    """Words beside which names stand, by what they announce; the order is the model's (`triggers.toml`)."""

    person: frozenset[str]
    role: frozenset[str]
    place: frozenset[str]
    body: frozenset[str]
    medium: frozenset[str]
    work: frozenset[str]
    product: frozenset[str]
    event: frozenset[str]
    site: frozenset[str]
    verb: frozenset[str]
    said: frozenset[str]

    @classmethod
    def read(cls, sources: Sources, roles: Roles) -> "TriggerWords":
        """Read the table."""
        announced = frozenset(roles.forms("announces"))
        return sets(cls, sources.toml("triggers.toml"), "triggers.toml", role=announced)

    def kinds(self) -> dict[str, frozenset[str]]:
        """The words by what they announce: all but `verb` and `said`."""
        names = [field.name for field in fields(self)]
        return {name: getattr(self, name) for name in names if name not in ("verb", "said")}


@dataclass(frozen=True, slots=True)
class NamingWords:
    """What the annotation rules say of single words, folded (`conventions.toml`)."""

    generic: frozenset[str]
    sure: frozenset[str]  # categories of names
    compound: frozenset[str]
    pointing: frozenset[str]
    always: frozenset[str]
    determiners: frozenset[str]
    gatherings: frozenset[str]
    outside: frozenset[str]
    regions: frozenset[str]
    offices: frozenset[str]
    bodies_of_offices: frozenset[str]
    deputies: frozenset[str]
    bodies: frozenset[str]
    works: frozenset[str]
    media: frozenset[str]
    places: frozenset[str]
    courtesies: frozenset[str]
    addresses: frozenset[str]
    between: frozenset[str]
    roads: frozenset[str]
    fights: frozenset[str]
    ordinals: frozenset[str]
    named_after_people: frozenset[str]
    joining: frozenset[str]
    heads: Mapping[str, str]  # to the type of the name that they begin
    demonyms: frozenset[str]
    given_names: frozenset[str]

    @classmethod
    def read(cls, sources: Sources, roles: Roles, lexicon: Lexicon) -> "NamingWords":
        """Read the table; `lexicon` gives the adjectives of countries («مجله **آمریکایی** …»)."""
        table = sources.toml("conventions.toml")
        heads = {fold(word): kind for kind, words in table.pop("heads").items() for word in words}
        folded = {name: frozenset(map(fold, words)) for name, words in table.items()}
        known = {field.name for field in fields(cls)}
        for name in folded:
            if name not in known:
                raise LexiconError(f"conventions.toml: there is no list `{name}`")
        folded["sure"], folded["compound"] = frozenset(table["sure"]), frozenset(table["compound"])
        demonyms = {
            fold(word)
            for country in lexicon.category("countries")
            for word in country.attributes.get("demonyms", "").split("|")
        }
        folded["demonyms"] = frozenset(demonyms - {""})
        folded["given_names"] = frozenset(fold(f) for e in lexicon.category("given_names") for f in e.forms)
        folded["between"] |= folded["demonyms"]
        folded["offices"] = frozenset(map(fold, roles.forms("minister")))
        folded["deputies"] = frozenset(map(fold, roles.forms("deputy")))
        return cls(heads=heads, **folded)


@dataclass(frozen=True, slots=True)
class EdgeWords:
    """Words at the edges of people's names, folded (`edges.toml`)."""

    place_offices: Mapping[str, Sequence[Words]]  # by their first word, the longest first
    ranks: Mapping[str, Sequence[Words]]
    deputies: frozenset[str]
    deputy_bodies: frozenset[str]
    prepositions: frozenset[str]
    manners: frozenset[str]
    called: frozenset[str]
    no_places: frozenset[str]
    institutions: Mapping[str, str]  # to the type of the name that they begin

    @classmethod
    def read(cls, sources: Sources) -> "EdgeWords":
        """Read the table."""
        table = sources.toml("edges.toml")
        kinds = {fold(word): kind for kind, words in table["institutions"].items() for word in words}
        sets = {
            name: frozenset(map(fold, table[name]))
            for name in ("deputies", "deputy_bodies", "prepositions", "manners", "called", "no_places")
        }
        return cls(
            place_offices=_by_first(table["place_offices"]),
            ranks=_by_first(table["ranks"]),
            institutions=kinds,
            **sets,
        )


def _by_first(forms: Sequence[str]) -> dict[str, list[Words]]:
    """Phrases as folded tokens, by their first, the longest first."""
    found: dict[str, list[Words]] = {}
    for words in sorted((tuple(map(fold, form.split())) for form in forms), key=len, reverse=True):
        found.setdefault(words[0], []).append(words)
    return found
