"""Record batches as hostile producers make them: every record comes out, as it is or with its fault."""

import gzip
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.reasons import Reason
from tests.broker.raw_batches import CODECS, Record, batch
from workers.record_batches import batch as reader
from workers.record_batches.batch import Batch, Corrupt

WHOLE = 10_000
_HEADER_BYTES = 61


def read(raw: bytes, whole: int = WHOLE) -> list[object]:
    return list(Batch.of(raw).records(whole))


payloads = st.one_of(st.none(), st.binary(max_size=300))
records = st.builds(
    Record,
    key=payloads,
    value=payloads,
    headers=st.lists(st.tuples(st.text(max_size=20).map(str.encode), payloads), max_size=5).map(tuple),
    timestamp=st.integers(0, 2**41),
)


@given(st.lists(records, min_size=1, max_size=8), st.sampled_from(sorted(CODECS)))
def test_records_come_out_as_they_went_in(sent: list[Record], codec: str) -> None:
    found = list(Batch.of(batch(sent, codec)).records(WHOLE))
    assert [r.offset for r in found] == list(range(len(sent)))
    for record, original in zip(found, sent, strict=True):
        assert (record.key, record.value, record.fault) == (original.key, original.value, None)
        assert [(n.encode(), v) for n, v in record.headers] == list(original.headers)


@pytest.mark.parametrize("codec", sorted(CODECS))
def test_a_headers_name_that_is_not_utf8_is_escaped(codec: str) -> None:
    odd = Record(b"k", b"v", ((b"caf\xe9", b"\xff"), (b"good", None)), 5)
    good = Record(b"k2", b"v2", (), 5)
    first, second = Batch.of(batch([odd, good], codec)).records(WHOLE)
    assert first.headers == (("caf\\xe9", b"\xff"), ("good", None))
    assert (first.key, first.value) == (b"k", b"v")
    assert first.fault is not None
    assert first.fault.reason is Reason.UNDECODABLE
    assert (second.value, second.fault) == (b"v2", None)


@pytest.mark.parametrize("codec", sorted(CODECS))
@pytest.mark.parametrize(
    ("record", "part", "size"),
    [
        (Record(b"k", b"\0" * 50_000, (), 5), "value", 50_000),
        (Record(b"\0" * 50_000, b"v", (), 5), "key", 50_000),
        (Record(b"k", b"v", ((b"h", b"\0" * 2_000_000),), 5), "header 0", 2_000_000),
        (Record(b"k", b"v", ((b"\0" * 2_000_000, b"v"),), 5), "header 0", 1),
    ],
)
def test_what_is_too_large_is_left_out_and_told(codec: str, record: Record, part: str, size: int) -> None:
    first, second = Batch.of(batch([record, Record(b"k2", b"v2", (), 5)], codec)).records(WHOLE)
    assert first.fault is not None
    assert (first.fault.reason, first.fault.omitted) == (Reason.TOO_LARGE, ((part, size),))
    assert (second.value, second.fault) == (b"v2", None)


def test_a_batch_that_unpacks_to_gigabytes_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "_MOST_UNPACKED", 3_000_000)
    zeros = Record(b"k", b"\0" * 1_000_000, (), 5)
    found = list(Batch.of(batch([zeros] * 6, "zstd")).records(WHOLE))
    assert [r.offset for r in found] == list(range(6))
    assert {r.fault.reason for r in found if r.fault} == {Reason.TOO_LARGE}
    assert all(r.fault for r in found)
    assert "unpacks to more than" in str(found[-1].fault)


def test_thousands_of_headers_are_not_all_read() -> None:
    many = Record(b"k", b"v", tuple((b"", None) for _ in range(5000)), 5)
    first, second = Batch.of(batch([many, Record(b"k2", b"v2", (), 5)])).records(WHOLE)
    assert len(first.headers) == 1000
    assert first.fault is not None
    assert first.fault.omitted[0][0] == "4,000 more headers"
    assert second.fault is None


def varint(number: int) -> bytes:
    coded = (number << 1) ^ (number >> 63)
    out = bytearray()
    while coded > 0x7F:
        out.append(coded & 0x7F | 0x80)
        coded >>= 7
    return bytes([*out, coded])


def with_body(*bodies: bytes) -> bytes:
    """A batch whose records have these bytes after their lengths."""
    template = batch([Record(b"", b"", (), 5)] * len(bodies))
    return template[:_HEADER_BYTES] + b"".join(varint(len(b)) + b for b in bodies)


NONE = varint(-1)
START = b"\0" + varint(0)  # attributes, timestamp
GOOD = START + varint(1) + varint(1) + b"k" + varint(1) + b"v" + varint(0)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="no fields"),
        pytest.param(START + varint(0) + varint(500) + b"k", id="a key longer than the record"),
        pytest.param(START + varint(0) + varint(1) + b"k" + varint(2**40), id="a value of a terabyte"),
        pytest.param(b"\0" + b"\xff" * 12, id="a number that does not end"),
        pytest.param(START + varint(0) + NONE + NONE + varint(-3), id="-3 headers"),
        pytest.param(START + varint(0) + NONE + NONE + varint(1) + varint(-1), id="no name"),
        pytest.param(START + varint(77) + NONE + NONE + varint(0), id="an offset outside"),
        pytest.param(START + varint(0) + NONE + NONE + varint(0) + b"more", id="bytes after"),
    ],
)
def test_a_broken_record_does_not_hide_the_next(body: bytes) -> None:
    first, second = Batch.of(with_body(body, GOOD)).records(WHOLE)
    assert first.fault is not None
    assert (first.offset, first.fault.reason) == (0, Reason.UNDECODABLE)
    assert (second.offset, second.key, second.value, second.fault) == (1, b"k", b"v", None)


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"short", id="no header"),
        pytest.param(batch([Record(b"k", b"v", (), 5)] * 3)[:-4], id="cut off"),
        pytest.param(batch([Record(b"k", b"v" * 500, (), 5)], "zstd")[:-4], id="cut off, zstd"),
        pytest.param(batch([Record(b"k", b"v" * 500, (), 5)], "lz4")[:-9], id="cut off, lz4"),
        pytest.param(batch([Record(b"k", b"v" * 500, (), 5)], "gzip")[:-12], id="cut off, gzip"),
        pytest.param(batch([Record(b"k", b"v" * 500, (), 5)], "snappy")[:-4], id="cut off, snappy"),
    ],
)
def test_a_broken_frame_is_told(raw: bytes) -> None:
    with pytest.raises(Corrupt):
        read(raw)


@settings(max_examples=300)
@given(st.sampled_from(sorted(CODECS)), st.integers(0, 2**32), st.integers(1, 20))
def test_spoiled_batches_end_in_order(codec: str, seed: int, spoiled: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - no secret
    raw = bytearray(batch([Record(b"key", b"value" * 20, ((b"h", b"x"),), 5)] * 4, codec))
    for _ in range(spoiled):
        raw[chance.randrange(_HEADER_BYTES, len(raw))] = chance.randrange(256)
    try:
        found = read(bytes(raw))
    except Corrupt:
        return
    assert len(found) == 4


def test_a_gzip_of_several_members_is_one_payload() -> None:
    whole = batch([Record(b"k", b"v" * 100, (), 5)] * 2)
    body = whole[_HEADER_BYTES:]
    packed = gzip.compress(body[:50]) + gzip.compress(body[50:])
    head = bytearray(batch([Record(b"k", b"v" * 100, (), 5)] * 2, "gzip")[:_HEADER_BYTES])
    assert [r.value for r in Batch.of(bytes(head) + packed).records(WHOLE)] == [b"v" * 100] * 2
