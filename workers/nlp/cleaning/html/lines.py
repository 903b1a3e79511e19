"""HTML bodies to lines of text, each told whether it is article or chrome.

Element, class, id and role say of a block whether it is chrome (navigation, share bars, forms, …). Then the
whole is judged. An element that holds most of the running text is content, whatever its name. In a whole
page, what lies outside the container of the running text is chrome. A line that is only a link is chrome.
"""

import re
from dataclasses import dataclass, replace
from typing import Literal

from workers.nlp.alignment import AlignedText, concatenate
from workers.nlp.cleaning.html.outline import TEXT_START, Block, Element, Outline, read_outline
from workers.nlp.knowledge.markup import HEADINGS, MarkupLexicon

LineKind = Literal["title", "lead", "heading", "subhead", "paragraph", "item"]

_TERMINAL = re.compile(r"[.!?؟…:؛»\"”)]\s*$")
_OVER = 3  # blocks before the headline in which a line over it may stand
_MOST_CLEARED = 8
_CELLS = frozenset(("td", "th"))
_LONGEST_CELL = 60
_LONGEST_SUBHEAD = 120
_MOST_OF_TEXT = 0.5
_CONTAINERS = {
    "html",
    "body",
    "div",
    "article",
    "section",
    "main",
    "table",
    "tbody",
    "tr",
    "td",
    "center",
    "form",
    "header",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text as its source lays it out, in the source's letters."""

    text: AlignedText
    kind: LineKind = "paragraph"
    chrome: bool = False


def read_markup(source: AlignedText, lexicon: MarkupLexicon) -> list[Line]:
    """The lines of an HTML text in order, chrome marked as such."""
    return _judge(read_outline(source, lexicon))


def _judge(outline: Outline) -> list[Line]:
    blocks, elements = outline.blocks, outline.elements
    roots = _chrome_roots(outline)
    main = _main_container(outline, roots) if outline.page else 0
    inside = _inside(elements, main)
    first_inside = next((n for n, b in enumerate(blocks) if inside[b.element]), len(blocks))
    title = next(
        (n for n, b in enumerate(blocks) if _under(elements, b.element, "h1") and roots[b.element] < 0), -1
    )
    lines: list[Line] = []
    cells: list[AlignedText] = []  # of the row that the last line is
    for number, b in enumerate(blocks):
        element = elements[b.element]
        root = roots[b.element]
        ends = _TERMINAL.search(b.text.text) is not None
        pasted = (
            not outline.page and root >= 0 and elements[root].loose and b.running and ends and b.linked < 0.2
        )
        chrome = root >= 0 and not pasted
        kind: LineKind = "paragraph"
        if b.name == "h1" or number == title:
            kind = "title"
            chrome = number != title
        elif b.name in HEADINGS:
            kind = "heading"
        elif b.bold and len(b.text) < _LONGEST_SUBHEAD and not ends:
            kind = "subhead"
        elif element.lead:
            kind = "lead"
        elif b.name in ("li", "dd", "dt"):
            kind = "item"
        if not inside[b.element] and number != title:
            over = title - _OVER <= number < title and (element.over or element.lead)
            early = 0 <= title < number < first_inside and (element.lead or (b.running and ends))
            kind = "subhead" if over else "lead" if early else kind
            chrome = not (over or early) or chrome
        if b.linked >= 0.9 and number != title and not re.search(r"[.…]\s*$", b.text.text):
            chrome = True
        if number in outline.signed and lines and not chrome and not lines[-1].chrome:
            lines[-1] = replace(lines[-1], text=concatenate((lines[-1].text, b.text), " "))
            continue
        if cells and not chrome and not lines[-1].chrome and _same_row(outline, blocks[number - 1], b):
            cells.append(b.text)
            prose = any(len(cell) > _LONGEST_SUBHEAD and _TERMINAL.search(cell.text) for cell in cells)
            # a row is no sentence and no speech, unless the table lays out a page and holds prose
            lines[-1] = replace(lines[-1], kind="paragraph" if prose else "heading")
            continue
        _put_together(cells, lines)
        lines += [Line(part, kind, chrome) for part in _split(b.text)]
        cells = [lines[-1].text] if lines else []
    _put_together(cells, lines)
    if lines and all(line.chrome for line in lines) and not outline.page:
        lines = [Line(line.text, line.kind) for line in lines]
    return lines


def _put_together(cells: list[AlignedText], lines: list[Line]) -> None:
    """Make the cells of a row the text of the last line."""
    if len(cells) > 1:
        lines[-1] = replace(lines[-1], text=concatenate(cells, " "))


def _chrome_roots(outline: Outline) -> list[int]:
    """For each element the outermost one that makes it chrome, or -1; what holds most of the text is none."""
    silent = outline.lexicon.silent
    running = [b for b in outline.blocks if b.running]
    total = sum(len(b.text) for b in running)
    cleared: set[int] = set()
    for _ in range(_MOST_CLEARED):
        roots: list[int] = []
        for index, element in enumerate(outline.elements):
            above = roots[element.parent] if index else -1
            roots.append(above if above >= 0 else index if element.chrome and index not in cleared else -1)
        held: dict[int, int] = {}
        for b in running:
            if roots[b.element] >= 0:
                held[roots[b.element]] = held.get(roots[b.element], 0) + len(b.text)
        guilty = {
            root
            for root, length in held.items()
            if length > _MOST_OF_TEXT * total and outline.elements[root].name not in silent
        }
        if not guilty:
            break
        cleared |= guilty
    return roots


def _same_row(outline: Outline, left: Block, right: Block) -> bool:
    """Whether two blocks are short cells of one row of a table."""
    if (
        left.name not in _CELLS
        or right.name not in _CELLS
        or max(len(left.text), len(right.text)) > _LONGEST_CELL
        or "\n" in left.text.text + right.text.text
    ):
        return False
    elements = outline.elements
    return elements[left.element].row == elements[right.element].row != 0


def _split(text: AlignedText) -> list[AlignedText]:
    """The parts of a block between its line breaks."""
    if "\n" not in text.text:
        return [text]
    return [
        text[m.start() : m.end()] for m in re.finditer(r"[^\n]+", text.text) if TEXT_START.search(m.group())
    ]


def _under(elements: list[Element], index: int, name: str) -> bool:
    for _ in range(4):
        if index <= 0:
            return False
        if elements[index].name == name:
            return True
        index = elements[index].parent
    return False


def _main_container(outline: Outline, roots: list[int]) -> int:
    """The innermost container that holds nearly all running text outside chrome."""
    elements = outline.elements
    for b in outline.blocks:
        if b.running and roots[b.element] < 0:
            elements[b.element].running += len(b.text)
    for index in range(len(elements) - 1, 0, -1):
        elements[elements[index].parent].running += elements[index].running
    children: dict[int, list[int]] = {}
    for index in range(1, len(elements)):
        children.setdefault(elements[index].parent, []).append(index)
    at = 0
    while True:
        best = max(children.get(at, ()), key=lambda child: elements[child].running, default=-1)
        if (
            best < 0
            or elements[best].name not in _CONTAINERS
            or elements[best].running < 0.75 * elements[at].running
            or not elements[best].running
        ):
            return at
        at = best


def _inside(elements: list[Element], main: int) -> list[bool]:
    inside = [False] * len(elements)
    inside[main] = True
    for index in range(main + 1, len(elements)):
        inside[index] = inside[elements[index].parent]
    return inside
