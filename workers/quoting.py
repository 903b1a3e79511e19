"""Selects statements by speaker, by whom they are about, by stance and by time."""

from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from schemas.derived import StatementEvent
from schemas.enriched import EnrichedArticle, Entity, Stance
from workers.failures import UsageFailed
from workers.moments import TEHRAN, Moment, read_moment
from workers.nlp.knowledge.folding import fold


@dataclass(frozen=True, slots=True)
class Query:
    """The conditions for a statement; all that are set must hold.

    `speaker` and `about` are names or titles: each of their words must be a word of one name, alias or
    title of the speaker, or of an entity named in the content. `since` and `until` are both included. A day
    is compared with the article's date, a moment with its time; a date without a time is that day in
    Tehran.
    """

    speaker: str | None = None
    about: str | None = None
    stances: frozenset[Stance] = frozenset()
    since: Moment | None = None
    until: Moment | None = None
    contains: str | None = None
    least_confidence: float = 0.0

    def accepts(self, event: StatementEvent) -> bool:
        """Whether a statement meets the conditions. If dates are set, one of an undated article does not."""
        statement = event.statement
        if self.stances and statement.stance not in self.stances:
            return False
        if statement.confidence < self.least_confidence:
            return False
        if not self._in_time(event.article.published_at):
            return False
        if self.contains and fold(self.contains) not in fold(statement.text):
            return False
        if self.speaker and not _is_called(self.speaker, _names_of_speaker(event)):
            return False
        return not self.about or _is_called(self.about, _names_of_topics(event))

    def _in_time(self, published_at: str | None) -> bool:
        if self.since is None and self.until is None:
            return True
        if not published_at:
            return False
        try:
            published = read_moment(published_at if "T" in published_at else f"{published_at} {TEHRAN}")
        except UsageFailed:  # not an id of khabar's, so there is no date
            return False
        day = published_at[:10]
        return _from(self.since, day, published) and _to(self.until, day, published)


def _from(since: Moment | None, day: str, published: Moment) -> bool:
    if since is None:
        return True
    return day >= since.day.isoformat() if since.day else published.end > since.start


def _to(until: Moment | None, day: str, published: Moment) -> bool:
    if until is None:
        return True
    return day <= until.day.isoformat() if until.day else published.start < until.end


def _names_of_speaker(event: StatementEvent) -> Iterator[str]:
    if event.statement.speaker:
        yield event.statement.speaker.name
    if event.speaker_entity:
        yield from _names(event.speaker_entity)


def _names_of_topics(event: StatementEvent) -> Iterator[str]:
    for entity in event.entities:
        yield from _names(entity)


def _names(entity: Entity) -> Iterator[str]:
    yield entity.canonical
    yield from entity.aliases
    yield from entity.titles


def _is_called(asked: str, names: Iterator[str]) -> bool:
    words = set(fold(asked).split())
    return any(words <= set(fold(name).split()) for name in names)


def statements_of(value: bytes) -> list[StatementEvent]:
    """The statement events of an enriched event's bytes, as `news.statements` would carry them."""
    from workers.enrichment.derive import statement_events

    return list(statement_events(msgspec.json.decode(value, type=EnrichedArticle)))


class _Shape(msgspec.Struct):
    article: dict[str, object]
    statements: list[msgspec.Raw]
    sentences: list[msgspec.Raw]


def is_enriched(value: bytes) -> bool:
    """Whether some bytes are an enriched event, by its shape."""
    try:
        msgspec.json.decode(value, type=_Shape)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return False
    return True
