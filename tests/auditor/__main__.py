"""Holds a running server against an independent recomputation of its timeline.

    python3 -m tests.auditor --url http://127.0.0.1:8080 --timeline data/timeline.json
"""

import argparse
import sys

from .api import Api
from .compare import Comparison
from .model import load

LINES_MOST = 12


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--url", required=True)
    parser.add_argument("--timeline", required=True)
    parser.add_argument("--requests", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json-only", action="store_true", help="leave out CSV and NDJSON")
    options = parser.parse_args()
    api = Api(load(options.timeline))
    comparison = Comparison(api, options.url, options.seed, formats=not options.json_only)
    wrong = 0
    for _ in range(options.requests):
        target, faults = comparison.one()
        if faults:
            wrong += 1
            print(target)
            for fault in faults[:LINES_MOST]:
                print(f"  {fault}")
            if len(faults) > LINES_MOST:
                print(f"  and {len(faults) - LINES_MOST} more")
    print(f"{options.requests} requests, {wrong} answered otherwise than expected")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
