"""The kinds of HTML elements by `markup.toml`: by their tags, and by their class and id names."""

import re
from dataclasses import dataclass
from typing import NamedTuple

from workers.nlp.knowledge.sources import Sources

HEADINGS = frozenset(("h2", "h3", "h4", "h5", "h6"))
_PAGE = frozenset(("html", "body", "head", "nav", "aside", "footer", "main", "article"))
_UNNAMED = frozenset(("html", "body", "article", "main", "span"))
_ATTRIBUTE = re.compile(r"""([a-zA-Z][a-zA-Z0-9-]*)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_TELLING = re.compile("class|id|itemprop|style|role", re.IGNORECASE)
_CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_HIDDEN = re.compile(r"display\s*:\s*none")
_BODY = re.compile("(?:news|article|story|main|post|content)-(?:body|text)")
_CHROME_ROLES = frozenset(("navigation", "banner", "contentinfo", "search", "complementary", "dialog"))
_LONGEST_ATTRIBUTES = 2000


@dataclass(frozen=True, slots=True)
class TagKind:
    """The kind of an element, by the name of its tag."""

    name: str
    block: bool = False
    void: bool = False
    raw: bool = False  # its content is no markup
    chrome: bool = False
    closes: frozenset[str] = frozenset()  # elements that its start ends
    bold: bool = False
    page: bool = False  # found in whole pages, not in bodies
    named: bool = True  # whether its class and id may make it chrome


class Names(NamedTuple):
    """The facts about an element that class, id, role and style tell."""

    chrome: bool
    lead: bool
    over: bool  # a line over the headline
    links: bool  # chrome that is a list of links


NO_NAMES = Names(False, False, False, False)


@dataclass(frozen=True, slots=True)
class MarkupLexicon:
    """The table, by names."""

    kinds: dict[str, TagKind]
    silent: frozenset[str]
    tags: frozenset[str]  # names of those that make a text markup
    plain_tags: re.Pattern[str]
    """A run of comments and of tags without quotes whose content is markup; empty before any other tag."""
    units: frozenset[str]  # behind which a number in `sup` is a power
    chrome: frozenset[str]
    links: frozenset[str]
    chrome_phrases: re.Pattern[str]
    article: frozenset[str]
    lead: frozenset[str]
    over: frozenset[str]
    over_phrases: re.Pattern[str]

    @classmethod
    def read(cls, sources: Sources) -> "MarkupLexicon":
        """Read the table."""
        data = sources.toml("markup.toml")
        names = data["names"]
        tags = {*data["block"], *data["inline"], *data["silent"], *data["chrome"], *data["void"]}
        return cls(
            kinds={
                tag: TagKind(
                    tag,
                    block=tag in data["block"],
                    void=tag in data["void"],
                    raw=tag in data["raw_text"],
                    chrome=tag in data["chrome"] or tag in data["silent"],
                    closes=frozenset(data["closes"].get(tag, ())),
                    bold=tag in ("b", "strong") or tag in HEADINGS,
                    page=tag in _PAGE,
                    named=tag not in _UNNAMED,
                )
                for tag in tags
            },
            silent=frozenset(data["silent"]),
            tags=frozenset(tags),
            plain_tags=_plain_tags(data["raw_text"]),
            units=frozenset(data["units"]),
            chrome=frozenset(names["chrome"]),
            links=frozenset(names["links"]),
            chrome_phrases=re.compile("|".join(names["chrome_phrases"])),
            article=frozenset(names["article"]),
            lead=frozenset(names["lead"]),
            over=frozenset(names["overtitle"]),
            over_phrases=re.compile("|".join(names["overtitle_phrases"])),
        )

    def kind(self, tag: str) -> TagKind:
        """The kind of a tag in any case; an unknown name has a kind of its own, in which all is false."""
        found = self.kinds.get(tag)
        if found is None:
            tag = tag.lower()
            found = self.kinds.get(tag) or TagKind(tag)
        return found

    def names(self, attributes: str) -> Names:
        """What the attributes of a start tag tell."""
        attributes = attributes[:_LONGEST_ATTRIBUTES]
        if not _TELLING.search(attributes):
            return NO_NAMES
        chrome = lead = over = False
        links = True
        for match in _ATTRIBUTE.finditer(attributes):
            key = match.group(1).lower()
            value = match.group(2) or match.group(3) or match.group(4) or ""
            if key in ("class", "id"):
                words = [word.lower() for word in _CAMEL.findall(value)]
                joined = "-".join(words)
                if not self.article.isdisjoint(words) or _BODY.search(joined):
                    return NO_NAMES
                found = self.chrome.intersection(words)
                phrase = self.chrome_phrases.search(joined) is not None
                chrome |= bool(found) or phrase
                links &= not phrase and found <= self.links
                lead |= not self.lead.isdisjoint(words)
                over |= not self.over.isdisjoint(words) or self.over_phrases.search(joined) is not None
            elif key == "itemprop":
                if value == "articleBody":
                    return NO_NAMES
                lead |= value == "description"
            elif key == "style":
                hidden = _HIDDEN.search(value) is not None
                chrome, links = chrome or hidden, links and not hidden
            elif key == "role":
                chrome |= value.lower() in _CHROME_ROLES
        return Names(chrome, lead and not chrome, over and not chrome, chrome and links)


def _plain_tags(raw_text: list[str]) -> re.Pattern[str]:
    """`MarkupLexicon.plain_tags`, those of `raw_text` being elements whose content is no markup."""
    tag = rf"(?!(?:{'|'.join(raw_text)})(?![a-z0-9:]))/?[a-z][a-z0-9:]*+[^<>\"']*+>"
    comment = r"!--(?:[^-]|-(?!->))*+-->|(?:!(?!--)|\?)[^>]*+>"
    return re.compile(rf"(?=<[a-z/!?])(?:<(?:{tag}|{comment}))*+", re.IGNORECASE)
