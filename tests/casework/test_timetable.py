from datetime import date, timedelta

import pytest
from django.utils import timezone

from casework import notices, timetable
from casework.models import Deadline, DeadlineChange, MonthlyReport, Notice, Recount
from casework.notices import tell
from casework.periods import month_of, months_from
from casework.rules import deadlines as limits
from casework.terms import NoticeKind
from casework.time_limits import clocks, recounts
from casework.timetable import (
    open_months,
    recount_after_calendar,
    sweep_messages,
    warn_of_deadlines,
)
from stations.calendar import day_off_file
from stations.models import DayOff
from stations.roles import Role
from tests.conftest import at


def opened():
    return sorted(MonthlyReport.objects.values_list("station__short_name", "month"), key=str)


def test_the_calendar_opens_last_month_and_this_month_for_every_place(
    station, next_station, county
):
    this_month = month_of(timezone.localdate())
    last_month = months_from(this_month, -1)

    open_months()

    assert opened() == sorted(
        [
            (name, month)
            for name in (None, "青溪", "石桥")
            for month in (last_month, this_month)
        ],
        key=str,
    )


def test_running_it_again_changes_nothing(station):
    open_months()
    before = list(MonthlyReport.objects.values())

    open_months()

    assert list(MonthlyReport.objects.values()) == before


def test_a_station_owes_no_report_for_months_it_was_not_open(station, next_station):
    this_month = month_of(timezone.localdate())
    last_month = months_from(this_month, -1)
    station.opened_on = this_month
    station.save()
    next_station.closed_on = this_month
    next_station.save()

    open_months()

    assert [row for row in opened() if row[0]] == [("石桥", last_month), ("青溪", this_month)]


def test_a_station_that_closed_in_the_month_still_owes_it(station):
    last_month = months_from(month_of(timezone.localdate()), -1)
    station.closed_on = last_month + timedelta(days=1)
    station.save()

    open_months()

    assert [row for row in opened() if row[0]] == [("青溪", last_month)]


# ── Clocks ────────────────────────────────────────────────────────────────────────────


def due_on(application):
    return application.deadlines.get(number=limits.DECISION).due_on


def after_calendar():
    """What the beat owes when days off have changed, and what a worker then does."""
    recount_after_calendar()
    for recount in Recount.objects.owed():
        recounts.work_on(recount.pk)


def test_a_county_s_new_day_off_moves_its_clocks_and_leaves_a_log(
    make_application, county, next_county
):
    application = make_application(received_at=at(2026, 3, 2))
    after_calendar()
    assert not DeadlineChange.objects.exists()

    day_off_file.save([(date(2026, 3, 9), True, "停工")], county=county, source="县政府")
    recount_after_calendar()

    # Owed only to the county whose days changed; a worker counts, in portions, and can be watched.
    owed = Recount.objects.owed().get()
    assert (owed.county, owed.total, due_on(application)) == (county, 2, date(2026, 3, 9))

    recounts.work_on(owed.pk)

    assert due_on(application) == date(2026, 3, 10)
    assert DeadlineChange.objects.get().why == "工作日历有变动"


def test_a_day_off_taken_back_moves_them_back(make_application, county):
    application = make_application(received_at=at(2026, 3, 2))
    day_off_file.save([(date(2026, 3, 9), True, "停工")], county=county, source="县政府")
    after_calendar()

    DayOff.objects.filter(county=county).delete()
    after_calendar()

    assert due_on(application) == date(2026, 3, 9)
    assert DeadlineChange.objects.count() == 2


def test_an_unchanged_calendar_counts_nothing_anew(make_application, county):
    make_application()
    after_calendar()

    recount_after_calendar()

    assert not Recount.objects.owed().exists()


@pytest.fixture
def now(monkeypatch):
    """Set what time it is for the clockwork."""

    def set_to(moment):
        monkeypatch.setattr(timetable.timezone, "now", lambda: moment)

    return set_to


def test_warnings_go_to_every_county_and_once(
    make_application, far_station, next_county, county, now
):
    for place in (None, far_station):
        make_application(place, received_at=at(2026, 3, 2), id_number="")
    now(at(2026, 3, 10))

    for _run in range(2):
        warn_of_deadlines()

    # Forwarding and decision are late at both stations.
    warned = Notice.objects.filter(kind=NoticeKind.WARNING, role=Role.DIRECTOR)
    assert sorted(notice.county.short_name for notice in warned) == ["清", "清", "白", "白"]


def test_the_clockwork_ends_what_has_lapsed_even_at_night(make_application, now):
    application = make_application(received_at=at(2026, 3, 2))
    clocks.stop_all(application)
    clocks.start(application, limits.OBJECTION_PERIOD, at=at(2026, 3, 2))
    now(at(2026, 3, 18, 3))

    warn_of_deadlines()

    assert not Deadline.objects.running().exists()


def test_a_message_that_lost_its_worker_is_sent_again(station, monkeypatch):
    handed = []
    monkeypatch.setattr(timetable, "hand_over", lambda *errand: handed.append(errand))
    old, young = (tell(Role.CLERK, station, "x", kind=NoticeKind.MESSAGE) for _n in range(2))
    tell(Role.CLERK, station, "x", kind=NoticeKind.CALL)
    for notice, minutes in ((old, 3), (young, 1)):
        Notice.objects.filter(pk=notice.pk).update(
            made_at=timezone.now() - timedelta(minutes=minutes)
        )

    sweep_messages()

    assert handed == [(notices.SEND, old.pk)]
