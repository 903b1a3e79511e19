"""Cuts plain bodies into paragraphs: joins lines that a column's width broke, and finds lost breaks."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from workers.nlp.alignment import AlignedText
from workers.nlp.cleaning.dateline import DatelineFinder
from workers.nlp.cleaning.spacing.restore import SpacingRestorer
from workers.nlp.knowledge import Knowledge

_STOPPED = frozenset('.!?؟:؛…»)"”/*')
_GLUED = re.compile("(?<=[\u0621-\u06d3][\u0621-\u06d3])[.!؟»]{1,3}(?=[\u0621-\u06d3«][\u0621-\u06d3])")
_STOP = re.compile(r"(?<!\.)[.!؟][»)]? +(?=[^ ])")
_BULLET = re.compile(r"[-*•–—=+\u25a0-\u27bf\U0001f000-\U0001faff]|[0-9۰-۹]{1,2} ?[-.)ـ:]")
_NARROW, _WIDE = 40, 140  # characters of a line in a typeset column or a mail
_FEW_LINES = 4
_MOST_PASSES = 4
_RUNNING = 100  # characters of a line that is no headline: without a stop it goes on
_PARAGRAPH = 200  # characters from which a paragraph may end where nothing speaks against it
_LONGEST_PARAGRAPH = 700
_SHORTEST_PARAGRAPH = 40
_ONE_PARAGRAPH = 500  # characters of a body that may well be one paragraph
_SENTENCE_HEAD = 140
_MOST_PARAGRAPHS = 5000  # more than an article has; what is behind them is one
_OPENING_WITHIN = 1000  # sentences of one line at which a dateline is looked for
_LETTER_NAME = 8  # characters that hold the longest name of a letter and what stands before it
_LAST_WORD = re.compile("(?<![\u0621-\u06d3\u200c])[\u0621-\u06d3]+$")
_FIRST_WORD = re.compile("[\u0621-\u06d3]+")


@dataclass(frozen=True, slots=True)
class ParagraphFinder:
    """Finds paragraphs by how sentences begin."""

    begins: re.Pattern[str]
    continues: re.Pattern[str]
    speech: re.Pattern[str]
    unfinished: frozenset[str]
    letter_names: frozenset[str]
    datelines: DatelineFinder
    spacing: SpacingRestorer

    @classmethod
    def of(
        cls, knowledge: Knowledge, datelines: DatelineFinder, spacing: SpacingRestorer
    ) -> "ParagraphFinder":
        """Compile the patterns."""
        words = knowledge.paragraphs
        edge = "(?![\u0621-\u06d3\u200c])"
        return cls(
            begins=re.compile(f"(?:{'|'.join(words.begins)}){edge}"),
            continues=re.compile(f"(?:{'|'.join(words.continues)}){edge}"),
            speech=re.compile(f"[^:«]{{0,{_SENTENCE_HEAD}}}(?:{'|'.join(words.speech)}) ?:"),
            unfinished=frozenset(words.unfinished),
            letter_names=knowledge.sentences.letter_names,
            datelines=datelines,
            spacing=spacing,
        )

    def join_broken(self, lines: Sequence[str]) -> list[tuple[int, int]]:
        """Which lines belong together: ranges of their indices, in order.

        In a body of lines of one width (most breaks stand where the next word would not have fitted) the
        breaks of the column join. In others, a long line without a stop goes on, and so does one that ends in
        a word that cannot end a sentence.
        """
        groups = [(n, n + 1) for n in range(len(lines))]
        joined = list(lines)
        for _ in range(_MOST_PASSES):
            width = _width(joined)
            starts = [
                0,
                *(n for n in range(1, len(joined)) if not self._goes_on(joined[n - 1], joined[n], width)),
            ]
            if len(starts) == len(joined):
                break
            ends = [*starts[1:], len(joined)]
            groups = [(groups[a][0], groups[b - 1][1]) for a, b in zip(starts, ends, strict=True)]
            joined = [" ".join(joined[a:b]) for a, b in zip(starts, ends, strict=True)]
        return groups

    def _goes_on(self, line: str, following: str, width: int) -> bool:
        """Whether the sentence at the end of `line` goes on in `following`."""
        if line[-1] in _STOPPED:
            return False
        if _BULLET.match(following):
            return False
        if width and len(line) + 1 + len(following.split(" ", 1)[0]) > width:
            return True
        return len(line) > _RUNNING or self.spacing.last_word(line) in self.unfinished

    def find_lost_breaks(self, text: AlignedText) -> list[AlignedText]:
        """The paragraphs of a body that is one line.

        A stop without a space after it is a break that a crawl lost. A long body is also cut where reporters
        begin a paragraph: at a dateline, before a speaker's next words, or where a paragraph is long enough
        and the sentence does not refer back.
        """
        content = text.text
        cuts = [
            m.end()
            for m in _GLUED.finditer(content)
            if m.group() != "»" and not self._spells(content, m.start(), m.end())
        ]
        if len(content) > _ONE_PARAGRAPH:
            cuts = sorted({*cuts, *self._likely(content, cuts)})
        pieces, begin = [], 0
        for cut in (*cuts[:_MOST_PARAGRAPHS], len(content)):
            pieces.append(text[begin:cut])
            begin = cut
        return pieces

    def _spells(self, content: str, stop: int, following: int) -> bool:
        """Whether a stop stands after an initial or between spelled letters: «م. احمدی», «اف. بی. آی»."""
        before = _LAST_WORD.search(content, max(0, stop - _LETTER_NAME), stop)
        if before is None:
            return False
        if len(before.group()) == 1:
            return True
        after = _FIRST_WORD.match(content, following)
        names = self.letter_names
        return before.group() in names and after is not None and after.group() in names

    def _likely(self, content: str, known: list[int]) -> list[int]:
        """Where a paragraph probably begins, between the cuts known."""
        cuts: list[int] = []
        begin = depth = at = 0
        opening_found = False
        breaks = iter([*known, len(content) + 1])
        next_break = next(breaks)
        for number, stop in enumerate(_STOP.finditer(content)):
            start = stop.end()
            while start >= next_break:
                begin, depth, next_break = next_break, 0, next(breaks)
            depth += content.count("«", at, start) - content.count("»", at, start)
            at = start
            length = start - begin
            if depth > 0 and length < _LONGEST_PARAGRAPH:
                continue
            looked_for = not opening_found and number < _OPENING_WITHIN
            if length < _SHORTEST_PARAGRAPH and not looked_for:
                continue
            head = content[start : start + _SENTENCE_HEAD + 20]
            dateline = looked_for and self.datelines.find(head) is not None
            speaks = length >= _SHORTEST_PARAGRAPH and (
                self.begins.match(head) or (":" in head and self.speech.match(head))
            )
            if (
                dateline
                or speaks
                or (length >= _PARAGRAPH and not self.continues.match(head))
                or length >= _LONGEST_PARAGRAPH
            ) and not self._spells(content, stop.start(), start):
                opening_found |= dateline
                cuts.append(start)
                begin, depth = start, 0
        return cuts


def _width(lines: Sequence[str]) -> int:
    """The column's width in characters, or 0 for lines that are paragraphs."""
    if len(lines) < _FEW_LINES:
        return 0
    lengths = sorted(map(len, lines))
    width = lengths[-1 - len(lengths) // 20]
    if not _NARROW <= width <= _WIDE:
        return 0
    forced = sum(
        len(line) + 1 + len(following.split(" ", 1)[0]) > width and line[-1] not in _STOPPED
        for line, following in pairwise(lines)
    )
    return width if forced >= 0.3 * (len(lines) - 1) else 0
