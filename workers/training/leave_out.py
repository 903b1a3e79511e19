"""Statements on outlets left out: the models learn from all others and are measured on one, in turn.

Names are given by hand, so that what is measured is the judgement of the statements. Annotated articles say
in a field («source») where they are from.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from workers.nlp.statements import StatementExtractor
from workers.training import shipped
from workers.training.measure.statements import StatementReport, add_article
from workers.training.statements import Annotated, train_all


class LeftOut(NamedTuple):
    """The figures of one outlet, by models that saw none of its articles."""

    name: str
    articles: int
    report: StatementReport


def leave_out(
    articles: Sequence[Annotated], field: str, beside: Sequence[Annotated] = ()
) -> Iterator[LeftOut]:
    """Leave out each value of a field in turn, and last tell all together («all»).

    `beside` is learned from and not measured; articles of it with the same value are left out too.
    """
    together = StatementReport()
    lexicon, resolver = shipped.knowledge().cues, shipped.resolver()
    for name in sorted({str(a.row.get(field)) for a in articles}):
        known = [a for a in (*articles, *beside) if str(a.row.get(field)) != name]
        extractor = StatementExtractor(lexicon, train_all(known))
        report, count = StatementReport(), 0
        for article in articles:
            if str(article.row.get(field)) == name:
                found = resolver.resolve(extractor.extract(article.document))
                add_article(report, article.row, found)
                add_article(together, article.row, found)
                count += 1
        yield LeftOut(name, count, report)
    yield LeftOut("all", len(articles), together)
