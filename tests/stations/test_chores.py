"""What places owe is found anew at once by the acts that settle it."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from stations import chores
from stations.models import Appointment, Chore, ChoreKind, TrainingSession
from stations.roles import Role
from stations.signing_in import accounts
from stations.upkeep import training, training_years

pytestmark = pytest.mark.django_db


def owed(place, kind):
    where = "county" if hasattr(place, "bureau_name") else "station"
    return set(Chore.objects.filter(**{where: place}, kind=kind).values_list("key", flat=True))


def test_a_closed_station_owes_nothing_from_its_last_day_on(
    client, officer, county, station, clerk, django_capture_on_commit_callbacks
):
    chores.refresh(station)
    assert Chore.objects.filter(station=station).exists()
    client.force_login(officer)
    address = reverse("stations:station_close", args=[station.pk])
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address, {"closed_on": timezone.localdate()})
    station.refresh_from_db()
    assert station.closed_on
    assert not Chore.objects.filter(station=station).exists()


def test_appointing_a_head_settles_that_there_is_none_and_asks_them_to_read(
    station, clerk, make_user, security_admin, django_capture_on_commit_callbacks
):
    chores.refresh(station, ChoreKind.STAFFING)
    assert "head" in owed(station, ChoreKind.STAFFING)
    head = make_user("newhead", "新站长")
    post = Appointment(user=head, role=Role.HEAD, station=station, from_on=timezone.localdate())
    with django_capture_on_commit_callbacks(execute=True):
        accounts.appoint(post, by=security_admin)
    assert "head" not in owed(station, ChoreKind.STAFFING)


def test_the_county_s_own_session_settles_what_the_county_owes_and_voiding_it_brings_it_back(
    county, officer, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(training_years, "WARN_FROM_MONTH", 1)
    chores.refresh(county, ChoreKind.TRAINING)
    assert owed(county, ChoreKind.TRAINING)
    session = TrainingSession(
        county=county,
        on=timezone.localdate(),
        title="受理与初审",
        topic="程序规定",
        trainer="林老师",
        hours=Decimal("4"),
        place="县局",
    )
    with django_capture_on_commit_callbacks(execute=True):
        training.hold(session, by=officer)
    assert not owed(county, ChoreKind.TRAINING)
    with django_capture_on_commit_callbacks(execute=True):
        training.void(session, reason="记错了", by=officer)
    assert owed(county, ChoreKind.TRAINING)
