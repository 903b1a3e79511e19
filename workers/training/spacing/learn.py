"""What the counts tell of Persian orthography: the sections of the spacing lexicon."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import pairwise
from tomllib import loads

from workers.nlp.cleaning.spacing_lexicon import ZWNJ, is_verb, verb_forms
from workers.nlp.cleaning.spacing_words import JOINING
from workers.training.spacing.counts import LETTERS, Counts

_WORD = re.compile(rf"[{LETTERS}]+")
_IMPERFECT = re.compile(r"(ن?می)(.+)")
_PLURALS = ("هایشان", "هایمان", "هایتان", "هایی", "هایم", "هایت", "هایش", "هاست", "های", "ها")
_INFLECTIONS = ("ی", "ای", "ان", "انی", "انه", "ند", "اند", "م", "یم", "ش", "تر", "ترها", "ترین")
_POSSESSIVES = ("شان", "مان", "تان")


def _kinds() -> dict[str, frozenset[str]]:
    text = files("workers.training.spacing").joinpath("word_kinds.toml").read_text("utf-8")
    return {name: frozenset(words) for name, words in loads(text).items()}


_KINDS = _kinds()
_FUNCTION = _KINDS["function"]
_NUMBERS = _KINDS["numbers"]
_ALWAYS = _KINDS["always"]
_RIGHT = _KINDS["right"]
_PARTICIPLES = _KINDS["participles"]
_NO_TAIL = _KINDS["no_tail"]
_NO_GLUED_TAIL = _KINDS["no_glued_tail"]
_NO_GLUED_HEAD = _KINDS["no_glued_head"]
_BOUND_TAILS = _KINDS["bound_tails"]
_BOUND_INSIDE = _KINDS["bound_inside"]
_COMPARATIVES = _KINDS["comparatives"]
_PREFIXES = _KINDS["prefixes"]
_VERBAL_ENDINGS = _KINDS["verbal_endings"]
_OPENERS = _KINDS["openers"] | _KINDS["closers"]
_PARTED = {words.replace(" ", ""): words for words in _KINDS["parted"]}
_COMBINING = _KINDS["combining"]
_ATTRIBUTIVE = _KINDS["attributive"]
_NO_ATTRIBUTE = _KINDS["no_attribute"]
_NEVER_RIGHT_PART = frozenset((*_PLURALS, *_PARTICIPLES, "ای", "ام", "ات", "اش", "ان", "تر"))

_NO_OPTIONAL_TAIL = frozenset(
    (*_NO_GLUED_TAIL, *_POSSESSIVES, *_PLURALS, "ای", "ست", "ام", "یی", "وار", "فر", "نیا")
)
_HABITS = {  # what the Academy's orthography writes apart, whatever the counts
    **dict.fromkeys(("بی", *_COMPARATIVES), 0.8),
    **dict.fromkeys(_BOUND_TAILS | _BOUND_INSIDE, 0.6),
}
_ENDINGS = frozenset(
    (*_PLURALS, *_POSSESSIVES, "ای", "ام", "ات", "اش", "ان", "ایم", "اید", "اند", "ست", "یی")
)
_NEVER_APART = ("ها", "تر")
_COMMON = 100
_EVER = 0.15
"""The share of writings apart that tells a comparative that can be written so."""
_KIND = 3.0
"""How many words the habit of a kind of compound weighs in the judgement of one of them."""
_PARTNERS = 6
_IN_LEXICON = 1.5  # what a published word list adds to a count
_JOINED, _JOINED_LISTED = 0.5, 0.36


@dataclass(frozen=True)
class Published:
    """Word lists of others, under licences that allow it (see NOTICE)."""

    vocabulary: frozenset[str]
    compounds: frozenset[str]
    hazm: Mapping[str, tuple[int, tuple[str, ...]]]
    """hazm's words → frequency and parts of speech."""
    given_names: frozenset[str]
    past: frozenset[str]
    present: frozenset[str]


def learn(counts: Counts, published: Published) -> dict[str, list[str]]:
    """The sections of the lexicon."""
    return _Learner(counts, published).sections()


class _Learner:
    def __init__(self, counts: Counts, published: Published) -> None:
        self.counts = counts
        self.published = published
        self.verbs = verb_forms(published.past, published.present)
        self.hazm = {w for w, (n, pos) in published.hazm.items() if n > 0 or pos != ("0",)}
        self.listed = published.vocabulary | self.hazm
        names = published.given_names
        self.names = {name for name in names if counts.words[name] >= 20}
        seen = {w for w, n in counts.words.items() if n >= 3}
        self.heads, self.tails = self._parts()
        self.glued_tails = (
            {
                tail
                for tail, (share, n) in self.tails.items()
                if share >= 0.25 and n >= 10 and len(tail) > 2 and not self._finite(tail)
            }
            - _NO_GLUED_TAIL
            | _BOUND_TAILS
            | _BOUND_INSIDE
        )
        self.candidates = {w for w in seen | self.listed if _WORD.fullmatch(w)}

    def sections(self) -> dict[str, list[str]]:
        by_letters, by_parts = self._compounds()
        self._ambiguous_plurals(by_letters)
        words, splits = self._words(by_letters)
        words.difference_update(_PARTED)
        for letters, compound in by_letters.items():
            if letters in words and self.counts.words[letters] <= self.counts.careful_words[compound]:
                words.discard(letters)
        common = {w for w in words if self.counts.words[w] >= _COMMON}
        splits |= self._neighbours(words, common, by_letters, splits) | _PARTED
        adjectives = {
            w
            for w in words
            if len(w) > 2
            and self.published.hazm.get(w, (0, ()))[0] > 1000
            and "AJ" in self.published.hazm[w][1]
        }
        optional = self._optional(words, by_letters)
        told = set(by_letters.values())
        return {
            "words": sorted(words),
            "common": sorted(common),
            "adjectives": sorted(adjectives),
            "compounds": [
                f"{(c in told) + 2 * (c in by_parts) + 4 * (c in optional)}{c.replace(ZWNJ, '_')}"
                for c in sorted(told | by_parts)
            ],
            "splits": sorted(set(splits.values())),
            "firsts": sorted(self._firsts(common)),
            "seconds": sorted(self._seconds(common)),
            "past": sorted(self.published.past),
            "present": sorted(self.published.present),
            "heads": ["بی"],
            "tails": sorted(self._spaced_tails()),
            "glued_heads": sorted(
                {h for h, (share, n) in self.heads.items() if share >= 0.3 and n >= 15 and len(h) > 1}
                - _NO_GLUED_HEAD
                - _FUNCTION
                - _NUMBERS
            ),
            "glued_tails": sorted(self.glued_tails),
            "attributes": sorted(self._attributes(by_parts)),
            "names": sorted(self.names),
        }

    def _spaced_tails(self) -> set[str]:
        """Last parts that join a word across a space, and their inflections that are no words."""
        told = {t for t, (share, n) in self.tails.items() if share >= 0.6 and n >= 4 and len(t) > 2}
        verbs = {t for t in told if self._finite(t) or t.endswith("ند")}
        tails = (told - verbs | _BOUND_TAILS) - _NO_TAIL
        alone: Counter[str] = Counter()
        for (_, right), n in self.counts.careful_pairs.items():
            alone[right] += n
        inflected = {tail + ending for tail in tails if tail[-1] not in "یاوه" for ending in _INFLECTIONS}
        return tails | {form for form in inflected - self.hazm if alone[form] < 3}

    def _finite(self, tail: str) -> bool:
        """Whether it is a verb in the third person, after a preverb or alone: «آید», «گیرند»."""
        stem = tail.removesuffix("ند") if tail.endswith("ند") else tail.removesuffix("د")
        return (stem != tail and stem in self.published.present) or tail in self.published.past

    def _firsts(self, common: set[str]) -> set[str]:
        """Words to which the next one may be glued unseen."""
        words = {w for w in common if len(w) > 3 and w[-1] not in JOINING} - self.names - _COMBINING
        return words | _OPENERS

    def _seconds(self, common: set[str]) -> set[str]:
        """Words that may be glued to the one before; not what makes compounds with it."""
        bound = {
            *self.tails,
            *self.glued_tails,
            *_NO_TAIL,
            *_NO_GLUED_TAIL,
            *_NEVER_RIGHT_PART,
            *_COMBINING,
            *_COMPARATIVES,
        }
        return {w for w in common if len(w) > 3} - bound

    def _compounds(self) -> tuple[dict[str, str], set[str]]:
        """Letters → the compound they spell; and the compounds that their spaced parts tell."""
        counts = self.counts
        listed = {
            c
            for c in self.published.compounds | self.hazm
            if ZWNJ in c and c.split(ZWNJ)[0] not in _NUMBERS | _FUNCTION
        }
        forms = {
            c
            for c in {w for w in counts.careful_words if ZWNJ in w} | listed
            if all(_WORD.fullmatch(p) for p in c.split(ZWNJ)) and (c in listed or not self._is_overdone(c))
        }
        rivals: dict[str, list[tuple[float, str]]] = defaultdict(list)
        for form in forms:
            evidence = counts.careful_words[form] + (_IN_LEXICON if form in listed else 0)
            if evidence >= _IN_LEXICON:
                rivals[form.replace(ZWNJ, "")].append((evidence, form))
        by_letters: dict[str, str] = {}
        by_parts = set(_ALWAYS)
        for letters, some in rivals.items():
            some.sort(reverse=True)
            if self._letters_tell(letters, *some[0]):
                by_letters[letters] = some[0][1]
            by_parts |= {form for evidence, form in some if self._parts_tell(evidence, form, form in listed)}
        for form in _ALWAYS:
            by_letters.setdefault(form.replace(ZWNJ, ""), form)
        self.rivals = frozenset(rivals)
        return by_letters, by_parts

    def _is_overdone(self, form: str) -> bool:
        """Whether a site that makes half spaces of all spaces behind «می» and before «ها» made it."""
        parts = form.split(ZWNJ)
        seen = self.counts.careful_words[form]
        for left, right in pairwise(parts):
            behind = left.endswith("می") and len(left) > 3 and not left.endswith(("برمی", "درمی", "بازمی"))
            before = right.startswith("ها") and len(right) > 3 and right[2:3] not in "یم"
            inflected = right in self.glued_tails or right in _ENDINGS or right.startswith(_NEVER_APART)
            if (behind and not inflected) or before:
                return seen < 5 or seen <= self.counts.spaced(parts)
        return False

    def _attributes(self, by_parts: set[str]) -> set[str]:
        """Compounds of two whose last part is a participle that their parts alone do not tell."""
        found = set()
        seen = {form for form, n in self.counts.careful_words.items() if n >= 2}
        for form in (seen | self.published.compounds | self.hazm) - by_parts:
            head, _, tail = form.partition(ZWNJ)
            if tail in _ATTRIBUTIVE and head not in _FUNCTION | _NUMBERS | _NO_ATTRIBUTE and len(head) > 2:
                found.add(f"{head}_{tail}")
        return found

    def _letters_tell(self, letters: str, evidence: float, form: str) -> bool:
        counts, parts = self.counts, form.split(ZWNJ)
        seen = counts.careful_words[form]
        inflected = parts[0] in ("می", "نمی") or parts[-1] in _PLURALS
        if parts[-1] in (*_POSSESSIVES, "را") or (parts[0] == "به" and form not in _ALWAYS):
            return False
        if not seen:
            return counts.words[letters] < 2 and letters not in self.listed
        listed = letters in self.published.vocabulary and letters in self.hazm
        if listed and not inflected and counts.words[letters] >= 0.25 * seen:
            return False  # «سپاسگزاری»: both writings are right
        glued = counts.careful_words[letters] + (2 if letters in self.listed else 0)
        return evidence + (counts.spaced(parts) if inflected else 0) > glued

    def _parts_tell(self, evidence: float, form: str, listed: bool) -> bool:
        counts, parts = self.counts, form.split(ZWNJ)
        first, last = parts[0], parts[-1]
        if first in _FUNCTION and not (len(parts) == 2 and last in _PLURALS):
            return False
        if first in ("می", "نمی") or last in _PLURALS:
            return True
        seen, spaced = counts.careful_words[form], counts.spaced(parts)
        share = evidence / (evidence + spaced)
        if last in _FUNCTION:
            return False
        if len(parts) == 2 and first in self.names and last in self.names:
            return listed and seen >= 2 and share >= 0.6
        infinitive = last.endswith("ن") and last[:-1] in self.published.past
        if infinitive or (last.endswith("ه") and is_verb(last, self.verbs)):  # «گفته شده» is a verb group
            if seen >= 2:
                return share >= 0.8
            return listed and counts.spaced(parts, careful=False) < 2
        if seen >= 2:
            return share >= (_JOINED_LISTED if listed else _JOINED)
        return (seen >= 1 or listed) and share >= 0.6 and counts.spaced(parts, careful=False) < 6

    def _ambiguous_plurals(self, by_letters: dict[str, str]) -> None:
        """«Xهای» is a plural of X or «Xه» with an article: which one, by the counts of both."""
        words, pairs = self.counts.words, self.counts.pairs
        for noun in sorted(w for w in self.candidates if len(w) > 1 and w + "ه" in self.candidates):
            silent = noun + "ه"
            for plural, article in (("های", "ای"), ("هایم", "ایم")):
                kinds = ("ها", "های", "هایی") if plural == "های" else (plural,)
                as_plural = sum(words[noun + ZWNJ + p] + pairs[noun, p] for p in kinds)
                if plural == "های":
                    as_plural += words[noun + "ها"] + words[noun + "هایی"]
                    as_plural += 0 if noun[-1] in JOINING else words[noun + "های"] // 2
                as_article = words[silent + ZWNJ + article] + pairs[silent, article]
                if not as_plural and not as_article:
                    as_article = int(words[silent] > 2 * words[noun] or silent in self.verbs)
                    as_plural = 1 - as_article
                letters = noun + plural
                if as_plural >= as_article:
                    if noun[-1] in JOINING and (letters in by_letters or letters in self.rivals):
                        by_letters[letters] = noun + ZWNJ + plural
                else:
                    by_letters[letters] = silent + ZWNJ + article

    def _optional(self, words: set[str], by_letters: dict[str, str]) -> set[str]:
        """Compounds that are also written glued («قانونگذاری», «بزرگتر»), and mostly are not.

        A rare one is judged by its kind: what careful texts do with the other words of the same head or
        tail. `words` loses the glued forms, `by_letters` gains them.
        """
        forms = {word: self._decompositions(word) for word in words | by_letters.keys()}
        shares: dict[tuple[int, str], list[float]] = defaultdict(list)
        for word, parts in forms.items():
            glued = self._glued(word)
            for head, tail in parts:
                joined = self._joined(head, tail)
                if joined + glued >= 1:
                    share = joined / (joined + glued)
                    shares[0, head].append(share)
                    shares[1, tail].append(share)
        optional: set[str] = set()
        for word in words:
            for head, tail in forms[word]:
                joined = self._joined(head, tail)
                habit = max(
                    _HABITS.get(head, 0), _HABITS.get(tail, 0), _mean(shares[0, head]), _mean(shares[1, tail])
                )
                glued = self._glued(word)
                apart = tail in _COMPARATIVES and joined > _EVER * glued  # not «بیشتر»
                if apart or joined + _KIND * habit > glued + _KIND * (1 - habit):
                    by_letters[word] = head + ZWNJ + tail
                    optional.add(head + ZWNJ + tail)
        words -= {form.replace(ZWNJ, "") for form in optional}
        return optional

    def _joined(self, head: str, tail: str) -> int:
        """How often a compound was seen with a half space; some texts write no-break spaces for it."""
        form = head + ZWNJ + tail
        return max(self.counts.words[form], self.counts.careful_words[form])

    def _glued(self, word: str) -> float:
        """How much speaks for writing a word glued; texts without half spaces say little."""
        careful = self.counts.careful_words[word]
        return careful + 0.1 * (self.counts.words[word] - careful)

    def _decompositions(self, word: str) -> list[tuple[str, str]]:
        """Head and tail of a word that may be compounded, one of a kind that careful texts join."""
        if word in self.names or len(word) < 5 or is_verb(word, self.verbs):
            return []
        cuts = ((word[:cut], word[cut:]) for cut in range(2, len(word) - 1) if word[cut - 1] in JOINING)
        return [(head, tail) for head, tail in cuts if self._is_decomposition(head, tail)]

    def _is_decomposition(self, head: str, tail: str) -> bool:
        counts, hazm = self.counts.words, self.published.hazm
        if head in _NUMBERS or head in ("می", "نمی"):
            return False
        if self._joined(head, tail) >= 2:
            return head in self.listed and tail in self.listed and tail not in _NO_OPTIONAL_TAIL
        if head in _PREFIXES:  # «بینان» is of «بین»
            listed = head + tail in self.listed and tail in self.listed
            return listed and counts[tail] >= 50 and len(tail) > 2 and tail not in _VERBAL_ENDINGS
        if len(head) < 3 or head not in self.listed or counts[head] < 5:
            return False
        if tail in _COMPARATIVES:
            adjective = hazm.get(head, (0, ()))[0] > 50 and "AJ" in hazm[head][1]
            return adjective and any(self._joined(head, ending) for ending in ("تر", "ترین"))
        return tail in self.glued_tails and tail not in _NO_OPTIONAL_TAIL

    def _words(self, by_letters: Mapping[str, str]) -> tuple[set[str], dict[str, str]]:
        """The words that are right as they are, and the glued ones that are two."""
        words, pairs = self.counts.words, self.counts.pairs
        two = self._two_words()
        right: set[str] = set(_RIGHT & self.candidates)
        splits: dict[str, str] = {}
        for word in self.candidates - right:
            seen = words[word]
            compound = by_letters.get(word)
            if (
                compound
                and self.counts.careful_words[compound] + self.counts.spaced(compound.split(ZWNJ)) >= seen
            ):
                continue
            verb = _IMPERFECT.fullmatch(word)
            if (
                verb
                and verb[2] in self.verbs
                and words[verb[1] + ZWNJ + verb[2]] + pairs[verb[1], verb[2]] > seen
            ):
                continue
            plural = _plural(word)
            if plural and self._is_plural(word, *plural, seen):
                continue
            if word in two and self._is_split(word, seen, *two[word]):
                splits[word] = " ".join(two[word][1])
                continue
            right.add(word)
        return right, splits

    def _two_words(self) -> dict[str, tuple[int, tuple[str, str]]]:
        best: dict[str, tuple[int, tuple[str, str]]] = {}
        for (left, right), n in self.counts.pairs.items():
            word = left + right
            if n < 5 or word not in self.candidates or left[-1] in JOINING or right in _NEVER_RIGHT_PART:
                continue
            if len(right) < 2 or (len(left) < 2 and left != "و") or (left == "و" and len(right) < 4):
                continue
            if n > best.get(word, (0, ("", "")))[0]:
                best[word] = (n, (left, right))
        return best

    def _is_plural(self, word: str, host: str, ending: str, seen: int) -> bool:
        known = host in self.listed or self.counts.words[host] >= 3
        other = self.counts.words[host + ZWNJ + ending] + self.counts.pairs[host, ending]
        unlisted = word not in self.listed and host + "ها" not in self.listed
        return (known and unlisted) or (other > 0.3 * seen and other > 2)

    def _is_split(self, word: str, seen: int, spaced: int, parts: tuple[str, str]) -> bool:
        listed = (word in self.published.vocabulary) + (word in self.hazm)
        if listed and len(word) <= 4:
            return False
        if parts[0] in ("در", "بر", "باز", "وا") and is_verb(word, self.verbs):
            return False
        need = (3, 20, 60)[listed] * (5 if parts[0] == "و" else 1)
        return spaced >= need * max(seen, 0.5)

    def _neighbours(
        self, words: set[str], common: set[str], by_letters: Mapping[str, str], splits: Mapping[str, str]
    ) -> dict[str, str]:
        """Pairs of common words that may be found glued though no count saw it."""
        found: dict[str, str] = {}
        for (left, right), n in self.counts.pairs.items():
            word = left + right
            if n < 5 or len(left) < 3 or len(right) < 3 or left[-1] in JOINING or right in _NEVER_RIGHT_PART:
                continue
            if left not in common or right not in common or word in words or word in by_letters:
                continue
            if word not in splits and not is_verb(word, self.verbs) and _plural(word) is None:
                found[word] = f"{left} {right}"
        frequent = [w for w in common if self.counts.words[w] >= 1000 and len(w) > 2]
        known = self.candidates | by_letters.keys()
        found |= {"و" + word: f"و {word}" for word in frequent if "و" + word not in known}
        return found

    def _parts(self) -> tuple[dict[str, tuple[float, int]], dict[str, tuple[float, int]]]:
        """First and last parts of compounds of two → share of joined writings, number of partners."""
        joined: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
        partners: tuple[dict[str, set[str]], dict[str, set[str]]] = (defaultdict(set), defaultdict(set))
        for word, n in self.counts.careful_words.items():
            parts = word.split(ZWNJ)
            if len(parts) == 2:
                for side in (0, 1):
                    joined[side][parts[side]] += n
                    partners[side][parts[side]].add(parts[1 - side])
        spaced: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
        for pair, n in self.counts.careful_pairs.items():
            for side in (0, 1):
                if pair[side] in joined[side]:
                    spaced[side][pair[side]] += n
        heads, tails = (
            {
                part: (n / (n + spaced[side][part]), len(partners[side][part]))
                for part, n in joined[side].items()
                if not part.startswith(("ها", "تر"))
            }
            for side in (0, 1)
        )
        return heads, tails


def _mean(shares: Sequence[float]) -> float:
    """Mean of the shares of a kind; nothing is known of a kind with few."""
    return sum(shares) / len(shares) if len(shares) >= _PARTNERS else 0.0


def _plural(word: str) -> tuple[str, str] | None:
    """Host and ending of a plural that is glued to a joining letter."""
    for ending in _PLURALS:
        if word.endswith(ending) and len(word) > len(ending) + 1 and word[-len(ending) - 1] in JOINING:
            return word[: -len(ending)], ending
    return None
