"""Persian names of the contract's closed lists, as the views print them."""

from collections.abc import Mapping

ENTITY_TYPES: Mapping[str, str] = {
    "PER": "شخص",
    "ORG": "سازمان",
    "LOC": "مکان",
    "FAC": "بنا و تأسیسات",
    "EVENT": "رویداد",
    "PRODUCT": "محصول و اثر",
    "DATE": "تاریخ",
    "TIME": "زمان",
    "MONEY": "مبلغ",
    "PERCENT": "درصد",
}

STANCES: Mapping[str, str] = {
    "say": "گفتن",
    "claim": "ادعا و تأکید",
    "deny": "تکذیب",
    "request": "درخواست",
    "warn": "هشدار",
    "promise": "وعده",
    "praise": "تمجید",
    "condemn": "محکومیت",
    "ask": "پرسش",
    "hope": "امیدواری",
}

STATEMENT_KINDS: Mapping[str, str] = {
    "direct": "نقل مستقیم",
    "indirect": "نقل غیرمستقیم",
    "mixed": "نقل آمیخته",
}

RESOLVED_BY: Mapping[str, str] = {
    "name": "با نام",
    "title": "با سِمت",
    "pronoun": "با ضمیر",
    "demonstrative": "با اسم اشاره",
    "omitted": "فاعل محذوف",
    "continuation": "ادامهٔ سخن",
    "expression": "بی‌نام",
    "label": "برچسب گوینده",
}

REASONS: Mapping[str, str] = {
    "undecodable": "بایت‌ها UTF-8 نیست",
    "malformed_json": "JSON نادرست",
    "schema": "ناسازگار با قرارداد",
    "empty": "بی‌متن",
    "too_large": "بیش از اندازه بزرگ",
    "not_persian": "غیرفارسی",
    "timeout": "پایان مهلت",
    "crashed": "مرگ فرایند",
    "internal": "خطای داخلی",
}

_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


def persian_number(value: float) -> str:
    """A number in Persian digits, thousands apart, to four decimal places («۱٬۲۳۴٫۵»)."""
    plain = f"{value:,.4f}".rstrip("0").rstrip(".") if isinstance(value, float) else f"{value:,}"
    return plain.replace(",", "٬").replace(".", "٫").translate(_DIGITS)
