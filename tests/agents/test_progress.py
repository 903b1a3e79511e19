"""A worker counts as stalled at the right time, by a clock of our own."""

from workers.stream.progress import Progress


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def stalled(progress: Progress, clock: Clock, seconds: float) -> bool:
    clock.now += seconds
    return not progress.live


def test_nothing_to_do_is_fine_for_ever() -> None:
    clock = Clock()
    progress = Progress(60, clock)
    for _ in range(100):
        clock.now += 50
        progress.observe({0: 10}, work=False)
        assert progress.live


def test_work_and_no_commit_is_a_stall() -> None:
    clock = Clock()
    progress = Progress(60, clock)
    progress.observe({0: 10}, work=True)
    clock.now += 59
    progress.observe({0: 10}, work=True)
    assert progress.live
    assert stalled(progress, clock, 2)


def test_commits_are_progress() -> None:
    clock = Clock()
    progress = Progress(60, clock)
    for offset in range(10):
        clock.now += 50
        progress.observe({0: offset}, work=True)
        assert progress.live


def test_articles_of_a_slow_batch_are_progress_but_not_batch_after_batch() -> None:
    clock = Clock()
    progress = Progress(60, clock)
    progress.observe({0: 10}, work=True)
    for _ in range(20):
        clock.now += 50
        progress.article_done()
        assert progress.live
    for _ in range(3):
        progress.batch_done()
        clock.now += 25
        progress.article_done()
    assert stalled(progress, clock, 30)


def test_an_unknown_lag_is_no_progress() -> None:
    clock = Clock()
    assert stalled(Progress(60, clock), clock, 61)


def test_ready_needs_pipeline_and_group_and_no_stop() -> None:
    progress = Progress(60, Clock())
    assert not progress.ready
    progress.loaded()
    assert not progress.ready
    progress.assigned = True
    assert progress.ready
    progress.stopping = True
    assert not progress.ready
