"""Dead letters, listed: the newest by time, without the weight of their values."""

import pytest

from schemas import headers
from workers.operations import dead_letters
from workers.operations.dead_letters import DeadLetter, newest_dead_letters
from workers.settings import Settings


def letter(offset: int, timestamp: int, reason: str) -> DeadLetter:
    told = ((headers.ERROR_REASON, reason.encode()),)
    return DeadLetter(0, offset, timestamp, None, b"x" * 1000, told, 1000)


def test_the_newest_are_listed_without_their_values(monkeypatch: pytest.MonkeyPatch) -> None:
    letters = [letter(0, 30, "empty"), letter(1, 10, "schema"), letter(2, 20, "empty")]
    monkeypatch.setattr(dead_letters, "all_dead_letters", lambda _: iter(letters))
    found, counts = newest_dead_letters(Settings(), 2)
    assert [(f.offset, f.value, f.value_bytes) for f in found] == [(2, None, 1000), (0, None, 1000)]
    assert counts == {"empty": 2, "schema": 1}
    assert [f.offset for f in newest_dead_letters(Settings(), None, reason="schema")[0]] == [1]
