"""Decides where a half space or a space was lost inside a word.

Letters stay as they are. Only an unknown word is cut.
"""

from dataclasses import dataclass, field
from itertools import pairwise

from workers.nlp.knowledge.affixes import (
    AFTER_YEH,
    COMPARATIVE,
    COMPARATIVES,
    ENCLITICS,
    ENDINGS,
    IMPERFECT_PREFIXES,
    IMPERFECTS,
    PLAIN,
    PLURAL,
    PLURAL_POSSESSIVES,
    PLURALS,
    POSSESSIVES,
    SEPARATE,
)
from workers.nlp.knowledge.spacing import ZWNJ, SpacingLexicon, is_verb

LETTER = r"\u0621-\u063a\u0641-\u064a\u064b-\u0655\u066e-\u0671\u0672-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06ff"
"""Letters of words and the marks on them, as ranges of a character class."""

JOINING = frozenset("بپتثجچحخسشصضطظعغفقکگلمنهیئ")
"""Letters that join the next one in script; after the others a lost space is not seen."""


def _by_last_letter(endings: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Endings by their last letter, their order kept: of a word only those of its own are tried."""
    lasts = {ending[-1] for ending in endings}
    return {last: tuple(ending for ending in endings if ending[-1] == last) for last in lasts}


_PLAIN_BY_LAST = _by_last_letter(PLAIN)
_ENDINGS_BY_LAST = _by_last_letter(ENDINGS)
_IMPERFECTS = tuple(IMPERFECTS)
_PREVERBAL = tuple(IMPERFECTS.difference(IMPERFECT_PREFIXES))
HAMZA = "\u0654"
"""The ezafe of a silent «ه»: «خانهٔ»."""
_LONGEST = 40
_KEPT = 50_000
_MOST_DECISIONS = 4


def is_overdone(left: str, right: str, lexicon: SpacingLexicon) -> bool:
    """Whether a half space joins two words, as the first ends in «می» or the second begins with «ها»."""
    words, kinds = lexicon.words, lexicon.kinds
    if right not in words or right in PLURAL or right in lexicon.tails or right in lexicon.glued_tails:
        return False
    if right[:2] == "ها":
        known = right in PLURAL_POSSESSIVES or right[2:] in kinds.function
        return len(right) > 3 and not known and left not in kinds.clans
    if left[-2:] != "می" or len(left) < 4 or left not in words or left.endswith(_PREVERBAL):
        return False
    if right == "ست" or right in ENDINGS or right in COMPARATIVE:
        return False
    if right in kinds.name_tails or right in kinds.second_names:
        return False
    return left[:-2] not in kinds.function and f"{left} {right}" not in lexicon.attributes


@dataclass(frozen=True, slots=True)
class WordRestorer:
    """Decides on words with one lexicon; decisions are kept, up to a bound."""

    lexicon: SpacingLexicon
    _kept: dict[str, str] = field(default_factory=dict)

    def word(self, word: str) -> str:
        """The word with the half spaces and spaces it lost; itself where it is right."""
        if word in self.lexicon.words:
            return word
        found = self._kept.get(word)
        if found is None:
            if len(word) > _LONGEST:
                return word
            bare = word.removesuffix(HAMZA)
            found = self._settled(bare) + word[len(bare) :]
            if len(self._kept) < _KEPT:
                self._kept[word] = found
        return found

    def is_meant(self, word: str, right: str, plurals: bool) -> bool:
        """Whether a careful writer may mean the glued `word`, though `right` is the usual spelling.

        So it is with comparatives, with compounds of two spellings, and, if `plurals`, with plurals; not
        after a silent «ه», which never joins («خانهها»).
        """
        host, _, last = right.rpartition(ZWNJ)
        if word.endswith(ZWNJ + last) and host + ZWNJ + last != word:  # «سختگیری‌ها»
            word, right = word.removesuffix(ZWNJ + last), host
            host, _, last = right.rpartition(ZWNJ)
        if right in self.lexicon.optional:
            return True
        if host + last != word or (host[-1:] == "ه" and host[-2:-1] not in "اوی"):
            return False
        return last in COMPARATIVE or (plurals and last in PLURAL)

    def _settled(self, word: str) -> str:
        """The form at which repeated decisions on a word stay; of a circle, the shortest form."""
        first = self._decide(word)
        if first == word:
            return word
        forms = [word, first]
        for _ in range(1, _MOST_DECISIONS):
            form = " ".join(map(self._decide, forms[-1].split(" ")))
            if form == forms[-1]:
                return form
            if form in forms:
                return min(forms[forms.index(form) :], key=lambda f: (len(f), f))
            forms.append(form)
        return forms[-1]

    def _decide(self, word: str) -> str:
        lexicon = self.lexicon
        if word in lexicon.words or len(word) < 3:
            return word
        if ZWNJ in word:
            return (
                self._stray(word) or self._parted(word) or self._plural(word) or self._announced(word) or word
            )
        if len(word) < 4:
            return lexicon.splits.get(word, word)
        right = (
            lexicon.by_letters.get(word)
            or lexicon.splits.get(word)
            or self._imperfect(word)
            or self._plural(word)
        )
        if right is None and not is_verb(word, lexicon.verbs):
            right = self._enclitic(word)
            if right is None and not self._plain(word):
                right = self._compound(word) or self._split(word)
        return right or word

    def _stray(self, word: str) -> str | None:
        """A word without the half spaces that no reader sees: «د\u200cر» → «در»."""
        whole, *rest = parts = word.split(ZWNJ)
        if "" in parts:
            return None  # half spaces side by side, as cleaned letters never have them
        if "".join(parts) in self.lexicon.common and all(part[-1] not in JOINING for part in parts[:-1]):
            merged = ["".join(parts)] if any(self._no_word(part) for part in parts) else parts
        else:
            merged = [whole]
            for part in rest:
                left = merged[-1]
                whole = left + part
                broken = left[-1] not in JOINING and (self._no_word(left) or self._no_word(part))
                if broken and (whole in self.lexicon.words or whole in self.lexicon.verbs):
                    merged[-1] = whole
                else:
                    merged.append(part)
        return ZWNJ.join(merged) if len(merged) < len(parts) else None

    def _parted(self, word: str) -> str | None:
        """A word with the spaces that were taken for half spaces: «اسلامی‌در», «تولد‌هاینریش».

        Some sites replace every «می » and every « ها» so, whatever word it ends or begins.
        """
        if word in self.lexicon.compounds:
            return None
        parts = word.split(ZWNJ)
        joints = [
            " "
            if is_overdone(*pair, self.lexicon) and ZWNJ.join(pair) not in self.lexicon.compounds
            else ZWNJ
            for pair in pairwise(parts)
        ]
        if " " not in joints:
            return None
        return parts[0] + "".join(joint + part for joint, part in zip(joints, parts[1:], strict=True))

    def _announced(self, word: str) -> str | None:
        """A surname and the noun of an announcement between which a half space stands for a space."""
        left, _, right = word.rpartition(ZWNJ)
        if right in self.lexicon.kinds.announcements and left.endswith(self.lexicon.surname_ends):
            return f"{left} {right}"
        return None

    def _no_word(self, part: str) -> bool:
        return (len(part) == 1 and part != "و") or (part not in self.lexicon.words and part not in PLURAL)

    def is_known(self, word: str) -> bool:
        """Whether it is a word or a compound of the lexicon."""
        return word in self.lexicon.words or word in self.lexicon.compounds

    def _imperfect(self, word: str) -> str | None:
        """«میشود» → «می‌شود», «برنمیگردد» → «برنمی‌گردد»."""
        if not word.startswith(_IMPERFECTS):
            return None
        verbs = self.lexicon.verbs
        for cut in range(2, min(7, len(word) - 1)):
            if word[:cut] in IMPERFECTS:
                rest = word[cut:]
                if rest in verbs:
                    return word[:cut] + ZWNJ + rest
                for ending in ENCLITICS:
                    stem = rest.removesuffix(ending)
                    if stem != rest and stem.endswith("ه") and stem in verbs:
                        return word[:cut] + ZWNJ + stem + ZWNJ + ending
        return None

    def _plural(self, word: str) -> str | None:
        """A plural: «دشواریها» → «دشواری‌ها»; after a letter that does not join, without half space."""
        if not word.endswith(PLURALS):
            return None
        for ending in PLURALS:
            if not word.endswith(ending):
                continue
            host = word[: -len(ending)]
            if len(host) < 2:
                return None
            if host[-1] in JOINING and host + "ها" in self.lexicon.words:
                return word  # «انتهای»
            if host[-1] == ZWNJ:
                host = host[:-1]
                right = host if ZWNJ in host else self.word(host)
                if host[-1:] in JOINING:
                    return None if right == host else right + ZWNJ + ending
                return right + ending  # «کشور‌ها»
            if ZWNJ in host:
                last = host.rpartition(ZWNJ)[2]
                if last + "ها" in self.lexicon.words:
                    return None  # «بی‌انتهای»
                known = host in self.lexicon.compounds or (len(last) > 2 and last in self.lexicon.words)
                return host + ZWNJ + ending if known and host[-1] in JOINING else None
            if host[-1] in JOINING:
                found = host if host in self.lexicon.words else self._host(host)
                return found + ZWNJ + ending if found else None
            return word if host in self.lexicon.words else (self._host(host) or host) + ending
        return None

    def _host(self, host: str) -> str | None:
        """The right form of a host that is no known word, where there is one."""
        return self.lexicon.by_letters.get(host) or (self._compound(host) if len(host) > 5 else None)

    def _enclitic(self, word: str) -> str | None:
        """«گفتهاند» → «گفته‌اند», «زندگیام» → «زندگی‌ام», and compounds with an ending."""
        for ending in ENCLITICS if word.endswith(ENCLITICS) else ():
            host = word.removesuffix(ending)
            if host == word or len(host) < 3:
                continue
            if host[-1] == "ه" or (host[-1] == "ی" and ending in AFTER_YEH):
                found = host if host in self.lexicon.words else self.lexicon.by_letters.get(host)
                if found or is_verb(host, self.lexicon.verbs):
                    return (found or host) + ZWNJ + ending
        for ending in POSSESSIVES if word.endswith(POSSESSIVES) else ():
            host = word.removesuffix(ending)
            if (  # «راهشان» ends in a sounded «ه»: it takes «ی» too
                host != word
                and host[-1:] == "ه"
                and host in self.lexicon.words
                and host + "ی" not in self.lexicon.words
            ):
                return host + ZWNJ + ending
        for ending in _ENDINGS_BY_LAST.get(word[-1], ()):
            host = word.removesuffix(ending)
            if host != word and host in self.lexicon.by_letters:
                joint = ZWNJ if ending in SEPARATE and host[-1] in JOINING else ""
                return self.lexicon.by_letters[host] + joint + ending
        for ending in COMPARATIVES if word.endswith(COMPARATIVES) else ():
            host = word.removesuffix(ending)
            if host != word and len(host) > 2 and host[-1] in JOINING and host in self.lexicon.adjectives:
                return host + ZWNJ + ending
        return None

    def _plain(self, word: str) -> bool:
        """Whether an unknown word is a known one with a plain ending: right as it is."""
        for ending in _PLAIN_BY_LAST.get(word[-1], ()):
            host = word.removesuffix(ending)
            if host != word and len(host) > 2 and host in self.lexicon.words:
                return True
        return False

    def _compound(self, word: str) -> str | None:
        """Two known parts of which one is productive: «نظارتپذیر» → «نظارت‌پذیر»."""
        lexicon = self.lexicon
        heads, tails = lexicon.glued_heads, lexicon.glued_tails
        length = len(word)
        inflected = word[-1] in "یش"
        for cut in range(2, length - 1):
            if word[cut - 1] not in JOINING:
                continue
            head, tail = word[:cut], word[cut:]
            is_tail = tail in tails or (inflected and length - cut > 3 and tail[:-1] in tails)
            if (is_tail and cut > 2 and head in lexicon.words) or (
                head in heads and length - cut > 2 and tail in lexicon.common
            ):
                return head + ZWNJ + tail
        return None

    def _split(self, word: str) -> str | None:
        """Two words of which one is a function word or a light verb: «درهمایش» → «در همایش»."""
        lexicon, kinds = self.lexicon, self.lexicon.kinds
        for cut in range(1, len(word) - 1):
            if word[cut - 1] in JOINING:
                if word[cut - 1] != "ی" or cut < 4 or word[cut:] not in kinds.roles:
                    continue
                if word[:cut] in lexicon.words:
                    return f"{word[:cut]} {word[cut:]}"  # «باقریرئیس»
                continue
            left, right = word[:cut], word[cut:]
            if left in kinds.left and len(right) > 3 and self._whole(right):
                return left + " " + self.word(right)
            if left in kinds.prefixed and len(right) > 5 and self._long(right):
                return f"{left} {right}"
            if left in lexicon.firsts and (right in lexicon.seconds or right in kinds.roles):
                return f"{left} {right}"
            if left in kinds.titles and right in lexicon.names:
                return f"{left} {right}"
            if right in kinds.right and cut > 2 and self._whole(left) and left + "ا" not in lexicon.words:
                return self.word(left) + " " + right
        return None

    def _long(self, word: str) -> bool:
        """Whether a word is long and known, so that it is none by chance: «در شهرهای»."""
        if word in self.lexicon.words:
            return True
        host = next((word.removesuffix(ending) for ending in PLURALS if word.endswith(ending)), "")
        return len(host) > 3 and host[-1] not in JOINING and host in self.lexicon.common

    def _whole(self, word: str) -> bool:
        if word in self.lexicon.common:
            return True
        found = self.lexicon.by_letters.get(word)
        return found is not None
