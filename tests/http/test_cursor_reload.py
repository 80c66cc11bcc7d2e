"""Walking by cursor while the server reloads between two pages: whatever neither moves nor leaves
the list is given exactly once, in its order."""

import copy
import itertools
import random
from collections import Counter

import pytest

from client import target_of
from process import LONG
from targets import PAGED, needed, path_of
from test_cursor import sorts_of, value_of
from tests.auditor import model, random_timeline

SIZE = 9  # rows of a page
EDITIONS = 6
LARGEST = 10**12
FILTERS = {  # list -> a filter beside none
    "listMeetings": {"status": "held"},
    "listParticipants": {"kind": "person"},
    "listAttendance": {"from": "2023"},
    "listAid": {"kind": "package", "to": "2025"},
    "listClaims": {"undated": "false"},
    "listTimeline": {"type": ["aid", "claim"], "dates": "certain"},
}
NAMES = {  # list -> what tells its rows apart, where that is not type and id
    "listAttendance": ("meeting", "participant", "representative"),
    "listMeetingParticipants": ("meeting", "participant", "representative"),
    "listSourceFacts": ("type", "id", "field", "byte_start", "byte_end"),
}
WALKED = [one for one in PAGED if one.id != "search"]


def strings(value):
    """Every text in there, that of `id` aside."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key != "id":
                yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)
    elif isinstance(value, str):
        yield value


def added(rng, name, record, number):
    """A record like another one."""
    found = copy.deepcopy(record) | {"id": f"added-{number}-{name}"}
    if name == "aid":
        found["amount"] = rng.randrange(1, 1000)
    return found


def is_likeable(name, record):
    """A country is one of a kind, and no figure is corrected twice."""
    return record["kind"] == "person" if name == "participants" else not record.get("supersedes")


def change(rng, name, record, records):
    """Another name or number, and now and then another date."""
    named = {"meetings": "title", "participants": "name", "claims": "statement"}.get(name)
    if named:
        record[named] = f"{rng.choice('AMZ')} {record[named]}"
    if name == "aid":
        record["amount"] = min(record["amount"], rng.randrange(1, 10**6))
    dated = [one["date"] for one in records if one.get("date")]
    if record.get("date") and rng.random() < 0.5:
        record["date"] = rng.choice(dated)


def revised(document, seed, kept):
    """Another edition: of each kind some records less, some more, some changed."""
    rng = random.Random(seed)
    found = copy.deepcopy(document)
    named = set(strings(found)) | kept
    for name in ("meetings", "participants", "aid", "claims"):
        records = found[name]
        records[:] = [one for one in records if one["id"] in named or rng.random() > 0.15]
        for record in rng.sample(records, len(records) // 10):
            change(rng, name, record, records)
        likeable = [one for one in records if is_likeable(name, one)]
        likes = rng.sample(likeable, len(likeable) // 4)
        records += [added(rng, name, one, seed + index) for index, one in enumerate(likes)]
    for meeting in found["meetings"]:
        if meeting["id"] not in kept:
            entries = meeting["attendance"]
            meeting["attendance"] = [one for one in entries if rng.random() > 0.1]
    return found


class Walk:
    def __init__(self, operation, timeline, sort, more):
        self.operation = operation
        asked = needed(operation) | more | ({"sort": sort} if sort else {})
        self.path = path_of(operation, timeline)
        self.whole = target_of(self.path, asked | {"limit": 1000})
        self.next = target_of(self.path, asked | {"limit": SIZE})
        self.sort = [key.lstrip("-") for key in sort or []]
        self.editions = []  # of each, its rows by name: what they are sorted by
        self.walked = []
        self.gone = 0  # pages whose last row was no more when the next one was asked for

    def __repr__(self):
        return self.whole

    def name(self, row):
        keys = NAMES.get(self.operation.id) or [key for key in ("type", "id") if key in row]
        return tuple(row[key] for key in keys)

    def keys(self, row):
        sort = self.sort or (["date"] if "date_min" in row else [])
        return [value_of(row, key) for key in sort]

    def look(self, client):
        """The whole list, as it is at rest."""
        page = client.get(self.whole).json
        assert page["page"]["next"] is None
        self.editions.append({self.name(row): self.keys(row) for row in page["data"]})

    def step(self, client, edition):
        if self.walked and self.walked[-1] not in self.editions[edition]:
            self.gone += 1
        reply = client.get(self.next)
        assert reply.status == 200, (self, reply.body)
        self.walked += [self.name(row) for row in reply.data]
        self.next = reply.json["page"]["next"]
        assert len(reply.data) == SIZE or self.next is None, self

    @property
    def steady(self):
        """Rows that are in every edition, at the same place of the order."""
        first, *others = self.editions
        return [
            name for name, keys in first.items()
            if all(name in other and other[name] == keys for other in others)
        ]  # fmt: skip


def walks(timeline):
    for operation in WALKED:
        for sort in sorts_of(operation):
            yield Walk(operation, timeline, sort, {})
        if operation.id in FILTERS:
            yield Walk(operation, timeline, None, FILTERS[operation.id])


@pytest.mark.parametrize("seed", range(1, 11) if LONG else [1])
def test_what_does_not_change_is_given_once(editions, tmp_path, seed):
    document = random_timeline.timeline(seed, 150)
    for aid in document["aid"]:  # room for more of them
        aid["amount"] = min(aid["amount"], LARGEST)
    one = editions(tmp_path / "timeline.json", document)
    timeline = model.load(one.path)
    below = [operation for operation in WALKED if operation.path_parameters]
    kept = {path_of(operation, timeline).split("/")[3] for operation in below}
    documents = [revised(document, seed * 100 + number, kept) for number in range(1, EDITIONS)]
    documents.insert(0, document)
    begun = list(walks(timeline))
    for number, edition in enumerate(documents):
        one.publish(edition | {"title": f"Edition {number}"})
        for walk in begun:
            walk.look(one.client)
    for number in itertools.cycle(range(EDITIONS)):
        under_way = [walk for walk in begun if walk.next]
        if not under_way:
            break
        one.publish(documents[number] | {"title": f"Edition {number}"})
        for walk in under_way:
            walk.step(one.client, number)
    for walk in begun:
        times = Counter(walk.walked)
        wrong = {name: times[name] for name in walk.steady if times[name] != 1}
        assert not wrong, f"{walk}: {wrong}"
        steady = set(walk.steady)
        assert [name for name in walk.walked if name in steady] == walk.steady, walk
    assert sum(walk.gone for walk in begun) > 20, "hardly a cursor whose row is no more"
    assert sum(len(walk.steady) > SIZE for walk in begun) > len(begun) / 2


def test_a_search_goes_on_in_its_own_version_alone(editions, tmp_path):
    document = random_timeline.timeline(1, 150)
    one = editions(tmp_path / "timeline.json", document)
    following = one.client.get("/v1/search?q=sup&limit=1").json["page"]["next"]
    assert one.client.get(following).status == 200
    one.publish(document | {"title": "Another"})
    reply = one.client.get(following)
    assert (reply.status, reply.problem) == (400, "invalid-cursor")
