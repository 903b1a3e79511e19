"""Turns raw fields into clean text in blocks, in which every character has its raw place.

A field goes through: repair of a wrong encoding → markup or plain lines → standard letters → boilerplate
parted from article → spacing of each block. Then the dateline is read, and language and fingerprint are
found.
"""

import re
from array import array
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import groupby, islice, pairwise
from typing import Literal

from schemas.article import RawArticle
from schemas.enriched import BlockKind, Dateline, Field
from schemas.reasons import Reason
from workers.nlp.alignment import AlignedText, change_lines, concatenate
from workers.nlp.calendars import Months, parse_published
from workers.nlp.cleaning.boilerplate import (
    BoilerplateRules,
    Piece,
    mark_credits,
    separate,
    separate_paragraphs,
    strip,
)
from workers.nlp.cleaning.dateline import DatelineFinder
from workers.nlp.cleaning.encoding import repair
from workers.nlp.cleaning.html.lines import read_markup
from workers.nlp.cleaning.html.published import published_time
from workers.nlp.cleaning.html.references import decode_references
from workers.nlp.cleaning.html.tags import is_markup
from workers.nlp.cleaning.letters import one_to_one, persian_letters, standard_letters
from workers.nlp.cleaning.markdown import without_links
from workers.nlp.cleaning.paragraphs import ParagraphFinder
from workers.nlp.cleaning.spacing.half_spaces import words_apart
from workers.nlp.cleaning.spacing.orthography import Orthography
from workers.nlp.cleaning.spacing.restore import SpacingRestorer
from workers.nlp.document import Document, Rejected, TextBlock
from workers.nlp.fingerprint import fingerprint
from workers.nlp.knowledge import Knowledge
from workers.nlp.language import LanguageGuesser

_WORD = re.compile("[^\\W_]")
_LINE = re.compile(r"[^\s\n](?:[^\n]*[^\s\n])?")
_STOPPED = re.compile(r"[.!؟?…:؛»،]$")
_KINDS: dict[str, BlockKind] = {"title": "title", "lead": "lead", "heading": "subhead", "subhead": "subhead"}
_HEADLINES = frozenset(("title", "lead", "heading"))
_LONGEST_SUBHEAD = 90
_OPENING_WITHIN = 4  # paragraphs in which a dateline is looked for
_MOST_LINES = 5000  # more lines than an article has; those behind them become one


@dataclass(frozen=True, slots=True)
class Cleaner:
    """Turns an article's fields into clean text and blocks."""

    knowledge: Knowledge
    language: LanguageGuesser
    months: Months
    boilerplate: BoilerplateRules
    datelines: DatelineFinder
    spacing: SpacingRestorer
    paragraphs: ParagraphFinder

    @classmethod
    def of(cls, knowledge: Knowledge) -> "Cleaner":
        """A cleaner with the words that are known."""
        datelines = DatelineFinder.of(knowledge.datelines, knowledge.agencies)
        spacing = SpacingRestorer.of(knowledge.spacing)
        return cls(
            knowledge,
            LanguageGuesser.of(knowledge.languages),
            Months.of(knowledge.calendar),
            BoilerplateRules.of(knowledge.boilerplate, knowledge.agencies),
            datelines,
            spacing,
            ParagraphFinder.of(knowledge, datelines, spacing),
        )

    def clean(self, document: Document) -> Document:
        """Fill `aligned`, `blocks`, `dateline`, `language`, `published_at` and `fingerprint`.

        Raises `Rejected` for a body that has no text once cleaned (`EMPTY`), whose letters are damaged beyond
        repair (`UNDECODABLE`), or that is in another language (`NOT_PERSIAN`, the guess in the detail).
        """
        article = document.article
        body = self._paragraphs(separate(self._pieces(article.body), self.boilerplate))
        kept = [p.text.text for p in body if not p.chrome]
        if not any(_WORD.search(text) for text in kept):
            raise Rejected(Reason.EMPTY, "no text is left in `body` once cleaned")
        language = self.language.guess("\n".join(kept))
        if language.foreign:
            raise Rejected(Reason.NOT_PERSIAN, f"language: {language.tag}")
        body = [Piece(persian_letters(piece.text), piece.kind, piece.chrome) for piece in body]
        title, lead = self._headline(article.title), self._headline(article.lead)
        headlines = [text.text for text in (title, lead) if text]
        draft = _Draft(
            self,
            self.spacing.orthography("\n".join((*headlines, *(p.text.text for p in body if not p.chrome)))),
        )
        if title:
            draft.add_headline("title", title)
        if lead:
            draft.add_headline("lead", lead)
        draft.add_body(body)
        text = concatenate(draft.parts)
        return replace(
            document,
            aligned=text,
            blocks=tuple(draft.blocks),
            dateline=draft.dateline,
            language=language.tag,
            published_at=self._published(article),
            fingerprint=fingerprint("\n".join(draft.told)),
        )

    def _published(self, article: RawArticle) -> str | None:
        """The time of publication: `published`, else the one that the page gives."""
        told = parse_published(article.published, self.months)
        if told is None and (written := published_time(article.body)):
            told = parse_published(written, self.months)
        return told

    def _headline(self, raw: str | None) -> AlignedText | None:
        """A title or lead, put in one line."""
        pieces = [piece.text for piece in self._pieces(raw) if not piece.chrome] if raw else []
        return persian_letters(concatenate(pieces, " ")) if pieces else None

    def _pieces(self, raw: str) -> list[Piece]:
        """The lines of a field in standard letters, those of one paragraph joined."""
        source = one_to_one(repair(AlignedText.identity(raw)))
        if not is_markup(source.text, self.knowledge.markup):
            decoded = decode_references(source)
            if not is_markup(decoded.text, self.knowledge.markup):
                source = source if decoded is source else one_to_one(decoded)
                text = self._standard_letters(without_links(source))
                return self._join([Piece(line) for line in _lines(text)])
            source = decoded
        lines = read_markup(source, self.knowledge.markup)
        texts = map(strip, change_lines([one_to_one(line.text) for line in lines], self._standard_letters))
        return self._join(
            [
                Piece(text, line.kind, line.chrome)
                for line, text in zip(lines, texts, strict=True)
                if text.text
            ]
        )

    def _join(self, pieces: list[Piece]) -> list[Piece]:
        """Lines that a break cut in the middle of a sentence, put together again."""
        joined: list[Piece] = []
        for fixed, run in groupby(
            mark_credits(pieces, self.boilerplate), key=lambda piece: piece.chrome or piece.kind in _HEADLINES
        ):
            lines = list(run)
            if fixed or len(lines) < 2:
                joined += lines
                continue
            for first, last in self.paragraphs.join_broken([piece.text.text for piece in lines]):
                part = lines[first]
                if last - first > 1:
                    part = replace(part, text=concatenate((piece.text for piece in lines[first:last]), " "))
                joined.append(part)
        return joined

    def _paragraphs(self, pieces: list[Piece]) -> list[Piece]:
        """The body's pieces: a lone line cut in paragraphs, short lines over text as subheads."""
        kept = [number for number, piece in enumerate(pieces) if not piece.chrome]
        if len(kept) == 1:
            (number,) = kept
            lines = (strip(line) for line in self.paragraphs.find_lost_breaks(pieces[number].text))
            found = [replace(pieces[number], text=line) for line in lines if line.text]
            if len(found) > 1:
                found = separate_paragraphs(
                    found, self.boilerplate
                )  # a line of the page's own may stand between lost breaks
            return [*pieces[:number], *found, *pieces[number + 1 :]]
        for number, following in pairwise(kept):
            if pieces[number].kind == "paragraph" and _is_subhead(
                pieces[number].text.text, pieces[following].text.text
            ):
                pieces[number] = replace(pieces[number], kind="subhead")
        return pieces

    def _standard_letters(self, text: AlignedText) -> AlignedText:
        return words_apart(standard_letters(text, self.knowledge.vowels))


def _lines(text: AlignedText) -> list[AlignedText]:
    """The lines that have text; of very many, which are an attack, the rest becomes one line."""
    matches = list(islice(_LINE.finditer(text.text), _MOST_LINES))
    lines = [text[m.start() : m.end()] for m in matches]
    if len(lines) == _MOST_LINES:
        rest = text[matches[-1].end() :]
        rest = strip(rest.with_text(rest.text.replace("\n", " ")))
        lines += [rest] if rest.text else []
    return lines


def _is_subhead(line: str, following: str) -> bool:
    """A short line without a stop over running text."""
    if len(line) > _LONGEST_SUBHEAD or _STOPPED.search(line):
        return False
    return len(following) > _LONGEST_SUBHEAD or (len(following) > len(line) and following[-1] in ".!؟»")


@dataclass(slots=True)
class _Draft:
    """The text and its blocks while they are put together."""

    cleaner: Cleaner
    orthography: Orthography
    parts: list[AlignedText] = field(default_factory=list)
    blocks: list[TextBlock] = field(default_factory=list)
    told: list[str] = field(default_factory=list)  # what the fingerprint is of
    dateline: Dateline | None = None
    length: int = 0

    def add_headline(self, name: Literal["title", "lead"], text: AlignedText) -> None:
        """A field of one block."""
        self._block(name, self.cleaner.spacing.restore(text, self.orthography), name)

    def add_body(self, pieces: list[Piece]) -> None:
        """The body's blocks in order; neighbours of boilerplate become one block."""
        looked = 0
        restored = iter(
            change_lines(
                [piece.text for piece in pieces if not piece.chrome],
                partial(self.cleaner.spacing.restore, orthography=self.orthography),
            )
        )
        for piece in pieces:
            if piece.chrome:
                self._boilerplate(piece.text)
                continue
            text = next(restored)
            kind = _KINDS.get(piece.kind, "paragraph")
            opening = None
            if kind == "paragraph" and self.dateline is None and looked < _OPENING_WITHIN:
                looked += 1
                opening = self.cleaner.datelines.find(text.text)
            if opening is None:
                self._block(kind, text, "body")
                self.told.append(text.text)
                continue
            self.dateline = opening.dateline
            self._block("dateline", strip(text[: opening.end]), "body")
            rest = strip(text[opening.end :])
            if rest.text:
                self._block(kind, rest, "body", separator=" ")
                self.told.append(rest.text)

    def _block(self, kind: BlockKind, text: AlignedText, name: Field, separator: str = "\n") -> None:
        if self.parts:
            here = self.parts[-1].ends[-1]
            at = array("l", [here])
            self.parts.append(AlignedText(separator, at, at))
            self.length += 1
        self.parts.append(text)
        start, self.length = self.length, self.length + len(text)
        self.blocks.append(TextBlock(kind, start, self.length, name, *text.raw_span(0, len(text))))

    def _boilerplate(self, text: AlignedText) -> None:
        raw_start, raw_end = text.raw_span(0, len(text))
        last = self.blocks[-1] if self.blocks else None
        if last and last.kind == "boilerplate" and last.start == self.length:
            self.blocks[-1] = replace(last, raw_end=max(last.raw_end, raw_end))
        else:
            self.blocks.append(TextBlock("boilerplate", self.length, self.length, "body", raw_start, raw_end))
