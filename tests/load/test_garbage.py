"""Records that nobody should send: none stops the worker, each is accounted for."""

import json
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from schemas.reasons import Reason
from tests.broker.articles import article, encoded
from tests.broker.cluster import Scenario, headers

pytestmark = pytest.mark.load

RECORDS = 2000
SEED = 7
BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"


def garbage(chance: random.Random) -> Iterator[bytes | None]:
    """Random, truncated, mis-encoded and hostile records."""
    good = encoded(article(1, paragraphs=6))
    while True:
        yield chance.randbytes(chance.randrange(4000))
        yield good[: chance.randrange(len(good))]
        yield good.decode().encode(chance.choice(["utf-16", "cp1256", "utf-8-sig", "utf-32-le"]), "replace")
        spoiled = bytearray(good)
        for _ in range(chance.randrange(1, 20)):
            spoiled[chance.randrange(len(spoiled))] = chance.randrange(256)
        yield bytes(spoiled)
        depth = chance.choice([10, 254, 255, 500, 1023, 1024, 1025, 100_000])
        yield (
            b'{"id": "deep", "body": "'
            + "وزیر گفت: آب هست.".encode()
            + b'", "x": '
            + b"[" * depth
            + b"]" * depth
            + b"}"
        )
        yield body("\x00آب\x00 و برق\x00. " * chance.randrange(1, 50))
        yield b'{"id": "s", "body": "\\ud83d ' + b"\\u06a9" * 50 + b' \\udc00"}'
        yield body(BIDI.join(chance.choice("وزیر گفت آب برق سد") for _ in range(chance.randrange(1, 400))))
        yield body(
            "".join(
                chr(chance.choice([*range(0x600, 0x6FF), 0x200C, 0x20, 0x0A, 0x3A, 0xAB, 0xBB, 0x2E]))
                for _ in range(600)
            )
        )
        yield body("<div>" * chance.randrange(3000) + "وزیر نیرو گفت: آب هست." + "</p>" * 100)
        yield body("«" * chance.randrange(2000) + "وزیر گفت که " * 50)
        yield body("گفت: " * chance.randrange(1, 3000))
        yield body("&#1608;&zwnj;&nbsp;&#xD800;&bogus;" * 100 + " وزیر گفت: آب هست.")
        yield encoded({"id": ["a"], "body": {"x": 1}, "title": 5})
        yield encoded(
            {"id": "\u202e" * 300, "url": "x" * 5000, "body": "وزیر گفت: آب هست.", "published": 10**18}
        )
        yield chance.choice(
            [None, b"", b"null", b"[]", b"{}", b'"', b"1e999", b"NaN", b"\xef\xbb\xbf", b"[" * 50_000]
        )


def body(text: str) -> bytes:
    return json.dumps({"id": "g", "title": text[:300], "body": text}).encode()


def monsters() -> Iterator[bytes]:
    """A few that are large."""
    yield body("وزیر نیرو گفت: آب هست. " * 220_000)  # over 5 MB in UTF-8
    yield encoded({"id": "m1", "body": "وزیر نیرو گفت: آب هست.\n" * 24_000})  # just under the limit
    yield encoded({"id": "m2", "body": "آ" * 200_000})  # one word
    yield encoded({"id": "m3", "body": "وزیر گفت: " + "ه" * 200_000 + " است."})
    yield encoded({"id": "m4", "body": "«" * 200_000 + "آب"})
    yield encoded({"id": "m5", "body": "<b>" * 200_000 + "آب"})
    yield encoded({"id": "m6", "body": "۱۲" * 200_000})
    yield encoded({"id": "m7", "body": "http://" + "a." * 200_000})
    yield encoded({"id": "m8", "body": BIDI * 20_000 + "آب"})
    yield encoded({"id": "m9", "body": "وزیر گفت که " * 45_000})


def test_garbage_stops_nothing(new_scenario: Callable[..., Scenario]) -> None:
    chance = random.Random(SEED)  # noqa: S311 - no secret
    scenario = new_scenario(partitions=8, topic_config={"raw": {"max.message.bytes": str(8 * 1024 * 1024)}})
    scenario.create_topics()
    values: list[bytes | None] = [*monsters()]
    source = garbage(chance)
    values += [next(source) for _ in range(RECORDS - len(values))]
    good = {f"article-{n}".encode(): encoded(article(n)) for n in range(50)}
    records = [(b"g%d" % n, value, [("h", bytes([n % 256]))]) for n, value in enumerate(values)]
    records += [(key, value, []) for key, value in good.items()]
    chance.shuffle(records)
    scenario.produce(records)
    began = time.monotonic()
    worker = scenario.start_worker(
        KHABAR_PIPELINE_FACTORY="workers.nlp.pipeline:build_pipeline", KHABAR_ARTICLE_SECONDS="30"
    )
    accounted = scenario.wait_for_sources(len(records), 1500)
    seconds = time.monotonic() - began
    assert worker.process.poll() is None, "the worker ended"
    assert worker.stop() == 0
    assert all(len(found) == 1 for found in accounted.values())
    collected = scenario.collect("enriched", "dead")
    enriched = {r.key for r in collected["enriched"]}
    assert good.keys() <= enriched
    reasons = Counter(headers(r)["__streams.errors.reason"] for r in collected["dead"])
    sent = {key: value for key, value, _ in records}
    for record in collected["dead"]:
        assert record.value == sent[record.key]
    # Our own faults are not what garbage is to be answered with.
    faults = [
        (
            headers(r)["__streams.errors.step"],
            headers(r)["__streams.errors.message"][:150],
            (r.value or b"")[:80],
        )
        for r in collected["dead"]
        if headers(r)["__streams.errors.reason"] in (Reason.INTERNAL, Reason.CRASHED, Reason.TIMEOUT)
    ]
    print(
        f"\ngarbage test: {len(records)} records (50 good) in {seconds:.0f} s, one worker, never ended: "
        f"{len(collected['enriched'])} enriched, dead letters {dict(reasons)}"
    )
    assert not faults
