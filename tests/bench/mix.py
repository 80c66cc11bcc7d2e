"""What is asked: the published mix behind the figures of docs/performance.md.

Filters are narrow and wide, frequent and rare in even parts; no row is measured on its best case.
"""

import itertools
import random

from generate import COMMON, COUNTRIES, DAYS, GROUPS, RARE

LIST_ROWS = 20
YEARS = range(int(DAYS[0][:4]), int(DAYS[-1][:4]) + 1)


def windows(name_from="from", name_to="to"):
    """A day, a month, a quarter, a year, five years, an open beginning, an open end."""
    for year in YEARS:
        yield f"{name_from}={year}-05-17&{name_to}={year}-05-17"
        yield f"{name_from}={year}-09&{name_to}={year}-09"
        yield f"{name_from}={year}-04&{name_to}={year}-06"
        yield f"{name_from}={year}&{name_to}={year}"
        yield f"{name_from}={year}-02-03&{name_to}={year + 5}-02-02"
        yield f"{name_to}={year}-07"
        yield f"{name_from}={year}-07"


def meeting_filters():
    """Lists of meetings; the peer server knows these parameters, too."""
    yield ""
    yield from windows()
    series = [f"series=group-{number}" for number in range(len(GROUPS))]
    status = [f"status={word}" for word in ("held", "planned", "postponed", "cancelled")]
    kind = [f"kind={word}" for word in ("meeting", "conference", "call")]
    yield from series
    yield from status
    yield from kind
    yield from (f"country={code}" for code in ("DE", "BE", "UA", "JP", "BR"))
    yield from (f"convener={code.lower()}" for code in COUNTRIES[:20])
    yield from (f"participant=person-{number}" for number in range(20, 60))
    for one, other in zip(series, itertools.cycle(status)):
        yield f"{one}&{other}"
    for year, one, other in zip(YEARS, itertools.cycle(status), itertools.cycle(kind)):
        yield f"from={year}&{one}&{other}&to={year}"


def aid_filters():
    """First counts over a million records: none is asked twice."""
    yield from windows()
    yield from (f"donor={code.lower()}" for code in COUNTRIES[:30])
    yield from (f"currency={code}" for code in ("USD", "EUR", "GBP", "PLN"))
    yield from (f"category={word}" for word in ("military", "financial", "humanitarian"))
    yield from (f"mechanism={word}" for word in ("drawdown", "security-fund", "none"))
    yield from ("kind=package", "kind=cumulative", "recipient=ua", "superseded=false")
    yield from ("undated=true", "undated=false", "date_basis=stated", "date_basis=derived")
    yield from (f"source=report-{number}" for number in range(20))
    yield from (f"year={year}" for year in YEARS)
    yield from (f"month={year}-03" for year in YEARS)
    for year, category in zip(YEARS, itertools.cycle(("military", "financial", "unspecified"))):
        yield f"category={category}&from={year}&to={year + 3}"
        yield f"dates=certain&from={year}&to={year + 1}"
    for code, mechanism in zip(COUNTRIES[:12], itertools.cycle(("drawdown", "loan-facility"))):
        yield f"donor={code.lower()}&from=2016&mechanism={mechanism}&to=2023"
    yield from (f"currency=USD&min_amount={10**power}" for power in range(3, 10))
    yield from (f"counted=true&from={year}&to={year}" for year in YEARS)


def totals_targets():
    """By donor and year over everything: the same question in many forms of row."""
    fields = ("kind", "donor_name", "amount", "count", "qualifier", "currency", "figures")
    for order in itertools.permutations(fields, 2):
        yield "/v1/aid/totals?group_by=donor,year&fields=donor,year," + ",".join(order)


def filtered_totals_targets():
    """By donor and year of a part: a filter, a window, both."""
    filters = [f"category={word}" for word in ("military", "financial", "humanitarian")]
    filters += [f"mechanism={word}" for word in ("drawdown", "peace-facility", "none")]
    filters += [f"currency={code}" for code in ("USD", "EUR")] + ["recipient=ua"]
    for window in windows():
        yield f"/v1/aid/totals?group_by=donor,year&{window}"
    for one in filters:
        yield f"/v1/aid/totals?group_by=donor,year&{one}"
    for one, window in zip(itertools.cycle(filters), itertools.islice(windows(), 0, None, 3)):
        yield f"/v1/aid/totals?group_by=donor,year&{one}&{window}"


def _searches(words):
    for limit in (10, 20, 50, 100):
        for word in words:
            yield f"/v1/search?limit={limit}&q={word}"


def rare_searches():
    """Words that 1 % of the records have."""
    yield from _searches(RARE)


def common_searches():
    """Words that 30 % of the records have, alone, two together, and as a prefix."""
    yield from _searches(COMMON)
    yield from _searches(f"{one}+{other}" for one, other in zip(COMMON, COMMON[3:] + COMMON[:3]))
    yield from _searches(word[:5] for word in COMMON)


def item_targets(count):
    numbers = random.Random(1).sample(range(count), min(count, 40_000))
    return [f"/v1/meetings/meeting-{number}" for number in numbers]


def list_target(filters):
    return f"/v1/meetings?{filters}{'&' if filters else ''}limit={LIST_ROWS}"
