"""Enriching articles from files in processes: order, window, places, faults of the input."""

import json
import threading
from collections.abc import Iterator

import pytest

from schemas.reasons import Reason
from tests.broker.articles import article, encoded
from tests.broker.pipelines import EXIT, HANG, SLOW
from workers.enrichment import crew as crews
from workers.enrichment.crew import Enriched, Enricher, Refusal, Refused
from workers.enrichment.records import Limits
from workers.quoting import is_enriched
from workers.reading import Item, Place, Readable, Unreadable

LIMITS = Limits(raw=1_000_000, enriched=1_000_000, statements=1_000_000, entities=1_000_000)


def crew(jobs: int = 1, article_seconds: float = 20.0, factory: str = "light", **options: object) -> Enricher:
    return Enricher(
        factory=f"tests.broker.pipelines:{factory}",
        profile="fast",
        lexicons=(),
        limits=LIMITS,
        article_seconds=article_seconds,
        jobs=jobs,
        **options,
    )


def item(number: int, title: str | None = None) -> Item:
    return Readable(Place("x", number), encoded(article(number) | ({"title": title} if title else {})))


def items(count: int) -> Iterator[Item]:
    return (item(n) for n in range(1, count + 1))


def test_order_is_kept_whatever_an_article_does() -> None:
    titles = [None, SLOW, None, HANG, SLOW, EXIT, None, None, None, None]
    with crew(jobs=2, article_seconds=2.0) as enriching:
        outcomes = list(enriching.run(item(n, title) for n, title in enumerate(titles, 1)))
    assert [o.place.line for o in outcomes] == list(range(1, len(titles) + 1))
    refused = {o.place.line: o.refusal.reason for o in outcomes if isinstance(o, Refused)}
    assert refused == {4: Reason.TIMEOUT, 6: Reason.CRASHED}
    for number, outcome in enumerate(outcomes, 1):
        if isinstance(outcome, Enriched):
            assert json.loads(outcome.value)["article"]["id"] == article(number)["id"]


def test_what_an_article_took_is_told() -> None:
    with crew() as enriching:
        (outcome,) = enriching.run([item(1)])
    assert isinstance(outcome, Enriched)
    assert outcome.milliseconds > 0
    assert outcome.read_bytes == len(item(1).value)
    assert [kib > 10_000 for kib in enriching.peak_kib.values()] == [True]


def test_unreadable_items_keep_their_place() -> None:
    bad = Unreadable(Place("x", 2), Reason.UNDECODABLE, "damaged gzip", b"")
    with crew() as enriching:
        outcomes = list(enriching.run([item(1), bad, item(3)]))
    assert [type(o) for o in outcomes] == [Enriched, Refused, Enriched]
    assert outcomes[1] == Refused(bad.place, Refusal(bad.reason, "damaged gzip", "read"), b"")


def test_no_more_is_read_ahead_than_the_window(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crews, "WINDOW", 4)
    taken = 0

    def source() -> Iterator[Item]:
        nonlocal taken
        for one in items(100):
            taken += 1
            yield one

    with crew(jobs=2) as enriching:
        for done, _ in enumerate(enriching.run(source()), 1):
            assert taken <= done + 4 * 2 + 2
    assert taken == 100


def test_what_is_done_comes_out_while_the_input_still_waits() -> None:
    more = threading.Event()

    def source() -> Iterator[Item]:
        yield item(1)
        assert more.wait(30)
        yield item(2)

    with crew() as enriching:
        outcomes = enriching.run(source())
        first = next(outcomes)
        more.set()
        rest = list(outcomes)
    assert isinstance(first, Enriched)
    assert len(rest) == 1


def test_a_fault_of_the_input_reaches_the_caller() -> None:
    def source() -> Iterator[Item]:
        yield item(1)
        raise OSError("disk on fire")

    with crew() as enriching, pytest.raises(OSError, match="disk on fire"):
        list(enriching.run(source()))


def test_leaving_early_leaves_no_process() -> None:
    with crew(jobs=2) as enriching:
        next(enriching.run([item(1), item(2, HANG), item(3), item(4)]))
        processes = [child._process for child in enriching._children]
    assert any(processes)
    assert all(process is None or process.poll() is not None for process in processes)


def test_enriched_events_need_no_process() -> None:
    with crew() as enriching:
        (event,) = enriching.run([item(1)])
    assert isinstance(event, Enriched)
    again = Readable(Place("y", 1), event.value)
    with crew(factory="broken", enriched=is_enriched) as passing:
        assert list(passing.run([again])) == [Enriched(again.place, event.value, 0.0, len(event.value))]
    assert passing.peak_kib == {}
