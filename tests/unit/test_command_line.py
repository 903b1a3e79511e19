"""The command line as its user meets it."""

import json
import os
import pty
import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from schemas import headers
from workers.commands.application import application
from workers.commands.console import Faults, disarmed, one_line
from workers.operations import dead_letters

ROOT = Path(__file__).parents[2]
ARTICLE = {
    "id": "1",
    "title": "پل تازه",
    "body": "استاندار گفت: پل تازه تا مهر باز می‌شود و ساخت آن دو سال طول کشید.",
}
COMMANDS = [
    (),
    ("demo",),
    ("enrich",),
    ("statements",),
    ("broker",),
    ("worker",),
    ("produce",),
    ("tail",),
    ("status",),
    ("replay",),
    ("diff",),
    ("settings",),
    ("topics",),
    ("topics", "create"),
    ("topics", "check"),
    ("topics", "describe"),
    ("dead",),
    ("dead", "list"),
    ("dead", "show"),
    ("dead", "resend"),
    ("dead", "drop"),
    ("evaluate",),
    ("boilerplate",),
    ("train",),
    ("train", "ner"),
    ("train", "statements"),
    ("train", "spacing"),
    ("train", "verbs"),
]


@pytest.fixture(autouse=True)
def nobody_at_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No settings of this machine, and a port where nothing listens."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KHABAR_BROKERS", "127.0.0.1:1")


def khabar(*arguments: str | Path, stdin: bytes | None = None) -> tuple[int, str, str]:
    result = CliRunner().invoke(application, [str(a) for a in arguments], input=stdin, prog_name="khabar")
    return result.exit_code, result.stdout, result.stderr


def write(path: Path, *rows: object) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_teaches_with_examples(command: tuple[str, ...]) -> None:
    code, out, _ = khabar(*command, "--help")
    assert code == 0
    assert "khabar" in out
    if command not in [("topics", "create"), ("topics", "check"), ("topics", "describe"), ("dead", "list")]:
        assert re.search(r"^\s+khabar \w+", out, re.MULTILINE), out


def test_every_command_in_the_examples_exists() -> None:
    names = {" ".join(command) for command in COMMANDS}
    for command in COMMANDS:
        _, out, _ = khabar(*command, "--help")
        for name in re.findall(r"^\s+khabar ((?:topics |dead |train )?[a-z]+)", out, re.MULTILINE):
            assert name in names, f"{name} in the help of {command}"


def test_help_loads_nothing_heavy() -> None:
    code = "import sys; from workers.commands.application import application\n"
    code += "try: application(['--help'])\nexcept SystemExit: pass\n"
    code += (
        "print(sorted({'rich', 'kafka', 'faust', 'hazm', 'pydantic', 'numpy', 'msgspec'} & set(sys.modules)))"
    )
    out = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
    ).stdout
    assert out.splitlines()[-1] == "[]"


def test_matrices_are_multiplied_in_one_thread_unless_told_otherwise() -> None:
    script = (
        "import os, sys; sys.argv = ['khabar', '--version']; from workers.__main__ import main\n"
        "try: main()\nfinally: print(os.environ['OPENBLAS_NUM_THREADS'])"
    )
    environment = {k: v for k, v in os.environ.items() if k != "OPENBLAS_NUM_THREADS"}
    for told, wanted in (({}, "1"), ({"OPENBLAS_NUM_THREADS": "2"}, "2")):
        done = subprocess.run(
            [sys.executable, "-c", script],
            env=environment | told,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.split()[-1] == wanted


def test_version() -> None:
    from workers import __version__

    assert khabar("--version") == (0, f"khabar {__version__}\n", "")


def test_enrich_prints_events_in_order(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", *({**ARTICLE, "id": str(n)} for n in range(20)))
    code, out, err = khabar("enrich", path, "-j", "2", "--slowest", "2")
    assert code == 0, err
    assert [json.loads(line)["article"]["id"] for line in out.splitlines()] == [str(n) for n in range(20)]
    assert "20 articles: 20 enriched, 0 rejected" in err
    assert err.count("slow:") == 2


def test_enrich_names_what_it_rejects(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", ARTICLE, {"id": "2", "body": ""}, {"id": [3], "body": "x"}, ARTICLE)
    with path.open("ab") as file:
        file.write(b"{broken\n")
    rejects = tmp_path / "rejects.jsonl"
    code, out, err = khabar("enrich", path, "--rejects", rejects)
    assert code == 3
    assert len(out.splitlines()) == 2
    assert f"{path}:2: empty: " in err
    assert f"{path}:3: schema: " in err
    assert "$.id" in err
    assert f"{path}:5: malformed_json: " in err
    assert "2 enriched, 3 rejected (1 empty, 1 malformed_json, 1 schema)" in err
    rows = [json.loads(line) for line in rejects.read_text().splitlines()]
    assert [(row["line"], row["reason"]) for row in rows] == [
        (2, "empty"),
        (3, "schema"),
        (5, "malformed_json"),
    ]


def test_enrich_from_standard_input(tmp_path: Path) -> None:
    code, out, _ = khabar("enrich", "-", "-q", stdin=json.dumps(ARTICLE).encode())
    assert code == 0
    assert json.loads(out)["article"] == ARTICLE


def test_enrich_writes_the_page_and_the_view(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", ARTICLE, {"id": "2", "body": ""})
    page = tmp_path / "page.html"
    code, out, err = khabar("enrich", path, "--html", page, "--view")
    assert code == 3
    assert "پل تازه" in page.read_text(encoding="utf-8")
    assert "empty" in page.read_text(encoding="utf-8")
    assert "Who said what" in out or "پل تازه" in out
    assert str(page) in err


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("enrich", "missing.jsonl"), 2, "no such file or folder: missing.jsonl"),
        (("enrich", "here", "--rejects", "nowhere/x"), 2, "nowhere/x: No such file or directory"),
        (("enrich", "here", "--html", "nowhere/x"), 2, "nowhere/x: No such file or directory"),
        (("enrich", "here", "--profile", "magic"), 2, "settings: profile"),
        (("enrich", "here", "--encoding", "klingon"), 2, "unknown encoding: klingon"),
        (("produce", "here", "-b", "nonsense"), 2, "settings: brokers"),
        (("produce", "here"), 1, "no broker answers at 127.0.0.1:1"),
        (("status",), 1, "no broker answers at 127.0.0.1:1"),
        (("tail",), 1, "no broker answers at 127.0.0.1:1"),
        (("tail", "--from", "lately"), 2, "cannot read 'lately' as a date or a moment"),
        (("tail", "--from", "1403-13-40"), 2, "cannot read '1403-13-40' as a date or a moment"),
        (("topics", "check"), 1, "no broker answers"),
        (("dead", "list"), 1, "no broker answers"),
        (("dead", "list", "-r", "bad"), 2, "'bad' is no reason"),
        (("dead", "show", "17"), 2, "PARTITION:OFFSET"),
        (("replay",), 2, "say where to"),
        (("replay", "--to-earliest", "--execute", "--dry-run"), 2, "exclude each other"),
        (("replay", "--to-earliest"), 1, "no broker answers"),
        (("replay", "--to-earliest", "--to-latest"), 2, "--to-earliest and --to-latest exclude each other"),
        (("replay", "--to-datetime", ""), 2, "cannot read '' as a date or a moment"),
        (("replay", "--to-datetime", "0001-01-01"), 2, "'0001-01-01' lies outside the years 1800 to 2999"),
        (("replay", "--to-datetime", "9999-12-31"), 2, "'9999-12-31' lies outside the years"),
        (("replay", "--to-datetime", "1403-13-40"), 2, "cannot read '1403-13-40' as a date or a moment"),
        (("replay", "--to-datetime", "1403-09-10"), 1, "no broker answers"),
        (("replay", "--by-duration", "1 month"), 2, "'1 month' is no duration; write 90m"),
        (("replay", "--from-file", "missing"), 2, "missing: No such file"),
        (("replay", "--from-file", "here"), 2, "here is no plan file"),
        (("replay", "--to-earliest", "--watch"), 2, "--watch goes with --execute, or stands alone"),
        (("replay", "--watch"), 1, "no broker answers"),
        (("replay", "--execute"), 2, "say where to"),
        (("dead", "list", "--by", "mood"), 2, "'mood' is nothing to count by"),
        (("dead", "list", "--source", "news.raw:x"), 2, "is not TOPIC"),
        (("dead", "list", "--until", "1403-13-40"), 2, "cannot read '1403-13-40'"),
        (("dead", "resend"), 2, "say which"),
        (("dead", "drop"), 2, "say which, by one of PARTITION:OFFSET, --until MOMENT, --all"),
        (("dead", "drop", "--all", "--until", "now"), 2, "say which"),
        (("dead", "drop", "0:1", "0:2"), 2, "a partition is named twice"),
        (("demo", "missing"), 2, "no such file or folder: missing"),
        (("statements", "here", "--stance", "shout"), 2, "'shout' is no stance"),
        (("statements", "here", "--since", "lately"), 2, "cannot read 'lately' as a date"),
        (("statements",), 1, "no broker answers"),
        (("worker", "--web-port", "99999"), 2, "--web-port"),
        (("nonsense",), 2, "nonsense"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_failures_are_told_in_a_line(
    tmp_path: Path, arguments: tuple[str, ...], code: int, message: str
) -> None:
    write(tmp_path / "here", ARTICLE)
    got, out, err = khabar(*arguments)
    assert (got, out) == (code, "")
    assert message in err
    assert "Traceback" not in err


def test_statements_of_raw_and_of_enriched_articles_are_the_same(tmp_path: Path) -> None:
    raw = write(tmp_path / "raw.jsonl", ARTICLE)
    _, event, _ = khabar("enrich", raw, "-q")
    enriched = tmp_path / "enriched.jsonl"
    enriched.write_text(event, encoding="utf-8")
    code, of_raw, err = khabar("statements", raw, "--json")
    assert code == 0, err
    assert "1 statement" in err
    (row,) = map(json.loads, of_raw.splitlines())
    assert row["article"]["id"] == "1"
    assert row["statement"]["text"].startswith("پل تازه تا مهر")
    assert khabar("statements", enriched, "--json")[1] == of_raw
    assert khabar("statements", enriched, "--stance", "deny", "--json")[1] == ""


def test_boilerplate_prints_what_recurs(tmp_path: Path) -> None:
    body = ARTICLE["body"] + "\nاین نوشته را {} نفر در کانال ما دیده‌اند"
    rows = [{"url": f"https://a.example/{n}", "body": f"{n} {body.format(n)}"} for n in range(6)]
    code, out, err = khabar("boilerplate", write(tmp_path / "a.jsonl", *rows), "--json")
    assert code == 0, err
    found = [json.loads(line) for line in out.splitlines()]
    assert any(row["source"] == "a.example" and "در کانال ما" in row["text"] for row in found)
    assert all(row["articles"] == 6 for row in found)


def test_settings_are_shown_and_secrets_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KHABAR_SASL_MECHANISM", "PLAIN")
    monkeypatch.setenv("KHABAR_SASL_USERNAME", "reader")
    monkeypatch.setenv("KHABAR_SASL_PASSWORD", "hunter2")
    code, out, err = khabar("settings", "-b", "kafka-1:9092,kafka-2:9092")
    assert code == 0
    assert "kafka-1:9092, kafka-2:9092" in out
    assert "reader" in out
    assert "hunter2" not in out + err


def test_the_reader_of_our_output_may_go_away(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", *({**ARTICLE, "id": str(n)} for n in range(40)))
    command = [sys.executable, "-m", "workers", "enrich", str(path)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        told = process.stderr.read()
    assert "Traceback" not in told
    assert "Exception" not in told
    assert process.returncode == 1


def test_faults_are_shown_up_to_a_number() -> None:
    told: list[str] = []
    faults = Faults(told.append, shown=2)
    for number in range(5):
        faults.add(f"a:{number}", "schema" if number else "empty", "why")
    assert told == ["a:0: empty: why", "a:1: schema: why", "… more of them are counted, but not shown"]
    assert faults.summary() == "4 schema, 1 empty"


def test_one_line_disarms_a_terminal() -> None:
    assert one_line("a\x1b[31mb\nc\u202ed") == "a [31mb c d"
    assert one_line("می\u200cشود") == "می\u200cشود"
    assert one_line("x" * 400, 10) == "x" * 9 + "…"
    assert one_line("x" * 400, None) == "x" * 400


HOSTILE = "a\x1b]0;owned\x07\x9b31m\u202eb\u2066\x7f\r\u061cc"


@given(st.text() | st.text(st.sampled_from(HOSTILE)))
def test_json_on_a_terminal_is_disarmed_and_means_the_same(text: str) -> None:
    value = json.dumps({"text": text}, ensure_ascii=False).encode("utf-8", "replace")
    safe = disarmed(value)
    assert json.loads(safe) == json.loads(value)
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]", safe.decode())


def test_bare_values_keep_their_lines_on_a_terminal() -> None:
    assert (
        disarmed('{\n\t"a": 1}\x1b[31m می\u200cشود'.encode())
        == '{\n\t"a": 1}\\u001b[31m می\u200cشود'.encode()
    )
    assert disarmed(b"\xff\x9b") == b"\\xff\\x9b"


def test_only_a_terminal_gets_them_disarmed() -> None:
    """In a pseudo-terminal and through a pipe, as a user meets it."""
    value = json.dumps({"text": HOSTILE}, ensure_ascii=False).encode()
    script = f"from workers.commands.console import put, say; put({value!r}); say({HOSTILE!r})"
    command = [sys.executable, "-c", script]
    piped = subprocess.run(command, capture_output=True, cwd=ROOT, check=True)
    assert piped.stdout == value + b"\n"
    assert b"\x1b" not in piped.stderr
    ours, theirs = pty.openpty()
    with subprocess.Popen(command, stdout=theirs, stderr=theirs, cwd=ROOT) as process:
        os.close(theirs)
        shown = b""
        with suppress(OSError):  # how Linux tells the end
            while part := os.read(ours, 65536):
                shown += part
    os.close(ours)
    assert process.returncode == 0
    first, second, _ = shown.split(b"\r\n")
    assert json.loads(first) == {"text": HOSTILE}
    for line in (first, second):
        assert line.decode().isprintable()


NAMES = [
    "\x1b]0;owned\x07.txt",
    "red\x1b[31m.json",
    "turned\u202etxt.exe.jsonl",
    "two\nkhabar: all good.txt",
    "\x9b2J.html",
]


def hostile_folder(folder: Path) -> Path:
    """Articles, good and bad, in files whose names would command a terminal."""
    folder.mkdir()
    for name in NAMES:
        (folder / name).write_text('{"id": 1}' if name.endswith(("json", "jsonl")) else "", encoding="utf-8")
    (folder / f"good{NAMES[0]}").write_text(ARTICLE["body"], encoding="utf-8")
    return folder


def commands_in(text: str) -> list[str]:
    return re.findall(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)


def test_file_names_of_a_crawl_do_not_command_the_terminal(tmp_path: Path) -> None:
    folder = hostile_folder(tmp_path / "crawl")
    for command, code in (("enrich", 3), ("produce", 1), ("statements", 3)):
        got, out, err = khabar(command, folder)
        assert got == code, err
        assert commands_in(err) == [], command
        assert commands_in(out.replace("\u200c", "")) == [], command
    _, out, err = khabar("enrich", folder, "--slowest", 1)
    assert json.loads(out)["article"]["id"] == f"good{NAMES[0]}"
    assert commands_in(err) == []
    assert len([line for line in err.splitlines() if line.startswith("khabar: all good")]) == 0
    for wrong in (folder / "\x1b[31m", f"{folder}/\u202e"):
        for command in ("enrich", "produce", "statements"):
            got, out, err = khabar(command, wrong)
            assert (got, commands_in(out + err)) == (2, [])


def test_a_wrong_setting_is_told_in_plain_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KHABAR_BROKERS", "kafka")
    code, _, err = khabar("status")
    assert (code, err) == (2, "khabar: settings: brokers: a broker is host:port, not 'kafka'\n")


def test_a_value_left_out_of_a_dead_letter_is_not_shown_as_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    told = {
        headers.ERROR_TOPIC: b"news.raw",
        headers.ERROR_PARTITION: b"3",
        headers.ERROR_OFFSET: b"17",
        headers.ERROR_VALUE_OMITTED: b"99 bytes",
    }
    letter = dead_letters.DeadLetter(0, 5, 0, None, None, tuple(told.items()), 0)
    monkeypatch.setattr(dead_letters, "one_dead_letter", lambda *_: letter)
    for options, exit_code in ((("--raw",), 1), ((), 0)):
        code, _, err = khabar("dead", "show", "0:5", *options)
        assert code == exit_code
        assert "the value (99 bytes) was too large for this topic; it lies at news.raw[3]@17" in err
