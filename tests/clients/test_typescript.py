"""openapi-typescript makes types of the contract; a program against them compiles and runs."""

import json

from contract import ROOT


def test_typed_client(modules, shipped):
    modules.run("openapi-typescript", ROOT / "openapi.yaml", "--output", "api.d.ts")
    modules.run("tsc")
    found = json.loads(modules.script("client.mjs", shipped.url))
    rows, _ = shipped.client.rows("/v1/meetings", {"sort": "-date"})
    sums = shipped.get("/v1/aid/totals?kind=package")["totals"]
    assert found == {
        "ids": [row["id"] for row in rows],
        "places": [row["place"] and row["place"].upper() for row in rows],
        "sums": {one["currency"]: one["amount"] for one in sums},
        "member": "US",
        "missing": "404: There is no participant with this id.",
        "suggestions": ["kind"],
    }
