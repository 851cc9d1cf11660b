"""Months as the returns count them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from casework.periods import (
    last_day,
    month_of,
    months_between,
    months_from,
    next_month,
    parse_month,
)

days = some.dates(date(1990, 1, 1), date(2090, 12, 31))


@given(days)
def test_a_month_reaches_from_its_first_to_its_last_day(day):
    month = month_of(day)

    assert month.day == 1
    assert month <= day <= last_day(month)
    assert last_day(month) + timedelta(days=1) == next_month(month)


@given(days, some.integers(-200, 200))
def test_going_n_months_on_and_back_ends_where_it_began(day, n):
    month = month_of(day)

    assert months_from(months_from(month, n), -n) == month
    assert len(months_between(month, months_from(month, abs(n)))) == abs(n) + 1


def test_months_between_has_both_ends():
    assert months_between(date(2025, 12, 1), date(2026, 2, 1)) == [
        date(2025, 12, 1),
        date(2026, 1, 1),
        date(2026, 2, 1),
    ]
    assert months_between(date(2026, 2, 1), date(2026, 1, 1)) == []


def test_a_month_is_read_as_it_is_written():
    assert parse_month("2026-10") == date(2026, 10, 1)


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-13", "2026-1", "26-10", "10-2026", "x-y", "202a-10"]
)
def test_what_is_no_month_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011
        parse_month(text)
