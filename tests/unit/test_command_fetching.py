"""kafka-python's fetcher with our reader: what comes out of a fetch answer, and where a broken batch lies."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kafka import TopicPartition
from kafka.consumer.fetcher import Fetcher
from kafka.protocol.consumer import IsolationLevel
from kafka.record import MemoryRecords

from schemas.reasons import Reason
from tests.broker.raw_batches import CODECS, Record, batch
from workers.operations import fetching
from workers.record_batches.fetched import CorruptBatch, fault_of

P0 = TopicPartition("news.raw", 0)
ODD = Record(b"k", b"v", ((b"caf\xe9", b"1"),), 5)
LONG = Record(b"k3", b"value" * 100, (), 6)  # short ones are sent as they are
GOOD = Record(b"k2", b"v2", ((b"h", None),), 6)


def at(offset: int, records: Sequence[Record], codec: str = "none") -> bytes:
    """A batch as it lies on the broker: its first offset is no part of the checksum."""
    return offset.to_bytes(8, "big") + batch(records, codec)[8:]


def reader(answer: bytes, offset: int = 0, kind: Any = fetching._Records) -> Any:
    return kind(offset, P0, MemoryRecords(answer), isolation_level=IsolationLevel.READ_COMMITTED)


records = st.builds(
    Record,
    key=st.one_of(st.none(), st.binary(max_size=30)),
    value=st.one_of(st.none(), st.binary(max_size=30)),
    headers=st.lists(
        st.tuples(st.text(max_size=5).map(str.encode), st.one_of(st.none(), st.binary(max_size=9))),
        max_size=3,
    ).map(tuple),
    timestamp=st.integers(0, 2**41),
)


@given(
    st.lists(st.tuples(st.lists(records, min_size=1, max_size=4), st.sampled_from(sorted(CODECS)))),
    st.integers(0, 6),
    st.integers(0, 40),
)
def test_well_made_records_come_out_as_from_kafka_python(
    sent: list[tuple[list[Record], str]], start: int, cut: int
) -> None:
    answer, offset = b"", 0
    for some, codec in sent:
        answer += at(offset, some, codec)
        offset += len(some) + 2  # two that were compacted away
    answer = answer[: len(answer) - cut]  # a fetch answer may end in the middle of a batch
    ours, theirs = reader(answer, start), reader(answer, start, Fetcher.PartitionRecords)
    for mine, other in zip(ours.take(), theirs.take(), strict=True):
        assert mine._replace(headers=list(mine.headers)) == other
        assert fault_of(mine.headers) is None
    assert ours.next_fetch_offset == theirs.next_fetch_offset
    assert not ours
    assert not theirs


@pytest.mark.parametrize("codec", sorted(CODECS))
def test_an_odd_record_comes_with_its_fault_and_those_behind_it_come(codec: str) -> None:
    first, second, third = reader(at(0, [ODD, GOOD], codec) + at(2, [GOOD], codec)).take()
    fault = fault_of(first.headers)
    assert fault is not None
    assert (fault.reason, first.headers) == (Reason.UNDECODABLE, (("caf\\xe9", b"1"),))
    assert [(r.offset, r.value, fault_of(r.headers)) for r in (second, third)] == [
        (1, b"v2", None),
        (2, b"v2", None),
    ]


def test_what_is_too_large_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "WHOLE_BYTES", 1000)
    first, second = reader(at(0, [Record(b"k", b"\0" * 1001, (), 5), GOOD], "zstd")).take()
    fault = fault_of(first.headers)
    assert fault is not None
    assert (first.value, fault.reason, fault.omitted) == (None, Reason.TOO_LARGE, (("value", 1001),))
    assert second.value == b"v2"


def test_so_many_bytes_at_a_time_and_the_rest_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "_TAKE_BYTES", 10)
    answer = at(0, [Record(None, b"1234", (), 5)] * 8, "gzip")
    found, place = [], 0
    while place < 8:
        part = reader(answer, place)
        taken = part.take()
        assert len(taken) <= 3
        assert not part  # the consumer fetches anew
        found += [r.offset for r in taken]
        place = part.next_fetch_offset
    assert found == list(range(8))


def spoiled(raw: bytes) -> bytes:
    return raw[:-1] + bytes([raw[-1] ^ 0xFF])


def with_checksum(raw: bytes) -> bytes:
    """The batch with length and checksum put right: only its payload is wrong."""
    from kafka.record.util import calc_crc32c

    raw = raw[:8] + (len(raw) - 12).to_bytes(4, "big") + raw[12:]
    return raw[:17] + calc_crc32c(raw[21:]).to_bytes(4, "big") + raw[21:]


@pytest.mark.parametrize(
    ("broken", "read_of_it", "detail"),
    [
        pytest.param(spoiled(at(4, [GOOD] * 3)), 0, "checksum", id="wrong CRC"),
        pytest.param(with_checksum(at(4, [GOOD] * 3)[:-6]), 2, "too early", id="cut"),
        pytest.param(with_checksum(at(4, [LONG] * 3, "lz4")[:-6]), 0, "", id="cut, lz4"),
        pytest.param(with_checksum(at(4, [LONG] * 3, "snappy")[:-6]), 0, "", id="cut, snappy"),
        pytest.param(with_checksum(at(4, [GOOD])[:30]), 0, "30 bytes", id="shorter than its header"),
    ],
)
def test_a_broken_batch_is_told_with_its_place_once_what_lies_before_is_read(
    broken: bytes, read_of_it: int, detail: str
) -> None:
    answer = at(0, [ODD, GOOD]) + broken + at(7, [GOOD])
    part = reader(answer)
    assert [r.offset for r in part.take()] == [0, 1, *range(4, 4 + read_of_it)]
    assert not part  # the next fetch begins at the broken one
    part = reader(answer, part.next_fetch_offset)
    with pytest.raises(CorruptBatch) as caught:
        part.take()
    assert not part  # and a poll after that ends, too
    error = caught.value
    assert (error.partition, error.offset) == (P0, 4 + read_of_it if len(broken) >= 61 else 2)
    assert error.next_offset == (7 if len(broken) >= 61 else 3)
    assert detail in error.detail
