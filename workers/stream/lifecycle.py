"""What a worker and a side replay share from start to end: the enriching process, the signals, the web."""

import asyncio
import contextlib
import signal
from collections.abc import AsyncGenerator

from workers.enrichment.process import PipelineProcess
from workers.enrichment.records import Limits
from workers.settings import Settings
from workers.stream.metrics import Metrics
from workers.stream.progress import Progress
from workers.stream.web import start_web

_CLOSE_SECONDS = 0.5


def pipeline_process(settings: Settings, limits: Limits) -> PipelineProcess:
    """The process that enriches, as the settings have it; not started yet."""
    return PipelineProcess(
        factory=settings.pipeline_factory,
        profile=settings.profile,
        lexicons=[str(p.absolute()) for p in settings.lexicons],
        limits=limits,
        article_seconds=settings.article_seconds,
    )


def set_by_signals(stop: asyncio.Event) -> None:
    """Have SIGTERM and SIGINT set an event of the running loop."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)


@contextlib.asynccontextmanager
async def web(settings: Settings, progress: Progress, metrics: Metrics) -> AsyncGenerator[None]:
    """Probes and metrics while the block runs, where the settings name a port. Raises OSError."""
    runner = None
    if settings.web_port:
        runner = await start_web(settings.web_host, settings.web_port, progress, metrics)
    try:
        yield
    finally:
        if runner is not None:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_CLOSE_SECONDS):
                    await runner.cleanup()
