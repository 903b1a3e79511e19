"""HTML text to elements and blocks, every character with its place in the source.

A small tokenizer of tags, comments and character references, because parsers that build trees
(selectolax among them) keep no positions. It follows the HTML standard where crawled articles need it:
void and raw-text elements, implied end tags, attributes with `>` in quotes, broken markup. It reads
each character a bounded number of times, whatever the input.

Tags split the source into blocks, each a contiguous range of it; tags, comments and scripts inside a range
are edits that delete them.
"""

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from workers.nlp.alignment import AlignedText, Edit
from workers.nlp.cleaning.references import decode_references

TEXT_START = re.compile(r"[^\s\xa0]")
HEADINGS = frozenset(("h2", "h3", "h4", "h5", "h6"))
_NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9:]*")
_PLAIN_TAG = re.compile(r"""<(/?)([a-zA-Z][a-zA-Z0-9:]*+)([^<>"']*+)>""")
_ATTRIBUTE = re.compile(r"""([a-zA-Z][a-zA-Z0-9-]*)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_WHITE = re.compile(r"[\n\r\t\f]")
_HIDDEN = re.compile(r"display\s*:\s*none")
_BODY = re.compile("(?:news|article|story|main|post|content)-(?:body|text)")
_CHROME_ROLES = frozenset(("navigation", "banner", "contentinfo", "search", "complementary", "dialog"))
_LONGEST_ATTRIBUTES = 2000
_MOST_BLOCKS = 8000
_RUNNING = 80  # characters from which a line may be running text
_DEEPEST = 500  # elements in one another; browsers stop at 512
_DEEPEST_INLINE = 12  # inline elements that an end tag closes along
_MOST_QUOTED = 8  # how many `>` an attribute's quotes may hide


@dataclass(frozen=True, slots=True)
class MarkupLexicon:
    """What `lexicons/markup.toml` tells of elements and of their names."""

    silent: frozenset[str]
    raw_text: frozenset[str]
    chrome: frozenset[str]
    void: frozenset[str]
    block: frozenset[str]
    inline: frozenset[str]
    closes: dict[str, frozenset[str]]
    names: frozenset[str]
    links: frozenset[str]
    phrases: re.Pattern[str]
    article: frozenset[str]
    lead: frozenset[str]
    over: frozenset[str]
    over_phrases: re.Pattern[str]
    tag: re.Pattern[str]


@cache
def markup_lexicon() -> MarkupLexicon:
    """The shipped lexicon, read once."""
    data = tomllib.loads(files("workers.nlp.lexicons").joinpath("markup.toml").read_text("utf-8"))
    names = data["names"]
    known = sorted(
        {*data["block"], *data["inline"], *data["silent"], *data["chrome"], *data["void"]}, key=len
    )
    return MarkupLexicon(
        silent=frozenset(data["silent"]),
        raw_text=frozenset(data["raw_text"]),
        chrome=frozenset(data["chrome"]),
        void=frozenset(data["void"]),
        block=frozenset(data["block"]),
        inline=frozenset(data["inline"]),
        closes={name: frozenset(closed) for name, closed in data["closes"].items()},
        names=frozenset(names["chrome"]),
        links=frozenset(names["links"]),
        phrases=re.compile("|".join(names["chrome_phrases"])),
        article=frozenset(names["article"]),
        lead=frozenset(names["lead"]),
        over=frozenset(names["overtitle"]),
        over_phrases=re.compile("|".join(names["overtitle_phrases"])),
        tag=re.compile(
            rf"<(?=[a-z/!])(?:/?(?:{'|'.join(reversed(known))})(?:\s[^<>]*)?/?>|!--|!doctype)", re.IGNORECASE
        ),
    )


def is_markup(text: str) -> bool:
    """Whether a text has real HTML tags in it, not just a `<` or an entity."""
    return "<" in text and markup_lexicon().tag.search(text) is not None


@dataclass(slots=True)
class Element:
    """One element and what it says of the text in it."""

    name: str
    parent: int  # index of the element around it
    chrome: bool  # by its own name
    lead: bool
    over: bool  # a line over the headline
    loose: bool  # chrome by the name of a list of links
    link: bool
    bold: bool
    block: str = ""  # name of the block-level element nearest around its text
    row: int = 0  # index of the table row it is in
    running: int = 0  # characters of running text in it
    children: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Block:
    """A stretch of the source between two tags of block level, its markup taken out."""

    start: int
    end: int
    edits: list[Edit]
    element: int
    name: str
    text: AlignedText
    linked: float
    bold: bool

    @property
    def running(self) -> bool:
        """Whether it is long enough, and not mostly links, to be running text."""
        return len(self.text) >= _RUNNING and self.linked < 0.5


def read_outline(source: AlignedText) -> "Outline":
    """The elements and blocks of an HTML text."""
    outline = Outline(source)
    _tokenize(source.text, outline)
    outline.flush(len(source), len(source))
    return outline


def _tokenize(text: str, builder: "Outline") -> None:
    lexicon = markup_lexicon()
    at, length = 0, len(text)
    no_end = length  # from here on there is no `>`
    while True:
        begin = text.find("<", at)
        if begin < 0 or begin >= no_end:
            return
        if plain := _PLAIN_TAG.match(text, begin):  # most tags: no quotes to look at
            closing, tag, attributes = plain.groups()
            tag, end = tag.lower(), plain.end()
        else:
            follow = text[begin + 1 : begin + 2]
            if follow in ("!", "?"):
                if text.startswith("<!--", begin):
                    end = text.find("-->", begin + 4)
                    end = length if end < 0 else end + 3
                else:
                    end = text.find(">", begin)
                    end = length if end < 0 else end + 1
                builder.skip(begin, end)
                at = end
                continue
            closing = "/" if follow == "/" else ""
            name = _NAME.match(text, begin + 1 + len(closing))
            if name is None:
                at = begin + 1
                continue
            end = _tag_end(text, name.end())
            if end < 0:
                no_end = begin
                continue
            tag = name.group().lower()
            attributes = text[name.end() : end - 1]
        at = end
        if closing:
            builder.close(tag, begin, end)
            continue
        empty = tag in lexicon.void or attributes.endswith("/")
        if tag in lexicon.raw_text and not empty:
            close = re.compile(rf"</{tag}(?=[\s/>])", re.IGNORECASE).search(text, end)
            inner = close.start() if close else length
            stop = text.find(">", inner) + 1 if close else length
            at = stop or length
            builder.silent(begin, at)
            continue
        builder.open(tag, attributes, begin, end, empty)


def _tag_end(text: str, start: int) -> int:
    """Where the tag ends whose attributes begin at `start`: after the first `>` outside quotes, or -1."""
    first = end = text.find(">", start)
    if first < 0:
        return -1
    for _ in range(_MOST_QUOTED):
        piece = text[start:end]
        if piece.count('"') % 2 == 0 and piece.count("'") % 2 == 0:
            return end + 1
        end = text.find(">", end + 1)
        if end < 0 or end - first > 4000:
            break
    return first + 1


class _Names(NamedTuple):
    chrome: bool
    lead: bool
    over: bool
    links: bool  # chrome that is a list of links


_NOTHING = _Names(False, False, False, False)


class Outline:
    """Collects blocks and the elements they lie in."""

    def __init__(self, source: AlignedText) -> None:
        self.source = source
        self.text = _WHITE.sub(" ", source.text)
        self.lexicon = markup_lexicon()
        self.elements = [Element("", -1, False, False, False, False, False, False)]
        self.stack = [0]
        self.open_counts: dict[str, int] = {}
        self.too_deep: dict[str, int] = {}  # open elements that no one keeps track of
        self.blocks: list[Block] = []
        self.edits: list[Edit] = []
        self.start = 0  # of the block that is being read
        self.link_from = -1
        self.linked = 0
        self.bold_from = -1
        self.bolded = 0
        self.page = False

    def skip(self, begin: int, end: int) -> None:
        """A comment or declaration."""
        self.edits.append((begin, end, ""))

    def silent(self, begin: int, end: int) -> None:
        """An element whose content is no markup and no text."""
        self.edits.append((begin, end, " "))

    def open(self, tag: str, attributes: str, begin: int, end: int, empty: bool) -> None:
        """A start tag at [begin, end); `empty` when nothing can be in it."""
        lexicon = self.lexicon
        if tag == "br":
            self.edits.append((begin, end, "\n"))
            return
        if tag in lexicon.block:
            self.flush(begin, end)
            if tag in ("html", "body", "head", "nav", "aside", "footer", "main", "article"):
                self.page = True
            while (closed := lexicon.closes.get(tag)) and self.elements[self.stack[-1]].name in closed:
                self._pop()
            if tag != "p" and self.elements[self.stack[-1]].name == "p":
                self._pop()
        else:
            self.edits.append((begin, end, ""))
        if empty:
            return
        if len(self.stack) > _DEEPEST:
            self.too_deep[tag] = self.too_deep.get(tag, 0) + 1
            return
        parent = self.elements[self.stack[-1]]
        names = self._names(attributes) if "=" in attributes else _NOTHING
        named = names.chrome and tag not in ("html", "body", "article", "main", "span")
        strict = tag in lexicon.chrome or tag in lexicon.silent
        index = len(self.elements)
        link = parent.link or (tag == "a" and "href" in attributes.lower())
        bold = parent.bold or tag in ("b", "strong") or tag in HEADINGS
        if link and not parent.link:
            self.link_from = end
        if bold and not parent.bold:
            self.bold_from = end
        self.elements.append(
            Element(
                tag,
                self.stack[-1],
                strict or named,
                parent.lead or names.lead,
                parent.over or names.over,
                names.links and not strict,
                link,
                bold,
                tag if tag in lexicon.block else parent.block,
                index if tag == "tr" else parent.row,
            )
        )
        parent.children.append(index)
        self.stack.append(index)
        self.open_counts[tag] = self.open_counts.get(tag, 0) + 1

    def close(self, tag: str, begin: int, end: int) -> None:
        """An end tag at [begin, end)."""
        if tag == "br":
            self.edits.append((begin, end, "\n"))
            return
        if tag in self.lexicon.block:
            self.flush(begin, end)
        else:
            self.edits.append((begin, end, ""))
        if self.too_deep.get(tag):
            self.too_deep[tag] -= 1
            return
        if not self.open_counts.get(tag):
            return
        if tag not in self.lexicon.block:
            # a stray end of an inline element must not close the block around it
            depth = len(self.stack) - 1
            least = max(0, depth - _DEEPEST_INLINE)
            while depth > least and self.elements[self.stack[depth]].name not in self.lexicon.block:
                if self.elements[self.stack[depth]].name == tag:
                    break
                depth -= 1
            if depth == least or self.elements[self.stack[depth]].name != tag:
                return
        while len(self.stack) > 1:
            name = self.elements[self.stack[-1]].name
            self._pop(begin)
            if name == tag:
                return

    def _pop(self, begin: int | None = None) -> None:
        element = self.elements[self.stack.pop()]
        self.open_counts[element.name] -= 1
        parent = self.elements[self.stack[-1]]
        here = self.start if begin is None else begin
        if element.link and not parent.link and self.link_from >= 0:
            self.linked += max(0, here - self.link_from)
            self.link_from = -1
        if element.bold and not parent.bold and self.bold_from >= 0:
            self.bolded += max(0, here - self.bold_from)
            self.bold_from = -1

    def _names(self, attributes: str) -> "_Names":
        """What class, id, role and style say of an element."""
        chrome = lead = over = False
        links = True
        lexicon = self.lexicon
        for match in _ATTRIBUTE.finditer(attributes[:_LONGEST_ATTRIBUTES]):
            key = match.group(1).lower()
            value = match.group(2) or match.group(3) or match.group(4) or ""
            if key in ("class", "id"):
                words = [word.lower() for word in _CAMEL.findall(value)]
                joined = "-".join(words)
                if not lexicon.article.isdisjoint(words) or _BODY.search(joined):
                    return _NOTHING
                found = lexicon.names.intersection(words)
                phrase = lexicon.phrases.search(joined) is not None
                chrome |= bool(found) or phrase
                links &= not phrase and found <= lexicon.links
                lead |= not lexicon.lead.isdisjoint(words)
                over |= not lexicon.over.isdisjoint(words) or lexicon.over_phrases.search(joined) is not None
            elif key == "itemprop":
                if value == "articleBody":
                    return _NOTHING
                lead |= value == "description"
            elif key == "style":
                hidden = _HIDDEN.search(value) is not None
                chrome, links = chrome or hidden, links and not hidden
            elif key == "role":
                chrome |= value.lower() in _CHROME_ROLES
        return _Names(chrome, lead and not chrome, over and not chrome, chrome and links)

    def flush(self, begin: int, end: int) -> None:
        """The block that was read ends before [begin, end); behind very many blocks all is one."""
        if len(self.blocks) >= _MOST_BLOCKS and begin < len(self.text):
            self.edits.append((begin, end, " "))
            return
        start, edits = self.start, self.edits
        self.start, self.edits = end, []
        linked, bolded = self.linked, self.bolded
        if self.link_from >= 0:
            linked += max(0, begin - max(self.link_from, start))
            self.link_from = end
        if self.bold_from >= 0:
            bolded += max(0, begin - max(self.bold_from, start))
            self.bold_from = end
        self.linked = self.bolded = 0
        if start >= begin or (not edits and not TEXT_START.search(self.text, start, begin)):
            return
        piece = self.source[start:begin].with_text(self.text[start:begin])
        piece = piece.edit([(s - start, e - start, new) for s, e, new in edits])
        if not TEXT_START.search(piece.text):
            return
        piece = decode_references(piece)
        if "<" in piece.text:  # tags that had been escaped
            piece = piece.edit([(*m.span(), "") for m in self.lexicon.tag.finditer(piece.text)])
        shown = len(piece.text.strip()) or 1
        name = self.elements[self.stack[-1]].block
        self.blocks.append(
            Block(
                start,
                begin,
                edits,
                self.stack[-1],
                name,
                piece,
                min(1.0, linked / shown),
                bolded >= 0.9 * shown,
            )
        )
