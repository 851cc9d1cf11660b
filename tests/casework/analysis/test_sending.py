"""Twelve of twelve: which monthly analyses of a station were due, and which came."""

from datetime import date

import pytest
from django.utils import timezone

from casework.analysis.sending import last_twelve_months
from casework.models import MonthlyReport

pytestmark = pytest.mark.django_db


def month(station, first, due_on, *, is_sent):
    return MonthlyReport.objects.create(
        county=station.county,
        station=station,
        month=first,
        due_on=due_on,
        first_sent_at=timezone.now() if is_sent else None,
    )


def test_only_the_last_twelve_months_whose_day_has_passed_are_counted(
    county, station, next_station, far_station
):
    today = date(2026, 11, 25)
    for n in range(1, 11):
        month(station, date(2026, n, 1), date(2026, n + 1, 6), is_sent=n != 4)
    month(station, date(2025, 12, 1), date(2026, 1, 8), is_sent=True)
    month(station, date(2025, 11, 1), date(2025, 12, 5), is_sent=True)
    # Older than twelve months, and not due yet.
    month(station, date(2025, 10, 1), date(2025, 11, 7), is_sent=False)
    month(station, date(2026, 11, 1), date(2026, 12, 7), is_sent=False)
    month(next_station, date(2026, 10, 1), date(2026, 11, 6), is_sent=True)
    month(far_station, date(2026, 10, 1), date(2026, 11, 6), is_sent=True)

    assert last_twelve_months(county, today) == {
        station.pk: (12, 11),
        next_station.pk: (1, 1),
    }
    assert last_twelve_months(county, date(2025, 1, 1)) == {}
