"""The probe port against clients that speak no HTTP."""

import asyncio
import logging

import pytest

from workers.broker import _free_port
from workers.stream.logs import OneLine
from workers.stream.metrics import Metrics
from workers.stream.progress import Progress
from workers.stream.web import start_web


@pytest.mark.parametrize(
    "request_bytes",
    [
        pytest.param(b"\x16\x03\x01\x02\x00\x01\x00", id="TLS"),
        pytest.param(b"GET /live HTTP/9.9\r\n\r\n", id="no such version"),
        pytest.param(b"GET /live HTTP/1.1\r\nContent-Length: x\r\n\r\n", id="a length that is no number"),
        pytest.param(b"\0" * 20_000, id="zeros"),
    ],
)
async def test_a_malformed_request_is_one_short_line(
    request_bytes: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.handler.addFilter(OneLine())
    port = _free_port()
    runner = await start_web("127.0.0.1", port, Progress(60), Metrics())
    try:
        with caplog.at_level(logging.INFO):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(request_bytes)
            answer = await asyncio.wait_for(reader.read(), 5)
            writer.close()
        assert b" 400 " in answer[:20]
    finally:
        await runner.cleanup()
    for record in caplog.records:
        assert record.exc_info is None
        assert record.levelno < logging.ERROR
        assert "\n" not in record.getMessage()
