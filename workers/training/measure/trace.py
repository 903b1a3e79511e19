"""Which rules decided the statements of a text.

`python -m workers.training.measure.trace TEXT [--lexicon FOLDER]` prints the names that the tagger found,
each cue with the frame that proposes a content for it, and each statement with its frame, the expression that
stands for its speaker, the sieve that resolved it and the speaker. A cue that has a frame
and makes no statement was refused by the model that accepts cues.
"""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

from schemas.article import RawArticle
from workers.nlp.document import Document, Range, TextSpeaker
from workers.nlp.knowledge import Knowledge
from workers.nlp.pipeline import build_pipeline
from workers.nlp.statements.cues import find_cues
from workers.nlp.statements.frames import build
from workers.nlp.statements.tokens import read
from workers.nlp.statements.values import Candidate

NOBODY = "nobody"


def trace(text: str, folders: Sequence[Path] = ()) -> Iterator[str]:
    """The lines of a trace; raises `Rejected` for a text that cleaning refuses."""
    document = Document(article=RawArticle(id="text", body=text), raw={"id": "text", "body": text})
    for step in build_pipeline("fast", folders).steps:
        if step.name == "statements":
            yield from _names(document)
            yield from _cues(document, folders)
        before, document = document, step.run(document)
        if step.name == "resolve":
            yield from _statements(before, document)


def _names(document: Document) -> Iterator[str]:
    for mention in document.mentions:
        yield f"name       {document.text[mention.start : mention.end]} · {mention.type}"


def _cues(document: Document, folders: Sequence[Path]) -> Iterator[str]:
    lexicon = Knowledge.load(folders).cues
    reading = read(document, lexicon)
    for sentence in reading.sentences:
        for cue in find_cues(reading.keys, sentence.first, sentence.last, lexicon):
            candidate = build(reading, lexicon, cue, sentence.first, sentence.last)
            words = document.text[document.tokens[cue.first].start : document.tokens[cue.end - 1].end]
            yield f"cue        {words} · {_proposed(candidate)}"


def _proposed(candidate: Candidate | None) -> str:
    return "no frame, or one that refuses" if candidate is None else f"frame {candidate.rule}"


def _statements(before: Document, after: Document) -> Iterator[str]:
    for unresolved, statement in zip(before.statements, after.statements, strict=True):
        phrase = _expression(unresolved.speaker)
        yield f"statement  {' … '.join(_part(after, span) for span in statement.content)}"
        yield f"  frame    {statement.frame}"
        yield f"  speaker  {phrase} · sieve {statement.sieve or '–'} · {_expression(statement.speaker)}"


def _expression(speaker: TextSpeaker | None) -> str:
    return NOBODY if speaker is None else speaker.name or "omitted"


def _part(document: Document, span: Range) -> str:
    return document.text[span.start : span.end]


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the trace of a text."""
    parser = argparse.ArgumentParser(description="Which rules decided the statements of a text.")
    parser.add_argument("text", help="the text, a paragraph a line")
    parser.add_argument("--lexicon", type=Path, action="append", default=[], metavar="FOLDER")
    options = parser.parse_args(arguments)
    for line in trace(options.text, options.lexicon):
        print(line)


if __name__ == "__main__":
    main()
