"""What duty persons took up on their days, beside their subsidies."""

from datetime import date

import pytest

from casework.register import writing
from casework.register.on_duty import entries_received
from stations.duty import months, subsidies
from stations.models import DutySlot
from tests.conftest import at
from tests.stations.duty_world import MONTH, TODAY, make_panel, put, set_clock

pytestmark = pytest.mark.django_db


def test_the_sheet_shows_what_each_took_up_on_the_days_they_stood_and_keeps_it(
    station,
    next_station,
    make_worker,
    make_user,
    make_entry,
    reviewer,
    director,
    clerk,
    head,
    monkeypatch,
):
    set_clock(monkeypatch, 2026, 11, 10, 17, 0)
    xu, he, _jiang = make_panel(make_worker, make_user, station, next_station)
    for half in ("am", "pm"):
        put(station, xu, TODAY, half)
    put(station, he, date(2026, 11, 11))
    months.publish(station.county, MONTH, by=reviewer)
    DutySlot.objects.filter(worker=xu).update(signed_in_at=at(2026, 11, 10, 9))

    def received(by, day=TODAY, place=station):
        return make_entry(place, receiver=by, occurred_at=at(day.year, day.month, day.day, 10))

    received(xu.user)
    received(xu.user)
    # Another day, another station, another person, and one that is declared void.
    received(xu.user, date(2026, 11, 9))
    received(xu.user, place=next_station)
    received(clerk)
    received(he.user)
    writing.declare_void(received(xu.user), by=head, reason="重复登记")

    assert entries_received(station.county, TODAY, TODAY)[xu.user_id, station.pk, TODAY] == 2
    sheet = subsidies.sheet_of(station.county, MONTH)
    assert {line.name: line.handled for line in sheet.lines} == {"许文静": 2, "何平": 0}
    assert sheet.amount == 200

    set_clock(monkeypatch, 2026, 12, 1)
    subsidies.lock(station.county, MONTH, by=director)
    received(xu.user)
    assert subsidies.sheet_of(station.county, MONTH).handled == 2
