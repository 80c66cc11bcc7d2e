"""What is wrong in a way that only the command itself can see: status and one line of why."""

import pytest
from conftest import SHIPPED

HERE = ("--listen", "127.0.0.1:0", "--timeline", SHIPPED)


@pytest.mark.parametrize("arguments, status, why", [
    (["load", SHIPPED], 2, "--db"),
    (["check", SHIPPED, "--write"], 2, "--documents"),
    (["export", "--timeline", SHIPPED, "--db", "x.db"], 2, "not both"),
    (["export", "--db", "nothing.db"], 3, "nothing.db"),
    (["export", "--timeline", "nothing.json"], 3, "nothing.json"),
    (["diff", SHIPPED, "nothing.json"], 3, "nothing.json"),
    (["serve", "--watch", "--listen", "127.0.0.1:0", "--timeline", "no/where.json"], 3, "no/where"),
    *[(["serve", *HERE, "--public-url", url], 2, "--public-url") for url in (
        "example.org", "ftp://example.org", "https://", "https:///a", "https://a/", "https://a b",
        "https://a/?b", "https://\u00e9",
    )],
])  # fmt: skip
def test_refusals(udcg, tmp_path, arguments, status, why):
    done = udcg(*arguments, status=status)
    assert done.stdout == b""
    last = done.stderr.decode().splitlines()[-1]
    assert last.startswith("udcg: ") and why in last
    assert not list(tmp_path.iterdir())
