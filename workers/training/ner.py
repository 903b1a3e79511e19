"""`khabar train ner`: the models of the entity tagger, from gold articles and unlabelled news.

`train_encoder` leaves `accurate.zip`, `train_chain` leaves `fast.zip`, both in the folder of models. The
chain learns word classes from the news first; where the encoder is there, it labels some of the news and the
chain learns from these articles too.
"""

import gzip
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

import numpy as np
import orjson

from workers.nlp.document import Document, Rejected
from workers.nlp.entities.chain import starts_and_lengths
from workers.nlp.entities.crf import marginals, viterbi
from workers.nlp.entities.features import WordKnowledge
from workers.nlp.entities.pieces import PieceModel
from workers.nlp.entities.quantities import find_quantities
from workers.nlp.entities.tagger import EntityTagger
from workers.nlp.lexicon import Lexicon
from workers.training import clusters, crf
from workers.training.gold import IGNORED, LABELS, Labelled, prepare, read_gold, read_rows

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
    """The first letters of a body: enough to tell that two crawls hold one article."""
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

    `silver` is how many of the shorter news articles the teacher labels; none without `accurate.zip`.
    """
    classes = clusters.learn_classes(read_news(news))
    say(f"{len(classes)} words in classes")
    knowledge = WordKnowledge(classes, Lexicon.load())
    data = read_gold(gold)
    with tempfile.TemporaryDirectory() as folder:
        fitted = Path(folder) / "model.crf"
        if silver and (models / "accurate.zip").exists():
            crf.train(data, knowledge, fitted)
            crf.export(fitted, knowledge, models / "fast.zip")
            teacher = EntityTagger.load("accurate", models=models)
            known = frozenset(beginning(row["body"]) for row in read_rows(gold))
            data += label_silver(teacher, short_news(news, silver, known))
            say(f"{len(data)} articles, gold and silver")
        crf.train(data, knowledge, fitted)
        crf.export(fitted, knowledge, models / "fast.zip")


def short_news(folder: Path, number: int, known: frozenset[str]) -> Iterator[Document]:
    """At most so many news articles of up to 2,200 code points, the same share of each source."""
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
