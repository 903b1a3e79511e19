"""Both parents, the worker's and that of files, make the same of the same article."""

import json
from pathlib import Path

import pytest

from schemas import headers
from schemas.reasons import Reason
from tests.broker.articles import article, encoded
from tests.broker.pipelines import EXIT, HANG, HUGE, KILL, KILL_ONCE, RAISE, SLEEP
from workers.enrichment.crew import Enriched, Enricher, Refusal
from workers.enrichment.process import PipelineProcess
from workers.enrichment.records import Limits, Outcome, RawRecord
from workers.enrichment.supervision import PipelineFailed
from workers.reading import ArticleReader, find_inputs

LIMITS = Limits(raw=100_000, enriched=1_000_000, statements=1_000_000, entities=1_000_000)
SECONDS = 1.0


def worker(factory: str = "light") -> PipelineProcess:
    return PipelineProcess(
        factory=f"tests.broker.pipelines:{factory}",
        profile="fast",
        lexicons=(),
        limits=LIMITS,
        article_seconds=SECONDS,
    )


def crew(factory: str = "light") -> Enricher:
    return Enricher(
        factory=f"tests.broker.pipelines:{factory}",
        profile="fast",
        lexicons=(),
        limits=LIMITS,
        article_seconds=SECONDS,
    )


def titled(title: str) -> bytes:
    return encoded(article(1) | {"title": title})


POISON: dict[str, tuple[bytes, tuple[Reason, str, str]]] = {
    "kill": (titled(KILL), (Reason.CRASHED, "process", "enriching ended the process, twice; exit status -9")),
    "exit": (titled(EXIT), (Reason.CRASHED, "process", "enriching ended the process, twice; exit status 7")),
    "hang": (titled(HANG), (Reason.TIMEOUT, "process", "enriching took longer than 1 s")),
    "sleep": (titled(SLEEP), (Reason.TIMEOUT, "process", "enriching took longer than 1 s")),
    "raise": (titled(RAISE), (Reason.INTERNAL, "poison", "step poison: ValueError: as told by the title")),
    "too large": (
        titled("x" * 100_000),
        (Reason.TOO_LARGE, "decode", "the value has 100,??? bytes, the limit is 100,000"),
    ),
    "too large, and broken": (
        b'{"id": "' + b"x" * 100_000,
        (Reason.TOO_LARGE, "decode", "the value has 100,008 bytes, the limit is 100,000"),
    ),
    "event too large": (
        titled(HUGE),
        (Reason.TOO_LARGE, "encode", "the enriched event has 20,00?,??? bytes, its topic takes 1,000,000"),
    ),
    "broken JSON": (
        b'{"id": "1", "body": "x',
        (Reason.MALFORMED_JSON, "decode", "unexpected end of data: line 1 column 23 (char 22)"),
    ),
    "no UTF-8": (
        b'{"id": "1", "body": "\xe1"}',
        (Reason.UNDECODABLE, "decode", "not UTF-8: invalid continuation byte at byte 21"),
    ),
    "no object": (
        b'[{"id": "1"}]',
        (Reason.SCHEMA, "decode", "a list where an article (a JSON object) was expected"),
    ),
    "no article": (
        b'{"id": [1], "body": "x"}',
        (Reason.SCHEMA, "decode", "Expected `str | null`, got `array` - at `$.id`"),
    ),
    "no text": (
        b'{"id": "1", "body": " "}',
        (Reason.EMPTY, "clean", "no text is left in `body` once cleaned"),
    ),
}


async def by_the_worker(values: list[bytes]) -> list[Outcome]:
    process = worker()
    try:
        records = [RawRecord("raw", 0, n, None, None, value) for n, value in enumerate(values)]
        return [outcome async for outcome in process.enrich(records)]
    finally:
        await process.kill()


def by_files(path: Path, values: list[bytes]) -> list[Refusal | bytes]:
    path.write_bytes(b"\n".join(values) + b"\n")
    with crew() as enriching:
        outcomes = list(enriching.run(ArticleReader(find_inputs([str(path)]).files)))
    return [o.value if isinstance(o, Enriched) else o.refusal for o in outcomes]


def refusal(outcome: Outcome) -> Refusal:
    assert outcome.reason is not None
    (letter,) = outcome.outputs
    exception = dict(letter.headers).get(headers.ERROR_EXCEPTION)
    return Refusal(outcome.reason, outcome.detail, outcome.step, exception.decode() if exception else None)


async def test_poison_has_one_reason_step_and_detail(tmp_path: Path) -> None:
    values = [value for value, _ in POISON.values()]
    by_worker = list(map(refusal, await by_the_worker(values)))
    by_crew = by_files(tmp_path / "poison.jsonl", values)
    for (name, (_, expected)), *both in zip(POISON.items(), by_worker, by_crew, strict=True):
        for told in both:
            assert isinstance(told, Refusal), name
            assert (told.reason, told.step) == expected[:2], name
            assert _alike(told.detail, expected[2]), (name, told.detail)
            assert told.exception == ("ValueError" if name == "raise" else None)


def _alike(text: str, pattern: str) -> bool:
    """Whether a text is the pattern, in which each `?` is some digit: sizes differ by the record's place."""
    return len(text) == len(pattern) and all(
        t == p or (p == "?" and t.isdigit()) for t, p in zip(text, pattern, strict=True)
    )


async def test_an_article_over_which_the_process_died_is_tried_once_more(tmp_path: Path) -> None:
    def marked(folder: str) -> list[bytes]:
        (tmp_path / folder).mkdir()
        return [
            encoded(article(n) | ({"title": f"{KILL_ONCE}{tmp_path / folder / str(n)}"} if n % 2 else {}))
            for n in range(4)
        ]

    outcomes = await by_the_worker(marked("worker"))
    assert [outcome.reason for outcome in outcomes] == [None] * 4
    assert sorted(path.name for path in (tmp_path / "worker").iterdir()) == ["1", "3"]
    events = by_files(tmp_path / "raw.jsonl", marked("files"))
    assert [isinstance(event, bytes) for event in events] == [True] * 4
    assert sorted(path.name for path in (tmp_path / "files").iterdir()) == ["1", "3"]


async def test_an_event_is_the_same_but_for_its_place(tmp_path: Path) -> None:
    values = [encoded(article(n)) for n in range(3)]
    for outcome, event in zip(
        await by_the_worker(values), by_files(tmp_path / "raw.jsonl", values), strict=True
    ):
        assert isinstance(event, bytes)
        from_the_topic, from_the_file = json.loads(outcome.outputs[0].value or b""), json.loads(event)
        places = [
            [told["provenance"].pop(name) for name in ("topic", "partition", "offset")]
            for told in (from_the_topic, from_the_file)
        ]
        assert [place[0] for place in places] == ["raw", None]
        assert from_the_file == from_the_topic


@pytest.mark.parametrize(
    ("factory", "message"),
    [
        ("broken", "the pipeline could not be loaded: FileNotFoundError: no such lexicon: cues.toml"),
        ("dies_on_loading", "the enriching process ended while loading; exit status 5"),
    ],
)
async def test_a_pipeline_that_cannot_be_loaded_is_told(factory: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(PipelineFailed) as by_worker:
        await worker(factory).start()
    path = tmp_path / "raw.jsonl"
    path.write_bytes(titled("x"))
    with crew(factory) as enriching, pytest.raises(PipelineFailed) as by_crew:
        list(enriching.run(ArticleReader(find_inputs([str(path)]).files)))
    assert (str(by_worker.value), str(by_crew.value)) == (message, message)
