"""The account finds what was planted in it, and nothing where all is well."""

import pytest

from tests.chaos.account import ENRICHED, NOTHING, WITHDRAWN, Account, Seen, Sent, Source, take_account


def sent(offset: int, *expected: str, digest: bytes = b"") -> Sent:
    return Sent((0, offset), "article", frozenset(expected), digest)


def seen(
    source: int,
    place: int,
    outcome: str = ENRICHED,
    key: bytes = b"a",
    digest: bytes = b"same",
    **more: object,
) -> Seen:
    return Seen((0, source), outcome, (0, place), key, digest, **more)


GOOD_SENT = [sent(0, ENRICHED), sent(1, ENRICHED), sent(3, "schema", digest=b"bytes"), sent(4, NOTHING)]
GOOD_SEEN = [
    seen(0, 0),
    seen(1, 1, digest=b"new"),
    seen(0, 2),  # a batch that came again
    seen(1, 3, digest=b"new"),
    seen(3, 0, "schema", key=b"b", untouched=b"bytes"),
]


def test_all_is_well() -> None:
    account = take_account(GOOD_SENT, GOOD_SEEN)
    assert account.failures == {}
    assert (account.sent, account.seen, account.twice, account.unconfirmed) == (4, 5, 2, 0)
    assert account.outcomes == {ENRICHED: 2, "schema": 1}
    assert account.out_of_order == []


@pytest.mark.parametrize(
    ("more_sent", "more_seen", "failure", "about"),
    [
        ([sent(9, ENRICHED)], [], "lost", "0:9"),
        ([], [seen(0, 7, "timeout")], "enriched and dead", "0:0"),
        ([], [seen(1, 7, digest=b"other")], "came again with other bytes", "0:1"),
        ([], [seen(0, 7)], "ends with an older version", "a: ends with 0:0, the newest is 0:1"),
        ([sent(9, ENRICHED)], [seen(9, 7, "timeout", key=b"c")], "wrong outcome", "timeout instead of"),
        ([], [seen(4, 7, key=b"d")], "wrong outcome", "enriched instead of nothing"),
        (
            [sent(9, "schema", digest=b"mine")],
            [seen(9, 7, "schema", key=b"c", untouched=b"not")],
            "dead letter with other bytes",
            "0:9",
        ),
    ],
)
def test_what_is_planted_is_found(
    more_sent: list[Sent], more_seen: list[Seen], failure: str, about: str
) -> None:
    failures = take_account(GOOD_SENT + more_sent, GOOD_SEEN + more_seen).failures
    assert list(failures) == [failure]
    assert about in failures[failure][0]


def test_a_withdrawn_article_must_stay_withdrawn() -> None:
    raw = [sent(0, ENRICHED), sent(1, WITHDRAWN)]
    withdrawn = [seen(0, 0), seen(1, 1, WITHDRAWN, digest=b"none")]
    assert take_account(raw, withdrawn).failures == {}
    assert list(take_account(raw, [*withdrawn, seen(0, 2)]).failures) == ["ends with an older version"]


def test_events_taken_back_before_a_dead_letter_are_one_outcome() -> None:
    raw = [sent(5, "too_large")]
    taken_back = [seen(5, 0), seen(5, 1, WITHDRAWN), seen(5, 0, "too_large")]
    account = take_account(raw, taken_back)
    assert account.failures == {}
    assert account.outcomes == {"too_large": 1}
    assert list(take_account(raw, [*taken_back, seen(5, 2)]).failures) == ["enriched and dead"]


def test_derived_events_that_are_missing_are_named() -> None:
    promised = [seen(0, 0, promised=frozenset({"statement 1", "statement 2"}))]

    def missing(derived: dict[Source, frozenset[str]]) -> Account:
        return take_account([sent(0, ENRICHED)], promised, derived)

    assert missing({(0, 0): frozenset({"statement 1", "statement 2", "statement of old"})}).failures == {}
    assert missing({(0, 0): frozenset({"statement 1"})}).underived == ["0:0: 1, such as statement 2"]
    assert missing({}).underived == ["0:0: 2, such as statement 1"]


def test_order_is_told_and_fails_nothing() -> None:
    account = take_account([], [seen(2, 0, digest=b"2"), seen(1, 1, digest=b"1"), seen(2, 2, digest=b"2")])
    assert account.failures == {}
    assert account.unconfirmed == 2
    assert account.out_of_order == ["a: first seen in the order [2, 1]"]
