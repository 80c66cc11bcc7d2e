#!/usr/bin/python3
"""Asks the server for the worked examples of openapi.yaml again and writes what it says.

Each example's `summary` is its request. Run it when the shipped timeline or a body has changed:

    UDCG_PROGRAM=build/udcg tests/http/update_examples.py
"""

import argparse
import re

import yaml

from client import Client
from contract import ROOT, Contract
from process import Server

CONTRACT = ROOT / "openapi.yaml"
SECTION = re.compile(r"(?<=\n)  examples:\n.*?\n(?=\n  schemas:\n)", re.DOTALL)


class Dumper(yaml.SafeDumper):
    """Lists of scalars on one line, others in blocks, indented as the rest of the file."""

    def increase_indent(self, flow=False, indentless=False):
        return super().increase_indent(flow, False)

    def ignore_aliases(self, data):
        return True


def represent_list(dumper, members):
    scalars = not any(isinstance(member, (dict, list)) for member in members)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", members, flow_style=scalars)


Dumper.add_representer(list, represent_list)


def written(name, example):
    text = yaml.dump(
        {name: example}, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=90
    )
    return "".join(f"    {line}\n" for line in text.splitlines())


def main():
    argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args()
    contract = Contract()
    server = Server("--timeline", ROOT / "data" / "timeline.json")
    client = Client(server.address, contract)
    server.wait_ready(client)
    section = "  examples:\n"
    for name, example in contract.document["components"]["examples"].items():
        reply = client.get(example["summary"].removeprefix("GET "))
        section += written(name, {"summary": example["summary"], "value": reply.json})
    client.close()
    server.stop()
    text = CONTRACT.read_text("utf-8")
    CONTRACT.write_text(SECTION.sub(lambda _: section, text, count=1), "utf-8")


if __name__ == "__main__":
    main()
