"""Compares with published systems: NSURL-2019 task 7, trained on `train` alone, strict phrases of `test_A`.

The data states no licence, so what is trained here is measured and thrown away. Run by hand:
`python -m workers.training.published FOLDER --news NEWS [--encoder]`; the encoder needs the extras `train`
and `accurate`, and an hour of two cores.
"""

import argparse
import random
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
import pycrfsuite

from schemas.article import RawArticle
from workers.nlp.alignment import AlignedText
from workers.nlp.document import Document, Sentence, Token
from workers.nlp.entities.agreement import agree
from workers.nlp.entities.chain import ChainModel, starts_and_lengths
from workers.nlp.entities.crf import Array, bio_transitions, viterbi
from workers.nlp.entities.encoder import Encoder
from workers.nlp.entities.features import WordKnowledge
from workers.nlp.entities.pieces import PieceModel
from workers.training import crf
from workers.training.gold import LABELS, Labelled
from workers.training.measure.entities import Report
from workers.training.shipped import find_quantities
from workers.training.shipped import knowledge as shipped_knowledge

Algorithm = Literal["lbfgs", "ap"]
Say = Callable[[str], None]

_LETTERS = str.maketrans("يكىةۀأإ", "یکیهه" + "اا")
_GAP = re.compile(r"\s+")
_TOGETHER = 10  # sentences that make one document, as the files mark no borders
_TYPES = {"DAT": "DATE", "TIM": "TIME", "MON": "MONEY", "PCT": "PERCENT"}
_HELD = 60  # last documents of train, on which the encoder's weight in the sum is chosen
_WEIGHTS = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0)
_NAMELESS = 0.35  # share of the sentences without a name that the encoder is trained on


def read_conll(path: Path) -> Iterator[Labelled]:
    """The sentences of a file (token, TAB, BIO label), ten to a document, with our names for the types.

    A space inside a token stands for the half space; Arabic letters are made Persian.
    """
    sentences: list[list[tuple[str, str]]] = [[]]
    for line in path.read_text("utf-8").split("\n"):
        if not line.strip():
            if sentences[-1]:
                sentences.append([])
            continue
        word, _, label = line.rpartition("\t")
        word = _GAP.sub("\u200c", word.strip().translate(_LETTERS)) or "."
        sentences[-1].append((word, label[:2] + _TYPES.get(label[2:], label[2:])))
    sentences = [s for s in sentences if s]
    for at in range(0, len(sentences), _TOGETHER):
        yield _document(sentences[at : at + _TOGETHER])


def _document(sentences: list[list[tuple[str, str]]]) -> Labelled:
    tokens: list[Token] = []
    spans: list[Sentence] = []
    labels: list[str] = []
    at = 0
    for sentence in sentences:
        first, start = len(tokens), at
        for word, label in sentence:
            tokens.append(Token(at, at + len(word), word))
            labels.append(label)
            at += len(word) + 1
        spans.append(Sentence(start, at - 1, first, len(tokens)))
    text = " ".join(t.text for t in tokens)
    document = Document(
        article=RawArticle(id="x", body=text),
        raw={},
        aligned=AlignedText.identity(text),
        tokens=tuple(tokens),
        sentences=tuple(spans),
    )
    return Labelled(document, tuple(labels))


def compare(
    folder: Path, knowledge: WordKnowledge, algorithm: Algorithm = "lbfgs", iterations: int = 60
) -> Report:
    """Train the field on `train.conll` of a folder and count the phrases of its `test_A.conll`."""
    report = Report()
    with tempfile.TemporaryDirectory() as scratch:
        model = Path(scratch) / "model.crf"
        train = list(read_conll(folder / "train.conll"))
        crf.train(train, knowledge, model, algorithm=algorithm, iterations=iterations, names=False)
        tagger = pycrfsuite.Tagger()
        tagger.open(str(model))
        cache: dict[str, list[list[str]]] = {}
        for one in read_conll(folder / "test_A.conll"):
            found: list[str] = []
            for items in crf.attributes(one.document, knowledge, cache):
                found += tagger.tag(pycrfsuite.ItemSequence(items))
            report.add(phrases(one, one.labels), phrases(one, found))
    return report


def compare_with_encoder(
    folder: Path,
    news: Path,
    knowledge: WordKnowledge,
    say: Say,
    algorithm: Algorithm = "lbfgs",
    iterations: int = 60,
    minutes: float = 60.0,
) -> dict[str, Report]:
    """Measure encoder, field, their sum, and the sum with names agreed, trained without the last documents.

    As in `accurate`, the sum is of label scores, and all labels keep to BIO. `news` is unlabelled text. Its
    pieces of the vocabulary are kept beside those of `train.conll`.
    """
    data = list(read_conll(folder / "train.conll"))
    train, held = data[:-_HELD], data[-_HELD:]
    with tempfile.TemporaryDirectory() as scratch:
        fitted, file = Path(scratch) / "model.crf", Path(scratch) / "model.zip"
        crf.train(train, knowledge, fitted, algorithm=algorithm, iterations=iterations, names=False)
        crf.export(fitted, knowledge, file)
        chain = ChainModel.read(file.read_bytes(), shipped_knowledge())
        _fine_tune(train, news, file, say, minutes)
        encoder = Encoder.read(file.read_bytes())
    return reports(
        [scored(one, chain, encoder) for one in held],
        [scored(one, chain, encoder) for one in read_conll(folder / "test_A.conll")],
        chain.labels,
        chain.transitions,
        say,
    )


def _fine_tune(train: list[Labelled], news: Path, save: Path, say: Say, minutes: float) -> None:
    from workers.training import encoder, export
    from workers.training.e5 import load_e5
    from workers.training.vocabulary import add_pieces, choose_pieces

    e5 = load_e5()
    words = {token.text for one in train for token in one.document.tokens}
    kept = add_pieces(e5, choose_pieces(e5, news), words)
    names, scores = [e5.pieces[i] for i in kept], [float(e5.scores[i]) for i in kept]
    pieces = PieceModel.of(names, scores, kept.index(e5.unknown))
    rng = random.Random(3)
    encoded = [encoder.encode(thinned(one, _NAMELESS, rng), pieces) for one in train]
    say(f"{len(encoded)} documents, {len(kept)} pieces")
    options = encoder.Options(epochs=2, minutes=minutes, batch=4, views=1)
    params = encoder.train(e5, kept, encoded, options, save.with_suffix(".checkpoint"), say)
    windows = [ids for one in encoded[::60] for ids, _ in encoder.windows(one)]
    export.export(params, e5.heads, windows, LABELS, names, scores, save)


def thinned(one: Labelled, share: float, rng: random.Random) -> Labelled:
    """A document with all sentences that hold a name, and each other one with probability `share`."""
    kept = tuple(
        s
        for s in one.document.sentences
        if any(label != "O" for label in one.labels[s.first : s.last]) or rng.random() < share
    )
    return replace(one, document=replace(one.document, sentences=kept))


@dataclass(frozen=True, slots=True)
class Scored:
    """A labelled document with the scores of both models, each [tokens, labels]."""

    labelled: Labelled
    field: Array
    encoder: Array


def scored(one: Labelled, chain: ChainModel, encoder: Encoder) -> Scored:
    """Score a document with both models."""
    texts = [token.text for token in one.document.tokens]
    marks = chain.sight.marks(one.document, texts, find_quantities(one.document))
    return Scored(one, chain.scores(one.document, texts, marks), encoder.scores(one.document, chain.labels))


Score = Callable[[Scored], Array]


def reports(
    held: Sequence[Scored], test: Sequence[Scored], labels: Sequence[str], transitions: Array, say: Say
) -> dict[str, Report]:
    """The reports on `test` by system; the encoder's weight in the sum is the best one on `held`."""
    weight = max(_WEIGHTS, key=lambda w: report(held, _sum(w), labels, transitions).figures["all"].f1)
    say(f"the encoder's weight in the sum: {weight}")
    no_transitions = bio_transitions(labels, np.zeros_like(transitions))
    return {
        "encoder": report(test, lambda s: s.encoder, labels, no_transitions),
        "field": report(test, lambda s: s.field, labels, transitions),
        "sum": report(test, _sum(weight), labels, transitions),
        "agreed": report(test, _sum(weight), labels, transitions, agreed=True),
    }


def _sum(weight: float) -> Score:
    return lambda s: s.field + np.float32(weight) * s.encoder


def report(
    documents: Iterable[Scored],
    score: Score,
    labels: Sequence[str],
    transitions: Array,
    agreed: bool = False,
) -> Report:
    """Decode documents with some score of theirs and count the phrases.

    `agreed`: the names of a document (here ten sentences) are first made to agree, as the tagger does.
    """
    counted = Report()
    for one in documents:
        starts, lengths = starts_and_lengths(one.labelled.document)
        best = viterbi(score(one), starts, lengths, transitions)
        found = [labels[i] for i in best.tolist()]
        if agreed:
            found = agree([token.text for token in one.labelled.document.tokens], found)
        counted.add(phrases(one.labelled, one.labelled.labels), phrases(one.labelled, found))
    return counted


def phrases(one: Labelled, labels: tuple[str, ...] | list[str]) -> set[tuple[int, int, str]]:
    """The phrases of BIO labels, as token ranges with types."""
    out: set[tuple[int, int, str]] = set()
    for sentence in one.document.sentences:
        first, kind = -1, ""
        for at in range(sentence.first, sentence.last + 1):
            label = labels[at] if at < sentence.last else "O"
            if first >= 0 and label != f"I-{kind}":
                out.add((first, at, kind))
                first = -1
            if label != "O" and first < 0:
                first, kind = at, label[2:]
    return out


def main(arguments: Sequence[str] | None = None) -> None:
    """`python -m workers.training.published FOLDER --news NEWS`: the figures of each way, by type."""
    from workers.training.clusters import learn_classes
    from workers.training.ner import read_news

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="train.conll and test_A.conll")
    parser.add_argument("--news", type=Path, required=True, help="unlabelled *.jsonl.gz, for word classes")
    parser.add_argument("--algorithm", choices=("lbfgs", "ap"), default="lbfgs")
    parser.add_argument("--iterations", type=int, default=60)
    parser.add_argument("--encoder", action="store_true", help="the encoder too, and both together")
    parser.add_argument("--minutes", type=float, default=60.0, help="for the encoder's training")
    own = parser.parse_args(arguments)
    knowledge = WordKnowledge.of(learn_classes(read_news(own.news)), shipped_knowledge())
    if own.encoder:
        found = compare_with_encoder(
            own.folder, own.news, knowledge, print, own.algorithm, own.iterations, own.minutes
        )
    else:
        found = {"field": compare(own.folder, knowledge, own.algorithm, own.iterations)}
    for name, counted in found.items():
        for kind, precision, recall, f1, gold, predicted in counted.table():
            print(f"{name:8} {kind:8} {precision:.4f} {recall:.4f} {f1:.4f} {gold:6} {predicted:6}")


if __name__ == "__main__":
    main()
