"""Requests that make sense against a given timeline, for every operation of the contract."""

from client import target_of
from contract import Contract

RULES = Contract()
KIND_OF = {  # first part of a path -> the record kind whose id it takes
    "meetings": "meeting",
    "participants": "participant",
    "aid": "aid",
    "claims": "claim",
    "sources": "source",
}
MISSING = "no-such-record"
WORDS = "sup"  # a prefix that the random timelines and the shipped one both have


ROWS = {  # sub-list -> parent ids by their rows
    "listMeetingAid": lambda timeline: timeline.aid_of_meeting,
    "listMeetingParticipants": lambda timeline: {
        meeting["id"]: meeting["attendance"] for meeting in timeline.records("meeting")
    },
    "listParticipantMeetings": lambda timeline: timeline.attendance_of,
}


def some_id(operation, timeline):
    """The first record's, for a sub-list that of the parent with the most rows."""
    if operation.id in ROWS:
        rows = ROWS[operation.id](timeline)
        return max(sorted(rows), key=lambda identifier: len(rows[identifier]))
    return min(timeline.by_kind[KIND_OF[operation.path.split("/")[2]]])


def path_of(operation, timeline, identifier=None):
    """The path with its {id} or {slug} filled in, by default with one that there is."""
    path = operation.path
    if "{slug}" in path:
        return path.replace("{slug}", identifier or "not-found")
    if "{id}" in path:
        path = path.replace("{id}", identifier or some_id(operation, timeline))
    return path


def needed(operation):
    """The parameters without which the operation gives no answer."""
    return {"q": WORDS} if any(one.required for one in operation.parameters.values()) else {}


def plain_target(operation, timeline):
    return target_of(path_of(operation, timeline), needed(operation))


def by_id(operations):
    """For pytest: the operations with their names as test ids."""
    return {"argvalues": list(operations), "ids": [operation.id for operation in operations]}


OPERATIONS = list(RULES.operations.values())
LISTS = [one for one in OPERATIONS if one.is_list]
ITEMS = [one for one in OPERATIONS if one.record is not None and not one.is_list]
PAGED = [operation for operation in LISTS if "cursor" in operation.parameters]
