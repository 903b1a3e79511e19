"""Which statements a question asks for."""

import pytest

from schemas.derived import ArticleRef, StatementEvent
from schemas.enriched import Entity, EntityType, Provenance, Span, Speaker, Statement
from workers.moments import read_moment
from workers.quoting import Query


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
        (Query(since=read_moment("2019-07-08"), until=read_moment("2019-07-08")), True),
        (Query(since=read_moment("2019-07-09")), False),
        (Query(until=read_moment("2019-07-07")), False),
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
    assert not Query(since=read_moment("1900-01-01")).accepts(undated)
    assert not Query(until=read_moment("2100-01-01")).accepts(undated)


def test_without_a_speaker_nobody_asked_for_said_it() -> None:
    from msgspec.structs import replace

    nobody = replace(EVENT, statement=replace(EVENT.statement, speaker=None), speaker_entity=None)
    assert Query().accepts(nobody)
    assert not Query(speaker="لودریان").accepts(nobody)


@pytest.mark.parametrize(
    ("published_at", "since", "until", "accepted"),
    [
        ("2019-07-08T10:00:00+03:30", "1398/04/17", "17 تیر 1398", True),
        ("2019-07-08T01:00:00+03:30", "2019-07-08", None, True),  # the day before, in UTC
        ("2019-07-08T10:00:00+03:30", "2019-07-08T06:30Z", None, True),
        ("2019-07-08T10:00:00+03:30", "2019-07-08T06:31Z", None, False),
        ("2019-07-08T10:00:00+03:30", None, "2019-07-08T06:30Z", True),
        ("2019-07-08T10:00:00+03:30", None, "2019-07-08T06:29Z", False),
        ("2019-07-08", "2019-07-08T12:00 Asia/Tehran", None, True),  # some time of that day
        ("2019-07-08", "2019-07-09T00:00 Asia/Tehran", None, False),
        ("2019-07-08", None, "2019-07-08T00:00 Asia/Tehran", True),
        ("2019-07-08", None, "2019-07-07T23:59 Asia/Tehran", False),
        ("not by khabar", "2019-07-08", None, False),
    ],
)
def test_days_are_compared_as_written_and_moments_as_moments(
    published_at: str, since: str | None, until: str | None, accepted: bool
) -> None:
    from msgspec.structs import replace

    event = replace(EVENT, article=ArticleRef(id="a", published_at=published_at))
    query = Query(since=read_moment(since) if since else None, until=read_moment(until) if until else None)
    assert query.accepts(event) is accepted
