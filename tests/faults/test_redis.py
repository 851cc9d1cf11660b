"""A stopped Redis: pages answer at once, and every wish is fulfilled when it is back."""

import socket
import time
from contextlib import ExitStack
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from casework.models import ImportBatch
from casework.periods import month_of
from casework.register import imports
from casework.reports import months
from casework.terms import BatchStatus
from casework.timetable import sweep_imports
from stations.models import Document
from stations.papers import documents
from stations.timetable import SWEEP_AFTER, sweep_documents
from tests.casework.register.test_file import GOOD, csv_bytes

from .conftest import until

pytestmark = pytest.mark.django_db(transaction=True)

# What a person at the desk still takes for an answer.
AT_ONCE = 5


@pytest.fixture(autouse=True)
def warm(monkeypatch):
    """What is imported when the first errand is sent is not what is measured."""
    with monkeypatch.context() as context:
        context.setenv("CELERY_BROKER_URL", "redis://127.0.0.1:1/0")
        documents.send(0)


@pytest.fixture(params=["no socket", "nobody listens", "black hole", "never answers"])
def away(request, monkeypatch):
    """A Redis that is away, in each of the ways it can be."""
    with ExitStack() as sockets:
        address = "redis+socket:///nowhere/redis.sock"
        if request.param != "no socket":
            host, port = "127.0.0.1", 1
            if request.param in {"black hole", "never answers"}:
                server = sockets.enter_context(socket.create_server((host, 0), backlog=0))
                port = server.getsockname()[1]
            if request.param == "black hole":
                # With the backlog full, who knocks hears nothing at all.
                for _n in range(3):
                    knocking = sockets.enter_context(socket.socket())
                    knocking.setblocking(False)
                    knocking.connect_ex((host, port))
            address = f"redis://{host}:{port}/0"
        monkeypatch.setenv("CELERY_BROKER_URL", address)
        yield


@pytest.fixture
def this_month(station):
    return months.open_month(station, month_of(timezone.localdate()))


@pytest.fixture
def desk(client):
    client.raise_request_exception = False
    return client


def answer_of(client, address, typed):
    """Press a button and follow it to the page it leads to; that takes no longer than AT_ONCE."""
    began = time.monotonic()
    response = client.post(address, typed)
    seconds = time.monotonic() - began
    assert response.status_code == 302
    assert seconds < AT_ONCE
    page = client.get(response["Location"])
    assert page.status_code == 200
    return page


def upload(client, station):
    return answer_of(
        client,
        reverse("casework:import_create"),
        {
            "station": station.pk,
            "file": SimpleUploadedFile("台账.csv", csv_bytes(*GOOD)),
        },
    )


def test_a_report_is_owed_and_the_page_says_so(away, desk, head, this_month):
    desk.force_login(head)

    page = answer_of(desk, reverse("casework:report_render", args=[this_month.pk]), {})

    assert Document.objects.owed().get() == page.context["document"]
    assert page.context["is_waiting"]


def test_an_upload_waits_and_the_page_says_so(away, desk, clerk, station):
    desk.force_login(clerk)

    page = upload(desk, station)

    assert ImportBatch.objects.waiting().get() == page.context["batch"]


def test_health_says_that_it_is_away_without_hanging(away, desk):
    began = time.monotonic()
    response = desk.get(reverse("health"))

    assert response.status_code == 503
    assert response.json()["redis"] is False
    assert time.monotonic() - began < AT_ONCE


def test_the_sweeps_go_on_while_it_is_away(away, desk, head, clerk, station, this_month):
    desk.force_login(head)
    answer_of(desk, reverse("casework:report_render", args=[this_month.pk]), {})
    desk.force_login(clerk)
    upload(desk, station)
    let_time_pass()

    sweep_documents()
    sweep_imports()

    assert Document.objects.owed().count() == 1
    assert ImportBatch.objects.waiting().count() == 1


def let_time_pass():
    earlier = timezone.now() - SWEEP_AFTER - timedelta(seconds=1)
    Document.objects.owed().update(asked_at=earlier)
    ImportBatch.objects.waiting().update(uploaded_at=earlier)


def test_what_was_wished_meanwhile_is_sent_when_it_is_back(
    queue, desk, head, clerk, station, this_month
):
    queue.stop()
    desk.force_login(head)
    answer_of(desk, reverse("casework:report_render", args=[this_month.pk]), {})
    desk.force_login(clerk)
    upload(desk, station)

    queue.start()
    assert queue.waiting == 0
    let_time_pass()
    sweep_documents()
    sweep_imports()

    assert queue.waiting == 2


def test_what_was_sent_before_it_stopped_is_still_there(queue, desk, head, this_month):
    desk.force_login(head)
    answer_of(desk, reverse("casework:report_render", args=[this_month.pk]), {})

    queue.stop()
    queue.start()

    assert queue.waiting == 1


def test_a_report_wished_without_redis_is_made_when_it_is_back(
    queue, start_worker, desk, head, clerk, station, this_month
):
    queue.stop()
    desk.force_login(head)
    page = answer_of(desk, reverse("casework:report_render", args=[this_month.pk]), {})
    desk.force_login(clerk)
    upload(desk, station)
    queue.start()
    start_worker()

    let_time_pass()
    sweep_documents()
    sweep_imports()

    document = Document.objects.filter(pk=page.context["document"].pk).exclude(made_at=None)
    assert bytes(until(document.first).content).startswith(b"%PDF")
    assert until(ImportBatch.objects.filter(status=BatchStatus.CHECKED).first).row_count == 2


@pytest.mark.soak
def test_a_worker_survives_a_redis_that_stops_and_comes_back(
    queue, start_worker, station, clerk
):
    start_worker()
    imports.upload("一.csv", csv_bytes(*GOOD), station, by=clerk)
    until(ImportBatch.objects.filter(status=BatchStatus.CHECKED).first)

    queue.stop()
    imports.upload("二.csv", csv_bytes(GOOD[0]), station, by=clerk)
    queue.start()
    let_time_pass()
    sweep_imports()

    until(lambda: ImportBatch.objects.filter(status=BatchStatus.CHECKED).count() == 2)
