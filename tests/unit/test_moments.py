"""Moments on the command line."""

import time
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from persiantools.jdatetime import JalaliDate

from workers.failures import UsageFailed
from workers.moments import parse_duration, parse_moment, read_moment, show_moment, show_moment_twice

DAY = 1_769_817_600_000  # 2026-01-31T00:00Z
HOUR = 3_600_000
TEHRAN = 12_600_000  # ahead of UTC
NOW = DAY + 22 * HOUR  # past midnight in Tehran: 2026-02-01T01:30


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-01-31", DAY),
        ("2026-01-31T05:30", DAY + 19_800_000),
        ("2026-01-31 05:30:00.250", DAY + 19_800_250),
        ("2026-01-31T05:30Z", DAY + 19_800_000),
        ("2026-01-31T09:00+03:30", DAY + 19_800_000),
        ("2026-01-31T09:00 Asia/Tehran", DAY + 19_800_000),
        ("2026-01-31T09:00[Asia/Tehran]", DAY + 19_800_000),
        ("2026-01-31 Asia/Tehran", DAY - 12_600_000),
        ("2026-01-31 05:30 UTC", DAY + 19_800_000),
        ("1769817600", DAY),
        (" 1769817600123 ", DAY + 123),
        ("1769817600123456", DAY + 123),
        ("۱۷۶۹۸۱۷۶۰۰", DAY),
        ("2026-01-31 9:00", DAY + 9 * HOUR),
        ("20260131", DAY),
        ("2026-W05-6", DAY),
        ("1404-11-11", DAY - TEHRAN),
        ("1404/11/11", DAY - TEHRAN),
        ("۱۴۰۴/۱۱/۱۱", DAY - TEHRAN),
        ("۱۴۰۴/۱۱/۱۱ ۰۹:۰۰", DAY - TEHRAN + 9 * HOUR),
        ("1404-11-11T09:00Z", DAY + 9 * HOUR),
        ("1404-11-11 09:00 +00:00", DAY + 9 * HOUR),
        ("1404-11-11 09:00 UTC", DAY + 9 * HOUR),
        ("1404-11-11 UTC", DAY),
        ("1403-12-30", 1_742_416_200_000),  # of a leap year: 2025-03-20 in Tehran
        ("11 بهمن 1404", DAY - TEHRAN),
        ("now", NOW),
        ("2h ago", NOW - 2 * HOUR),
        ("۲h ago", NOW - 2 * HOUR),
        ("1h30m ago", NOW - 3 * HOUR // 2),
        ("3 days ago", NOW - 72 * HOUR),
        ("today", DAY + 24 * HOUR - TEHRAN),
        ("Yesterday", DAY - TEHRAN),
        ("yesterday 14:30", DAY - TEHRAN + 14 * HOUR + HOUR // 2),
        ("today UTC", DAY),
        ("1821-03-21", -4_695_148_800_000),  # before Unix time
    ],
)
def test_moments(text: str, expected: int) -> None:
    assert parse_moment(text, NOW) == expected


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2026-01-31", DAY, DAY + 24 * HOUR),
        ("1404/11/11", DAY - TEHRAN, DAY - TEHRAN + 24 * HOUR),
        ("2026-03-29 Europe/Berlin", 1_774_738_800_000, 1_774_738_800_000 + 23 * HOUR),  # clocks go forward
        ("2026-01-31T05:30", DAY + 11 * HOUR // 2, DAY + 11 * HOUR // 2 + 1),
    ],
)
def test_a_day_lasts_to_the_next_midnight(text: str, start: int, end: int) -> None:
    found = read_moment(text, NOW)
    assert (found.start, found.end) == (start, end)
    assert (found.day is not None) == (end - start > 1)


@given(st.integers(0, 4_102_444_800_000))
def test_what_is_shown_is_read_again(milliseconds: int) -> None:
    assert parse_moment(show_moment(milliseconds), NOW) == milliseconds


@given(st.dates(date(1850, 1, 1), date(2110, 1, 1)))
def test_a_day_is_the_same_in_both_calendars(day: date) -> None:
    jalali = JalaliDate(day)
    text = f"{jalali.year}-{jalali.month:02}-{jalali.day:02}"
    assert read_moment(text, NOW).day == read_moment(day.isoformat(), NOW).day == day


@given(
    st.text(max_size=30)
    | st.from_regex(r"[0-9۰-۹]{1,5}[-/.][0-9]{1,3}[-/.][0-9]{1,3}( .{0,8})?", fullmatch=True)
)
def test_nothing_but_a_sentence_comes_of_what_is_no_moment(text: str) -> None:
    with suppress(UsageFailed):
        assert read_moment(text, NOW).start < read_moment(text, NOW).end


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1h", HOUR),
        ("90m", 90 * 60_000),
        ("1h30m", 90 * 60_000),
        ("1.5h", 90 * 60_000),
        ("45s", 45_000),
        ("2 days", 48 * HOUR),
        ("1w", 168 * HOUR),
        ("۹۰m", 90 * 60_000),
        ("P1D", 24 * HOUR),
        ("PT1H30M", 90 * 60_000),
        ("p1dt1h", 25 * HOUR),
    ],
)
def test_durations(text: str, expected: int) -> None:
    assert parse_duration(text) == expected


@pytest.mark.parametrize(
    "text", ["", "0h", "1", "h", "P1M", "PT", "1y", "-1h", "-P1D", "1h and more", "9" * 400 + "d"]
)
def test_what_is_no_duration_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(UsageFailed, match="is no duration; write 90m"):
        parse_duration(text)


@pytest.mark.parametrize("zone", ["Asia/Tehran", "America/New_York", "UTC"])
def test_without_a_zone_it_is_utc_wherever_we_are(zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        assert parse_moment("2026-01-31") == DAY
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize(
    "text",
    [
        *("", "lately", "2026-13-01", "2026-01-31 Asia/Nowhere", "2026-01-31T09:00Z Asia/Tehran", "12"),
        *("1403-13-40", "1404-12-30", "0001-01-01", "9999-12-31", "99999999999", "9" * 17, "1700-01-01"),
        *("2026-01-31 25:00", "today 9", "soon ago", "2026-01-31T09:00+99:00", "3000-01-01", "4000000d ago"),
    ],
)
def test_what_is_no_moment_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(UsageFailed):
        parse_moment(text)


def test_moments_are_shown() -> None:
    assert show_moment(DAY + 5) == "2026-01-31T00:00:00.005Z"
    assert show_moment(None) == show_moment(-1) == "–"
    assert show_moment(10**17) == f"{10**17} ms"
    assert show_moment_twice(DAY) == "2026-01-31T00:00:00.000Z (2026-01-31 03:30:00 in Tehran)"
