"""Whose turn it is to send."""

import asyncio

import pytest

from workers.stream.turn import GivenBack, StoodStill, Turn


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_only_what_was_taken_in_this_turn_may_be_sent() -> None:
    turn = Turn(5)
    with pytest.raises(GivenBack):
        turn.check(turn.number)
    turn.take()
    number = turn.number
    turn.check(number)
    asyncio.run(turn.give_up())
    with pytest.raises(GivenBack):
        turn.check(number)
    turn.take()
    with pytest.raises(GivenBack):
        turn.check(number)
    turn.check(turn.number)


async def test_partitions_are_given_up_once_the_sending_has_ended() -> None:
    turn = Turn(5)
    turn.take()
    async with turn.sending(turn.number):
        giving_up = asyncio.create_task(turn.give_up())
        await asyncio.sleep(0.01)
        assert not giving_up.done()
    await giving_up


@pytest.mark.parametrize("first", ["the clock", "the sender"])
def test_a_process_that_stood_still_sends_nothing(first: str) -> None:
    clock = Clock()
    turn = Turn(5, clock)
    turn.take()
    for clock.now in (4.0, 8.0, 12.9):
        turn.tick()
    turn.check(turn.number)
    clock.now = 18.1
    if first == "the clock":
        turn.tick()
    with pytest.raises(StoodStill, match=r"stood still for 5\.2 s"):
        turn.check(turn.number)
    turn.take()  # shared out while the process stood still: another may have had the partitions since
    with pytest.raises(StoodStill):
        turn.check(turn.number)
    turn.begin()
    turn.take()  # a member anew: it reads from what is committed
    turn.check(turn.number)
