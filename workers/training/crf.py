"""Trains the conditional random field of the tagger with CRFsuite (Okazaki 2007)."""

import io
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pycrfsuite
from numpy.typing import NDArray

from workers.nlp.document import Document
from workers.nlp.entities.features import EDGE, OFFSETS, PAIRS, DocumentSight, WordKnowledge, coarse, normal
from workers.training.gold import IGNORED, LABELS, NAME_TYPES, Labelled
from workers.training.shipped import find_quantities


def attributes(
    document: Document, knowledge: WordKnowledge, cache: dict[str, list[list[str]]]
) -> list[list[list[str]]]:
    """The attributes of each token, sentence by sentence."""
    sight = DocumentSight(knowledge)
    texts = [t.text for t in document.tokens]
    marks, hints = sight.lexicon_marks(texts), sight.hints(texts)
    sums = sight.quantity_marks(document.tokens, find_quantities(document))

    def of(word: str) -> list[list[str]]:
        found = cache.get(word)
        if found is None:
            pairs = list(knowledge.attributes(word))
            # entry i: what the token at distance OFFSETS[i] before this word sees of it
            found = [[f"{k}|{a}" for a, reach in pairs if abs(k) <= reach] for k in OFFSETS]
            cache[word] = found
        return found

    sentences = []
    for sentence in document.sentences:
        words = [t.text for t in document.tokens[sentence.first : sentence.last]]
        n = len(words)
        around = [of(EDGE)] * 3 + [of(w) for w in words] + [of(EDGE)] * 3
        classes = [0] * 3 + [coarse(knowledge, w) for w in words] + [0] * 3
        forms = [EDGE, *map(normal, words), EDGE]
        out = []
        for at in range(n):
            items = [a for i, k in enumerate(OFFSETS) for a in around[at + 3 + k][i]]
            items += [f"q{i}={classes[at + 3 + a]}_{classes[at + 3 + b]}" for i, (a, b) in enumerate(PAIRS)]
            items.append(f"b={forms[at]}|{forms[at + 1]}")
            items.append(f"a={forms[at + 1]}|{forms[at + 2]}")
            number = sentence.first + at
            if number in marks:
                items.append(marks[number])
            if number in sums:
                items.append(sums[number])
            items += hints.get(number, ())
            out.append(items)
        sentences.append(out)
    return sentences


def name_only(label: str) -> str:
    """A label of a name; dates and sums become "no name", as the grammar finds them."""
    return label if label[2:] in NAME_TYPES else "O"


def train(
    data: Iterable[Labelled],
    knowledge: WordKnowledge,
    save: Path,
    algorithm: Literal["lbfgs", "ap"] = "lbfgs",
    iterations: int = 60,
    names: bool = True,
) -> None:
    """Fit a model to labelled documents and write it to `save`, in CRFsuite's format.

    `algorithm`: maximum likelihood with both penalties, or the averaged perceptron, in a sixth of the time.
    `names`: learn only the types of names. Ignored tokens are left out, their neighbours stay.
    """
    trainer = pycrfsuite.Trainer(algorithm=algorithm, verbose=False)
    cache: dict[str, list[list[str]]] = {}
    for one in data:
        found = attributes(one.document, knowledge, cache)
        for sentence, items in zip(one.document.sentences, found, strict=True):
            labels = one.labels[sentence.first : sentence.last]
            kept = [i for i, label in enumerate(labels) if label != IGNORED]
            if kept:
                trainer.append(
                    pycrfsuite.ItemSequence([items[i] for i in kept]),
                    [name_only(labels[i]) if names else labels[i] for i in kept],
                )
    options: dict[str, object] = {"max_iterations": iterations, "feature.possible_transitions": False}
    if algorithm == "lbfgs":
        options |= {"c1": 0.08, "c2": 0.01}
    trainer.set_params(options)
    trainer.train(str(save))


def export(model: Path, knowledge: WordKnowledge, save: Path, least: float = 0.004) -> None:
    """Write a CRFsuite model and what is known of words as the file that `chain.ChainModel` reads."""
    tagger = pycrfsuite.Tagger()
    tagger.open(str(model))
    info = tagger.info()
    labels = sorted(tagger.labels(), key=LABELS.index)
    number = {name: i for i, name in enumerate(labels)}
    transitions = np.zeros((len(labels), len(labels)), np.float32)
    for (left, right), weight in info.transitions.items():
        transitions[number[left], number[right]] = weight
    rows: dict[str, list[tuple[int, float]]] = {}
    for (attribute, name), weight in info.state_features.items():
        if abs(weight) >= least:
            rows.setdefault(attribute, []).append((number[name], weight))
    names = sorted(rows)
    cells = [sorted(rows[n]) for n in names]
    words = sorted(knowledge.classes)
    arrays: dict[str, NDArray[Any]] = {
        "counts": np.array([len(c) for c in cells], np.uint8),
        "columns": np.array([i for c in cells for i, _ in c], np.uint8),
        "values": np.array([w for c in cells for _, w in c], np.float16),
        "transitions": transitions,
        "classes": np.array([knowledge.classes[w] for w in words], np.uint16).reshape(len(words), 3),
    }
    texts = {
        "attributes.txt": "\n".join(names),
        "words.txt": "\n".join(words),
        "labels.txt": "\n".join(labels),
    }
    write_archive(save, texts, arrays)


def write_archive(save: Path, texts: Mapping[str, str], arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write a model's file; the same model gives the same bytes."""
    with zipfile.ZipFile(save, "w") as archive:
        for name, text in texts.items():
            _write(archive, name, text.encode())
        for name, array in arrays.items():
            buffer = io.BytesIO()
            np.save(buffer, array)
            _write(archive, f"{name}.npy", buffer.getvalue())


def _write(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))  # no time of day, so that the bytes stay equal
    archive.writestr(entry, data, zipfile.ZIP_DEFLATED, 9)
