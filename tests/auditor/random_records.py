"""The records of a random timeline, each valid and many of them odd."""

import hashlib
import random

from . import dates
from . import random_values as values

LARGEST = 2**53 - 1
QUALIFIERS = (None, None, "exact", "about", "nearly", "more_than", "at_least", "up_to")
SLUG_WORDS = ("a", "ab", "aid", "b", "pack", "talk", "kyiv", "z", "x9", "0")
SOURCE_BYTES = 1_000_000
# No citation supports these.
HIDDEN = ("id", "note", "evidence", "attendance", "headcounts", "file", "bytes", "sha256")


class Maker:
    def __init__(self, seed, records):
        self.rng = random.Random(seed)
        self.count = records
        self.sources, self.participants, self.meetings = [], [], []
        self.aid, self.claims = [], []
        self.published = {}  # date pair -> text, so that equal dates are written alike
        self.cited = 0

    def share(self, fraction, least):
        return max(least, round(self.count * fraction))

    def pick(self, records, chance=1.0):
        """The id of one of the records, or None."""
        if not records or self.rng.random() >= chance:
            return None
        return self.rng.choice(records)["id"]

    def some(self, options, most):
        options = list(options)
        return self.rng.sample(options, min(len(options), self.rng.randint(0, most)))

    def note(self):
        return values.maybe(self.rng, values.text(self.rng), 0.3)

    # Evidence.

    def citation(self, supports, derived):
        rng = self.rng
        self.cited += 1
        start = self.cited * 37 % (SOURCE_BYTES - 500)
        end = start + rng.randint(1, 400)
        found = {
            "source": rng.choice(self.sources)["id"],
            "byte_start": start,
            "byte_end": end,
            "sha256": hashlib.sha256(f"{start}-{end}".encode()).hexdigest(),
            "supports": rng.sample(supports, len(supports)),
            "basis": "derived" if derived else "stated",
            "reasoning": values.text(rng) if derived or rng.random() < 0.05 else None,
            "quote": values.maybe(rng, values.text(rng), 0.1),
        }
        if rng.random() < 0.4:
            found |= {"char_start": start // 2, "char_end": end // 2 + 1}
            found["paragraph"] = rng.randint(1, 40)
        return found

    def evidence(self, part, needed=(), least=1):
        """Citations for what the object holds; each `needed` field that is known has one."""
        rng = self.rng
        known = [
            key for key, value in part.items() if key not in HIDDEN and value not in (None, [])
        ]
        if not known:
            return []
        found = [
            self.citation(rng.sample(known, rng.randint(1, min(4, len(known)))), rng.random() < 0.3)
            for _ in range(rng.randint(least, 3))
        ]
        missing = [key for key in needed if part.get(key) is not None]
        if missing:
            found.append(self.citation(missing, rng.random() < 0.3))
        if found and len(found[0]["supports"]) > 1 and rng.random() < 0.2:
            rest = found[0]["supports"][1:]
            found.append(found[0] | {"supports": rest, "basis": "stated"})
            found[0]["supports"] = found[0]["supports"][:1]
        derived = [citation for citation in found if citation["basis"] == "derived"]
        if derived and rng.random() < 0.3:
            again = self.citation(derived[0]["supports"], True)
            found.append(again | {"reasoning": None})
        return found

    # Records.

    def make_sources(self):
        rng, used = self.rng, set()
        for _ in range(self.share(0.03, 4)):
            identifier = values.slug(rng, ("report", "wire", "s", "0"), used)
            header_date = values.maybe(rng, values.plain_date(rng))
            self.sources.append({
                "id": identifier,
                "file": identifier.replace("-", "_") + ".txt",
                "publisher": values.maybe(rng, values.text(rng, 1, 3), 0.7),
                "byline": values.maybe(rng, rng.choice(values.PERSONS)),
                "language": rng.choice((None, "en", "uk", "zh-Hant", "de-AT")),
                "header_date": header_date,
                "header_date_trusted": header_date and rng.random() < 0.5,
                "published": self.publication(),
                "bytes": SOURCE_BYTES,
                "sha256": hashlib.sha256(identifier.encode()).hexdigest(),
                "url": values.maybe(rng, f"https://example.org/{identifier}?a=1&b=%20"),
                "note": self.note(),
            })  # fmt: skip
        for source in self.sources:
            source["evidence"] = self.evidence(source, least=0)

    def publication(self):
        text = values.date(self.rng, unknown=0.2)
        return text and self.published.setdefault(dates.bounds(text).pair, text)

    def make_participants(self):
        rng, used = self.rng, set(code.lower() for code in values.COUNTRIES)
        names = {"person": values.PERSONS, "organisation": values.PLACES, "group": values.WORDS}
        for code in rng.sample(sorted(values.COUNTRIES), 9):
            self.add_participant(code.lower(), "country", values.COUNTRIES[code], code)
        for index in range(self.share(0.12, 12)):
            kind = rng.choice(("person", "person", "person", "organisation", "group"))
            kind = ("group", "group", "organisation", kind)[min(index, 3)]
            country = values.maybe(rng, rng.choice(sorted(values.COUNTRIES)), 0.7)
            name = rng.choice(names[kind]) + rng.choice(("", "", " II", " (Ltd)"))
            self.add_participant(values.slug(rng, SLUG_WORDS, used), kind, name, country)
        for group in self.of_kind("group"):
            # Groups may be members of groups, none of itself through others.
            known = self.participants[: self.participants.index(group)]
            others = self.of_kind("person", "country", "organisation")
            group["members"] = list(
                dict.fromkeys(one["id"] for one in self.some(known, 3) + self.some(others, 4))
            )
            group["evidence"] = self.evidence(group)

    def add_participant(self, identifier, kind, name, country):
        rng = self.rng
        found = {
            "id": identifier,
            "kind": kind,
            "name": name,
            "aliases": [values.text(rng, 1, 2) for _ in range(rng.choice((0, 0, 1, 3)))],
            "country": country,
            "titles": [values.text(rng, 1, 3) for _ in range(rng.choice((0, 0, 1, 2)))],
            "members": [],
            "note": self.note(),
        }
        self.participants.append(found | {"evidence": self.evidence(found)})

    def of_kind(self, *kinds):
        return [one for one in self.participants if one["kind"] in kinds]

    def make_meetings(self):
        rng, used = self.rng, set()
        series = self.of_kind("group", "organisation")[:3]
        for _ in range(self.share(0.3, 10)):
            kind = rng.choice(("meeting", "meeting", "call", "conference"))
            found = {
                "id": values.slug(rng, SLUG_WORDS, used),
                "title": values.text(rng, 1, 5),
                "kind": kind,
                "series": self.pick(series, 0.7),
                "ordinal": values.maybe(rng, rng.choice((1, 2, 3, 23, LARGEST))),
                "date": values.date(rng, far=True),
                "place": values.maybe(rng, rng.choice(values.PLACES), 0.7),
                "venue": values.maybe(rng, rng.choice(values.PLACES), 0.4),
                "country": values.maybe(rng, rng.choice(sorted(values.COUNTRIES))),
                "format": rng.choice((None, "in_person", "virtual", "hybrid")),
                "status": rng.choice(("planned", "held", "held", "held", "postponed", "cancelled")),
                "conveners": [one["id"] for one in self.some(self.participants, 3)],
                "part_of": self.pick(self.meetings, 0.2),
                "note": self.note(),
            }
            found["attendance"] = self.attendance(kind)
            found["headcounts"] = [self.headcount() for _ in range(rng.choice((0, 0, 1, 2, 4)))]
            found["evidence"] = self.evidence(found, ("date", "series"))
            self.meetings.append(found)

    def attendance(self, kind):
        rng, found = self.rng, {}
        for _ in range(rng.choice((0, 1, 2) if kind == "call" else (0, 1, 3, 8))):
            attendee = rng.choice(self.participants)
            titled = attendee["kind"] == "country" and rng.random() < 0.6
            entry = {
                "participant": attendee["id"],
                "role": rng.choice(("chair", "participant", "accompanying", "speaker")),
                "status": rng.choice(
                    (
                        "invited",
                        "accepted",
                        "expected",
                        "attended",
                        "attended",
                        "declined",
                        "absent",
                    )
                ),
                "mode": rng.choice((None, "in_person", "remote")),
                "representative": rng.choice(("minister", "Minister", "général"))
                if titled
                else None,
            }
            entry["evidence"] = self.evidence(entry)
            found[entry["participant"], entry["representative"]] = entry
        return list(found.values())

    def headcount(self):
        rng = self.rng
        found = {
            "value": rng.choice((1, 20, 40, 50, LARGEST)),
            "qualifier": rng.choice(QUALIFIERS),
            "counts": rng.choice(("invited", "accepted", "expected", "attended")),
            "unit": rng.choice(("countries", "people")),
        }
        return found | {"evidence": self.evidence(found)}

    def make_aid(self):
        rng, used = self.rng, set()
        parties = self.of_kind("country", "group", "organisation") + self.of_kind("person")[:1]
        measures = [
            {
                "measure": values.slug(rng, SLUG_WORDS, used),
                "kind": rng.choice(("cumulative", "remaining")),
                "donor": self.pick(parties, 0.9),
                "recipient": self.pick(parties, 0.9),
                "currency": rng.choice(values.CURRENCIES),
            }
            for _ in range(self.share(0.02, 5))
        ]
        left = dict.fromkeys(values.CURRENCIES, LARGEST)
        superseded = set()
        for _ in range(self.share(0.35, 14)):
            found = self.figure(values.slug(rng, SLUG_WORDS, used), parties, measures)
            self.set_amount(found, left)
            self.relate(found, superseded)
            self.aid.append(found)
        for currency, rest in left.items():
            packages = [a for a in self.aid if (a["kind"], a["currency"]) == ("package", currency)]
            if packages and rng.random() < 0.5:
                packages[-1]["amount"] += rest
        self.break_circles()
        for found in self.aid:
            found["evidence"] = self.evidence(found, ("date", "meeting"))

    def figure(self, identifier, parties, measures):
        rng = self.rng
        found = {
            "id": identifier,
            "kind": "package",
            "measure": None,
            "amount": None,
            "currency": rng.choice(values.CURRENCIES),
            "qualifier": rng.choice(QUALIFIERS),
            "donor": self.pick(parties, 0.85),
            "recipient": self.pick(parties[:4], 0.85),
            "category": rng.choice(("military", "financial", "humanitarian", "unspecified")),
            "verb": rng.choice((
                None, "announced", "signed", "pledged", "approved", "committed", "allocated",
                "provided", "delivered",
            )),
            "mechanism": rng.choice((None, "drawdown", "fund-2", "peace-facility", "totals")),
            "claimant": self.pick(self.participants, 0.5),
            "announced_by": self.pick(self.participants, 0.3),
            "date": values.date(rng),
            "since": values.date(rng, unknown=0.6),
            "since_text": values.maybe(rng, values.text(rng), 0.2),
            "deliver_by": values.date(rng, unknown=0.8),
            "meeting": self.pick(self.meetings, 0.4),
            "items": [values.text(rng, 1, 3) for _ in range(rng.choice((0, 0, 1, 4)))],
            "contained_in": self.pick(self.aid, 0.25),
            "overlaps": [one["id"] for one in self.some(self.aid, 2)],
            "supersedes": None,
            "conflict_group": values.maybe(rng, f"dispute-{rng.randrange(self.count // 30 + 2)}", 0.25),
            "note": self.note(),
        }  # fmt: skip
        if rng.random() < 0.45:
            found |= rng.choice(measures)
        return found

    def set_amount(self, found, left):
        """The packages of one currency never add up past the largest amount."""
        rng = self.rng
        if found["kind"] != "package":
            found["amount"] = rng.choice((1, 500, 2_000_000_000, LARGEST))
            return
        rest = left[found["currency"]]
        found["amount"] = rng.choice((1, 7, 100_000_000, 2_300_000_000))
        if rest > LARGEST // 2 and rng.random() < 0.2:
            found["amount"] = rest // 4
        left[found["currency"]] -= found["amount"]

    def relate(self, found, superseded):
        """Now and then the figure corrects an earlier one, which may be a correction itself."""
        alike = [
            one["id"]
            for one in self.aid
            if (one["kind"], one["currency"]) == (found["kind"], found["currency"])
            and one["id"] not in superseded
        ]
        if alike and self.rng.random() < 0.2:
            found["supersedes"] = self.rng.choice(alike[-3:])
            superseded.add(found["supersedes"])

    def break_circles(self):
        """No figure lies in what its own correction is contained in: that would say nothing."""
        by_id = {aid["id"]: aid for aid in self.aid}
        correction = {aid["supersedes"]: aid for aid in self.aid if aid["supersedes"]}

        def circular(aid):
            seen = set()
            while aid and aid["id"] not in seen:
                seen.add(aid["id"])
                while aid["id"] in correction:
                    aid = correction[aid["id"]]
                aid = by_id.get(aid["contained_in"])
            return aid is not None

        for aid in self.aid:
            if aid["contained_in"] and circular(aid):
                aid["contained_in"] = None

    def make_claims(self):
        rng, used = self.rng, set()
        for index in range(self.share(0.2, 10)):
            found = {
                "id": values.slug(rng, SLUG_WORDS, used),
                "type": rng.choice((
                    "deployment", "force_level", "casualties", "count", "pledge", "request",
                    "expectation", "policy", "event",
                )),
                "statement": values.text(rng, 2, 9),
                "value": rng.choice((None, None, -LARGEST, LARGEST, 0, -1, 12, 100_000)),
                "unit": values.maybe(rng, rng.choice(("troops", "shells", "m²"))),
                "qualifier": rng.choice(QUALIFIERS),
                "claimant": self.pick(self.participants, 0.6),
                "representative": values.maybe(rng, "official", 0.2),
                "subject": self.pick(self.participants, 0.6),
                "date": values.date(rng, far=True, unknown=0.25),
                "horizon": values.date(rng, unknown=0.7),
                "conflict_group": values.maybe(rng, f"claims-{rng.randrange(index // 5 + 1)}", 0.2),
                "negative": rng.random() < 0.2,
                "contained_in": self.pick(self.claims, 0.15),
                "meeting": self.pick(self.meetings, 0.3),
                "aid": self.pick(self.aid, 0.3),
                "note": self.note(),
            }  # fmt: skip
            self.claims.append(found | {"evidence": self.evidence(found, ("date", "meeting"))})

    def document(self):
        self.make_sources()
        self.make_participants()
        self.make_meetings()
        self.make_aid()
        self.make_claims()
        return {
            "format": "udcg-timeline/1",
            "title": "Random timeline “ünïcode”",
            "released": "2026-11-22",
            "licence": "CC0-1.0",
            "sources": self.sources,
            "participants": self.participants,
            "meetings": self.meetings,
            "aid": self.aid,
            "claims": self.claims,
        }
