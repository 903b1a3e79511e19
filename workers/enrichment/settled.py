"""Settles records that need no pipeline. Parents look here first, and need not import a pipeline."""

from schemas.reasons import Reason
from workers.enrichment.dead_letters import dead_letter
from workers.enrichment.events import withdrawal_outputs
from workers.enrichment.records import Limits, Outcome, RawRecord

_ID_BYTES = 4096  # most bytes of a withdrawal's key, as it stands in every partition


def without_pipeline(record: RawRecord, limits: Limits) -> Outcome | None:
    """The outcome of a record that needs no enriching (a withdrawal, or one refused at sight), else None."""
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
