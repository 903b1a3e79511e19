"""`khabar train ner`: the models of the entity tagger, from gold articles and unlabelled news.

Steps, each of which leaves a file that ships in the folder it is given:
1. word classes from the news (`clusters`), without labels;
2. with the encoder: fine-tuning on the gold articles (`encoder`), export in eight bits (`export`), labels for
   some of the news by this teacher;
3. a random field on gold articles and, with the encoder, on those the teacher labelled (`crf`).
"""

import gzip
from collections.abc import Callable, Iterator
from pathlib import Path

import orjson

from workers.nlp.document import Document, Rejected
from workers.training.gold import prepare


def read_news(folder: Path, every: int = 1, longest: int = 20_000) -> Iterator[Document]:
    """Each n-th article of the `*.jsonl.gz` of a folder, cleaned and segmented; rejected ones left out."""
    for path in sorted(folder.glob("*.jsonl.gz")):
        for line in gzip.decompress(path.read_bytes()).splitlines()[::every]:
            row = orjson.loads(line)
            if row.get("body") and len(row["body"]) <= longest:
                try:
                    yield prepare(row)
                except Rejected:
                    continue


Say = Callable[[str], None]
