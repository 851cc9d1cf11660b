"""Months as the returns count them. A month is named by its first day. Pure."""

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
