"""Turns mentions into entities: one entity for one thing, with its fullest name, values and identifiers."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from schemas.enriched import EntityType
from workers.nlp.alignment import AlignedText
from workers.nlp.document import Document, Quantity, TextEntity, TextMention
from workers.nlp.entities.clusters import Clusterer, Name
from workers.nlp.entities.quantities import QuantityFinder
from workers.nlp.entities.titles import Role, RoleFinder
from workers.nlp.knowledge import Knowledge
from workers.nlp.knowledge.folding import fold, standard
from workers.nlp.knowledge.lexicon import Lexicon

_QUANTITIES = frozenset(("DATE", "TIME", "MONEY", "PERCENT"))
_YEAR = re.compile(r"\d{4}")
_QUOTES = re.compile('[«»“”"]')
_SPACED = re.compile(r"[\s.]+")  # what parts the words of a person's name
_BESIDE = 24  # characters between a name and another of the same thing
_BRACKET = re.compile(r"\s*\(\s*")


@dataclass(frozen=True, slots=True)
class EntityLinker:
    """Fills `entities` from `mentions`: one entity for one thing, titles and identifiers attached."""

    lexicon: Lexicon
    clusterer: Clusterer
    finder: RoleFinder
    quantities: QuantityFinder
    called: re.Pattern[str]  # what stands between a name and another of the same person or thing

    @classmethod
    def of(cls, knowledge: Knowledge, quantities: QuantityFinder) -> "EntityLinker":
        """A linker with the names that are known; `quantities` finds dates and sums."""
        lexicon, parts = knowledge.lexicon, knowledge.name_parts
        given = frozenset(key for e in lexicon.category("given_names") if " " not in (key := fold(e.name)))
        clusterer = Clusterer(
            lexicon, parts.heads, parts.titles, given, parts.ordinals, parts.tens, parts.common
        )
        called = "|".join(sorted(knowledge.edges.called))
        between = re.compile(
            rf"\s*[،,]?\s*(?:{called})\s+به\s+[«\"“]?|\s*\(\s*(?:[^\W\d_]+ [^\W\d_]+\s*:\s*)?"
        )
        return cls(lexicon, clusterer, RoleFinder(knowledge.titles), quantities, between)

    def cluster(self, document: Document) -> Document:
        """Cluster the mentions of one document; ids `e1`, `e2` … in order of first mention."""
        names = [m for m in document.mentions if m.type not in _QUANTITIES]
        quantities = [m for m in document.mentions if m.type in _QUANTITIES]
        groups = [[names[i] for i in g] for g in self.clusterer.cluster(self._names(document, names))]
        groups += _equal_values(document, quantities, self.quantities)
        groups.sort(key=lambda g: (g[0].start, g[0].end))
        entities = tuple(self._entity(document, f"e{n}", group) for n, group in enumerate(groups, 1))
        document = replace(document, entities=entities)
        return _with_titles(document, self.finder.roles(document))

    def _entity(self, document: Document, identity: str, mentions: Sequence[TextMention]) -> TextEntity:
        forms: dict[str, str] = {}
        for text in dict.fromkeys(document.slice((m.start, m.end)) for m in mentions):
            form = self._bare(standard(_QUOTES.sub("", text)) or text)
            key = fold(form)
            known = forms.get(key)
            if known is None or form.count("\u200c") > known.count("\u200c"):
                forms[key] = form
        aside = dict.fromkeys(forms, True)
        for m in mentions:
            key = fold(self._bare(standard(_QUOTES.sub("", document.slice((m.start, m.end))))))
            aside[key] = aside.get(key, True) and self._is_aside(document.text, m)
        fullest = max(forms, key=lambda k: (not aside[k], len(k.split()), len(k)))
        kind = mentions[0].type
        entry = next((e for k in forms for e in self.lexicon.find(k) if e.type == kind and e.wikidata), None)
        # of a date and its gloss, the one with a year says more: «ژانویه (دی ۱۴۰۱)»
        told = [m for m in mentions if m.quantity]
        told.sort(key=lambda m: not _YEAR.search(document.slice((m.start, m.end))))
        values = [m.quantity for m in told if m.quantity]
        if not any(_YEAR.search(document.slice((m.start, m.end))) for m in told):
            isos = Counter(
                v.iso for v in values
            )  # «شنبه» of a headline is the one that the text tells of oftener
            values.sort(key=lambda v: -isos[v.iso])
        return TextEntity(
            id=identity,
            type=kind,
            canonical=forms[fullest],
            aliases=tuple(f for k, f in forms.items() if k != fullest),
            mentions=tuple(mentions),
            quantity=next(
                (v for v in values if v.iso or v.ends or v.amount is not None),
                values[0] if values else Quantity(),
            ),
            wikidata=entry.wikidata if entry else None,
        )

    def _names(self, document: Document, mentions: Sequence[TextMention]) -> list[Name]:
        """The name mentions as the clusterer reads them."""
        found = []
        end, text = -1, document.text
        for i, mention in enumerate(mentions):
            words = tuple(fold(self._bare(text[mention.start : mention.end])).split()) or (
                text[mention.start : mention.end],
            )
            gap = text[end : mention.start] if 0 <= end <= mention.start < end + _BESIDE else ""
            same = i > 0 and mentions[i - 1].type == mention.type and self.called.fullmatch(gap) is not None
            parts: tuple[str, ...] = ()
            if mention.type == "PER":
                spaced = (fold(p).replace(" ", "") for p in _SPACED.split(text[mention.start : mention.end]))
                parts = tuple(p for p in spaced if p)
            found.append(Name(mention.type, words, i - 1 if same else -1, parts, same and "(" not in gap))
            end = mention.end
        return found

    def _is_aside(self, text: str, mention: TextMention) -> bool:
        """Whether a name is told as another one: «قادر فلاحی معروف به «قادر سبیل»», «… (Lucas Bernard)»."""
        before = text[max(0, mention.start - _BESIDE) : mention.start]
        found = [m for m in self.called.finditer(before) if m.end() == len(before)]
        return any(text[mention.start : mention.end].isascii() or "به" in m[0] for m in found)

    def _bare(self, form: str) -> str:
        """A name without the verb that is written to it: «آمریکاست» is «آمریکا»."""
        if form.endswith(_IS) and len(form) > 4 and self.lexicon.find(form.removesuffix(_IS)):
            return form if self.lexicon.find(form) else form.removesuffix(_IS)
        return form


def _equal_values(
    document: Document, mentions: Sequence[TextMention], finder: QuantityFinder
) -> list[list[TextMention]]:
    """Dates, times, sums and percentages: one for equal words, for equal values, for a gloss in brackets."""
    text = document.text
    values = [m.quantity for m in mentions]
    if document.published_at is None:  # any day will do to tell equal dates from others
        values = _assumed(document, mentions, finder)
    groups: list[list[TextMention]] = []
    places: dict[tuple[object, ...], int] = {}
    last: TextMention | None = None
    place = -1
    for mention, quantity in zip(mentions, values, strict=True):
        words = fold(text[mention.start : mention.end]).removeprefix(_DAY)
        if words.startswith(_MONTH):
            words = f"{words.removeprefix(_MONTH)} {_MONTH.strip()}"
        keys = [
            k
            for k in (
                (mention.type, words.replace(" ", "")),
                _value(mention.type, quantity, words, finder.edges),
            )
            if k
        ]
        gap = text[last.end : mention.start] if last and last.end <= mention.start < last.end + 6 else ""
        if last and last.type == mention.type and _BRACKET.fullmatch(gap) and _one_value(last, mention):
            keys = keys[:1]  # «۲۲ سپتامبر (اول مهر)»: the article says that they are one day
        else:
            place = next((places[k] for k in keys if k in places), len(groups))
        if place == len(groups):
            groups.append([])
        groups[place].append(mention)
        for key in keys:
            places.setdefault(key, place)
        last = mention
    return groups


def _one_value(sum_: TextMention, gloss: TextMention) -> bool:
    """Whether a gloss in brackets can tell the same: «۱۴ هزار ریال (۱۰۰ ریال افزایش)» cannot."""
    one, other = sum_.quantity, gloss.quantity
    if sum_.type not in ("MONEY", "PERCENT") or one is None or other is None:
        return True
    return sum_.type == "MONEY" and one.currency != other.currency


def _assumed(
    document: Document, mentions: Sequence[TextMention], finder: QuantityFinder
) -> list[Quantity | None]:
    """The values that the expressions would have on some day of publication."""
    lines = [document.slice((m.start, m.end)).replace("\n", " ") for m in mentions]
    ends = list(accumulate(len(line) + 1 for line in lines))
    page = replace(document, aligned=AlignedText.identity("\n".join(lines)), published_at=_SOME_DAY)
    found = {(m.start, m.end): m.quantity for m in finder.find(page)}
    return [
        found.get((end - 1 - len(line), end - 1), mention.quantity)
        for line, end, mention in zip(lines, ends, mentions, strict=True)
    ]


_SOME_DAY = "2000-03-20"
_MONTH = "ماه "  # «ماه مهر» is «مهر ماه»
_IS = "ست"
_DAY = "روز "  # «روز شنبه» is «شنبه»


def _value(
    kind: EntityType, quantity: Quantity | None, words: str, edges: frozenset[str]
) -> tuple[object, ...] | None:
    if quantity is None:
        return None
    if quantity.amount is not None:
        return kind, quantity.amount, quantity.currency
    if quantity.iso and kind == "DATE":
        edge = next((w for w in words.split() if w in edges), "")
        return kind, quantity.iso, quantity.precision, edge
    return None


def _with_titles(document: Document, roles: Sequence[Role]) -> Document:
    """Titles beside the names go to `titles`; roles alone become nominal mentions and aliases."""
    titles: dict[str, dict[str, str]] = {}
    nominal: dict[str, list[TextMention]] = {}
    aliases: dict[str, dict[str, str]] = {}
    for role in roles:
        if role.entity_id is None:
            continue
        if role.how == "alone":
            nominal.setdefault(role.entity_id, []).append(TextMention(role.start, role.end, "PER", "nominal"))
            aliases.setdefault(role.entity_id, {}).setdefault(fold(role.title), role.title)
        else:
            titles.setdefault(role.entity_id, {}).setdefault(fold(role.title), role.title)
    entities = []
    for entity in document.entities:
        if entity.id in titles or entity.id in nominal:
            known = {fold(a) for a in (entity.canonical, *entity.aliases)}
            more = (a for k, a in aliases.get(entity.id, {}).items() if k not in known)
            mentions = sorted((*entity.mentions, *nominal.get(entity.id, ())), key=lambda m: (m.start, m.end))
            entity = replace(
                entity,
                titles=_titles(titles.get(entity.id, {}), aliases.get(entity.id, {})),
                aliases=(*entity.aliases, *more),
                mentions=tuple(mentions),
            )
        entities.append(entity)
    return replace(document, entities=tuple(entities))


def _titles(beside: dict[str, str], alone: dict[str, str]) -> tuple[str, ...]:
    """The titles beside the name, then those used alone that add something."""
    more = {k: title for k, title in alone.items() if not any(b.startswith(k) for b in beside)}
    return (*beside.values(), *more.values())
