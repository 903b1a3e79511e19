"""Reading raw articles from whatever people have."""

import gzip
import io
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.reasons import Reason
from workers import reading
from workers.failures import UsageFailed
from workers.reading import ArticleReader, Format, Place, Readable, Unreadable, find_inputs

BODY = "استاندار گفت: پل تازه تا مهر باز می‌شود."


def line(**fields: object) -> bytes:
    return json.dumps(fields, ensure_ascii=False).encode()


def read(*paths: Path | str, **options: object) -> list[Readable | Unreadable]:
    files = find_inputs([str(p) for p in paths], options.pop("format", None)).files  # type: ignore[arg-type]
    return list(ArticleReader(files, **options))  # type: ignore[arg-type]


def values(items: list[Readable | Unreadable]) -> list[dict[str, object]]:
    assert all(isinstance(item, Readable) for item in items), items
    return [json.loads(item.value) for item in items]


def test_lines_keep_their_bytes(tmp_path: Path) -> None:
    odd = '{"url":"https://a.example/1",   "body":"\\u0633لام", "extra": [1.50]}'.encode()
    path = tmp_path / "crawl.jsonl"
    path.write_bytes(odd + b"\n")
    assert read(path) == [Readable(Place(str(path), 1), odd)]


def test_a_bad_line_does_not_stop_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "crawl.jsonl"
    rows = [
        line(id="1", body=BODY),
        b'{"id": "2", "body": "cut',
        b"\xd3\xe1\xc7\xe3",
        b"[1]",
        b'"x"',
        b"null",
    ]
    path.write_bytes(b"\n".join([*rows, b"", b"  ", line(id="9", body=BODY)]))
    items = read(path)
    assert [type(item) for item in items] == [Readable, *[Unreadable] * 5, Readable]
    told = [(item.reason, item.place.line) for item in items if isinstance(item, Unreadable)]
    assert told == [
        (Reason.MALFORMED_JSON, 2),
        (Reason.UNDECODABLE, 3),
        (Reason.SCHEMA, 4),
        (Reason.SCHEMA, 5),
        (Reason.SCHEMA, 6),
    ]
    assert items[-1].place.line == 9
    assert items[1].value == rows[1]


def without_digest(found: str) -> str:
    """An id with its digest, eight hexadecimal digits, as a word."""
    return re.sub(r":[0-9a-f]{8}$", ":DIGEST", found)


@pytest.mark.parametrize("compressed", [False, True])
@pytest.mark.parametrize(
    ("name", "content", "ids"),
    [
        ("a.jsonl", line(id="1", body="") + b"\r\n" + line(url="u", body="") + b"\n", ["1", None]),
        ("a.ndjson", b"\xef\xbb\xbf" + line(id="1", body=""), ["1"]),
        ("a.json", json.dumps({"id": "1", "body": BODY}, indent=2).encode(), ["1"]),
        ("a.json", b"\n[" + line(id="1", body="") + b",\n" + line(body="") + b"]", ["1", "a.json[2]:DIGEST"]),
        ("a.json", line(id="1", body="") + b"\n" + line(id="2", body=""), ["1", "2"]),
        ("a.jsonl", line(body="") + b"\n\n" + line(body="", id=""), ["a.jsonl:1:DIGEST", "a.jsonl:3:DIGEST"]),
        ("a.txt", BODY.encode(), ["a.txt"]),
        ("A.HTML", f"<p>{BODY}".encode(), ["A.HTML"]),
    ],
)
def test_formats(tmp_path: Path, name: str, content: bytes, ids: list[str | None], compressed: bool) -> None:
    suffix = ".gz" if compressed else ""
    path = tmp_path / (name + suffix)
    path.write_bytes(gzip.compress(content) if compressed else content)
    found = [i and without_digest(i) for i in (value.get("id") for value in values(read(path)))]
    assert found == [i if i is None or "a." not in i.lower() else i.replace(name, name + suffix) for i in ids]


def test_a_text_is_its_body_to_the_letter(tmp_path: Path) -> None:
    text = "  عنوان\r\n\r\nمتن\tبا فاصله‌ها \n"
    (tmp_path / "a.txt").write_bytes(text.encode())
    assert values(read(tmp_path / "a.txt")) == [{"id": "a.txt", "body": text}]


@pytest.mark.parametrize(
    ("content", "options", "body"),
    [
        (BODY.encode("utf-16"), {}, BODY),
        (b"\xef\xbb\xbf" + BODY.encode(), {}, BODY),
        (
            "سلام".encode("cp1256", "replace"),
            {"encoding": "windows-1256"},
            "سلام".encode("cp1256", "replace").decode("cp1256"),
        ),
        (
            b'<meta charset="windows-1256"><p>\xd3\xe1\xc7\xe3',
            {"format": Format.HTML},
            '<meta charset="windows-1256"><p>سلام',
        ),
        (
            '<meta charset="windows-1256"><p>سلام'.encode(),
            {"format": Format.HTML, "encoding": "utf-8"},
            '<meta charset="windows-1256"><p>سلام',
        ),
    ],
)
def test_encodings(tmp_path: Path, content: bytes, options: dict[str, object], body: str) -> None:
    (tmp_path / "a.txt").write_bytes(content)
    assert [value["body"] for value in values(read(tmp_path / "a.txt", **options))] == [body]


def test_a_text_in_another_encoding_is_refused_with_a_hint(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("سلام".encode("cp1256"))
    (item,) = read(tmp_path / "a.txt")
    assert isinstance(item, Unreadable)
    assert item.reason is Reason.UNDECODABLE
    assert "--encoding" in item.detail


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        (b'{"id": "1", "body": ""}\n{"id"', Format.JSONL),
        (b'\xef\xbb\xbf{"id"', Format.JSONL),
        (b'broken\n{"id": "2"}\n', Format.JSONL),
        (b"[{", Format.JSON),
        (b'{\n  "id": "1"', Format.JSON),
        (b"  <!doctype html>", Format.HTML),
        (b"<p>x", Format.HTML),
        ("«سلام» گفت".encode(), Format.TEXT),
        (b"", Format.TEXT),
    ],
)
def test_a_file_of_unknown_name_is_told_by_its_start(start: bytes, expected: Format) -> None:
    assert reading._sniff(start) is expected


def test_a_cut_gzip_gives_what_can_be_read_and_says_so(tmp_path: Path) -> None:
    rows = b"".join(line(id=str(n), body=BODY * 5, noise=str(n * 7919)) + b"\n" for n in range(2000))
    path = tmp_path / "crawl.jsonl.gz"
    packed = gzip.compress(rows)
    path.write_bytes(packed[: len(packed) // 2])
    *good, last = read(path)
    assert len(good) > 500
    assert isinstance(last, Unreadable)
    assert last.place.line == len(good) + 1
    assert "gzip" in last.detail


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.json.gz", "a.txt"])
def test_a_damaged_gzip_is_reported(tmp_path: Path, name: str) -> None:
    packed = bytearray(gzip.compress(b'{"id": "1", "body": "x"}\n' * 50))
    packed[12:30] = bytes(18)
    (tmp_path / name).write_bytes(bytes(packed))
    items = read(tmp_path / name)
    assert isinstance(items[-1], Unreadable)
    assert items[-1].reason is Reason.UNDECODABLE


def test_a_line_beyond_the_limit_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_LINE", 100)
    rows = [line(id="1", body=""), b"x" * 1000, line(id="3", body=""), b"x" * 99 + b"\n"]
    (tmp_path / "a.jsonl").write_bytes(b"\n".join(rows))
    one, two, three, four = read(tmp_path / "a.jsonl")
    assert [one.place.line, two.place.line, three.place.line, four.place.line] == [1, 2, 3, 4]
    assert isinstance(two, Unreadable)
    assert two.reason is Reason.TOO_LARGE
    assert isinstance(three, Readable)


def test_folders_are_read_in_order_and_below(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.jsonl", "a/y.html", ".hidden/x.txt", "a/.x.txt", "readme.md", "a/photo.jpg"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(line(body=BODY) + b"\n")
    inputs = find_inputs([str(tmp_path)])
    assert [file.name for file in inputs.files] == ["a/y.html", "a/z.jsonl", "b.txt"]
    assert inputs.passed_over == 2
    ids = [value["id"] for value in values(list(ArticleReader(inputs.files)))]
    assert [without_digest(i) for i in ids] == ["a/y.html", "a/z.jsonl:1:DIGEST", "b.txt"]


def test_other_articles_at_the_same_place_have_other_ids(tmp_path: Path) -> None:
    def ids(*rows: bytes) -> list[str]:
        (tmp_path / "crawl.jsonl").write_bytes(b"\n".join(rows))
        return [value["id"] for value in values(read(tmp_path / "crawl.jsonl"))]

    today, tomorrow = line(body=BODY), line(body=BODY + "؟")
    assert ids(today) == ids(today)
    assert not set(ids(today)) & set(ids(tomorrow))
    assert len(set(ids(today, today))) == 2


def test_files_of_one_name_have_ids_of_their_own(tmp_path: Path) -> None:
    paths = [tmp_path / day / "1.txt" for day in ("monday", "tuesday")]
    for path in paths:
        path.parent.mkdir()
        path.write_text(BODY)
    names = [file.name for file in find_inputs([str(path) for path in paths]).files]
    assert names == [str(path) for path in paths]
    folders = find_inputs([str(path.parent) for path in paths]).files
    assert len({file.name for file in folders}) == 2


@pytest.mark.parametrize("make", ["missing", "empty folder", "folder of others"])
def test_what_is_not_there_is_the_users_fault(tmp_path: Path, make: str) -> None:
    path = tmp_path / "x"
    if make != "missing":
        path.mkdir()
    if make == "folder of others":
        (path / "notes.docx").write_bytes(b"x")
    with pytest.raises(UsageFailed, match="x"):
        find_inputs([str(path)])


def test_an_unknown_encoding_is_the_users_fault() -> None:
    with pytest.raises(UsageFailed, match="klingon"):
        ArticleReader((), "klingon")


def test_standard_input_has_ids_by_content(monkeypatch: pytest.MonkeyPatch) -> None:
    class Stdin:
        buffer = io.BufferedReader(io.BytesIO(line(body="الف") + b"\n" + line(body="ب") + b"\n"))

    monkeypatch.setattr("sys.stdin", Stdin())
    one, two = values(read("-"))
    assert str(one["id"]).startswith("stdin:")
    assert one["id"] != two["id"]


def test_verbatim_lets_everything_through(tmp_path: Path) -> None:
    rows = [line(id="1", body=BODY), b'{"id": "2", "body": "cut', b"\xd3\xe1"]
    (tmp_path / "a.jsonl").write_bytes(b"\n".join(rows))
    assert [item.value for item in read(tmp_path / "a.jsonl", verbatim=True)] == rows


def test_consumed_reaches_the_size(tmp_path: Path) -> None:
    for name in ("a.jsonl", "b.jsonl"):
        (tmp_path / name).write_bytes((line(id="1", body=BODY) + b"\n") * 50)
    inputs = find_inputs([str(tmp_path)])
    reader = ArticleReader(inputs.files)
    seen = [reader.consumed for _ in reader]
    assert seen == sorted(seen)
    assert reader.consumed == inputs.size


@given(st.binary(max_size=300))
def test_any_bytes_come_out_as_records_or_reasons(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    folder = tmp_path_factory.mktemp("any")
    for name in ("a.jsonl", "a.json", "a.txt", "a.html", "unknown"):
        path = folder / name
        path.write_bytes(data)
        for item in read(path):
            if isinstance(item, Readable):
                value = json.loads(item.value)
                assert value.get("id") or value.get("url")
