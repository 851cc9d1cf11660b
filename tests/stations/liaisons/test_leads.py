"""Leads: sent from a village, seen by the sender and the station, taken up once."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from stations import chores
from stations.liaisons import leads
from stations.models import Chore, ChoreKind, DayOff, Lead, Liaison
from stations.roles import Role

pytestmark = pytest.mark.django_db


def typed(**fields):
    return {
        "kind": "pay",
        "name": "老汪",
        "phone": "139 0000 2648",
        "words": "三个人工资没结",
        "urgency": "today",
        "client_key": str(uuid.uuid4()),
    } | fields


@pytest.fixture
def lead(client, liaison):
    client.force_login(liaison)
    client.post(reverse("stations:lead_home"), typed())
    return Lead.objects.get()


def test_a_lead_reaches_the_station_of_the_village(lead, station, village, liaison):
    assert (lead.station, lead.village, lead.sent_by) == (station, village, liaison)
    assert lead.phone == "13900002648"


def test_the_second_press_sends_nothing_twice(client, liaison):
    client.force_login(liaison)
    once = typed()
    client.post(reverse("stations:lead_home"), once)
    answer = client.post(reverse("stations:lead_home"), once)

    assert answer.status_code == 302
    assert Lead.objects.count() == 1


def test_a_lead_without_a_kind_keeps_what_was_typed(client, liaison):
    client.force_login(liaison)

    page = client.post(reverse("stations:lead_home"), typed(kind=""))

    assert page.status_code == 200
    assert "三个人工资没结" in page.content.decode()
    assert not Lead.objects.exists()


def test_a_liaison_out_of_post_is_told_so(client, liaison):
    Liaison.objects.update(appointed_to="2025-01-01")
    client.force_login(liaison)

    page = client.post(reverse("stations:lead_home"), typed())

    assert page.context["form"].non_field_errors()
    assert not Lead.objects.exists()


def test_a_liaison_sees_own_leads_only(client, lead, make_user, station):
    other = make_user("other", "李联络", Role.LIAISON, station)
    Liaison.objects.create(
        station=station,
        village=station.township.children.last(),
        name=other.name,
        post="grid",
        appointed_from="2024-01-01",
        user=other,
    )
    client.force_login(other)

    assert "老汪" not in client.get(reverse("stations:lead_home")).content.decode()
    assert not Lead.objects.visible_to(other).exists()


def test_the_station_takes_a_lead_up_once(client, lead, clerk, head, liaison):
    url = reverse("stations:lead_take", args=[lead.pk])
    client.force_login(clerk)
    client.post(url, {"outcome": "已电话联系，明天来站"})
    client.force_login(head)
    client.post(url, {"outcome": "我也联系了"})

    lead.refresh_from_db()
    assert (lead.taken_by, lead.outcome) == (clerk, "已电话联系，明天来站")
    with pytest.raises(leads.LeadRefused, match=clerk.name):
        leads.take(lead, by=head, outcome="再来")
    client.force_login(liaison)
    assert "明天来站" in client.get(reverse("stations:lead_home")).content.decode()


def test_the_neighbour_and_the_stranger_find_no_lead(client, lead, neighbour, stranger):
    for user in (neighbour, stranger):
        client.force_login(user)
        answer = client.post(reverse("stations:lead_take", args=[lead.pk]), {"outcome": "x"})
        assert answer.status_code == 404
        assert "老汪" not in client.get(reverse("stations:lead_list")).content.decode()


def test_a_lead_that_lies_longer_than_a_working_day_is_owed_until_it_is_taken_up(
    lead, station, clerk, django_capture_on_commit_callbacks
):
    chores.refresh(station, ChoreKind.LIAISON)
    assert not Chore.objects.filter(key="leads").exists()
    Lead.objects.update(sent_at=timezone.now() - timedelta(days=20))
    chores.refresh(station, ChoreKind.LIAISON)
    chore = Chore.objects.get(key="leads")
    assert chore.due_on == DayOff.objects.calendar(station.county).add_working_days(
        timezone.localdate() - timedelta(days=20), 1
    )
    with django_capture_on_commit_callbacks(execute=True):
        leads.take(lead, by=clerk, outcome="已回电")
    assert not Chore.objects.filter(key="leads").exists()
