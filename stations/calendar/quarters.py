"""Quarters of the calendar year, by which outreach is planned and training laid out."""

from datetime import date, timedelta


def quarter_of(day: date) -> date:
    """Return the first day of the quarter a day lies in."""
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def next_quarter(quarter: date) -> date:
    """Return the first day of the quarter after."""
    return quarter_of(quarter + timedelta(days=95))


def last_day_of(quarter: date) -> date:
    return next_quarter(quarter) - timedelta(days=1)


def quarters_of(year: int) -> list[date]:
    return [date(year, month, 1) for month in (1, 4, 7, 10)]


def number_of(quarter: date) -> int:
    """Return 1 to 4."""
    return (quarter.month + 2) // 3
