"""Which statements a question asks for."""

import pytest

from schemas.derived import ArticleRef, StatementEvent
from schemas.enriched import Entity, EntityType, Provenance, Span, Speaker, Statement
from workers.failures import UsageFailed
from workers.quoting import Query, parse_day


def entity(canonical: str, *aliases: str, titles: tuple[str, ...] = (), kind: EntityType = "PER") -> Entity:
    return Entity(id="e", type=kind, canonical=canonical, aliases=list(aliases), titles=list(titles))


EVENT = StatementEvent(
    id="s",
    article=ArticleRef(id="a", published_at="2019-07-08T10:00:00+03:30"),
    statement=Statement(
        id="s",
        kind="direct",
        stance="warn",
        speaker=Speaker(name="لودریان", entity_id="e"),
        cue=None,
        content=[Span(start=0, end=1, raw_start=0, raw_end=1)],
        text="جنگ در خاورمیانه می‌تواند آغاز شود",
        confidence=0.7,
    ),
    speaker_entity=entity("ژان‌ایو لودریان", "لودریان", titles=("وزیر دفاع فرانسه",)),
    entities=[entity("خاورمیانه", kind="LOC")],
    before="",
    after="",
    provenance=Provenance(pipeline="0"),
)


@pytest.mark.parametrize(
    ("query", "accepted"),
    [
        (Query(), True),
        (Query(speaker="لودریان"), True),
        (Query(speaker="ژان ایو"), True),
        (Query(speaker="ژان-ايو لودريان"), True),  # Arabic letters
        (Query(speaker="وزیر دفاع"), True),
        (Query(speaker="ودریان"), False),  # no word of its own
        (Query(speaker="کارتر"), False),
        (Query(speaker="لودریان فرانسه"), False),  # words of two names are no name
        (Query(about="خاور میانه"), False),
        (Query(about="خاورميانه"), True),
        (Query(about="لودریان"), False),
        (Query(stances=frozenset({"warn", "deny"})), True),
        (Query(stances=frozenset({"say"})), False),
        (Query(since="2019-07-08", until="2019-07-08"), True),
        (Query(since="2019-07-09"), False),
        (Query(until="2019-07-07"), False),
        (Query(contains="مي تواند آغاز"), True),
        (Query(contains="پایان"), False),
        (Query(least_confidence=0.7), True),
        (Query(least_confidence=0.71), False),
        (Query(speaker="لودریان", stances=frozenset({"say"})), False),
    ],
)
def test_every_condition_must_hold(query: Query, accepted: bool) -> None:
    assert query.accepts(EVENT) is accepted


def test_the_undated_are_of_no_time() -> None:
    from msgspec.structs import replace

    undated = replace(EVENT, article=ArticleRef(id="a"))
    assert Query().accepts(undated)
    assert not Query(since="1900-01-01").accepts(undated)
    assert not Query(until="2100-01-01").accepts(undated)


def test_without_a_speaker_nobody_asked_for_said_it() -> None:
    from msgspec.structs import replace

    nobody = replace(EVENT, statement=replace(EVENT.statement, speaker=None), speaker_entity=None)
    assert Query().accepts(nobody)
    assert not Query(speaker="لودریان").accepts(nobody)


def test_days() -> None:
    assert parse_day("2019-07-08") == parse_day("۱۳۹۸/۰۴/۱۷") == parse_day("17 تیر 1398") == "2019-07-08"
    assert parse_day(None) is None
    with pytest.raises(UsageFailed, match="lately"):
        parse_day("lately")
