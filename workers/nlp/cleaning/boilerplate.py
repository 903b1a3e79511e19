"""Finds what in a body is no article, by the rules of `boilerplate.toml` and the place where each holds.

Numbered rules, in the order they are applied to the lines of a field:

1. A run of program code is boilerplate.
2. A line that matches a `line` pattern is boilerplate wherever it stands.
3. The editor's end mark ends the article: it and all behind it is boilerplate.
4. A `section` heading takes along the headline-like lines behind it.
5. A sentence that tells the visitor to click, follow or turn to a page is boilerplate.
6. A source in parentheses and a caption that points into its picture are cut out of the line.
7. Marks at the end of the last line (source, codes, credits, hashtags) are cut until none is left; marks
   at the start of the first line likewise.

All patterns look at bounded stretches: the cost is linear in the text.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from workers.nlp.alignment import AlignedText
from workers.nlp.cleaning.html.lines import LineKind
from workers.nlp.knowledge.agencies import Agencies
from workers.nlp.knowledge.words import BoilerplatePatterns

_LONGEST_LINE = 420  # characters of a line that a `line` pattern may match
_LONGEST_TAIL = 140
_LONGEST_CREDIT = 60
_HEADLINE = 170  # characters of a line that may be a link's headline
_END_FROM = 0.25  # the share of the text before which an end mark is only cut out
_MOST_TAILS = 8
_STOP = re.compile(r"[.!?؟…](?=[ »)]|$)|[.!؟](?=[\u0621-\u06d3«])")
_ENDS_SENTENCE = re.compile(r"[.!?؟…»:؛]\W*$")
_SENTENCE_START = r"(?:^ ?|(?<=[.!?؟…»)”\"؛*]) ?)"
_NOTATION = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|.", re.DOTALL)
_CODE = re.compile(
    r"[^\u0621-\u06ff]{0,60}"
    r"(?:\$\(|\bfunction\s*\(|\bvar \w+ ?=|\bdocument\.|\bwindow\.|<!\[CDATA|@media|\{[\w-]+:)"
    r"[^\u0621-\u06ff]*(?:\S*//[^\n\u0621-\u06ff]*)?"
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of one line in standard letters; `chrome` when it is no part of the article."""

    text: AlignedText
    kind: LineKind = "paragraph"
    chrome: bool = False


@dataclass(frozen=True, slots=True)
class BoilerplateRules:
    """The patterns of `boilerplate.toml`, compiled."""

    end: re.Pattern[str]
    credit: re.Pattern[str]
    line: re.Pattern[str]
    section: re.Pattern[str]
    section_line: re.Pattern[str]
    tail: re.Pattern[str]
    head: re.Pattern[str]
    sentence: re.Pattern[str]
    sentence_end: re.Pattern[str]
    inline: re.Pattern[str]
    end_words: tuple[str, ...]  # every match of a pattern holds one of them, so most texts are passed over
    sentence_words: tuple[str, ...]
    inline_words: tuple[str, ...]

    @classmethod
    def of(cls, patterns: BoilerplatePatterns, agencies: Agencies) -> "BoilerplateRules":
        """Compile the patterns."""
        agency = agencies.pattern()
        tails = [*patterns.tail, *(rule.replace("@", agency) for rule in patterns.tail_agency)]
        # most begin where a sentence may begin, which is looked for once for all rules
        headed = [rule[1:] for rule in tails if rule.startswith("§")]
        others = [rule for rule in tails if not rule.startswith("§")]
        return cls(
            end=re.compile(_pattern(patterns.end)),
            credit=re.compile(_pattern(patterns.credit)),
            line=re.compile(_pattern([*patterns.credit, *patterns.line]), re.IGNORECASE),
            section=re.compile(_pattern(patterns.section)),
            section_line=re.compile(_pattern(patterns.section_line)),
            tail=re.compile(f"(?:{_SENTENCE_START}(?:{_pattern(headed)})|{_pattern(others)})[ \u200c]*$"),
            head=re.compile(
                _pattern([*patterns.head, *(rule.replace("@", agency) for rule in patterns.head_agency)])
            ),
            sentence=re.compile(_pattern(patterns.sentence)),
            sentence_end=re.compile(_pattern(patterns.sentence_end)),
            inline=re.compile(_pattern(patterns.inline)),
            end_words=patterns.end_words,
            sentence_words=patterns.sentence_words,
            inline_words=patterns.inline_words,
        )


def _pattern(rules: Iterable[str]) -> str:
    """One alternation of the lexicon's notation."""
    return "|".join(f"(?:{_NOTATION.sub(_regex, rule)})" for rule in rules)


def _regex(match: re.Match[str]) -> str:
    token = match.group()
    if token.startswith("["):
        return token.replace("#", "0-9۰-۹").replace("_", " \u200c")
    return {"_": "[ \u200c]*", "#": "[0-9۰-۹]", "§": _SENTENCE_START}.get(token, token)


def mark_credits(pieces: Sequence[Piece], rules: BoilerplateRules) -> list[Piece]:
    """Rule 2 for credits: a credit under a headline without a stop stands outside the headline's sentence."""
    credit = rules.credit
    return [
        replace(piece, chrome=True)
        if not piece.chrome and len(piece.text) <= _LONGEST_CREDIT and credit.fullmatch(piece.text.text)
        else piece
        for piece in pieces
    ]


def separate(pieces: Sequence[Piece], rules: BoilerplateRules) -> list[Piece]:
    """The lines of one field, each article or boilerplate; a line that has both is split."""
    found = [part for piece in pieces for part in _without_code(piece)]
    lines = [_line(piece, rules) for piece in found]
    found = _sections(_after_end(lines, rules), rules)
    found = [part for piece in found for part in _sentences(piece, rules)]
    found = [part for piece in found for part in _inline(piece, rules)]
    return _cut_lines(_heads(_tails(found, rules), rules), lines, rules)


def separate_paragraphs(pieces: Sequence[Piece], rules: BoilerplateRules) -> list[Piece]:
    """The rules that look at whole lines and at their ends, for lines that a lost break had hidden."""
    lines = [_line(piece, rules) for piece in pieces]
    return _cut_lines(_heads(_tails(_sections(lines, rules), rules), rules), lines, rules)


def _cut_lines(found: list[Piece], lines: list[Piece], rules: BoilerplateRules) -> list[Piece]:
    """Rule 2 once more, for what cuts left of `lines`: it may be a line of the page's own."""
    whole = frozenset(map(id, lines))
    return [piece if id(piece) in whole else _line(piece, rules) for piece in found]


def _line(piece: Piece, rules: BoilerplateRules) -> Piece:
    """Rule 2."""
    if not piece.chrome and len(piece.text) <= _LONGEST_LINE and rules.line.fullmatch(piece.text.text):
        return replace(piece, chrome=True)
    return piece


def _split(piece: Piece, start: int, end: int) -> list[Piece]:
    """`piece` with [start, end) of it as boilerplate; empty parts are left out."""
    parts = (
        replace(piece, text=strip(piece.text[:start])),
        replace(piece, text=strip(piece.text[start:end]), chrome=True),
        replace(piece, text=strip(piece.text[end:])),
    )
    return [part for part in parts if part.text.text]


def strip(text: AlignedText) -> AlignedText:
    """`text` without white space at its ends."""
    content = text.text
    if content and (content[0].isspace() or content[-1].isspace()):
        start = len(content) - len(content.lstrip())
        return text[start : len(content.rstrip()) if start < len(content) else start]
    return text


def _without_code(piece: Piece) -> list[Piece]:
    content = piece.text.text
    if piece.chrome or not ("{" in content or "$(" in content):
        return [piece]
    for m in _CODE.finditer(content):
        code = m.group()
        if len(code) >= 40 and re.search(r"[;{}]", code):
            # what a quotation or a word in Persian left between two runs goes with them
            end = m.end()
            last = max(content.rfind("});", end), content.rfind("};", end), content.rfind("}}", end))
            end = last + 3 if 0 <= last - end < 2000 else end
            head, *rest = _split(piece, m.start(), end)
            return [head, *rest]
    return [piece]


def _after_end(pieces: list[Piece], rules: BoilerplateRules) -> list[Piece]:
    total = sum(len(p.text) for p in pieces) or 1
    before = 0
    for number, piece in enumerate(pieces):
        content = piece.text.text
        if (
            not piece.chrome
            and any(map(content.__contains__, rules.end_words))
            and (m := rules.end.search(content))
        ):
            if before + m.start() < _END_FROM * total and any(_runs(p) for p in pieces[number + 1 :]):
                code = len(content[m.end() :].split(" ", 1)[0])
                parts = _split(piece, m.start(), m.end() + code)
                return [*pieces[:number], *parts, *_after_end(pieces[number + 1 :], rules)]
            parts = _split(piece, m.start(), len(piece.text))
            return [*pieces[:number], *parts, *(replace(p, chrome=True) for p in pieces[number + 1 :])]
        before += len(piece.text)
    return pieces


def _runs(piece: Piece) -> bool:
    """Whether a line is running text, not a headline or a control of the page."""
    return (
        not piece.chrome and len(piece.text) > 60 and _ENDS_SENTENCE.search(piece.text.text[-12:]) is not None
    )


def _sections(pieces: list[Piece], rules: BoilerplateRules) -> list[Piece]:
    out: list[Piece] = []
    open_section = False
    for piece in pieces:
        content = piece.text.text
        if piece.chrome:
            out.append(piece)
            continue
        if len(content) <= _LONGEST_LINE and rules.section.fullmatch(content):
            open_section = True
        elif len(content) <= _LONGEST_LINE and rules.section_line.fullmatch(content):
            open_section = False
            piece = replace(piece, chrome=True)
        elif piece.kind == "heading" or len(content) > _HEADLINE or _ENDS_SENTENCE.search(content[-12:]):
            open_section = False
        out.append(replace(piece, chrome=True) if open_section else piece)
    return out


def _sentences(piece: Piece, rules: BoilerplateRules) -> list[Piece]:
    content = piece.text.text
    if piece.chrome or not any(map(content.__contains__, rules.sentence_words)):
        return [piece]
    out: list[Piece] = []
    begin = kept_from = 0
    for stop in (*(m.end() for m in _STOP.finditer(content)), len(content)):
        sentence = content[begin:stop].strip()
        if 0 < len(sentence) <= _LONGEST_LINE and (
            (m := rules.sentence_end.search(sentence)) or rules.sentence.search(sentence)
        ):
            if m:
                begin = content.index(m.group(), begin)
            out += _split(
                replace(piece, text=piece.text[kept_from:stop]), begin - kept_from, stop - kept_from
            )
            kept_from = stop
        begin = stop
    if not out:
        return [piece]
    rest = strip(piece.text[kept_from:])
    return [*out, replace(piece, text=rest)] if rest.text else out


def _inline(piece: Piece, rules: BoilerplateRules) -> list[Piece]:
    content = piece.text.text
    if piece.chrome or not any(map(content.__contains__, rules.inline_words)):
        return [piece]
    out: list[Piece] = []
    kept_from = 0
    for m in rules.inline.finditer(content):
        start, end = m.start() - kept_from, m.end() - kept_from
        out += _split(replace(piece, text=piece.text[kept_from : m.end()]), start, end)
        kept_from = m.end()
    if not out:
        return [piece]
    rest = strip(piece.text[kept_from:])
    return [*out, replace(piece, text=rest)] if rest.text else out


def _tails(pieces: list[Piece], rules: BoilerplateRules) -> list[Piece]:
    for _ in range(_MOST_TAILS):
        number = next((n for n in range(len(pieces) - 1, -1, -1) if not pieces[n].chrome), -1)
        if number < 0:
            break
        piece = pieces[number]
        window = max(0, len(piece.text) - _LONGEST_TAIL)
        m = rules.tail.search(piece.text.text, window)
        if not m or (m.start() == 0 and number == 0) or m.start() == m.end():
            break
        if window and m.start() == window:
            break
        pieces = [*pieces[:number], *_split(piece, m.start(), len(piece.text)), *pieces[number + 1 :]]
    return pieces


def _heads(pieces: list[Piece], rules: BoilerplateRules) -> list[Piece]:
    number = next((n for n, p in enumerate(pieces) if not p.chrome), -1)
    if number >= 0 and (m := rules.head.match(pieces[number].text.text)) and m.end():
        return [*pieces[:number], *_split(pieces[number], 0, m.end()), *pieces[number + 1 :]]
    return pieces
