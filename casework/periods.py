"""Months and other periods as the returns count them. A month is named by its first day. Pure."""

import re
from dataclasses import dataclass
from datetime import date, timedelta


def month_of(day: date) -> date:
    """Return the first day of the month a day lies in."""
    return day.replace(day=1)


def months_from(month: date, n: int) -> date:
    """Return the month n months later (earlier when n is negative)."""
    years, zero_based = divmod(month.year * 12 + month.month - 1 + n, 12)
    return date(years, zero_based + 1, 1)


def next_month(month: date) -> date:
    return months_from(month, 1)


def last_day(month: date) -> date:
    return next_month(month) - timedelta(days=1)


def parse_month(text: str) -> date:
    """Read "2026-10". Raises ValueError for anything else."""
    year, dash, number = text.partition("-")
    if not dash or len(year) != 4 or len(number) != 2:
        raise ValueError(f"not a month like 2026-10: {text!r}")
    return date(int(year), int(number), 1)


def months_between(first: date, last: date) -> list[date]:
    """Return every month from `first` to `last`, both included."""
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    return [months_from(first, n) for n in range(count)]


# The statistical year of the returns begins in December: its halves are December to May and June
# to November (rules 6.4). Months, quarters and other spans are the calendar's.
STATISTICAL_YEAR_BEGINS = 12


@dataclass(frozen=True)
class Period:
    """What a return counts: whole months from `first` up to, and without, `end`.

    `kind` is month, quarter, half or year; `code` is how an address and a file name say it:
    2026-03, 2026-Q1, 2026-H1, 2026. Halves and years are those of the statistical year, which
    carries the number of the year it ends in.
    """

    kind: str
    first: date
    end: date
    code: str

    @property
    def last(self) -> date:
        return self.end - timedelta(days=1)


MONTHS_IN = {"month": 1, "quarter": 3, "half": 6, "year": 12}


def period_of(kind: str, day: date) -> Period:
    """Return the period of a kind that a day lies in. Raises KeyError for an unknown kind."""
    length = MONTHS_IN[kind]
    begins = STATISTICAL_YEAR_BEGINS if kind in ("half", "year") else 1
    into_year = (day.month - begins) % 12
    first = months_from(month_of(day), -(into_year % length))
    end = months_from(first, length)
    # The year in which the year of the period ends.
    year = months_from(first, 11 - into_year // length * length).year
    number = into_year // length + 1
    code = {
        "month": f"{first:%Y-%m}",
        "quarter": f"{year}-Q{number}",
        "half": f"{year}-H{number}",
        "year": f"{year}",
    }[kind]
    return Period(kind, first, end, code)


def parse_period(text: str) -> Period:
    """Read the code of a period. Raises ValueError for anything else."""
    match = re.fullmatch(r"([1-9]\d{3})(?:-(?:(0[1-9]|1[0-2])|Q([1-4])|H([12])))?", text)
    if not match:
        raise ValueError(f"not a period like 2026-03, 2026-Q1, 2026-H1 or 2026: {text!r}")
    year, month, quarter, half = (int(part) if part else 0 for part in match.groups())
    if month:
        return period_of("month", date(year, month, 1))
    if quarter:
        return period_of("quarter", date(year, quarter * 3, 1))
    first = months_from(date(year, STATISTICAL_YEAR_BEGINS, 1), -12)
    return period_of("half" if half else "year", months_from(first, 6 * (half == 2)))


def neighbour(period: Period, step: int) -> Period:
    """Return the period of the same kind `step` periods later (earlier when negative)."""
    return period_of(period.kind, months_from(period.first, step * MONTHS_IN[period.kind]))
