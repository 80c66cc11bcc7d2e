"""Random valid timelines, full of edge cases, the same for the same seed.

    python3 -m tests.auditor.random_timeline --seed 7 --records 300 --out timeline.json
"""

import argparse
import json
import random
import sys

from .model import KINDS as LISTS
from .random_records import Maker

KINDS = {name: kind for kind, name in LISTS.items()}


def timeline(seed, records=200):
    """The document form, its records complete and in the order of their making."""
    return Maker(seed, records).document()


def disguised(rng, value):
    """The same facts: keys in another order, and some of what is null or empty left out."""
    if isinstance(value, dict):
        pairs = [
            (key, disguised(rng, item))
            for key, item in value.items()
            if item not in (None, []) or rng.random() < 0.5 and key not in KINDS
        ]
        return dict(rng.sample(pairs, len(pairs)))
    if isinstance(value, list):
        return [disguised(rng, item) for item in value]
    return value


def write(document, form, out, seed=0):
    rng = random.Random(seed)
    header = {key: value for key, value in document.items() if key not in KINDS}
    records = [(name, disguised(rng, record)) for name in KINDS for record in document[name]]
    rng.shuffle(records)
    if form == "ndjson":
        lines = [{"record": KINDS[name]} | record for name, record in records]
        for line in (header, *lines):
            out.write(json.dumps(line, ensure_ascii=False) + "\n")
        return
    lists = {name: [record for kind, record in records if kind == name] for name in KINDS}
    json.dump(header | lists, out, ensure_ascii=False, indent=1)
    out.write("\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--records", type=int, default=200)
    parser.add_argument("--form", choices=("json", "ndjson"), default="json")
    parser.add_argument("--out", help="file to write (default: standard output)")
    options = parser.parse_args()
    document = timeline(options.seed, options.records)
    if options.out:
        with open(options.out, "w", encoding="utf-8") as out:
            write(document, options.form, out, options.seed)
    else:
        write(document, options.form, sys.stdout, options.seed)


if __name__ == "__main__":
    main()
