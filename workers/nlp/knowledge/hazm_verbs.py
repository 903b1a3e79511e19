"""The verb forms of hazm: what its `Lemmatizer` takes for a verb, and which form of it that is.

Theory of operation. Importing hazm and building its `Lemmatizer` takes over a second and 120 MiB, too much
for a command that enriches one article. So khabar ships hazm's answers as a table (`tables/verbs.txt.gz`,
written by `khabar train verbs`), and a process that lives longer asks hazm itself (`HazmVerbs`). Both give
the same answer for every word, so no event shows which of them was asked. The table names the digest of the
hazm data it was made from; with other data installed, hazm is asked from the start.

hazm writes half spaces and «آ»; keys have neither (`folding.glue`). `_spellings` gives the ways in which hazm
may write a key.
"""

from collections.abc import Callable, Iterator
from hashlib import sha256
from importlib.util import find_spec
from itertools import count, product
from pathlib import Path
from typing import Any, NamedTuple

from workers.nlp.knowledge.affixes import IMPERFECT_PREFIXES, PERFECT_ENDINGS
from workers.nlp.knowledge.conjugation import Tense, VerbForm
from workers.nlp.knowledge.folding import glue
from workers.nlp.knowledge.sources import Sources
from workers.nlp.knowledge.verb_table import MADE_FROM, PARADIGM, TABLE, Slot, VerbTable

_DATA = ("verbs.dat", "words.dat")
_ZWNJ = "\u200c"
_REMEMBERED = 1 << 16  # keys whose answers are kept: a few megabytes

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


class HazmForms:
    """hazm's verb forms by glued key: those of its table, or, once asked to, its own answers."""

    __slots__ = ("_added", "form")

    form: Callable[[str], VerbForm | None]
    """The form that a word is as a verb; None for other words."""

    def __init__(self, sources: Sources) -> None:
        """Read the table, or load hazm where its data is not what the table was made from.

        Raises `LexiconError`.
        """
        self._added = VerbTable.read(sources.added.of(TABLE))
        self.form = VerbTable.read(sources.of(TABLE)).form
        made_from = next(sources.of(TABLE)).text.partition("\n")[0]
        if made_from != MADE_FROM + data_digest():
            self.load_hazm()

    def load_hazm(self) -> None:
        """Ask hazm itself from now on; the table goes. Safe while another thread asks for forms."""
        self.form = HazmVerbs(self._added).form


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
    for key, form in HazmVerbs(VerbTable((), {})).forms():
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


class HazmVerbs:
    """Verb forms by glued key, asked of hazm; `added` are those of a user's folders, which come after."""

    def __init__(self, added: VerbTable) -> None:
        import hazm  # takes a second: never at the top

        self._added = added
        self._conjugation: Any = hazm.Conjugation()
        self._lemmatizer: Any = hazm.Lemmatizer(joined_verb_parts=False)
        self._numbers = dict(zip(dict.fromkeys(self._lemmatizer.verbs.values()), count(), strict=False))
        _shrink(self._lemmatizer)
        self._nouns = frozenset(map(glue, self._lemmatizer.words))
        self._known: dict[str, VerbForm | None] = {}

    def form(self, key: str) -> VerbForm | None:
        """The form that a word is as a verb; None for other words."""
        if key in self._known:
            return self._known[key]
        best = self._likeliest(key)
        found = best.form if best else self._added.form(key)
        if len(self._known) < _REMEMBERED:
            self._known[key] = found
        return found

    def forms(self) -> Iterator[tuple[str, VerbForm]]:
        """Each key that hazm takes for a verb, and what it says; the likeliest kinds first."""
        told: set[str] = set()
        for kind in range(len(_METHODS)):
            for lemma, verb in self._numbers.items():
                for written, _, _ in _conjugated(self._conjugation, kind, lemma):
                    key = glue(written)
                    if " " in written or key in told:
                        continue
                    best = self._likeliest(key)
                    if best and (best.kind, best.verb) == (kind, verb):
                        told.add(key)
                        yield key, best.form

    def _likeliest(self, key: str) -> "_Reading | None":
        if len(key) < _LEAST:
            return None
        found = (reading for written in _spellings(key) for reading in self._readings(written, key))
        return min(found, default=None)

    def _readings(self, written: str, key: str) -> Iterator["_Reading"]:
        lemma: str = self._lemmatizer.verbs.get(written, "")
        if not lemma or self._lemmatizer.lemmatize(written) != lemma:
            return
        if _ZWNJ not in written and key in self._nouns:
            return  # «بآید» is no «باید»
        for kind, (method, tense, negative, _) in enumerate(_METHODS):
            for place, (form, person, plural) in enumerate(_conjugated(self._conjugation, kind, lemma)):
                if form == written and not _is_noun(key, method, tense, person, plural):
                    says = VerbForm(infinitive(lemma), tense, person, plural, negative)
                    yield _Reading(kind, self._numbers[lemma], place, says)


def _shrink(lemmatizer: Any) -> None:
    """Leave hazm what is asked here: verb forms of one word, and nouns that look like one: 90 MiB less."""
    forms = {form: lemma for form, lemma in lemmatizer.verbs.items() if " " not in form}
    keys = set(map(glue, forms))
    nouns = [word for word in lemmatizer.words if word in forms or glue(word) in keys]
    # As new strings, side by side: the memory in which the old ones are scattered can be given back.
    written, lemmas, listed = "\n".join(forms), list(forms.values()), "\n".join(nouns)
    lemmatizer.verbs = lemmatizer.words = None
    del forms, keys, nouns
    lemmatizer.verbs = dict(zip(written.split("\n"), lemmas, strict=True))
    lemmatizer.words = frozenset(listed.split("\n"))


class _Reading(NamedTuple):
    """A form as hazm may mean it; the likeliest sorts first."""

    kind: int  # place in `_METHODS`
    verb: int  # number of the verb in hazm's list
    place: int  # among the persons
    form: VerbForm


def _conjugated(conjugation: Any, kind: int, lemma: str) -> Iterator[tuple[str, int, bool]]:
    """The forms of one kind of a verb, each with its person and whether it is a plural."""
    method, _, _, present = _METHODS[kind]
    past, _, stem = lemma.partition("#")
    if (present and not stem) or (not present and not past):
        return
    form_all: Callable[[str], list[str]] = getattr(conjugation, method)
    made = form_all(stem if present else past)
    persons = _PERFECT_PERSONS if len(made) == len(_PERFECT_PERSONS) else _PERSONS
    for form, (person, plural) in zip(made, persons, strict=True):
        yield form, person, plural


def _spellings(key: str) -> Iterator[str]:
    """The ways in which hazm may write a key: with the half spaces of verbs, «آ» for any «ا»."""
    parts = [key]
    for prefix in IMPERFECT_PREFIXES:
        rest = key.removeprefix(prefix)
        if rest != key:
            parts.append(prefix + _ZWNJ + rest)
            if rest.startswith("می"):  # of a verb that hazm lists with «می» in its stems
                parts.append(f"{prefix}{_ZWNJ}می{_ZWNJ}{rest[2:]}")
    parts += [
        f"{part[: -len(ending)]}{_ZWNJ}{ending}"
        for part in parts
        for ending in PERFECT_ENDINGS
        if part.endswith("ه" + ending)
    ]
    for part in parts:
        yield from map("".join, product(*(("ا", "آ") if letter == "ا" else (letter,) for letter in part)))


def _is_noun(key: str, method: str, tense: Tense, person: int, plural: bool) -> bool:
    """Whether a form is far oftener a noun than a verb."""
    return _is_noun_too(method, person, plural) or (tense == "perfect" and key.endswith("ه"))


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
