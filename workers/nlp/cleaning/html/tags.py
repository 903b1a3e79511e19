"""A tokenizer of HTML: tags, comments and elements whose content is no markup, each with its place.

Parsers that build trees (selectolax among them) keep no positions. This one follows the HTML standard where
crawled articles need it: raw-text elements, attributes with `>` in quotes, broken markup. It reads each
character a bounded number of times, whatever the input.
"""

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from workers.nlp.knowledge.markup import MarkupLexicon, TagKind

_TAG = re.compile(r"""<(?:(/?)([a-zA-Z][a-zA-Z0-9:]*+)(?:([^<>"']*+)(>))?+)?+""")
"""Most tags as a whole; of those with quotes, and of comments, the beginning."""
_SURE = re.compile(r"<(?:/?([a-zA-Z][a-zA-Z0-9:]*+)(?:\s[^<>]*+)?/?>|!--|!doctype)", re.IGNORECASE)
_MOST_QUOTED = 8  # how many `>` an attribute's quotes may hide
_FARTHEST_QUOTED = 4000
_COMMENT = TagKind("!--")

TagEvent = Literal["open", "empty", "close", "silent", "comment"]


class Tag(NamedTuple):
    """A tag at [begin, end); a `silent` one with its element's content, which is no markup and no text."""

    event: TagEvent
    begin: int
    end: int
    kind: TagKind
    attributes: str


def sure_tags(text: str, lexicon: MarkupLexicon) -> Iterator[tuple[int, int]]:
    """Ranges of what is surely a tag of HTML, not just a `<`."""
    tags = lexicon.tags
    for found in _SURE.finditer(text):
        name = found.group(1)
        if name is None or name in tags or name.lower() in tags:
            yield found.span()


def is_markup(text: str, lexicon: MarkupLexicon) -> bool:
    """Whether a text has real HTML tags in it, not just a `<` or an entity."""
    return "<" in text and next(sure_tags(text, lexicon), None) is not None


def read_tag_spans(text: str, lexicon: MarkupLexicon, at: int) -> Iterator[tuple[int, int]]:
    """Ranges of the tags from `at` on, those without text between them in one."""
    while found := lexicon.plain_tags.search(text, at):
        begin, at = found.span()
        if begin < at:
            yield begin, at
            continue
        start = _TAG.match(text, begin)
        if start and start.group(2) and not lexicon.kind(start.group(2)).raw:
            at = _tag_end(text, start.end())
        else:
            tag = next(read_tags(text, lexicon, begin), None)
            begin, at = (tag.begin, tag.end) if tag else (begin, -1)
        if at < 0:
            return
        yield begin, at


def read_tags(text: str, lexicon: MarkupLexicon, start: int = 0) -> Iterator[Tag]:
    """The tags of a text from `start` on, in order."""
    make, kinds = tuple.__new__, lexicon.kinds
    at, length = start, len(text)
    for found in _TAG.finditer(text, start):
        begin, after = found.span()
        if begin < at:
            continue  # in a comment, a script or an attribute's quotes
        slash, name, attributes, whole = found.groups()
        if whole:
            at = after
        elif name:
            at = _tag_end(text, after)
            if at < 0:
                return  # there is no `>` any more
            attributes = text[after : at - 1]
        elif text.startswith(("<!", "<?"), begin):
            mark, skipped = ("-->", begin + 4) if text.startswith("<!--", begin) else (">", begin)
            at = text.find(mark, skipped)
            at = length if at < 0 else at + len(mark)
            yield make(Tag, ("comment", begin, at, _COMMENT, ""))
            continue
        else:
            continue
        kind = kinds.get(name) or lexicon.kind(name)
        if slash:
            yield make(Tag, ("close", begin, at, kind, ""))
        elif kind.void or attributes.endswith("/"):
            yield make(Tag, ("empty", begin, at, kind, attributes))
        elif kind.raw:
            close = re.compile(rf"</{kind.name}(?=[\s/>])", re.IGNORECASE).search(text, at)
            at = (text.find(">", close.start()) + 1 if close else 0) or length
            yield make(Tag, ("silent", begin, at, kind, ""))
        else:
            yield make(Tag, ("open", begin, at, kind, attributes))


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
        if end < 0 or end - first > _FARTHEST_QUOTED:
            break
    return first + 1
