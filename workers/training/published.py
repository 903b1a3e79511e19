"""The comparison with published systems: NSURL-2019 task 7, its `train` alone, strict phrases of `test_A`.

The data states no licence: what is trained here is measured and thrown away, never shipped.
"""

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pycrfsuite

from schemas.article import RawArticle
from workers.nlp.alignment import AlignedText
from workers.nlp.document import Document, Sentence, Token
from workers.nlp.entities.features import WordKnowledge
from workers.training import crf
from workers.training.evaluation import Report
from workers.training.gold import Labelled

_LETTERS = str.maketrans("يكىةۀأإ", "یکیهه" + "اا")
_GAP = re.compile(r"\s+")
_TOGETHER = 10  # sentences taken for one document: the files tell no borders


def read_conll(path: Path) -> Iterator[Labelled]:
    """The sentences of a file (token, TAB, BIO label), ten to a document.

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
        sentences[-1].append((word, label))
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
    folder: Path, knowledge: WordKnowledge, algorithm: Literal["lbfgs", "ap"] = "lbfgs", iterations: int = 60
) -> Report:
    """Train on `train.conll` of a folder and count the phrases of its `test_A.conll`."""
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


def phrases(one: Labelled, labels: tuple[str, ...] | list[str]) -> set[tuple[int, int, str]]:
    """The phrases that BIO labels tell of, as token ranges with types."""
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
