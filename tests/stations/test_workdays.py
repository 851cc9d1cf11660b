"""The vectors of rules 9.5 on the calendar of 2026, and what must hold for any calendar."""

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from stations.models import DayOff
from stations.workdays import WorkCalendar

VECTORS = [
    ("2026-02-12", 7, "2026-02-24", "2026-02-28"),
    ("2026-04-29", 3, "2026-05-06", "2026-05-07"),
    ("2026-04-30", 3, "2026-05-06", "2026-05-08"),
    ("2026-03-06", 5, "2026-03-11", "2026-03-13"),
    ("2026-09-29", 7, "2026-10-08", "2026-10-14"),
    ("2026-09-16", 15, "2026-10-08", "2026-10-13"),
    ("2026-11-20", 7, "2026-11-27", "2026-12-01"),
]
EPOCH = date(2026, 1, 1)

days = st.integers(0, 730).map(lambda n: EPOCH + timedelta(days=n))
calendars = st.builds(
    WorkCalendar,
    days_off=st.frozensets(days, max_size=40),
    work_days=st.frozensets(days, max_size=20),
)
lengths = st.integers(0, 60)


@pytest.mark.django_db
@pytest.mark.parametrize(("start", "n", "calendar_due_on", "working_due_on"), VECTORS)
def test_periods_end_as_the_rules_reckon(start, n, calendar_due_on, working_due_on):
    calendar = DayOff.objects.calendar()

    assert calendar.due_on(date.fromisoformat(start), n).isoformat() == calendar_due_on
    assert (
        calendar.due_on(date.fromisoformat(start), n, working=True).isoformat()
        == working_due_on
    )


def test_a_make_up_saturday_is_a_working_day_and_a_holiday_monday_is_not():
    calendar = WorkCalendar(
        days_off=frozenset({date(2026, 2, 16)}), work_days=frozenset({date(2026, 2, 14)})
    )

    assert calendar.is_working_day(date(2026, 2, 14))
    assert not calendar.is_working_day(date(2026, 2, 16))


@given(calendars, days, lengths)
def test_working_days_end_on_a_working_day_and_are_counted_back(calendar, start, n):
    assume(n > 0)
    end = calendar.add_working_days(start, n)

    assert calendar.is_working_day(end)
    assert calendar.working_days_between(start, end) == n


@given(calendars, days, lengths)
def test_a_period_never_ends_on_a_day_off_nor_early(calendar, start, n):
    due_on = calendar.due_on(start, n)

    assert calendar.is_working_day(due_on)
    assert due_on >= start + timedelta(days=n)


@given(calendars, days, lengths)
def test_calendar_days_roll_over_days_off_only(calendar, start, n):
    plain_end = start + timedelta(days=n)
    due_on = calendar.due_on(start, n)

    skipped = [plain_end + timedelta(days=k) for k in range((due_on - plain_end).days)]
    assert not any(calendar.is_working_day(day) for day in skipped)


@given(calendars, days, days, days)
def test_counting_working_days_adds_up(calendar, first, second, third):
    first, second, third = sorted([first, second, third])

    assert calendar.working_days_between(first, third) == (
        calendar.working_days_between(first, second)
        + calendar.working_days_between(second, third)
    )


@given(calendars, days, lengths)
def test_more_working_days_end_later(calendar, start, n):
    assert calendar.add_working_days(start, n + 1) > calendar.add_working_days(start, n)


@given(calendars, days)
def test_nothing_lies_between_a_day_and_an_earlier_one(calendar, day):
    assert calendar.working_days_between(day, day - timedelta(days=5)) == 0
