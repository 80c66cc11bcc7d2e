"""The same rows as NDJSON and as CSV."""

import csv
import io
import json


def cell(value):
    """A JSON value as a CSV cell holds it: lists joined by `;`, with `\\;` and `\\\\` inside."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ";".join(one.replace("\\", "\\\\").replace(";", "\\;") for one in value)
    return str(value)


def ndjson_faults(data, rows):
    """Lines that say where NDJSON differs from the rows of the JSON answer."""
    lines = data.decode("utf-8").split("\n")
    if lines.pop() != "":
        yield "NDJSON: no final newline"
    if len(lines) != len(rows):
        yield f"NDJSON: {len(lines)} lines, expected {len(rows)}"
    for number, (line, row) in enumerate(zip(lines, rows), 1):
        if list(json.loads(line).items()) != list(row.items()):
            yield f"NDJSON line {number}: {line}, expected {row!r}"


def csv_faults(data, rows):
    """Lines that say where CSV differs from the rows of the JSON answer."""
    text = data.decode("utf-8")
    if not text.endswith("\r\n"):
        yield "CSV: no final CRLF"
    header, *lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    if len(lines) != len(rows):
        yield f"CSV: {len(lines)} records, expected {len(rows)}"
    for number, (line, row) in enumerate(zip(lines, rows), 1):
        if header != list(row):
            yield f"CSV header: {header}, expected {list(row)}"
            break
        if line != [cell(value) for value in row.values()]:
            yield f"CSV record {number}: {line}, expected {list(row.values())}"
