"""The web page and the terminal view."""

from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from schemas import enriched
from schemas.enriched import (
    Block,
    BlockKind,
    EnrichedArticle,
    Entity,
    Mention,
    Provenance,
    Span,
    Speaker,
    Statement,
)
from schemas.reasons import Reason
from workers.view import DeadRow, html_page, terminal
from workers.view.escape import cut, printable, value_preview
from workers.view.facts import headline
from workers.view.labels import ENTITY_TYPES, REASONS, RESOLVED_BY, STANCES, STATEMENT_KINDS, persian_number
from workers.view.marks import marks_of, runs

VOID = {"meta", "input"}


class Page(HTMLParser):
    """Reads a page strictly: every element closes in its place; keeps what the tests ask for."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[tuple[str, dict[str, str | None]]] = []
        self.tags: Counter[str] = Counter()
        self.attributes: list[tuple[str, str, str | None]] = []
        self.ids: list[str] = []
        self.text = ""  # of annotated blocks, without the numbers of statements
        self.feed(html)
        self.close()
        assert self.open == [], "elements left open"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes += [(tag, k, v) for k, v in attrs]
        self.ids += [v for k, v in attrs if k == "id" and v]
        if tag not in VOID:
            self.open.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop()[0] == tag
        if self._in_text() and tag in {"p", "h2", "h3"}:
            self.text += "\n"

    def handle_data(self, data: str) -> None:
        inside = {tag for tag, _ in self.open}
        if self._in_text() and not inside & {"a", "details"}:
            self.text += data.replace("\u2060", "") if data.startswith("\u2060") else data

    def _in_text(self) -> bool:
        return any(tag == "article" for tag, _ in self.open)


def an_event(text: str = "وی گفت: باران می‌بارد.", **changes: Any) -> EnrichedArticle:
    whole = Block(kind="paragraph", **place(0, len(text)))
    event = EnrichedArticle(
        article={"id": "a/1", "body": text},
        text=text,
        blocks=[whole],
        sentences=[],
        dateline=None,
        language="fa",
        published_at=None,
        entities=[],
        statements=[],
        fingerprint="0" * 16,
        provenance=Provenance(pipeline="0.1.0"),
    )
    return msgspec.structs.replace(event, **changes)


def place(start: int, end: int) -> dict[str, int]:
    return {"start": start, "end": end, "raw_start": start, "raw_end": end}


def a_statement(number: int, *content: tuple[int, int], **changes: Any) -> Statement:
    statement = Statement(
        id=f"s{number}",
        kind="direct",
        stance="say",
        speaker=Speaker(name=f"گویندهٔ {number}"),
        cue=None,
        content=[Span(**place(*c)) for c in content],
        text="…",
        confidence=0.5,
    )
    return msgspec.structs.replace(statement, **changes)


HOSTILE = "</article><script>alert(1)</script><img src=x onerror=\"alert('2')\">&amp;\x00\u202e\ud800'\""


def test_samples_make_a_page_that_tells_everything(sample_events: list[EnrichedArticle]) -> None:
    page = html_page(sample_events)
    parsed = Page(page)
    assert '<html lang="fa" dir="rtl">' in page
    assert len(set(parsed.ids)) == len(parsed.ids)
    for number, event in enumerate(sample_events, 1):
        for statement in range(1, len(event.statements) + 1):
            assert f"ta{number}-{statement}" in parsed.ids
            assert f"wa{number}-{statement}" in parsed.ids
    shown = "".join(event.text + "\n" for event in sample_events)
    assert parsed.text.split() == shown.split()


def test_page_is_self_contained(sample_events: list[EnrichedArticle]) -> None:
    parsed = Page(html_page(sample_events, [DeadRow("x:1", "schema", HOSTILE, "decode", b"\xff<b>")]))
    assert not parsed.tags.keys() & {"script", "link", "img", "iframe", "object", "form"}
    assert not any(name.startswith("on") or name == "src" for _, name, _ in parsed.attributes)
    links = [v or "" for tag, name, v in parsed.attributes if name == "href"]
    assert all(link.startswith(("#", "https://", "http://")) for link in links)
    assert "url(" not in html_page([])
    assert "@import" not in html_page([])


def test_inner_links_lead_somewhere(sample_events: list[EnrichedArticle]) -> None:
    parsed = Page(html_page(sample_events, [DeadRow("x:1", "schema")]))
    inner = {v[1:] for _, name, v in parsed.attributes if name == "href" and v and v.startswith("#")}
    assert inner
    assert inner <= set(parsed.ids)


def test_hostile_text_stays_text() -> None:
    name = Entity(id="e", type="PER", canonical=HOSTILE, titles=[HOSTILE], mentions=[])
    mention = Mention(text=HOSTILE, **place(0, len(HOSTILE)))
    name = msgspec.structs.replace(name, mentions=[mention])
    statement = a_statement(1, (0, len(HOSTILE)), text=HOSTILE, speaker=Speaker(name=HOSTILE))
    article = {"id": HOSTILE, "body": HOSTILE, "url": f"javascript:{HOSTILE}", "agency": HOSTILE}
    event = an_event(HOSTILE, article=article, entities=[name], statements=[statement])
    page = html_page(
        [event], [DeadRow(HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE.encode("utf-8", "replace"))]
    )
    parsed = Page(page)
    assert not parsed.tags.keys() & {"script", "img"}
    assert not any(v and v.startswith("javascript:") for _, _, v in parsed.attributes)
    assert "\u202e" not in page
    assert page.encode("utf-8")
    assert "alert(1)" in parsed.text


def test_boilerplate_is_shown_folded_and_apart() -> None:
    body = "باران می‌بارد.\nانتهای پیام/"
    tail = Block(kind="boilerplate", start=14, end=14, raw_start=15, raw_end=len(body))
    event = an_event(body[:14], article={"id": "1", "body": body})
    event = msgspec.structs.replace(event, blocks=[*event.blocks, tail])
    page = html_page([event])
    assert "انتهای پیام/" in page
    assert "انتهای پیام/" not in Page(page).text
    assert '<details class="boilerplate">' in page


@pytest.mark.parametrize(("gap", "paragraphs"), [(" ", 1), ("\n", 2)])
def test_dateline_stands_on_the_line_it_opens(gap: str, paragraphs: int) -> None:
    text = f"به گزارش رها نیوز؛{gap}باران آمد."
    cut_at = text.index("؛") + 1
    blocks = [
        Block(kind="dateline", **place(0, cut_at)),
        Block(kind="paragraph", **place(cut_at + 1, len(text))),
    ]
    page = html_page([an_event(text, blocks=blocks)])
    assert Page(page).text.split() == text.split()
    assert page.count('<p class="dateline">') + page.count('<p class="paragraph">') == paragraphs


def test_speaker_keeps_one_colour_and_gathers_statements() -> None:
    text = "الف. ب. پ."
    statements = [
        a_statement(1, (0, 3), speaker=Speaker(name="زهره", entity_id="e1")),
        a_statement(2, (5, 6), speaker=Speaker(name="بهمن")),
        a_statement(3, (8, 9), speaker=Speaker(name="زهره", entity_id="e1")),
        a_statement(4, (8, 9), speaker=None),
    ]
    page = html_page([an_event(text, statements=statements)])
    assert page.count('<section class="speaker s0">') == 1
    assert page.count('<section class="speaker s1">') == 1
    assert page.count('<section class="speaker nobody">') == 1
    assert page.count('<span class="said s0" title') == 2


def test_quantities_show_their_values() -> None:
    money = Entity(id="1", type="MONEY", canonical="دو میلیون تومان", amount=2e6, currency="IRT")
    share = Entity(id="2", type="PERCENT", canonical="۱۲٫۵ درصد", amount=12.5)
    day = Entity(id="3", type="DATE", canonical="دیروز", iso="2019-06-24")
    page = html_page([an_event(entities=[money, share, day])])
    assert "۲٬۰۰۰٬۰۰۰ IRT" in page
    assert "۱۲٫۵٪" in page
    assert "2019-06-24" in page


def test_dead_letters_are_listed_with_bytes_that_are_no_text() -> None:
    page = html_page([], [DeadRow("crawl.jsonl:7", "undecodable", "invalid byte", "decode", b"\xffabc")])
    Page(page)
    assert "crawl.jsonl:7" in page
    assert REASONS["undecodable"] in page
    assert "\\xffabc" in page


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("تیتر\nمتن", "title", "تیتر\nمتن"),
        ("خط نخست\nخط دوم", "paragraph", "خط نخست"),
        ("", "paragraph", "a/1"),
    ],
)
def test_headline(text: str, kind: BlockKind, expected: str) -> None:
    assert headline(an_event(text, blocks=[Block(kind=kind, **place(0, len(text)))])) == expected


def test_nothing_at_all_is_a_page_too() -> None:
    Page(html_page([]))


@st.composite
def annotated(draw: st.DrawFn) -> EnrichedArticle:
    """An event whose spans nest and cross at will, over several blocks."""
    text = draw(st.text(st.sampled_from("ابپ <&\u200c"), min_size=1, max_size=40))
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=3)) | {0, len(text)})
    blocks = [Block(kind="paragraph", **place(a, b)) for a, b in pairwise(cuts)]
    spans = st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).map(sorted).map(tuple)
    entities = [
        Entity(id=str(n), type="LOC", canonical="ج", mentions=[Mention(text="", **place(*s))])
        for n, s in enumerate(draw(st.lists(spans, max_size=5)))
    ]
    statements = [
        a_statement(n, *content, cue=Span(**place(*draw(spans))))
        for n, content in enumerate(draw(st.lists(st.lists(spans, min_size=1, max_size=3), max_size=4)))
    ]
    return an_event(text, blocks=blocks, entities=entities, statements=statements)


@given(annotated())
def test_any_spans_give_a_well_formed_page_with_the_whole_text(event: EnrichedArticle) -> None:
    assert "".join(Page(html_page([event])).text.split()) == "".join(event.text.split())


@given(annotated())
def test_runs_cover_each_character_once_with_its_marks(event: EnrichedArticle) -> None:
    marks = marks_of(event)
    for block in event.blocks:
        at = block.start
        for run in runs(marks, block.start, block.end):
            assert run.start == at < run.end
            at = run.end
            covering = [m for m in marks if m.start < run.end and run.start < m.end]
            assert Counter(run.marks) == Counter(covering)
            assert all(m.start <= run.start and run.end <= m.end for m in run.marks)
        assert at == block.end


@given(st.text())
def test_printable_keeps_length_and_encodes(text: str) -> None:
    assert len(printable(text)) == len(text)
    printable(text).encode("utf-8")


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [("کوتاه", 10, "کوتاه"), ("یک دو سه چهار پنج", 15, "یک دو سه چهار…"), ("آ" * 9, 4, "آآآآ…"), ("", 3, "")],
)
def test_cut(text: str, limit: int, expected: str) -> None:
    assert cut(text, limit) == expected


def test_value_preview_is_bounded() -> None:
    assert len(value_preview(b"\xff" * 10_000_000)) <= 241


@pytest.mark.parametrize(
    ("number", "expected"), [(0, "۰"), (1234, "۱٬۲۳۴"), (12.5, "۱۲٫۵"), (9e11, "۹۰۰٬۰۰۰٬۰۰۰٬۰۰۰"), (-3, "-۳")]
)
def test_persian_number(number: float, expected: str) -> None:
    assert persian_number(number) == expected


def test_every_code_of_the_contract_has_a_persian_name() -> None:
    assert list(ENTITY_TYPES) == list(get_args(enriched.EntityType))
    assert list(STANCES) == list(get_args(enriched.Stance))
    assert list(STATEMENT_KINDS) == list(get_args(enriched.StatementKind))
    assert list(RESOLVED_BY) == list(get_args(enriched.ResolvedBy))
    assert list(REASONS) == [r.value for r in Reason]


def rendered(event: EnrichedArticle) -> str:
    console = Console(width=100, no_color=True, force_terminal=False, legacy_windows=False)
    with console.capture() as capture:
        console.print(terminal(event))
    return capture.get()


def test_terminal_tells_speakers_and_names() -> None:
    text = "وی گفت: باران می‌بارد."
    city = Entity(id="e1", type="LOC", canonical="رشت", mentions=[Mention(text="وی", **place(0, 2))])
    statement = a_statement(1, (8, 21), text="باران می‌بارد", cue=Span(**place(3, 6)))
    shown = rendered(an_event(text, entities=[city], statements=[statement]))
    for piece in ("گویندهٔ 1", "گفت", "باران می‌بارد", "رشت", "LOC", "a/1"):
        assert piece in shown


def test_terminal_shows_hostile_text_as_text() -> None:
    hostile = "[bold red]\x1b[31m\u202e[/]"
    event = an_event(hostile, article={"id": hostile, "body": hostile})
    shown = rendered(msgspec.structs.replace(event, statements=[a_statement(1, (0, 3), text=hostile)]))
    assert "\x1b[31m" not in shown
    assert "\u202e" not in shown
    assert "[bold red]" in shown
