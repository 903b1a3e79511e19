"""Mends where a person's name begins and ends, by words that are never part of one.

The models have seen few offices of Afghanistan, few titles of the highest clerics, and no stories. Words
that they wrongly took into a name are taken off here; words that they left out («حمید «پلنگ» رستگار») are
added.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workers.nlp.entities.bio import spans, write
from workers.nlp.knowledge import Knowledge
from workers.nlp.knowledge.folding import fold
from workers.nlp.knowledge.lexicon import Lexicon
from workers.nlp.knowledge.marks import CLOSING_NAMES, OPENING_NAMES
from workers.nlp.knowledge.words import EdgeWords

_INITIAL = 2  # a letter and its stop
_NICKNAME = 2  # words of a nickname inside a name
_CALLED = 4  # words of another name in quotation marks
_LATIN = 4  # words of a Latin spelling in brackets
_PLACE = 2  # words of a place behind an office that the models did not see
_REACH = 12  # words in which a name ends
_DEPUTY = 5  # words behind «معین» among which the body is named

_TELLING = 4  # tokens before a colon that tell who speaks, and how
_VERB = 2  # the least of them: a name and a verb
_SENTENCE_ENDS = frozenset((".", "!", "؟", "…", "\n", *CLOSING_NAMES))

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PersonEdges:
    """Mends the borders of people's names."""

    words: EdgeWords
    lexicon: Lexicon
    given: frozenset[str]

    @classmethod
    def of(cls, knowledge: Knowledge) -> "PersonEdges":
        """The rules over what is known."""
        return cls(knowledge.edges, knowledge.lexicon, knowledge.naming.given_names)

    def mend(self, words: Sequence[str], labels: Sequence[str]) -> list[str]:
        """The labels with these borders mended; linear in the words."""
        folded, out = [fold(word) for word in words], list(labels)
        self._name_institutions(folded, out)
        self._free_offices(folded, out)
        for first, last, kind in list(spans(out)):
            if kind == "PER":
                self._trim(folded, out, first, last)
        self._add_tellers(words, folded, out)
        self._add_initials(words, out)
        self._join_nicknames(words, out)
        self._add_other_names(words, folded, out)
        return out

    def _name_institutions(self, folded: Sequence[str], out: list[str]) -> None:
        """«پوهنتون ننگرهار», «ولسوالی پشت‌رود»: a kind of body or place and its name."""
        institutions = self.words.institutions
        for at in [at for at, key in enumerate(folded[:-1]) if key in institutions]:
            kind = institutions[folded[at]]
            if out[at][0] == "I":
                continue
            last = at + 1
            if out[at] != "O" or out[last] != "O":
                last = at + next(s[1] for s in spans(out[at : at + _REACH]))
            elif kind == "LOC" and self._may_be_place(folded[last]):
                last += 1
            if last > at + 1:
                write(out, at, last, kind)
            elif out[at] == "B-PER":
                write(out, at, last, "O")

    def _may_be_place(self, key: str) -> bool:
        return len(key) > 2 and key not in self.words.no_places and key.replace(" ", "").isalpha()

    def _free_offices(self, folded: Sequence[str], out: list[str]) -> None:
        """«والی نیمروز» is an office and a place, «والی محمد فرهادی» an office and a person."""
        offices, deputies = self.words.place_offices, self.words.deputies
        for at in [at for at, key in enumerate(folded) if key in offices or key in deputies]:
            size = _longest(offices, folded, at)
            if size == 0 and folded[at] in deputies and self._names_body(folded, at):
                size = 1
            if size == 0 or out[at][0] == "I":
                continue
            place = at + size
            people = [
                (at + first, at + last)
                for first, last, kind in spans(out[at : place + _REACH])
                if kind == "PER" and at + first <= place
            ]
            if people and people[0][0] < place:
                end = people[-1][1]
                write(out, at, max(people[0][1], place), "O")
                if end > place:
                    write(out, place, end, self._kind(folded[place:end]))
            elif people:
                write(out, *people[0], self._kind(folded[slice(*people[0])]))
            elif place < len(out) and out[place] == "O":
                for last in range(min(place + _PLACE, len(out)), place, -1):
                    if self._known_place(folded[place:last]) and set(out[place:last]) == {"O"}:
                        write(out, place, last, "LOC")
                        break

    def _names_body(self, folded: Sequence[str], at: int) -> bool:
        """Whether «معین» is a deputy here: a ministry is named behind it before anything else is told."""
        for key in folded[at + 1 : at + 1 + _DEPUTY]:
            if key in self.words.deputy_bodies:
                return True
            if not key or key in self.words.prepositions or key in self.given:
                return False
        return False

    def _kind(self, name: Sequence[str]) -> str:
        if name[0] in self.words.deputy_bodies:
            return "O"
        if self._known_place(name) or (len(name) == 1 and name[0] not in self.given):
            return "LOC"
        return "PER"

    def _known_place(self, name: Sequence[str]) -> bool:
        return any(entry.type == "LOC" for entry in self.lexicon.find(" ".join(name)))

    def _trim(self, folded: Sequence[str], out: list[str], first: int, last: int) -> None:
        """Words of rank before a name, and what tells behind it how somebody spoke, are outside."""
        size = _longest(self.words.ranks, folded, first)
        while size and first < last:
            write(out, first, min(first + size, last), "O")
            first += size
            size = _longest(self.words.ranks, folded, first) if first < last else 0
        end = next((at for at in range(first + 1, last) if folded[at] in self.words.prepositions), last)
        if end > first + 1 and folded[end - 1] in self.words.called and folded[end : end + 1] == ["به"]:
            end -= 1  # «علوی معروف به …»
        while end > first + 1 and folded[end - 1] in self.words.manners:
            end -= 1
        if end < last:
            write(out, end, last, "O")

    def _add_tellers(self, words: Sequence[str], folded: Sequence[str], out: list[str]) -> None:
        """«پروانه خندید: «…»»: a first name alone, that opens a sentence which quotes somebody."""
        for at in [at for at, word in enumerate(words[:-1]) if word == ":"]:
            if words[at + 1] not in OPENING_NAMES:
                continue
            first = at - 1
            while first > max(0, at - _TELLING) and words[first - 1] not in _SENTENCE_ENDS:
                first -= 1
            opens = first == 0 or words[first - 1] in _SENTENCE_ENDS
            if not opens or at - first < _VERB or set(out[first:at]) != {"O"}:
                continue
            known = self.lexicon.find(folded[first])
            if folded[first] in self.given and all(entry.type in ("", "PER") for entry in known):
                write(out, first, first + 1, "PER")

    def _add_initials(self, words: Sequence[str], out: list[str]) -> None:
        """«ر. م. کاظمی»: all initials before a surname, where there is more than one."""
        for first, last, kind in list(spans(out)):
            begin = first
            while begin >= _INITIAL and words[begin - 1] == "." and _is_initial(words[begin - _INITIAL]):
                begin -= _INITIAL
            several = first - begin > _INITIAL or (begin < first and _is_initial(words[first]))
            if kind == "PER" and several and all(label in ("O", "B-PER") for label in out[begin:first]):
                write(out, begin, last, kind)

    def _join_nicknames(self, words: Sequence[str], out: list[str]) -> None:
        """«حمید «پلنگ» رستگار» is one name; «علوی «باغ سبز» را نوشت» is a name and a work."""
        for at in [at for at, word in enumerate(words) if word in OPENING_NAMES and at]:
            if out[at - 1][2:] != "PER":
                continue
            first = at - 1
            while out[first][0] == "I":
                first -= 1
            for close in range(at + 2, min(at + 2 + _NICKNAME, len(words) - 1)):
                if words[close] in CLOSING_NAMES and out[close + 1][2:] == "PER" and first == at - 1:
                    last = close + 2
                    while last < len(out) and out[last] == "I-PER":
                        last += 1
                    write(out, first, last, "PER")
                    break

    def _add_other_names(self, words: Sequence[str], folded: Sequence[str], out: list[str]) -> None:
        """A person's other name: behind «معروف به» in quotation marks, in brackets in Latin letters."""
        for at in [at for at, word in enumerate(words) if at and (word in OPENING_NAMES or word == "(")]:
            latin = words[at] == "("
            reach = _LATIN if latin else _CALLED
            marks = (")",) if latin else CLOSING_NAMES
            close = next(
                (i for i in range(at + 2, min(at + 2 + reach, len(words))) if words[i] in marks), None
            )
            if close is None:
                continue
            if latin:
                named = out[at - 1][2:] == "PER" and all(_is_latin(word) for word in words[at + 1 : close])
            else:
                called = at > 2 and folded[at - 1] == "به" and folded[at - 2] in self.words.called
                before = at - 3 if called and words[at - 3] not in ("،", ",") else at - 4
                named = called and before >= 0 and out[before][2:] == "PER"
            if named:
                write(out, at + 1, close, "PER")


def _longest(table: Mapping[str, Sequence[Words]], folded: Sequence[str], at: int) -> int:
    """The number of words of the longest phrase of a table that begins at a place; 0 without one."""
    fits = (words for words in table.get(folded[at], ()) if tuple(folded[at : at + len(words)]) == words)
    return len(next(fits, ()))


def _is_initial(word: str) -> bool:
    return len(word) == 1 and word.isalpha() and word != "و"


def _is_latin(word: str) -> bool:
    return word.isascii() and (word[0].isalpha() or word in ".-'")
