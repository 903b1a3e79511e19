"""One raw record in, its outcome out: pure, and no exception leaves it."""

from typing import Any

from schemas.reasons import Reason
from workers.nlp.document import Rejected
from workers.nlp.pipeline import Pipeline, StepFailed
from workers.stream.codec import decode
from workers.stream.dead_letters import dead_letter
from workers.stream.events import event_outputs, withdrawal_outputs
from workers.stream.records import Limits, Outcome, Output, RawRecord

# Statement events repeat their entities: thousands of each would be more than any memory holds.
_ALL_EVENTS_BYTES = 64 * 1024 * 1024
_ID_BYTES = 4096  # of a withdrawal, which stands in every partition


def without_pipeline(record: RawRecord, limits: Limits) -> Outcome | None:
    """The outcome of what needs no enriching: a withdrawal, or what is refused at sight; else None."""
    if record.fault is not None:
        return dead_letter(record, record.fault.reason, "fetch", record.fault.detail)
    if record.value is None:
        return _withdrawal(record)
    if len(record.value) > limits.raw:
        detail = f"the value has {len(record.value):,} bytes, the limit is {limits.raw:,}"
        return dead_letter(record, Reason.TOO_LARGE, "decode", detail)
    return None


def _withdrawal(record: RawRecord) -> Outcome:
    if not record.key:
        return dead_letter(record, Reason.EMPTY, "decode", "the record has neither key nor value")
    if len(record.key) > _ID_BYTES:
        detail = f"a withdrawal whose key has {len(record.key):,} bytes, the limit is {_ID_BYTES:,}"
        return dead_letter(record, Reason.TOO_LARGE, "decode", detail)
    try:
        article = record.key.decode()
    except UnicodeDecodeError as error:
        detail = f"a withdrawal whose key is not UTF-8: {error}"
        return dead_letter(record, Reason.UNDECODABLE, "decode", detail)
    return Outcome(withdrawal_outputs(record, article), article=article, withdrawn=True)


def handle(record: RawRecord, pipeline: Pipeline, limits: Limits) -> Outcome:
    """Enrich one raw record: its events, or its dead letter and why."""
    if (settled := without_pipeline(record, limits)) is not None:
        return settled
    step = "decode"
    try:
        raw = decode(record.value)
        step = "pipeline"
        enriched = pipeline.enrich(raw, _provenance(record))
        step = "encode"
        outputs: list[Output] = []
        total = 0
        for output in event_outputs(record, enriched):
            total += output.size
            limit = limits.of(output.role)
            if limit is not None and output.size > limit:
                detail = f"the {output.role} event has {output.size:,} bytes, its topic takes {limit:,}"
                return dead_letter(record, Reason.TOO_LARGE, step, detail)
            if total > _ALL_EVENTS_BYTES:
                detail = f"its events have more than {_ALL_EVENTS_BYTES:,} bytes together"
                return dead_letter(record, Reason.TOO_LARGE, step, detail)
            outputs.append(output)
    except Rejected as verdict:
        return dead_letter(record, verdict.reason, verdict.step, verdict.detail)
    except StepFailed as failed:
        return dead_letter(record, Reason.INTERNAL, failed.step, str(failed), failed.__cause__ or failed)
    except Exception as error:  # noqa: BLE001 - a fault of ours is no reason to stop the partition
        return dead_letter(record, Reason.INTERNAL, step, f"{type(error).__name__}: {error}", error)
    return Outcome(tuple(outputs), article=str(enriched.article["id"]))


def _provenance(record: RawRecord) -> dict[str, Any]:
    return {
        "topic": record.topic,
        "partition": record.partition,
        "offset": record.offset,
        "timestamp": record.timestamp,
    }
