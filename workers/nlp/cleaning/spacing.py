"""Half spaces and spacing, restored where a crawl lost them.

Two passes over a block's text: what stands beside marks (`spacing_marks`), then words
(`spacing_words`). Addresses, numbers, dates and Latin words are left as they are. Only spaces and half
spaces are added or taken away; every other character keeps its place and its raw position.
"""

import re
from functools import cache

from workers.nlp.alignment import AlignedText, Edit
from workers.nlp.cleaning.spacing_lexicon import ZWNJ, load_spacing_lexicon
from workers.nlp.cleaning.spacing_marks import mark_edits
from workers.nlp.cleaning.spacing_words import WordRestorer

_LETTER = r"\u0621-\u063a\u0641-\u064a\u064b-\u0655\u066e-\u0671\u0672-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06ff"
_WORD = re.compile(rf"[{_LETTER}]+(?:\u200c[{_LETTER}]+)*")
_LAST = re.compile(rf"[{_LETTER}\u200c]+$")
_LONGEST_LEFT = 60
"""A word of more letters takes no further part: the work stays linear in hostile input."""
_Word = tuple[str, int, int]
"""A word and its range in the text; a lost space has no width."""


@cache
def _restorer() -> WordRestorer:
    return WordRestorer.of(load_spacing_lexicon())


def restore_spacing(block: AlignedText) -> AlignedText:
    """The text of one block with the spacing a careful editor would give it."""
    block = block.edit(mark_edits(block.text))
    return block.edit(_word_edits(block.text, _restorer()))


def last_word(text: str) -> str:
    """The word at the end of a text as `restore_spacing` will leave it; empty behind anything else."""
    found = _LAST.search(text, max(0, len(text) - _LONGEST_LEFT))
    return _restorer().word(found.group()).rpartition(" ")[2] if found else ""


def _word_edits(text: str, restorer: WordRestorer) -> list[Edit]:
    known = restorer.lexicon.words
    words: list[_Word] = []
    edits: list[Edit] = []
    at = 0
    for chunk in text.split(" "):
        if chunk in known:
            words.append((chunk, at, at + len(chunk)))
        elif chunk:
            for found in _WORD.finditer(chunk):
                word, start = found.group(), at + found.start()
                right = restorer.word(word)
                if right == word:
                    words.append((word, start, start + len(word)))
                else:
                    _cut(word, right, start, words, edits)
        at += len(chunk) + 1
    joints = _joints(text, words, restorer)
    return sorted(edits + joints) if edits else joints


def _cut(word: str, right: str, start: int, words: list[_Word], edits: list[Edit]) -> None:
    """Add the edits that make `right` of a word at `start`, and the words it becomes."""
    at, first, part = 0, 0, 0
    for position, letter in enumerate(right):
        if at < len(word) and word[at] == letter:
            at += 1
        elif letter == " ":
            words.append((right[part:position], start + first, start + at))
            edits.append((start + at, start + at, " "))
            first, part = at, position + 1
        elif letter == ZWNJ:
            edits.append((start + at, start + at, ZWNJ))
        else:  # a half space after a letter that does not join
            edits.append((start + at, start + at + 1, ""))
            at += 2
    words.append((right[part:], start + first, start + len(word)))


def _joints(text: str, words: list[_Word], restorer: WordRestorer) -> list[Edit]:
    """The edits of the spaces between words that make one word."""
    edits: list[Edit] = []
    lexicon = restorer.lexicon
    rights, lefts = restorer.rights, restorer.lefts
    left, left_end = "", -2
    opened = False  # the first two parts of a compound of three were joined
    for index, (word, start, end) in enumerate(words):
        gap = start - left_end
        if gap > 1 or left_end < 0 or (gap == 1 and text[left_end] != " ") or len(left) > _LONGEST_LEFT:
            left, left_end, opened = word, end, False
            continue
        between: str | None = ZWNJ if opened else None
        opened = False
        if between is None:
            if left in lefts and f"{left} {word}" in lexicon.openings and index + 1 < len(words):
                after, after_start, _ = words[index + 1]
                near = after_start == end or (after_start == end + 1 and text[end] == " ")
                opened = near and f"{left} {word} {after.partition(ZWNJ)[0]}" in lexicon.by_parts
            if opened:
                between = ZWNJ
            elif word in rights or left in lefts or ZWNJ in word:
                between = restorer.joint(left, word)
                if between == "" and " " in restorer.word(left + word):
                    between = None  # the lexicon parts what the joint would make
        if between is None:
            left = word
        else:
            edits.append((left_end, start, between))
            left = left + between + word
        left_end = end
    return edits
