"""The pipeline: a tuple of named steps over one document.

Swapping a step is a change of one line in `build_pipeline`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from schemas.article import RawArticle
from schemas.enriched import EnrichedArticle, Provenance
from schemas.reasons import Reason
from workers import __version__
from workers.nlp.assemble import assemble
from workers.nlp.cleaning import Cleaner
from workers.nlp.document import Document, Rejected
from workers.nlp.entities import EntityLinker, EntityTagger
from workers.nlp.identity import article_id, with_text_id
from workers.nlp.knowledge import Knowledge
from workers.nlp.profile import Profile
from workers.nlp.segmentation import Segmenter
from workers.nlp.statements import SpeakerResolver, StatementExtractor


class Step(NamedTuple):
    """One stage of the pipeline; `run` is pure."""

    name: str
    run: Callable[[Document], Document]


class StepFailed(Exception):  # noqa: N818 - names the event, as `Rejected` does
    """A step raised what it should not have; `step` names it and `__cause__` holds the exception."""

    def __init__(self, step: str, cause: Exception) -> None:
        super().__init__(f"step {step}: {type(cause).__name__}: {cause}")
        self.step = step


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Turns a raw article into an enriched event."""

    steps: tuple[Step, ...]
    models: Mapping[str, str] = field(default_factory=dict)
    load_hazm: Callable[[], None] = lambda: None
    """Makes hazm itself say what is a verb, for a process that lives long; events stay the same."""

    def enrich(self, raw: Mapping[str, Any], record: Mapping[str, Any] | None = None) -> EnrichedArticle:
        """Enrich one decoded raw article.

        `record` holds `topic`, `partition`, `offset` and `timestamp` (Unix ms) where it came from a topic.
        Raises `Rejected` for an article that cannot be enriched, `StepFailed` for a fault of ours.
        """
        raw = with_text_id(raw)
        try:
            article = msgspec.convert(raw, RawArticle)
        except msgspec.ValidationError as error:
            raise Rejected(Reason.SCHEMA, str(error)) from error
        raw = {**raw, "id": article_id(article)}
        document = Document(article=article, raw=raw)
        for step in self.steps:
            try:
                document = step.run(document)
            except Rejected as verdict:
                verdict.step = step.name
                raise
            except Exception as error:
                raise StepFailed(step.name, error) from error
        provenance = Provenance(pipeline=__version__, models=dict(self.models), **(record or {}))
        return assemble(document, provenance)


def build_pipeline(profile: Profile = "fast", lexicons: Sequence[Path] = ()) -> Pipeline:
    """Load knowledge and models and put the steps in order; folders in `lexicons` add to the shipped tables.

    Raises `LexiconError`.
    """
    knowledge = Knowledge.load(lexicons)
    tagger = EntityTagger.load(knowledge, profile)
    extractor = StatementExtractor.load(knowledge.cues)
    return Pipeline(
        steps=(
            Step("clean", Cleaner.of(knowledge).clean),
            Step("segment", Segmenter.of(knowledge).segment),
            Step("entities", tagger.tag),
            Step("cluster", EntityLinker.of(knowledge, tagger.quantities).cluster),
            Step("statements", extractor.extract),
            Step("resolve", SpeakerResolver.of(knowledge).resolve),
        ),
        models=tagger.digests | extractor.digests | {"knowledge": knowledge.digest},
        load_hazm=knowledge.morphology.hazm.load_hazm,
    )
