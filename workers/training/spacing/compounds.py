"""Learns compounds: the letters that spell them, the parts that tell them, the participles that describe."""

from collections import Counter, defaultdict
from collections.abc import Set
from itertools import pairwise

from workers.nlp.cleaning.spacing.words import JOINING
from workers.nlp.knowledge.affixes import IMPERFECT_PREFIXES, PLURALS, POSSESSIVES
from workers.nlp.knowledge.spacing import ZWNJ, is_verb
from workers.training.spacing.evidence import WORD, Evidence
from workers.training.spacing.word_kinds import (
    ALWAYS,
    ATTRIBUTIVE,
    BOUND_TAILS,
    FUNCTION,
    INFLECTIONS,
    INSIDE_ENDINGS,
    LONG_IMPERFECTS,
    NEVER_APART,
    NO_ATTRIBUTE,
    NO_TAIL,
    NUMBERS,
    PLURALS_AND_ARTICLE,
    PLURALS_OR_ARTICLES,
)

_IN_LEXICON = 1.5  # number that a published word list adds to a count
_JOINED, _JOINED_LISTED = 0.5, 0.36


def compounds(facts: Evidence) -> tuple[dict[str, str], set[str], Set[str]]:
    """Letters → the compound they spell; compounds told by their spaced parts; letters that spell any."""
    counts = facts.counts
    listed = {
        c
        for c in facts.published.compounds | facts.hazm
        if ZWNJ in c and c.split(ZWNJ)[0] not in NUMBERS | FUNCTION
    }
    forms = {
        c
        for c in {w for w in counts.careful_words if ZWNJ in w} | listed
        if all(WORD.fullmatch(p) for p in c.split(ZWNJ)) and (c in listed or not _is_overdone(facts, c))
    }
    rivals: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for form in forms:
        evidence = counts.careful_words[form] + (_IN_LEXICON if form in listed else 0)
        if evidence >= _IN_LEXICON:
            rivals[form.replace(ZWNJ, "")].append((evidence, form))
    by_letters: dict[str, str] = {}
    by_parts = set(ALWAYS)
    for letters, some in rivals.items():
        some.sort(reverse=True)
        if _letters_tell(facts, letters, *some[0]):
            by_letters[letters] = some[0][1]
        by_parts |= {form for evidence, form in some if _parts_tell(facts, evidence, form, form in listed)}
    for form in ALWAYS:
        by_letters.setdefault(form.replace(ZWNJ, ""), form)
    return by_letters, by_parts, rivals.keys()


def _is_overdone(facts: Evidence, form: str) -> bool:
    """Whether it was made by a site that turns all spaces behind «می» and before «ها» into half spaces."""
    parts = form.split(ZWNJ)
    seen = facts.counts.careful_words[form]
    for left, right in pairwise(parts):
        behind = left.endswith("می") and len(left) > 3 and not left.endswith(LONG_IMPERFECTS)
        before = right.startswith("ها") and len(right) > 3 and right[2:3] not in "یم"
        inflected = right in facts.glued_tails or right in INSIDE_ENDINGS or right.startswith(NEVER_APART)
        if (behind and not inflected) or before:
            return seen < 5 or seen <= facts.counts.spaced(parts)
    return False


def _letters_tell(facts: Evidence, letters: str, evidence: float, form: str) -> bool:
    counts, parts = facts.counts, form.split(ZWNJ)
    seen = counts.careful_words[form]
    inflected = parts[0] in IMPERFECT_PREFIXES or parts[-1] in PLURALS
    if parts[-1] in (*POSSESSIVES, "را") or (parts[0] == "به" and form not in ALWAYS):
        return False
    if not seen:
        return counts.words[letters] < 2 and letters not in facts.listed
    listed = letters in facts.published.vocabulary and letters in facts.hazm
    if listed and not inflected and counts.words[letters] >= 0.25 * seen:
        return False  # «سپاسگزاری»: both spellings are right
    glued = counts.careful_words[letters] + (2 if letters in facts.listed else 0)
    return evidence + (counts.spaced(parts) if inflected else 0) > glued


def _parts_tell(facts: Evidence, evidence: float, form: str, listed: bool) -> bool:
    counts, parts = facts.counts, form.split(ZWNJ)
    first, last = parts[0], parts[-1]
    if first in FUNCTION and not (len(parts) == 2 and last in PLURALS):
        return False
    if first in IMPERFECT_PREFIXES or last in PLURALS:
        return True
    seen, spaced = counts.careful_words[form], counts.spaced(parts)
    share = evidence / (evidence + spaced)
    if last in FUNCTION:
        return False
    if len(parts) == 2 and first in facts.names and last in facts.names:
        return listed and seen >= 2 and share >= 0.6
    infinitive = last.endswith("ن") and last[:-1] in facts.published.past
    if infinitive or (last.endswith("ه") and is_verb(last, facts.verbs)):  # «گفته شده» is a verb group
        if seen >= 2:
            return share >= 0.8
        return listed and counts.spaced(parts, careful=False) < 2
    if seen >= 2:
        return share >= (_JOINED_LISTED if listed else _JOINED)
    return (seen >= 1 or listed) and share >= 0.6 and counts.spaced(parts, careful=False) < 6


def ambiguous_plurals(facts: Evidence, by_letters: dict[str, str], rivals: Set[str]) -> None:
    """Forms «Xهای» that may be a plural of X or «Xه» with an article, and which the counts say they are."""
    words, pairs = facts.counts.words, facts.counts.pairs
    for noun in sorted(w for w in facts.candidates if len(w) > 1 and w + "ه" in facts.candidates):
        silent = noun + "ه"
        for plural, article in PLURALS_OR_ARTICLES:
            kinds = PLURALS_AND_ARTICLE if plural == "های" else (plural,)
            as_plural = sum(words[noun + ZWNJ + p] + pairs[noun, p] for p in kinds)
            if plural == "های":
                as_plural += words[noun + "ها"] + words[noun + "هایی"]
                as_plural += 0 if noun[-1] in JOINING else words[noun + "های"] // 2
            as_article = words[silent + ZWNJ + article] + pairs[silent, article]
            if not as_plural and not as_article:
                as_article = int(words[silent] > 2 * words[noun] or silent in facts.verbs)
                as_plural = 1 - as_article
            letters = noun + plural
            if as_plural >= as_article:
                if noun[-1] in JOINING and (letters in by_letters or letters in rivals):
                    by_letters[letters] = noun + ZWNJ + plural
            else:
                by_letters[letters] = silent + ZWNJ + article


def attributes(facts: Evidence, by_parts: set[str]) -> set[str]:
    """Compounds of two with a participle as last part, which their parts alone do not tell."""
    found = set()
    seen = {form for form, n in facts.counts.careful_words.items() if n >= 2}
    for form in (seen | facts.published.compounds | facts.hazm) - by_parts:
        head, _, tail = form.partition(ZWNJ)
        if tail in ATTRIBUTIVE and head not in FUNCTION | NUMBERS | NO_ATTRIBUTE and len(head) > 2:
            found.add(f"{head}_{tail}")
    return found


def spaced_tails(facts: Evidence) -> set[str]:
    """Last parts that join a word across a space, and their inflections that are no words."""
    joining = {t for t, (share, n) in facts.tails.items() if share >= 0.6 and n >= 4 and len(t) > 2}
    verbs = {t for t in joining if facts.is_finite(t) or t.endswith("ند")}
    tails = (joining - verbs | BOUND_TAILS) - NO_TAIL
    alone: Counter[str] = Counter()
    for (_, right), n in facts.counts.careful_pairs.items():
        alone[right] += n
    inflected = {tail + ending for tail in tails if tail[-1] not in "یاوه" for ending in INFLECTIONS}
    return tails | {form for form in inflected - facts.hazm if alone[form] < 3}
