"""Tells words that are right as they are from glued ones that are two."""

import re
from collections.abc import Mapping

from workers.nlp.cleaning.spacing.words import JOINING
from workers.nlp.knowledge.affixes import PLURALS
from workers.nlp.knowledge.spacing import ZWNJ, is_verb
from workers.training.spacing.evidence import Evidence
from workers.training.spacing.word_kinds import (
    COMBINING,
    COMPARATIVES,
    GLUED_PREVERBS,
    NEVER_RIGHT_PART,
    NO_GLUED_TAIL,
    NO_TAIL,
    OPENERS,
    RIGHT,
)

_IMPERFECT = re.compile(r"(ن?می)(.+)")


def words_and_splits(facts: Evidence, by_letters: Mapping[str, str]) -> tuple[set[str], dict[str, str]]:
    """The words that are right as they are, and the glued ones that are two."""
    words, pairs = facts.counts.words, facts.counts.pairs
    two = _two_words(facts)
    right: set[str] = set(RIGHT & facts.candidates)
    splits: dict[str, str] = {}
    for word in facts.candidates - right:
        seen = words[word]
        compound = by_letters.get(word)
        if (
            compound
            and facts.counts.careful_words[compound] + facts.counts.spaced(compound.split(ZWNJ)) >= seen
        ):
            continue
        verb = _IMPERFECT.fullmatch(word)
        if (
            verb
            and verb[2] in facts.verbs
            and words[verb[1] + ZWNJ + verb[2]] + pairs[verb[1], verb[2]] > seen
        ):
            continue
        plural = _plural(word)
        if plural and _is_plural(facts, word, *plural, seen):
            continue
        if word in two and _is_split(facts, word, seen, *two[word]):
            splits[word] = " ".join(two[word][1])
            continue
        right.add(word)
    return right, splits


def _two_words(facts: Evidence) -> dict[str, tuple[int, tuple[str, str]]]:
    best: dict[str, tuple[int, tuple[str, str]]] = {}
    for (left, right), n in facts.counts.pairs.items():
        word = left + right
        if n < 5 or word not in facts.candidates or left[-1] in JOINING or right in NEVER_RIGHT_PART:
            continue
        if len(right) < 2 or (len(left) < 2 and left != "و") or (left == "و" and len(right) < 4):
            continue
        if n > best.get(word, (0, ("", "")))[0]:
            best[word] = (n, (left, right))
    return best


def _is_plural(facts: Evidence, word: str, host: str, ending: str, seen: int) -> bool:
    known = host in facts.listed or facts.counts.words[host] >= 3
    other = facts.counts.words[host + ZWNJ + ending] + facts.counts.pairs[host, ending]
    unlisted = word not in facts.listed and host + "ها" not in facts.listed
    return (known and unlisted) or (other > 0.3 * seen and other > 2)


def _is_split(facts: Evidence, word: str, seen: int, spaced: int, parts: tuple[str, str]) -> bool:
    listed = (word in facts.published.vocabulary) + (word in facts.hazm)
    if listed and len(word) <= 4:
        return False
    if parts[0] in GLUED_PREVERBS and is_verb(word, facts.verbs):
        return False
    need = (3, 20, 60)[listed] * (5 if parts[0] == "و" else 1)
    return spaced >= need * max(seen, 0.5)


def neighbours(
    facts: Evidence,
    words: set[str],
    common: set[str],
    by_letters: Mapping[str, str],
    splits: Mapping[str, str],
) -> dict[str, str]:
    """Pairs of common words that may be glued, though no count has seen it."""
    found: dict[str, str] = {}
    for (left, right), n in facts.counts.pairs.items():
        word = left + right
        if n < 5 or len(left) < 3 or len(right) < 3 or left[-1] in JOINING or right in NEVER_RIGHT_PART:
            continue
        if left not in common or right not in common or word in words or word in by_letters:
            continue
        if word not in splits and not is_verb(word, facts.verbs) and _plural(word) is None:
            found[word] = f"{left} {right}"
    frequent = [w for w in common if facts.counts.words[w] >= 1000 and len(w) > 2]
    known = facts.candidates | by_letters.keys()
    found |= {"و" + word: f"و {word}" for word in frequent if "و" + word not in known}
    return found


def firsts(facts: Evidence, common: set[str]) -> set[str]:
    """Words to which the next one may be glued, though no count has seen it."""
    words = {w for w in common if len(w) > 3 and w[-1] not in JOINING} - facts.names - COMBINING
    return words | OPENERS


def seconds(facts: Evidence, common: set[str]) -> set[str]:
    """Words that may be glued to the one before, without those that make compounds with it."""
    bound = {
        *facts.tails,
        *facts.glued_tails,
        *NO_TAIL,
        *NO_GLUED_TAIL,
        *NEVER_RIGHT_PART,
        *COMBINING,
        *COMPARATIVES,
    }
    return {w for w in common if len(w) > 3} - bound


def _plural(word: str) -> tuple[str, str] | None:
    """Host and ending of a plural that is glued to a joining letter."""
    for ending in PLURALS:
        if word.endswith(ending) and len(word) > len(ending) + 1 and word[-len(ending) - 1] in JOINING:
            return word[: -len(ending)], ending
    return None
