"""Applies the annotation's rules on types and borders of names, where the words themselves decide.

The models learn these rules only from examples, and some have few. Each rule looks at one span and its
neighbours. The words it looks for are data (`conventions.toml`); beside each list stands how often the
annotated articles agree with it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from workers.nlp.entities.bio import spans, write
from workers.nlp.knowledge import Knowledge
from workers.nlp.knowledge.folding import fold, glue
from workers.nlp.knowledge.lexicon import Lexicon
from workers.nlp.knowledge.marks import CLOSING_NAMES, OPENING_NAMES
from workers.nlp.knowledge.morphology import Morphology
from workers.nlp.knowledge.words import NamingWords

_DASHES = frozenset("-–—‐ـ_")
_LONGEST = 12  # words of a name that is given another type
_LONGEST_QUOTED = {"PRODUCT": 10, "ORG": 5, "LOC": 3, "PER": 0}  # words in quotation marks
_MISTAKEN = {  # the types that a kind of thing before a name overrules
    "PRODUCT": frozenset(),
    "ORG": frozenset(("B-PER", "B-PRODUCT")),
    "LOC": frozenset(("B-PER", "B-ORG", "B-PRODUCT")),
    "PER": frozenset(("B-LOC", "B-ORG", "B-PRODUCT")),
}
_TITLED = frozenset(("PRODUCT", "ORG"))  # what may be called in quotation marks by another thing's name
_BETWEEN = 3  # words between a kind of work or medium and its name
_HEADED = frozenset(("B-PER", "B-ORG", "B-LOC", "B-FAC"))
_COPULA = "است"  # written alone, or on a word that ends in «ا»: «زیباست»
_YEAR = re.compile(r"(?:1[34]|19|20)\d\d|[۱۲][۳۴۹۰][۰-۹]{2}")

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Findings:
    """The BIO labels of a document's words, and what the rules know of its names."""

    labels: list[str]
    told: dict[Words, str]  # types of names, wherever these stand
    titles: frozenset[int]  # first words of the quoted names whose type holds in their place only


@dataclass(frozen=True, slots=True)
class Conventions:
    """The rules over the words that are known."""

    words: NamingWords
    morphology: Morphology
    known: Lexicon  # forms that stand for one thing, of the categories `sure`
    compounds: Lexicon  # forms of several words that do, of these and the categories `compound`
    begins: frozenset[str]  # the first words of all of them
    regions: frozenset[str]  # names of places that begin with the word for such a place: «شهر ری»

    @classmethod
    def of(cls, knowledge: Knowledge) -> "Conventions":
        """The rules over what is known."""
        words = knowledge.naming
        known = _unambiguous(knowledge.lexicon, words.sure)
        compounds = _unambiguous(knowledge.lexicon, words.sure | words.compound, least=2)
        begins = frozenset(known.longest) | frozenset(compounds.longest)
        forms = {fold(form) for entry in knowledge.lexicon.entries for form in entry.forms}
        regions = frozenset(form for form in forms if form.partition(" ")[0] in words.regions)
        return cls(words, knowledge.morphology, known, compounds, begins, regions)

    def apply(self, words: Sequence[str], labels: Sequence[str]) -> Findings:
        """The labels of a document's words, mended, and the types of names that a word before them tells.

        Linear in the words.
        """
        told: dict[Words, str] = {}
        titles: dict[int, str] = {}
        folded = [fold(word) for word in words]
        out = list(labels)
        self._add_known(folded, out)
        self._take_heads(folded, out)
        self._free_objects(folded, out)
        self._type_by_kind(words, folded, out, told, titles)
        self._drop_sentences(words, folded, out, told, titles)
        self._add_bare(folded, out)
        for first, last, kind in list(spans(out)):
            self._mend(words, folded, out, first, last, kind)
        return Findings(out, told, frozenset(titles))

    def unnamed(self, name: str) -> bool:
        """Whether a mention's text names nothing: a bare kind of body, or a pointer to one told elsewhere."""
        key = fold(name)
        head, *rest = key.split() or [""]
        foreign = (
            len(rest) == 1 and head in self.words.heads and rest[0] in self.words.demonyms
        )  # «شرکت آلمانی»
        return key in self.words.generic or foreign or key.rpartition(" ")[2] in self.words.pointing

    def _add_known(self, folded: Sequence[str], out: list[str]) -> None:
        """What a lexicon knows for sure and the models left out, or took for a person."""
        begins = self.begins
        for at in [at for at, key in enumerate(folded) if key in begins or " " in key]:
            reach = self.known.longest.get(folded[at].partition(" ")[0], 0)
            for last in range(min(at + reach, len(folded)), at, -1):
                entries = self.known.by_form.get(" ".join(folded[at:last]))
                if entries:
                    free = all(label == "O" for label in out[at:last])
                    if free or self._person(out, at, last):
                        write(out, at, last, entries[0].type)
                    break
            else:
                self._complete_known(folded, out, at)

    def _take_heads(self, folded: Sequence[str], out: list[str]) -> None:
        """A kind of body, site or place right before a name belongs to it: «انتشارات علوی»."""
        for at, key in enumerate(folded[:-1]):
            kind = self.words.heads.get(key)
            pointed = at > 0 and folded[at - 1] in self.words.determiners
            if kind and out[at] == "O" and out[at + 1] in _HEADED and not pointed:
                last = at + 1 + next(s[1] for s in spans(out[at + 1 : at + 2 + _LONGEST]))
                person = kind == "ORG" and out[at + 1] == "B-PER" and key not in self.words.named_after_people
                if not (person and self._acted_on(folded, last)):
                    write(out, at, last, kind)

    def _free_objects(self, folded: Sequence[str], out: list[str]) -> None:
        """A person named elsewhere in the article is no part of a body's name that «را» follows.

        «فدراسیون علی دایی را محروم کرد. دایی …»: the body is bare, the person its object.
        """
        found = list(spans(out))
        people = {tuple(folded[first:last]) for first, last, kind in found if kind == "PER"}
        for first, last, kind in found if people else ():
            if kind != "ORG" or last - first < 3 or folded[last : last + 1] != ["را"]:
                continue
            bare = (
                self.words.heads.get(folded[first]) == "ORG"
                and folded[first] not in self.words.named_after_people
            )
            by_surname = folded[first + 1] in self.words.given_names and (folded[last - 1],) in people
            if bare and (by_surname or tuple(folded[first + 1 : last]) in people):
                write(out, first, first + 1, "O")
                write(out, first + 1, last, "PER")

    def _acted_on(self, folded: Sequence[str], last: int) -> bool:
        """Whether a name ends as an object or right before a verb: «فدراسیون علی دایی **را** محروم کرد»."""
        return last < len(folded) and (folded[last] == "را" or self.morphology.is_finite(glue(folded[last])))

    def _complete_known(self, folded: Sequence[str], out: list[str], at: int) -> None:
        """A name of several words that a lexicon knows, parts of which were found: «آستان **قدس رضوی**»."""
        reach = self.compounds.longest.get(folded[at].partition(" ")[0], 0)
        for last in range(min(at + reach, len(folded)), at + 1, -1):
            entries = self.compounds.by_form.get(" ".join(folded[at:last]))
            if entries:
                whole = next(spans(out[at:last]), (0, 0, ""))[:2] == (0, last - at)
                apart = out[at][0] != "I" and (last == len(out) or out[last][0] != "I")
                land = whole and entries[0].type == "LOC" and out[at] == "B-ORG"  # «فدراسیون روسیه»
                if apart and (land or (not whole and any(label != "O" for label in out[at:last]))):
                    write(out, at, last, entries[0].type)
                return

    @staticmethod
    def _person(labels: Sequence[str], first: int, last: int) -> bool:
        """Whether a person's name stands exactly at the places [first, last)."""
        inside = all(label == "I-PER" for label in labels[first + 1 : last])
        return labels[first] == "B-PER" and inside and (last == len(labels) or labels[last] != "I-PER")

    def _type_by_kind(
        self,
        words: Sequence[str],
        folded: Sequence[str],
        out: list[str],
        told: dict[Words, str],
        titles: dict[int, str],
    ) -> None:
        """«فیلم «…»» is a PRODUCT, «روزنامه …» an ORG, «استان …» a LOC, whatever its words look like.

        Fills `told`, and `titles`: the type by first word of the names that are quoted after such a word, and
        of their other places in quotation marks.
        """
        called: dict[Words, str] = {}
        for at, key in enumerate(folded):
            kind = self._kind(key)
            if not kind or out[at] != "O":
                continue
            place = at + 1
            while place < len(words) and place - at <= _BETWEEN and folded[place] in self.words.between:
                place += 1
            while (quoted := self._quoted(words, place, kind)) is not None:
                write(out, *quoted, kind)
                name = tuple(words[slice(*quoted)])
                if kind in _TITLED:
                    titles[quoted[0]] = called[name] = kind
                else:
                    told[name] = kind
                place = quoted[1] + 1
                if kind != "PRODUCT" or place >= len(words) or folded[place] not in ("و", ""):
                    break
                place += 1  # «فیلم‌های «…» و «…»»
            if place < len(words) and words[place - 1] not in CLOSING_NAMES and out[place] in _MISTAKEN[kind]:
                first, last, _ = next(s for s in spans(out[place : place + _LONGEST]))
                write(out, place + first, place + last, kind)
                told[tuple(words[place + first : place + last])] = kind
        for at in range(len(words)) if called else ():
            quoted = self._quoted(words, at, "PRODUCT")
            again = called.get(tuple(words[slice(*quoted)])) if quoted else None
            if quoted and again and quoted[0] not in titles:
                write(out, *quoted, again)
                titles[quoted[0]] = again

    def _drop_sentences(
        self,
        words: Sequence[str],
        folded: Sequence[str],
        out: list[str],
        told: dict[Words, str],
        titles: dict[int, str],
    ) -> None:
        """A quoted sentence is a work where a kind of work or a person beside it says so (12 of 12)."""
        for first, last, kind in list(spans(out)):
            quoted = first > 0 and words[first - 1] in OPENING_NAMES and words[last : last + 1]
            if kind != "PRODUCT" or not quoted or last - first == 1:
                continue
            named = first in titles or tuple(words[first:last]) in told
            by_person = words[last] in CLOSING_NAMES and out[last + 1 : last + 2] == ["B-PER"]
            verb = self.morphology.is_finite(glue(folded[last - 1])) or folded[last - 1].endswith(_COPULA)
            if verb and not named and not by_person:
                write(out, first, last, "O")

    def _kind(self, key: str) -> str:
        if key in self.words.works:
            return "PRODUCT"
        if key in self.words.media:
            return "ORG"
        if key in self.words.places:
            return "LOC"
        return "PER" if key in self.words.courtesies else ""

    def _quoted(self, words: Sequence[str], at: int, kind: str) -> tuple[int, int] | None:
        """The words inside the quotation marks that open at a place, if a name of the kind can be as long."""
        if at >= len(words) or words[at] not in OPENING_NAMES:
            return None
        for last in range(at + 1, min(at + 2 + _LONGEST_QUOTED[kind], len(words))):
            if words[last] in CLOSING_NAMES:
                return (at + 1, last) if last > at + 1 else None
        return None

    def _add_bare(self, folded: Sequence[str], out: list[str]) -> None:
        """Bodies that are names by themselves: «ارتش», «مجلس»."""
        for at, key in enumerate(folded):
            if out[at] != "O" or key not in self.words.always:
                continue
            after = folded[at + 1] if at + 1 < len(folded) else ""
            if after in self.words.gatherings or (at and folded[at - 1] in self.words.determiners):
                continue
            out[at] = "B-ORG"

    def _mend(
        self, words: Sequence[str], folded: Sequence[str], out: list[str], first: int, last: int, kind: str
    ) -> None:
        if out[first][0] != "B":
            return  # taken by a name before it
        while (
            last > first
            and folded[last - 1] in self.words.joining
            and not self._goes_on(out, folded, first, last)
        ):
            last -= 1
            out[last] = "O"
        if first == last:
            return
        if kind == "ORG" and folded[last - 1] in self.words.fights and self._is_against(folded, out, last):
            last += 1 + next(s[1] for s in spans(out[last + 1 : last + 2 + _LONGEST]))
            write(out, first, last, kind)
        if kind in ("ORG", "FAC") and first + 1 < last and folded[last - 1] in self.words.regions:
            last = self._reach_the_place(out, first, last, kind)
        begin = first + self._words_before(folded, first, last, kind)
        while first < begin < last and words[begin] in OPENING_NAMES:
            begin += 1
        write(out, first, begin, "O")
        if begin == last:
            return
        if begin > first:
            first = begin
            write(out, first, last, kind)
        before = folded[first - 1] if first else ""
        if kind == "ORG" and before in self.words.offices:
            if folded[first] not in self.words.bodies_of_offices:
                write(out, first, last, "O")
        elif kind == "ORG" and before in self.words.deputies:
            body = next((at for at in range(first, last) if folded[at] in self.words.bodies), first)
            write(out, first, body, "O")
            write(out, body, last, kind)
        elif kind == "FAC" and folded[first] in self.words.roads:
            self._reach_the_other_end(words, out, last)
        elif kind == "EVENT":
            self._complete_event(words, folded, out, first, last)

    def _words_before(self, folded: Sequence[str], first: int, last: int, kind: str) -> int:
        """How many words that the models took into a name stand before it: «**روزنامه** کیهان»."""
        head, several = folded[first], last - first > 1
        if kind == "PER":
            return int(several and head in self.words.addresses)
        if kind == "LOC":
            whole = " ".join(folded[first:last])
            return int(several and head in self.words.regions and whole not in self.regions)
        if kind in ("ORG", "PRODUCT") and head in self.words.outside:
            return 1
        foreign = kind == "ORG" and last - first > 2 and folded[first + 1] in self.words.demonyms
        return 2 if foreign and self.words.heads.get(head) == "ORG" else 0  # «**شرکت ژاپنی** توشیبا»

    @staticmethod
    def _reach_the_place(out: list[str], first: int, last: int, kind: str) -> int:
        """The end of a name that stops right before its place: «شورای شهر **تهران**»."""
        if last < len(out) and out[last] == "B-LOC":
            last += next(s[1] for s in spans(out[last : last + _LONGEST]))
            write(out, first, last, kind)
        return last

    def _goes_on(self, out: Sequence[str], folded: Sequence[str], first: int, last: int) -> bool:
        """Whether a number of two words is parted between a name's end and the next name («سی و | ششمین»)."""
        return (
            last < len(out)
            and out[last][0] == "B"
            and last - 2 >= first
            and folded[last - 2] in self.words.ordinals
            and folded[last].endswith("مین")
        )

    @staticmethod
    def _is_against(folded: Sequence[str], out: Sequence[str], last: int) -> bool:
        """Whether «با» and a name follow: «ائتلاف مبارزه **با داعش**»."""
        return last + 1 < len(out) and folded[last] == "با" and out[last + 1][0] == "B"

    def _reach_the_other_end(self, words: Sequence[str], out: list[str], last: int) -> None:
        """«آزادراه تهران - شمال»: a road has two ends."""
        if last + 1 >= len(words) or words[last] not in _DASHES or not words[last + 1][0].isalpha():
            return
        end = last + 2
        if out[last + 1] != "O":
            while end < len(out) and out[end][0] == "I":
                end += 1
        out[last:end] = ["I-FAC"] * (end - last)

    def _complete_event(
        self, words: Sequence[str], folded: Sequence[str], out: list[str], first: int, last: int
    ) -> None:
        """«سی **و ششمین** جشنواره», «جام جهانی **۲۰۱۴**»."""
        if last < len(words) and out[last] == "O" and _YEAR.fullmatch(words[last]):
            out[last] = "I-EVENT"
            last += 1
        if first < 2 or folded[first - 1] != "و" or folded[first - 2] not in self.words.ordinals:
            return
        if not folded[first].endswith("مین"):
            return
        before = out[first - 2]
        if before == "O":
            write(out, first - 2, last, "EVENT")
        elif out[first - 1] in ("O", f"I-{before[2:]}"):  # «شورای برنامه‌ریزی بیست و پنجمین نمایشگاه»
            out[first - 1 : last] = [f"I-{before[2:]}"] * (last - first + 1)


def _unambiguous(lexicon: Lexicon, categories: frozenset[str], least: int = 1) -> Lexicon:
    """The entries of some categories, with those forms of theirs that no entry of another type has.

    `least` is the number of words that a form must have.
    """
    kept = []
    for entry in lexicon.entries:
        if fold(entry.category) in categories:
            forms = [
                f
                for f in entry.forms
                if {e.type for e in lexicon.find(f)} == {entry.type} and len(fold(f).split()) >= least
            ]
            if forms:
                kept.append(entry._replace(name=forms[0], variants=tuple(forms[1:])))
    return Lexicon.of(kept)
