"""The liaison's phone: sending late with a fresh token, the kept pages, the worker's scope."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from stations.files import evidence
from stations.liaisons import liaison_work
from stations.models import Lead, Liaison, LiaisonTask, TrainingSession
from tests.test_access import png_bytes

pytestmark = pytest.mark.django_db


def typed(**fields):
    return {
        "what": "lead",
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
    url = reverse("stations:pocket_send")
    assert phone.post(url, lead).status_code == 403

    answer = phone.get(reverse("stations:pocket_token")).json()
    assert answer["owner"] == str(liaison.pk)
    for _try in range(2):
        sent = phone.post(url, lead, headers={"X-CSRFToken": answer["token"]})
        assert sent.json() == {"sent": True}

    assert [str(key) for key in Lead.objects.values_list("client_key", flat=True)] == [
        lead["client_key"]
    ]


def test_a_lead_that_cannot_be_taken_gets_a_sentence(client, liaison):
    client.force_login(liaison)
    answer = client.post(reverse("stations:pocket_send"), typed(phone="12"))
    assert answer.status_code == 422
    assert answer.json()["sentence"]
    Liaison.objects.update(appointed_to="2025-01-01")
    answer = client.post(reverse("stations:pocket_send"), typed())
    assert answer.status_code == 422
    assert answer.json()["sentence"]
    assert not Lead.objects.exists()


def test_a_line_of_the_log_and_a_report_arrive_once_and_a_second_report_is_refused(
    client, liaison, clerk
):
    post = Liaison.objects.get()
    task = liaison_work.give(
        LiaisonTask(
            liaison=post, kind="other", words="看一下路牌", due_on=timezone.localdate()
        ),
        by=clerk,
    )
    client.force_login(liaison)
    url = reverse("stations:pocket_send")
    line = {"role": "guide", "words": "陪人到站", "on": timezone.localdate()}
    line |= {"what": "log", "client_key": str(uuid.uuid4())}
    report = {"result": "已看，字迹清楚", "task": task.pk}
    report |= {"what": "report", "client_key": str(uuid.uuid4())}
    for thing in (line, line, report, report):
        assert client.post(url, thing).json() == {"sent": True}
    assert [each.words for each in post.activities.all()] == ["陪人到站"]
    task.refresh_from_db()
    assert (task.is_done, task.result) == (True, "已看，字迹清楚")

    for wrong in (
        report | {"client_key": str(uuid.uuid4())},
        report | {"task": "99999"},
        line | {"role": "", "client_key": str(uuid.uuid4())},
        {"what": "poem"},
    ):
        answer = client.post(url, wrong)
        assert answer.status_code == 422
        assert answer.json()["sentence"]
    task.refresh_from_db()
    assert task.result == "已看，字迹清楚"


def test_who_is_signed_out_meanwhile_is_led_to_sign_in(client, liaison):
    answer = client.get(reverse("stations:pocket_token"))
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("stations:sign_in"))


def test_the_kept_page_is_nobody_s_and_the_worker_lies_where_its_scope_begins(client, liaison):
    client.force_login(liaison)
    for name in ("pocket_offline", "pocket_offline_log"):
        page = client.get(reverse(f"stations:{name}")).content.decode()
        assert liaison.name not in page
        # The phone keeps the page for days: it must not say that today is the day it was kept.
        assert str(timezone.localdate()) not in page

    worker = client.get(reverse("stations:pocket_worker"))
    assert worker["Content-Type"].startswith("text/javascript")
    home = reverse("stations:lead_home")
    assert reverse("stations:pocket_worker").startswith(home)
    assert reverse("stations:pocket_offline") in worker.content.decode().replace("\\u002D", "-")
    assert "js/unsent.js" in worker.content.decode().replace("\\u002D", "-")


def test_signing_out_wipes_what_lies_on_a_liaison_s_phone(client, liaison, clerk):
    client.force_login(liaison)
    assert client.post(reverse("stations:sign_out"))["Clear-Site-Data"] == '"storage"'
    client.force_login(clerk)
    assert not client.post(reverse("stations:sign_out")).has_header("Clear-Site-Data")


def test_a_liaison_reads_the_papers_of_a_session_and_no_other_evidence(
    client, liaison, officer, county, station, far_station
):
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
    paper = evidence.add_bytes(county, png_bytes(), by=officer)
    other = evidence.add_bytes(station, png_bytes(), by=officer)
    session.materials.add(paper)
    client.force_login(liaison)
    url = reverse("stations:liaison_training")
    page = client.get(url)
    assert page.context["hours"] == 0
    material = reverse("stations:training_material", args=[session.pk, paper.pk])
    assert material in page.text
    assert client.get(material)["Content-Type"] == "image/png"
    assert (
        client.get(
            reverse("stations:training_material", args=[session.pk, other.pk])
        ).status_code
        == 404
    )
    assert client.get(reverse("stations:evidence_file", args=[paper.pk])).status_code == 403
    client.post(reverse("stations:training_here", args=[session.pk]))
    assert client.get(url).context["hours"] == 3
