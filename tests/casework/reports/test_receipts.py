from datetime import date, timedelta

import pytest

from casework.models import MonthlyReport
from casework.periods import months_from
from casework.reports import months
from casework.reports.receipts import State, receipts, standing, state_of
from casework.terms import ReportStatus
from tests.conftest import at

MARCH = date(2026, 3, 1)
DUE_ON = date(2026, 4, 8)


@pytest.mark.parametrize(
    ("status", "first_sent_at", "today", "state"),
    [
        (ReportStatus.OPEN, None, DUE_ON, State.WAITING),
        (ReportStatus.OPEN, None, DUE_ON + timedelta(days=1), State.OVERDUE),
        (ReportStatus.SENT, at(2026, 4, 8, 23, 59), DUE_ON, State.ON_TIME),
        (ReportStatus.SENT, at(2026, 4, 9, 0, 1), DUE_ON, State.LATE),
        (ReportStatus.CONFIRMED, at(2026, 4, 8), DUE_ON, State.ON_TIME),
        (ReportStatus.RETURNED, at(2026, 4, 8), DUE_ON, State.RETURNED),
        (ReportStatus.OPEN, at(2026, 4, 8), DUE_ON, State.ON_TIME),
    ],
)
def test_the_state_of_a_report(status, first_sent_at, today, state):
    report = MonthlyReport(
        month=MARCH, due_on=DUE_ON, status=status, first_sent_at=first_sent_at
    )

    assert state_of(report, today) == state


def test_a_month_before_a_station_opened_is_not_missing(station, county):
    station.opened_on = date(2026, 3, 10)
    station.save()
    months.open_month(station, MARCH)

    [row] = receipts(county, [months_from(MARCH, -1), MARCH], DUE_ON).values()

    assert [receipt.state for receipt in row] == [State.CLOSED, State.WAITING]


@pytest.mark.parametrize("count", [1, 6])
def test_many_stations_cost_as_much_as_one(
    county, make_station, count, django_assert_num_queries
):
    for n in range(count):
        months.open_month(make_station(county, 110 + n, f"站{n}"), MARCH)

    with django_assert_num_queries(2):
        rows = receipts(county, [months_from(MARCH, -n) for n in range(11, -1, -1)], DUE_ON)

    assert len(rows) == count


def test_who_had_sent_at_a_moment_does_not_change_later(
    station, next_station, county, head, director
):
    sent = months.send(months.open_month(station, MARCH), by=head, is_zero_confirmed=True)
    moment = sent.sent_at
    months.return_to_station(sent, by=director, reason="改")
    months.send(months.open_month(next_station, MARCH), by=head, is_zero_confirmed=True)

    then, now = standing(county, MARCH, at=moment), standing(county, MARCH)

    assert (then.received, then.missing) == ((station,), (next_station,))
    assert now.received == (station, next_station)
    assert now.expected == (station, next_station)
