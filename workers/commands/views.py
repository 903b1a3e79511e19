"""Shows enriched articles for reading in the terminal."""

from collections.abc import Callable
from typing import Any


def value_viewer() -> Callable[[bytes], None]:
    """A function that prints an enriched event, given its bytes."""
    import msgspec
    from rich.console import Console

    from schemas.enriched import EnrichedArticle
    from workers.view import terminal

    console = Console()
    decoder = msgspec.json.Decoder(EnrichedArticle)
    return lambda value: console.print(terminal(decoder.decode(value)))


def viewer() -> Callable[[Any], None]:
    """A function that prints the enriched event of a record, and a line for any other record."""
    import msgspec

    from workers.commands.lines import line

    show = value_viewer()

    def view(record: Any) -> None:
        try:
            show(record.value or b"")
        except (msgspec.MsgspecError, UnicodeDecodeError):
            print(line(record, "enriched"), flush=True)

    return view
