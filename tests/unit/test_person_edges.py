"""Where people's names begin and end, by words that are never part of one. `[TYPE words]` is a name."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.nlp.entities.bio import spans
from workers.nlp.entities.person_edges import PersonEdges
from workers.training.shipped import knowledge

EDGES = PersonEdges.of(knowledge())
_NAME = re.compile(r"\[([A-Z]+) ([^\]]*)\]")


def read(marked: str) -> tuple[list[str], list[str]]:
    """The words of a marked sentence, which stand apart by spaces, and their labels."""
    words: list[str] = []
    labels: list[str] = []
    at = 0
    for found in (*_NAME.finditer(marked), None):
        outside = marked[at : found.start() if found else None].split()
        words += outside
        labels += ["O"] * len(outside)
        if found:
            inside = found[2].split()
            words += inside
            labels += [f"B-{found[1]}", *[f"I-{found[1]}"] * (len(inside) - 1)]
            at = found.end()
    return words, labels


@pytest.mark.parametrize(
    ("found", "wanted"),
    [
        # offices of Afghanistan, and the place or person behind them
        ("[PER والی لوگر] گفت", "والی [LOC لوگر] گفت"),
        ("والی [PER لوگر] گفت", "والی [LOC لوگر] گفت"),
        ("والی لغمان گفت", "والی [LOC لغمان] گفت"),
        ("[PER ولسوال کهسان] آمد", "ولسوال [LOC کهسان] آمد"),
        ("قوماندان [PER امنیه بغلان] آمد", "قوماندان امنیه [LOC بغلان] آمد"),
        ("[PER والی کریم نبی‌زاده] آمد", "والی [PER کریم نبی‌زاده] آمد"),
        ("[PER والی] آمد", "والی آمد"),
        ("[PER کریم والی] آمد", "[PER کریم والی] آمد"),
        ("[PER لوی سارنوال] آمد", "لوی سارنوال آمد"),
        ("[PER معین] [ORG وزارت معارف] آمد", "معین [ORG وزارت معارف] آمد"),
        ("[PER معین وزارت] آمد", "معین وزارت آمد"),
        ("[PER معین] مالی و اداری وزارت آمد", "معین مالی و اداری وزارت آمد"),
        ("[PER معین دلاور] آمد", "[PER معین دلاور] آمد"),
        # bodies
        ("[PER پوهنتون پکتیا] باز شد", "[ORG پوهنتون پکتیا] باز شد"),
        ("رییس [PER پوهنتون] آمد", "رییس پوهنتون آمد"),
        ("[PER شفاخانه نادر] باز شد", "[FAC شفاخانه نادر] باز شد"),
        ("ولسوالی پشت‌کوه آرام است", "[LOC ولسوالی پشت‌کوه] آرام است"),
        ("این ولسوالی ناامن است", "این ولسوالی ناامن است"),
        # ranks and clerics
        ("آیت‌الله [PER العظمی تقی دلاور] آمد", "آیت‌الله العظمی [PER تقی دلاور] آمد"),
        ("آیت الله [PER العظمی دلاور] آمد", "آیت الله العظمی [PER دلاور] آمد"),
        ("[PER آیت‌الله‌العظمی تقی دلاور] آمد", "آیت‌الله‌العظمی [PER تقی دلاور] آمد"),
        ("[PER دگروال نادر شیرزی] آمد", "دگروال [PER نادر شیرزی] آمد"),
        # how somebody speaks
        ("[PER نادر با لبخند] گفت", "[PER نادر] با لبخند گفت"),
        ("[PER نادر به آرامی] گفت", "[PER نادر] به آرامی گفت"),
        ("[PER نادر شتابان] گفت", "[PER نادر] شتابان گفت"),
        ("[PER نادر نیز] آمد", "[PER نادر] نیز آمد"),
        # initials and nicknames
        ("ک . ب . [PER دلاور] آمد", "[PER ک . ب . دلاور] آمد"),
        ("ک . [PER ب . دلاور] آمد", "[PER ک . ب . دلاور] آمد"),
        ("در بند ب . [PER دلاور] آمد", "در بند ب . [PER دلاور] آمد"),
        ("[PER نادر] « پولاد » [PER دلاور] آمد", "[PER نادر « پولاد » دلاور] آمد"),
        ("[PER نادر دلاور] « باغ » را نوشت", "[PER نادر دلاور] « باغ » را نوشت"),
        ("[PER نادر دلاور] معروف به « شاه شب » آمد", "[PER نادر دلاور] معروف به « [PER شاه شب] » آمد"),
        ("[PER نادر دلاور] ، ملقب به « پولاد » ، آمد", "[PER نادر دلاور] ، ملقب به « [PER پولاد] » ، آمد"),
        ("[PER نادر معروف به دلاور] آمد", "[PER نادر] معروف به دلاور آمد"),
        # Latin spellings
        ("[PER رابرت هاینز] ( Robert Haynes ) آمد", "[PER رابرت هاینز] ( [PER Robert Haynes] ) آمد"),
        ("[PER رابرت هاینز] ( ۴۵ ساله ) آمد", "[PER رابرت هاینز] ( ۴۵ ساله ) آمد"),
        ("[ORG هاینزکو] ( Haynes Co ) آمد", "[ORG هاینزکو] ( Haynes Co ) آمد"),
        # who speaks in a story
        ("آرش خندید : « نه »", "[PER آرش] خندید : « نه »"),
        ("رفت . آرش آه کشید : « نه »", "رفت . [PER آرش] آه کشید : « نه »"),
        ("خانه آرش : « نه »", "خانه آرش : « نه »"),
        ("آرش : نه", "آرش : نه"),
    ],
)
def test_borders(found: str, wanted: str) -> None:
    words, labels = read(found)
    assert (words, EDGES.mend(words, labels)) == read(wanted)


_WORDS = (
    "والی معین وزارت لوگر نادر دلاور پوهنتون ولسوالی العظمی با به معروف « » ( ) . : ب Robert خندید".split()  # noqa: SIM905
)


@given(
    st.lists(
        st.tuples(st.sampled_from(_WORDS), st.sampled_from(["O", "B-PER", "I-PER", "B-LOC", "B-ORG"])),
        max_size=12,
    )
)
def test_labels_stay_well_formed(pairs: list[tuple[str, str]]) -> None:
    words = [word for word, _ in pairs]
    labels: list[str] = []
    for _, label in pairs:
        goes_on = bool(labels) and labels[-1][2:] == label[2:]
        labels.append(label if label[0] != "I" or goes_on else "O")
    mended = EDGES.mend(words, labels)
    assert len(mended) == len(labels)
    assert all(label[0] != "I" or (at and mended[at - 1][2:] == label[2:]) for at, label in enumerate(mended))
    assert all(first < last for first, last, _ in spans(mended))
