"""The Faust app, built by a function from settings: importing this module makes and reads nothing.

Faust's traps shape the agent:

- An exception in an agent acknowledges the event. So the work on an article raises none, and any other ends
  the process.
- `send` only buffers. So the brokers' confirmation is awaited.
- One unacknowledged record among acknowledged ones is committed over. So one agent at a time acknowledges a
  batch whole or not at all.
"""

import asyncio
import logging
from collections.abc import Callable

import faust
from faust.auth import SASLCredentials, SSLCredentials
from mode.supervisors import CrashingSupervisor

from workers.settings import Settings
from workers.stream.batches import SURELY_TAKEN_BYTES, Batches
from workers.stream.clients import REQUEST_BYTES, compression
from workers.stream.consumer.fetching import raw_record
from workers.stream.progress import Progress
from workers.stream.turn import GivenBack

log = logging.getLogger(__name__)

_COMMIT_SECONDS = 0.5
_METADATA_MS = (
    10_000  # new partitions, and topics that were not there at the start, are seen within this time
)


def build_app(settings: Settings, datadir: str) -> faust.App:
    """A Faust app for the brokers of these settings, without an agent. Faust needs a folder."""
    slowest_batch = settings.batch_articles * settings.article_seconds
    return faust.App(
        settings.group,
        broker=";".join(f"kafka://{b}" for b in settings.brokers),
        broker_credentials=_credentials(settings),
        broker_client_id=settings.client_id,
        broker_session_timeout=settings.session_seconds,
        broker_heartbeat_interval=heartbeat_seconds(settings),
        broker_rebalance_timeout=max(settings.session_seconds, 30.0),
        broker_request_timeout=max(40.0, settings.session_seconds + 5),
        # A batch of hanging articles is slow: the member must stay in its group meanwhile.
        broker_max_poll_interval=max(300.0, 2 * slowest_batch + 60),
        broker_commit_interval=_COMMIT_SECONDS,
        # `consumer.transport` decides where to begin, and reports what was deleted unread.
        consumer_auto_offset_reset="none",
        consumer_metadata_max_age_ms=_METADATA_MS,
        producer_metadata_max_age_ms=_METADATA_MS,
        broker_max_poll_records=settings.batch_articles,
        producer_acks=-1,
        producer_max_batch_size=SURELY_TAKEN_BYTES,  # fewer requests: a tenth of the parent's time
        producer_max_request_size=REQUEST_BYTES,
        producer_compression_type=compression(settings),
        agent_supervisor=CrashingSupervisor,
        stream_buffer_maxsize=settings.batch_articles,
        stream_wait_empty=False,
        topic_disable_leader=True,
        topic_allow_declare=False,
        web_enabled=False,
        autodiscover=False,
        store="memory://",
        datadir=datadir,
        value_serializer="raw",
        key_serializer="raw",
    )


def heartbeat_seconds(settings: Settings) -> float:
    """Seconds between two heartbeats."""
    return min(3.0, settings.session_seconds / 4)


def add_agent(
    app: faust.App,
    settings: Settings,
    batches: Batches,
    progress: Progress,
    failed: Callable[[BaseException], None],
) -> None:
    """Add the enriching agent on the raw topic. `failed` gets every error that must end the process."""
    topic = app.topic(
        settings.topic_name("raw"),
        key_type=bytes,
        value_type=bytes,
        key_serializer="raw",
        value_serializer="raw",
    )

    async def enrich(stream: faust.Stream[bytes]) -> None:
        async for events in stream.noack_take(settings.batch_articles, within=settings.batch_seconds):
            if progress.stopping:
                await asyncio.Event().wait()  # until cancelled: given back, unacknowledged
            # Faust may hand out records that it held before a rebalance: they come again.
            ours = [e for e in events if e.message.generation_id == app.consumer_generation_id]
            progress.batch_taken(len(ours))
            log.debug("batch taken", extra={"records": len(ours)})
            try:
                await batches.work_off([raw_record(e.message) for e in ours], progress.article_done)
            except asyncio.CancelledError:
                raise
            except GivenBack:
                log.info("batch given back: the group shares out anew", extra={"records": len(ours)})
                progress.batch_given_back()
                continue
            except BaseException as error:
                failed(error)
                raise
            for event in ours:
                event.ack()
            progress.batch_done()

    app.agent(topic, name="enrich", concurrency=1, supervisor_strategy=CrashingSupervisor)(enrich)


def _credentials(settings: Settings) -> SASLCredentials | SSLCredentials | None:
    context = settings.ssl_context()
    if settings.sasl_mechanism and settings.sasl_password:
        return SASLCredentials(
            username=settings.sasl_username,
            password=settings.sasl_password.get_secret_value(),
            ssl_context=context,
            mechanism=settings.sasl_mechanism,
        )
    return SSLCredentials(context) if context else None
