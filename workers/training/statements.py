"""Train the models of the statement extractor from annotated articles.

The reader runs with an oracle in place of its models. Each decision it asks for becomes an example: what is
known, and the answer that the annotation gives. Logistic regression (L-BFGS of CRFsuite on sequences of one
item) weighs the features. Weights near zero are dropped and the rest rounded, so that the file stays small
and readable. The training is deterministic.
"""

import argparse
import random
import sys
import tempfile
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

import pycrfsuite

from workers.nlp.document import Document, Rejected, TextMention
from workers.nlp.entities import EntityLinker
from workers.nlp.knowledge.cues import CueLexicon
from workers.nlp.statements import StatementExtractor
from workers.nlp.statements.decisions.acceptance import Acceptance
from workers.nlp.statements.decisions.beginning import Beginning
from workers.nlp.statements.decisions.confidence import certainty
from workers.nlp.statements.decisions.continuation import Continuation
from workers.nlp.statements.decisions.linear import LinearModel
from workers.nlp.statements.decisions.models import DECISIONS, write_models
from workers.nlp.statements.decisions.templates import Feature, Record, Templates
from workers.nlp.statements.narrator import Reader
from workers.nlp.statements.tokens import Reading, read
from workers.nlp.statements.values import Candidate, Speech
from workers.training import shipped
from workers.training.gold import prepare, read_rows
from workers.training.measure.statements import StatementReport, add_article

FOLDS = 5
Example = tuple[Record, str]


class GoldStatement(NamedTuple):
    """An annotated statement in code points of `Document.text`."""

    cue: tuple[int, int] | None
    content: tuple[tuple[int, int], ...]


class Annotated(NamedTuple):
    """A gold article as the extractor gets it, with names by hand that the linker has clustered."""

    row: Mapping[str, Any]
    document: Document
    statements: list[GoldStatement]


@dataclass(slots=True)
class Examples:
    """The oracle's answers, by decision."""

    accept: list[Example] = field(default_factory=list)
    extend: list[Example] = field(default_factory=list)
    start: list[Example] = field(default_factory=list)


def collect(
    document: Document, gold: Sequence[GoldStatement], lexicon: CueLexicon, examples: Examples
) -> None:
    """Read a document with the annotation as oracle and add its decisions to `examples`."""
    reading = read(document, lexicon)
    oracle = _Oracle(reading, gold, examples)
    Reader(reading, lexicon, oracle.accept, oracle.extend, oracle.choose).read()


class _Oracle:
    def __init__(self, reading: Reading, gold: Sequence[GoldStatement], examples: Examples) -> None:
        self.reading, self.gold, self.examples = reading, gold, examples
        self.matched: dict[int, int] = {}
        self.keep: list[Candidate] = []
        self.used: set[int] = set()

    def accept(self, candidate: Candidate, asked: Acceptance) -> float:
        tokens = self.reading.document.tokens
        cue = candidate.cue
        span = (tokens[cue.first].start, tokens[cue.last - 1].end)
        verb = span
        if cue.verb >= 0:
            verb = (tokens[cue.verb].start, tokens[cue.verb].end)
        answer = False
        for place, gold in enumerate(self.gold):
            if place in self.used or gold.cue is None:
                continue
            if not (_overlap(span, gold.cue) or _overlap(verb, gold.cue)):
                continue
            if candidate.frame == "that":
                answer = True
            else:
                content = (tokens[candidate.start].start, tokens[candidate.end - 1].end)
                answer = any(_overlap(content, part) for part in gold.content)
            if answer:
                self.used.add(place)
                self.matched[id(cue)] = place
                self.keep.append(candidate)
                break
        self.examples.accept.append((asked, "yes" if answer else "no"))
        return 1.0 if answer else -1.0

    def choose(self, candidate: Candidate, options: list[Beginning]) -> int:
        tokens = self.reading.document.tokens
        rule = candidate.options.index(candidate.start) if candidate.start in candidate.options else 0
        cue = candidate.cue
        span = (tokens[cue.first].start, tokens[cue.last - 1].end)
        end = tokens[candidate.end - 1].end
        for gold in self.gold:
            if gold.cue is None or not _overlap(span, gold.cue):
                continue
            if not any(_overlap((tokens[candidate.options[0]].start, end), part) for part in gold.content):
                continue
            starts = [abs(tokens[i].start - gold.content[0][0]) for i in candidate.options]
            best = min(range(len(starts)), key=starts.__getitem__)
            if starts[best] > 2:
                return rule
            for place, option in enumerate(options):
                self.examples.start.append((option, "yes" if place == best else "no"))
            return best
        return rule

    def extend(self, speech: Speech, first: int, last: int, asked: Continuation) -> float:
        tokens = self.reading.document.tokens
        place = self.matched.get(id(speech.candidate.cue))
        answer = False
        if place is not None:
            span = (tokens[first].start, tokens[last - 1].end)
            inside = sum(_overlap(span, part) for part in self.gold[place].content)
            answer = inside * 2 > span[1] - span[0]
        self.examples.extend.append((asked, "yes" if answer else "no"))
        return 1.0 if answer else -1.0


def _overlap(a: tuple[int, int], b: tuple[int, int]) -> int:
    return max(0, min(a[1], b[1]) - max(a[0], b[0]))


def fit(
    name: str, examples: Iterable[Example], c2: float = 0.5, smallest: float = 0.02, minimum: int = 1
) -> LinearModel:
    """Fit a logistic regression of yes and no; returns one weight a feature, yes minus no."""
    templates = DECISIONS[name]
    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    trainer.set_params({"c1": 0.0, "c2": c2, "max_iterations": 200, "feature.minfreq": minimum})
    for record, label in examples:
        trainer.append([_names(templates, record)], [label])
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "model")
        trainer.train(path)
        tagger = pycrfsuite.Tagger()
        tagger.open(path)
        info = tagger.info()
        tagger.close()
    table: dict[str, dict[str, float]] = {}
    for (feature, label), weight in info.state_features.items():
        table.setdefault(feature, {})[label] = weight
    weights: dict[Feature, float] = {}
    for feature in sorted(table):
        weight = round(table[feature].get("yes", 0.0) - table[feature].get("no", 0.0), 3)
        if abs(weight) >= smallest:
            weights[Feature(*feature.split("=", 1))] = weight
    return LinearModel(templates, weights)


def _names(templates: Templates, record: Record) -> list[str]:
    return [f"{template}={value}" for template, value in templates.features(record)]


def train(examples: Examples) -> dict[str, LinearModel]:
    """Train all models of the extractor."""
    return {
        "accept": fit("accept", examples.accept, c2=1.0, minimum=2),
        "continue": fit("continue", examples.extend, c2=2.0, minimum=2),
        "start": fit("start", examples.start),
    }


def annotate(row: Mapping[str, Any], linker: EntityLinker) -> Annotated:
    """Carry a gold article's annotation through the cleaning. Raises `Rejected`."""
    document = prepare(row)
    place = _Placer(document)
    mentions: list[TextMention] = []
    spans = sorted((*place(*m), e["type"]) for e in row["entities"] for m in e["mentions"])
    for start, end, kind in spans:
        if start < end and (not mentions or start >= mentions[-1].end):
            mentions.append(TextMention(start, end, kind))
    document = linker.cluster(replace(document, mentions=tuple(mentions)))
    statements = [
        GoldStatement(place(*s["cue"]) if s["cue"] else None, tuple(place(*c) for c in s["content"]))
        for s in row["statements"]
    ]
    return Annotated(row, document, statements)


class _Placer:
    """Maps raw offsets of the body to the text."""

    def __init__(self, document: Document) -> None:
        self.aligned, self.size = document.aligned, len(document.text)
        self.first = min(
            (b.start for b in document.blocks if b.field == "body" and b.start < b.end), default=0
        )

    def __call__(self, start: int, end: int) -> tuple[int, int]:
        starts, ends = self.aligned.starts, self.aligned.ends
        first = bisect_left(starts, start, self.first, self.size)
        while first > self.first and starts[first - 1] < start < ends[first - 1]:
            first -= 1
        return first, bisect_left(starts, end, self.first, self.size)


def read_annotated(path: Path) -> list[Annotated]:
    """All articles of a gold file that the cleaning accepts."""
    linker = shipped.linker()
    found = []
    for row in read_rows(path):
        try:
            found.append(annotate(row, linker))
        except Rejected:
            print(f"{row['id']}: the cleaning rejects it", file=sys.stderr)
    return found


def train_all(articles: Sequence[Annotated], *, calibrate: bool = True) -> dict[str, LinearModel]:
    """Train on all articles; confidence is fitted on what models of the other folds predict."""
    lexicon = shipped.knowledge().cues
    examples = Examples()
    for article in articles:
        collect(article.document, article.statements, lexicon, examples)
    models = train(examples)
    if calibrate:
        models["confidence"] = fit("confidence", _confidences(articles, lexicon), c2=2.0, minimum=5)
    return models


def _folds(articles: Sequence[Annotated]) -> Iterable[tuple[list[Annotated], list[Annotated]]]:
    order = list(articles)
    random.Random(1).shuffle(order)
    for fold in range(FOLDS):
        yield [a for i, a in enumerate(order) if i % FOLDS != fold], order[fold::FOLDS]


def _confidences(articles: Sequence[Annotated], lexicon: CueLexicon) -> Iterable[Example]:
    for known, unknown in _folds(articles):
        extractor = StatementExtractor(lexicon, train_all(known, calibrate=False))
        for article in unknown:
            reading = read(article.document, lexicon)
            speeches = extractor.speeches(reading)
            statements = [extractor.statement(reading, s) for s in speeches]
            kept = [(s, t) for s, t in zip(speeches, statements, strict=True) if t is not None]
            found = replace(article.document, statements=tuple(t for _, t in kept))
            report = StatementReport()
            add_article(report, article.row, shipped.resolver().resolve(found))
            inside = [s for s, t in kept if found.field_at(t.content[0].start) == "body"]
            for speech, (_, right) in zip(inside, report.outcomes, strict=True):
                yield certainty(reading, speech), "yes" if right else "no"


def cross_validate(articles: Sequence[Annotated], *, calibrate: bool) -> StatementReport:
    """Figures on articles that the models have not seen, names given by hand."""
    report, lexicon = StatementReport(), shipped.knowledge().cues
    for known, unknown in _folds(articles):
        extractor = StatementExtractor(lexicon, train_all(known, calibrate=calibrate))
        for article in unknown:
            add_article(report, article.row, shipped.resolver().resolve(extractor.extract(article.document)))
    return report


def main(arguments: Sequence[str] | None = None) -> None:
    """`python -m workers.training.statements GOLD [-o FILE] [--cross-validate]`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gold", type=Path, nargs="+", help="annotated articles, JSON lines")
    parser.add_argument("-o", "--output", type=Path, help="write the models here")
    parser.add_argument("--cross-validate", action="store_true", help="print figures and reliability")
    options = parser.parse_args(arguments)
    articles = [article for path in options.gold for article in read_annotated(path)]
    if options.cross_validate:
        report = cross_validate(articles, calibrate=True)
        for name, value in report.figures().items():
            print(f"{name:20}{value:.4f}")
        for confidence, right, size in report.reliability():
            print(f"confidence {confidence:.3f}  right {right:.3f}  of {size}")
    if options.output:
        options.output.write_bytes(write_models(train_all(articles)))


if __name__ == "__main__":
    main()
