"""Dates that say how well they are known: bounds, windows and calendar periods.

Days are "YYYY-MM-DD" strings: with years of four digits they order as text does.
"""

import calendar
import re
from typing import NamedTuple

PLAIN = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
QUALIFIERS = {"?": "uncertain", "~": "approximate", "%": "both"}


class Bounds(NamedTuple):
    """Inclusive days, None where open; both None when nothing is known."""

    first: str | None
    last: str | None
    precision: str
    qualifier: str | None

    @property
    def known(self):
        return self.first is not None or self.last is not None

    @property
    def pair(self):
        """The sort key of a date: an open end is replaced by the known one; None without any."""
        if not self.known:
            return None
        return (self.first or self.last, self.last or self.first)


UNKNOWN = Bounds(None, None, "unknown", None)


class BadDate(ValueError):
    pass


def plain(text):
    """The first and last day of YYYY, YYYY-MM or YYYY-MM-DD, and which of the three it is."""
    match = PLAIN.fullmatch(text)
    if not match or text < "1000":
        raise BadDate(text)
    year, month, day = match.groups()
    if month is None:
        return f"{year}-01-01", f"{year}-12-31", "year"
    if not 1 <= int(month) <= 12:
        raise BadDate(text)
    length = calendar.monthrange(int(year), int(month))[1]
    if day is None:
        return f"{text}-01", f"{text}-{length:02}", "month"
    if not 1 <= int(day) <= length:
        raise BadDate(text)
    return text, text, "day"


def _qualified(text):
    mark = text[-1:] if text[-1:] in QUALIFIERS else ""
    return (*plain(text[: len(text) - len(mark)]), QUALIFIERS.get(mark))


def _range(first_text, last_text, precision):
    first = last = None
    if first_text:
        first = plain(first_text)[0]
    if last_text:
        last = plain(last_text)[1]
    if not (first or last) or (first and last and first > last):
        raise BadDate(f"{first_text} to {last_text}")
    return Bounds(first, last, precision, None)


def bounds(text):
    """The bounds of an EDTF string of the timeline's profile; None is an unknown date."""
    if text is None:
        return UNKNOWN
    if text.startswith("[") and text.endswith("]") and ".." in text:
        return _range(*text[1:-1].split("..", 1), "between")
    if "/" in text:
        first, last = text.split("/", 1)
        if not (first and last):
            raise BadDate(text)
        return _range(first, last, "span")
    return Bounds(*_qualified(text))


def possible(date, first, last):
    """May the date lie in [first, last] (None: no limit), a known end standing for an open one?"""
    if not date.known:
        return False
    low, high = date.pair
    return (first is None or high >= first) and (last is None or low <= last)


def certain(date, first, last):
    """Does the date surely lie in [first, last]? Only the ends that are asked for must be known."""
    inside_first = first is None or (date.first is not None and date.first >= first)
    inside_last = last is None or (date.last is not None and date.last <= last)
    return inside_first and inside_last


def outside(date, first, last):
    """Does the date surely lie outside of [first, last]? An open end may be anywhere."""
    before = first is not None and date.last is not None and date.last < first
    after = last is not None and date.first is not None and date.first > last
    return before or after


def period_of_day(day, grain):
    """The year, quarter or month that a day lies in: "2024", "2024-Q2", "2024-06"."""
    if grain == "year":
        return day[:4]
    if grain == "month":
        return day[:7]
    return f"{day[:4]}-Q{(int(day[5:7]) + 2) // 3}"


def period_of(date, grain):
    """The single period that a date surely lies in, or None."""
    if date.first is None or date.last is None:
        return None
    first = period_of_day(date.first, grain)
    return first if first == period_of_day(date.last, grain) else None


def period_end(period):
    """The last day of a period in the form that period_of_day gives."""
    if "Q" in period:
        year, quarter = period.split("-Q")
        return plain(f"{year}-{int(quarter) * 3:02}")[1]
    return plain(period)[1]


def periods_between(first_day, last_day, grain):
    """All periods from the one that holds first_day to the one that holds last_day."""
    step = {"year": 12, "quarter": 3, "month": 1}[grain]
    start = (int(first_day[:4]) * 12 + int(first_day[5:7]) - 1) // step * step
    end = int(last_day[:4]) * 12 + int(last_day[5:7]) - 1
    for months in range(start, end + 1, step):
        yield period_of_day(f"{months // 12:04}-{months % 12 + 1:02}-01", grain)
