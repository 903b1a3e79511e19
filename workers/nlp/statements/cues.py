"""Find the reporting expressions of a sentence: verbs, compounds, openers, prepositional markers."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from schemas.enriched import Stance
from workers.nlp.statements.lexicon import CueLexicon, CueSpec, Opener, Phrase
from workers.nlp.statements.morphology import VerbForm

GAP = 3  # tokens between the noun and the light verb («هشدار جدی داد»)
INFIX_GAP = 25  # … where the content stands between them («خواستار N شد»)
_STOP = frozenset(".!؟?؛:«»")
_PLURAL = frozenset(("ها", "های", "هایی", "هایش", "هاي"))


class Cue(NamedTuple):
    """One reporting expression, in tokens; half-open."""

    first: int
    last: int
    kind: Literal["verb", "opener", "marker"]
    id: str
    stance: Stance
    spec: CueSpec | None = None
    form: VerbForm | None = None
    verb: int = -1  # first token of the verb, where a compound is split
    passive: bool = False
    np: bool = False  # an opener that takes a noun phrase
    clause: int = -1  # an opener's clause word ends here; -1: none follows
    that: bool = False  # an opener that points to the sentence before


def find_cues(keys: Sequence[str], first: int, last: int, lexicon: CueLexicon) -> list[Cue]:
    """The cues of tokens [first, last), in order, not overlapping."""
    cues: list[Cue] = []
    phrases, forms, prefixes, glued = lexicon.phrases, lexicon.forms, lexicon.prefixes, lexicon.glued
    taken: set[int] = set()  # verbs of split compounds
    at = first
    while at < last:
        key = keys[at]
        if key not in prefixes and key not in phrases and key not in forms:
            if key in glued:
                noun, form = glued[key]
                cue = _compound(lexicon.nouns[noun], at, at + 1, at, form)
                if cue:
                    cues.append(cue)
            at += 1
            continue
        cue = _at(keys, at, last, lexicon, taken)
        if cue is None:
            at += 1
            continue
        cues.append(cue)
        if cue.spec is not None and cue.spec.infix and cue.verb > cue.last:
            taken.add(cue.verb)
        at = max(cue.last, at + 1)
    return cues


def walk(keys: Sequence[str], at: int, last: int, lexicon: CueLexicon) -> list[tuple[int, str]]:
    """All keys of the lexicon that begin at a token: (end, key), shortest first."""
    phrases, forms, prefixes = lexicon.phrases, lexicon.forms, lexicon.prefixes
    found = []
    key, end = keys[at], at + 1
    while True:
        if key in phrases or key in forms:
            found.append((end, key))
        if end >= last or key not in prefixes:
            return found
        key += keys[end]
        end += 1


def verb_at(
    keys: Sequence[str], at: int, last: int, lexicon: CueLexicon
) -> tuple[int, tuple[VerbForm, ...]] | None:
    """The longest verb form that begins at a token."""
    for end, key in reversed(walk(keys, at, last, lexicon)):
        found = lexicon.forms.get(key)
        if found:
            return end, found
    return None


def phrase_at(
    keys: Sequence[str], at: int, last: int, lexicon: CueLexicon, kind: str
) -> tuple[int, Phrase] | None:
    """The longest phrase of a kind that begins at a token."""
    for end, key in reversed(walk(keys, at, last, lexicon)):
        for phrase in lexicon.phrases.get(key, ()):
            if phrase.kind == kind:
                return end, phrase
    return None


def _at(keys: Sequence[str], at: int, last: int, lexicon: CueLexicon, taken: set[int]) -> Cue | None:
    found = walk(keys, at, last, lexicon)
    for end, key in reversed(found):
        for phrase in lexicon.phrases.get(key, ()):
            if phrase.kind == "opener":
                cue = _opener(keys, at, end, last, lexicon, phrase.value)
                if cue:
                    return cue
            elif phrase.kind == "marker":
                if end < last and keys[end] not in _STOP:
                    return Cue(at, end, "marker", phrase.value.text, phrase.value.stance)
            elif phrase.kind == "noun":
                cue = _with_light_verb(keys, at, end, last, lexicon, lexicon.nouns[key])
                if cue:
                    return cue
    if at in taken:
        return None
    for end, key in reversed(found):
        for form in lexicon.forms.get(key, ()):
            spec = lexicon.simple.get(form.verb)
            if spec is None or not _reports(form):
                continue
            if end < last and keys[end] in _PLURAL:  # «گفته‌های»: a noun
                return None
            return Cue(at, end, "verb", spec.id, spec.stance, spec, form, at, form.passive)
    return None


def _reports(form: VerbForm) -> bool:
    return form.person == 3 and not form.negative and form.tense not in ("subjunctive", "infinitive")


def _opener(
    keys: Sequence[str], at: int, end: int, last: int, lexicon: CueLexicon, opener: Opener
) -> Cue | None:
    base = f"با {opener.noun}"
    clause = phrase_at(keys, end, last, lexicon, "clause") if end < last else None
    if clause:
        return Cue(at, clause[0], "opener", base, opener.stance, np=opener.np, clause=clause[0])
    that = phrase_at(keys, end, last, lexicon, "that") if end < last else None
    if that:
        stop = that[0]
        if stop < last and keys[stop] == "که":
            return Cue(at, stop + 1, "opener", base, opener.stance, clause=stop + 1)
        return Cue(at, stop, "opener", base, opener.stance, that=True)
    if opener.np and end < last and keys[end] not in _STOP:
        return Cue(at, end, "opener", base, opener.stance, np=True)
    return None


def _with_light_verb(
    keys: Sequence[str],
    at: int,
    end: int,
    last: int,
    lexicon: CueLexicon,
    specs: tuple[CueSpec, ...],
) -> Cue | None:
    infix = any(s.infix for s in specs)
    limit = min(last, end + 1 + (INFIX_GAP if infix else GAP))
    for place in range(end, limit):
        key = keys[place]
        if key in _STOP or (key == "که" and not infix):
            return None
        if key not in lexicon.prefixes and key not in lexicon.forms:
            continue
        verb = verb_at(keys, place, last, lexicon)
        if verb is None:
            continue
        stop, found = verb
        for form in found:
            cue = _compound(specs, at, end, place, form, stop, lexicon)
            if cue:
                return cue
        if not infix and any(f.tense != "infinitive" for f in found) and len(key) > 2:
            return None  # another verb closes the clause
    return None


def _compound(
    specs: tuple[CueSpec, ...],
    at: int,
    noun_end: int,
    verb: int,
    form: VerbForm,
    verb_end: int = -1,
    lexicon: CueLexicon | None = None,
) -> Cue | None:
    """A cue of one of `specs` with this light verb; its range is the whole unless content is between."""
    for spec in specs:
        passive = form.passive
        if form.verb not in spec.verbs:
            if lexicon is None or form.verb not in lexicon.passive or "کردن" not in spec.verbs:
                continue
            passive = True
        if not _reports(form):
            return None
        last = max(noun_end, verb_end) if not spec.infix or verb == noun_end else noun_end
        return Cue(at, last, "verb", spec.id, spec.stance, spec, form, verb, passive)
    return None
