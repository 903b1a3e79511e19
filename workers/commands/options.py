"""Options that several commands share, and the settings that result from them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from workers.failures import UsageFailed

if TYPE_CHECKING:
    from workers.settings import Settings

Brokers = Annotated[
    str | None,
    typer.Option("--brokers", "-b", metavar="HOST:PORT,…", help="In place of KHABAR_BROKERS."),
]
ProfileName = Annotated[
    str | None, typer.Option("--profile", metavar="fast|accurate", help="In place of KHABAR_PROFILE.")
]
Lexicons = Annotated[
    list[str] | None,
    typer.Option("--lexicon", metavar="FOLDER", help="Tables that add to the shipped ones; repeatable."),
]

OutputSuffix = Annotated[
    str | None,
    typer.Option(
        "--output-suffix", metavar="SUFFIX", help="Use topics beside the live ones: news.enriched.SUFFIX …"
    ),
]
InputFormat = Annotated[
    Literal["jsonl", "json", "txt", "html"] | None,
    typer.Option("--format", help="Format of the input, where its name does not tell."),
]
InputEncoding = Annotated[
    str | None,
    typer.Option("--encoding", metavar="NAME", help="Encoding of texts and pages that are not UTF-8."),
]


def load_settings(**overrides: Any) -> "Settings":
    """The settings, overridden by the options that were given.

    Raises `UsageFailed`, which names each fault.
    """
    from pydantic import ValidationError
    from pydantic_settings import SettingsError

    from workers.settings import Settings

    given = {name: value for name, value in overrides.items() if value not in (None, [], ())}
    try:
        return Settings(**given)
    except ValidationError as error:
        faults = []
        for fault in error.errors():
            where = ".".join(str(part) for part in fault["loc"]) or "together"
            faults.append(f"{where}: {fault['msg'].removeprefix('Value error, ')}")
        raise UsageFailed("settings: " + "; ".join(faults)) from error
    except (SettingsError, OSError, ValueError) as error:
        raise UsageFailed(f"settings: {error}") from error


def suffixed(settings: "Settings", suffix: str | None) -> "Settings":
    """The settings with topics beside the live ones.

    Raises `UsageFailed` for a suffix that no name can have.
    """
    if suffix is None:
        return settings
    try:
        return settings.with_output_suffix(suffix)
    except ValueError as error:
        raise UsageFailed(f"--output-suffix: {error}") from error


@contextmanager
def no_traceback_for_files() -> Iterator[None]:
    """Raise `UsageFailed` where a file that the user named cannot be written."""
    try:
        yield
    except OSError as error:
        if error.filename is None:
            raise
        raise UsageFailed(f"{error.filename}: {error.strerror}") from error
