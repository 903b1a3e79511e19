"""Cost of the pipeline's parts against hazm's Normalizer, SentenceTokenizer and WordTokenizer, in one run.

    python tests/bench/cost.py ARTICLES.jsonl[.gz] … [--most N]
    python tests/bench/cost.py BODY.txt --rounds 50

A file of JSON lines holds articles, any other file is the body of one. "statements" is what they cost on top
of entities: extraction and resolution of speakers.

Each round does both on the same articles, one after the other; the least time of the rounds counts.
"""

import argparse
import gzip
import json
import time
from collections.abc import Callable
from pathlib import Path

import hazm

from schemas.article import RawArticle
from workers.nlp.document import Document, Rejected
from workers.nlp.entities import EntityTagger
from workers.training import shipped
from workers.training.shipped import cleaner, resolver, segmented


def has_text(document: Document) -> bool:
    """Whether cleaning accepts the article."""
    try:
        cleaner().clean(document)
    except Rejected:
        return False
    return True


def main() -> None:  # noqa: C901 - a list of runs
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--most", type=int, default=100, help="articles of each file")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    bodies: list[str] = []
    for path in arguments.files:
        if ".jsonl" not in path.suffixes:
            bodies.append(path.read_text("utf-8"))
            continue
        with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8") as lines:
            bodies += [
                json.loads(line)["body"] for _, line in zip(range(arguments.most), lines, strict=False)
            ]
    documents = [d for body in bodies if has_text(d := Document(RawArticle(id="1", body=body), raw={}))]
    bodies = [d.article.body for d in documents]
    normalizer, sentences, words = hazm.Normalizer(), hazm.SentenceTokenizer(), hazm.WordTokenizer()

    def by_hazm() -> None:
        for body in bodies:
            for sentence in sentences.tokenize(normalizer.normalize(body)):
                words.tokenize(sentence)

    def only_clean() -> None:
        for document in documents:
            cleaner().clean(document)

    def by_khabar() -> None:
        for document in documents:
            segmented(document)

    tagger, linker, extractor = EntityTagger.load(shipped.knowledge()), shipped.linker(), shipped.extractor()
    ready = [segmented(document) for document in documents]
    linked = [linker.cluster(tagger.tag(document)) for document in ready]

    def only_entities() -> None:
        for document in ready:
            linker.cluster(tagger.tag(document))

    def only_statements() -> None:
        for document in linked:
            resolver().resolve(extractor.extract(document))

    runs: dict[str, Callable[[], None]] = {
        "hazm": by_hazm,
        "clean": only_clean,
        "clean + segment": by_khabar,
        "entities (fast)": only_entities,
        "statements": only_statements,
    }
    least = dict.fromkeys(runs, float("inf"))
    for _ in range(arguments.rounds + 1):  # the first round loads the lexicons
        for name, run in runs.items():
            start = time.process_time()
            run()
            least[name] = min(least[name], time.process_time() - start)
    characters = sum(map(len, bodies))
    print(f"{len(bodies)} articles, {characters / len(bodies):.0f} characters on average")
    for name, seconds in least.items():
        ratio = seconds / least["hazm"]
        print(f"{name:16} {seconds / len(bodies) * 1000:7.3f} ms an article   {ratio:.2f} of hazm")


if __name__ == "__main__":
    main()
