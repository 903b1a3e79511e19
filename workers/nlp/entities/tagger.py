"""The tagger: names found and typed by the shipped model, dates and sums by grammar.

Two profiles of one interface. `fast` is a conditional random field over words, word classes and lexicons,
with the label scores of a small network added; `accurate` adds those of a fine-tuned encoder.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import cast

import numpy as np

from schemas.enriched import EntityType
from workers.nlp.document import Document, TextMention
from workers.nlp.entities.agreement import agree
from workers.nlp.entities.chain import ChainModel, starts_and_lengths
from workers.nlp.entities.conventions import Conventions
from workers.nlp.entities.crf import Array, viterbi
from workers.nlp.entities.encoder import Encoder
from workers.nlp.entities.person_edges import PersonEdges
from workers.nlp.entities.quantities import QuantityFinder
from workers.nlp.entities.student import Student
from workers.nlp.knowledge import Knowledge
from workers.nlp.knowledge.lexicon import Lexicon

# Chosen among six pairs on articles that no model saw; `models/MODEL_CARD.md` has the figures.
_ENCODER_WEIGHT = np.float32(1.25)
_STUDENT_WEIGHT = np.float32(1.0)
_STUDENT_WEIGHT_BESIDE_ENCODER = np.float32(0.75)  # lower, as it repeats the encoder's opinion
_FIGURES = re.compile(r"\d+")
_HYPHENS = ("-", "‐", "\u2011", "–")
_TRUST = np.float32(12.0)  # of a user's own entries: more than an unclear context weighs against them


@dataclass(frozen=True, slots=True)
class EntityTagger:
    """Fills `mentions`: names, dates, times, sums, percentages, each with its type.

    `digests` names each model file used, with the first 16 hexadecimal digits of its SHA-256.
    """

    chain: ChainModel
    digests: dict[str, str]
    conventions: Conventions
    edges: PersonEdges
    quantities: QuantityFinder
    student: Student | None = None
    encoder: Encoder | None = None
    own: Lexicon = field(default_factory=lambda: Lexicon.of(()))  # what a user's folders add to ours

    @classmethod
    def load(cls, knowledge: Knowledge, profile: str = "fast", models: Path | None = None) -> "EntityTagger":
        """Load the shipped model of a profile (`fast` or `accurate`).

        `models` is another folder of models than the shipped one; there `student.zip`, which is made last,
        may be missing.

        Raises `ValueError` for an unknown profile, `ModuleNotFoundError` for `accurate` without its extra.
        """
        if profile not in ("fast", "accurate"):
            raise ValueError(f"no such profile: {profile}")
        folder = models or files("workers.nlp.models")
        data = folder.joinpath("fast.zip").read_bytes()
        digests = {"ner-fast": _digest(data)}
        chain = ChainModel.read(data, knowledge)
        student = None
        if models is None or (models / "student.zip").exists():
            data = folder.joinpath("student.zip").read_bytes()
            digests["ner-student"] = _digest(data)
            student = Student.read(data, chain.knowledge)
        conventions, quantities = Conventions.of(knowledge), QuantityFinder.of(knowledge)
        tagger = cls(
            chain, digests, conventions, PersonEdges.of(knowledge), quantities, student, own=knowledge.own
        )
        if profile == "fast":
            return tagger
        data = folder.joinpath("accurate.zip").read_bytes()
        digests = digests | {"ner-accurate": _digest(data)}
        return replace(tagger, digests=digests, encoder=Encoder.read(data))

    def tag(self, document: Document) -> Document:
        """Tag one document that is segmented."""
        quantities = self.quantities.find(document)
        words = [t.text for t in document.tokens]
        found = self.conventions.apply(words, self.labels(document, quantities))
        labels = agree(words, self.edges.mend(words, found.labels), found.told, found.titles)
        unnamed = self.conventions.unnamed
        names = [m for m in mentions(document, labels) if not unnamed(document.slice((m.start, m.end)))]
        return replace(document, mentions=merge(names, quantities, document.text))

    def labels(self, document: Document, quantities: Sequence[TextMention]) -> list[str]:
        """The BIO label of each token, names only; `quantities` are the grammar's finds in the document."""
        starts, lengths = starts_and_lengths(document)
        best = viterbi(self.scores(document, quantities), starts, lengths, self.chain.transitions)
        return [self.chain.labels[i] for i in best.tolist()]

    def scores(self, document: Document, quantities: Sequence[TextMention]) -> Array:
        """The score of each of `chain.labels` at each token, [tokens, labels], before the transitions."""
        texts = [t.text for t in document.tokens]
        marks = self.chain.sight.marks(document, texts, quantities)
        scores = self.chain.scores(document, texts, marks)
        if self.student:
            weight = _STUDENT_WEIGHT_BESIDE_ENCODER if self.encoder else _STUDENT_WEIGHT
            scores += weight * self.student.scores(document, texts, marks)
        if self.encoder:
            scores += _ENCODER_WEIGHT * self.encoder.scores(document, self.chain.labels)
        if self.own.entries:
            self._trust_own(document, scores)
        return scores

    def _trust_own(self, document: Document, scores: Array) -> None:
        number = {label: i for i, label in enumerate(self.chain.labels)}
        for match in self.own.match([t.text for t in document.tokens]):
            kind = next((e.type for e in match.entries if f"B-{e.type}" in number), None)
            if kind:
                scores[match.first, number[f"B-{kind}"]] += _TRUST
                scores[match.first + 1 : match.last, number[f"I-{kind}"]] += _TRUST


def merge(
    names: Iterable[TextMention], quantities: Iterable[TextMention], text: str
) -> tuple[TextMention, ...]:
    """Names and quantities in order of place, none within another.

    Of two that overlap, a name that holds more than the quantity wins («همایش ۱۵ خرداد»), but not over a day
    with its year («جشن ۷ امرداد ۱۳۸۹»). Else the quantity wins: its grammar is the surer of the two.
    """
    found = sorted(names, key=lambda m: m.start)
    kept: list[TextMention] = []
    at = 0
    for quantity in quantities:
        while at < len(found) and found[at].end <= quantity.start:
            kept.append(found[at])
            at += 1
        if at < len(found) and _holds(found[at], quantity) and not _is_day_of_year(quantity, text):
            continue
        while at < len(found) and found[at].start < quantity.end:
            at += 1
        kept.append(quantity)
    return (*kept, *found[at:])


def _holds(name: TextMention, quantity: TextMention) -> bool:
    """Whether a name is a quantity and more."""
    inside = name.start <= quantity.start and quantity.end <= name.end
    return inside and quantity.end - quantity.start < name.end - name.start


def _is_day_of_year(quantity: TextMention, text: str) -> bool:
    """Whether a date tells day and year in figures."""
    value = quantity.quantity
    told = len(_FIGURES.findall(text, quantity.start, quantity.end)) > 1
    return told and value is not None and value.precision == "day"


def mentions(document: Document, labels: Sequence[str]) -> list[TextMention]:
    """The mentions that BIO labels of the tokens tell of; none crosses a sentence.

    People's names with a hyphen and no space between («ژان-ایو لودریان») are one. No name begins or ends
    with a hyphen.
    """
    tokens, text = document.tokens, document.text
    found: list[TextMention] = []
    for sentence in document.sentences:
        first, kind = -1, ""
        for at in range(sentence.first, sentence.last + 1):
            label = labels[at] if at < sentence.last else "O"
            if first >= 0 and label != f"I-{kind}":
                last = at - 1
                while first < last and tokens[first].text in _HYPHENS:
                    first += 1
                while first < last and tokens[last].text in _HYPHENS:
                    last -= 1
                mention = TextMention(tokens[first].start, tokens[last].end, cast(EntityType, kind))
                if (
                    found
                    and kind == found[-1].type == "PER"
                    and text[found[-1].end : mention.start] in _HYPHENS
                ):
                    mention = replace(mention, start=found.pop().start)
                if tokens[first].text not in _HYPHENS:
                    found.append(mention)
                first = -1
            if label != "O" and first < 0:
                first, kind = at, label[2:]
    return found


def _digest(data: bytes) -> str:
    return sha256(data).hexdigest()[:16]
