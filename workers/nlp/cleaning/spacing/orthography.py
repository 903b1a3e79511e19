"""A writer's own orthography: which spellings restoration leaves as they are written.

Persian has two right spellings of many words: «بزرگتر» and «بزرگ‌تر», «گروهها» and «گروه‌ها». Where a crawl
lost half spaces, nobody knows which was meant, and the usual one is restored. A text that still has its
half spaces lost none, so what it writes glued was meant. A text whose half spaces became spaces («می شود»,
«کتاب ها») lost none inside its words, unless one of them tells otherwise («بینالملل»). Plurals are made
uniform where the text itself writes more of them apart than glued.
"""

import re
from typing import NamedTuple

from workers.nlp.cleaning.spacing.pairs import PairRestorer
from workers.nlp.cleaning.spacing.words import JOINING, LETTER
from workers.nlp.knowledge.affixes import IMPERFECTS, PLURAL, PLURALS
from workers.nlp.knowledge.spacing import ZWNJ

_JOINING = f"[{''.join(sorted(JOINING))}]"
_HELD = re.compile(rf"\u200c(?<={_JOINING}\u200c)(?=[{LETTER}])")
_LOOSE_IMPERFECT = re.compile(rf"می (?=([{LETTER}]{{1,40}}))")
_LOOSE_ENDING = re.compile(
    rf" ((?:ها(?<={_JOINING} ها)(?:{'|'.join(p[2:] for p in PLURALS)})"
    rf"|ا(?<=ه ا)(?:م|ش|ی|یم|ید|ند)|تر(?<={_JOINING} تر)(?:ین|ی|)))(?![{LETTER}\u200c])"
)
_PLURAL = re.compile(rf"ها(?<={_JOINING}ها)[{LETTER}]{{0,5}}(?![{LETTER}\u200c])")
_WORD = re.compile(rf"[{LETTER}]++(?:\u200c[{LETTER}]++)*+")
_BEFORE = re.compile(rf"[{LETTER}\u200c]{{1,40}}$")
_HELD_TO_LOOSE = 20
_LOOKED_AT = 50_000  # characters in which a word without its half space is looked for; an article has fewer


class Orthography(NamedTuple):
    """What a text's writer means by a word without half space."""

    careful: bool = False
    """The text lost no half spaces inside its words, so a glued spelling that is right was meant."""
    glued_plurals: bool = False
    """… and it writes at least as many plurals glued («گروهها») as apart («گروه‌ها»)."""


def observe(text: str, restorer: PairRestorer) -> Orthography:
    """The orthography of a text in standard letters."""
    writes_half_spaces = ZWNJ in text
    plurals, others = _lost_to_spaces(text, restorer)
    loose = plurals + others
    if writes_half_spaces:
        held = sum(1 for _ in _HELD.finditer(text))
        if not held or held < _HELD_TO_LOOSE * loose:
            return Orthography()
    elif not loose or _lost_inside(text, restorer):
        return Orthography()
    apart = text.count(ZWNJ + "ها") + plurals
    glued = 0
    for found in _PLURAL.finditer(text):
        word = _before(text, found.start()).lstrip(ZWNJ) + found.group()
        right = restorer.words.word(word)
        if right != word:
            if restorer.words.is_meant(word, right, plurals=True):
                glued += 1
            elif ZWNJ + "ها" in right:
                apart += 1
    return Orthography(careful=True, glued_plurals=glued >= apart + (not writes_half_spaces))


def _lost_to_spaces(text: str, restorer: PairRestorer) -> tuple[int, int]:
    """How many half spaces became spaces before «ها», and after «می» and before other endings."""
    plurals = others = 0
    for found in _LOOSE_IMPERFECT.finditer(text):
        prefix = _before(text, found.end() - 1)
        others += prefix in IMPERFECTS and restorer.joint(prefix, found.group(1)) == ZWNJ
    for found in _LOOSE_ENDING.finditer(text):
        ending = found.group(1)
        if restorer.joint(_before(text, found.start()), ending) == ZWNJ:
            if ending in PLURAL:
                plurals += 1
            else:
                others += 1
    return plurals, others


def _lost_inside(text: str, restorer: PairRestorer) -> bool:
    """Whether a word lost a half space and is wrong without it."""
    for word in set(_WORD.findall(text, 0, _LOOKED_AT)) - restorer.lexicon.words:
        right = restorer.words.word(word)
        if ZWNJ in right and not restorer.words.is_meant(word, right, plurals=True):
            return True
    return False


def _before(text: str, end: int) -> str:
    """The word that ends at `end`."""
    found = _BEFORE.search(text, max(0, end - 40), end)
    return found.group() if found else ""
