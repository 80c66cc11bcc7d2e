"""The worked examples of openapi.yaml are what the server says about the shipped timeline.

update_examples.py writes them anew.
"""

import pytest

from targets import RULES

EXAMPLES = RULES.document["components"]["examples"]


@pytest.mark.parametrize("name", EXAMPLES)
def test_example(shipped, name):
    """`summary` is the request, `value` the whole body."""
    summary, value = EXAMPLES[name]["summary"], EXAMPLES[name]["value"]
    reply = shipped.get(summary.removeprefix("GET "))
    assert reply.status == value.get("status", 200)
    assert reply.json == value
