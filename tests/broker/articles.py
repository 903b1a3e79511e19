"""Short Persian articles, written for the tests."""

import json
from typing import Any

_SPEAKERS = ("وزیر نیرو", "شهردار مشهد", "مدیرعامل شرکت آب", "سخنگوی پلیس راه", "رئیس اتاق بازرگانی")
_NEWS = (
    "ذخیره سدهای استان نسبت به پارسال یازده درصد بیشتر شده است",
    "خط تازه اتوبوس از هفته آینده به راه می‌افتد",
    "هیچ برنامه‌ای برای افزایش بهای آب در دست نیست",
    "جاده شمال تا پایان روز بسته می‌ماند",
    "صادرات زعفران در نیمه نخست سال دو برابر شد",
)


def article(number: int, *, paragraphs: int = 2) -> dict[str, Any]:
    """An article of its own for each number."""
    speaker, news = _SPEAKERS[number % 5], _NEWS[number // 5 % 5]
    said = [
        f"{speaker} گفت: {news}. وی افزود: گزارش شماره {number}/{n} آماده است." for n in range(paragraphs)
    ]
    return {
        "id": f"article-{number}",
        "url": f"https://example.org/news/{number}",
        "title": f"{speaker}: {news}",
        "body": "\n".join(said),
        "published": "۱۴۰۳/۰۵/۱۷",
        "desk": "شهری",  # unknown to the contract: passed on
    }


def encoded(value: Any) -> bytes:
    """The bytes that a producer sends."""
    return json.dumps(value, ensure_ascii=False).encode()
