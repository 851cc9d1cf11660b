"""Time limits counted day by day: the vectors of rules 9.5, and what must hold for any calendar."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import assume, given
from hypothesis import strategies as st

from casework.rules.deadlines import (
    DECISION,
    LIMITS,
    LONGEST,
    MATERIAL_CHECK,
    SUPPLEMENT,
    Span,
    count,
    hours_due,
    is_provide_first_urgent,
    warned_roles,
)
from casework.terms import Counting
from stations.models import DayOff
from stations.roles import Role
from stations.workdays import WorkCalendar

VECTORS = [
    # start, days, the raw end of calendar days, their end, the end in working days
    ("2026-02-12", 7, "2026-02-19", "2026-02-24", "2026-02-28"),
    ("2026-04-29", 3, "2026-05-02", "2026-05-06", "2026-05-07"),
    ("2026-04-30", 3, "2026-05-03", "2026-05-06", "2026-05-08"),
    ("2026-03-06", 5, "2026-03-11", "2026-03-11", "2026-03-13"),
    ("2026-09-29", 7, "2026-10-06", "2026-10-08", "2026-10-14"),
    ("2026-09-16", 15, "2026-10-01", "2026-10-08", "2026-10-13"),
    ("2026-11-20", 7, "2026-11-27", "2026-11-27", "2026-12-01"),
]
EPOCH = date(2026, 1, 1)
WEEK = WorkCalendar()

days = st.integers(0, 730).map(lambda n: EPOCH + timedelta(days=n))
calendars = st.builds(
    WorkCalendar,
    days_off=st.frozensets(days, max_size=40),
    work_days=st.frozensets(days, max_size=20),
)
lengths = st.integers(1, 60)
countings = st.sampled_from([Counting.CALENDAR, Counting.WORKING])


def due(start, n, counting, calendar, pauses=(), today=None):
    return count(
        start, n, counting, calendar, pauses=pauses, today=today or start + timedelta(days=999)
    )


@pytest.mark.django_db
@pytest.mark.parametrize(("start", "n", "raw", "calendar_end", "working_end"), VECTORS)
def test_limits_end_as_the_rules_reckon(start, n, raw, calendar_end, working_end):
    calendar, start = DayOff.objects.calendar(), date.fromisoformat(start)

    by_days = due(start, n, Counting.CALENDAR, calendar)

    assert (by_days.raw_end.isoformat(), by_days.due_on.isoformat()) == (raw, calendar_end)
    assert due(start, n, Counting.WORKING, calendar).due_on.isoformat() == working_end


@pytest.mark.django_db
def test_the_days_on_which_papers_are_supplied_do_not_count():
    """Received Monday 2 March, notice served on the 4th, supplied on the 10th (rules 9.5)."""
    total = due(
        date(2026, 3, 2),
        7,
        Counting.CALENDAR,
        DayOff.objects.calendar(),
        pauses=[Span(date(2026, 3, 4), date(2026, 3, 10), "等补充材料")],
    )

    counted = [day.on.day for day in total.days if day.kind == "counted"]
    assert counted == [3, 4, 11, 12, 13, 14, 15]
    assert [day.on.day for day in total.days if day.kind == "paused"] == [5, 6, 7, 8, 9, 10]
    assert (total.raw_end, total.due_on) == (date(2026, 3, 15), date(2026, 3, 16))
    assert [day.kind for day in total.days][-1] == "moved"


def test_a_limit_that_began_before_a_month_end_runs_on_into_the_next():
    assert due(date(2026, 2, 27), 3, Counting.CALENDAR, WEEK).due_on == date(2026, 3, 2)
    assert due(date(2026, 12, 30), 5, Counting.CALENDAR, WEEK).due_on == date(2027, 1, 4)


def test_the_29th_of_february_is_a_day_like_others():
    total = due(date(2028, 2, 25), 7, Counting.CALENDAR, WEEK)

    assert date(2028, 2, 29) in [day.on for day in total.days]
    assert total.due_on == date(2028, 3, 3)


def test_working_days_leave_out_days_off_and_take_in_make_up_days():
    calendar = WorkCalendar(
        days_off=frozenset({date(2026, 5, 4), date(2026, 5, 5)}),
        work_days=frozenset({date(2026, 5, 9)}),
    )

    total = due(date(2026, 5, 1), 4, Counting.WORKING, calendar)

    assert total.due_on == date(2026, 5, 9)
    assert [day.on.day for day in total.days if day.kind == "off"] == [2, 3, 4, 5]


def test_while_papers_are_awaited_the_end_is_what_it_would_be_if_they_came_today():
    def ends(today):
        return due(
            date(2026, 3, 2),
            7,
            Counting.CALENDAR,
            WEEK,
            pauses=[Span(date(2026, 3, 4), None)],
            today=today,
        ).raw_end

    assert ends(date(2026, 3, 4)) == date(2026, 3, 9)
    assert ends(date(2026, 3, 10)) == date(2026, 3, 15)
    assert ends(date(2026, 3, 11)) == date(2026, 3, 16)


def test_a_pause_of_years_is_counted_too():
    total = due(
        date(2026, 3, 2),
        7,
        Counting.CALENDAR,
        WEEK,
        pauses=[Span(date(2026, 3, 4), date(2029, 3, 4))],
    )

    assert total.raw_end == date(2029, 3, 9)


@pytest.mark.parametrize("length", [0, -1, LONGEST + 1])
def test_a_length_nobody_sets_is_refused(length):
    with pytest.raises(ValueError, match="a limit of"):
        due(EPOCH, length, Counting.CALENDAR, WEEK)


def test_hours_are_not_counted_in_days():
    with pytest.raises(ValueError, match="hours"):
        due(EPOCH, 24, Counting.HOURS, WEEK)


def test_hours_run_over_the_days_of_rest():
    friday = timezone.make_aware(datetime(2026, 10, 2, 16, 30))

    assert hours_due(friday, 24) == timezone.make_aware(datetime(2026, 10, 3, 16, 30))


@pytest.mark.parametrize(
    ("limitation_on", "is_urgent"),
    [
        (None, False),
        (date(2026, 11, 4), False),
        (date(2026, 11, 5), True),
        (date(2026, 11, 11), True),
        (date(2026, 11, 12), False),
    ],
)
def test_less_than_seven_days_of_a_limitation_are_urgent(limitation_on, is_urgent):
    assert is_provide_first_urgent(limitation_on, date(2026, 11, 5)) == is_urgent


@pytest.mark.parametrize("number", [MATERIAL_CHECK, SUPPLEMENT, DECISION])
def test_whoever_holds_the_file_is_warned(number):
    assert warned_roles(number, is_at_station=True)[0] == Role.CLERK
    assert warned_roles(number, is_at_station=False)[0] == Role.REVIEWER


def test_a_limit_names_an_article_exactly_where_the_law_gives_a_number():
    statutory = {number: limit.length for number, limit in LIMITS.items() if limit.is_statutory}

    assert statutory == {9: 7, 12: 3, 14: 24, 15: 5, 18: 5}


# ── For any calendar ──────────────────────────────────────────────────────────────────


@given(days, lengths, countings, calendars)
def test_a_limit_never_ends_on_a_day_off_nor_before_the_plain_count(start, n, how, calendar):
    total = due(start, n, how, calendar)

    assert calendar.is_working_day(total.due_on)
    assert total.due_on >= total.raw_end >= start + timedelta(days=n)
    assert [day.n for day in total.days if day.n] == list(range(1, n + 1))
    assert [day.on for day in total.days] == [
        start + timedelta(days=k) for k in range((total.due_on - start).days + 1)
    ]


@given(days, st.integers(0, 30), lengths, countings, calendars)
def test_a_later_start_is_never_due_earlier(start, later, n, how, calendar):
    first = due(start, n, how, calendar)
    second = due(start + timedelta(days=later), n, how, calendar)

    assert second.due_on >= first.due_on


@given(days, lengths, st.integers(0, 30), countings, calendars)
def test_a_longer_limit_is_never_due_earlier(start, n, more, how, calendar):
    assume(n + more <= LONGEST)

    assert due(start, n + more, how, calendar).due_on >= due(start, n, how, calendar).due_on


@given(days, lengths, countings, calendars, days)
def test_a_day_off_taken_back_never_lengthens_a_limit(start, n, how, calendar, off):
    fewer = WorkCalendar(calendar.days_off - {off}, calendar.work_days)

    assert due(start, n, how, fewer).due_on <= due(start, n, how, calendar).due_on


@given(days, st.integers(2, 60), st.data(), st.integers(1, 90), calendars)
def test_a_pause_moves_the_end_by_its_days(start, n, data, pause, calendar):
    """In calendar days; the last day may still move off a day of rest."""
    from_on = start + timedelta(days=data.draw(st.integers(0, n - 1)))
    span = Span(from_on, from_on + timedelta(days=pause))

    plain = due(start, n, Counting.CALENDAR, calendar)
    paused = due(start, n, Counting.CALENDAR, calendar, pauses=[span])

    assert paused.raw_end == plain.raw_end + timedelta(days=pause)
    assert paused.due_on >= plain.due_on


@given(days, lengths, st.integers(0, 40), st.integers(1, 40), st.data(), countings, calendars)
def test_splitting_a_pause_changes_nothing(start, n, after, pause, data, how, calendar):
    from_on = start + timedelta(days=after)
    to_on = from_on + timedelta(days=pause)
    middle = from_on + timedelta(days=data.draw(st.integers(0, pause)))

    whole = due(start, n, how, calendar, pauses=[Span(from_on, to_on)])
    split = due(start, n, how, calendar, pauses=[Span(from_on, middle), Span(middle, to_on)])

    assert whole.due_on == split.due_on


@given(days, lengths, st.integers(0, 40), st.integers(0, 60), countings, calendars)
def test_an_open_pause_ends_as_one_that_is_closed_today(start, n, after, waited, how, calendar):
    from_on = start + timedelta(days=after)
    today = from_on + timedelta(days=waited)

    still = due(start, n, how, calendar, pauses=[Span(from_on, None)], today=today)
    closed = due(start, n, how, calendar, pauses=[Span(from_on, today)], today=today)

    assert still == closed


@given(days, lengths, st.integers(1, 400), countings, calendars)
def test_a_pause_after_the_end_changes_nothing(start, n, pause, how, calendar):
    plain = due(start, n, how, calendar)
    late = Span(plain.raw_end, plain.raw_end + timedelta(days=pause))

    assert due(start, n, how, calendar, pauses=[late]).due_on == plain.due_on
