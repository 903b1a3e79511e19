"""Is a word a finite verb, of which person and tense, and what is its infinitive?

The answers are hazm's (`hazm_verbs.py`): «می‌گویند» is a verb, «میزان» and «میدان» are none. The forms of
cue verbs, of which the cue table gives the stems, are added by rule (`conjugation.py`), and `verbs.toml`
corrects hazm where news reads otherwise.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from workers.nlp.knowledge.conjugation import Stems, VerbForm, conjugate
from workers.nlp.knowledge.folding import glue
from workers.nlp.knowledge.hazm_verbs import HazmForms
from workers.nlp.knowledge.sources import Sources, sets

_SHORTEST = 3  # letters of a verb behind a preverb: «فروند» is a noun


@dataclass(frozen=True, slots=True)
class VerbWords:
    """The corrections of single forms in `verbs.toml`, glued."""

    finite: frozenset[str]
    nouns: frozenset[str]
    preverbs: frozenset[str]


@dataclass(frozen=True, slots=True)
class Morphology:
    """Verb forms by glued key."""

    hazm: HazmForms
    own: Mapping[str, tuple[VerbForm, ...]]  # of cue verbs, likeliest first
    words: VerbWords
    preverbs: tuple[str, ...]

    @classmethod
    def read(cls, sources: Sources, stems: Mapping[str, Stems]) -> "Morphology":
        """Read the tables; `stems` are those of cue verbs by infinitive. Raises `LexiconError`."""
        own: dict[str, list[VerbForm]] = {}
        for verb, of_verb in stems.items():
            for key, form in conjugate(verb, of_verb):
                own.setdefault(key, []).append(form)
        listed = {name: list(map(glue, words)) for name, words in sources.toml("verbs.toml").items()}
        words = sets(VerbWords, listed, "verbs.toml")
        of_cues = {key: tuple(readings) for key, readings in own.items()}
        return cls(HazmForms(sources), of_cues, words, tuple(sorted(words.preverbs)))

    def reading(self, key: str) -> VerbForm | None:
        """The form that a word is as a verb, in its likeliest reading; None for other words."""
        own = self.own.get(key)
        if own:
            return own[0]
        return None if key in self.words.nouns else self.hazm.form(key)

    def is_finite(self, key: str) -> bool:
        """Whether a word is a finite verb."""
        own = self.own.get(key)
        if own:
            return any(form.tense != "infinitive" for form in own)
        if self.hazm.form(key) is not None:
            return key not in self.words.nouns
        return key in self.words.finite or self._is_prefixed(key)

    def _is_prefixed(self, key: str) -> bool:
        """Whether a word is a verb in the plural behind a preverb: «دریافتند», where «دریافت» is a noun."""
        return key.startswith(self.preverbs) and any(
            key.startswith(preverb)
            and len(key) > len(preverb) + _SHORTEST
            and self.is_plural(key.removeprefix(preverb))
            for preverb in self.preverbs
        )

    def is_plural(self, key: str) -> bool:
        """Whether a word is a verb in the plural."""
        form = self.reading(key)
        return form is not None and form.plural

    def person(self, key: str) -> int | None:
        """The person of a verb; None for other words."""
        form = self.reading(key)
        return form.person if form is not None else None

    def infinitive(self, key: str) -> str | None:
        """The infinitive of a verb as people write it; None for other words."""
        form = self.reading(key)
        return form.verb if form is not None else None
