"""Identifiers: the same input has the same id, everywhere and always."""

import hashlib

from schemas.article import RawArticle
from schemas.reasons import Reason
from workers.nlp.document import Rejected


def digest(*parts: str) -> str:
    """A 128-bit hex digest of some strings; the parts are kept apart by a NUL."""
    data = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def article_id(article: RawArticle) -> str:
    """The article's own id, else a digest of its url; raises `Rejected` where it has neither."""
    if article.id:
        return article.id
    if article.url:
        return digest(article.url)
    raise Rejected(Reason.SCHEMA, "an article needs `id` or `url`")
