"""The tagger: names found and typed by the shipped model, dates and sums by grammar.

Two profiles of one interface. `fast` is a conditional random field over words, word classes and lexicons;
`accurate` adds the label scores of a fine-tuned encoder to it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import cast

import numpy as np

from schemas.enriched import EntityType
from workers.nlp.document import Document, TextMention
from workers.nlp.entities.chain import ChainModel, starts_and_lengths
from workers.nlp.entities.crf import viterbi
from workers.nlp.entities.encoder import Encoder
from workers.nlp.entities.quantities import find_quantities
from workers.nlp.lexicon import Lexicon

# On held-out training articles; `docs/decisions.md` has the table.
_ENCODER_WEIGHT = np.float32(1.0)


@dataclass(frozen=True, slots=True)
class EntityTagger:
    """Fills `mentions`: names, dates, times, sums, percentages, each with its type.

    `digests` names each model file used, with the first 16 hexadecimal digits of its SHA-256.
    """

    chain: ChainModel
    digests: dict[str, str]
    encoder: Encoder | None = None

    @classmethod
    def load(cls, profile: str = "fast", lexicons: Sequence[Path] = ()) -> "EntityTagger":
        """Load the shipped model of a profile (`fast` or `accurate`), with a user's lexicons beside ours.

        Raises `ValueError` for an unknown profile, `LexiconError` for a folder that cannot be read, and
        `ModuleNotFoundError` for `accurate` without its extra.
        """
        if profile not in ("fast", "accurate"):
            raise ValueError(f"no such profile: {profile}")
        models = files("workers.nlp.models")
        data = models.joinpath("fast.zip").read_bytes()
        digests = {"ner-fast": _digest(data)}
        chain = ChainModel.read(data, Lexicon.load(lexicons))
        if profile == "fast":
            return cls(chain, digests)
        data = models.joinpath("accurate.zip").read_bytes()
        return cls(chain, digests | {"ner-accurate": _digest(data)}, Encoder.read(data))

    def tag(self, document: Document) -> Document:
        """Tag one document that is segmented."""
        quantities = find_quantities(document)
        names = mentions(document, self.labels(document, quantities))
        return replace(document, mentions=merge(names, quantities))

    def labels(self, document: Document, quantities: Sequence[TextMention]) -> list[str]:
        """The BIO label of each token, names only; `quantities` are the grammar's finds in the document."""
        scores = self.chain.scores(document, quantities)
        if self.encoder:
            scores += _ENCODER_WEIGHT * self.encoder.scores(document, self.chain.labels)
        starts, lengths = starts_and_lengths(document)
        best = viterbi(scores, starts, lengths, self.chain.transitions)
        return [self.chain.labels[i] for i in best.tolist()]


def merge(names: Iterable[TextMention], quantities: Iterable[TextMention]) -> tuple[TextMention, ...]:
    """Names and quantities in order of place, none within another.

    Of two that overlap, a name that holds the whole quantity wins («همایش ۱۵ خرداد»), else the quantity:
    its grammar is the surer of the two.
    """
    found = sorted(names, key=lambda m: m.start)
    kept: list[TextMention] = []
    at = 0
    for quantity in quantities:
        while at < len(found) and found[at].end <= quantity.start:
            kept.append(found[at])
            at += 1
        if at < len(found) and found[at].start <= quantity.start and quantity.end <= found[at].end:
            continue
        while at < len(found) and found[at].start < quantity.end:
            at += 1
        kept.append(quantity)
    return (*kept, *found[at:])


def mentions(document: Document, labels: Sequence[str]) -> Iterable[TextMention]:
    """The mentions that BIO labels of the tokens tell of; none crosses a sentence."""
    tokens = document.tokens
    for sentence in document.sentences:
        first, kind = -1, ""
        for at in range(sentence.first, sentence.last + 1):
            label = labels[at] if at < sentence.last else "O"
            if first >= 0 and label != f"I-{kind}":
                yield TextMention(tokens[first].start, tokens[at - 1].end, cast(EntityType, kind))
                first = -1
            if label != "O" and first < 0:
                first, kind = at, label[2:]


def _digest(data: bytes) -> str:
    return sha256(data).hexdigest()[:16]
