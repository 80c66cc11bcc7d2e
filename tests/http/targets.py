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


def path_of(operation, timeline, identifier=None):
    """The path with its {id} or {slug} filled in: the first record's, unless one is given."""
    path = operation.path
    if "{slug}" in path:
        return path.replace("{slug}", identifier or "not-found")
    if "{id}" in path:
        kind = KIND_OF[path.split("/")[2]]
        path = path.replace("{id}", identifier or min(timeline.by_kind[kind]))
    return path


def needed(operation):
    """The parameters without which the operation gives no answer."""
    return {"q": WORDS} if operation.parameters.get("q") and operation.parameters["q"].required else {}


def plain_target(operation, timeline):
    return target_of(path_of(operation, timeline), needed(operation))


def by_id(operations):
    """For pytest: the operations with their names as test ids."""
    return {"argvalues": list(operations), "ids": [operation.id for operation in operations]}


OPERATIONS = list(RULES.operations.values())
LISTS = RULES.lists()
ITEMS = RULES.items()
PAGED = [operation for operation in LISTS if "cursor" in operation.parameters]
