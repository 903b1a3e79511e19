"""Reads raw articles from files, folders and standard input, as the bytes that a producer would publish.

| input | becomes |
|---|---|
| `.jsonl`, `.ndjson` | one article a line, its bytes as they are |
| `.json` | one article, or a list of articles, or JSON lines after all |
| `.txt` | one article: `body` is the whole file, so that raw positions are positions in the file |
| `.html`, `.htm` | one article: `body` is the page's source |
| a folder | every such file in it and below, in the order of their paths; hidden ones are left out |
| `-` | standard input, told apart by its first bytes |

Any of them may be compressed with gzip, which its content tells. A file with another name is judged by its
first bytes where it is given by itself; in a folder it is passed over.

Identity: an article without `id` and `url` gets an `id` from its place and bytes, `FILE:LINE:DIGEST`
(`FILE[N]:DIGEST` in a JSON list). The digest is needed because a line number may be another article's
tomorrow, and events of equal ids replace each other. A file of one article gives `FILE`. `FILE` is the path
below the folder that was given, or the file's name, so that the id does not depend on where the folder
stands. Where two files would have one name, both keep the path as it was given. On standard input the id is
`stdin:` and a digest of the article.

Bad content raises nothing: what cannot be an article comes out as `Unreadable`, in its place.
"""

import codecs
import contextlib
import dataclasses
import gzip
import hashlib
import io
import re
import sys
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO, Any, cast

import orjson

from schemas.reasons import Reason
from workers.failures import UsageFailed
from workers.json_object import NoObject, json_object
from workers.nlp.identity import digest

MAX_LINE = 64 * 1024 * 1024
"""Most bytes of one article that are held in memory; no broker takes a record of this size."""

STDIN = "-"


class Format(StrEnum):
    """How the bytes of an input are to be understood."""

    JSONL = "jsonl"
    JSON = "json"
    TEXT = "txt"
    HTML = "html"


SUFFIXES = {
    ".jsonl": Format.JSONL,
    ".ndjson": Format.JSONL,
    ".json": Format.JSON,
    ".txt": Format.TEXT,
    ".html": Format.HTML,
    ".htm": Format.HTML,
}


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the input: file, and line or index in a JSON list (from 1)."""

    source: str
    line: int | None = None
    item: int | None = None

    def __str__(self) -> str:
        if self.item is not None:
            return f"{self.source}[{self.item}]"
        return self.source if self.line is None else f"{self.source}:{self.line}"


@dataclass(frozen=True, slots=True)
class Readable:
    """One record: JSON text of an object with `id` or `url`, not yet checked to be an article."""

    place: Place
    value: bytes


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A part of the input that is no record, with reason, step and detail for a dead letter.

    `step` is "read" for a fault of the file, which no worker could meet.
    """

    place: Place
    reason: Reason
    detail: str
    value: bytes
    step: str = "read"


Item = Readable | Unreadable


@dataclass(frozen=True, slots=True)
class Input:
    """A file to read, or standard input."""

    path: Path | None
    shown: str  # as the user knows it
    name: str  # as ids have it
    format: Format | None = None


@dataclass(frozen=True, slots=True)
class Inputs:
    """The files that a list of paths stands for."""

    files: tuple[Input, ...]
    passed_over: int = 0  # files in folders whose names tell no format
    size: int | None = None  # bytes on disk; None where standard input is among them


def find_inputs(paths: Sequence[str], format: Format | None = None) -> Inputs:  # noqa: A002 - the option
    """Find the files of some paths. Raises `UsageFailed` for a path that is missing or holds nothing."""
    files: list[Input] = []
    passed_over, size = 0, 0
    for path in paths:
        if path == STDIN:
            files.append(Input(None, "stdin", "stdin", format))
            continue
        where = Path(path)
        if where.is_dir():
            found, others = _in_folder(where)
            if not found:
                kinds = ", ".join(SUFFIXES)
                raise UsageFailed(
                    f"no articles in {path}: it holds no file named {kinds} (or those with .gz)"
                )
            passed_over += others
            files += [
                Input(f, str(f), f.relative_to(where).as_posix(), format or _format_of(f)) for f in found
            ]
        elif where.exists():
            files.append(Input(where, path, where.name, format or _format_of(where)))
        else:
            raise UsageFailed(f"no such file or folder: {path}")
    often = Counter(file.name for file in files)
    files = [
        dataclasses.replace(file, name=file.shown) if file.path is not None and often[file.name] > 1 else file
        for file in files
    ]
    for file in files:
        if file.path is not None:
            try:
                with file.path.open("rb"):
                    size += file.path.stat().st_size
            except OSError as error:
                raise UsageFailed(f"cannot read {file.shown}: {error.strerror}") from error
    return Inputs(tuple(files), passed_over, None if any(f.path is None for f in files) else size)


def _in_folder(folder: Path) -> tuple[list[Path], int]:
    found, others = [], 0
    for path in sorted(folder.rglob("*")):
        if any(part.startswith(".") for part in path.relative_to(folder).parts) or not path.is_file():
            continue
        if _format_of(path):
            found.append(path)
        else:
            others += 1
    return found, others


def _format_of(path: Path) -> Format | None:
    suffixes = [s.lower() for s in path.suffixes]
    if suffixes and suffixes[-1] == ".gz":
        suffixes.pop()
    return SUFFIXES.get(suffixes[-1]) if suffixes else None


class ArticleReader:
    """Reads inputs one after the other; `consumed` is the number of their bytes that were read."""

    def __init__(
        self, inputs: Iterable[Input], encoding: str | None = None, *, verbatim: bool = False
    ) -> None:
        """`encoding` is for text and pages that do not name theirs; UTF-8 unless given.

        With `verbatim`, lines come out as they are, whatever they hold: to try a worker with them.
        """
        if encoding is not None:
            try:
                codecs.lookup(encoding)
            except LookupError as error:
                raise UsageFailed(f"unknown encoding: {encoding}") from error
        self._inputs = tuple(inputs)
        self._encoding = encoding
        self._verbatim = verbatim
        self.consumed = 0  # bytes of the files read so far, as they lie on disk

    def __iter__(self) -> Iterator[Item]:
        for source in self._inputs:
            if source.path is None:
                yield from self._read(source, _stdin())
                continue
            before = self.consumed
            with source.path.open("rb") as file:
                for item in self._read(source, file):
                    self.consumed = before + file.tell()
                    yield item
                self.consumed = before + file.tell()

    def _read(self, source: Input, file: IO[bytes]) -> Iterator[Item]:
        stream = _decompressed(file)
        kind = source.format or _sniff(_peek(stream))
        if kind is Format.JSONL:
            yield from self._lines(source, stream)
            return
        try:
            data = stream.read(MAX_LINE + 1)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            yield Unreadable(Place(source.shown), Reason.UNDECODABLE, f"damaged gzip: {error}", b"")
            return
        if len(data) > MAX_LINE:
            yield Unreadable(Place(source.shown), Reason.TOO_LARGE, f"more than {MAX_LINE:,} bytes", b"")
        elif kind is Format.JSON:
            yield from self._json(source, data)
        else:
            yield self._page(source, data, html=kind is Format.HTML)

    def _lines(self, source: Input, stream: IO[bytes]) -> Iterator[Item]:
        number = 0
        while True:
            number += 1
            place = Place(source.shown, number)
            try:
                line = stream.readline(MAX_LINE)
                if len(line) == MAX_LINE and not line.endswith(b"\n"):
                    while (rest := stream.readline(MAX_LINE)) and not rest.endswith(b"\n"):
                        pass
                    yield Unreadable(place, Reason.TOO_LARGE, f"a line of more than {MAX_LINE:,} bytes", b"")
                    continue
            except (EOFError, zlib.error, gzip.BadGzipFile) as error:
                detail = f"damaged gzip, nothing can be read from here on: {error}"
                yield Unreadable(place, Reason.UNDECODABLE, detail, b"")
                return
            if not line:
                return
            line = line.rstrip(b"\r\n")
            if number == 1:
                line = line.removeprefix(codecs.BOM_UTF8)
            if line.strip():
                yield Readable(place, line) if self._verbatim else _record(source, place, line)

    def _json(self, source: Input, data: bytes) -> Iterator[Item]:
        data = data.removeprefix(codecs.BOM_UTF8)
        place = Place(source.shown)
        try:
            document = orjson.loads(data)
        except orjson.JSONDecodeError:
            if _is_json(data.lstrip().split(b"\n", 1)[0]):  # JSON lines by another name
                yield from self._lines(source, io.BytesIO(data))
            else:
                yield Readable(place, data) if self._verbatim else _record(source, place, data)
            return
        if isinstance(document, list):
            for number, element in enumerate(document, 1):
                yield _record(source, Place(source.shown, item=number), orjson.dumps(element))
        else:
            yield _record(source, place, orjson.dumps(document))

    def _page(self, source: Input, data: bytes, *, html: bool) -> Item:
        place = Place(source.shown)
        try:
            text = _text(data, self._encoding, html=html)
        except UnicodeError as error:
            detail = f"not {self._encoding or 'UTF-8'} ({error}); --encoding names another, e.g. windows-1256"
            return Unreadable(place, Reason.UNDECODABLE, detail, data)
        article: dict[str, Any] = {"id": _place_id(source, place, data), "body": text}
        return Readable(place, orjson.dumps(article))


def _record(source: Input, place: Place, data: bytes) -> Item:
    """One JSON text as a record; it gets an id if it has neither `id` nor `url`."""
    try:
        article = json_object(data)
    except NoObject as verdict:
        return Unreadable(place, verdict.reason, verdict.detail, data, step="decode")
    if article.get("id") in (None, "") and article.get("url") in (None, ""):
        data = orjson.dumps({**article, "id": _place_id(source, place, data)})
    return Readable(place, data)


def _is_json(data: bytes) -> bool:
    try:
        orjson.loads(data)
    except orjson.JSONDecodeError:
        return False
    return True


def _place_id(source: Input, place: Place, data: bytes) -> str:
    if source.path is None:
        return f"stdin:{digest(data.decode('utf-8', 'surrogateescape'))}"
    name = str(Place(source.name, place.line, place.item))
    return name if name == source.name else f"{name}:{hashlib.blake2b(data, digest_size=4).hexdigest()}"


def _stdin() -> IO[bytes]:
    """Standard input with a reader of our own: a thread that still waits in it must not hold up the exit."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        if sys.stdin.fileno() == 0:
            return open(0, "rb", closefd=False)
    stream: IO[bytes] = sys.stdin.buffer
    return stream if hasattr(stream, "peek") else cast("IO[bytes]", io.BufferedReader(stream))


def _decompressed(file: IO[bytes]) -> IO[bytes]:
    """The stream, decompressed where it is compressed; an empty stream is left as it is."""
    buffered = cast("io.BufferedReader", file)
    if buffered.peek(2)[:2] == b"\x1f\x8b":
        return cast("IO[bytes]", io.BufferedReader(gzip.GzipFile(fileobj=file)))
    return file


def _peek(stream: IO[bytes]) -> bytes:
    try:
        return cast("io.BufferedReader", stream).peek(1 << 16)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        return b""  # the reading proper reports it


def _sniff(start: bytes) -> Format:
    """The format that some bytes begin. A line that opens a JSON object makes it JSON lines."""
    lines = start.removeprefix(codecs.BOM_UTF8).lstrip().split(b"\n")
    first = lines[0].strip()
    if first.startswith((b"<!", b"<html", b"<HTML", b"<?xml")):
        return Format.HTML
    if first.startswith(b"[") or first == b"{":
        return Format.JSON
    if first.startswith(b"{") or any(_is_record_start(line) for line in lines):
        return Format.JSONL
    if re.match(rb"<[a-zA-Z][^<>]*>", first):
        return Format.HTML
    return Format.TEXT


def _is_record_start(line: bytes) -> bool:
    return re.match(rb'\s*\{\s*"', line) is not None


_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_META_CHARSET = re.compile(rb"""(?i)<meta[^>]{1,200}charset\s*=\s*["']?\s*([\w.:-]{2,40})""")


def _text(data: bytes, encoding: str | None, *, html: bool) -> str:
    """The text of a file, by its byte order mark, else `encoding`, else the page's encoding, else UTF-8.

    Raises `UnicodeError` where the bytes are not in that encoding.
    """
    for mark, name in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name)
    if encoding is None and html and (declared := _META_CHARSET.search(data, 0, 4096)):
        try:
            return data.decode(declared[1].decode("ascii"))
        except (LookupError, UnicodeError):
            pass  # what a page says may be wrong, so UTF-8 is tried last
    return data.decode(encoding or "utf-8")
