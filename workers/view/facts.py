"""What both views tell of an article before its text."""

from schemas.enriched import EnrichedArticle


def headline(event: EnrichedArticle) -> str:
    """The cleaned title; without one the article's id."""
    for block in event.blocks:
        if block.kind == "title":
            return event.text[block.start : block.end]
    return str(event.article.get("id", ""))


def agency(event: EnrichedArticle) -> str | None:
    """The agency as the dateline names it, else as the producer did."""
    if event.dateline and event.dateline.agency:
        return event.dateline.agency
    named = event.article.get("agency")
    return str(named) if named else None
