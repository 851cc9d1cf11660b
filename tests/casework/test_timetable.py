from datetime import timedelta

from django.utils import timezone

from casework.models import MonthlyReport
from casework.periods import month_of, months_from
from casework.timetable import open_months


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
