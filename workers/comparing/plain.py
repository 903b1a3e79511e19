"""Values without what may differ between two enrichments that say the same.

Positions in the cleaned text move when cleaning changes, and ids of entities count within one event: both are
left out. Raw positions, names and texts stay.
"""

from collections.abc import Container
from typing import Any

import msgspec

from schemas.enriched import Span

Place = tuple[str, int, int]
"""Field, first and last raw position, half-open."""

_MOVING = frozenset({"start", "end", "id", "entity_ids"})


def place(span: Span) -> Place:
    """The place of a span in the article as consumed."""
    return span.field, span.raw_start, span.raw_end


def plain(value: Any, without: Container[str] = ()) -> Any:
    """A value to compare and to show: plain objects. `without` names fields to leave out at the top."""
    if isinstance(value, msgspec.Struct):
        fields = {n: getattr(value, n) for n in value.__struct_fields__ if n not in without}
        linked = {"linked": fields.pop("entity_id") is not None} if "entity_id" in fields else {}
        return {n: plain(v) for n, v in fields.items() if n not in _MOVING} | linked
    if isinstance(value, list):
        return [plain(v) for v in value]
    return value


def shown(value: Any) -> str | None:
    """A plain value in one line; None gives None."""
    if value is None or isinstance(value, str):
        return value
    return msgspec.json.encode(value).decode()
