"""Files that name offsets: khabar's plans and the CSV of Kafka's own tool."""

from pathlib import Path

import pytest

from workers.failures import UsageFailed
from workers.operations.target_files import load_offsets

SPANS = '{"partition": 0, "from": 7, "to": 9}, {"partition": 3, "from": 0, "to": 0}'
PLAN = f'{{"topic": "news.raw", "partitions": [{SPANS}]}}'


@pytest.mark.parametrize(
    ("text", "offsets"),
    [
        (PLAN, {0: 7, 3: 0}),
        (f"\n  {PLAN}", {0: 7, 3: 0}),
        ("news.raw,0,7\nnews.raw,3,0\n", {0: 7, 3: 0}),
        ('"news.raw",0,7\r\n"news.raw", 3, 0\r\n\r\n', {0: 7, 3: 0}),
        ("\ufeffnews.raw,0,7\nanother,1,5\n", {0: 7}),
        ("g,news.raw,0,7\nh,news.raw,0,9\n", {0: 7}),  # several groups in one file
    ],
)
def test_offsets_are_read(tmp_path: Path, text: str, offsets: dict[int, int]) -> None:
    path = tmp_path / "offsets"
    path.write_text(text, encoding="utf-8")
    assert load_offsets(path, "news.raw", "g") == offsets


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "names no offset of news.raw for the group g"),
        ("another,0,7", "names no offset"),
        ("h,news.raw,0,7", "names no offset"),
        ("news.raw,0,7\nnews.raw,0,8", "offsets:2 names partition 0 a second time"),
        ("news.raw,0", "offsets:1 is no line of topic,partition,offset: 'news.raw,0'"),
        ("TOPIC,PARTITION,OFFSET", "offsets:1 is no line"),
        ("news.raw,0,-1", "offsets:1 is no line"),
        ("g,news.raw,0,7,x", "offsets:1 is no line"),
        (PLAN.replace("news.raw", "another"), "is a plan for another, and the group reads news.raw"),
        ('{"topic": "news.raw", "partitions": []}', "names no partition"),
        ('{"topic": 1}', "is no plan file"),
        (b"\xff\xfe", "is not UTF-8"),
    ],
)
def test_faults_are_named_with_their_place(tmp_path: Path, text: str | bytes, fault: str) -> None:
    path = tmp_path / "offsets"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(UsageFailed) as raised:
        load_offsets(path, "news.raw", "g")
    assert fault in str(raised.value)
    assert str(path) in str(raised.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageFailed, match="none: No such file"):
        load_offsets(tmp_path / "none", "news.raw", "g")
