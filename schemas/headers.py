"""Names of the record headers in the contract. Values are UTF-8.

Events carry CloudEvents 1.0 in Kafka's binary mode. Dead letters carry the headers of the record they
hold, untouched and in their order, and after them `ERROR_*`, named as in Kafka Streams' KIP-1034.
"""

CONTENT_TYPE = "content-type"
JSON = "application/json"

CE_SPECVERSION = "ce_specversion"
CE_ID = "ce_id"  # of the value's bytes: equal ids are equal events
CE_SOURCE = "ce_source"  # "/khabar/" and the raw topic
CE_TYPE = "ce_type"
CE_SUBJECT = "ce_subject"  # id of the article
CE_TIME = "ce_time"  # timestamp of the raw record, RFC 3339

# W3C Trace Context, passed through as received.
TRACEPARENT = "traceparent"
TRACESTATE = "tracestate"
TRACE = (TRACEPARENT, TRACESTATE)

# Of a withdrawal: the raw record that asked for it.
SOURCE_PARTITION = "khabar_source_partition"
SOURCE_OFFSET = "khabar_source_offset"

# Decimal milliseconds that enriching took: the one thing of an event that varies between two runs.
PROCESSING_MS = "khabar_processing_ms"

ERROR_PREFIX = "__streams.errors."
ERROR_EXCEPTION = ERROR_PREFIX + "exception"  # its class
ERROR_MESSAGE = ERROR_PREFIX + "message"  # at most 1,000 characters
ERROR_STACKTRACE = ERROR_PREFIX + "stacktrace"  # of `internal` only; its end, at most 4,000 characters
ERROR_TOPIC = ERROR_PREFIX + "topic"  # where the record was consumed
ERROR_PARTITION = ERROR_PREFIX + "partition"
ERROR_OFFSET = ERROR_PREFIX + "offset"
# Beyond KIP-1034:
ERROR_TIMESTAMP = ERROR_PREFIX + "timestamp"  # of the record, Unix milliseconds
ERROR_REASON = ERROR_PREFIX + "reason"  # `schemas.reasons.Reason`
ERROR_STEP = ERROR_PREFIX + "step"  # fetch, decode, a step of the pipeline, encode, send, or process
ERROR_ATTEMPT = ERROR_PREFIX + "attempt"  # 1, and one more each time a dead letter was sent back and failed
# What does not fit stays on the raw topic, and its size is told:
ERROR_VALUE_OMITTED = ERROR_PREFIX + "value_omitted"  # the value is null here, or empty where the key is null
ERROR_KEY_OMITTED = ERROR_PREFIX + "key_omitted"
ERROR_HEADERS_OMITTED = ERROR_PREFIX + "headers_omitted"
ERROR_NULL = ERROR_PREFIX + "null"  # the record had neither key nor value: the value is empty here
ERROR_VERSION = ERROR_PREFIX + "version"  # of the worker


def is_error_header(name: str) -> bool:
    """Whether khabar (or Kafka Streams) added this header to a dead letter."""
    return name.startswith(ERROR_PREFIX)
