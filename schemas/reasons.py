"""Why a record was dead-lettered: a closed list."""

from enum import StrEnum


class Reason(StrEnum):
    """Value of the dead letter's reason header."""

    UNDECODABLE = "undecodable"  # not UTF-8
    MALFORMED_JSON = "malformed_json"  # UTF-8, but no JSON
    SCHEMA = "schema"  # JSON, but no raw article
    EMPTY = "empty"  # an article without text once cleaned
    TOO_LARGE = "too_large"
    NOT_PERSIAN = "not_persian"
    TIMEOUT = "timeout"  # enriching took longer than allowed
    CRASHED = "crashed"  # enriching killed its process
    INTERNAL = "internal"  # an unexpected exception in a step
