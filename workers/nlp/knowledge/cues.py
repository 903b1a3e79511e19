"""The cue lexicon: `tables/cues.toml`, expanded by morphology into keys that are looked up at a token."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Literal, NamedTuple

from schemas.enriched import Stance
from workers.nlp.knowledge.conjugation import Stems, VerbForm
from workers.nlp.knowledge.folding import glue
from workers.nlp.knowledge.key_index import KeyIndex, first_by_key
from workers.nlp.knowledge.morphology import Morphology
from workers.nlp.knowledge.roles import Roles
from workers.nlp.knowledge.sources import LexiconError

_GLUED = ("past", "perfect", "pluperfect", "present")  # tenses written together with a noun: «اظهارداشت»


type Markers = Mapping[str, tuple[tuple[str, ...], ...]]  # markers as token keys, by their first


def markers(found: Iterable[tuple[str, ...]]) -> Markers:
    """Markers in their order, each once."""
    table: dict[str, tuple[tuple[str, ...], ...]] = {}
    for marker in dict.fromkeys(found):
        table[marker[0]] = (*table.get(marker[0], ()), marker)
    return table


@dataclass(frozen=True, slots=True)
class CueSpec:
    """One line of the cue table; see the head of the TOML file for what each field means."""

    id: str
    noun: tuple[str, ...]
    verbs: frozenset[str]
    cue_class: str
    stance: Stance
    clause: bool = False
    object: tuple[tuple[str, ...], ...] = ()  # markers as tuples of token keys
    before: Markers = field(default_factory=dict)  # those of them that stand before it, by their first
    predicate: bool = False
    infix: bool = False
    mark: bool = False
    quoted: bool = False
    document: bool = False
    active: bool = False
    nominal: bool = False
    adds: bool = False
    court: bool = False


class Opener(NamedTuple):
    """«با/ضمن» + speech noun (+ preposition)."""

    noun: str
    stance: Stance
    np: bool
    prep: str
    to: bool


class Marker(NamedTuple):
    """An attribution by preposition («به گفته»)."""

    text: str
    stance: Stance


PhraseKind = Literal[
    "noun",
    "opener",
    "opener_clause",
    "opener_lead",
    "marker",
    "clause",
    "that",
    "concessive",
    "editorial",
    "provenance",
    "continuing",
    "traps",
    "addressed",
]


class Phrase(NamedTuple):
    """What a key may begin: the nominal part of cues, an opener, a prepositional marker, a verb form."""

    kind: PhraseKind
    value: Any


class NounCues(NamedTuple):
    """The cues that share a noun."""

    specs: tuple[CueSpec, ...]
    infix: bool  # one of them takes its content before the verb
    objects: Markers  # of an object that may stand before the verb, but «را»
    shared: CueSpec | None  # the one whose verb may be shared with a later noun
    shared_markers: frozenset[str]  # of its object

    @classmethod
    def of(cls, specs: Sequence[CueSpec]) -> "NounCues":
        """Sum some cues up."""
        clear = [s for s in specs if not (s.mark or s.quoted)]
        shared = next((s for s in clear if s.object), None)
        return cls(
            tuple(specs),
            any(s.infix for s in specs),
            markers(m for s in clear for m in s.object if m != ("را",)),
            shared,
            frozenset(m[0] for m in shared.object if len(m) == 1) if shared else frozenset(),
        )


class Trigger(NamedTuple):
    """The expressions that begin with a key and may be a cue."""

    trap: bool = False  # no cue begins here
    glued: tuple[str, VerbForm] | None = None  # «اظهارداشت»: noun key, form
    phrases: tuple[Phrase, ...] = ()
    reports: tuple[tuple[VerbForm, CueSpec], ...] = ()  # forms of simple cue verbs


@dataclass(frozen=True, slots=True)
class WordLists:
    """The word lists of `tables/cues.toml`, glued, and the role nouns; the table tells what each is."""

    roles: frozenset[str]
    humans: frozenset[str]  # people and bodies that can say something
    trades: frozenset[str]  # all nouns of somebody, also those of reporters
    sole_offices: frozenset[str]
    spokesmen: frozenset[str]
    plural_endings: tuple[str, ...]
    people_endings: tuple[str, ...]
    pronouns: frozenset[str]
    plural_pronouns: frozenset[str]
    prepositions: frozenset[str]
    circumstance: frozenset[str]
    connectives: frozenset[str]
    lead_adverbs: frozenset[str]
    demonstratives: frozenset[str]
    concessive: frozenset[str]
    editorial: frozenset[str]
    provenance: frozenset[str]
    continuing: frozenset[str]
    modal: frozenset[str]
    speakers: frozenset[str]
    traps: frozenset[str]
    modal_before: frozenset[str]
    can: frozenset[str]
    light: frozenset[str]
    copulas: frozenset[str]
    anonymous: frozenset[str]
    officials: frozenset[str]
    nameless: frozenset[str]
    occasions: frozenset[str]
    talks: frozenset[str]
    visits: frozenset[str]
    letters: frozenset[str]
    about: frozenset[str]
    addressed: frozenset[str]
    interviews: frozenset[str]
    second_person: frozenset[str]
    first_person: frozenset[str]
    documents: frozenset[str]
    partitive: frozenset[str]
    joined: frozenset[str]
    office_words: frozenset[str]
    complement: frozenset[str]
    kin: frozenset[str]
    mute: frozenset[str]
    matters: frozenset[str]
    desks: frozenset[str]
    before_name: frozenset[str]
    before_body: frozenset[str]
    adverbials: frozenset[str]
    penalties: frozenset[str]
    not_object: frozenset[str]
    tail: frozenset[str]
    held_from: frozenset[str]
    told: frozenset[str]
    bodies: frozenset[str]
    reports: frozenset[str]
    singular: frozenset[str]
    relays: frozenset[str]
    people: frozenset[str]
    so_that: frozenset[str]
    elsewhere: frozenset[str]
    speechless: frozenset[str]
    reporters: frozenset[str]
    published: frozenset[str]
    aforesaid: frozenset[str]
    desk_names: frozenset[str]
    openings: frozenset[str]
    within: frozenset[str]
    governing: frozenset[str]
    occasion_ends: frozenset[str]
    before_time: frozenset[str]
    causes: frozenset[str]
    added_to: frozenset[str]
    determiners: frozenset[str]
    ago: frozenset[str]
    conjunctions: frozenset[str]
    adversatives: frozenset[str]
    written: frozenset[str]
    plurals_apart: frozenset[str]
    breaks: frozenset[str]
    not_reported: frozenset[str]
    one: frozenset[str]
    some: frozenset[str]
    some_of: frozenset[str]
    own_reporters: frozenset[str]
    our_medium: frozenset[str]
    by_whom: frozenset[str]
    adding: frozenset[str]
    label_nouns: frozenset[str]
    introducing: frozenset[str]
    letters_printed: frozenset[str]
    writing: frozenset[str]
    posts: frozenset[str]
    question_marks: frozenset[str]
    answer_marks: frozenset[str]

    @classmethod
    def of(cls, lists: Mapping[str, Sequence[str]], roles: Roles, humans: frozenset[str]) -> "WordLists":
        """From the lists as written. Raises `LexiconError` for a list of another name."""
        known = {field.name for field in fields(cls)} | {"backgrounds"}
        for name in lists:
            if name not in known:
                raise LexiconError(f"cues.toml: there is no list `{name}` in [lists]")
        endings = ("plural_endings", "people_endings")
        sets = {n: frozenset(map(glue, lists[n])) for n in lists if n not in endings and n != "backgrounds"}
        return cls(
            roles=roles.keys("speaks"),
            humans=humans,
            trades=humans | roles.keys("title", "alone", "speaks", "reporter"),
            sole_offices=roles.keys("sole"),
            spokesmen=roles.keys("spokesman"),
            plural_endings=tuple(map(glue, lists["plural_endings"])),
            people_endings=tuple(map(glue, lists["people_endings"])),
            **sets,
        )


_HEADS = ("pronouns", "connectives", "demonstratives", "first_person")  # lists, the first that holds a word

_TRIGGERS: frozenset[PhraseKind] = frozenset(("noun", "opener", "opener_clause", "opener_lead", "marker"))


@dataclass(frozen=True, slots=True)
class CueLexicon:
    """Everything the extractor knows about words."""

    cues: tuple[CueSpec, ...]
    morphology: Morphology
    forms: Mapping[str, tuple[VerbForm, ...]]
    verbs: KeyIndex[tuple[VerbForm, ...]]  # the same, written in several tokens too
    triggers: KeyIndex[Trigger]
    phrases: Mapping[PhraseKind, KeyIndex[Phrase]]
    nouns: Mapping[str, NounCues]
    passive: frozenset[str]
    own: frozenset[str]  # pronouns and verb forms of the first person
    words: WordLists
    backgrounds: tuple[str, ...]  # as written: «در حالی»
    asides: frozenset[str] = frozenset()  # tokens that «گفتنی است» and «با وجود این» may begin with
    leads: frozenset[str] = frozenset()  # … and what tells that the narrator goes on
    heads: Mapping[str, str] = field(default_factory=dict)  # of words that may begin a sentence: their list

    @classmethod
    def build(
        cls, table: Mapping[str, Any], roles: Roles, humans: frozenset[str], morphology: Morphology
    ) -> "CueLexicon":
        """Expand a parsed table. Raises `LexiconError` for a cue whose verb has no stems."""
        doubles: Mapping[str, list[str]] = table["doubles"]
        cues = tuple(_spec(row, doubles) for row in table["cues"])
        forms = morphology.own
        for cue in cues:
            for verb in cue.verbs - table["verbs"].keys():
                raise LexiconError(
                    f"cues.toml: the cue «{cue.id}» has the verb «{verb}», which [verbs] lacks"
                )
        simple = {next(iter(c.verbs)): c for c in cues if not c.noun}
        nouns: dict[str, list[CueSpec]] = {}
        for cue in cues:
            for noun in cue.noun:
                nouns.setdefault(glue(noun), []).append(cue)
        phrases: dict[str, list[Phrase]] = {}
        for noun in nouns:
            phrases.setdefault(noun, []).append(Phrase("noun", noun))
        for kind, key, value in _expressions(table):
            phrases.setdefault(key, []).append(Phrase(kind, value))
        for verb, others in table["idioms"].items():
            for key in (k for k, found in forms.items() if any(f.verb == verb for f in found)):
                for noun in others:
                    phrases.setdefault(glue(noun) + key, []).append(Phrase("traps", None))
        glued = {}
        for noun, specs in nouns.items():
            verbs = frozenset().union(*(s.verbs for s in specs))
            for key, found in forms.items():
                form = found[0]
                if form.verb in verbs and form.person == 3 and not form.passive and form.tense in _GLUED:
                    glued[noun + key] = (noun, form)
        words = WordLists.of(table["lists"], roles, humans)
        kinds = {phrase.kind for found in phrases.values() for phrase in found}
        by_kind = {
            kind: KeyIndex.build(
                first_by_key((k, p) for k, found in phrases.items() for p in found if p.kind == kind)
            )
            for kind in sorted(kinds)
        }
        return cls(
            cues,
            morphology,
            forms,
            KeyIndex.build(forms),
            KeyIndex.build(_triggers(phrases, forms, glued, simple)),
            by_kind,
            {k: NounCues.of(v) for k, v in nouns.items()},
            frozenset(table["passive"]["verbs"]),
            words.first_person.union(k for k, v in forms.items() if v[0].person == 1 and len(k) > 3),
            words,
            tuple(table["lists"]["backgrounds"]),
            _starts(by_kind, "editorial", "concessive"),
            _starts(by_kind, "provenance", "editorial", "continuing"),
            {word: kind for kind in reversed(_HEADS) for word in getattr(words, kind)},
        )

    def speaks_of_self(self, keys: Sequence[str]) -> bool:
        """Whether some words speak of whoever says them as «من» or «ما»."""
        if not self.own.isdisjoint(keys):
            return True
        return any(self.morphology.person(key) == 1 for key in keys if key[-1] == "م")


def stems_of(table: Mapping[str, Any]) -> dict[str, Stems]:
    """The stems of the verbs of a cue table, by infinitive."""
    return {
        verb: Stems(
            glue(row["past"]),
            glue(row["present"]),
            glue(row.get("prefix", "")),
            row.get("copula", False),
            row.get("bare_present", False),
            glue(row.get("spoken", "")),
        )
        for verb, row in table["verbs"].items()
    }


def reports(form: VerbForm) -> bool:
    """Whether a verb in this form can report: somebody else does or did say it."""
    return form.person == 3 and not form.negative and form.tense not in ("subjunctive", "infinitive")


def _starts(phrases: Mapping[PhraseKind, KeyIndex[Phrase]], *kinds: PhraseKind) -> frozenset[str]:
    return frozenset[str]().union(*(phrases[kind].starts for kind in kinds if kind in phrases))


def _triggers(
    phrases: Mapping[str, Sequence[Phrase]],
    forms: Mapping[str, Sequence[VerbForm]],
    glued: Mapping[str, tuple[str, VerbForm]],
    simple: Mapping[str, CueSpec],
) -> dict[str, Trigger]:
    found = {}
    for key in {**phrases, **forms, **glued}:
        trigger = Trigger(
            any(p.kind == "traps" for p in phrases.get(key, ())),
            glued.get(key),
            tuple(p for p in phrases.get(key, ()) if p.kind in _TRIGGERS),
            tuple((f, simple[f.verb]) for f in forms.get(key, ()) if f.verb in simple and reports(f)),
        )
        if any(trigger):
            found[key] = trigger
    return found


def _spec(row: Mapping[str, Any], doubles: Mapping[str, list[str]]) -> CueSpec:
    verbs = set(row["verb"])
    if row.get("noun"):
        for verb in row["verb"]:
            verbs.update(doubles.get(verb, ()))
    objects = tuple(tuple(map(glue, m.split())) for m in row.get("object", ()))
    return CueSpec(
        id=row["id"],
        noun=tuple(row.get("noun", ())),
        verbs=frozenset(verbs),
        cue_class=row["class"],
        stance=row["stance"],
        clause=row.get("clause", False),
        object=objects,
        before=markers(m for m in objects if m != ("را",)),
        predicate=row.get("predicate", False),
        infix=row.get("infix", False),
        mark=row.get("mark", False),
        quoted=row.get("quoted", False),
        document=row.get("document", False),
        active=row.get("active", False),
        nominal=row.get("nominal", False),
        adds=row.get("adds", False),
        court=row.get("court", False),
    )


def _expressions(table: Mapping[str, Any]) -> Iterable[tuple[PhraseKind, str, Any]]:
    lists = table["opener_lists"]
    for row in table["openers"]:
        value = Opener(row["noun"], row["stance"], row["np"], glue(row["prep"]), row.get("to", False))
        for lead in lists["lead"]:
            key = glue(lead + row["noun"])
            if value.prep:
                yield "opener_lead", key, value
            key += value.prep
            yield "opener", key, value
            for clause in lists["clause"]:
                yield "opener_clause", key + glue(clause), value
    for row in table["prepositional"]["markers"]:
        marker = Marker(row["text"], row["stance"])
        yield "marker", glue(row["text"]), marker
        if row["text"].endswith("ه"):
            yield "marker", glue(row["text"]) + "ی", marker
    kinds: tuple[PhraseKind, ...] = ("clause", "that")
    for kind in kinds:
        for text in lists[kind]:
            yield kind, glue(text), None
    kinds = ("concessive", "editorial", "provenance", "continuing", "traps", "addressed")
    for kind in kinds:
        for text in table["lists"][kind]:
            yield kind, glue(text), None
