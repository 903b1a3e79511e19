"""Time of clean and segment on one-megabyte bodies of every hostile kind; the table of docs/decisions.md.

python tests/bench/hostile.py [CHARACTERS]
"""

import sys
import time
from collections.abc import Iterator

from schemas.article import RawArticle
from workers.nlp.cleaning import clean
from workers.nlp.document import Document, Rejected
from workers.nlp.segmentation import segment

SENTENCE = "وزیر نیرو دیروز در نشست خبری گفت که آب سدها امسال کافی است. "


def bodies(size: int) -> Iterator[tuple[str, str]]:
    """Name and body of about `size` characters, for each kind."""

    def many(text: str) -> str:
        return text * (size // len(text))

    yield "plain sentences on one line", many(SENTENCE)
    yield "one long word", many("کتاب")
    yield "one letter again and again", many("ا")
    yield "one long word with half spaces", many("می\u200cشود\u200c")
    yield "one long line without stops", many("و این سخن دیگر ")
    yield "spaces", "آغاز " + many(" ") + SENTENCE
    yield "line breaks", "آغاز " + many("\n") + SENTENCE
    yield "short lines", many("آب\n")
    yield "lines of boilerplate", many("بیشتر بخوانید: خبر\n")
    yield "end marks", many("انتهای پیام/ ")
    yield "sources", many("منبع: فارس ")
    yield "datelines", many("به گزارش ایسنا، ")
    yield "opening quotes", many("«")
    yield "nested quotes", many("«الف ") + many("» ")
    yield "straight quotes", many('"')
    yield "brackets", many("(((")
    yield "stops", many(".")
    yield "slashes and digits", many("/۱۲۳۴")
    yield "digits", many("۱۲۳۴۵۶")
    yield "hash marks", many("#خبر ")
    yield "short vowels", many("بَُِّ")
    yield "kashida", many("بـــ")
    yield "direction marks", many("\u200e\u200f")
    yield "no-break spaces", many("می\xa0")
    yield "half spaces", many("\u200c")
    yield "ampersands", many("&")
    yield "references", many("&zwnj;")
    yield "escaped references", many("&amp;amp;nbsp;")
    yield "less-than signs", many("<")
    yield "open tags", many("<p ")
    yield "tags with open quotes", many('<a href=">')
    yield "open comments", many("<!--")
    yield "nested elements", many("<div>") + SENTENCE
    yield "nested inline elements", many("<b>") + SENTENCE
    yield "nested elements, closed", many("<div>") + SENTENCE + many("</div>")
    yield "deep inline and many blocks", many("<b>") + many("آب<hr>")
    yield "closing tags", many("</b>")
    yield "stray closing tags", "<i><div>" + many("<b>") + many("</i>")
    yield "chrome in chrome", many('<div class="share">') + SENTENCE * 3
    yield "scripts", many("<script>x</script>")
    yield "open scripts", many("<script>")
    yield "list of links", many('<li><a href="x">خبر</a></li>')
    yield "table cells", "<table><tr>" + many("<td>آب</td>")
    yield "long attributes", many('<p class="a b c d e f g share related">آب</p>')
    yield "code", many("{var x = function(){};} ")
    yield "mojibake", many("Ø§Û\x8cØ±Ø§Ù\x86 ")
    yield "question marks", many("?")
    yield "Latin", many("abc ")
    yield "URLs", many("https://a.ir/b?c=d ")


def main() -> None:
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    segment(clean(Document(article=RawArticle(id="x", body=SENTENCE * 20), raw={})))  # loads the lexicons
    only = sys.argv[2] if len(sys.argv) > 2 else ""
    for name, body in bodies(size):
        if only not in name:
            continue
        start = time.process_time()
        try:
            document = clean(Document(article=RawArticle(id="x", body=body), raw={}))
            cleaned = time.process_time()
            segment(document)
            outcome = f"{len(document.text)} characters"
        except Rejected as error:
            cleaned = time.process_time()
            outcome = f"rejected: {error.reason}"
        end = time.process_time()
        print(f"{name:32} {cleaned - start:6.2f} + {end - cleaned:6.2f} s   {outcome}", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
