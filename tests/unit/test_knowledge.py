"""Word knowledge: every table can be added to by a user's folder, and the digest tells."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from schemas.article import RawArticle
from workers.nlp.alignment import AlignedText
from workers.nlp.calendars import Months, parse_published
from workers.nlp.cleaning import Cleaner
from workers.nlp.document import Document
from workers.nlp.entities.conventions import Conventions
from workers.nlp.entities.person_edges import PersonEdges
from workers.nlp.entities.quantities import QuantityFinder
from workers.nlp.knowledge import Knowledge, LexiconError
from workers.nlp.knowledge.sources import Sources
from workers.nlp.pipeline import build_pipeline
from workers.nlp.segmentation import Segmenter
from workers.nlp.statements.cues import find_cues
from workers.training.shipped import knowledge

SHIPPED = Sources.read().shipped
NAMES = sorted(
    name for name in SHIPPED if name.endswith(".tsv") and name not in ("roles.tsv", "speakers.tsv")
)


def cleaned(known: Knowledge, body: str) -> Document:
    return Cleaner.of(known).clean(Document(article=RawArticle(id="1", body=body), raw={"id": "1"}))


def segmented(known: Knowledge, body: str) -> Document:
    return Segmenter.of(known).segment(cleaned(known, body))


def sentences(known: Knowledge, body: str) -> list[str]:
    found = segmented(known, body)
    return [found.text[s.start : s.end] for s in found.sentences]


def money(known: Knowledge, body: str) -> list[tuple[str | None, float | None]]:
    found = QuantityFinder.of(known).find(segmented(known, body))
    return [(m.quantity.currency, m.quantity.amount) for m in found if m.quantity]


def spaced(known: Knowledge, text: str) -> str:
    return Cleaner.of(known).spacing.restore(AlignedText.identity(text)).text


def cues(known: Knowledge, *keys: str) -> list[str]:
    return [cue.id for cue in find_cues(keys, 0, len(keys), known.cues)]


def _has(name: str, known: Knowledge) -> bool:
    """Whether a list of the cue table has a word that a folder adds."""
    return "پگاه" in getattr(known.cues.words, name)


LONG = "این متن برای آزمون نوشته شده است و چند جمله دارد. " * 3

TABLES: dict[str, tuple[str, Callable[[Knowledge], object], object]] = {
    "agencies.tsv": (
        "name\ttype\nپگاه‌نیوز\tORG\n",
        lambda known: getattr(cleaned(known, f"تهران - پگاه‌نیوز: {LONG}").dateline, "agency", None),
        "پگاه‌نیوز",
    ),
    "currencies.tsv": (
        "name\tcode\nسپیدک\tXSP\n",
        lambda known: money(known, "او ۵۰۰ سپیدک پرداخت."),
        [("XSP", 500.0)],
    ),
    "roles.tsv": (
        "name\nشهرسالار\n",
        lambda known: ("شهرسالار" in known.cues.words.roles, ("شهرسالار",) in known.titles.heads),
        (True, True),
    ),
    "speakers.tsv": (
        "name\tkind\nابرپیما\tperson\nسپهرسرا\tgroup\n",
        lambda known: [
            w in known.cues.words.humans for w in ("ابرپیما", "ابرپیمایان", "سپهرسرا", "سپهرسرایان")
        ],
        [True, True, True, False],
    ),
    "boilerplate.toml": (
        "line = ['نشان_پگاه_#+']\n",
        lambda known: [b.kind for b in cleaned(known, f"{LONG}\nنشان پگاه ۱۲\n{LONG}").blocks],
        ["paragraph", "boilerplate", "paragraph"],
    ),
    "calendars.toml": (
        '[months.jalali]\n2 = ["گلان"]\n',
        lambda known: parse_published("۳ گلان ۱۳۹۷", Months.of(known.calendar)),
        "2018-04-23",
    ),
    "conventions.toml": (
        'generic = ["کوشکگاه"]\n',
        lambda known: Conventions.of(known).unnamed("کوشکگاه"),
        True,
    ),
    "cues.toml": (
        'cues = [{ id = "پگاهک کردن", noun = ["پگاهک"], verb = ["کردن"], '
        'class = "neutral", stance = "say" }]\n',
        lambda known: cues(known, "وی", "پگاهک", "کرد"),
        ["پگاهک کردن"],
    ),
    "edges.toml": (
        'ranks = ["کوشک‌سالار"]\n',
        lambda known: PersonEdges.of(known).mend(["کوشک‌سالار", "مینا"], ["B-PER", "I-PER"]),
        ["O", "B-PER"],
    ),
    "datelines.toml": (
        "openings = ['به_روایت_گزارش']\n",
        lambda known: cleaned(known, f"به روایت گزارش پگاه، {LONG}").dateline is not None,
        True,
    ),
    "languages.toml": (
        '[words]\nxx = ["زوتو", "مارا", "کیلی", "بونو"]\n',
        lambda known: Cleaner.of(known).language.guess("زوتو مارا کیلی بونو " * 5).tag,
        "xx",
    ),
    "markup.toml": (
        '[names]\nchrome = ["pegahbox"]\n',
        lambda known: "پنهان" in cleaned(known, f"<p>{LONG}</p><div class='pegahbox'>پنهان</div>").text,
        False,
    ),
    "names.toml": (
        '[words]\nheads = ["کوشکگاه"]\n',
        lambda known: "کوشکگاه" in known.name_parts.heads,
        True,
    ),
    "paragraphs.toml": (
        'unfinished = ["بهرِ"]\n',
        lambda known: Cleaner.of(known).paragraphs.unfinished >= {"بهرِ"},
        True,
    ),
    "quantities.toml": (
        '[multipliers]\n"زیلیون" = 1e15\n',
        lambda known: money(known, "او ۲ زیلیون ریال پرداخت."),
        [("IRR", 2e15)],
    ),
    "sentences.toml": (
        'letter_heads = ["پرده"]\n',
        lambda known: sentences(known, "این پرده ب. از یزد آمد و دیده شد."),
        ["این پرده ب.", "از یزد آمد و دیده شد."],
    ),
    "spacing.toml": (
        'numbers = ["هجده"]\n',
        lambda known: spaced(known, "هجده ساله بود"),
        "هجده\u200cساله بود",
    ),
    "spacing.txt": ("[splits]\nپگاه گفت\n", lambda known: spaced(known, "پگاهگفت"), "پگاه گفت"),
    "titles.toml": (
        'honorifics = ["بزرگوار"]\n',
        lambda known: "بزرگوار" in known.titles.courtesies,
        True,
    ),
    "triggers.toml": (
        'person = ["بزرگوار"]\n',
        lambda known: "بزرگوار" in known.triggers.kinds()["person"],
        True,
    ),
    "verbs.toml": (
        'finite = ["پگاهید"]\n',
        lambda known: known.morphology.is_finite("پگاهید"),
        True,
    ),
    "verbs.txt": (
        "پگاهیدن\t" + "\t".join("می‌پگاهد" if slot == 9 else "-" for slot in range(60)) + "\n",
        lambda known: known.morphology.infinitive("میپگاهد"),
        "پگاهیدن",
    ),
    "vowels.toml": (
        'words = ["پگه"]\n',
        lambda known: cleaned(known, "پِگه آمد و رفت.").text,
        "پِگه آمد و رفت.",
    ),
}


def folder(path: Path, table: str, text: str) -> Path:
    (path / table).write_text(text, "utf-8")
    return path


@pytest.mark.parametrize("table", sorted(TABLES))
def test_a_folder_adds_to_a_table(tmp_path: Path, table: str) -> None:
    text, ask, wanted = TABLES[table]
    assert ask(knowledge()) != wanted
    assert ask(Knowledge.load([folder(tmp_path, table, text)])) == wanted


@pytest.mark.parametrize("table", NAMES)
def test_a_folder_adds_to_a_table_of_names(tmp_path: Path, table: str) -> None:
    known = Knowledge.load([folder(tmp_path, table, "name\ttype\tvariants\nکوشک پگاه\tORG\tپگاهک\n")])
    (entry,) = known.lexicon.find("پگاهک")
    assert (entry.name, entry.category) == ("کوشک پگاه", table.removesuffix(".tsv"))


LISTS: list[tuple[str, str, Callable[[Knowledge], object], object]] = [
    ("spacing.toml", 'before_number = ["کوشک"]\n', lambda known: spaced(known, "کوشک۱۲ بود"), "کوشک ۱۲ بود"),
    ("spacing.toml", 'modals = ["پگاهد"]\n', lambda known: spaced(known, "میپگاهد"), "می\u200cپگاهد"),
    (
        "datelines.toml",
        'here = ["رسانه نو"]\n',
        lambda known: cleaned(known, f"به گزارش رسانه نو، {LONG}").dateline is None,
        True,
    ),
    (
        "datelines.toml",
        'further = ["به روایت"]\n',
        lambda known: getattr(cleaned(known, f"به گزارش کوشک به روایت پگاه، {LONG}").dateline, "agency", 0),
        "کوشک",
    ),
    (
        "datelines.toml",
        'regions = ["خاور"]\n',
        lambda known: getattr(
            cleaned(known, f"به گزارش ایسنا از خاور کوشک و پگاه، {LONG}").dateline, "place", 0
        ),
        "خاور کوشک و پگاه",
    ),
    (
        "datelines.toml",
        'before_place = ["اندر"]\n',
        lambda known: getattr(cleaned(known, f"به گزارش ایسنا اندر شیراز، {LONG}").dateline, "place", 0),
        "شیراز",
    ),
    (
        "datelines.toml",
        "own_reporters = ['تیزپا']\n",
        lambda known: getattr(cleaned(known, f"به گزارش خبرنگار تیزپا از شیراز، {LONG}").dateline, "desk", 0),
        None,
    ),
    (
        "datelines.toml",
        "source_heads = ['درون']\n",
        lambda known: getattr(cleaned(known, f"به گزارش گروه پگاه درون، {LONG}").dateline, "desk", 0),
        "پگاه",
    ),
    (
        "quantities.toml",
        '[glued]\nunits = ["دقیقه"]\n',
        lambda known: "یکدقیقه" in QuantityFinder.of(known).lexer.words,
        True,
    ),
    *(
        ("cues.toml", f'[lists]\n{name} = ["پگاه"]\n', partial(_has, name), True)
        for name in ("before_time", "causes", "added_to", "determiners")
    ),
]


@pytest.mark.parametrize(
    ("table", "text", "ask", "wanted"), LISTS, ids=[row[1].split(" ")[0] for row in LISTS]
)
def test_a_folder_adds_to_a_list(
    tmp_path: Path, table: str, text: str, ask: Callable[[Knowledge], object], wanted: object
) -> None:
    assert ask(knowledge()) != wanted
    known = Knowledge.load([folder(tmp_path, table, text)])
    assert ask(known) == wanted
    assert known.digest != knowledge().digest


def test_a_glued_unit_that_is_no_word_is_named(tmp_path: Path) -> None:
    known = Knowledge.load([folder(tmp_path, "quantities.toml", '[glued]\nunits = ["پگاهه"]\n')])
    with pytest.raises(LexiconError, match=r"quantities\.toml: `پگاهه` in \[glued\] units is no word"):
        QuantityFinder.of(known)


def test_every_table_is_tested() -> None:
    assert set(TABLES) | set(NAMES) == SHIPPED


@pytest.mark.parametrize("table", sorted(TABLES))
def test_the_digest_tells_of_every_table(tmp_path: Path, table: str) -> None:
    assert Sources.read([folder(tmp_path, table, TABLES[table][0])]).digest != Sources.read().digest


def test_the_digest_stands_in_the_event(tmp_path: Path) -> None:
    article = {"id": "1", "body": LONG}
    ours = build_pipeline().enrich(article).provenance
    again = build_pipeline().enrich(article).provenance
    theirs = build_pipeline(lexicons=[folder(tmp_path, "clubs.tsv", "name\ttype\nپگاه\tORG\n")]).enrich(
        article
    )
    assert ours == again
    assert ours.models["knowledge"] == Knowledge.load().digest
    assert theirs.provenance.models["knowledge"] != ours.models["knowledge"]


@pytest.mark.parametrize(
    ("table", "text", "told"),
    [
        ("cuse.toml", "x = 1\n", "there is no table of this name"),
        ("cues.toml", "[lists]\npronuns = []\n", "there is no list `pronuns`"),
        ("cues.toml", "[lists]\npronouns = 1\n", r"cues\.toml: `pronouns` must be a list"),
        ("cues.toml", "[[[\n", r"cues\.toml: "),
        ("sentences.toml", 'desk = ["x"]\n', "there is no list `desk`; the lists are"),
        ("calendars.toml", '[months.jalali]\n13 = ["x"]\n', "has no month 13"),
        (
            "roles.tsv",
            "name\tproperties\nشهرسالار\tspeeks\n",
            r"roles\.tsv:2: a role has no property `speeks`",
        ),
        (
            "speakers.tsv",
            "name\tkind\nابرپیما\tpeople\n",
            r"speakers\.tsv:2: a speaker's kind is person, kin or group, not `people`",
        ),
        ("spacing.txt", "[word]\nx\n", r"there is no section \[word\]"),
    ],
)
def test_a_fault_of_a_folder_is_named(tmp_path: Path, table: str, text: str, told: str) -> None:
    with pytest.raises(LexiconError, match=told):
        Knowledge.load([folder(tmp_path, table, text)])


def test_files_of_other_kinds_are_passed_over(tmp_path: Path) -> None:
    folder(tmp_path, "README.md", "ours")
    folder(tmp_path, "notes.txt", "ours")
    assert Knowledge.load([tmp_path]).digest == knowledge().digest
