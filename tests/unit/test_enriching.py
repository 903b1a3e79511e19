"""Enriching in processes: order, accounting, poison."""

import threading
from collections.abc import Iterator

import pytest

from schemas.reasons import Reason
from tests.unit import enrichers
from workers import enriching
from workers.enriching import Enriched, Enricher, Refusal, Refused
from workers.failures import CommandFailed
from workers.reading import Item, Place, Readable, Unreadable


def items(*values: str) -> Iterator[Item]:
    return (Readable(Place("x", n), v.encode()) for n, v in enumerate(values, 1))


def test_order_is_kept_and_poison_is_told() -> None:
    values = ["a", "slow", "b", "reject", "kill", "c", "exit", "raise", "hang", "sleep", *"defghij"]
    with Enricher(enrichers.obedient, jobs=2, article_seconds=1.0) as crew:
        outcomes = list(crew.run(items(*values)))
    assert [o.place.line for o in outcomes] == list(range(1, len(values) + 1))
    told = {values[n]: o.refusal for n, o in enumerate(outcomes) if isinstance(o, Refused)}
    assert told == {
        "reject": (Reason.EMPTY, "nothing in it", "clean", None),
        "kill": (Reason.CRASHED, "enriching it ended the process (signal SIGKILL)", "pool", None),
        "exit": (Reason.CRASHED, "enriching it ended the process (exit code 7)", "pool", None),
        "raise": (Reason.INTERNAL, "RuntimeError: never thought of", "", "RuntimeError"),
        "hang": (Reason.TIMEOUT, "not done after 1 s", "pool", None),
        "sleep": (Reason.TIMEOUT, "not done after 1 s", "pool", None),
    }
    for value, outcome in zip(values, outcomes, strict=True):
        if isinstance(outcome, Enriched):
            assert outcome.value == value.upper().encode()


def test_unreadable_items_keep_their_place() -> None:
    bad = Unreadable(Place("x", 2), Reason.MALFORMED_JSON, "cut", b"{")
    source = [Readable(Place("x", 1), b"a"), bad, Readable(Place("x", 3), b"b")]
    with Enricher(enrichers.obedient) as crew:
        outcomes = list(crew.run(source))
    assert [type(o) for o in outcomes] == [Enriched, Refused, Enriched]
    assert outcomes[1] == Refused(bad.place, Refusal(bad.reason, "cut", "read"), b"{")


def test_no_more_is_read_ahead_than_the_window(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(enriching, "WINDOW", 4)
    taken = 0

    def source() -> Iterator[Item]:
        nonlocal taken
        for item in items(*(f"v{n}" for n in range(100))):
            taken += 1
            yield item

    with Enricher(enrichers.obedient, jobs=2) as crew:
        for done, _ in enumerate(crew.run(source()), 1):
            assert taken <= done + 4 * 2 + 2
    assert taken == 100


def test_what_is_done_comes_out_while_the_input_still_waits() -> None:
    more = threading.Event()

    def source() -> Iterator[Item]:
        yield from items("a")
        assert more.wait(30)
        yield from items("b")

    with Enricher(enrichers.obedient) as crew:
        outcomes = crew.run(source())
        first = next(outcomes)
        more.set()
        rest = list(outcomes)
    assert isinstance(first, Enriched)
    assert len(rest) == 1


def test_a_fault_of_the_input_reaches_the_caller() -> None:
    def source() -> Iterator[Item]:
        yield from items("a")
        raise OSError("disk on fire")

    with Enricher(enrichers.obedient) as crew, pytest.raises(OSError, match="disk on fire"):
        list(crew.run(source()))


@pytest.mark.parametrize(
    ("factory", "message"),
    [
        (enrichers.unloadable, "cannot be loaded: FileNotFoundError: no such lexicon"),
        (enrichers.dies_on_loading, "exit code 5"),
    ],
)
def test_a_pipeline_that_cannot_be_loaded_is_told(factory: object, message: str) -> None:
    with Enricher(factory) as crew, pytest.raises(CommandFailed, match=message):  # type: ignore[arg-type]
        list(crew.run(items("a")))


def test_leaving_early_leaves_no_process() -> None:
    with Enricher(enrichers.obedient, jobs=2) as crew:
        next(crew.run(items("a", "hang", "b", "c")))
        processes = [child._process for child in crew._children]
    assert not any(process.is_alive() for process in processes)


def test_the_worker_and_enrich_give_the_same_bytes() -> None:
    from workers.nlp.pipeline import build_pipeline
    from workers.stream.codec import encode

    enrich = enriching.build_enrich("workers.nlp.pipeline:build_pipeline", "fast", (), 1_000_000)
    raw = {
        "id": "1",
        "title": "عنوان",
        "body": "استاندار گفت: پل تازه تا مهر باز می‌شود.",
        "extra": [1.5, None],
    }
    assert enrich(encode_raw(raw)) == encode(build_pipeline().enrich(raw))


def test_what_the_first_article_loads_is_settled_too(monkeypatch: pytest.MonkeyPatch) -> None:
    from workers.nlp.pipeline import Pipeline
    from workers.stream import child

    done: list[str] = []
    monkeypatch.setattr(child, "load_pipeline", lambda *_: Pipeline(()))
    monkeypatch.setattr(child, "settle", lambda: done.append("settle"))
    monkeypatch.setattr(Pipeline, "enrich", lambda *_: done.append("enrich"))
    enriching.build_enrich("", "fast", (), 1_000_000)
    assert done == ["enrich", "settle"]


def encode_raw(raw: object) -> bytes:
    import json

    return json.dumps(raw, ensure_ascii=False).encode()


def test_the_workers_limit_of_size_holds_here() -> None:
    enrich = enriching.build_enrich("workers.nlp.pipeline:build_pipeline", "fast", (), 1024)
    refusal = enrich(b'{"id": "1", "body": "' + b"x" * 2000 + b'"}')
    assert isinstance(refusal, Refusal)
    assert refusal.reason is Reason.TOO_LARGE
