"""HTML text to elements and blocks, every character with its place in the source.

Tags split the source into blocks, each a contiguous range of it; tags, comments and scripts inside a range
are edits that delete them. End tags that are implied, missing or stray are read as the HTML standard tells
where crawled articles need it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from workers.nlp.alignment import AlignedText, Edit
from workers.nlp.cleaning.html.references import decode_references
from workers.nlp.cleaning.html.tags import Tag, read_tag_spans, read_tags, sure_tags
from workers.nlp.knowledge.markup import NO_NAMES, MarkupLexicon, Names, TagKind

TEXT_START = re.compile(r"[^\s\xa0]")
_WHITE = re.compile(r"[\n\r\t\f]")
_SIGNATURE = "–"
_LETTER = re.compile(r"[^\W\d_]")
_DASH = re.compile(r"\s*[-–—―]")
_QUOTED = re.compile('[«»“”"]')
_ANY_TAG = re.compile(r"<[^<>]*>")
_BEHIND = re.compile(r"(?:[^\W\d_]|\u200c)+\Z|[.،؛!؟»)]\Z")  # a word or a mark
_LONGEST_WORD = 40
_RAISED = str.maketrans("0123456789۰۱۲۳۴۵۶۷۸۹", "⁰¹²³⁴⁵⁶⁷⁸⁹" * 2)
_FOOTNOTE = re.compile(r"[\[(]?(?:\d{1,3}|\*{1,3}|[a-z])[\])]?")
_MOST_BLOCKS = 8000
_MOST_TAGS = 30_000  # most blocks: a page of news has some thousands; tags behind them are white space
_RUNNING = 80  # characters from which a line may be running text
_DEEPEST = 500  # elements in one another; browsers stop at 512
_DEEPEST_INLINE = 12  # inline elements that an end tag closes along


@dataclass(slots=True)
class Element:
    """One element and what it says about the text in it."""

    kind: TagKind
    index: int
    parent: int  # index of the element around it
    chrome: bool = False  # by its own name
    lead: bool = False
    over: bool = False  # a line over the headline
    loose: bool = False  # chrome by the name of a list of links
    link: bool = False
    bold: bool = False
    block: str = ""  # name of the block-level element nearest around its text
    inline: int = 0  # how many inline elements are open in the block, with it
    row: int = 0  # index of the table row it is in
    running: int = 0  # characters of running text in it

    @property
    def name(self) -> str:
        """The tag's name in small letters."""
        return self.kind.name


@dataclass(slots=True)
class Block:
    """A stretch of the source between two tags of block level, its markup taken out."""

    element: int
    name: str
    text: AlignedText
    linked: float
    bold: bool

    @property
    def running(self) -> bool:
        """Whether it is long enough, and not mostly links, to be running text."""
        return len(self.text) >= _RUNNING and self.linked < 0.5


def read_outline(source: AlignedText, lexicon: MarkupLexicon) -> "Outline":
    """The elements and blocks of an HTML text."""
    outline = Outline(source, lexicon)
    read = 0
    for number, tag in enumerate(islice(read_tags(source.text, lexicon), _MOST_TAGS), 1):
        outline.add(tag)
        read = tag.end if number == _MOST_TAGS else 0
    if read:
        outline.blank(read_tag_spans(source.text, lexicon, read))
    outline.flush(len(source), len(source))
    return outline


class Outline:
    """Collects blocks and the elements they lie in."""

    def __init__(self, source: AlignedText, lexicon: MarkupLexicon) -> None:
        self.lexicon = lexicon
        self.source = source
        self.text = _WHITE.sub(" ", source.text)
        self.elements = [Element(TagKind(""), 0, -1)]
        self.page = False
        self.blocks: list[Block] = []
        self.signed: set[int] = set()  # blocks that name who said the one before
        self._stack = [self.elements[0]]
        self._names = [""]  # of the elements in the stack
        self._open: dict[str, int] = {}  # how many are open, by name
        self._too_deep: dict[str, int] = {}  # open elements beyond the depth that is tracked
        self._told: dict[str, Names] = {}  # by attributes
        self._edits: list[Edit] = []
        self._breaks = 0
        self._quoted = 0  # the first block of the `blockquote` that was opened last
        self._start = 0  # of the block that is being read
        self._link_from = -1
        self._linked = 0
        self._bold_from = -1
        self._bolded = 0

    def add(self, tag: Tag) -> None:
        """The next tag of the source."""
        event, begin, end, kind, attributes = tag
        if event == "comment":
            self._edits.append((begin, end, ""))
        elif event == "silent":
            self._edits.append((begin, end, " "))
        elif kind.name == "br":
            self._breaks += 1
            self._edits.append((begin, end, "\n" if self._breaks < _MOST_BLOCKS else " "))
        else:
            if kind.block:
                self.flush(begin, end)
            else:
                self._edits.append((begin, end, ""))
            if event == "close":
                if kind.name == "sup":
                    self._raise_or_drop(begin, end)
                self._close(kind, begin)
            else:
                if kind.block:
                    self._imply_ends(kind)
                if kind.name == "blockquote":
                    self._quoted = len(self.blocks)
                if kind.name == "cite" and self._open.get("blockquote"):
                    self._sign(begin, end)
                if event == "open":
                    self._enter(kind, attributes, end)

    def _sign(self, begin: int, end: int) -> None:
        """A `cite` that names who is quoted: the quotation gets its marks, and a dash before the name."""
        said = _ANY_TAG.sub("", self.text[self._start : begin])
        quoted = self.blocks[self._quoted :]
        dash = "" if _DASH.match(self.text, end) or _DASH.fullmatch(said.rstrip()) else _SIGNATURE
        if _LETTER.search(said):
            marked = _QUOTED.search(said) is not None
            self._edits[-1] = (begin, end, f" {dash} " if marked else f"» {dash} ")
            if not marked:
                self._edits.insert(0, (self._start, self._start, "«"))
            return
        self._edits[-1] = (begin, end, f"{dash} ")
        if quoted:
            self.signed.add(len(self.blocks))
        if quoted and not any(_QUOTED.search(block.text.text) for block in quoted):
            quoted[0].text = quoted[0].text.edit([(0, 0, "«")])
            length = len(quoted[-1].text.text.rstrip())
            quoted[-1].text = quoted[-1].text.edit([(length, length, "»")])

    def _raise_or_drop(self, begin: int, end: int) -> None:
        """A number in `sup` right behind a word is a footnote's, behind a unit or figure a power («متر²»)."""
        place = next((n for n in range(len(self._edits) - 1, -1, -1) if self._is_sup(n)), -1)
        if place < 0:
            return
        opened = self._edits[place][0]
        inside = _ANY_TAG.sub("", self.text[opened:begin])
        before = _BEHIND.search(self.text, max(self._start, opened - _LONGEST_WORD), opened)
        if before and before[0] not in self.lexicon.units and _FOOTNOTE.fullmatch(inside.strip()):
            self._edits[place:] = [(opened, end, "")]
        elif inside.strip().isdecimal():
            self._edits[place:] = [(opened, end, inside.strip().translate(_RAISED))]

    def _is_sup(self, n: int) -> bool:
        begin, end, _ = self._edits[n]
        return self.text[begin:end][:4].lower() == "<sup"

    def blank(self, tags: Iterable[tuple[int, int]]) -> None:
        """Ranges of tags of which nothing is told but that they part words."""
        count = self.text.count
        self._edits += [(begin, end, " " * (count("<", begin, end) or 1)) for begin, end in tags]

    def _imply_ends(self, kind: TagKind) -> None:
        """The elements that the start of one of block level ends."""
        self.page |= kind.page
        while kind.closes and self._names[-1] in kind.closes:
            self._pop()
        if kind.name != "p" and self._names[-1] == "p":
            self._pop()

    def _enter(self, kind: TagKind, attributes: str, end: int) -> None:
        name = kind.name
        if len(self._stack) > _DEEPEST:
            self._too_deep[name] = self._too_deep.get(name, 0) + 1
            return
        parent = self._stack[-1]
        told = NO_NAMES
        if "=" in attributes:
            found = self._told.get(attributes)
            if found is None:
                found = self._told[attributes] = self.lexicon.names(attributes)
            told = found
        index = len(self.elements)
        link = parent.link or (name == "a" and "href" in attributes.lower())
        bold = parent.bold or kind.bold
        if link and not parent.link:
            self._link_from = end
        if bold and not parent.bold:
            self._bold_from = end
        element = Element(
            kind,
            index,
            parent.index,
            (kind.chrome and not (name == "footer" and self._open.get("blockquote")))
            or (told.chrome and kind.named),
            parent.lead or told.lead,
            parent.over or told.over,
            told.links and not kind.chrome,
            link,
            bold,
            name if kind.block else parent.block,
            0 if kind.block else parent.inline + 1,
            index if name == "tr" else parent.row,
        )
        self.elements.append(element)
        self._stack.append(element)
        self._names.append(name)
        self._open[name] = self._open.get(name, 0) + 1

    def _close(self, kind: TagKind, begin: int) -> None:
        """An end tag that begins at `begin`."""
        name = kind.name
        if self._too_deep and self._too_deep.get(name):
            self._too_deep[name] -= 1
            return
        if not self._open.get(name):
            return
        if not kind.block:
            # a stray end of an inline element must not close the block around it
            near = min(self._stack[-1].inline, _DEEPEST_INLINE, len(self._names) - 1)
            if name not in self._names[len(self._names) - near :]:
                return
        while len(self._stack) > 1:
            last = self._names[-1]
            self._pop(begin)
            if last == name:
                return

    def _pop(self, begin: int | None = None) -> None:
        element = self._stack.pop()
        self._open[self._names.pop()] -= 1
        parent = self._stack[-1]
        here = self._start if begin is None else begin
        if element.link and not parent.link and self._link_from >= 0:
            self._linked += max(0, here - self._link_from)
            self._link_from = -1
        if element.bold and not parent.bold and self._bold_from >= 0:
            self._bolded += max(0, here - self._bold_from)
            self._bold_from = -1

    def flush(self, begin: int, end: int) -> None:
        """The block that was read ends before [begin, end); behind very many blocks all is one."""
        if len(self.blocks) >= _MOST_BLOCKS and begin < len(self.text):
            self._edits.append((begin, end, " "))
            return
        start, edits = self._start, self._edits
        self._start, self._edits = end, []
        linked, bolded = self._linked, self._bolded
        if self._link_from >= 0:
            linked += max(0, begin - max(self._link_from, start))
            self._link_from = end
        if self._bold_from >= 0:
            bolded += max(0, begin - max(self._bold_from, start))
            self._bold_from = end
        self._linked = self._bolded = 0
        if start >= begin or (not edits and not TEXT_START.search(self.text, start, begin)):
            return
        piece = self.source[start:begin].with_text(self.text[start:begin])
        piece = piece.edit([(s - start, e - start, new) for s, e, new in edits])
        if not TEXT_START.search(piece.text):
            return
        piece = decode_references(piece)
        if "<" in piece.text:  # tags that had been escaped
            piece = piece.edit([(*span, "") for span in sure_tags(piece.text, self.lexicon)])
        shown = len(piece.text.strip()) or 1
        element = self._stack[-1]
        self.blocks.append(
            Block(element.index, element.block, piece, min(1.0, linked / shown), bolded >= 0.9 * shown)
        )
