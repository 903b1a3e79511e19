"""The trade or office that stands right beside a name: «پگاه علوی، دامدار، …», «شهردار رشت، پگاه علوی، …»."""

import re

from workers.nlp.document import Document, Range, TextMention
from workers.nlp.knowledge.cues import WordLists
from workers.nlp.knowledge.folding import glue

BESIDE = 40  # letters behind a name in which its trade begins
BEFORE = 80  # letters before a name in which its office begins
_BEHIND = re.compile(r"[»\"”'\s،,()–—-]+([^\s،,.:؛»]+)")
_SENTENCE = re.compile(r"[.!؟:\n«»]")


def has_other_trade(document: Document, words: WordLists, name: Range | TextMention, office: str) -> bool:
    """Whether a noun of somebody other than the head of an office stands beside a name.

    Behind the name that is any trade, before it an office with which its sentence begins.
    """
    text = document.text
    heads = {key for part in office.split()[:2] if len(key := glue(part)) > 2}
    behind = _BEHIND.match(text[name.end : name.end + BESIDE].split("\n", 1)[0])
    trade = glue(behind[1]) if behind else ""
    if trade in words.trades and not _alike(trade, heads):
        return True
    before = _SENTENCE.split(text[max(0, name.start - BEFORE) : name.start])[-1].split()
    head = glue(before[0]) if before else ""
    whole = len(before) < 2 or not any(glue(word) in words.prepositions for word in before)
    return head in words.roles and whole and not _alike(head, heads)


def _alike(noun: str, heads: set[str]) -> bool:
    return any(noun.startswith(head) or head.startswith(noun) for head in heads)
