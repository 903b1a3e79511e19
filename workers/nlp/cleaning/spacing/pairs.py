"""Decides whether two words with a space between are one word.

Words are only joined where the lexicon saw the joined form, or where one part cannot stand alone («می», «ها»,
«تر», «اند», «زاده», «ساله»).
"""

from dataclasses import dataclass

from workers.nlp.cleaning.spacing.words import HAMZA, JOINING, WordRestorer
from workers.nlp.knowledge.affixes import AFTER_YEH, COMPARATIVE, ENCLITICS, IMPERFECTS, PLURAL, POSSESSIVES
from workers.nlp.knowledge.spacing import ZWNJ, SpacingLexicon, is_verb

_ENCLITIC = frozenset((*ENCLITICS, *POSSESSIVES))
_SPACED_AFTER_YEH = frozenset((*AFTER_YEH, "ای", *POSSESSIVES))


@dataclass(frozen=True, slots=True)
class PairRestorer:
    """Decides on pairs of words with one lexicon, and knows which are worth asking about."""

    words: WordRestorer
    rights: frozenset[str]
    """Words that can be joined to the one before; with `lefts`, what makes `joint` worth asking."""
    lefts: frozenset[str]
    """Words that can be joined to the one after whatever that is, and those that open compounds of three."""
    quiet: frozenset[str]
    """Words that join none of their kind, unless both are the parts of a compound the lexicon knows."""

    @classmethod
    def of(cls, lexicon: SpacingLexicon) -> "PairRestorer":
        """A restorer with a lexicon."""
        kinds = lexicon.kinds
        endings = lexicon.tails | kinds.name_tails | kinds.number_tails | PLURAL | COMPARATIVE | _ENCLITIC
        endings |= {"ی"} | {pair.split(" ")[1] for pair in lexicon.attributes}
        tails = {part for key in lexicon.by_parts for part in key.split(" ")[1:]}
        lefts = IMPERFECTS | kinds.numbers | lexicon.heads | {key.split(" ")[0] for key in lexicon.openings}
        quiet = lexicon.words.difference(endings, lefts)
        return cls(WordRestorer(lexicon), rights=endings | tails, lefts=lefts, quiet=quiet)

    @property
    def lexicon(self) -> SpacingLexicon:
        """The lexicon of both restorers."""
        return self.words.lexicon

    def joint(self, left: str, right: str, before: str = "", after: str = "") -> str | None:  # noqa: C901 - one question after the other, the commonest first: hot
        """What stands between two words that a space parts: a half space, nothing, or None: the space.

        `before` and `after` are their neighbours; empty where there is none, or a mark between.
        """
        lexicon = self.words.lexicon
        kinds = lexicon.kinds
        if right in PLURAL:
            if left in kinds.function and left not in kinds.demonstrative:
                return None
            return ZWNJ if left[-1] in JOINING else ""
        if left in IMPERFECTS:
            return ZWNJ if self._follows_imperfect(right) else None
        first = right.partition(ZWNJ)[0].removesuffix(HAMZA)
        if first in kinds.numbers and (right.removeprefix(first + ZWNJ) in PLURAL or after in PLURAL):
            return None  # «سود ده‌ها سهامدار»: tens of them
        if first == "زاده" and after.rpartition(ZWNJ)[2] in kinds.born:
            return None  # «در ماه ربیع‌الثانی زاده شد»
        pair = f"{left} {first}"
        if ZWNJ in pair:
            pair = pair.replace(ZWNJ, " ")
        if pair in lexicon.by_parts:
            return "" if left[-1] not in JOINING and left + first in lexicon.words else ZWNJ
        if pair in lexicon.attributes or (first == "شده" and ZWNJ in left and left[-1] == "ی"):
            return ZWNJ if self._is_attribute(right, before, after) else None
        if right[-1] in "یا" and right not in lexicon.words:  # «پیش فرضها», whose plural is meant
            singular = right.removesuffix("ی").removesuffix("ها")
            if singular[-1:] in JOINING and f"{left} {singular}" in lexicon.by_parts:
                return ZWNJ
        if left in kinds.numbers and before != "و" and self._makes_adjective(left, right, first, after):
            return ZWNJ
        if left in kinds.function:
            head = left in lexicon.heads and first in lexicon.words and first not in kinds.function
            return ZWNJ if head and len(first) > 2 else None
        if right in COMPARATIVE:
            if left.endswith("های") or not self.words.is_known(left):
                return None
            return "" if left + right in lexicon.words or left[-1] not in JOINING else ZWNJ
        if right in _ENCLITIC:
            return ZWNJ if len(left) > 2 and self._takes_enclitic(left, right) else None
        if right == "ی":
            if left[-1] in "او" and left.rpartition(ZWNJ)[2] + "ی" in lexicon.words:
                return ""  # «گفت‌وگو ی»
            return ZWNJ if left[-1] == "ه" and len(left) > 2 and self.words.is_known(left) else None
        if len(left) > 2 and (
            (first in lexicon.tails and left in lexicon.words)
            or (first in kinds.name_tails and self._is_name(left))
        ):
            return ZWNJ if left[-1] in JOINING else ""
        return None

    def _makes_adjective(self, left: str, right: str, first: str, after: str) -> bool:
        """Whether a word makes an adjective with a number before it: «سه‌ساله», «ده‌دقیقه‌ای»."""
        if first in self.lexicon.kinds.number_tails:
            return True
        return after == "ای" and right[-1] == "ه" and len(right) > 3 and left != "نه"  # «نه روزنامه‌ای»

    def _takes_enclitic(self, left: str, right: str) -> bool:
        if not (self.words.is_known(left) or is_verb(left.rpartition(ZWNJ)[2], self.lexicon.verbs)):
            return left[-1] == "ه" and right == "ای" and len(left) > 3
        if left[-1] == "ه" or (left[-1] == "ی" and right in _SPACED_AFTER_YEH):
            return True
        return right == "اند" and left[-1] in JOINING

    def _is_attribute(self, participle: str, before: str, after: str) -> bool:
        """Whether a participle describes («تعداد ثبت شده در»), and is not the verb («ثبت شده است»)."""
        if participle[-1] == HAMZA:
            return True
        kinds = self.lexicon.kinds
        goes_on = after.partition(ZWNJ)[0] in kinds.verb_goes_on
        return bool(after) and not goes_on and ZWNJ not in participle and before not in kinds.prepositions

    def _is_name(self, left: str) -> bool:
        """Whether a word may be the beginning of a surname: «هاشمی», «رسول», «احرابی»."""
        return left in self.lexicon.names or left[-1] == "ی" or left not in self.lexicon.words

    def _follows_imperfect(self, right: str) -> bool:
        stem = right.partition(ZWNJ)[0]
        if stem in self.lexicon.verbs:
            return True
        return len(stem) > 3 and stem[-1] in "دمیت" and stem not in self.lexicon.kinds.function
