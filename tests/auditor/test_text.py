"""Words and queries; where Python's own SQLite has FTS5, its tokenizer is the judge."""

import sqlite3

import pytest

from .random_values import PERSONS, PLACES, WORDS
from .text import Query, tokens

OTHERS = (
    "Ἀθῆναι Ώρα ΣΊΣΥΦΟΣ",
    "हिन्दी भाषा",
    "مُحَمَّد",
    "Đặng ﬁ Ⅷ ½",
    "e\u0301te a\u0327b",
    "µ ſ ẞ",
)


@pytest.fixture(scope="module")
def index():
    database = sqlite3.connect(":memory:")
    try:
        database.execute(
            "CREATE VIRTUAL TABLE words USING fts5(text, tokenize='unicode61 remove_diacritics 2')"
        )
    except sqlite3.OperationalError:
        pytest.skip("this Python's SQLite has no FTS5")
    database.execute("CREATE VIRTUAL TABLE seen USING fts5vocab(words, 'instance')")
    return database


@pytest.mark.parametrize("text", PERSONS + PLACES + WORDS + OTHERS)
def test_tokens_are_those_of_the_index(index, text):
    index.execute("DELETE FROM words")
    index.execute("INSERT INTO words (text) VALUES (?)", (text,))
    assert tokens(text) == [
        word for (word,) in index.execute("SELECT term FROM seen ORDER BY offset")
    ]


def test_tokens():
    assert tokens("Łukasz ÅNGSTRÖM's A-10") == ["łukasz", "angstrom", "s", "a", "10"]


@pytest.mark.parametrize(
    "q, found",
    [
        ("supp", True),
        ("SUPPORT", True),
        ("upport", False),
        ("supp winter", True),
        ("supp summer", False),
        ('"air defence"', True),
        ('"defence air"', False),
        ('"air def"', False),
        ('"winter support"', False),  # a phrase lies in one field
        ("air-def", True),
        ("défence", True),
        ("OR", False),
    ],
)
def test_query(q, found):
    fields = [tokens("Support for Air Defence"), tokens("in winter")]
    assert Query(q).matches(fields) is found


def test_score():
    fields = [tokens("Air support, air defence"), tokens("airlift of the air defence")]
    assert Query("air").score(fields, True) == 4 * 2 + 2
    assert Query("air").score(fields, False) == 4
    assert Query('"air defence" air').score(fields, False) == 2 + 4
