"""Bad raw records by kind: each kind is made from a draw, and may have the outcomes that are named with it.

`KINDS` is the list; `make chaos POISON=` and `WITHOUT=` choose from it by name.
"""

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from schemas.reasons import Reason
from tests.broker.articles import article, encoded
from tests.broker.pipelines import HANG, HUGE, KILL, RAISE
from tests.broker.raw_batches import CODECS, Record
from tests.chaos.account import ENRICHED, NOTHING, WITHDRAWN

ARTICLES = 400  # ids of good articles, each published again and again
MAX_BYTES = 300_000  # the workers' KHABAR_MAX_BYTES
MIB = 1024 * 1024
_FAR = 2**62  # milliseconds: a year that no calendar has
_ANY_DEAD = frozenset(r.value for r in Reason)

Make = Callable[[random.Random, bytes], list[Record]]
"""Records of one batch; the bytes are an id of their own."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One way to be bad. `weight`: how often it is drawn. `codec` None: any."""

    make: Make
    expected: frozenset[str]
    weight: float = 1.0
    codec: str | None = None
    transaction: str = ""  # "commit" or "abort"


def _dead(*reasons: Reason) -> frozenset[str]:
    return frozenset(r.value for r in reasons)


def _value(make: Callable[[random.Random, bytes], bytes | None], *reasons: Reason, weight: float = 1) -> Kind:
    return Kind(lambda chance, name: [Record(name, make(chance, name))], _dead(*reasons), weight)


def good(name: bytes, number: int = 0, **fields: object) -> bytes:
    """An article under this id."""
    return encoded({**article(number), "id": name.decode(), **fields})


def _articles(chance: random.Random, name: bytes, **options: object) -> list[Record]:
    return [
        Record(b"%s-%d" % (name, n), good(b"%s-%d" % (name, n), n), **options)
        for n in range(chance.randint(2, 12))
    ]


def _one(name: bytes, *headers: tuple[bytes, bytes | None], timestamp: int | None = None) -> list[Record]:
    return [Record(name, good(name), headers, timestamp)]


def _versions(chance: random.Random, name: bytes) -> list[Record]:
    return [Record(name, good(name, n)) for n in range(chance.randint(2, 6))]


def _large(chance: random.Random) -> bytes:
    """13 MB of which zstd makes less than the raw topic takes, and lz4 more than the dead topic takes."""
    return chance.randbytes(13 * MIB // 2).hex().encode()


def _any(chance: random.Random, name: bytes) -> bytes:
    """A good article, or one that becomes a dead letter."""
    return chance.choice((good(name), b"{"))


_EITHER = frozenset({ENRICHED}) | _ANY_DEAD

KINDS: Mapping[str, Kind] = {
    "undecodable": _value(lambda c, n: b'{"id": "' + n + "پرونده".encode("cp1256"), Reason.UNDECODABLE),
    "broken-json": _value(
        lambda c, n: good(n)[: -c.randint(2, 40)], Reason.MALFORMED_JSON, Reason.UNDECODABLE
    ),
    "schema": _value(lambda c, n: encoded({"id": n.decode(), "body": 5}), Reason.SCHEMA),
    "no-text": _value(lambda c, n: encoded({"id": n.decode(), "body": "<p>&nbsp;</p>"}), Reason.EMPTY),
    "empty-value": _value(lambda c, n: b"", Reason.MALFORMED_JSON, Reason.EMPTY, Reason.SCHEMA),
    "english": _value(
        lambda c, n: encoded({"id": n.decode(), "body": "The minister said that water is scarce. " * 9}),
        Reason.NOT_PERSIAN,
    ),
    "too-large": _value(lambda c, n: good(n, body="آب " * MAX_BYTES), Reason.TOO_LARGE),
    "raises": _value(lambda c, n: good(n, title=RAISE), Reason.INTERNAL),
    "kills": _value(lambda c, n: good(n, title=KILL), Reason.CRASHED, weight=0.5),
    "hangs": _value(lambda c, n: good(n, title=HANG), Reason.TIMEOUT, weight=0.3),
    "huge-event": _value(lambda c, n: good(n, title=HUGE), Reason.TOO_LARGE, weight=0.5),
    "no-key-no-value": Kind(lambda c, n: [Record(None, None)], _ANY_DEAD),
    "tombstone": Kind(
        lambda c, n: [Record(b"article-%d" % c.randrange(ARTICLES), None)], _ANY_DEAD | {WITHDRAWN}
    ),
    "withdrawn": Kind(lambda c, n: [Record(n, good(n)), Record(n, None)], _ANY_DEAD | {ENRICHED, WITHDRAWN}),
    "header-name": Kind(lambda c, n: _one(n, (b"\xff\xfe-name", b"x"), (b"fine", None)), _EITHER),
    "large-header": Kind(lambda c, n: [Record(n, _any(c, n), ((b"h", _large(c)),))], _EITHER, 0.2, "zstd"),
    "large-key": Kind(lambda c, n: [Record(n + _large(c), _any(c, n))], _EITHER, 0.2, "zstd"),
    "zeros": Kind(lambda c, n: [Record(n, bytes(100 * MIB))], _dead(Reason.TOO_LARGE), 0.2, "zstd"),
    "timestamp-none": Kind(lambda c, n: _one(n, timestamp=-1), frozenset({ENRICHED})),
    "timestamp-zero": Kind(lambda c, n: _one(n, timestamp=0), frozenset({ENRICHED})),
    "timestamp-far": Kind(lambda c, n: _one(n, timestamp=_FAR), frozenset({ENRICHED})),
    "same-key": Kind(_versions, frozenset({ENRICHED})),
    **{
        f"batch-{codec}": Kind(lambda c, n: _articles(c, n), frozenset({ENRICHED}), codec=codec)
        for codec in CODECS
    },
    "committed": Kind(lambda c, n: _articles(c, n), frozenset({ENRICHED}), transaction="commit"),
    "aborted": Kind(lambda c, n: _articles(c, n), frozenset({NOTHING}), transaction="abort"),
}


def chosen(only: Iterable[str] = (), without: Iterable[str] = ()) -> dict[str, Kind]:
    """The kinds by these names, or all. Raises KeyError for a name that is none."""
    for name in (*only, *without):
        if name not in KINDS:
            raise KeyError(f"no kind of poison is called {name!r}; there are: {', '.join(KINDS)}")
    left = set(only or KINDS) - set(without)
    return {name: kind for name, kind in KINDS.items() if name in left}
