"""The words by which spaces are restored.

The lexicon is made by `workers.training.spacing` by counting; its file is gzipped text in sections:
`[words]` (right as they are), `[common]` (the frequent ones of them), `[adjectives]` (that take «تر»),
`[compounds]` (words with half spaces, written with «_», after a digit of flags: 1 where the letters alone
tell the compound, 2 where its parts with spaces do, 4 where writing it glued is right too), `[splits]`
(words that were glued), `[firsts]` and `[seconds]` (words of which two may be glued), `[past]` and
`[present]` (verb stems), and the productive parts of compounds: `[heads]` and `[tails]` that join a word
across a space, `[glued_heads]` and `[glued_tails]` that are told inside a word that is otherwise unknown.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from workers.nlp.knowledge.affixes import PAST_ENDINGS, PRESENT_ENDINGS, PREVERBS
from workers.nlp.knowledge.roles import Roles
from workers.nlp.knowledge.sources import LexiconError, Source, Sources, sets

ZWNJ = "\u200c"

_NOT_JOINING = frozenset("اآدذرزژو")
_SECTIONS = (
    *(
        "words",
        "common",
        "adjectives",
        "compounds",
        "splits",
        "firsts",
        "seconds",
        "past",
        "present",
        "heads",
    ),
    *("tails", "glued_heads", "glued_tails", "attributes", "names"),
)


@dataclass(frozen=True, slots=True)
class SpacingLexicon:
    """Word forms, and which parts make one word."""

    words: frozenset[str]
    """Forms that are right as they are, without half spaces."""
    common: frozenset[str]
    adjectives: frozenset[str]
    by_letters: Mapping[str, str]
    """A compound's letters without its half spaces → the compound («بینالملل» → «بین‌الملل»)."""
    by_parts: Mapping[str, str]
    """A compound's parts with spaces between → the compound («بین الملل» → «بین‌الملل»)."""
    openings: frozenset[str]
    """The first two parts of compounds of three («گفت و», «بی بی»)."""
    compounds: frozenset[str]
    optional: frozenset[str]
    """Compounds that are right without half spaces too («قانون‌گذاری»)."""
    splits: Mapping[str, str]
    """Glued words → the words («اظهارداشت» → «اظهار داشت»)."""
    firsts: frozenset[str]
    """Frequent words and titles that were glued to the next word: no names, no parts of compounds."""
    seconds: frozenset[str]
    """Frequent words that were glued to one of `firsts`."""
    verbs: frozenset[str]
    """Finite forms and participles without prefixes: what can follow «می»."""
    heads: frozenset[str]
    tails: frozenset[str]
    glued_heads: frozenset[str]
    glued_tails: frozenset[str]
    attributes: frozenset[str]
    """Compounds with a participle, a space for the half space, where it is no verb («ثبت شده»)."""
    names: frozenset[str]
    """Given names."""
    kinds: "WordKinds"

    @classmethod
    def read(cls, sources: Sources, roles: Roles) -> "SpacingLexicon":
        """Read the counted and the listed words. Raises `LexiconError`."""
        kinds = WordKinds.read(sources, roles)
        sections: dict[str, list[str]] = {}
        for source in sources.of("spacing.txt"):
            for name, lines in _sections(source):
                sections.setdefault(name, []).extend(lines)
        by_letters: dict[str, str] = {}
        by_parts: dict[str, str] = {}
        compounds: list[str] = []
        optional: list[str] = []
        for line in sections["compounds"]:
            flags, form = int(line[0]), line[1:].replace("_", ZWNJ)
            if _broken(form):
                continue
            compounds.append(form)
            if flags & 1:
                by_letters[form.replace(ZWNJ, "")] = form
            if flags & 2:
                by_parts[form.replace(ZWNJ, " ")] = form
            if flags & 4:
                optional.append(form)
        return cls(
            words=frozenset(sections["words"]),
            common=frozenset(sections["common"]),
            adjectives=frozenset(sections["adjectives"]),
            by_letters=by_letters,
            by_parts=by_parts,
            openings=frozenset(key.rpartition(" ")[0] for key in by_parts if key.count(" ") == 2),
            compounds=frozenset(compounds),
            optional=frozenset(optional),
            splits={words.replace(" ", ""): words for words in sections["splits"]},
            firsts=frozenset(sections["firsts"]),
            seconds=frozenset(sections["seconds"]),
            verbs=verb_forms(sections["past"], sections["present"], kinds.modals),
            heads=frozenset(sections["heads"]),
            tails=frozenset(sections["tails"]),
            glued_heads=frozenset(sections["glued_heads"]),
            glued_tails=frozenset(sections["glued_tails"]),
            attributes=frozenset(pair.replace("_", " ") for pair in sections["attributes"]),
            names=frozenset(sections["names"]),
            kinds=kinds,
        )

    @property
    def surname_ends(self) -> tuple[str, ...]:
        """Those of `name_tails` that no word ends in by chance."""
        return tuple(tail for tail in self.kinds.name_tails if len(tail) > 2)


@dataclass(frozen=True, slots=True)
class WordKinds:
    """Kinds of words that people list (`spacing.toml`, which describes each); the others are counted."""

    function: frozenset[str]
    demonstrative: frozenset[str]
    numbers: frozenset[str]
    number_tails: frozenset[str]
    name_tails: frozenset[str]
    verb_goes_on: frozenset[str]
    prepositions: frozenset[str]
    left: frozenset[str]
    prefixed: frozenset[str]
    right: frozenset[str]
    titles: frozenset[str]
    roles: frozenset[str]
    announcements: frozenset[str]
    second_names: frozenset[str]
    clans: frozenset[str]
    born: frozenset[str]
    letters: frozenset[str]
    modals: frozenset[str]
    before_number: frozenset[str]

    @classmethod
    def read(cls, sources: Sources, roles: Roles) -> "WordKinds":
        """Read the table. Raises `LexiconError`."""
        return sets(cls, sources.toml("spacing.toml"), "spacing.toml", roles=roles.forms("glued"))


def verb_forms(past: Iterable[str], present: Iterable[str], modals: Iterable[str]) -> frozenset[str]:
    """The forms of verbs, and of their causatives, without prefixes; `modals` have but one."""
    present = set(present)
    causative = {stem + "ان" for stem in present if stem[-1] not in "اوی"}
    past = {*past, *(stem + "د" for stem in causative), *(stem + "ید" for stem in causative)}
    forms = {stem + ending for stem in past for ending in PAST_ENDINGS}
    forms |= {stem + ending for stem in present | causative for ending in PRESENT_ENDINGS}
    forms |= {stem + "ی" + ending for stem in present if stem[-1] in "او" for ending in PRESENT_ENDINGS}
    return frozenset(forms.union(modals))


def is_verb(word: str, forms: frozenset[str]) -> bool:
    """Whether a word is a verb form with or without preverb, negation or «ب»."""
    if _is_prefixed(word, forms):
        return True
    return word.startswith(PREVERBS) and any(
        _is_prefixed(word[len(preverb) :], forms) for preverb in PREVERBS if word.startswith(preverb)
    )


def _is_prefixed(word: str, forms: frozenset[str]) -> bool:
    """Whether a word is a verb form with or without negation or «ب»."""
    if word in forms:
        return True
    if word[:1] not in ("ن", "ب"):
        return False
    if word[1:] in forms:
        return True
    if word[1:2] != "ی":
        return False
    return word[2:] in forms or (word[2:3] == "ا" and "آ" + word[3:] in forms)


def _broken(compound: str) -> bool:
    """Whether a crawl's stray half spaces are in it: beside a lone letter («می‌شو‌د», «ها‌ی») or before a
    plural that follows a letter that does not join («شهر‌ها»)."""
    parts = compound.split(ZWNJ)
    if any(len(part) == 1 and part != "و" for part in parts[:-1]) or (
        len(parts[-1]) == 1 and parts[-1] not in "یو"
    ):
        return True
    return any(
        (right.startswith("ها") and left[-1] in _NOT_JOINING) or (left == "ها" and right == "ی")
        for left, right in pairwise(parts)
    )


def _sections(source: Source) -> Iterator[tuple[str, list[str]]]:
    """The sections of a file and their lines. Raises `LexiconError`."""
    for section in ("\n" + source.text).split("\n[")[1:]:
        name, _, lines = section.partition("]\n")
        if name not in _SECTIONS:
            known = ", ".join(_SECTIONS)
            raise LexiconError(f"{source.place}: there is no section [{name}]; there are {known}")
        yield name, [line for line in lines.split("\n") if line]
