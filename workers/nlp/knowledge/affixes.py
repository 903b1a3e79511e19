"""The prefixes and endings of Persian inflection, each list once.

They are code, as the inflection of a language is closed: a folder can add words, and needs to add no
endings. In a tuple the order counts: of two endings the first that fits is taken off.
"""

IMPERFECT_PREFIXES = ("می", "نمی")
PREVERBS = ("بر", "در", "باز", "فرا", "فرو", "وا")
IMPERFECTS = frozenset(
    (
        *IMPERFECT_PREFIXES,
        "برمی",
        "درمی",
        "بازمی",
        "فرامی",
        "وامی",
        "فرومی",
        "برنمی",
        "درنمی",
        "بازنمی",
        "فرونمی",
    )
)
"""What stands before the stem of a verb of the imperfect, a preverb with it."""

PAST_ENDINGS = ("م", "ی", "", "یم", "ید", "ند", "ه")
PRESENT_ENDINGS = ("م", "ی", "د", "یم", "ید", "ند")
PERFECT_ENDINGS = ("ام", "ای", "ایم", "اید", "اند")
"""Behind the «ه» of a participle, where hazm writes a half space."""

PLURALS = ("هایشان", "هایمان", "هایتان", "هایی", "هایم", "هایت", "هایش", "هاست", "های", "ها")
"""The endings of plurals that careful writers set apart, longest first."""
PLURAL = frozenset(PLURALS)
PLURAL_POSSESSIVES = frozenset(("هات", "هاش", "هامان", "هاتان", "هاشان", "هامون", "هایند"))
BARE_PLURALS = ("ها", "های")
PERSON_PLURALS = ("", "ی", "ها", "های", "هایی", "ین")
"""What may stand behind a noun for people: nothing, an article, a plural."""
NOUN_PLURALS = ("ها", "های", "ان", "ین", "ات")
NUMBER_PLURALS = ("ها", "\u200cها", "ان")  # «هزاران»

COMPARATIVES = ("ترین", "تری", "تر")
COMPARATIVE = frozenset((*COMPARATIVES, "ترها", "ترهای", "ترین‌ها", "ترین‌های"))
ORDINALS = ("ام", "امین")
ORDINALS_AFTER_FIGURES = frozenset((*ORDINALS, "مین"))
ORDINALS_OF_WORDS = ("م", "مین")
JOINING_YEH = ("ای", "وی")
"""Ends of words whose «ی» only joins them to the next: «سیمای»."""

POSSESSIVES = ("شان", "مان", "تان")
PERSON_POSSESSIVES = ("م", "ت", "ش", *POSSESSIVES)
"""Behind a noun for somebody that ends in a consonant: «همسرش»."""
ENCLITICS = ("اند", "ایم", "اید", "ای", "ام", "اش", "ات")
"""Possessives and copulas behind a silent «ه»."""
AFTER_YEH = ("اند", "ام", "اش")
"""Those of them that a «ی» takes too."""
ENDINGS_LIKE_LETTERS = frozenset(("ای", "ام"))
"""Those that are the names of Latin letters too."""
PLAIN = ("مان", "تان", "شان", "یم", "ید", "ند", "یی", "ان", "م", "ت", "ش", "ی")
"""Endings that no half space parts from a word."""
ENDINGS = ("ترین", "شان", "مان", "تان", "تر", "ای", "اند", "ام", "اش", "یی", "ان", "ی", "ش", "م", "ت")
"""All that a compound may take."""
SEPARATE = frozenset(("ترین", "تر", "ای", "اند", "ام", "اش"))
"""Those that a half space parts from a compound."""
