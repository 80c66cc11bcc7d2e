"""The shipped timeline by itself: its ids, links, dates, sums and reasons."""

from collections import Counter, defaultdict

import pytest
from auditor import dates
from shipped import KINDS, citations, objects, read

LINKS = {
    "source": "sources",
    "participant": "participants",
    "series": "participants",
    "conveners": "participants",
    "members": "participants",
    "donor": "participants",
    "recipient": "participants",
    "claimant": "participants",
    "announced_by": "participants",
    "subject": "participants",
    "meeting": "meetings",
    "part_of": "meetings",
    "overlaps": "aid",
    "supersedes": "aid",
    "aid": "aid",
}
DATES = ("published", "date", "since", "deliver_by", "horizon")
# Fields that the file itself or we, not its words, give: no citation supports them.
OURS = {"id", "note", "evidence", "attendance", "headcounts"}
OF_THE_FILE = {"file", "language", "bytes", "sha256"}


@pytest.fixture(scope="module")
def by_id(timeline):
    return {plural: {one["id"]: one for one in timeline[plural]} for plural in KINDS}


def test_ids_are_unique_and_in_order(timeline):
    for plural in KINDS:
        ids = [record["id"] for record in timeline[plural]]
        assert ids == sorted(set(ids)), plural


def test_ids_follow_the_conventions(timeline):
    for source in timeline["sources"]:
        assert source["id"] == source["file"].rsplit(".", 1)[0].replace("_", "-")
    for one in timeline["participants"]:
        assert one["kind"] != "country" or one["id"] == one["country"].lower()


def test_every_link_leads_somewhere(timeline, by_id):
    dangling = []
    things = [*objects(timeline), *((place, "citation", one) for place, one in citations(timeline))]
    for place, kind, thing in things:
        links = LINKS | {"contained_in": "aid" if kind == "aid" else "claims"}
        for field, plural in links.items():
            value = thing.get(field, [])
            for target in value if isinstance(value, list) else [value]:
                if target not in by_id[plural]:
                    dangling.append(f"{place}/{field}: {target}")
    assert dangling == []


def test_every_source_is_cited(timeline, by_id):
    cited = {citation["source"] for _, citation in citations(timeline)}
    assert cited == set(by_id["sources"])


def test_every_date_can_be_read(timeline):
    for place, _, thing in objects(timeline):
        for field in DATES:
            assert dates.bounds(thing.get(field)), f"{place}/{field}"


def test_every_fact_is_supported(timeline):
    bare = []
    for place, kind, thing in objects(timeline):
        supported = {field for one in thing.get("evidence", []) for field in one["supports"]}
        needed = set(thing) - OURS - (OF_THE_FILE if kind == "source" else set())
        # That a claim denies nothing is no words' doing.
        needed -= {"negative"} if thing.get("negative") is False else set()
        bare += [f"{place}/{field}" for field in sorted(needed - supported)]
        bare += [f"{place}/{field}: not there" for field in sorted(supported - set(thing))]
    assert bare == []


def test_what_is_derived_says_how_and_what_is_stated_does_not(timeline):
    for place, _, thing in objects(timeline):
        reasons = defaultdict(list)
        for citation in thing.get("evidence", []):
            assert citation["basis"] == "derived" or "reasoning" not in citation, place
            for field in citation["supports"] if citation["basis"] == "derived" else []:
                reasons[field].append(citation.get("reasoning"))
        assert all(any(given) for given in reasons.values()), place


def test_no_citation_stands_twice(timeline):
    for place, _, thing in objects(timeline):
        seen = Counter(
            (one["source"], one["byte_start"], one["byte_end"], field)
            for one in thing.get("evidence", [])
            for field in one["supports"]
        )
        assert [key for key, times in seen.items() if times > 1] == [], place


def test_attendance_names_nobody_twice(timeline):
    for meeting in timeline["meetings"]:
        seen = Counter(
            (row["participant"], row.get("representative")) for row in meeting.get("attendance", [])
        )
        assert all(times == 1 for times in seen.values()), meeting["id"]


def test_an_unnamed_representative_stands_for_a_country(timeline, by_id):
    for meeting in timeline["meetings"]:
        for row in meeting.get("attendance", []):
            kind = by_id["participants"][row["participant"]]["kind"]
            assert (kind == "country") == ("representative" in row), (meeting["id"], row)


def test_who_only_announces_attends_nothing(timeline):
    """The spokesmen, the adviser and the presidents who are merely quoted."""
    rows = [row for one in timeline["meetings"] for row in one.get("attendance", [])]
    attending = {row["participant"] for row in rows}
    assert attending.isdisjoint({"pat-ryder", "john-kirby", "joe-biden", "trump", "mike-waltz"})


def test_a_planned_meeting_was_attended_by_nobody_yet(timeline):
    for meeting in timeline["meetings"]:
        for row in meeting.get("attendance", []):
            assert (row["status"] == "attended") == (meeting["status"] == "held"), meeting["id"]


def test_a_part_is_no_larger_than_the_whole(by_id):
    for plural, size in (("aid", "amount"), ("claims", "value")):
        for record in by_id[plural].values():
            if "contained_in" in record:
                assert record[size] <= by_id[plural][record["contained_in"]][size], record["id"]


def test_a_running_total_does_not_fall(timeline):
    readings = defaultdict(list)
    for aid in timeline["aid"]:
        if aid["kind"] == "cumulative":
            readings[aid["measure"]].append((dates.bounds(aid["date"]).pair, aid["amount"]))
    for measure, figures in readings.items():
        amounts = [amount for _, amount in sorted(figures)]
        assert amounts == sorted(amounts), measure


def test_a_measure_has_one_kind_donor_recipient_and_currency(timeline):
    kinds = defaultdict(set)
    for aid in timeline["aid"]:
        if "measure" in aid:
            key = (aid["kind"], aid.get("donor"), aid.get("recipient"), aid["currency"])
            kinds[aid["measure"]].add(key)
    assert all(len(found) == 1 for found in kinds.values()), kinds


def test_the_packages_add_up(timeline):
    packages = [aid for aid in timeline["aid"] if aid["kind"] == "package"]
    assert sum(aid["amount"] for aid in packages) == 225_000_000 + 500_000_000


def test_a_conflict_has_two_sides(timeline):
    for plural in ("aid", "claims"):
        sides = defaultdict(list)
        for record in timeline[plural]:
            if "conflict_group" in record:
                side = record.get("claimant"), record.get("value", record.get("amount"))
                sides[record["conflict_group"]].append(side)
        for group, found in sides.items():
            assert len(set(found)) == len(found) >= 2, group


def test_the_fifteen_counterparts_are_those_of_the_four_talks(timeline, by_id):
    """A number that repeats the listed names is no headcount, and it must repeat them exactly."""
    counterparts = [
        row
        for meeting in timeline["meetings"]
        if meeting["status"] == "held"
        for row in meeting["attendance"]
        if "representative" in row
    ]
    assert len(counterparts) == by_id["claims"]["austin-fifteen-counterparts"]["value"]
    assert all("headcounts" not in one for one in timeline["meetings"] if one["status"] == "held")


def test_groups_have_as_many_members_as_their_names_say(by_id):
    assert len(by_id["participants"]["bucharest-nine"]["members"]) == 9
    assert len(by_id["participants"]["european-quint"]["members"]) == 5


def test_no_date_leans_on_a_stamp_that_the_text_contradicts(timeline):
    distrusted = [one for one in timeline["sources"] if one.get("header_date_trusted") is False]
    assert distrusted
    for source in distrusted:
        for place, kind, thing in objects(timeline):
            if kind != "source" and source["id"] in {one["source"] for one in thing["evidence"]}:
                assert source["header_date"] not in str(thing.get("date")), place


def test_a_derivation_dates_nothing_back(timeline, by_id):
    """`reported` is the earliest source cited: one that tells the fact, not one it leans on."""

    def published(source):
        return dates.bounds(by_id["sources"][source]["published"]).pair

    for plural, field in (("meetings", "title"), ("aid", "amount"), ("claims", "statement")):
        for record in timeline[plural]:
            parts = [record, *record.get("attendance", []), *record.get("headcounts", [])]
            cited = [one for part in parts for one in part["evidence"]]
            tells = [one["source"] for one in record["evidence"] if field in one["supports"]]
            assert min(published(one["source"]) for one in cited) == min(map(published, tells))


def test_left_out_says_why():
    entries = read("data/left-out.json")
    assert entries
    for entry in entries:
        assert set(entry) == {"file", "byte_start", "byte_end", "sha256", "reason"}
        assert len(entry["reason"]) > 10
