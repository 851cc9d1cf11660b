"""Quarters: first and last days, and the year's end."""

from datetime import date

import pytest

from stations.calendar.quarters import last_day_of, next_quarter, number_of, quarter_of


@pytest.mark.parametrize(
    ("day", "first", "last", "number"),
    [
        (date(2026, 1, 1), date(2026, 1, 1), date(2026, 3, 31), 1),
        (date(2026, 6, 30), date(2026, 4, 1), date(2026, 6, 30), 2),
        (date(2026, 8, 15), date(2026, 7, 1), date(2026, 9, 30), 3),
        (date(2026, 12, 31), date(2026, 10, 1), date(2026, 12, 31), 4),
    ],
)
def test_a_day_lies_in_its_quarter(day, first, last, number):
    quarter = quarter_of(day)

    assert (quarter, last_day_of(quarter), number_of(quarter)) == (first, last, number)


def test_the_quarter_after_the_last_is_next_year_s_first():
    assert next_quarter(date(2026, 10, 1)) == date(2027, 1, 1)
