"""The parts of the shipped core that training and tests run one by one, each loaded once."""

from functools import cache

from workers.nlp.calendars import Months
from workers.nlp.cleaning import Cleaner
from workers.nlp.document import Document, TextMention
from workers.nlp.entities import EntityLinker
from workers.nlp.entities.quantities import QuantityFinder
from workers.nlp.knowledge import Knowledge
from workers.nlp.segmentation import Segmenter
from workers.nlp.statements import SpeakerResolver, StatementExtractor


@cache
def knowledge() -> Knowledge:
    """The shipped tables."""
    return Knowledge.load()


@cache
def cleaner() -> Cleaner:
    """A cleaner with the shipped tables."""
    return Cleaner.of(knowledge())


@cache
def months() -> Months:
    """The shipped names of months."""
    return Months.of(knowledge().calendar)


@cache
def quantities() -> QuantityFinder:
    """A finder of dates and sums with the shipped tables."""
    return QuantityFinder.of(knowledge())


@cache
def linker() -> EntityLinker:
    """A linker with the shipped tables."""
    return EntityLinker.of(knowledge(), quantities())


@cache
def extractor() -> StatementExtractor:
    """An extractor with the shipped tables and models."""
    return StatementExtractor.load(knowledge().cues)


@cache
def resolver() -> SpeakerResolver:
    """A resolver with the shipped tables."""
    return SpeakerResolver.of(knowledge())


def segmented(document: Document) -> Document:
    """A document cleaned and segmented."""
    return segment(cleaner().clean(document))


def segment(document: Document) -> Document:
    """A cleaned document segmented."""
    return Segmenter.of(knowledge()).segment(document)


def find_quantities(document: Document) -> tuple[TextMention, ...]:
    """The dates, times, sums and percentages of a document."""
    return quantities().find(document)
