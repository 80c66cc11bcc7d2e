"""Whether a request's arguments are right, said from the documentation alone."""

import calendar
import json
import re
import unicodedata
from pathlib import Path

ISO = Path("/usr/share/iso-codes/json")
LIMIT_ELSEWHERE = 2**53 - 1  # of `limit` where the reply is no JSON
GROUP_KEYS_MOST = 3
DATES = ("from", "to", "as_of")
PERIODS = {
    "year": re.compile(r"[1-9][0-9]{3}"),
    "month": re.compile(r"[1-9][0-9]{3}-(0[1-9]|1[0-2])"),
    "quarter": re.compile(r"[1-9][0-9]{3}-[qQ][1-4]"),
}
RECORDS = {  # parameter -> the kind of record whose ids it takes
    "aid": "aid", "claimant": "participant", "convener": "participant", "donor": "participant",
    "donor_member": "participant", "meeting": "meeting", "participant": "participant",
    "recipient": "participant", "series": "participant", "source": "source",
    "subject": "participant",
}  # fmt: skip
SLUGS = {"measure": "aid", "mechanism": "aid"}  # -> the kind of record that has the words
BARRED_BY_COUNTED = ("dates", "undated", "date_basis", "superseded")


def codes(file, root, key):
    return {one[key] for one in json.loads((ISO / file).read_text("utf-8"))[root]}


COUNTRIES = codes("iso_3166-1.json", "3166-1", "alpha_2") | {"XK"}
CURRENCIES = codes("iso_4217.json", "4217", "alpha_3")


def span(text):
    """First and last day of a year, a month or a day, as numbers that compare; None for others."""
    found = re.fullmatch(r"([1-9][0-9]{3})(?:-([0-9]{2})(?:-([0-9]{2}))?)?", text, re.ASCII)
    if not found:
        return None
    year, month, day = (part and int(part) for part in found.groups())
    if month is None:
        return (year, 1, 1), (year, 12, 31)
    if not 1 <= month <= 12:
        return None
    last = calendar.monthrange(year, month)[1]
    if day is None:
        return (year, month, 1), (year, month, last)
    return ((year, month, day),) * 2 if 1 <= day <= last else None


def has_control(text):
    return any(ord(letter) < 0x20 or ord(letter) == 0x7F for letter in text)


def ascii_lower(text):
    """ASCII's letters only: the server folds no others in codes, enumerations and ids."""
    return "".join(letter.lower() if letter.isascii() else letter for letter in text)


class Judge:
    """What each parameter takes, given the timeline that is served."""

    def __init__(self, timeline):
        self.timeline = timeline

    def known(self, operation, name):
        """The words that a parameter of slugs takes; None where it takes others."""
        tail = operation.path.rpartition("/")[2]
        if name == "id":
            return self.timeline.by_kind["aid"].keys()
        if name in RECORDS:
            return self.timeline.by_kind[RECORDS[name]].keys()
        if name == "conflict_group":
            return self._words("claim" if tail == "claims" else "aid", name)
        return self._words(SLUGS[name], name) if name in SLUGS else None

    def _words(self, kind, field):
        return {record[field] for record in self.timeline.records(kind)} - {None}

    def value(self, operation, parameter, text, media):
        """Whether one value is taken; None where that cannot be told from here."""
        name, schema = parameter.name, parameter.schema
        if not text or has_control(text):
            return False
        if parameter.none and ascii_lower(text) == "none":
            return True
        if name == "include" and media != "application/json":
            return None if media is None else media != "text/csv" and self._choice(schema, text)
        if name == "fields":
            return ascii_lower(text) in operation.fields
        if "enum" in schema or schema.get("type") == "boolean":
            return self._choice(schema, text)
        if schema.get("type") == "integer":
            return self._integer(parameter, text, media)
        if name in DATES:
            return span(text) is not None
        if name in PERIODS:
            return PERIODS[name].fullmatch(text) is not None
        if name == "country":
            return text.isascii() and text.upper() in COUNTRIES
        if name == "currency":
            return text.isascii() and text.upper() in CURRENCIES
        known = self.known(operation, name)
        if known is not None:
            return ascii_lower(text) in known
        return {"place": lambda _: True, "q": self._words_of_q}.get(name, lambda _: None)(text)

    @staticmethod
    def _choice(schema, text):
        choices = schema.get("enum", [True, False])
        spelt = [str(one).lower() if isinstance(one, bool) else one for one in choices]
        return ascii_lower(text) in spelt

    @staticmethod
    def _integer(parameter, text, media):
        if not re.fullmatch("0|[1-9][0-9]*", text, re.ASCII):
            return False
        high = parameter.schema["maximum"]
        if parameter.name == "limit" and media in (None, "text/csv", "application/x-ndjson"):
            if media is None and high < int(text) <= LIMIT_ELSEWHERE:
                return None
            high = LIMIT_ELSEWHERE
        return parameter.schema["minimum"] <= int(text) <= high

    @staticmethod
    def _words_of_q(text):
        words = text.split(" ")
        if not all(re.fullmatch("[A-Za-z]*", word) for word in words):
            return None
        words = [word for word in words if word]
        return 0 < len(words) <= 32 and all(len(word) > 1 for word in words)

    def values(self, operation, parameter, texts, media):
        """Whether all values of one argument are taken, and are as many as may be."""
        if parameter.name == "group_by" and len(texts) > GROUP_KEYS_MOST:
            return False
        verdicts = [self.value(operation, parameter, text, media) for text in texts]
        if False in verdicts:
            return False
        if None in verdicts:
            return None
        return len({self._same(parameter, text) for text in texts}) == len(texts)

    @staticmethod
    def _same(parameter, text):
        """Equal for two spellings of one value."""
        if parameter.name == "sort":
            text = text.removeprefix("-")
        if parameter.name == "place":
            return unicodedata.normalize("NFC", text.casefold())
        return ascii_lower(text)


def clashes(operation, given):
    """The parameters that do not go with others that are given, each right by itself."""
    found = set()
    totals, counted = operation.id == "getAidTotals", "counted" in given

    def day(name, end):
        return span(given[name][0])[end]

    if {"from", "to"} <= given.keys() and day("from", 0) > day("to", 1):
        found.add("from")
    found |= {name for name in ("min_amount", "max_amount") if name in given} if (
        "currency" not in given
    ) else set()
    if {"min_amount", "max_amount"} <= given.keys():
        if int(given["min_amount"][0]) > int(given["max_amount"][0]):
            found.add("min_amount")
    if "as_of" in given and (not (totals or counted) or "to" in given):
        found.add("as_of")
    if counted:
        found |= set(BARRED_BY_COUNTED) & given.keys()
    return found
