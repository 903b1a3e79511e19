"""Reads the files of the tables: the shipped ones, and those of a user's folders.

A folder may hold any of the shipped tables by its name (`cues.toml`, `roles.tsv`, …). Its content is added:
rows to rows, lists to lists, keys to keys. A key that is there already takes the new value. A `*.tsv` of
another name opens a category of names of its own (see `lexicon.py`). Files of other kinds are passed over.
"""

import gzip
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

_KINDS = (".tsv", ".toml", ".txt", ".txt.gz")


class LexiconError(ValueError):
    """A table cannot be read; the message names the file, and the line or list."""


class Row(NamedTuple):
    """A line of a table with columns."""

    place: str  # file and line
    cells: dict[str, str]  # by column; without the empty ones


class Source(NamedTuple):
    """One file of a table."""

    place: str  # as messages name it
    table: str  # name of the file without `.gz`
    data: bytes  # unpacked

    @property
    def text(self) -> str:
        """The file's text. Raises `LexiconError`."""
        try:
            return self.data.decode("utf-8")
        except UnicodeDecodeError as error:
            raise LexiconError(f"{self.place}: not UTF-8: {error}") from error

    def rows(self) -> Iterator[Row]:
        """The rows of a table with columns, of which `name` is one. Raises `LexiconError`."""
        columns: list[str] | None = None
        for number, line in enumerate(self.text.splitlines(), 1):
            if not line.strip() or line.startswith("#"):
                continue
            cells = [c.strip() for c in line.split("\t")]
            place = f"{self.place}:{number}"
            if columns is None:
                columns = cells
                if "name" not in columns:
                    raise LexiconError(f"{place}: the first line must name the columns, `name` among them")
                continue
            row = dict(zip(columns, cells, strict=False))
            if len(cells) > len(columns) or not row.get("name"):
                raise LexiconError(f"{place}: expected a name and at most {len(columns)} columns")
            yield Row(place, {name: cell for name, cell in row.items() if cell})


@dataclass(frozen=True)
class Sources:
    """All files of all tables, the shipped ones first."""

    sources: tuple[Source, ...]
    shipped: frozenset[str]  # names of the shipped tables
    ours: int  # how many of the files are shipped

    @classmethod
    def read(cls, folders: Sequence[Path] = ()) -> "Sources":
        """Read the shipped tables, then those of each folder. Raises `LexiconError`."""
        shipped = [
            _source(path.name, path.name, path.read_bytes())
            for path in sorted(files("workers.nlp.knowledge.tables").iterdir(), key=lambda path: path.name)
            if path.name.endswith(_KINDS)
        ]
        names = frozenset(source.table for source in shipped)
        added = [source for folder in folders for source in _added(folder, names)]
        return cls((*shipped, *added), names, len(shipped))

    @property
    def before(self) -> "Sources":
        """The shipped files alone."""
        return Sources(self.sources[: self.ours], self.shipped, self.ours)

    @property
    def added(self) -> "Sources":
        """The user's files alone."""
        return Sources(self.sources[self.ours :], self.shipped, 0)

    @cached_property
    def digest(self) -> str:
        """The first 16 hexadecimal digits of the SHA-256 of all tables: equal tables, equal digest."""
        found = sha256()
        for source in self.sources:
            found.update(f"{source.table}\0{len(source.data)}\0".encode())
            found.update(source.data)
        return found.hexdigest()[:16]

    def of(self, table: str) -> Iterator[Source]:
        """The files of one table."""
        return (source for source in self.sources if source.table == table)

    def toml(self, table: str) -> dict[str, Any]:
        """A table of lists: all its files in one. Raises `LexiconError`."""
        whole: dict[str, Any] = {}
        for source in self.of(table):
            try:
                found = tomllib.loads(source.text)
            except tomllib.TOMLDecodeError as error:
                raise LexiconError(f"{source.place}: {error}") from error
            _add(whole, found, source.place)
        return whole

    def rows(self, table: str) -> Iterator[Row]:
        """The rows of a table with columns, of which `name` is one. Raises `LexiconError`."""
        for source in self.of(table):
            yield from source.rows()


def sets[T](kind: type[T], table: Mapping[str, Any], place: str, **more: Iterable[str]) -> T:
    """A dataclass of sets of words, from lists of the same names; `more` adds to them.

    Raises `LexiconError` for a list that the dataclass does not have.
    """
    return kind(**{name: frozenset(words) for name, words in _lists(kind, table, place, more)})


def tuples[T](kind: type[T], table: Mapping[str, Any], place: str, **more: Iterable[str]) -> T:
    """A dataclass of tuples of words in their order, from lists of the same names."""
    return kind(**{name: tuple(words) for name, words in _lists(kind, table, place, more)})


def _lists(
    kind: type, table: Mapping[str, Any], place: str, more: Mapping[str, Iterable[str]]
) -> Iterator[tuple[str, Iterable[str]]]:
    known = [field.name for field in fields(kind)]
    for name in table:
        if name not in known:
            raise LexiconError(f"{place}: there is no list `{name}`; the lists are {', '.join(known)}")
    for name in known:
        yield name, (*table.get(name, ()), *more.get(name, ()))


def _source(place: str, name: str, data: bytes) -> Source:
    if name.endswith(".gz"):
        try:
            return Source(place, name.removesuffix(".gz"), gzip.decompress(data))
        except (OSError, EOFError) as error:
            raise LexiconError(f"{place}: {error}") from error
    return Source(place, name, data)


def _added(folder: Path, shipped: frozenset[str]) -> Iterator[Source]:
    if not folder.is_dir():
        raise LexiconError(f"{folder}: no such folder of lexicons")
    for path in sorted(folder.iterdir()):
        if not path.name.endswith(_KINDS) or not path.is_file():
            continue
        try:
            source = _source(str(path), path.name, path.read_bytes())
        except OSError as error:
            raise LexiconError(f"{path}: {error.strerror}") from error
        if path.suffix == ".toml" and source.table not in shipped:
            known = ", ".join(sorted(name for name in shipped if name.endswith(".toml")))
            raise LexiconError(f"{path}: there is no table of this name to add to; the tables are {known}")
        if source.table.endswith(".tsv") or source.table in shipped:
            yield source


def _add(whole: dict[str, Any], found: Mapping[str, Any], place: str) -> None:
    for name, value in found.items():
        known = whole.get(name)
        if known is None:
            whole[name] = value
        elif isinstance(known, list) and isinstance(value, list):
            whole[name] = [*known, *value]
        elif isinstance(known, dict) and isinstance(value, dict):
            _add(known, value, place)
        elif isinstance(known, list | dict) or isinstance(value, list | dict):
            wanted = "a list" if isinstance(known, list) else "a table"
            raise LexiconError(f"{place}: `{name}` must be {wanted}")
        else:
            whole[name] = value
