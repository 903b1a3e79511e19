"""Identifiers: the same input has the same id, everywhere and always."""

import hashlib
from collections.abc import Mapping
from typing import Any

from schemas.article import RawArticle
from schemas.reasons import Reason
from workers.nlp.document import Rejected


def digest(*parts: str) -> str:
    """A 128-bit hex digest of some strings; the parts are kept apart by a NUL."""
    data = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def with_text_id(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    """A decoded raw article whose id, if an integer, is its decimal text: many databases number articles."""
    given = raw.get("id")
    return {**raw, "id": str(given)} if isinstance(given, int) and not isinstance(given, bool) else raw


def article_id(article: RawArticle) -> str:
    """The article's own id, else a digest of its url; raises `Rejected` where it has neither."""
    if article.id:
        return article.id
    if article.url:
        return digest(article.url)
    raise Rejected(Reason.SCHEMA, "an article needs `id` or `url`")
