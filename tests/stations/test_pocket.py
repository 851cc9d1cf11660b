"""The liaison's phone: sending late with a fresh token, the kept page, the worker's scope."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from stations.models import Lead, Liaison, TrainingSession

pytestmark = pytest.mark.django_db


def typed(**fields):
    return {
        "kind": "pay",
        "name": "老汪",
        "phone": "13900002648",
        "words": "",
        "urgency": "today",
        "client_key": str(uuid.uuid4()),
    } | fields


def test_a_late_lead_arrives_once_with_a_fresh_token(liaison):
    phone = Client(enforce_csrf_checks=True)
    phone.force_login(liaison)
    lead = typed()
    url = reverse("stations:lead_send")
    assert phone.post(url, lead).status_code == 403

    answer = phone.get(reverse("stations:lead_token")).json()
    assert answer["owner"] == str(liaison.pk)
    for _try in range(2):
        sent = phone.post(url, lead, headers={"X-CSRFToken": answer["token"]})
        assert sent.json() == {"sent": True}

    assert [str(key) for key in Lead.objects.values_list("client_key", flat=True)] == [
        lead["client_key"]
    ]


def test_a_lead_that_cannot_be_taken_gets_a_sentence(client, liaison):
    client.force_login(liaison)
    answer = client.post(reverse("stations:lead_send"), typed(phone="12"))
    assert answer.status_code == 422
    assert answer.json()["sentence"]
    Liaison.objects.update(appointed_to="2025-01-01")
    answer = client.post(reverse("stations:lead_send"), typed())
    assert answer.status_code == 422
    assert answer.json()["sentence"]
    assert not Lead.objects.exists()


def test_who_is_signed_out_meanwhile_is_led_to_sign_in(client, liaison):
    answer = client.get(reverse("stations:lead_token"))
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("stations:sign_in"))


def test_the_kept_page_is_nobody_s_and_the_worker_lies_where_its_scope_begins(client, liaison):
    client.force_login(liaison)
    page = client.get(reverse("stations:lead_offline")).content.decode()
    assert liaison.name not in page

    worker = client.get(reverse("stations:lead_worker"))
    assert worker["Content-Type"].startswith("text/javascript")
    home = reverse("stations:lead_home")
    assert reverse("stations:lead_worker").startswith(home)
    assert reverse("stations:lead_offline") in worker.content.decode().replace("\\u002D", "-")
    assert "js/unsent.js" in worker.content.decode().replace("\\u002D", "-")


def test_signing_out_wipes_what_lies_on_a_liaison_s_phone(client, liaison, clerk):
    client.force_login(liaison)
    assert client.post(reverse("stations:sign_out"))["Clear-Site-Data"] == '"storage"'
    client.force_login(clerk)
    assert not client.post(reverse("stations:sign_out")).has_header("Clear-Site-Data")


def test_the_training_page_counts_own_hours(client, liaison, officer, county):
    session = TrainingSession.objects.create(
        county=county,
        on=timezone.localdate(),
        title="联络员培训",
        topic="六员职责",
        trainer="林老师",
        hours=3,
        place="县局",
        recorded_by=officer,
    )
    client.force_login(liaison)
    url = reverse("stations:liaison_training")
    assert client.get(url).context["hours"] == 0
    client.post(reverse("stations:training_here", args=[session.pk]))
    assert client.get(url).context["hours"] == 3
