"""The terminal view of an enriched article.

Letters are printed in logical order. A terminal that implements the Unicode bidirectional algorithm (recent
GNOME Terminal, Konsole, mlterm, Terminal.app) shows them rightly joined and ordered. Other terminals show
them reversed; a program cannot mend that without breaking the first kind. For them there is the web page.
"""

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from schemas.enriched import EnrichedArticle
from workers.view.escape import cut, printable
from workers.view.facts import agency, headline
from workers.view.labels import ENTITY_TYPES, STANCES, persian_number

_STYLES = {
    "PER": "bold magenta",
    "ORG": "bold blue",
    "LOC": "bold green",
    "FAC": "cyan",
    "EVENT": "yellow",
    "PRODUCT": "bright_magenta",
    "DATE": "bright_black",
    "TIME": "bright_black",
    "MONEY": "bright_green",
    "PERCENT": "bright_green",
}


def terminal(event: EnrichedArticle) -> RenderableType:
    """A panel: headline and facts, who said what, names by type."""
    parts: list[RenderableType] = [_facts(event)]
    if event.statements:
        parts += [Text(""), _statements(event)]
    if event.entities:
        parts += [Text(""), _entities(event)]
    return Panel(Group(*parts), title=Text(printable(headline(event)), style="bold"), padding=(1, 2))


def _facts(event: EnrichedArticle) -> Text:
    boilerplate = sum(b.raw_end - b.raw_start for b in event.blocks if b.kind == "boilerplate")
    source = agency(event)
    facts = [
        f"id {event.article.get('id', '')}",
        f"published {event.published_at}" if event.published_at else "",
        f"agency {source}" if source else "",
        f"{len(event.text)} letters in {len(event.sentences)} sentences",
        f"{boilerplate} letters of boilerplate left out" if boilerplate else "",
    ]
    return Text(printable(" · ".join(f for f in facts if f)), style="dim")


def _statements(event: EnrichedArticle) -> Table:
    table = Table(title="Who said what", title_justify="left", expand=True, show_lines=True)
    table.add_column("#", justify="right", no_wrap=True)
    table.add_column("speaker", justify="right", ratio=2)
    table.add_column("stance, cue", justify="right", ratio=2)
    table.add_column("content", justify="right", ratio=6)
    for number, statement in enumerate(event.statements, 1):
        speaker = statement.speaker
        cue = event.text[statement.cue.start : statement.cue.end] if statement.cue else ""
        table.add_row(
            str(number),
            Text(printable(speaker.name), style="bold") if speaker else Text("?", style="dim"),
            Text(printable(f"{STANCES[statement.stance]}\n{cue}".strip())),
            Text(printable(cut(statement.text, 300))),
        )
    return table


def _entities(event: EnrichedArticle) -> Table:
    table = Table(title="Names and quantities", title_justify="left", expand=True, show_header=False)
    table.add_column("type", no_wrap=True)
    table.add_column("entities", justify="right", ratio=1)
    for code, label in ENTITY_TYPES.items():
        names = [e for e in event.entities if e.type == code]
        if names:
            line = "، ".join(f"{e.canonical} ({persian_number(len(e.mentions))})" for e in names)
            table.add_row(Text(f"{code} {label}", style=_STYLES[code]), Text(printable(line)))
    return table
