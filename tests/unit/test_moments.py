"""Moments on the command line."""

import time

import pytest

from workers.failures import UsageFailed
from workers.moments import parse_moment, show_moment, show_moment_twice

DAY = 1_769_817_600_000  # 2026-01-31T00:00Z


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
    ],
)
def test_moments(text: str, expected: int) -> None:
    assert parse_moment(text) == expected


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
    "text", ["", "yesterday", "2026-13-01", "2026-01-31 Asia/Nowhere", "2026-01-31T09:00Z Asia/Tehran", "12"]
)
def test_what_is_no_moment_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(UsageFailed):
        parse_moment(text)


def test_moments_are_shown() -> None:
    assert show_moment(DAY + 5) == "2026-01-31T00:00:00.005Z"
    assert show_moment(None) == show_moment(-1) == "–"
    assert show_moment(10**17) == f"{10**17} ms"
    assert show_moment_twice(DAY) == "2026-01-31T00:00:00.000Z (2026-01-31 03:30:00 in Tehran)"
