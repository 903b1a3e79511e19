"""Two enrichments compared: each kind of change by an example, and what must hold for any two."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.enriched import (
    Block,
    Cue,
    EnrichedArticle,
    Entity,
    Mention,
    Provenance,
    Span,
    Speaker,
    Statement,
)
from workers.comparing.changes import KINDS, Change, mirrored
from workers.comparing.events import compare
from workers.comparing.pairing import best_pairs, overlaps
from workers.comparing.tally import Tally

BODY = "وزیر نیرو در تهران گفت: آب کافی است. استاندار افزود: سد پر شده و باران می‌بارد."


def span(start: int, end: int, of: type[Any] = Span, **fields: Any) -> Any:
    """A span whose cleaned position is elsewhere: only the raw one may count."""
    return of(start=start + 7, end=end + 7, raw_start=start, raw_end=end, **fields)


def mention(start: int, end: int, kind: str = "name") -> Mention:
    return span(start, end, Mention, text=BODY[start:end], kind=kind)


def entity(canonical: str, *places: tuple[int, int], **fields: Any) -> Entity:
    values = {"id": canonical, "type": "PER", "mentions": [mention(*p) for p in places]} | fields
    return Entity(canonical=canonical, **values)


def statement(start: int, end: int, **fields: Any) -> Statement:
    values: dict[str, Any] = {
        "id": f"{start}-{end}",
        "kind": "indirect",
        "stance": "say",
        "speaker": Speaker(name="وزیر نیرو", entity_id="e1"),
        "cue": span(19, 22, Cue, lemma="گفتن"),
        "content": [span(start, end)],
        "text": BODY[start:end],
        "confidence": 0.8,
    }
    return Statement(**values | fields)


def event(
    entities: Sequence[Entity] = (), statements: Sequence[Statement] = (), **fields: Any
) -> EnrichedArticle:
    values: dict[str, Any] = {
        "article": {"id": "1", "title": "آب", "body": BODY},
        "text": BODY,
        "blocks": [span(0, len(BODY), Block, kind="paragraph")],
        "sentences": [span(0, 36), span(37, len(BODY))],
        "dateline": None,
        "language": "fa",
        "published_at": None,
        "entities": list(entities),
        "statements": list(statements),
        "fingerprint": "0" * 16,
        "provenance": Provenance(pipeline="1"),
    }
    return EnrichedArticle(**values | fields)


A = entity("وزیر نیرو", (0, 9))
B = entity("استاندار", (37, 46))
LATER = Provenance(pipeline="2", models={"ner": "1"})
CASES: dict[str, tuple[EnrichedArticle, EnrichedArticle, dict[str, int]]] = {
    "another version that says the same": (
        event([A], [statement(24, 35)]),
        event([A], [statement(24, 35)], provenance=LATER),
        {},
    ),
    "entity gained": (event([A]), event([A, B]), {"entity-gained": 1}),
    "entity lost": (event([A, B]), event([B]), {"entity-lost": 1}),
    "type": (event([A]), event([entity("وزیر نیرو", (0, 9), type="ORG")]), {"entity-type": 1}),
    "canonical": (event([A]), event([entity("نیرو", (0, 9))]), {"entity-canonical": 1}),
    "boundary of a mention": (event([A]), event([entity("وزیر نیرو", (0, 4))]), {"entity-mentions": 1}),
    "another number in the event": (event([A]), event([entity("وزیر نیرو", (0, 9), id="e9")]), {}),
    "merged": (
        event([A, B]),
        event([entity("وزیر نیرو", (0, 9), (37, 46))]),
        {"entity-merged": 1, "entity-mentions": 1},
    ),
    "split": (
        event([entity("وزیر نیرو", (0, 9), (37, 46))]),
        event([A, B]),
        {"entity-split": 1, "entity-mentions": 1},
    ),
    "swallowed by another type": (
        event([A, entity("تهران", (13, 18), type="LOC")]),
        event([entity("وزیر نیرو", (0, 18))]),
        {"entity-lost": 1, "entity-mentions": 1},
    ),
    "a pronoun moves": (
        event([entity("وزیر نیرو", (0, 9), (50, 52, "pronoun")), B]),
        event([A, entity("استاندار", (37, 46), (50, 52, "pronoun"))]),
        {"entity-mentions": 2},
    ),
    "alias": (event([A]), event([entity("وزیر نیرو", (0, 9), aliases=["وزیر"])]), {"entity-other": 1}),
    "statement gained": (event(), event([], [statement(24, 35)]), {"statement-gained": 1}),
    "statement lost": (event([], [statement(24, 35)]), event(), {"statement-lost": 1}),
    "speaker": (
        event([], [statement(24, 35)]),
        event([], [statement(24, 35, speaker=Speaker(name="استاندار", entity_id="e2"))]),
        {"statement-speaker": 1},
    ),
    "speaker without an entity": (
        event([], [statement(24, 35)]),
        event([], [statement(24, 35, speaker=Speaker(name="وزیر نیرو"))]),
        {"statement-speaker": 1},
    ),
    "no speaker": (
        event([], [statement(24, 35)]),
        event([], [statement(24, 35, speaker=None)]),
        {"statement-speaker": 1, "statement-other": 1},
    ),
    "content": (event([], [statement(24, 35)]), event([], [statement(24, 31)]), {"statement-content": 1}),
    "kind, stance": (
        event([], [statement(24, 35)]),
        event([], [statement(24, 35, kind="direct", stance="deny")]),
        {"statement-kind": 1, "statement-stance": 1},
    ),
    "cue": (event([], [statement(24, 35)]), event([], [statement(24, 35, cue=None)]), {"statement-cue": 1}),
    "the same cue at another place": (
        event([], [statement(24, 35)]),
        event([], [statement(24, 35, cue=span(47, 52, Cue, lemma="گفتن"))]),
        {"statement-cue": 1},
    ),
    "a cue whose lemma was not told yet": (
        event([], [statement(24, 35, cue=span(19, 22, Cue))]),
        event([], [statement(24, 35)]),
        {"statement-other": 1},
    ),
    "confidence within the bound": (
        event([], [statement(24, 35)]),
        event([], [statement(24, 35, confidence=0.75)]),
        {},
    ),
    "confidence": (
        event([], [statement(24, 35)]),
        event([], [statement(24, 35, confidence=0.5)]),
        {"statement-confidence": 1},
    ),
    "one of two belongs to what it shares more with": (
        event([], [statement(24, 60)]),
        event([], [statement(24, 35), statement(37, 60)]),
        {"statement-content": 1, "statement-gained": 1},
    ),
    "text": (event(), event(text=BODY + "!"), {"text": 1}),
    "kind of a block": (
        event(),
        event(blocks=[span(0, len(BODY), Block, kind="lead")]),
        {"block-kind": 1},
    ),
    "two blocks of one": (
        event(),
        event(blocks=[span(0, 36, Block, kind="paragraph"), span(37, len(BODY), Block, kind="paragraph")]),
        {"block-lost": 1, "block-gained": 2},
    ),
    "two sentences are one": (
        event(),
        event(sentences=[span(0, len(BODY))]),
        {"sentence-lost": 2, "sentence-gained": 1},
    ),
    "another field": (event(), event(published_at="2024-01-01"), {"article-other": 1}),
    "another field of the article": (
        event(),
        event(article={"id": "1", "title": "آب", "body": BODY, "desk": "شهری"}),
        {"article-other": 1},
    ),
    "another article": (
        event([A]),
        event(article={"id": "1", "title": "آب", "body": BODY + " پایان"}),
        {"article-raw": 1},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_each_kind_of_change(name: str) -> None:
    one, other, expected = CASES[name]
    assert Counter(c.kind for c in compare(one, other)) == expected
    mirror: Counter[str] = Counter()
    for kind, number in expected.items():
        mirror[mirrored(kind)] += number
    assert Counter(c.kind for c in compare(other, one)) == mirror


def test_the_cases_show_every_kind_but_articles_of_one_side() -> None:
    shown = {kind for _, _, expected in CASES.values() for kind in expected}
    assert set(KINDS) - shown == {"article-gained", "article-lost"}
    assert [c.kind for c in compare(None, event())] == ["article-gained"]
    assert [c.kind for c in compare(event(), None)] == ["article-lost"]


def test_before_and_after_are_told() -> None:
    one, other, _ = CASES["merged"]
    merged = next(c for c in compare(one, other) if c.kind == "entity-merged")
    assert merged.before == "وزیر نیرو [PER] + استاندار [PER]"
    assert merged.after == "وزیر نیرو [PER]"
    one, other, _ = CASES["content"]
    assert compare(one, other) == [
        Change(
            kind="statement-content",
            article="1",
            title="آب",
            about=BODY[24:31],
            before=BODY[24:35],
            after=BODY[24:31],
        )
    ]


def test_a_lemma_is_told_as_one() -> None:
    one, other, _ = CASES["a cue whose lemma was not told yet"]
    (change,) = compare(one, other)
    assert (change.before, change.after) == ('{"lemma":null}', '{"lemma":"گفتن"}')


places = st.tuples(st.integers(0, 70), st.integers(1, 9)).map(lambda p: (p[0], p[0] + p[1]))
entities = st.builds(
    lambda where, kind, name: entity(name, *where, type=kind),
    st.lists(places, min_size=1, max_size=3, unique=True),
    st.sampled_from(["PER", "ORG", "LOC"]),
    st.sampled_from(["آب", "نیرو", "استاندار"]),
)
statements = st.builds(
    lambda where, stance, sure, name, lemma: statement(
        *where,
        stance=stance,
        confidence=sure,
        speaker=Speaker(name=name) if name else None,
        cue=span(19, 22, Cue, lemma=lemma),
    ),
    places,
    st.sampled_from(["say", "deny", "ask"]),
    st.sampled_from([0.1, 0.15, 0.9]),
    st.sampled_from(["", "وزیر", "استاندار"]),
    st.sampled_from([None, "گفتن"]),
)


def numbered(found: list[Entity]) -> list[Entity]:
    return [msgspec.structs.replace(e, id=f"e{n}") for n, e in enumerate(found)]


events = st.builds(
    lambda found, said, cuts: event(
        numbered(found),
        said,
        sentences=[span(*p) for p in cuts],
        blocks=[span(*p, Block, kind="lead") for p in cuts],
    ),
    st.lists(entities, max_size=6),
    st.lists(statements, max_size=6),
    st.lists(places, max_size=3),
)


@given(events)
def test_nothing_differs_from_itself(one: EnrichedArticle) -> None:
    assert compare(one, one) == []
    again = msgspec.json.decode(msgspec.json.encode(one), type=EnrichedArticle)
    assert compare(one, msgspec.structs.replace(again, provenance=LATER)) == []


@given(events, events)
def test_what_is_gained_one_way_is_lost_the_other(one: EnrichedArticle, other: EnrichedArticle) -> None:
    there, back = compare(one, other), compare(other, one)
    turned = [(mirrored(c.kind), c.after, c.before) for c in back]
    assert Counter((c.kind, c.before, c.after) for c in there) == Counter(turned)


@given(events, events)
def test_numbers_add_up(one: EnrichedArticle, other: EnrichedArticle) -> None:
    kinds = Counter(c.kind for c in compare(one, other))
    for family, ours, theirs in (
        ("statement", one.statements, other.statements),
        ("entity", one.entities, other.entities),
    ):
        more = kinds[f"{family}-gained"] + kinds["entity-split"] * (family == "entity")
        less = kinds[f"{family}-lost"] + kinds["entity-merged"] * (family == "entity")
        assert len(ours) - less == len(theirs) - more


@given(st.lists(st.lists(places, max_size=3), max_size=5), st.lists(st.lists(places, max_size=3), max_size=5))
def test_overlaps_are_those_of_each_pair_of_spans(
    one: list[list[tuple[int, int]]], other: list[list[tuple[int, int]]]
) -> None:
    expected: Counter[tuple[int, int]] = Counter()
    for i, ours in enumerate(one):
        for j, theirs in enumerate(other):
            for start, end in ours:
                for begin, until in theirs:
                    expected[i, j] += max(0, min(end, until) - max(start, begin))
    found = overlaps(
        [[("body", *p) for p in ours] for ours in one], [[("body", *p) for p in theirs] for theirs in other]
    )
    assert found == +expected


@given(
    st.dictionaries(st.tuples(st.integers(0, 4), st.integers(0, 4)), st.integers(1, 2)),
    st.permutations(range(5)),
)
def test_changing_places_gives_the_same_pairs(weights: dict[tuple[int, int], int], names: list[int]) -> None:
    there = best_pairs(weights, range(5), names)
    back = best_pairs({(j, i): n for (i, j), n in weights.items()}, names, range(5))
    assert there == {i: j for j, i in back.items()}
    assert all(i in there or j in back for i, j in weights)  # nothing that could be paired is left alone


def test_a_tally_counts_the_wanted_kinds_and_keeps_examples_of_several_articles() -> None:
    tally = Tally(2, ["entity-gained", "article-lost"])
    for number in range(10):
        article = {"id": str(number), "title": None, "body": BODY}
        one, other = event([], article=article), event([A, B], [statement(24, 35)], article=article)
        assert len(tally.add(one, other, compare(one, other))) == 2
    tally.add(event(), None, compare(event(), None))
    tally.add(event(), event([], [statement(24, 35)]), compare(event(), event([], [statement(24, 35)])))
    assert tally.changes == {"entity-gained": 20, "article-lost": 1}
    assert tally.articles == {"entity-gained": 10, "article-lost": 1}
    assert (tally.equal, tally.different, tally.only_a, tally.only_b) == (1, 10, 1, 0)
    assert tally.entities == [0, 20]
    examples = tally.examples("entity-gained")
    assert len({c.article for c in examples}) == len(examples) == 2
