"""The annotated right-to-left web page of enriched articles.

It is one self-contained file without scripts and external resources. It is light or dark by the reader's
setting. Check boxes in the legend switch types off; style sheets alone read them.
"""

from collections.abc import Iterable, Sequence
from importlib.resources import files

from schemas.enriched import EnrichedArticle
from workers.view.article import article_section
from workers.view.dead import DeadRow
from workers.view.escape import escape, value_preview
from workers.view.facts import headline
from workers.view.labels import ENTITY_TYPES, REASONS, persian_number

_TITLE = "خبر: متن پیراسته، نام‌ها، و اینکه چه کسی چه گفت"


def html_page(events: Iterable[EnrichedArticle], dead: Iterable[DeadRow] = ()) -> str:
    """A whole HTML document of the articles, in their order, then the dead letters."""
    articles, rows = list(events), list(dead)
    style = files("workers.view").joinpath("page.css").read_text(encoding="utf-8")
    return "".join(
        [
            '<!doctype html>\n<html lang="fa" dir="rtl">\n<head>\n<meta charset="utf-8">\n',
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
            '<meta http-equiv="Content-Security-Policy" ',
            "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n",
            f"<title>{_TITLE}</title>\n<style>\n{style}</style>\n</head>\n<body>\n",
            _header(articles, rows),
            "<main>\n",
            *(article_section(number, event) for number, event in enumerate(articles, 1)),
            _dead_letters(rows),
            "</main>\n</body>\n</html>\n",
        ]
    )


def _header(articles: Sequence[EnrichedArticle], rows: Sequence[DeadRow]) -> str:
    counts = [
        ("مقاله", len(articles)),
        ("جمله", sum(len(a.sentences) for a in articles)),
        ("موجودیت", sum(len(a.entities) for a in articles)),
        ("گفته", sum(len(a.statements) for a in articles)),
        ("نامهٔ مرده", len(rows)),
    ]
    figures = "".join(f"<li><b>{persian_number(n)}</b> {name}</li>" for name, n in counts)
    return (
        f'<header class="top"><h1>خبر <span lang="en" dir="ltr">khabar</span></h1>'
        f'<ul class="figures">{figures}</ul>{_legend()}{_contents(articles, rows)}</header>\n'
    )


def _legend() -> str:
    types = "".join(
        f'<label class="key {code}"><input type="checkbox" id="show-{code}" checked>'
        f'<span class="e {code}">{name}</span> <small lang="en">{code}</small></label>'
        for code, name in ENTITY_TYPES.items()
    )
    marks = (
        '<span class="key"><span class="said s0">گفتهٔ یک گوینده</span></span>'
        '<span class="key"><span class="cue">فعل گفتن</span></span>'
        '<span class="key"><span class="by">گوینده در متن</span></span>'
        '<span class="key"><span class="e PER pronoun">ضمیر یا سِمت به‌جای نام</span></span>'
    )
    return (
        '<fieldset class="legend"><legend>راهنمای رنگ‌ها</legend>'
        f"<div>{types}</div><div>{marks}</div></fieldset>"
    )


def _contents(articles: Sequence[EnrichedArticle], rows: Sequence[DeadRow]) -> str:
    if len(articles) + bool(rows) < 2:
        return ""
    items = "".join(
        f'<li><a href="#a{number}"><bdi>{escape(headline(event))}</bdi></a></li>'
        for number, event in enumerate(articles, 1)
    )
    tail = '<li><a href="#dead">نامه‌های مرده</a></li>' if rows else ""
    return f'<details class="contents" open><summary>فهرست</summary><ol>{items}{tail}</ol></details>'


def _dead_letters(rows: Sequence[DeadRow]) -> str:
    if not rows:
        return ""
    body = "".join(
        f'<tr><td><bdi dir="ltr">{escape(row.where)}</bdi></td>'
        f'<td><b>{REASONS.get(row.reason, "")}</b> <code lang="en">{escape(row.reason)}</code></td>'
        f'<td dir="ltr">{_detail(row)}</td>'
        f'<td><code class="bytes" dir="auto">{escape(value_preview(row.value))}</code></td></tr>'
        for row in rows
    )
    return (
        '<section class="dead" id="dead"><h2>نامه‌های مرده</h2>'
        "<p>رکوردهایی که غنی نشد؛ بایت‌های اصلی دست‌نخورده می‌ماند و پس از رفع علت دوباره خوانده می‌شود.</p>"
        '<div class="scroll"><table><thead><tr><th>کجا</th><th>چرا</th><th>شرح</th>'
        f"<th>آغاز رکورد</th></tr></thead><tbody>{body}</tbody></table></div></section>\n"
    )


def _detail(row: DeadRow) -> str:
    step = f"<b>{escape(row.step)}</b>: " if row.step else ""
    return step + escape(row.detail)
