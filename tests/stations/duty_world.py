"""A small county on duty: three people at two stations, and a clock to set."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from stations.duty import months
from stations.models import DutySlot
from stations.roles import Role
from tests.conftest import appoint, at

# The clock of these tests stands on Tuesday, 10 November 2026, unless a test moves it.
MONTH = date(2026, 11, 1)
TODAY = date(2026, 11, 10)


def set_clock(monkeypatch, *moment):
    """Let it be so late, local time; every row that says "now" says this."""
    then = at(*(moment or (2026, 11, 10, 8, 40)))
    monkeypatch.setattr(timezone, "now", lambda: then)
    return then


def make_panel(make_worker, make_user, station, next_station):
    """Three lawyers with accounts at both stations: 许文静, 何平, 江晓."""
    panel = []
    for username, name in (("xu", "许文静"), ("he", "何平"), ("jiang", "江晓")):
        user = make_user(username, name)
        for place in (station, next_station):
            appoint(user, Role.DUTY, place)
        panel.append(
            make_worker(
                name,
                licence_number=f"1349{username}",
                licence_to=date(2027, 12, 31),
                annual_check_year=2025,
                stands_duty=True,
                user=user,
            )
        )
    return panel


def put(station, worker, day, half="am", *, month=MONTH):
    """Put a half-day into the county's month, as a draft."""
    with transaction.atomic():
        duty_month = months.locked_month(station.county, month)
    return DutySlot.objects.create(
        duty_month=duty_month,
        station=station,
        day=day,
        half=half,
        worker=worker,
        why_open="" if worker else "没有人",
    )


def fresh(slot):
    return DutySlot.objects.get(pk=slot.pk)
