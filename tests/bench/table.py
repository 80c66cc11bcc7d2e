"""The table: a row for each target, the median of its rounds and how far they spread."""

import statistics
from typing import Callable, NamedTuple, Optional

from load import Sample


class Target(NamedTuple):
    bound: float
    unit: str  # what the figure is in; "×": times what it is compared with
    against: str = ""
    at_least: bool = False

    def is_met(self, value):
        return value >= self.bound if self.at_least else value <= self.bound

    def __str__(self):
        sign = "≥" if self.at_least else "≤"
        return f"{sign} {self.bound:g} {self.unit}{self.against and ' ' + self.against}"


class Row(NamedTuple):
    what: str
    target: Target
    figures: list  # one a round
    sample: Sample = Sample(0, 0, 0)
    memory: int = 0  # bytes resident
    beside: str = ""  # the peer's figures, or what else is to be known

    @property
    def figure(self):
        return statistics.median(self.figures)

    @property
    def verdict(self):
        if not self.figures:
            return "not run"
        return "met" if self.target.is_met(self.figure) else "missed"


def median(samples):
    """Field by field."""
    return Sample(*map(statistics.median, zip(*samples)))


def seconds(value):
    if value >= 1:
        return f"{value:.2f} s"
    return f"{value * 1e3:.2f} ms" if value >= 1e-3 else f"{value * 1e6:.0f} µs"


def brief(sample):
    """Rate and cost on one line, for the peer."""
    return f"{sample.rate:,.0f}/s at {sample.cpu * 1e6:.1f} µs"


def _number(value):
    return f"{value:.3g}" if value < 1000 else f"{value:,.0f}"


class Column(NamedTuple):
    title: str
    text: Callable[[Row], Optional[str]]


def _figure(row):
    return f"{_number(row.figure)} {row.target.unit}" if row.figures else ""


def _spread(row):
    return f"{_number(min(row.figures))}–{_number(max(row.figures))}" if row.figures else ""


COLUMNS = (
    Column("what", lambda row: row.what),
    Column("target", lambda row: str(row.target)),
    Column("measured", _figure),
    Column("spread", _spread),
    Column("", lambda row: row.verdict),
    Column("rate /s", lambda row: row.sample.rate and f"{row.sample.rate:,.0f}"),
    Column("p50", lambda row: row.sample.p50 and seconds(row.sample.p50)),
    Column("p99", lambda row: row.sample.p99 and seconds(row.sample.p99)),
    Column("CPU a reply", lambda row: row.sample.cpu and f"{row.sample.cpu * 1e6:.1f} µs"),
    Column("resident", lambda row: row.memory and f"{row.memory / 2**20:.0f} MiB"),
    Column("beside", lambda row: row.beside),
)


def render(rows):
    """Markdown, its columns aligned."""
    cells = [[column.title for column in COLUMNS]]
    cells += [[column.text(row) or "" for column in COLUMNS] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells)]
    cells.insert(1, ["-" * width for width in widths])
    return "\n".join(
        "| " + " | ".join(text.ljust(width) for text, width in zip(line, widths)) + " |"
        for line in cells
    )
