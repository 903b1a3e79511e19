"""Raw records drawn at random: bytes, and articles that were spoiled; in every part of a record."""

import json
import random
from collections.abc import Iterator

from schemas import headers
from tests.broker.articles import article
from tests.broker.raw_batches import Record

_MOST_MILLISECONDS = 2**61  # differences within a batch must fit 64 bits
_KNOWN_NAMES = tuple(
    name.encode()
    for name in (
        *(headers.CONTENT_TYPE, headers.CE_ID, headers.CE_TYPE, headers.CE_TIME, headers.CE_SUBJECT),
        *(headers.TRACEPARENT, headers.TRACESTATE, headers.PROCESSING_MS),
        *(headers.ERROR_REASON, headers.ERROR_PARTITION, headers.ERROR_OFFSET, headers.ERROR_ATTEMPT),
        *(headers.ERROR_VALUE_OMITTED, headers.ERROR_PREFIX, ""),
    )
)
_ODD = (
    None,
    True,
    0,
    -1,
    1e308,
    10**30,
    "",
    "\x00",
    "\ud800",
    [],
    {},
    ["آب"],
    {"a": {"b": []}},
    "آب " * 3000,
)
_DATES = ("۱۴۰۳/۰۵/۱۷", "1403-13-45", "0001-01-01", "9999-12-31T23:59:60Z", "دیروز", "2024-02-30", "-1")
_BITS = (
    "<div>",
    "</p>",
    "&#xD800;",
    "&zwnj;",
    "«",
    "»",
    "\u202e",
    "\u200c",
    "؛",
    "گفت: ",
    "\n" * 30,
    "http://a.",
)


def fuzz(chance: random.Random) -> Iterator[list[Record]]:
    """Batches without end, of one to two hundred records each, seldom with a large one."""
    while True:
        count = min(200, int(chance.expovariate(1 / 40)) + 1)
        yield [_record(chance) for _ in range(count)]


def _record(chance: random.Random) -> Record:
    return Record(_key(chance), _value(chance), tuple(_headers(chance)), _timestamp(chance))


def _value(chance: random.Random) -> bytes | None:
    match chance.randrange(10):
        case 0:
            return chance.choice((None, b"", b"null", b"{}", b"[" * 5000, b"\xef\xbb\xbf{}", b"\x00" * 64))
        case 1:
            return chance.randbytes(chance.randrange(chance.choice((8, 400, 4000))))
        case 2 | 3:
            return _spoiled(chance, _bytes(_article(chance)))
        case 4:
            whole = _bytes(_article(chance))
            return whole[: chance.randrange(len(whole))]
        case 5:
            return _bytes({**_article(chance), chance.choice(_FIELDS): chance.choice(_ODD)})
        case 6:
            return _bytes({**_article(chance), "body": _text(chance)})
        case 7:
            text = json.dumps(_article(chance), ensure_ascii=False)
            return text.encode(chance.choice(("utf-16", "cp1256", "utf-8-sig", "utf-32-le")), "replace")
        case _:
            return _bytes(_article(chance))


_FIELDS = ("id", "url", "title", "body", "lead", "published", "fetched", "agency", "language", "other")


def _article(chance: random.Random) -> dict[str, object]:
    made = article(chance.randrange(5000), paragraphs=chance.randrange(1, 4))
    if chance.random() < 0.2:
        made["published"] = chance.choice(_DATES)
    if chance.random() < 0.1:
        del made["id"]
    return made


def _bytes(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=len(str(value)) % 3 == 0).encode("utf-8", "surrogatepass")


def _spoiled(chance: random.Random, whole: bytes) -> bytes:
    spoiled = bytearray(whole)
    for _ in range(chance.randrange(1, 20)):
        spoiled[chance.randrange(len(spoiled))] = chance.randrange(256)
    return bytes(spoiled)


def _text(chance: random.Random) -> str:
    words = ("وزیر", "نیرو", "گفت", "آب", "۱۲", "در", "تهران", "است", ".", *_BITS)
    return " ".join(chance.choice(words) for _ in range(chance.randrange(1, 200)))


def _key(chance: random.Random) -> bytes | None:
    match chance.randrange(10):
        case 0 | 1:
            return None
        case 2:
            return chance.choice((b"", b"\x00", b"\xff" * 40, "آب".encode(), b"k" * 10_000))
        case 3 | 4:
            return chance.randbytes(chance.randrange(1, 60))
        case _:
            return b"article-%d" % chance.randrange(5000)


def _headers(chance: random.Random) -> Iterator[tuple[bytes, bytes | None]]:
    if chance.random() < 0.5:
        return
    for _ in range(chance.choice((1, 1, 2, 5, 40))):
        name = _name(chance)
        value = None if chance.random() < 0.1 else chance.randbytes(chance.choice((0, 3, 8, 40, 300)))
        yield name, value


def _name(chance: random.Random) -> bytes:
    match chance.randrange(20):
        case 0:
            return chance.randbytes(chance.randrange(12))  # seldom UTF-8
        case n if n < 8:
            return bytes(chance.randrange(128) for _ in range(chance.randrange(30)))
        case _:
            return chance.choice(_KNOWN_NAMES)


def _timestamp(chance: random.Random) -> int | None:
    match chance.randrange(12):
        case 0:
            return -1
        case 1:
            return 0
        case 2:
            return chance.randrange(_MOST_MILLISECONDS)
        case 3:
            return -chance.randrange(_MOST_MILLISECONDS)
        case _:
            return None
