"""One enriched article as a section of the web page: annotated text beside who said what."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from schemas.enriched import Block, EnrichedArticle, Entity, Statement
from workers.view.escape import cut, escape
from workers.view.facts import agency
from workers.view.labels import ENTITY_TYPES, RESOLVED_BY, STANCES, STATEMENT_KINDS, persian_number
from workers.view.marks import Mark, marks_of, runs

_HUES = 8  # speakers of one article take the style sheet's hues in turn
_BLOCK_TAGS = {"title": "h2", "subhead": "h3"}
_NOBODY = "گویندهٔ نامعلوم"


class _Speakers:
    """The speakers of one article in order of speech, each with its statements' numbers and its hue."""

    def __init__(self, statements: Sequence[Statement]) -> None:
        self.numbers: dict[str, list[int]] = {}
        for number, statement in enumerate(statements):
            self.numbers.setdefault(self.key(statement), []).append(number)
        self._order = {key: place for place, key in enumerate(self.numbers)}

    @staticmethod
    def key(statement: Statement) -> str:
        if statement.speaker is None:
            return ""
        return statement.speaker.entity_id or f"={statement.speaker.name}"

    def hue(self, statement: Statement) -> str:
        key = self.key(statement)
        return f"s{self._order[key] % _HUES}" if key else "nobody"


def article_section(number: int, event: EnrichedArticle) -> str:
    """The section of the article with this number on the page (from 1)."""
    speakers = _Speakers(event.statements)
    return (
        f'<section class="article" id="a{number}">\n{_meta(event)}\n'
        f'<div class="columns"><article class="text">\n'
        f"{''.join(_blocks(number, event, speakers))}</article>\n"
        f"<aside>{_who_said_what(number, event, speakers)}{_entities(event)}</aside></div></section>\n"
    )


def _meta(event: EnrichedArticle) -> str:
    article, dateline = event.article, event.dateline
    facts: list[tuple[str, str]] = []
    if source := agency(event):
        facts.append(("خبرگزاری", f"<bdi>{escape(source)}</bdi>"))
    if dateline:
        named = (("گروه", dateline.desk), ("از", dateline.place), ("خبرنگار", dateline.reporter))
        facts += [(name, f"<bdi>{escape(value)}</bdi>") for name, value in named if value]
    if event.published_at:
        time = escape(event.published_at)
        facts.append(("انتشار", f'<time dir="ltr" datetime="{time}">{time.replace("T", " ")}</time>'))
    facts.append(("زبان", f'<span dir="ltr">{escape(event.language)}</span>'))
    facts.append(("شناسه", f'<code dir="ltr">{escape(cut(str(article.get("id", "")), 60))}</code>'))
    url = article.get("url")
    if isinstance(url, str) and url.startswith(("http://", "https://")):
        link = f'<a dir="ltr" href="{escape(url)}" rel="noreferrer noopener">{escape(cut(url, 60))}</a>'
        facts.append(("نشانی", link))
    place = event.provenance
    if place.topic is not None:
        where = f"{place.topic}[{place.partition}]@{place.offset}"
        facts.append(("رکورد", f'<code dir="ltr">{escape(where)}</code>'))
    return '<dl class="meta">' + "".join(f"<div><dt>{k}</dt><dd>{v}</dd></div>" for k, v in facts) + "</dl>"


def _blocks(number: int, event: EnrichedArticle, speakers: _Speakers) -> Iterator[str]:
    marks = marks_of(event)
    begun: set[int] = set()  # statements whose number is already on the page
    opened: Block | None = None  # a dateline, on the line of the block that comes next
    for block, following in zip_longest(event.blocks, event.blocks[1:]):
        if block.kind == "boilerplate":
            yield _boilerplate(block, event)
            continue
        inside = "".join(_annotated(number, event, speakers, marks, block, begun))
        if block.kind == "dateline":
            inside = f'<span class="dateline">{inside}</span>'
        between = event.text[opened.end : block.start] if opened else ""
        tag = _BLOCK_TAGS.get(block.kind, "p")
        yield escape(between) if opened else f'<{tag} class="{block.kind}">'
        yield inside
        opened = block if block.kind == "dateline" and _same_line(event, block, following) else None
        if opened is None:
            yield f"</{tag}>\n"


def _same_line(event: EnrichedArticle, block: Block, following: Block | None) -> bool:
    if following is None or following.kind in {"boilerplate", *_BLOCK_TAGS}:
        return False
    return "\n" not in event.text[block.end : following.start]


def _annotated(
    number: int,
    event: EnrichedArticle,
    speakers: _Speakers,
    marks: list[Mark],
    block: Block,
    begun: set[int],
) -> Iterator[str]:
    """The block's text in nested elements. A mark that goes on in the next run stays open."""
    open_marks: list[Mark] = []
    for run in runs(marks, block.start, block.end):
        shared = 0
        for old, new in zip(open_marks, run.marks, strict=False):
            if old is not new:
                break
            shared += 1
        yield "</span>" * (len(open_marks) - shared)
        for mark in run.marks[shared:]:
            yield _opening(number, event, speakers, mark, begun)
        open_marks = list(run.marks)
        yield escape(event.text[run.start : run.end])
    yield "</span>" * len(open_marks)


def _opening(number: int, event: EnrichedArticle, speakers: _Speakers, mark: Mark, begun: set[int]) -> str:
    if mark.entity is not None:
        entity = mark.entity
        hint = f"{ENTITY_TYPES[entity.type]}: {entity.canonical}{_value(entity)}"
        kind = "" if mark.kind == "name" else " pronoun"
        return f'<span class="e {entity.type}{kind}" title="{escape(hint)}">'
    statement = event.statements[mark.statement]
    hue = speakers.hue(statement)
    who = statement.speaker.name if statement.speaker else _NOBODY
    if mark.role == "content":
        hint = f"{who}؛ {STANCES[statement.stance]}؛ {STATEMENT_KINDS[statement.kind]}"
        opening = f'<span class="said {hue}" title="{escape(hint)}"'
        if mark.statement in begun:
            return opening + ">"
        begun.add(mark.statement)
        shown = persian_number(mark.statement + 1)
        place = f"a{number}-{mark.statement + 1}"
        return f'{opening} id="t{place}"><a class="number" href="#w{place}">{shown}</a>\u2060'
    names = {"cue": f"cue {hue}", "speaker": f"by {hue}", "occasion": "occasion"}
    hints = {
        "cue": f"نشانهٔ گفتهٔ {persian_number(mark.statement + 1)}",
        "speaker": f"گوینده: {who}",
        "occasion": "جا و زمان سخن",
    }
    return f'<span class="{names[mark.role]}" title="{escape(hints[mark.role])}">'


def _boilerplate(block: Block, event: EnrichedArticle) -> str:
    raw = str(event.article.get(block.field) or "")[block.raw_start : block.raw_end]
    if not raw.strip():
        return ""
    size = persian_number(len(raw))
    return (
        f'<details class="boilerplate"><summary>بیرون از متن ({size} نویسه)</summary>'
        f'<pre dir="auto">{escape(raw)}</pre></details>\n'
    )


def _who_said_what(number: int, event: EnrichedArticle, speakers: _Speakers) -> str:
    if not event.statements:
        return '<h3>چه کسی چه گفت</h3><p class="none">سخنی نقل نشده است.</p>'
    entities = {e.id: e for e in event.entities}
    groups = []
    for numbers in speakers.numbers.values():
        first = event.statements[numbers[0]]
        entity = entities.get(first.speaker.entity_id or "") if first.speaker else None
        name = first.speaker.name if first.speaker else _NOBODY
        titles = f"<small>{escape('، '.join(entity.titles))}</small>" if entity and entity.titles else ""
        items = "".join(_card(number, n, event, event.statements[n]) for n in numbers)
        groups.append(
            f'<section class="speaker {speakers.hue(first)}"><h4><bdi>{escape(name)}</bdi> {titles}</h4>'
            f"<ol>{items}</ol></section>"
        )
    return "<h3>چه کسی چه گفت</h3>" + "".join(groups)


def _card(number: int, place: int, event: EnrichedArticle, statement: Statement) -> str:
    anchor = f"a{number}-{place + 1}"
    facts = [STATEMENT_KINDS[statement.kind]]
    if statement.speaker:
        facts.append(RESOLVED_BY[statement.speaker.resolved_by])
    if statement.addressee:
        facts.append(f"خطاب به {statement.addressee.name}")
    if statement.occasion:
        facts.append(statement.occasion.text)
    facts.append(f"اطمینان {persian_number(round(statement.confidence * 100))}٪")
    cue = statement.cue
    cue_text = f"<q>{escape(event.text[cue.start : cue.end])}</q> " if cue else ""
    return (
        f'<li id="w{anchor}"><a class="number" href="#t{anchor}">{persian_number(place + 1)}</a> '
        f'<span class="stance {statement.stance}">{STANCES[statement.stance]}</span> {cue_text}'
        f"<p>{escape(cut(statement.text, 220))}</p><small>{escape('؛ '.join(facts))}</small></li>"
    )


def _value(entity: Entity) -> str:
    """The value of a quantity with a leading arrow; empty for other entities."""
    if entity.iso:
        return f" ← {entity.iso}"
    if entity.amount is not None:
        unit = "٪" if entity.type == "PERCENT" else f" {entity.currency or ''}"
        return f" ← {persian_number(entity.amount)}{unit}".rstrip()
    return ""


def _entities(event: EnrichedArticle) -> str:
    if not event.entities:
        return ""
    groups = []
    for code, name in ENTITY_TYPES.items():
        members = [e for e in event.entities if e.type == code]
        if not members:
            continue
        items = "".join(
            f'<li><span class="e {code}"><bdi>{escape(e.canonical)}</bdi></span>'
            f"<small>{escape(_value(e))} ×{persian_number(len(e.mentions))}{_others(e)}</small></li>"
            for e in members
        )
        groups.append(f"<dt>{name}</dt><dd><ul>{items}</ul></dd>")
    total = persian_number(len(event.entities))
    return (
        f'<details class="entities"><summary>نام‌ها و کمیت‌ها ({total})</summary>'
        f"<dl>{''.join(groups)}</dl></details>"
    )


def _others(entity: Entity) -> str:
    others = [*entity.titles, *(a for a in entity.aliases if a != entity.canonical)]
    return f" <bdi>{escape('، '.join(dict.fromkeys(others)))}</bdi>" if others else ""
