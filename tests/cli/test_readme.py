"""The README's own timeline is one."""

import re

from conftest import ROOT


def test_timeline(udcg, tmp_path):
    text = (ROOT / "README.md").read_text("utf-8")
    (lines,) = re.findall(r"^cat > mine/timeline\.ndjson <<'END'\n(.*?)^END$", text, re.M | re.S)
    path = tmp_path / "timeline.ndjson"
    path.write_text(lines, "utf-8")
    assert "meetings 1," in udcg("check", path).stdout.decode()
