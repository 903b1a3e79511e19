"""Figures of spacing and segmentation on Universal Dependencies treebanks.

`python -m workers.training.spacing.evaluate TREEBANK.conllu …` prints, for each file:

- tokens: F1 of surface tokens (multiword tokens count as one) on each sentence's text;
- sentences: F1 of sentence ends, the sentences' texts joined by single spaces;
- half spaces: precision, recall and F1 by boundary between letters, with all half spaces (a) turned into
  spaces, (b) deleted, for this project and for hazm's Normalizer;
- harm: boundaries of the untouched text that change, as a share of all boundaries between letters; and the
  same without plural endings that the treebank writes glued to a joining letter («بیماریها»), which the
  project writes with a half space on purpose.

Of several files of one name (`dev.conllu` of two treebanks) the pooled figures follow.
"""

import argparse
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from hazm import Normalizer

from workers.nlp.alignment import AlignedText
from workers.nlp.knowledge.spacing import ZWNJ
from workers.nlp.segmentation.sentences import sentence_ends
from workers.nlp.segmentation.tokens import tokenize
from workers.training.measure.figures import Figure
from workers.training.shipped import cleaner, knowledge

_GLUED_PLURAL = re.compile(r"[بپتثجچحخسشصضطظعغفقکگلمنهیئ]$")
_PLURAL_AFTER = re.compile(r"ها(?:ی|یی|یم|یت|یش|یمان|یتان|یشان|ست)?(?!\w)")

Restore = Callable[[str], str]


class Treebank(NamedTuple):
    """The texts of a treebank's sentences, and the surface tokens of each."""

    texts: list[str]
    tokens: list[list[str]]


def read_treebank(path: Path) -> Treebank:
    """A CoNLL-U file."""
    texts: list[str] = []
    tokens: list[list[str]] = []
    for sentence in path.read_text("utf-8").strip().split("\n\n"):
        words: list[str] = []
        covered = 0
        for line in sentence.splitlines():
            if line.startswith("# text = "):
                texts.append(line.removeprefix("# text = ").strip(ZWNJ))
            elif not line.startswith("#"):
                number, word = line.split("\t")[:2]
                if "-" in number:
                    covered = int(number.partition("-")[2])
                    words.append(word)
                elif "." not in number and int(number) > covered:
                    words.append(word)
        tokens.append(words)
    return Treebank(texts, tokens)


def score_tokens(treebank: Treebank) -> Figure:
    """Surface tokens, by their place in the sentence's text."""
    total = Figure()
    for text, words in zip(treebank.texts, treebank.tokens, strict=True):
        gold: set[tuple[int, int]] = set()
        at = 0
        for word in words:
            start = text.find(word.strip(ZWNJ), at)
            at = start + len(word.strip(ZWNJ))
            gold.add((start, at))
        found = {(t.start, t.end) for t in tokenize(text)}
        total += Figure(len(found & gold), len(found), len(gold))
    return total


def score_sentences(treebank: Treebank) -> Figure:
    """Ends of sentences in the texts joined by single spaces."""
    gold: set[int] = set()
    at = 0
    for text in treebank.texts:
        gold.add(at + len(text))
        at += len(text) + 1
    joined = " ".join(treebank.texts)
    found = set(sentence_ends(joined, tokenize(joined), knowledge().sentences, knowledge().morphology))
    return Figure(len(found & gold), len(found), len(gold))


def restore(text: str) -> str:
    """The project's own restoration."""
    return cleaner().spacing.restore(AlignedText.identity(text)).text


def score_half_spaces(treebank: Treebank, spoiled: str, restorer: Restore = restore) -> Figure:
    """Score half spaces by boundary, after each became `spoiled` (a space, or nothing) and `restorer` ran."""
    total = Figure()
    for text in treebank.texts:
        gold = dict(enumerate(_boundaries(text)))
        found = dict(enumerate(_boundaries(restorer(text.replace(ZWNJ, spoiled)))))
        expected = {i for i, b in gold.items() if b == ZWNJ}
        got = {i for i, b in found.items() if b == ZWNJ}
        total += Figure(len(got & expected), len(got), len(expected))
    return total


class Harm(NamedTuple):
    """Boundaries between letters of untouched text: all, changed, and changed but for glued plurals."""

    boundaries: int
    changed: int
    changed_else: int


def score_harm(treebank: Treebank, restorer: Restore = restore) -> Harm:
    """The harm that restoring does to text that lost nothing."""
    total = changed = plural = 0
    for text in treebank.texts:
        letters = "".join(c for c in text if c not in (" ", ZWNJ))
        before, after = list(_boundaries(text)), list(_boundaries(restorer(text)))
        at = 0
        for i, (old, new) in enumerate(zip(before, after, strict=False)):
            at = text.find(letters[i], at) + 1
            if old != new:
                changed += 1
                left = letters[i - 1] if i else ""
                plural += old == "" and new == ZWNJ and _is_glued_plural(left, text[at - 1 :])
        total += len(before)
    return Harm(total, changed, changed - plural)


def _is_glued_plural(left: str, rest: str) -> bool:
    return _GLUED_PLURAL.search(left) is not None and _PLURAL_AFTER.match(rest) is not None


def _boundaries(text: str) -> Iterator[str]:
    """For each character that is no space, what stands before it: a space, a half space, or nothing."""
    between = ""
    for character in text:
        if character == " " or between == " ":
            if character not in (" ", ZWNJ):
                yield " "
                between = ""
            else:
                between = " "
        elif character == ZWNJ:
            between = ZWNJ
        else:
            yield between
            between = ""


def main() -> int:
    """Print the figures of the files named as arguments."""
    parser = argparse.ArgumentParser(prog="python -m workers.training.spacing.evaluate", description=__doc__)
    parser.add_argument("treebanks", type=Path, nargs="+", help="CoNLL-U files")
    hazm = Normalizer(
        persian_style=False,
        persian_numbers=False,
        unicodes_replacement=False,
        decrease_repeated_chars=False,
        remove_diacritics=False,
        remove_specials_chars=False,
    )
    treebanks = [(str(path), read_treebank(path)) for path in parser.parse_args().treebanks]
    for name, treebank in treebanks:
        _report(name, treebank, hazm.normalize)
    parts = {Path(name).stem for name, _ in treebanks} if len(treebanks) > 1 else set()
    for part in sorted(parts):
        pool = [treebank for name, treebank in treebanks if Path(name).stem == part]
        if len(pool) > 1:
            texts = [text for treebank in pool for text in treebank.texts]
            tokens = [words for treebank in pool for words in treebank.tokens]
            _report(f"all of {part}, pooled", Treebank(texts, tokens), hazm.normalize)
    return 0


def _report(title: str, treebank: Treebank, baseline: Restore) -> None:
    _print(f"{title}: {len(treebank.texts)} sentences")
    _print(f"  tokens F1 {100 * score_tokens(treebank).f1:.2f}")
    _print(f"  sentence ends F1 {100 * score_sentences(treebank).f1:.2f}")
    for name, restorer in (("khabar", restore), ("hazm", baseline)):
        for spoiled, change in ((" ", "turned into spaces"), ("", "deleted")):
            score = score_half_spaces(treebank, spoiled, restorer)
            figures = f"P {score.precision:.3f} R {score.recall:.3f} F1 {score.f1:.3f}"
            _print(f"  half spaces {change}, {name}: {figures}")
        harm = score_harm(treebank, restorer)
        share, share_else = (100 * n / harm.boundaries for n in (harm.changed, harm.changed_else))
        _print(
            f"  harm, {name}: {harm.changed} of {harm.boundaries} boundaries ({share:.3f} %);"
            f" but for glued plurals {harm.changed_else} ({share_else:.3f} %)"
        )


def _print(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main())
