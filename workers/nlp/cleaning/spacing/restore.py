"""Half spaces and spacing, restored where a crawl lost them.

Passes over a block's text: what stands beside marks (`marks`), words (`words`), pairs of
words (`pairs`), numbers. Addresses, dates and Latin words are left as they are. Only spaces and half
spaces are added or taken away; every other character keeps its place and its raw position.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate, pairwise
from operator import itemgetter
from typing import NamedTuple

from workers.nlp.alignment import AlignedText, Edit
from workers.nlp.cleaning.spacing.marks import LINK, mark_edits
from workers.nlp.cleaning.spacing.orthography import Orthography, observe
from workers.nlp.cleaning.spacing.pairs import PairRestorer
from workers.nlp.cleaning.spacing.words import HAMZA, LETTER
from workers.nlp.knowledge.affixes import ENDINGS_LIKE_LETTERS, IMPERFECTS, ORDINALS_AFTER_FIGURES
from workers.nlp.knowledge.spacing import ZWNJ, SpacingLexicon

_WORD = re.compile(rf"([{LETTER}]++(?:\u200c[{LETTER}]++)*+)")
_ENDS_TO_ASK = f"یا{HAMZA}"
"""Last letters of unknown words of which `PairRestorer.joint` may tell more than of other unknown words."""
_NEAR = frozenset(("", " "))
_LAST = re.compile(rf"[{LETTER}\u200c]+$")
_DIGIT = r"[0-9\u0660-\u0669\u06f0-\u06f9]"
_LETTER_AND_DIGIT = re.compile(rf"{_DIGIT}(?:(?=[{LETTER}])|(?<=[{LETTER}]{_DIGIT}))")
_NUMBER_AND_WORD = re.compile(rf"\d++(?:[.٫٬,/]\d++)*+([{LETTER}]{{2,40}}+)(?![A-Za-z@]|[._/-]\w)")
_LONGEST_LEFT = 60
"""Most letters of a word that is looked at, so that the work stays linear in hostile input."""


class _Words(NamedTuple):
    """The words of a text and their places in it; those that were glued touch."""

    forms: list[str]
    starts: list[int]
    ends: list[int]
    near: list[bool]
    """Whether a word stands behind the one before it, with a space or nothing between; False at the end."""

    @classmethod
    def of(cls, text: str) -> "_Words":
        """The words of a text."""
        parts = _WORD.split(text)  # by turns what parts two words, and a word
        bounds = list(accumulate(map(len, parts)))
        near = [False, *map(_NEAR.__contains__, parts[2:-1:2]), False]
        forms = parts[1::2]
        for n in [n for n, form in enumerate(forms) if len(form) == 1]:
            if parts[2 * n + 2] == ".":
                near[n] = False  # an initial or a letter of an abbreviation («ی.ا») is no part of a word
        return cls(forms, bounds[0:-1:2], bounds[1::2], near)

    def add(self, form: str, start: int, end: int, near: bool) -> None:
        """One word more."""
        self.forms.append(form)
        self.starts.append(start)
        self.ends.append(end)
        self.near.append(near)

    def in_line(self, n: int, text: str) -> bool:
        """Whether the word `n` stands in the line of the one before it."""
        return "\n" not in text[self.ends[n - 1] : self.starts[n]]

    def extend(self, words: "_Words", first: int, last: int) -> None:
        """Some of other words."""
        self.forms.extend(words.forms[first:last])
        self.starts.extend(words.starts[first:last])
        self.ends.extend(words.ends[first:last])
        self.near.extend(words.near[first:last])


class _Numbers(NamedTuple):
    """Figures and the words that are glued to them."""

    or_before: re.Pattern[str]  # at a figure, or at such a word and a figure
    behind_word: re.Pattern[str]  # the word, with a figure behind it


@dataclass(frozen=True, slots=True)
class SpacingRestorer:
    """Restores spaces and half spaces by the words that are known."""

    pairs: PairRestorer
    numbers: "_Numbers"

    @classmethod
    def of(cls, lexicon: SpacingLexicon) -> "SpacingRestorer":
        """A restorer with this lexicon; it keeps decisions on words, up to a bound."""
        before = "|".join(sorted(lexicon.kinds.before_number))
        numbers = _Numbers(
            re.compile(rf"(?<![\w\u200c.٫٬,/:_@-])(?=\d|(?:{before})\d)"),
            re.compile(rf"(?:{before})(?=\d++(?![A-Za-z]))"),
        )
        return cls(PairRestorer.of(lexicon), numbers)

    def restore(self, lines: AlignedText, orthography: Orthography | None = None) -> AlignedText:
        """A text of one or more lines with the spacing a careful editor would give it.

        No line tells of another. `orthography` is that of the text the lines are from; without it their own
        counts.
        """
        lines = lines.edit(mark_edits(lines.text))
        if orthography is None:
            orthography = observe(lines.text, self.pairs)
        lines = lines.edit(_word_edits(lines.text, self.pairs, orthography))
        edits = _number_edits(lines.text, self.numbers, self.pairs.lexicon.words)
        return lines.edit(edits) if edits else lines

    def orthography(self, text: str) -> Orthography:
        """The orthography of a whole text, for its blocks."""
        return observe(text, self.pairs)

    def last_word(self, text: str) -> str:
        """The word at the end of a text as `restore` will leave it; empty behind anything else."""
        found = _LAST.search(text, max(0, len(text) - _LONGEST_LEFT))
        return self.pairs.words.word(found.group()).rpartition(" ")[2] if found else ""


def _word_edits(text: str, restorer: PairRestorer, orthography: Orthography) -> list[Edit]:
    words = _Words.of(text)
    known = restorer.lexicon.words
    edits: list[Edit] = []
    careful, plurals = orthography
    changed = {}
    for n, word in enumerate(words.forms):
        if word not in known and (right := restorer.words.word(word)) != word:
            meant = careful and restorer.words.is_meant(word, right, plurals)
            if not meant and not (n and words.forms[n - 1] in IMPERFECTS and words.in_line(n, text)):
                changed[n] = right  # no «میریم» behind «می»
    if changed and (links := [found.span() for found in LINK.finditer(text)]):
        changed = {n: right for n, right in changed.items() if not _within(words.starts[n], links)}
    if changed:
        words = _mend(words, changed, edits)
    joints = _joints(words, restorer)
    return sorted(edits + joints) if edits else joints


def _within(place: int, spans: list[tuple[int, int]]) -> bool:
    """Whether a place is in one of some spans, which are in order."""
    n = bisect_right(spans, place, key=itemgetter(0))
    return n > 0 and place < spans[n - 1][1]


def _number_edits(text: str, numbers: _Numbers, known: frozenset[str]) -> list[Edit]:
    """The edits of spaces lost between a number and a word: «15درصد», «حدود200»."""
    places: list[int] = []
    if not _LETTER_AND_DIGIT.search(text):
        return []
    for found in numbers.or_before.finditer(text):
        at = found.start()
        while True:  # what a space parts may begin with a number or a word of the kind again
            parted = numbers.behind_word.match(text, at)
            place = parted.end() if parted else None
            if not parted and (parted := _NUMBER_AND_WORD.match(text, at)):
                word = parted.group(1)
                place = parted.start(1) if word in known and word not in ORDINALS_AFTER_FIGURES else None
            if place is None:
                break
            places.append(place)
            at = place
    return [(place, place, " ") for place in places]


def _mend(words: _Words, changed: dict[int, str], edits: list[Edit]) -> _Words:
    """The words with `changed` ones in their right forms, parted at spaces; adds the edits to `edits`."""
    mended = _Words([], [], [], [])
    at = 0
    for n, right in changed.items():
        mended.extend(words, at, n)
        _cut(words.forms[n], right, words.starts[n], words.near[n], mended, edits)
        at = n + 1
    mended.extend(words, at, len(words.near))  # with the mark of the end
    return mended


def _cut(word: str, right: str, start: int, near: bool, words: _Words, edits: list[Edit]) -> None:
    """Add the edits that make `right` of a word at `start`, and the words it becomes."""
    at, first, part = 0, 0, 0
    for position, letter in enumerate(right):
        if at < len(word) and word[at] == letter:
            at += 1
        elif letter == " ":
            words.add(right[part:position], start + first, start + at, near)
            near = True
            edits.append((start + at, start + at, " "))
            first, part = at, position + 1
        elif letter == ZWNJ:
            edits.append((start + at, start + at, ZWNJ))
        else:  # a half space after a letter that does not join
            edits.append((start + at, start + at + 1, ""))
            at += 2
    words.add(right[part:], start + first, start + len(word), near)


def _spelled(forms: list[str], near: list[bool], letters: frozenset[str]) -> set[int]:
    """The places of «ای» and «ام» that begin a name of letters: «شبکه ای اس پی ان»."""
    found = set()
    for n, form in enumerate(forms):
        if form in ENDINGS_LIKE_LETTERS and all(
            n + step < len(forms) and near[n + step] and forms[n + step] in letters for step in (1, 2)
        ):
            found.add(n)
    return found


def _joints(words: _Words, restorer: PairRestorer) -> list[Edit]:
    """The edits of the spaces between words that make one word."""
    forms, starts, ends, near = words
    lexicon, lefts, rights, quiet = restorer.lexicon, restorer.lefts, restorer.rights, restorer.quiet
    known, pairs, openings = lexicon.words, lexicon.by_parts, lexicon.openings
    restored = restorer.words.word
    spelled = _spelled(forms, near, lexicon.kinds.letters)
    worth_asking = [
        n
        for n, (left, right) in enumerate(pairwise(forms), 1)
        if (
            left in lefts
            or (right in rights and (left not in quiet or right not in quiet or f"{left} {right}" in pairs))
            or (right not in known and (right[-1] in _ENDS_TO_ASK or ZWNJ in right))
        )
        and near[n]
        and n not in spelled
    ]
    edits: list[Edit] = []
    told: dict[tuple[str, str, str, str], str | None] = {}  # texts say the same again
    asked = 0  # words up to here were looked at
    for first in worth_asking:
        if first <= asked:
            continue
        left = forms[first - 1]
        opened = False  # the first two parts of a compound of three were joined
        asked = first
        while near[asked] and len(left) <= _LONGEST_LEFT:
            word = forms[asked]
            between: str | None = ZWNJ if opened else None
            opened = False
            if between is None:
                if left in lefts and near[asked + 1] and f"{left} {word}" in openings:
                    opened = f"{left} {word} {forms[asked + 1].partition(ZWNJ)[0]}" in pairs
                if opened:
                    between = ZWNJ
                elif (
                    word in rights
                    or left in lefts
                    or (word not in known and (word[-1] in _ENDS_TO_ASK or ZWNJ in word))
                ):
                    before = forms[first - 2] if near[first - 1] else ""
                    after = forms[asked + 1] if near[asked + 1] else ""
                    around = (left, word, before, after)
                    if around in told:
                        between = told[around]
                    else:
                        between = restorer.joint(*around)
                        if between == "" and restored(left + word) != restored(left) + word:
                            between = None  # the lexicon reads what the joint would make as other words
                        told[around] = between
            if between is None:
                break
            edits.append((ends[asked - 1], starts[asked], between))
            left += between + word
            asked += 1
    return edits
