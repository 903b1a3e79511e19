"""Baselines of statement extraction beside the shipped pipeline, on annotated articles."""

import argparse
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial, reduce
from pathlib import Path

from schemas.enriched import StatementKind
from workers.nlp.document import Document, Range, TextSpeaker, TextStatement
from workers.nlp.pipeline import build_pipeline
from workers.training.gold import read_rows
from workers.training.measure.statements import evaluate_statements

_QUOTED = re.compile(r"«([^«»]{15,})»")
_CUE = re.compile(
    r"(?:گفت|افزود|(?:تاکید|تأکید|تصریح|اعلام|اظهار|بیان|عنوان|اضافه|خاطرنشان|خاطر نشان) کرد|ادامه داد|"
    r"اظهار داشت|یادآور شد|خبر داد|می‌گوید)\s*(?::|که)\s*"
)


def quotations(document: Document, *, nearest: bool = False) -> Document:
    """Take each quotation for a statement; `nearest` gives it to the person named last before it."""
    found = []
    people = sorted((m.start, e) for e in document.entities if e.type == "PER" for m in e.mentions)
    for quote in _QUOTED.finditer(document.text):
        before = [e for start, e in people if start < quote.start()] if nearest else []
        speaker = TextSpeaker(before[-1].canonical, None, before[-1].id) if before else None
        content = (Range(*quote.span(1)),)
        found.append(TextStatement("direct", "say", speaker, None, content, 0.5))
    return replace(document, statements=tuple(found))


def cue_list(document: Document) -> Document:
    """Take a list of cue forms before a colon or «که»: content up to the end of the sentence, no speaker."""
    found = []
    for sentence in document.sentences:
        for cue in _CUE.finditer(document.text, sentence.start, sentence.end):
            kind: StatementKind = "direct" if ":" in cue.group() else "indirect"
            content = (Range(cue.end(), sentence.end),)
            if cue.end() < sentence.end:
                found.append(TextStatement(kind, "say", None, Range(*cue.span()), content, 0.5))
                break
    return replace(document, statements=tuple(found))


SYSTEMS: Mapping[str, Callable[[Document], Document]] = {
    "quotation marks only": quotations,
    "quotation marks, nearest name": partial(quotations, nearest=True),
    "cue list, no continuation": cue_list,
    "khabar": lambda document: document,
}


def main(arguments: Sequence[str] | None = None) -> None:
    """`python -m workers.training.statement_baselines GOLD`: figures of each system on the same names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gold", type=Path, help="annotated articles, JSON lines")
    rows = read_rows(parser.parse_args(arguments).gold)
    steps = [s for s in build_pipeline().steps if s.name not in ("clean", "segment")]

    def enrich(system: Callable[[Document], Document], document: Document) -> Document:
        return system(reduce(lambda d, step: step.run(d), steps, document))

    for name, system in SYSTEMS.items():
        figures = evaluate_statements(rows, partial(enrich, system)).figures()
        row = "  ".join(f"{n} {figures[n]:.3f}" for n in ("content", "content80", "attributed", "cue"))
        print(f"{name:32}{row}")


if __name__ == "__main__":
    main()
