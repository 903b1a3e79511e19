"""The crew of processes that enriches for `enrich`, `statements` and `evaluate`, by the settings."""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workers.enrichment.crew import Enricher
    from workers.settings import Settings


def build_crew(
    settings: "Settings", jobs: int, enriched: Callable[[bytes], bool] = lambda _: False
) -> "Enricher":
    """A crew with the worker's limits; the limits of size are those of the declared topics.

    What is `enriched` already comes out as it is.
    """
    from workers.enrichment.crew import Enricher
    from workers.enrichment.records import Limits

    limits = Limits(
        raw=settings.max_bytes,
        enriched=settings.topic("enriched").max_message_bytes,
        statements=settings.topic("statements").max_message_bytes,
        entities=settings.topic("entities").max_message_bytes,
    )
    return Enricher(
        factory=settings.pipeline_factory,
        profile=settings.profile,
        lexicons=[str(folder.absolute()) for folder in settings.lexicons],
        limits=limits,
        article_seconds=settings.article_seconds,
        jobs=jobs,
        enriched=enriched,
    )
