"""Plan files: what is written is read again, and what is wrong is named with its file."""

from pathlib import Path

import pytest

from workers.failures import UsageFailed
from workers.operations.plans import PlanFile, PlanSpan, load_plan, save_plan

SPAN = '{"partition": 0, "from": 0, "to": 1}'


def test_a_saved_plan_is_read_again(tmp_path: Path) -> None:
    plan = PlanFile("news.raw", (PlanSpan(0, 3, 9), PlanSpan(2, 0, 0)))
    save_plan(plan, tmp_path / "plan.json")
    assert load_plan(tmp_path / "plan.json") == plan


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("{", "truncated"),
        ('{"topic": "t"}', "partitions"),
        ('{"topic": "t", "partitions": [{"partition": 0, "from": 5, "to": 4}]}', "no offsets 5 to 4"),
        ('{"topic": "t", "partitions": [{"partition": -1, "from": 0, "to": 4}]}', "partition -1"),
        ('{"topic": "t", "partitions": [{"partition": 0, "from": 0, "until": 4}]}', "until"),
        ('{"topic": "t", "partitions": [' + ", ".join([SPAN, SPAN]) + "]}", "twice"),
    ],
)
def test_faults_are_named(tmp_path: Path, text: str, fault: str) -> None:
    path = tmp_path / "plan.json"
    path.write_text(text)
    with pytest.raises(UsageFailed, match=r"plan\.json is no plan file") as raised:
        load_plan(path)
    assert fault in str(raised.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageFailed, match=r"none\.json: No such file"):
        load_plan(tmp_path / "none.json")
