"""What the ecosystem's linters say of the contract: nothing."""

import json
import os

from contract import ROOT

CONTRACT = ROOT / "openapi.yaml"
QUIET = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}


def test_redocly(modules):
    """The recommended rules; a warning counts, too."""
    said = modules.run(
        "redocly", "lint", "--config", "redocly.yaml", "--format", "json", CONTRACT,
        env=os.environ | QUIET,
    )  # fmt: skip
    assert json.loads(said)["problems"] == []


def test_spectral(modules):
    said = modules.run(
        "spectral", "lint", "--ruleset", "spectral.yaml", "--fail-severity", "hint", CONTRACT
    )
    assert "No results" in said
