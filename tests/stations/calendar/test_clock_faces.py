"""Words and colours of a clock, as a table (rules 9.3; the vectors of 9.5 give the due days)."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from stations.calendar.clock_faces import clock, hours_clock
from stations.models import DayOff
from stations.workdays import WorkCalendar

WEEK = WorkCalendar()
# A limit of eight days: Monday 2 November to Tuesday 10 November 2026.
START, DUE_ON = date(2026, 11, 2), date(2026, 11, 10)


@pytest.mark.parametrize(
    ("today", "state", "label"),
    [
        (date(2026, 11, 2), "calm", "还剩8天"),
        (date(2026, 11, 5), "calm", "还剩5天"),
        (date(2026, 11, 6), "half", "还剩4天"),
        (date(2026, 11, 7), "half", "还剩3天"),
        (date(2026, 11, 8), "near", "还剩2天"),
        (date(2026, 11, 9), "near", "还剩1天"),
        (date(2026, 11, 10), "near", "今日到期"),
        (date(2026, 11, 11), "over", "逾期1天"),
        (date(2026, 12, 10), "over", "逾期30天"),
    ],
)
def test_a_clock_of_calendar_days_reads(today, state, label):
    found = clock(today, START, DUE_ON, WEEK)

    assert (found.state, found.label, found.due_on) == (state, label, DUE_ON)


@pytest.mark.parametrize(
    ("today", "state", "label"),
    [
        # The monthly analysis of October: five working days after the 31st.
        (date(2026, 10, 31), "calm", "还剩5个工作日"),
        (date(2026, 11, 1), "calm", "还剩5个工作日"),
        (date(2026, 11, 3), "calm", "还剩3个工作日"),
        (date(2026, 11, 4), "half", "还剩2个工作日"),
        (date(2026, 11, 5), "near", "还剩1个工作日"),
        (date(2026, 11, 6), "near", "今日到期"),
        # What is late is late on a Saturday too.
        (date(2026, 11, 7), "over", "逾期1天"),
        (date(2026, 11, 10), "over", "逾期4天"),
    ],
)
def test_a_clock_of_working_days_reads(today, state, label):
    found = clock(today, date(2026, 10, 31), date(2026, 11, 6), WEEK, working=True)

    assert (found.state, found.label) == (state, label)


@pytest.mark.parametrize(
    ("today", "start", "n", "label"),
    [
        ("2026-02-16", "2026-02-12", 7, "还剩8天"),
        ("2026-05-05", "2026-04-29", 3, "还剩1天"),
        ("2026-10-07", "2026-09-29", 7, "还剩1天"),
        ("2026-10-09", "2026-09-16", 15, "逾期1天"),
    ],
)
@pytest.mark.django_db
def test_clocks_run_to_the_rolled_over_day(today, start, n, label):
    calendar = DayOff.objects.calendar()
    start = date.fromisoformat(start)

    found = clock(date.fromisoformat(today), start, calendar.due_on(start, n), calendar)

    assert found.label == label


def test_a_clock_that_is_done_says_when_even_if_it_was_late():
    found = clock(date(2026, 11, 20), START, DUE_ON, WEEK, done_on=date(2026, 11, 4))

    assert (found.state, found.label, found.is_open) == ("done", "11月4日办结", False)


def test_a_paused_clock_counts_nothing():
    found = clock(date(2026, 11, 20), START, DUE_ON, WEEK, is_paused=True)

    assert (found.state, found.label, found.is_open) == ("paused", "暂停计时", True)


@pytest.mark.parametrize(
    ("passed", "state", "label"),
    [
        ({"hours": 0}, "calm", "还剩24小时"),
        ({"hours": 11, "minutes": 30}, "calm", "还剩12小时"),
        ({"hours": 12}, "half", "还剩12小时"),
        ({"hours": 18}, "near", "还剩6小时"),
        ({"hours": 23, "minutes": 4}, "near", "还剩56分钟"),
        ({"hours": 24}, "near", "还剩0分钟"),
        ({"hours": 24, "minutes": 20}, "over", "逾期20分钟"),
        ({"hours": 27}, "over", "逾期3小时"),
        ({"hours": 24 * 4}, "over", "逾期3天"),
    ],
)
def test_a_clock_of_hours_reads(passed, state, label):
    """A day and a night from Friday afternoon; Saturday counts like any other day."""
    start = timezone.make_aware(datetime(2026, 11, 6, 16))

    found = hours_clock(start + timedelta(**passed), start, start + timedelta(hours=24))

    assert (found.state, found.label, found.due_on) == (state, label, date(2026, 11, 7))


def test_the_words_follow_the_reader():
    with translation.override("en"):
        assert clock(date(2026, 11, 9), START, DUE_ON, WEEK).label == "1 day left"


@given(st.integers(0, 90), st.integers(-30, 120), st.booleans())
def test_a_clock_is_over_exactly_after_its_due_day_and_only_grows_worse(
    length, passed, working
):
    start = date(2026, 1, 5)
    due_on = start + timedelta(days=length)
    order = ["calm", "half", "near", "over"]

    def state(day):
        return clock(day, start, due_on, WEEK, working=working).state

    today = start + timedelta(days=passed)
    assert (state(today) == "over") == (today > due_on)
    assert order.index(state(today)) <= order.index(state(today + timedelta(days=1)))
