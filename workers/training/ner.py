"""`khabar train ner`: the models of the entity tagger, from gold articles and unlabelled news.

`train_encoder` leaves `accurate.zip`, `train_chain` leaves `fast.zip`, both in the folder of models. The
chain learns word classes from the news first; where the encoder is there, it labels some of the news and the
chain learns from these articles too.
"""

import gzip
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import orjson
from numpy.typing import NDArray

from workers.nlp.document import Document, Rejected
from workers.nlp.entities.chain import starts_and_lengths
from workers.nlp.entities.crf import marginals, viterbi
from workers.nlp.entities.features import WordKnowledge
from workers.nlp.entities.pieces import PieceModel
from workers.nlp.entities.tagger import EntityTagger
from workers.training import clusters, crf
from workers.training.gold import IGNORED, LABELS, Labelled, prepare, read_gold, read_rows
from workers.training.shipped import find_quantities
from workers.training.shipped import knowledge as shipped_knowledge
from workers.training.student_lines import Inventory, examples, one_hot

Say = Callable[[str], None]
_SURE = 0.5
_NO_LETTER = re.compile(r"\W+")


def read_news(
    folder: Path, every: int = 1, longest: int = 20_000, known: frozenset[str] = frozenset()
) -> Iterator[Document]:
    """Each n-th article of the `*.jsonl.gz` of a folder, cleaned and segmented; rejected ones left out.

    `longest` is the most code points of a body; `known` holds the `beginning` of articles to leave out.
    """
    for path in sorted(folder.glob("*.jsonl.gz")):
        for number, line in enumerate(gzip.decompress(path.read_bytes()).splitlines()[::every]):
            row = orjson.loads(line)
            if row.get("body") and len(row["body"]) <= longest and beginning(row["body"]) not in known:
                try:
                    yield prepare({"id": f"{path.stem}:{number}"} | row)
                except Rejected:
                    continue


def beginning(body: str) -> str:
    """The first letters of a body, by which one article is recognised in two crawls."""
    return _NO_LETTER.sub("", body[:400])[:60]


def train_encoder(gold: Path, news: Path, models: Path, say: Say, minutes: float = 62.0) -> None:
    """Fine-tune the encoder on a gold file and write `accurate.zip`; needs the extra `train`."""
    from workers.training import encoder, export
    from workers.training.e5 import load_e5
    from workers.training.vocabulary import choose_pieces

    e5 = load_e5()
    kept = choose_pieces(e5, news)
    names, scores = [e5.pieces[i] for i in kept], [float(e5.scores[i]) for i in kept]
    pieces = PieceModel.of(names, scores, kept.index(e5.unknown))
    encoded = [encoder.encode(one, pieces) for one in read_gold(gold)]
    say(f"{len(encoded)} articles, {len(kept)} pieces")
    with tempfile.TemporaryDirectory() as folder:
        options = encoder.Options(minutes=minutes)
        params = encoder.train(e5, kept, encoded, options, Path(folder) / "checkpoint", say)
    windows = [ids for one in encoded[::60] for ids, _ in encoder.windows(one)]
    export.export(params, e5.heads, windows, LABELS, names, scores, models / "accurate.zip")


def train_chain(gold: Path, news: Path, models: Path, say: Say, silver: int = 800) -> None:
    """Learn word classes, have the encoder label some news, fit the chain, write `fast.zip`.

    `silver` is the number of shorter news articles that the teacher labels; none without `accurate.zip`.
    """
    classes = clusters.learn_classes(read_news(news))
    say(f"{len(classes)} words in classes")
    knowledge = WordKnowledge.of(classes, shipped_knowledge())
    data = read_gold(gold)
    with tempfile.TemporaryDirectory() as folder:
        fitted = Path(folder) / "model.crf"
        if silver and (models / "accurate.zip").exists():
            crf.train(data, knowledge, fitted)
            crf.export(fitted, knowledge, models / "fast.zip")
            teacher = replace(EntityTagger.load(shipped_knowledge(), "accurate", models=models), student=None)
            known = frozenset(beginning(row["body"]) for row in read_rows(gold))
            data += label_silver(teacher, short_news(news, silver, known))
            say(f"{len(data)} articles, gold and silver")
        crf.train(data, knowledge, fitted)
        crf.export(fitted, knowledge, models / "fast.zip")


def train_student(gold: Path, news: Path, models: Path, say: Say, minutes: float = 60.0) -> None:
    """Have `accurate` label the news, train the student on these and gold, write `student.zip`.

    Needs the extras `train` and `accurate`, and both other models; `minutes` are for the training alone.
    """
    from workers.training import student

    teacher = replace(EntityTagger.load(shipped_knowledge(), "accurate", models=models), student=None)
    names = teacher.chain.labels
    inventory = Inventory(teacher.chain.knowledge)
    taught = []
    for one in read_gold(gold):
        labels = [names.index(crf.name_only(label)) if label != IGNORED else -1 for label in one.labels]
        known = np.array([label >= 0 for label in labels], np.float32)
        taught.append((one.document, inventory.read(one.document), one_hot(labels, len(names), 2), known))
    annotated = len(taught)
    beginnings = frozenset(beginning(row["body"]) for row in read_rows(gold))
    for document in read_news(news, longest=12_000, known=beginnings):
        targets = soft_labels(teacher, document)
        taught.append((document, inventory.read(document), targets, np.ones(len(targets), np.float32)))
        if len(taught) % 500 == 0:
            say(f"{len(taught) - annotated} articles labelled")
    inventory.settle()
    lines = [list(examples(inventory, *one)) for one in taught]
    gold_lines = [line for own in lines[:annotated] for line in own]
    silver_lines = [line for own in lines[annotated:] for line in own]
    options = student.Options(minutes=minutes)
    params = student.train(inventory, gold_lines, silver_lines, len(names), options, say)
    student.export(params, options, inventory.rows, names, models / "student.zip")


def soft_labels(teacher: EntityTagger, document: Document) -> NDArray[np.float16]:
    """Probabilities [tokens, 2, labels]: the encoder's alone, and those of encoder and chain together."""
    if teacher.encoder is None:
        raise ValueError("the teacher has no encoder")
    chain = teacher.chain
    alone = teacher.encoder.scores(document, chain.labels)
    texts = [t.text for t in document.tokens]
    marks = chain.sight.marks(document, texts, find_quantities(document))
    starts, lengths = starts_and_lengths(document)
    together = marginals(chain.scores(document, texts, marks) + alone, starts, lengths, chain.transitions)
    return np.stack([np.exp(alone), together], 1).astype(np.float16)


def short_news(folder: Path, number: int, known: frozenset[str]) -> Iterator[Document]:
    """At most `most` news articles of up to 2,200 code points, the same share of each source."""
    return islice(read_news(folder, every=5, longest=2_200, known=known), number)


def label_silver(teacher: EntityTagger, documents: Iterable[Document]) -> Iterator[Labelled]:
    """Documents with a tagger's labels; sentences with a token it is less than half sure of are ignored."""
    chain = teacher.chain
    for document in documents:
        scores = teacher.scores(document, find_quantities(document))
        starts, lengths = starts_and_lengths(document)
        best = viterbi(scores, starts, lengths, chain.transitions)
        sure = marginals(scores, starts, lengths, chain.transitions)[np.arange(len(best)), best]
        labels = [chain.labels[i] for i in best.tolist()]
        for start, length in zip(starts, lengths, strict=True):
            if sure[start : start + length].min() < _SURE:
                labels[start : start + length] = [IGNORED] * length
        yield Labelled(document, tuple(labels))
