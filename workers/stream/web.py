"""The probes `/live` and `/ready`, and `/metrics`."""

from collections.abc import Callable

from aiohttp import web
from aiohttp.typedefs import Handler

from workers.stream.metrics import Metrics
from workers.stream.progress import Progress


async def start_web(host: str, port: int, progress: Progress, metrics: Metrics) -> web.AppRunner:
    """Serve until the returned runner is cleaned up. Raises OSError where the port is taken."""
    app = web.Application()
    app.add_routes(
        [
            web.get("/live", _probe(lambda: progress.live)),
            web.get("/ready", _probe(lambda: progress.live and progress.ready)),
            web.get("/metrics", _metrics(metrics)),
        ]
    )
    runner = web.AppRunner(app, access_log=None, handle_signals=False)
    await runner.setup()
    await web.TCPSite(runner, host, port).start()
    return runner


def _probe(healthy: Callable[[], bool]) -> Handler:
    async def probe(_: web.Request) -> web.Response:
        return web.Response(text="yes\n") if healthy() else web.Response(text="no\n", status=503)

    return probe


def _metrics(metrics: Metrics) -> Handler:
    async def serve(_: web.Request) -> web.Response:
        return web.Response(text=metrics.text(), headers={"Content-Type": "text/plain; version=0.0.4"})

    return serve
