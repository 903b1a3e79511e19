"""The named rules of narrator, extractor and speakers, beside frames and sieves.

Each can be left out by its id (`Reading.off`, `Focus.off`), so that `khabar evaluate --rules` counts its
worth.
"""

from typing import NamedTuple


class Rule(NamedTuple):
    """A rule that is no frame and no sieve."""

    id: str
    place: str  # module of workers.nlp.statements
    example: str


RULES: tuple[Rule, ...] = (
    Rule("passing on", "narrator", "روزنامه M نوشت: S اعلام کرد C: M says nothing itself"),
    Rule("firm", "narrator", "«C»، این را S گفت: said, whatever the model thinks"),
    Rule("plain", "narrator", "S گفت که C: said, whatever the model thinks"),
    Rule("printed", "narrator", "متن پیام S به شرح زیر است: C, to the article's end"),
    Rule("same voice", "narrator", "S گفت: C. ما باز می‌سازیم: only S says «ما»"),
    Rule("going on", "narrator", "S گفت: C. راه باز می‌شود: the narrator tells what was"),
    Rule("interview", "extract", "س: …؟ ج: …: the answers are the guest's"),
    Rule("labels", "extract", "شهردار: C, a headline"),
    Rule("signatures", "extract", "«C» – S, role"),
    Rule("apposition", "speakers.subject", "شهردار رشت، S، گفت: S speaks"),
    Rule("can speak", "speakers.noun_phrase", "باران تند گفت: no rain speaks"),
    Rule("acting", "speakers.acting", "وزیر ورزش از اردو دیدن کرد. وی گفت: the minister"),
    Rule("other trade", "speakers.apposition", "شهردار گفت … علوی، دامدار، …: he is no mayor"),
)
"""The rules by the place where they are asked."""
