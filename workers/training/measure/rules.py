"""The worth of each named rule of the statements: fired, right, wrong, and lost without it.

Every article is enriched once up to its entities. Then its statements are read with all rules, and once more
without each of them.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import msgspec

from schemas.article import RawArticle
from schemas.enriched import Provenance
from workers.nlp.assemble import assemble
from workers.nlp.document import Document, Rejected
from workers.nlp.pipeline import Pipeline
from workers.nlp.statements import SpeakerResolver, StatementExtractor
from workers.nlp.statements.frames import FRAMES, Frame, without
from workers.nlp.statements.frames.scene import Scene
from workers.nlp.statements.rules import RULES
from workers.nlp.statements.speakers.sieves import SIEVES
from workers.training.measure.events import score

_FIELDS = ("id", "url", "title", "lead", "body", "published", "agency")


class Entry(NamedTuple):
    """One rule of the ledger."""

    rule: str
    example: str
    fired: (
        int  # statements it decided, or cues it refused; of a rule of `RULES`, those that differ without it
    )
    right: int  # right among those statements: the content for a frame, the speaker for a sieve, else both
    wrong: int
    lost: int  # statements with right content and speaker that are missed without it, minus those gained


class _Run(NamedTuple):
    """One reading of all articles."""

    frames: Counter[str]
    sieves: Counter[str]
    right_frames: Counter[str]
    right_sieves: Counter[str]
    matched: Counter[str]  # sieve → statements with the right content
    attributed: int
    decided: Mapping[str, bool]  # all that a statement says → whether its content and speaker are right


def ledger(rows: Sequence[Mapping[str, Any]], pipeline: Pipeline) -> Iterator[Entry]:
    """The entries of all rules: frames, sieves, the others; each kind in the order in which it is tried."""
    steps = {step.name: step.run for step in pipeline.steps}
    extractor: StatementExtractor = steps["statements"].__self__  # type: ignore[attr-defined]  # a bound method
    resolver: SpeakerResolver = steps["resolve"].__self__  # type: ignore[attr-defined]
    documents = [d for row in rows if (d := _linked(row, pipeline)) is not None]
    refused: Counter[str] = Counter()
    counting = replace(extractor, frames=tuple(_counted(frame, refused) for frame in FRAMES))
    whole = _run(rows, documents, counting, resolver)
    for frame in FRAMES:
        less = _run(rows, documents, replace(extractor, frames=without(frame.id)), resolver)
        fired, right = whole.frames[frame.id], whole.right_frames[frame.id]
        lost = whole.attributed - less.attributed
        yield Entry(
            f"frame {frame.id}", frame.example, fired or refused[frame.id], right, fired - right, lost
        )
    for sieve in SIEVES:
        kept = tuple(other for other in SIEVES if other.id != sieve.id)
        less = _run(rows, documents, extractor, replace(resolver, sieves=kept))
        right = whole.right_sieves[sieve.id]
        wrong = whole.matched[sieve.id] - right
        lost = whole.attributed - less.attributed
        yield Entry(f"sieve {sieve.id}", sieve.example, whole.sieves[sieve.id], right, wrong, lost)
    for rule in RULES:
        off = frozenset((rule.id,))
        less = _run(rows, documents, replace(extractor, off=off), replace(resolver, off=off))
        changed = whole.decided.keys() - less.decided.keys()
        right = sum(whole.decided[key] for key in changed)
        fired = max(len(changed), len(less.decided.keys() - whole.decided.keys()))
        lost = whole.attributed - less.attributed
        yield Entry(f"rule {rule.id}", rule.example, fired, right, len(changed) - right, lost)


def _counted(frame: Frame, refused: Counter[str]) -> Frame:
    """A frame that counts the cues it refuses."""
    if frame.propose is not None:
        return frame

    def applies(scene: Scene) -> bool:
        holds = frame.applies(scene)
        refused[frame.id] += holds
        return holds

    return frame._replace(applies=applies)


def _linked(row: Mapping[str, Any], pipeline: Pipeline) -> Document | None:
    """An article enriched up to its entities; None for one that is rejected."""
    raw = {name: row[name] for name in _FIELDS if name in row}
    document = Document(article=msgspec.convert(raw, RawArticle), raw=raw)
    try:
        for step in pipeline.steps:
            if step.name == "statements":
                break
            document = step.run(document)
    except Rejected:
        return None
    return document


def _run(
    rows: Iterable[Mapping[str, Any]],
    documents: Iterable[Document],
    extractor: StatementExtractor,
    resolver: SpeakerResolver,
) -> _Run:
    run = _Run(Counter(), Counter(), Counter(), Counter(), Counter(), 0, {})
    events: dict[str, Any] = {}
    decided: list[tuple[str, str, str]] = []  # id, frame and sieve of each statement
    for document in documents:
        read = resolver.resolve(extractor.extract(document))
        event = msgspec.to_builtins(assemble(read, Provenance(pipeline="")))
        events[event["article"]["id"]] = event
        pairs = zip(event["statements"], read.statements, strict=True)
        decided += [(made["id"], statement.frame, statement.sieve) for made, statement in pairs]
    verdicts = score(rows, events).verdicts
    says = {
        repr({**made, "id": event["article"]["id"], "confidence": 0}): verdicts.get(made["id"], False)
        for event in events.values()
        for made in event["statements"]
    }
    for identity, frame, sieve in decided:
        run.frames[frame] += 1
        run.sieves[sieve] += 1
        run.right_frames[frame] += identity in verdicts
        run.matched[sieve] += identity in verdicts
        run.right_sieves[sieve] += verdicts.get(identity, False)
    return run._replace(attributed=sum(verdicts.values()), decided=says)
