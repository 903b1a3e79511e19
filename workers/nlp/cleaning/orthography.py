"""A writer's own orthography: which spellings restoration leaves as they are written.

Persian has two right spellings of many words: «بزرگتر» and «بزرگ‌تر», «گروهها» and «گروه‌ها». Where a crawl
lost half spaces nobody knows which was meant, and the usual one is restored. A text that still has its
half spaces lost none: what it writes glued was meant so. Plurals are made uniform all the same where the
text itself writes more of them apart than glued.
"""

import re
from typing import NamedTuple

from workers.nlp.cleaning.spacing_lexicon import ZWNJ
from workers.nlp.cleaning.spacing_words import JOINING, LETTER, WordRestorer

_HELD = re.compile(rf"\u200c(?<=[{''.join(sorted(JOINING))}]\u200c)(?=[{LETTER}])")
_LOOSE = re.compile(
    rf"(?<![{LETTER}\u200c])ن?می (?=[{LETTER}])| ها(?<=[{LETTER}] ها)ی{{0,2}}(?![{LETTER}\u200c])"
)
_PLURAL = re.compile(rf"ها(?<=[{''.join(sorted(JOINING))}]ها)[{LETTER}]{{0,5}}(?![{LETTER}\u200c])")
_BEFORE = re.compile(rf"[{LETTER}\u200c]{{1,40}}$")
_HELD_TO_LOOSE = 20


class Orthography(NamedTuple):
    """What a text's writer means by a word without half space."""

    careful: bool = False
    """It writes half spaces: a glued spelling that is right too was meant."""
    glued_plurals: bool = False
    """And it writes no more plurals apart («گروه‌ها») than glued («گروهها»)."""


def observe(text: str, restorer: WordRestorer) -> Orthography:
    """The orthography of a text in standard letters."""
    if ZWNJ not in text:
        return Orthography()
    held = sum(1 for _ in _HELD.finditer(text))
    loose = _LOOSE.findall(text)
    if not held or held < _HELD_TO_LOOSE * len(loose):
        return Orthography()
    apart = text.count(ZWNJ + "ها") + sum(found[0] == " " for found in loose)
    glued = 0
    for found in _PLURAL.finditer(text):
        before = _BEFORE.search(text, max(0, found.start() - 40), found.start())
        word = (before.group() if before else "").lstrip(ZWNJ) + found.group()
        right = restorer.word(word)
        if right != word:
            if restorer.is_meant(word, right, plurals=True):
                glued += 1
            elif ZWNJ + "ها" in right:
                apart += 1
    return Orthography(careful=True, glued_plurals=glued >= apart)
