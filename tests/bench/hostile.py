"""Time of clean and segment on bodies of one megabyte, one of every hostile kind.

    python tests/bench/hostile.py [--letters] [--pipeline] [--kind PART] [--size 1000000]

A megabyte is one of UTF-8, as an article arrives; with `--letters` it is a million code points, which in
Persian is nearly twice as much. With `--pipeline` the whole pipeline is timed too. Processor time in seconds.
"""

import argparse
import contextlib
import time
from collections.abc import Iterator

from schemas.article import RawArticle
from workers.nlp.document import Document, Rejected
from workers.nlp.pipeline import build_pipeline
from workers.training.shipped import cleaner, segment, segmented

MOST = 1.5
SENTENCE = "وزیر نیرو دیروز در نشست خبری گفت که آب سدها امسال کافی است. "


def bodies(size: int) -> Iterator[tuple[str, str]]:
    """Name and body of `size` code points or somewhat more, for each kind."""
    half = size // 2

    def many(text: str, size: int = size) -> str:
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
    yield "nested quotes", many("«الف ", half) + many("» ", half)
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
    yield "nested elements, closed", many("<div>", half) + SENTENCE + many("</div>", half)
    yield "deep inline and many blocks", many("<b>", half) + many("آب<hr>", half)
    yield "closing tags", many("</b>")
    yield "stray closing tags", "<i><div>" + many("<b>", half) + many("</i>", half)
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
    yield "ampersands escaped again and again", "&" + many("amp;") + SENTENCE
    yield "comment never closed", SENTENCE + "<!--" + many("خبر ")
    yield "one giant attribute", '<p title="' + many("خبر ") + '">' + SENTENCE
    yield "one giant class", '<p class="' + many("share ") + '">' + SENTENCE
    yield "paragraphs without text", many("<p>") + SENTENCE
    yield "paragraphs of a word", many("<p>آب")
    yield "lines by tags", many("آب<br>")
    yield "elements opened and closed", many("<b>آ</b>")
    yield "elements of unknown names", "".join(f"<x{n}>" for n in range(size // 7)) + SENTENCE
    yield "character data", "<p>" + many("<![CDATA[خبر]]>")
    yield "script never closed", SENTENCE + "<script>" + many("if (a < b) { c(); } ")
    yield "carriage returns and line feeds", many("آب\r\n")
    yield "letters of two scripts by turns", many("آbآc ")
    yield "a mark on every letter", many("آبَ")
    yield "combining marks", "آ" + many("\u064e")
    yield "combining marks of Latin", "آ" + many("\u0301")
    yield "embeddings of direction", many("\u202bآب\u202c ")
    yield "half spaces at every edge", many("آ\u200c \u200c")
    yield "one letter and a half space", many("آ\u200c")
    yield "presentation forms", many("ﷲ ﻻ")
    yield "stops between letters", many("آ.ب.")
    yield "stops between words of items", many("یک.دو.")
    yield "sentences of a letter", many("آ!")
    yield "sentences of a letter and a space", many("آ! ")
    yield "tags with quotes, and words", many('<a b="">آ')
    yield "statements", many("وی گفت: آب آمد. ")
    yield (
        "words of four letters that no lexicon has",
        " ".join(
            "".join("ابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"[n >> 5 * place & 31] for place in (0, 1, 2, 3))
            for n in range(0, 7 * size // 5, 7)
        ),
    )
    yield "marks without spaces", many("آب،")
    yield "wrong spaces at every mark", many("آب ،«پ")
    yield "numbers with stops", many("۱۲.۳۴ ،")
    yield "glued words", many("اظهارداشت درهمین ")
    yield "words that no lexicon has", " ".join(f"{_word(n)}" for n in range(size // 7))
    yield "e-mail addresses", many("ن a.b@c.ir ")
    yield "questions and answers", many("چرا؟ ")
    yield "colons", many("آب: ")
    yield "emoji", many("آب 😀 ")
    yield "dates", many("۱۳۹۵/۰۷/۱۲ ، ")


def _word(number: int) -> str:
    """A word of six letters, another one for each number."""
    return "".join("بتدرکلمنهسش"[number // 11**place % 11] for place in range(6))


def cut(body: str, size: int) -> str:
    """The beginning of a body, at most `size` bytes of UTF-8."""
    return body.encode("utf-8")[:size].decode("utf-8", "ignore")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--size", type=int, default=1_000_000)
    parser.add_argument("--letters", action="store_true", help="the size is one of code points, not of bytes")
    parser.add_argument("--pipeline", action="store_true", help="time the whole pipeline too")
    parser.add_argument("--kind", default="", help="only kinds whose name holds this")
    arguments = parser.parse_args()
    pipeline = build_pipeline() if arguments.pipeline else None
    segmented(Document(article=RawArticle(id="x", body=SENTENCE * 20), raw={}))  # loads the lexicons
    unit = "letters" if arguments.letters else "bytes"
    print(f"{arguments.size:,} {unit} a body: clean + segment = sum, seconds of processor time")
    over = []
    for name, body in bodies(arguments.size):
        if arguments.kind not in name:
            continue
        if not arguments.letters:
            body = cut(body, arguments.size)
        start = time.process_time()
        try:
            document = cleaner().clean(Document(article=RawArticle(id="x", body=body), raw={}))
            cleaned = time.process_time()
            segment(document)
            outcome = f"{len(document.text)} characters"
        except Rejected as error:
            cleaned = time.process_time()
            outcome = f"rejected: {error.reason}"
        end = time.process_time()
        if end - start > MOST:
            over.append(name)
        row = f"{name:36} {cleaned - start:5.2f} + {end - cleaned:5.2f} = {end - start:5.2f} s"
        if pipeline:
            begin = time.process_time()
            with contextlib.suppress(Rejected):
                pipeline.enrich({"id": "x", "body": body})
            row += f"   pipeline {time.process_time() - begin:6.2f} s"
        print(f"{row}   {outcome}", flush=True)
    print(f"over {MOST} s: {', '.join(over) or 'none'}")


if __name__ == "__main__":
    main()
