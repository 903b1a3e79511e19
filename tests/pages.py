"""Whole pages in the manner of Iranian news sites, with what in them is article known to the character.

`tests/fixtures/pages` holds one template a site and the articles; text between `[[` and `]]` and in the
places of paragraphs is article, everything else on the page is not.
"""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "fixtures" / "pages"
_PLACE = re.compile(
    r"\[\[(\w+)\]\]|\{(body1|body2|subhead)\|([^{}]*)\}|\{(inline_body|br_body|title|lead)\}", re.S
)
_TAG = re.compile(r"<!--.*?-->|<(script|style)\b.*?</\1>|<[^<>]*>|&\w+;", re.S)
_SHOWN = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Page:
    """An HTML page and the ranges of it that are article."""

    name: str
    html: str
    article: tuple[tuple[int, int], ...]

    def shown(self) -> set[int]:
        """Positions of the letters and digits that are text, not markup or script."""
        hidden = {i for m in _TAG.finditer(self.html) for i in range(*m.span())}
        return {m.start() for m in _SHOWN.finditer(self.html)} - hidden


def pages() -> list[Page]:
    """Every template with three of the articles."""
    articles = tomllib.loads((FOLDER / "articles.toml").read_text("utf-8"))["article"]
    found = []
    for number, template in enumerate(sorted(FOLDER.glob("*.html"))):
        for article in (articles[(number * 3 + k) % len(articles)] for k in range(3)):
            found.append(_page(template.stem, template.read_text("utf-8"), article))
    return found


def _page(site: str, template: str, article: dict) -> Page:
    html: list[str] = []
    spans: list[tuple[int, int]] = []
    length = 0

    def add(text: str, kept: bool) -> None:
        nonlocal length
        if kept and text:
            spans.append((length, length + len(text)))
        html.append(text)
        length += len(text)

    at = 0
    paragraphs = article["paragraphs"]
    half = len(paragraphs) // 2
    for m in _PLACE.finditer(template):
        add(template[at : m.start()], False)
        at = m.end()
        if m.group(1):
            add(article.get(m.group(1), ""), True)
        elif m.group(2) == "subhead":
            if "subhead" in article:
                before, after = m.group(3).split("%s")
                add(before, False), add(article["subhead"], True), add(after, False)
        elif m.group(2):
            before, after = m.group(3).split("%s")
            for paragraph in paragraphs[:half] if m.group(2) == "body1" else paragraphs[half:]:
                add(before, False), add(paragraph, True), add(after, False)
        elif m.group(4) in ("inline_body", "br_body"):
            for number, paragraph in enumerate(paragraphs):
                add(("<br/><br/>" if m.group(4) == "inline_body" else "<br>\n") if number else "", False)
                add(paragraph, True)
        else:
            add(article[m.group(4)], False)
    add(template[at:], False)
    return Page(f"{site}-{article['id']}", "".join(html), tuple(spans))
