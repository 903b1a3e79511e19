"""Publishes raw articles: reads them from files, checks them by the contract, sends them to the raw topic."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import msgspec
import orjson

from schemas import headers
from schemas.article import RawArticle
from schemas.reasons import Reason
from workers.nlp.document import Rejected
from workers.nlp.identity import article_id, with_text_id
from workers.operations.sending import Confirmed, NotSent, Outgoing, send
from workers.reading import Item, Unreadable

if TYPE_CHECKING:
    from workers.settings import Settings


def key_of(value: bytes) -> str:
    """The record key of an article's bytes: its id. Raises `Rejected` for what is no raw article."""
    try:
        decoded = orjson.loads(value)
        article = msgspec.convert(with_text_id(decoded) if isinstance(decoded, dict) else decoded, RawArticle)
    except msgspec.ValidationError as error:
        raise Rejected(Reason.SCHEMA, str(error)) from error
    except orjson.JSONDecodeError as error:
        raise Rejected(Reason.MALFORMED_JSON, str(error)) from error
    return article_id(article)


def produce(
    items: Iterable[Item], settings: "Settings", topic: str, *, unchecked: bool = False
) -> Iterator[Confirmed | NotSent]:
    """Send the records of some items to a topic; yields what became of each, roughly in their order.

    Only raw articles by the contract are sent. `unchecked` sends any bytes, with the id as key where there is
    one: to see what the worker makes of them.
    Raises `CommandFailed` where there is no broker or no topic.
    """
    return send((_outgoing(item, unchecked, settings.max_bytes) for item in items), settings, topic)


def _outgoing(item: Item, unchecked: bool, max_bytes: int) -> Outgoing | NotSent:
    if isinstance(item, Unreadable) and not unchecked:
        return NotSent(item.place, item.reason, item.detail)
    if len(item.value) > max_bytes and not unchecked:
        detail = f"{len(item.value):,} bytes; an article may have {max_bytes:,} (KHABAR_MAX_BYTES)"
        return NotSent(item.place, Reason.TOO_LARGE, detail)
    try:
        key: bytes | None = key_of(item.value).encode()
    except Rejected as verdict:
        if not unchecked:
            return NotSent(item.place, verdict.reason, verdict.detail)
        key = None
    return Outgoing(item.place, key, item.value, [(headers.CONTENT_TYPE, headers.JSON.encode())])
