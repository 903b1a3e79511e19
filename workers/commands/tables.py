"""Tables on standard output."""

import sys
from collections.abc import Iterable, Sequence

from workers.commands.console import one_line

WIDE = 1000
"""Width of a table that goes to a file or a pipe, in columns: wide enough that nothing is wrapped."""


def print_table(headings: Sequence[str], rows: Iterable[Sequence[object]], title: str | None = None) -> None:
    """Print a table. Numbers stand to the right, None is shown as –."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    cells = [list(row) for row in rows]
    table = Table(box=SIMPLE_HEAD, title=title, title_justify="left", pad_edge=False)
    for number, heading in enumerate(headings):
        numeric = all(isinstance(row[number], int | float | None) for row in cells) and bool(cells)
        table.add_column(heading, justify="right" if numeric else "left", overflow="fold")
    for row in cells:
        table.add_row(*(Text(_shown(cell)) for cell in row))
    Console(width=None if sys.stdout.isatty() else WIDE).print(table)


def _shown(cell: object) -> str:
    if cell is None:
        return "–"
    if isinstance(cell, int):
        return f"{cell:,}"
    return one_line(str(cell), None)
