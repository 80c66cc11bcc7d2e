#!/usr/bin/python3
"""Who attended how many meetings? Reads a whole list, page by page, with the standard library.

usage: attended.py [http://HOST:PORT]
"""

import json
import sys
from collections import Counter
from urllib.parse import urljoin
from urllib.request import urlopen

SERVER = sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8080"


def rows(target):
    while target is not None:
        with urlopen(urljoin(SERVER, target)) as reply:
            page = json.load(reply)
        yield from page["data"]
        target = page["page"]["next"]


meetings = Counter(row["name"] for row in rows("/v1/attendance?status=attended&limit=10"))
for name, count in sorted(meetings.items(), key=lambda pair: (-pair[1], pair[0])):
    if count > 1:
        print(f"{name}: {count}")
print(f"{sum(count == 1 for count in meetings.values())} others: 1 each")
