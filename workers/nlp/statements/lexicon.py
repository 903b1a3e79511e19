"""The cue lexicon: `lexicons/cues.toml`, expanded by morphology into keys that are looked up at a token."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib import resources
from typing import Any, Literal, NamedTuple

from schemas.enriched import Stance
from workers.nlp.statements.morphology import Stems, VerbForm, conjugate, fold

_GLUED = ("past", "perfect", "pluperfect", "present")  # tenses written together with a noun: «اظهارداشت»


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
    predicate: bool = False
    infix: bool = False
    mark: bool = False
    document: bool = False
    active: bool = False


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


@dataclass(frozen=True, slots=True)
class CueLexicon:
    """Everything the extractor knows about words."""

    cues: tuple[CueSpec, ...]
    simple: Mapping[str, CueSpec]  # verb → cue of a simple verb
    forms: Mapping[str, tuple[VerbForm, ...]]
    glued: Mapping[str, tuple[str, VerbForm]]  # «اظهارداشت» → noun key, form
    phrases: Mapping[str, tuple[Phrase, ...]]
    nouns: Mapping[str, tuple[CueSpec, ...]]
    prefixes: frozenset[str]  # of phrases and forms
    starts: frozenset[str]  # tokens at which a look-up may find something
    entries: frozenset[str]  # keys of phrases, forms and glued compounds
    traps: frozenset[str]  # keys of the phrases at which no cue begins
    passive: frozenset[str]
    words: Mapping[str, frozenset[str]] = field(default_factory=dict)  # the lists

    @classmethod
    def load(cls) -> "CueLexicon":
        """Read the shipped table."""
        text = resources.files("workers.nlp.lexicons").joinpath("cues.toml").read_text("utf-8")
        return cls.build(tomllib.loads(text))

    @classmethod
    def build(cls, table: Mapping[str, Any]) -> "CueLexicon":
        """Expand a parsed table. Raises `KeyError` for a cue whose verb has no stems."""
        doubles: Mapping[str, list[str]] = table["doubles"]
        cues = tuple(_spec(row, doubles) for row in table["cues"])
        forms: dict[str, list[VerbForm]] = {}
        for verb, row in table["verbs"].items():
            stems = Stems(
                fold(row["past"]),
                fold(row["present"]),
                fold(row.get("prefix", "")),
                row.get("copula", False),
                row.get("bare_present", False),
            )
            for key, form in conjugate(verb, stems):
                forms.setdefault(key, []).append(form)
        for cue in cues:
            for verb in cue.verbs:
                table["verbs"][verb]  # a missing stem is an error of the table
        simple = {next(iter(c.verbs)): c for c in cues if not c.noun}
        nouns: dict[str, list[CueSpec]] = {}
        for cue in cues:
            for noun in cue.noun:
                nouns.setdefault(fold(noun), []).append(cue)
        phrases: dict[str, list[Phrase]] = {}
        for noun in nouns:
            phrases.setdefault(noun, []).append(Phrase("noun", noun))
        for kind, key, value in _expressions(table):
            phrases.setdefault(key, []).append(Phrase(kind, value))
        glued = {}
        for noun, specs in nouns.items():
            verbs = frozenset().union(*(s.verbs for s in specs))
            for key, found in forms.items():
                form = found[0]
                if form.verb in verbs and form.person == 3 and not form.passive and form.tense in _GLUED:
                    glued[noun + key] = (noun, form)
        prefixes = {key[:n] for keys in (phrases, forms, glued) for key in keys for n in range(1, len(key))}
        words = {name: frozenset(map(fold, items)) for name, items in table["lists"].items()}
        return cls(
            cues,
            simple,
            {k: tuple(v) for k, v in forms.items()},
            glued,
            {k: tuple(v) for k, v in phrases.items()},
            {k: tuple(v) for k, v in nouns.items()},
            frozenset(prefixes),
            frozenset(prefixes).union(phrases, forms, glued),
            frozenset(phrases).union(forms, glued),
            frozenset(key for key, found in phrases.items() if any(p.kind == "traps" for p in found)),
            frozenset(table["passive"]["verbs"]),
            words,
        )


def _spec(row: Mapping[str, Any], doubles: Mapping[str, list[str]]) -> CueSpec:
    verbs = set(row["verb"])
    if row.get("noun"):
        for verb in row["verb"]:
            verbs.update(doubles.get(verb, ()))
    return CueSpec(
        id=row["id"],
        noun=tuple(row.get("noun", ())),
        verbs=frozenset(verbs),
        cue_class=row["class"],
        stance=row["stance"],
        clause=row.get("clause", False),
        object=tuple(tuple(map(fold, m.split())) for m in row.get("object", ())),
        predicate=row.get("predicate", False),
        infix=row.get("infix", False),
        mark=row.get("mark", False),
        document=row.get("document", False),
        active=row.get("active", False),
    )


def _expressions(table: Mapping[str, Any]) -> Iterable[tuple[PhraseKind, str, Any]]:
    lists = table["opener_lists"]
    for row in table["openers"]:
        value = Opener(row["noun"], row["stance"], row["np"], fold(row["prep"]), row.get("to", False))
        for lead in lists["lead"]:
            key = fold(lead + row["noun"])
            if value.prep:
                yield "opener_lead", key, value
            key += value.prep
            yield "opener", key, value
            for clause in lists["clause"]:
                yield "opener_clause", key + fold(clause), value
    for row in table["prepositional"]["markers"]:
        marker = Marker(row["text"], row["stance"])
        yield "marker", fold(row["text"]), marker
        if row["text"].endswith("ه"):
            yield "marker", fold(row["text"]) + "ی", marker
    kinds: tuple[PhraseKind, ...] = ("clause", "that")
    for kind in kinds:
        for text in lists[kind]:
            yield kind, fold(text), None
    kinds = ("editorial", "provenance", "continuing", "traps", "addressed")
    for kind in kinds:
        for text in table["lists"][kind]:
            yield kind, fold(text), None
