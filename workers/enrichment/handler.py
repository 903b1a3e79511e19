"""Turns one raw record into its outcome: a pure function that raises nothing."""

from typing import Any

from schemas.enriched import EnrichedArticle
from schemas.reasons import Reason
from workers.enrichment.codec import decode
from workers.enrichment.dead_letters import dead_letter
from workers.enrichment.events import event_outputs
from workers.enrichment.records import Limits, Outcome, Output, RawRecord
from workers.enrichment.settled import without_pipeline
from workers.nlp.document import Rejected
from workers.nlp.pipeline import Pipeline, StepFailed

# Statement events repeat their entities: thousands of each would fit into no memory.
_ALL_EVENTS_BYTES = 64 * 1024 * 1024
_DERIVED_TO_ENRICHED = 4


def handle(record: RawRecord, pipeline: Pipeline, limits: Limits, *, derived: bool = True) -> Outcome:
    """Enrich one raw record; returns its events, or its dead letter and why.

    Without `derived` the outcome leaves the statement and entity events out. They are then made only where
    one of them might be too large for its topic.
    """
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
            if not derived and _derived_events_fit(output, enriched, limits):
                break
    except Rejected as verdict:
        return dead_letter(record, verdict.reason, verdict.step, verdict.detail)
    except StepFailed as failed:
        return dead_letter(record, Reason.INTERNAL, failed.step, str(failed), failed.__cause__ or failed)
    except Exception as error:  # noqa: BLE001 - a fault of ours is no reason to stop the partition
        return dead_letter(record, Reason.INTERNAL, step, f"{type(error).__name__}: {error}", error)
    return Outcome(tuple(outputs if derived else outputs[:1]), article=str(enriched.article["id"]))


def _derived_events_fit(output: Output, enriched: EnrichedArticle, limits: Limits) -> bool:
    """Whether each derived event is surely within its limit, by the size of the enriched one (`output`).

    A derived event holds parts of the enriched one once, but its speaker three times: one of these is the
    key.
    """
    largest = _DERIVED_TO_ENRICHED * output.size
    count = len(enriched.statements) + len(enriched.entities)
    within = largest <= min(limits.statements, limits.entities)
    return within and output.size + count * largest <= _ALL_EVENTS_BYTES


def _provenance(record: RawRecord) -> dict[str, Any] | None:
    if not record.topic:
        return None
    return {
        "topic": record.topic,
        "partition": record.partition,
        "offset": record.offset,
        "timestamp": record.timestamp,
    }
