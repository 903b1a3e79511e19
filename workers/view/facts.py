"""Facts about an article that both views show before its text."""

from schemas.enriched import EnrichedArticle
from workers.view.escape import cut


def headline(event: EnrichedArticle) -> str:
    """The cleaned title, else the first line of the text, cut short, else the id."""
    for block in event.blocks:
        if block.kind == "title":
            return event.text[block.start : block.end]
    return cut(event.text.partition("\n")[0], 90) or str(event.article.get("id", ""))


def agency(event: EnrichedArticle) -> str | None:
    """The agency that the dateline names, else the one that the producer named."""
    if event.dateline and event.dateline.agency:
        return event.dateline.agency
    named = event.article.get("agency")
    return str(named) if named else None
