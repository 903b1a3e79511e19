"""Persian told from the languages that share its letters or its crawls."""

import pytest

from schemas.article import RawArticle
from schemas.reasons import Reason
from workers.nlp.document import Document, Rejected
from workers.training.shipped import cleaner, knowledge

FOREIGN = {
    "ar": [
        "قال وزير الخارجية في مؤتمر صحفي اليوم إن بلاده لن تقبل أي شروط جديدة وأضاف أن المفاوضات مع "
        "الدول الكبرى "
        "سوف تستمر حتى نهاية الشهر في العاصمة بعد أن توقفت منذ أسبوع.",
        "أعلنت وزارة الصحة عن افتتاح مستشفى جديد في شمال المدينة وذكرت أن العلاج فيه سيكون مجانا "
        "لجميع المواطنين "
        "الذين لا يملكون تأمينا على أن يبدأ العمل خلال أيام.",
    ],
    "ur": [
        "وزیر اعظم نے کہا ہے کہ حکومت عوام کے مسائل حل کرنے کے لیے کام کر رہی ہے اور اگلے سال تک "
        "بجلی کا بحران ختم ہو "
        "جائے گا۔ انہوں نے یہ بات صحافیوں سے گفتگو کرتے ہوئے کہی۔",
        "لاہور میں تیز بارش کے بعد سڑکیں پانی میں ڈوب گئیں اور ٹریفک کا نظام بری طرح متاثر ہوا ہے۔ "
        "محکمہ موسمیات کا کہنا "
        "ہے کہ بارشوں کا یہ سلسلہ دو دن تک جاری رہے گا۔",
    ],
    "ps": [
        "د افغانستان د بهرنیو چارو وزارت وايي چې د دواړو هېوادونو ترمنځ خبرې به د راتلونکې اونۍ په "
        "پای کې په کابل کې وشي او "
        "له دې سره به سوداګري زیاته شي.",
        "د روغتیا وزیر نن په یوه خبري غونډه کې وویل چې په هېواد کې د ناروغۍ پېښې کمې شوې دي او خلک "
        "باید خپل واکسین "
        "وکړي.",
    ],
    "ckb": [
        "سەرۆکی هەرێمی کوردستان لە کۆبوونەوەیەکدا لەگەڵ شاندێکی بیانی جەختی کردەوە کە پێویستە "
        "کێشەکان بە دیالۆگ چارەسەر بکرێن "
        "و هەموو لایەنەکان بەشدار بن.",
        "ئەمڕۆ لە شاری سلێمانی پێشانگایەکی کتێب کرایەوە و ژمارەیەکی زۆر لە خوێنەران سەردانیان کرد "
        "بۆ ئەوەی کتێبی نوێ بکڕن.",
    ],
    "azb": [
        "بو گون تبریز شهرینده بیر بؤیوک توپلانتی اولدو و چوخ آدام اورادا ایدی. باشقان دئدی کی بو "
        "ایش خالق اوچون چوخ یاخشی "
        "اولاجاق و گلن ایل داها بؤیوک اولار.",
        "آذربایجان یازیچیلاری بیر یئنی کیتاب یاییملادیلار و اونون ایچین بیر گئجه توتدولار. یازیچی "
        "دئییر کی بو اثر ایکی ایل "
        "چکدی و چوخ امک ایسته‌دی.",
    ],
    "en": [
        "The minister said on Monday that the new bridge would be opened to traffic before the end "
        "of the year and that the "
        "cost of the project had doubled.",
    ],
    "tr": [
        "Bakan bugün yaptığı açıklamada yeni köprünün yıl sonuna kadar trafiğe açılacağını ve bu "
        "proje için çok para "
        "harcandığını söyledi ancak daha fazla bilgi vermedi.",
    ],
}
PERSIAN = [
    "وزیر راه گفت که پل تازه تا پایان سال باز می‌شود.",
    "كتاب علي روي ميز است و او آن را مي خواند",
    "علی آمد.",
    "ساعت ۱۷:۳۰ آلمان - اکوادور\nساعت ۱۷:۳۰ لهستان - کاستاریکا\nساعت ۲۲:۳۰ انگلیس - سوئد\nپاراگوئه "
    "- ترینیداد و توباگو",
    "آیه شریفه «إن الله لا یغیر ما بقوم حتی یغیروا ما بأنفسهم» می‌گوید که سرنوشت هر مردمی به دست خودشان است.",
    "ادارە آب تهران: مشترکان ە خود را با سامانە ۱۲۲ در میان بگذارند تا کارشناسان ادارە رسیدگی کنند "
    "و پاسخ دهند.",
    "تیم Manchester City در بازی با Real Madrid در لیگ قهرمانان اروپا پیروز شد و De Bruyne دو گل زد.",
    "فهرست برندگان: احمد رضایی، مریم کاظمی، حسین نادری، زهرا موسوی، علی اکبری، فاطمه جعفری، محمد "
    "قاسمی، سارا امینی",
]
DARI = [
    "مسوولان در ولسوالی جلریز می‌گویند که پولیس دو تن را بازداشت کرده است. قوماندان امنیه گفت که "
    "این افراد به شفاخانه "
    "برده شدند و سارنوالی کار خود را آغاز کرده است. باشندگان محل ازین کار خوش هستند.",
]


def language(body: str) -> str:
    return cleaner().clean(Document(article=RawArticle(id="1", body=body), raw={})).language


@pytest.mark.parametrize(("tag", "body"), [(tag, body) for tag, bodies in FOREIGN.items() for body in bodies])
def test_other_languages_are_rejected_with_the_guess(tag: str, body: str) -> None:
    with pytest.raises(Rejected) as error:
        language(body)
    assert error.value.reason is Reason.NOT_PERSIAN
    assert error.value.detail == f"language: {tag}"


@pytest.mark.parametrize("body", PERSIAN)
def test_persian_is_accepted(body: str) -> None:
    assert language(body) == "fa"


@pytest.mark.parametrize("body", DARI)
def test_dari_is_accepted_and_told(body: str) -> None:
    assert language(body) == "prs"


def test_a_short_text_is_not_judged() -> None:
    assert language("قال الوزير في المؤتمر") == "fa"
    assert language("Breaking news: OK") == "und"


@pytest.mark.parametrize(
    "brief",
    [
        "آب و برق و گاز و نان و دارو و مسکن و کار و نان و آموزش و درمان در رشت",
        "رشت و انزلی و لاهیجان و رودسر و آستارا و تالش و فومن و صومعه‌سرا و ماسال و شفت",
        "باران تا فردا و برف تا شنبه و باد تا یکشنبه و مه تا دوشنبه و سرما تا جمعه",
        "کیوان رستمی و نسرین وفایی و مینا پگاه و بهمن روشن و کاوه سپهری و ژاله بهرامی",
        "کرد و لر و بلوچ و ترک و گیلک و مازنی و فارس و عرب و ترکمن و تالش",
        "بعد ما رئیس کل و من و قبل و بین و ضد و همه و هیچ و هر",
        "ده کیلو هم پنج کیلو هم دو کیلو هم باید و هم نباید و هم او و هم وی",
        "سیب و پرتقال و نارنگی و انار و به و گردو و بادام و پسته و فندق و کشمش",
    ],
)
def test_lists_and_briefs_in_persian_letters_are_persian(brief: str) -> None:
    assert language(brief) == "fa"


def test_no_word_that_persian_writes_stands_for_another_language() -> None:
    words = knowledge().languages.words
    shared = {"و", "تا", "هم", "او", "باید", "هیچ", "کرد", "من", "ما", "بعد", "قبل", "بین", "ده", "دی", "تو"}
    for tag, listed in words.items():
        if tag not in ("fa", "prs"):
            assert not shared & set(listed), tag
