"""Find the reporting expressions of a sentence: verbs, compounds, openers, prepositional markers."""

from collections.abc import Sequence

from workers.nlp.knowledge.conjugation import VerbForm
from workers.nlp.knowledge.cues import (
    CueLexicon,
    CueSpec,
    NounCues,
    Opener,
    Phrase,
    PhraseKind,
    Trigger,
    reports,
)
from workers.nlp.knowledge.folding import glue
from workers.nlp.statements.values import Cue

GAP = 3  # tokens between the noun and the light verb («هشدار جدی داد»)
MODAL_GAP = 5  # tokens before a verb among which «می‌توان» may stand
INNER_GAP = 9  # … of a cue that also takes its object before the noun («تهدید به N کرد»)
MOST = 100  # most cues of a sentence: a longer list is no speech
INFIX_GAP = 25  # … where the content stands between them («خواستار N شد»)
_STOP = frozenset(".!؟?؛:«»")


def find_cues(keys: Sequence[str], first: int, last: int, lexicon: CueLexicon) -> list[Cue]:
    """The cues of tokens [first, last), in order, not overlapping; the first `MOST` of them."""
    cues: list[Cue] = []
    triggers = lexicon.triggers
    starts, entries = triggers.starts, triggers.entries
    taken: set[int] = set()  # verbs of split compounds
    free = first  # the first token at which a cue may begin
    for at in [i for i in range(first, last) if keys[i] in starts]:
        if at < free:
            continue
        key = keys[at]
        if key not in entries and (at + 1 >= last or key + keys[at + 1] not in starts):
            continue  # true of most words, which begin no cue
        found = triggers.all_at(keys, at, last)
        if not found:
            continue
        trap = 0
        for end, trigger in found:
            if trigger.trap:
                trap = end
        if trap:
            free = trap
            continue
        cue = _at(keys, at, last, lexicon, taken, found)
        if cue is None or (
            cue.kind == "verb"
            and at > first
            and _not_said(
                cue, keys[max(first, at - MODAL_GAP) : at], keys[cue.last] if cue.last < last else "", lexicon
            )
        ):
            continue
        cues.append(cue)
        if cue.spec is not None and cue.spec.infix and cue.verb > cue.last:
            taken.add(cue.verb)
        free = cue.last
        if len(cues) == MOST:
            break
    return cues


def lemma(keys: Sequence[str], cue: Cue) -> str | None:
    """The infinitive of a cue as people write it, «تأکید کردن»; None for one without a verb."""
    if cue.spec is None or cue.form is None:
        return None
    if not cue.spec.noun:
        return cue.form.verb
    said = "".join(keys[cue.first : cue.last])
    standard = cue.spec.id.rpartition(" ")[0]
    noun = max((n for n in (standard, *cue.spec.noun) if said.startswith(glue(n))), key=len, default=standard)
    return f"{standard if glue(noun) == glue(standard) else noun} {cue.form.verb}"


def phrase_at(
    keys: Sequence[str], at: int, last: int, lexicon: CueLexicon, kind: PhraseKind
) -> tuple[int, Phrase] | None:
    """The longest phrase of a kind that begins at a token."""
    return lexicon.phrases[kind].longest_at(keys, at, last)


def _not_said(cue: Cue, before: Sequence[str], after: str, lexicon: CueLexicon) -> bool:
    """«می‌توان گفت» is no report, and after a preposition the form is a noun («درباره خواست ترکیه»)."""
    words = lexicon.words
    if before[-1] in words.modal_before:
        return after != ":"  # «… که چه می‌شود گفت: …»: the verb before closes another clause
    simple = cue.spec is not None and not cue.spec.noun
    past = cue.form is not None and cue.form.tense == "past"
    participle = simple and cue.form is not None and cue.form.tense == "perfect" and cue.last == cue.first + 1
    if participle and after in words.not_reported:
        return True  # «گفته نشد», «گفته بودیم»
    if participle and (before[-1] in words.demonstratives or before[-1] in words.one):
        return True  # «این گفته», «یک نوشته»: a noun
    if simple and past and after != ":" and not words.can.isdisjoint(before):
        return True  # «نمی‌توان با اطمینان گفت»
    return simple and past and after != ":" and before[-1] in words.prepositions


def _at(
    keys: Sequence[str],
    at: int,
    last: int,
    lexicon: CueLexicon,
    taken: set[int],
    found: list[tuple[int, Trigger]],
) -> Cue | None:
    for end, trigger in reversed(found):
        if trigger.glued is not None:
            noun, form = trigger.glued
            if keys[end - 1] not in lexicon.forms:  # else noun and verb are written apart: the rule below
                cue = _compound(lexicon.nouns[noun].specs, at, end, end - 1, form, end)
                if cue:
                    return cue
        for phrase in trigger.phrases:
            cue = _by_phrase(keys, at, end, last, lexicon, phrase)
            if cue:
                return cue
    if at in taken:
        return None
    for end, trigger in reversed(found):
        if trigger.reports:
            form, spec = trigger.reports[0]
            if end < last and keys[end] in lexicon.words.plurals_apart:  # «گفته‌های»: a noun
                return None
            return Cue(at, end, "verb", spec.id, spec.stance, at, end, spec, form, form.passive)
    return None


def _by_phrase(
    keys: Sequence[str], at: int, end: int, last: int, lexicon: CueLexicon, phrase: Phrase
) -> Cue | None:
    """The cue that a phrase in tokens [at, end) begins."""
    kind, value = phrase
    if kind == "noun":
        nouns = lexicon.nouns[value]
        cue = _with_light_verb(keys, at, end, last, lexicon, nouns)
        shared = cue is None and end < last and keys[end] == "و"
        return _shared(keys, at, end, last, lexicon, nouns) if shared else cue
    if kind == "opener_clause":
        return Cue(at, end, "opener", f"با {value.noun}", value.stance, at, end, np=value.np, clause=True)
    if kind in ("opener", "opener_lead"):
        return _opener(keys, at, end, last, lexicon, phrase)
    if end < last and keys[end] not in _STOP and (at == 0 or keys[at - 1] != "توجه"):
        return Cue(at, end, "marker", value.text, value.stance, at, end)
    return None


def _opener(
    keys: Sequence[str], at: int, end: int, last: int, lexicon: CueLexicon, phrase: Phrase
) -> Cue | None:
    opener: Opener = phrase.value
    base = f"با {opener.noun}"
    if phrase.kind == "opener_lead":
        # one adjective before the preposition: «با تأکید مجدد بر»
        if end + 2 >= last or not keys[end + 1].startswith(opener.prep) or not keys[end][0].isalnum():
            return None
        rest = keys[end + 1][len(opener.prep) :] + "".join(keys[end + 2 : end + 4])
        if keys[end + 1] != opener.prep and not rest.startswith("این"):
            return None
        end += 2
    clause = phrase_at(keys, end, last, lexicon, "clause") if end < last else None
    if clause:
        return Cue(at, clause[0], "opener", base, opener.stance, at, clause[0], np=opener.np, clause=True)
    that = phrase_at(keys, end, last, lexicon, "that") if end < last else None
    if that:
        stop = that[0]
        if stop < last and keys[stop] == "که":
            return Cue(at, stop + 1, "opener", base, opener.stance, at, stop + 1, clause=True)
        if not opener.np or opener.stance == "say" or (not opener.prep and opener.stance == "claim"):
            return Cue(at, stop, "opener", base, opener.stance, at, stop, that=True)
    if opener.np and end < last and keys[end] not in _STOP:
        return Cue(at, end, "opener", base, opener.stance, at, end, np=True, to=opener.to)
    return None


def _shared(
    keys: Sequence[str], at: int, end: int, last: int, lexicon: CueLexicon, noun: NounCues
) -> Cue | None:
    """A noun before «و» that shares a later verb («بر N تأکید و از M انتقاد کرد»)."""
    spec = noun.shared
    if spec is None or noun.shared_markers.isdisjoint(keys[max(0, at - 30) : at]):
        return None
    for place in range(end + 1, min(last, end + INFIX_GAP)):
        if keys[place] in _STOP:
            return None
        for form in lexicon.forms.get(keys[place], ()):
            if form.verb in spec.verbs:
                if not reports(form):
                    return None
                return Cue(at, end, "verb", spec.id, spec.stance, at, end, spec, form, bare=True)
    return None


def _with_light_verb(
    keys: Sequence[str],
    at: int,
    end: int,
    last: int,
    lexicon: CueLexicon,
    noun: NounCues,
) -> Cue | None:
    infix, verbs, starts, nouns = noun.infix, lexicon.verbs, lexicon.verbs.starts, lexicon.nouns
    light = lexicon.words.light
    # «تهدید به N کرد»: the nominal content between noun and verb
    markers = noun.objects.get(keys[end]) if end < last else None
    inner = markers is not None and any(tuple(keys[end : end + len(m)]) == m for m in markers)
    gap = INFIX_GAP if infix else INNER_GAP if inner else GAP
    infix = infix or inner
    limit = min(last, end + 1 + gap)
    for place in range(end, limit):
        key = keys[place]
        if (
            key in _STOP
            or (place > end and key in light)
            or (not infix and (key in lexicon.words.breaks or (key in nouns and place > end)))
        ):
            return None
        if key not in starts:
            continue
        verb = verbs.all_at(keys, place, last)
        if not verb:
            continue
        stop, found = verb[-1]
        for form in found:
            cue = _compound(noun.specs, at, end, place, form, stop, lexicon)
            if cue:
                return cue._replace(last=end, inner=True) if inner and place > end else cue
        if (inner or not infix) and len(key) > 2 and any(f.tense != "infinitive" for f in found):
            return None  # another verb closes the clause
    return None


def _compound(
    specs: tuple[CueSpec, ...],
    at: int,
    noun_end: int,
    verb: int,
    form: VerbForm,
    verb_end: int,
    lexicon: CueLexicon | None = None,
) -> Cue | None:
    """A cue of one of `specs` with this light verb; its range is the whole unless content is between."""
    for spec in specs:
        passive = form.passive
        if form.verb not in spec.verbs:
            if lexicon is None or form.verb not in lexicon.passive or "کردن" not in spec.verbs:
                continue
            if spec.active or not spec.clause:
                continue  # «محکوم شد» is a court's, «تجلیل شد» nobody's words
            passive = True
        if not reports(form):
            return None
        last = max(noun_end, verb_end) if not spec.infix or verb == noun_end else noun_end
        end = max(noun_end, verb_end)
        return Cue(at, last, "verb", spec.id, spec.stance, verb, end, spec, form, passive)
    return None
