#!/usr/bin/env python3
"""Big, realistic, consistent timelines in record form, the same for the same seed.

    tests/bench/generate.py --records 100000 > timeline.ndjson
    tests/bench/generate.py --meetings 100000 --aid 1000000 --out timeline.ndjson

Every record is a function of the seed and its own number, so records can be written in any order
(--shuffle) and memory does not grow with their count. Each of COMMON stands in the notes of 30 % of
the records of every kind but sources, each of RARE in 1 %.
"""

import argparse
import datetime
import hashlib
import json
import math
import sys

COMMON = (
    "support", "defence", "equipment", "partners", "security", "delivery", "training", "budget",
    "ministry", "statement",
)  # fmt: skip
RARE = tuple(
    first + last
    for first in ("amber", "birch", "cobalt", "dune", "ember", "fjord", "garnet", "heron", "indigo",
                  "juniper")
    for last in ("field", "gate", "harbour", "line", "mark", "point", "ridge", "shore", "stone", "way")
)  # fmt: skip
SYLLABLES = ("ka", "ro", "mi", "lent", "va", "dor", "ski", "bel", "tan", "ور", "の", "ов", "é", "ß")
FIRST_NAMES = (
    "Anna", "Олена", "José", "Zoë", "Łukasz", "Ingrid", "明石", "Nour", "Dimitris", "Aoife", "Petra",
    "Tomáš", "Maryam", "Søren", "Giulia", "Ján",
)  # fmt: skip
COUNTRIES = (
    "US GB DE FR PL UA CA NL SE NO DK FI EE LV LT CZ SK RO BG HU AT BE LU IE ES PT IT GR TR JP KR AU"
    " NZ CH IS SI HR AL ME MK MD GE XK CY MT IL IN BR MX AR CL ZA KE NG EG MA TN SG MY TH VN PH"
).split()
PLACES = (
    ("Ramstein", "DE"), ("Brussels", "BE"), ("Київ", "UA"), ("Kraków", "PL"), ("London", "GB"),
    ("Zürich", "CH"), ("東京", "JP"), ("Vilnius", "LT"), ("București", "RO"), ("São Paulo", "BR"),
)  # fmt: skip
GROUPS = (
    "Northern Coalition", "Air Shield Initiative", "Maritime Working Group", "Contact Council",
    "Drone Compact", "Winter Fund", "Demining Alliance", "Artillery Club",
    "Reconstruction Forum", "Energy Task Force", "Medical Pool", "Instruction Mission",
)  # fmt: skip
ITEMS = (
    "air shield launchers", "155 mm shells", "winter clothing", "field hospitals", "generators",
    "armoured vehicles", "demining machines", "radios", "spare parts", "fuel trucks",
)  # fmt: skip
CATEGORIES = ("military", "military", "financial", "humanitarian", "unspecified")
VERBS = ('"announced"', '"signed"', '"pledged"', '"delivered"', "null")
QUALIFIERS = ('"exact"', '"about"', '"more_than"', '"up_to"', "null", "null")
MECHANISMS = (
    '"drawdown"', '"security-fund"', '"loan-facility"', '"peace-facility"', "null", "null",
)  # fmt: skip
DONORS = 30  # the first of COUNTRIES, besides the groups
CURRENCY = {"US": "USD", "GB": "GBP", "PL": "PLN", "CA": "CAD", "SE": "SEK", "NO": "NOK", "DK": "DKK",
            "CZ": "CZK", "RO": "RON", "BG": "BGN", "HU": "HUF", "TR": "TRY", "JP": "JPY"}  # fmt: skip
FIRST_DAY = datetime.date(2014, 1, 1)
DAYS = tuple((FIRST_DAY + datetime.timedelta(day)).isoformat() for day in range(12 * 365))
# Aid records are made in blocks: one reading, nine packages that may refer to each other.
BLOCK = 10
MEASURES_MOST = 40
PARTICIPANTS_LEAST = 100
KINDS = ("source", "participant", "meeting", "aid", "claim")


def word(number):
    """An invented word, always the same for the same number."""
    scattered = number * 0x9E3779B1 % 2**32
    found = ""
    for _ in range(3 + number % 2):
        scattered, syllable = divmod(scattered, len(SYLLABLES))
        found += SYLLABLES[syllable]
    return found


WORDS = tuple(map(word, range(4000)))


def count_of(records):
    """How many of each kind a timeline of so many records has."""
    counts = {
        "source": min(2000, max(20, records // 1000)),
        "participant": min(10_000, max(PARTICIPANTS_LEAST, records // 50)),
        "meeting": records // 10,
        "claim": records // 10,
    }
    return counts | {"aid": max(0, records - sum(counts.values()))}


class Maker:
    def __init__(self, seed, counts):
        self.counts = counts
        self.key = str(seed).encode()
        blocks = counts["aid"] // BLOCK + 1
        self.measures = min(MEASURES_MOST, blocks)
        self.turns = blocks // self.measures + 1

    def draw(self, kind, number):
        """A big random integer, from which divmod takes one choice after the other."""
        digest = hashlib.blake2b(b"%s%d" % (kind, number), digest_size=48, key=self.key).digest()
        return int.from_bytes(digest, "little")

    # What several kinds share.

    def cite(self, random, supports):
        """A citation; every eighth is derived."""
        random, source = divmod(random, self.counts["source"])
        random, start = divmod(random, 90_000)
        random, shape = divmod(random, 8)
        length = 20 + start % 180
        digest = f"{(source << 20 | start) * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF:016x}" * 4
        basis = '"derived","reasoning":"Follows from the weekday."' if shape == 0 else '"stated"'
        chars = ""
        if shape < 4:
            chars = (
                f',"char_start":{start},"char_end":{start + length},"paragraph":{start // 300 + 1}'
            )
        return random, (
            f'{{"source":"report-{source}","byte_start":{start},"byte_end":{start + length},'
            f'"sha256":"{digest}","supports":[{supports}],"basis":{basis}{chars}}}'
        )

    def note(self, random):
        random, common = divmod(random, 10)
        random, rare = divmod(random, 100)
        random, other = divmod(random, len(WORDS))
        words = (
            f"{COMMON[common]} and {COMMON[(common + 3) % 10]} with {COMMON[(common + 7) % 10]},"
            f" {RARE[rare]} {WORDS[other]} {WORDS[other * 7 % len(WORDS)]}"
        )
        return random, words

    def date(self, random, day=None, forms=40):
        """A date in JSON: mostly a day, also months, spans, then ranges, one end, a year, none."""
        random, any_day = divmod(random, len(DAYS) - 40)
        random, form = divmod(random, forms)
        day = any_day if day is None else day
        text = DAYS[day]
        if form < 30:
            return random, f'"{text}"'
        if form < 33:
            return random, f'"{text[:7]}"'
        if form < 35:
            return random, f'"{text}/{DAYS[day + form - 32]}"'
        if form < 37:
            return random, f'"[{text}..{DAYS[day + form]}]"'
        return random, (f'"[{text}..]"', f'"{text[:4]}~"', "null")[form - 37]

    def country(self, random, count):
        """One of the first countries, the first of them more often."""
        random, one = divmod(random, count)
        random, other = divmod(random, count)
        return random, COUNTRIES[min(one, other) // (1 + one % 2)]

    def donor(self, random):
        """Who gives, and in which currency: mostly the donor's own."""
        random, shape = divmod(random, 20)
        if shape < 2:
            return random, f"group-{random % len(GROUPS)}", ("USD", "EUR")[shape]
        random, code = self.country(random, DONORS)
        return random, code.lower(), "USD" if shape < 5 else CURRENCY.get(code, "EUR")

    # The records.

    def source(self, number):
        random, day = divmod(self.draw(b"s", number), len(DAYS))
        random, publisher = divmod(random, 40)
        return (
            f'{{"record":"source","id":"report-{number}","file":"report_{number}.txt",'
            f'"publisher":"The {WORDS[publisher].capitalize()} Post","language":"en",'
            f'"published":"{DAYS[day]}","bytes":100000,"sha256":"{number:064x}"}}'
        )

    def participant_id(self, number):
        if number < len(COUNTRIES):
            return COUNTRIES[number].lower()
        number -= len(COUNTRIES)
        return f"group-{number}" if number < len(GROUPS) else f"person-{number}"

    def participant(self, number):
        random, cited = self.cite(self.draw(b"p", number), '"name"')
        random, note = self.note(random)
        head = f'{{"record":"participant","id":"{self.participant_id(number)}"'
        tail = f'"note":"{note}","evidence":[{cited}]}}'
        if number < len(COUNTRIES):
            code = COUNTRIES[number]
            return f'{head},"kind":"country","name":"Land of {code}","country":"{code}",{tail}'
        if number - len(COUNTRIES) < len(GROUPS):
            random, first = divmod(random, len(COUNTRIES) - 12)
            members = ",".join(f'"{code.lower()}"' for code in COUNTRIES[first : first + 12])
            name = GROUPS[number - len(COUNTRIES)]
            return f'{head},"kind":"group","name":"{name}","members":[{members}],{tail}'
        random, code = self.country(random, len(COUNTRIES))
        random, first = divmod(random, len(FIRST_NAMES))
        random, last = divmod(random, len(WORDS))
        if number % 20 == 0:
            return (
                f'{head},"kind":"organisation","name":"{WORDS[last].capitalize()} Institute",{tail}'
            )
        name = f"{FIRST_NAMES[first]} {WORDS[last].capitalize()}"
        return (
            f'{head},"kind":"person","name":"{name}","aliases":["{name[0]}. {name.split()[1]}"],'
            f'"country":"{code}","titles":["Minister of {WORDS[last % 50]}"],{tail}'
        )

    def meeting(self, number):
        random, series = divmod(self.draw(b"m", number), len(GROUPS) + 4)
        # The meetings of a series follow each other; all of their days are known.
        day = number * (len(DAYS) - 40) // self.counts["meeting"] if series < len(GROUPS) else None
        random, date = self.date(random, day, 40 if day is None else 35)
        random, (place, code) = _pick(random, PLACES)
        random, kind = _pick(random, ("meeting", "meeting", "meeting", "conference", "call"))
        random, status = _pick(random, ("held",) * 7 + ("planned", "postponed", "cancelled"))
        random, note = self.note(random)
        supports = '"title","status","place"' + ("" if date == "null" else ',"date"')
        if series < len(GROUPS):
            supports += ',"series"'
            title = f"{GROUPS[series]}, session {number}"
            link = f',"series":"group-{series}","ordinal":{number // 16 + 1}'
        else:
            title, link = f"Talks {number} on {note.split()[0]}", ""
        random, cited = self.cite(random, supports)
        random, people = divmod(random, 7)
        attendance = self.attendance(random, 2 if kind == "call" else people, status)
        counts = ""
        if people == 6:
            cited_count = self.cite(random, '"value"')[1]
            counts = (
                f',"headcounts":[{{"value":{40 + number % 20},"qualifier":"about",'
                f'"counts":"attended","unit":"countries","evidence":[{cited_count}]}}]'
            )
        return (
            f'{{"record":"meeting","id":"meeting-{number}","title":"{title}","kind":"{kind}"{link},'
            f'"date":{date},"place":"{place}","country":"{code}","status":"{status}",'
            f'"conveners":["{COUNTRIES[number % 20].lower()}"],"attendance":[{attendance}]{counts},'
            f'"note":"{note}","evidence":[{cited}]}}'
        )

    def attendance(self, random, people, status):
        total = self.counts["participant"]
        random, first = divmod(random, total)
        entries = []
        for index in range(people):
            number = (first + index * 13) % total
            random, role = _pick(random, ("participant", "participant", "chair", "speaker"))
            titled = ',"representative":"minister"' if number < len(COUNTRIES) else ""
            state = "attended" if status == "held" else "expected"
            random, cited = self.cite(random, '"participant","status"')
            entries.append(
                f'{{"participant":"{self.participant_id(number)}","role":"{role}",'
                f'"status":"{state}"{titled},"evidence":[{cited}]}}'
            )
        return ",".join(entries)

    def aid(self, number):
        block, place = divmod(number, BLOCK)
        if place == 0:
            return self.reading(number, block)
        relation = block % 16
        # A correction, and a disputed figure, speak of the same money as the record before.
        model = number - 1 if (relation, place) in ((1, 5), (2, 7)) else number
        random, donor, currency = self.donor(self.draw(b"a", model))
        random, category = _pick(random, CATEGORIES)
        random, date = self.date(random)
        random, digits = divmod(random, 999)
        random, size = divmod(random, 5)
        random, mechanism = _pick(random, MECHANISMS)
        random, verb = _pick(random, VERBS)
        random, qualifier = _pick(random, QUALIFIERS)
        random, meeting = divmod(random, max(1, 3 * self.counts["meeting"]))
        random, many = divmod(random, 5)
        random, item = divmod(random, len(ITEMS))
        items = ",".join(
            f'"{ITEMS[(item + i * 3) % 10]} {WORDS[(item + i) * 97]}"' for i in range(many // 2)
        )
        random, note = self.note(random)
        supports = '"amount","currency","donor"' + ("" if date == "null" else ',"date"')
        linked = ""
        if meeting < self.counts["meeting"]:
            linked = f',"meeting":"meeting-{meeting}"'
            supports += ',"meeting"'
        cited = self.cite(random, supports)[1]
        amount = (digits + 1 + (number != model)) * 10 ** (3 + size)
        return (
            f'{{"record":"aid","id":"aid-{number}","kind":"package","amount":{amount},'
            f'"currency":"{currency}","qualifier":{qualifier},"donor":"{donor}","recipient":"ua",'
            f'"category":"{category}","verb":{verb},"mechanism":{mechanism},"date":{date}{linked},'
            f'"items":[{items}]{_relation(number, relation, place)},"note":"{note}",'
            f'"evidence":[{cited}]}}'
        )

    def reading(self, number, index):
        """One reading of a running total or a balance; those of a measure follow each other."""
        turn, measure = divmod(index, self.measures)
        _, donor, currency = self.donor(self.draw(b"n", measure))
        random, category = _pick(self.draw(b"a", number), CATEGORIES)
        kind = ("cumulative", "remaining")[measure % 2]
        random, note = self.note(random)
        cited = self.cite(random, '"amount","date"')[1]
        since = ',"since":"2014"' if kind == "cumulative" else ""
        day = DAYS[turn * (len(DAYS) - MEASURES_MOST) // self.turns + measure]
        return (
            f'{{"record":"aid","id":"aid-{number}","kind":"{kind}","measure":"measure-{measure}",'
            f'"amount":{(turn + 1) * 25_000_000},"currency":"{currency}","donor":"{donor}",'
            f'"recipient":"ua","category":"{category}","date":"{day}"{since},"note":"{note}",'
            f'"evidence":[{cited}]}}'
        )

    def claim(self, number):
        random, date = self.date(self.draw(b"c", number))
        random, claimant = divmod(random, self.counts["participant"])
        random, value = divmod(random, 100_000)
        random, kind = _pick(
            random, ("deployment", "casualties", "pledge", "expectation", "policy")
        )
        random, note = self.note(random)
        subject = WORDS[value % len(WORDS)].capitalize()
        group = f',"conflict_group":"claims-{number // 20}"' if number % 20 < 2 else ""
        aid = f',"aid":"aid-{value % self.counts["aid"]}"' if self.counts["aid"] else ""
        supports = '"statement","value"' + ("" if date == "null" else ',"date"')
        cited = self.cite(random, supports)[1]
        return (
            f'{{"record":"claim","id":"claim-{number}","type":"{kind}",'
            f'"statement":"{subject} counts {value} {note.split()[0]} units.",'
            f'"value":{value},"unit":"units","claimant":"{self.participant_id(claimant)}",'
            f'"date":{date},"negative":{"true" if number % 50 == 0 else "false"}{group}{aid},'
            f'"note":"{note}","evidence":[{cited}]}}'
        )

    def record(self, position):
        """The record at a position of the whole, one kind after the other."""
        for kind in KINDS:
            if position < self.counts[kind]:
                return getattr(self, kind)(position)
            position -= self.counts[kind]
        raise IndexError(position)

    def lines(self, shuffle):
        total = sum(self.counts.values())
        step = 1
        if shuffle:  # a step that shares no divisor with the total reaches every position once
            step = next(
                n for n in range(total * 618 // 1000, 2 * total + 2) if math.gcd(n, total) == 1
            )
        return (self.record(index * step % total) for index in range(total))


def _pick(random, choices):
    random, index = divmod(random, len(choices))
    return random, choices[index]


def _relation(number, relation, place):
    """What a package says about others of its block, all of them before it."""
    if relation % 4 == 0 and place in (2, 3):
        return f',"contained_in":"aid-{number - 1}"'
    if (relation, place) == (1, 5):
        return f',"supersedes":"aid-{number - 1}"'
    if relation == 2 and place in (6, 7):
        return f',"conflict_group":"dispute-{number // BLOCK}"'
    if relation % 8 == 3 and place == 9:
        return f',"overlaps":["aid-{number - 1}"],"contained_in":"aid-{number - 9}"'
    return ""


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--records", type=int, default=100_000, help="of all kinds together")
    for kind, plural in zip(KINDS, ("sources", "participants", "meetings", "aid", "claims")):
        parser.add_argument(f"--{plural}", dest=kind, type=int, help="instead of the usual share")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--shuffle", action="store_true", help="records of all kinds mixed")
    parser.add_argument("--out", help="file to write (default: standard output)")
    options = parser.parse_args()
    given = {kind: value for kind in KINDS if (value := getattr(options, kind)) is not None}
    counts = count_of(options.records) | given
    if counts["source"] < 1 or counts["participant"] < PARTICIPANTS_LEAST:
        parser.error(f"at least 1 source and {PARTICIPANTS_LEAST} participants")
    header = {
        "format": "udcg-timeline/1",
        "title": "Generated timeline",
        "released": "2026-01-01",
        "licence": "CC0-1.0",
    }
    out = open(options.out, "w", encoding="utf-8") if options.out else sys.stdout
    with out:
        out.write(json.dumps(header) + "\n")
        out.writelines(line + "\n" for line in Maker(options.seed, counts).lines(options.shuffle))


if __name__ == "__main__":
    main()
