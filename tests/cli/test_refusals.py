"""What is wrong in a way that only the command itself can see: status and one line of why."""

import pytest
from conftest import SHIPPED

HERE = ("--listen", "127.0.0.1:0", "--timeline", SHIPPED)


@pytest.mark.parametrize("arguments, status, why", [
    (["load", SHIPPED], 2, "--db"),
    (["check", SHIPPED, "--write"], 2, "--documents"),
    (["export", "--timeline", SHIPPED, "--db", "x.db"], 2, "not both"),
    (["load", SHIPPED, "--db", ""], 2, "more"),
    (["check", ""], 2, "more"),
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


def test_an_argument_beats_the_other_options_variable(udcg, tmp_path):
    """An image sets UDCG_TIMELINE for its server, and `udcg export --db` runs there, too."""
    database = tmp_path / "x.db"
    udcg("load", SHIPPED, "--db", database)
    right = udcg("export", "--timeline", SHIPPED).stdout
    nowhere = {"UDCG_TIMELINE": "nothing.json", "UDCG_DB": "nothing.db"}
    for first, wrong in (("--db", "UDCG_TIMELINE"), ("--timeline", "UDCG_DB")):
        path = database if first == "--db" else SHIPPED
        assert udcg("export", first, path, **{wrong: nowhere[wrong]}).stdout == right
        assert udcg("export", first, path, **nowhere).stdout == right
    both = udcg("export", status=2, **nowhere).stderr.decode()
    assert "not both (from UDCG_TIMELINE and UDCG_DB)" in both
