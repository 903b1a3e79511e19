"""The verb forms of hazm: what its `Conjugation` makes and its `Lemmatizer` takes for a verb.

Importing all of hazm takes a second, and its tables 170 MiB, mostly for what khabar does not need. So the
forms are written to `tables/verbs.txt.gz` when khabar is built (`khabar train verbs`), with a digest of the
hazm data they were made from. At run time the installed hazm's data is asked for its digest: where it is
another one, hazm itself is imported and makes the forms.
"""

from collections.abc import Callable, Iterator
from hashlib import sha256
from importlib.util import find_spec
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

from workers.nlp.knowledge.conjugation import Tense, VerbForm
from workers.nlp.knowledge.folding import glue

MADE_FROM = "# hazm "
"""Begins the table's first line; the digest of hazm's data follows."""
_DATA = ("verbs.dat", "words.dat")


class Slot(NamedTuple):
    """A place in the paradigm of a verb."""

    tense: Tense
    person: int
    plural: bool
    negative: bool


_TENSES: tuple[Tense, ...] = ("past", "imperfect", "present", "perfect", "subjunctive")
PARADIGM = tuple(Slot(*slot) for slot in product(_TENSES, (1, 2, 3), (False, True), (False, True)))
"""The slots in the order of the table's columns."""

_LEAST = 3  # letters of a form worth keeping: hazm gives one of «می» alone to a verb without a stem
_METHODS: tuple[tuple[str, Tense, bool, bool], ...] = (
    # of the likeliest reading first: hazm's method, tense, negative, whether it takes the present stem
    ("perfective_past", "past", False, False),
    ("negative_perfective_past", "past", True, False),
    ("imperfective_past", "imperfect", False, False),
    ("negative_imperfective_past", "imperfect", True, False),
    ("imperfective_present", "present", False, True),
    ("negative_imperfective_present", "present", True, True),
    ("present_perfect", "perfect", False, False),
    ("negative_present_perfect", "perfect", True, False),
    ("imperfective_present_perfect", "perfect", False, False),
    ("negative_imperfective_present_perfect", "perfect", True, False),
    ("subjunctive_perfective_present", "subjunctive", False, True),
    ("negative_subjunctive_perfective_present", "subjunctive", True, True),
    ("perfective_present", "subjunctive", False, True),
)
_PERSONS = ((1, False), (2, False), (3, False), (1, True), (2, True), (3, True))
_PERFECT_PERSONS = ((1, False), (2, False), (3, False), (3, False), (1, True), (2, True), (3, True))


def data_digest() -> str:
    """16 hexadecimal digits for the data of the installed hazm, read without importing hazm."""
    spec = find_spec("hazm")
    folders = list(spec.submodule_search_locations or ()) if spec else []
    if not folders:
        return "-"
    found = sha256()
    for name in _DATA:
        found.update(Path(folders[0], "data", name).read_bytes())
    return found.hexdigest()[:16]


def table() -> str:
    """The table, by asking hazm: a line a verb, its infinitive and its forms in the order of `PARADIGM`."""
    rows: dict[str, dict[Slot, str]] = {}
    for key, form in forms():
        slot = Slot(form.tense, form.person, form.plural, form.negative)
        rows.setdefault(form.verb, {}).setdefault(slot, key)
        if rows[form.verb][slot] != key:  # a second form of the same kind: a line of its own
            number = 2
            while rows.setdefault(f"{form.verb} {number}", {}).setdefault(slot, key) != key:
                number += 1
    lines = (
        "\t".join((verb.split()[0], *(found.get(slot, "-") for slot in PARADIGM)))
        for verb, found in rows.items()
    )
    return "\n".join((MADE_FROM + data_digest(), *lines)) + "\n"


def forms() -> Iterator[tuple[str, VerbForm]]:
    """Each form of one word that hazm's `Lemmatizer` takes for a verb, glued, with what it says."""
    import hazm

    lemmatizer: Any = hazm.Lemmatizer()
    conjugation: Any = hazm.Conjugation()
    told: set[str] = set()
    nouns = set(map(glue, lemmatizer.words))
    for method, tense, negative, present in _METHODS:
        form_all: Callable[[str], list[str]] = getattr(conjugation, method)
        for lemma in dict.fromkeys(lemmatizer.verbs.values()):
            past, _, stem = lemma.partition("#")
            if (present and not stem) or (not present and not past):
                continue
            made = form_all(stem if present else past)
            persons = _PERFECT_PERSONS if len(made) == len(_PERFECT_PERSONS) else _PERSONS
            for form, (person, plural) in zip(made, persons, strict=True):
                key, held = glue(form), "\u200c" in form
                if " " in form or len(key) < _LEAST or key in told or lemmatizer.lemmatize(form) != lemma:
                    continue
                if not held and key in nouns:
                    continue  # «بآید» is no «باید»
                if _is_noun_too(method, person, plural) or (tense == "perfect" and key.endswith("ه")):
                    continue
                told.add(key)
                yield key, VerbForm(infinitive(lemma), tense, person, plural, negative)


def _is_noun_too(method: str, person: int, plural: bool) -> bool:
    """Whether forms of a kind are far oftener nouns: «کاری», «نامم», «نهادهای» (written as «نهاده‌ای» is).

    That is so of the second person singular without a prefix, and of the first in the bare present.
    """
    bare = ("perfective_past", "present_perfect", "perfective_present")
    is_bare = method.removeprefix("negative_") in bare  # «نشستی» is of «نشستن», and a meeting
    return not plural and is_bare and (person == 2 or (person == 1 and method == bare[-1]))


def infinitive(lemma: str) -> str:
    """A verb as people write it, from hazm's two stems: «گفت#گو» is «گفتن»."""
    past = lemma.partition("#")[0]
    return f"{past}ن" if past else "بودن"
