"""Gives a time expression its value: `THH:MM`, with its day where the text tells it, or the day alone."""

from datetime import date, timedelta

from workers.nlp.document import Quantity
from workers.nlp.entities.dates import date_value
from workers.nlp.entities.lexemes import CLASS, Lexemes, Number

_C = CLASS


def time_value(
    part: Lexemes, base: date | None, afternoon: frozenset[str], halves: frozenset[str]
) -> Quantity:
    """The value of a time expression: the day for «صبح امروز», day and minute for «ساعت ۱۰:۱۲ امروز».

    `base` is the day of publication, if known; `afternoon` are the parts of the day after noon, `halves` the
    words that halve a year. A range of hours has no value.
    """
    try:
        clock, used = _clock(part)
        day = _day(part, base, used, halves)
    except (ValueError, OverflowError):
        return Quantity()
    if clock is None or _C["TO"] in part.classes:
        return Quantity(iso=day, precision="day") if day else Quantity()
    hour, minute = clock
    if hour == 24 and day:
        day = (date.fromisoformat(day) + timedelta(1)).isoformat()  # «ساعت ۲۴ شنبه» ends it
    spoken = next((v for c, v in zip(part.classes, part.values, strict=True) if c == _C["PART"]), None)
    late = spoken in afternoon or _C["NIGHT"] in part.classes
    if (late and hour < 12 and not (spoken == "شب" and hour < 4)) or (spoken == "ظهر" and hour < 5):
        hour += 12
    if spoken == "شب" and hour == 12:
        hour = 0
    return Quantity(iso=f"{day or ''}T{hour % 24:02}:{minute:02}", precision="minute")


def _clock(part: Lexemes) -> tuple[tuple[int, int] | None, set[int]]:
    """Hour and minute, and the lexemes that tell them."""
    classes, values = part.classes, part.values
    for i, c in enumerate(classes):
        if c == _C["CLOCK"]:
            return values[i], {i}
        if c == _C["HOUR"] and isinstance(hour := _number(part, i + 1), float):
            if hour >= 25:
                return None, {i, i + 1}
            if classes[i + 2 : i + 4] == _C["AND"] + _C["FRACTION"]:
                return (int(hour), round(values[i + 3] * 60)), {i, i + 1, i + 2, i + 3}  # «هفت و نیم»
            minute = _number(part, i + 3) if classes[i + 2 : i + 3] == _C["AND"] else None
            if minute is not None:
                return (int(hour), int(minute) % 60), {i, i + 1, i + 2, i + 3}
            return (int(hour), round((hour - int(hour)) * 100) % 60), {i, i + 1}  # «ساعت ۱۷.۳۰»
    return None, set()


def _number(part: Lexemes, i: int) -> float | None:
    value = part.values[i] if i < len(part.values) else None
    return value.value if isinstance(value, Number) else None


def _day(part: Lexemes, base: date | None, clock: set[int], halves: frozenset[str]) -> str | None:
    """The day of a time expression, where it tells one day."""
    classes, values = part.classes, part.values
    night = next((v for c, v in zip(classes, values, strict=True) if c == _C["NIGHT"]), None)
    if night is not None:
        return (base + timedelta(night)).isoformat() if base else None
    past = _C["PAST"] in classes
    if _C["MOMENTS"] in classes or (past and _C["HOUR"] in classes and _C["DAYW"] not in classes):
        return None
    if past and _C["PART"] in classes and _C["WEEKDAY"] not in classes and _C["DAYW"] not in classes:
        nights = _number(part, 0)  # «شب گذشته», «سه شب پیش»
        return (base - timedelta(int(nights or 1))).isoformat() if base else None
    idle = (_C["PART"], _C["CLOCK"], _C["HOUR"], _C["MINUTE"])
    rest = [i for i, c in enumerate(classes) if i not in clock and c not in idle]
    if not rest:
        return None
    found = date_value(
        Lexemes(
            "".join(classes[i] for i in rest),
            [part.starts[i] for i in rest],
            [part.ends[i] for i in rest],
            [values[i] for i in rest],
        ),
        base,
        halves,
    )
    return found.iso if found.precision == "day" and found.iso and "/" not in found.iso else None
