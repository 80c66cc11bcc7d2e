"""Values full of edge cases, for random timelines: dates, names in many scripts, texts."""

from . import dates

COUNTRIES = {
    "US": "United States", "GB": "United Kingdom", "DE": "Germany", "UA": "Ukraine", "PL": "Polska",
    "JP": "日本", "FR": "France", "EG": "مصر", "GR": "Ελλάδα", "CI": "Côte d'Ivoire", "XK": "Kosovë",
    "AX": "Åland", "KR": "대한민국", "GE": "საქართველო", "TR": "Türkiye", "IN": "भारत",
}  # fmt: skip
CURRENCIES = ("USD", "EUR", "JPY")
PERSONS = (
    "Anna O'Neill", "Łukasz Żółć", "Ngô Đình Ánh", "Олена Їжакевич", "Ёлкин Пётр", "سلمى حدّاد",
    "明石 葵", "Βασιλική Ώρα", "İpek Işık", "Nina Groß", "김 하늘", "Ana María Núñez-Ruiz",
    "J. R. \"Jay\" Doe", "Zoë van 't Hoff", "Sébastien Œuvrard", "e\u0301lodie combining",
)  # fmt: skip
WORDS = (
    "support", "supporting", "air", "defence", "défense", "ration", "rations", "A-10", "winter",
    "Zürich", "zurich", "ÅNGSTRÖM", "angstrom", "Київ", "київська", "地図", "naïve", "co-operation",
    "x²", "1,000", "50%", "_under_", "(brackets)", "semi;colon", "back\\slash", "\"quoted\"", "a",
    "tab\tbed", "line\nbreak", "🚚", "OR", "AND", "NOT", "NEAR", "column:", "star*", "<b>", "&amp;",
)  # fmt: skip
PLACES = (
    "Ramstein", "ramstein", "Zürich", "ZÜRICH", "Kyiv, Ukraine", "Київ", "São Paulo", "Hall 3; east",
    "東京", "none of these", "O'Hare", "Æbeltoft",
)  # fmt: skip
DAYS = (
    "2022-02-24", "2022-12-31", "2023-01-01", "2023-06-15", "2023-06-30", "2023-07-01",
    "2023-12-31", "2024-01-01", "2024-02-28", "2024-02-29", "2024-03-01", "2024-03-31",
    "2024-04-01", "2024-06-13", "2024-06-14", "2024-09-30", "2024-12-31", "2025-02-11",
    "2025-02-12", "2025-07-01",
)  # fmt: skip
FAR = ("1000", "1000-01-01", "9999-12-31", "9999", "[..1000-02]", "[9999..]", "1600-02-29")


def slug(rng, words, used):
    """A new id; the short alphabet makes ids that are prefixes of each other."""
    while True:
        length = rng.randint(1, 3)
        found = "-".join(rng.choice(words) + rng.choice(("", "", "1", "10")) for _ in range(length))
        if rng.random() < 0.5:
            found += f"-{rng.randrange(10_000)}"
        if found not in used and found not in ("none", "totals"):
            used.add(found)
            return found


def text(rng, least=1, most=8):
    return " ".join(rng.choice(WORDS) for _ in range(rng.randint(least, most)))


def maybe(rng, value, chance=0.5):
    return value if rng.random() < chance else None


def plain_date(rng):
    return rng.choice(DAYS)[: rng.choice((10, 10, 10, 7, 7, 4))]


def _ordered(rng):
    """Two dates of which the first begins before the second has ended."""
    while True:
        first, last = plain_date(rng), plain_date(rng)
        if dates.plain(first)[0] <= dates.plain(last)[1]:
            return first, last


def date(rng, *, far=False, unknown=0.12):
    """A date of any form of the profile, or None."""
    if rng.random() < unknown:
        return None
    if far and rng.random() < 0.04:
        return rng.choice(FAR)
    form = rng.choices(
        ("day", "plain", "marked", "span", "between", "open"), (40, 12, 12, 14, 14, 8)
    )
    match form[0]:
        case "day":
            return rng.choice(DAYS)
        case "plain":
            return plain_date(rng)
        case "marked":
            return plain_date(rng) + rng.choice("?~%")
        case "span":
            return "/".join(_ordered(rng))
        case "between":
            return "[{}..{}]".format(*_ordered(rng))
    return rng.choice(("[..{}]", "[{}..]")).format(plain_date(rng))
