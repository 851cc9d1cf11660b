"""Owed files: nothing asked for is lost, nothing is made twice, nobody else gets it."""

from datetime import timedelta
from threading import Event, Thread

import pytest
from django.db import OperationalError, connection
from django.urls import reverse
from django.utils import timezone

from stations import timetable
from stations.models import Document
from stations.papers import documents
from stations.privacy import seal

KIND = "test_file"


@pytest.fixture
def maker(monkeypatch):
    """A maker that counts its runs; returns the list of documents it made."""
    runs = []

    def make(document, progress):
        runs.append(document.pk)
        progress(1, 2)
        return b"made %d" % len(runs)

    monkeypatch.setitem(documents.MAKERS, KIND, make)
    return runs


@pytest.fixture
def make_document(station, clerk):
    def make(**fields):
        defaults = {
            "kind": KIND, "title": "来访登记簿", "filename": "来访登记簿 三月.pdf",
            "station": station, "county": station.county, "asked_by": clerk,
        }  # fmt: skip
        return Document.objects.create(**(defaults | fields))

    return make


@pytest.mark.django_db(transaction=True)
def test_a_wish_survives_a_stopped_redis(settings, station, clerk, maker):
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    from celery import current_app

    before = current_app.conf.broker_url
    current_app.conf.broker_url = "redis://127.0.0.1:1/0"
    current_app.pool.force_close_all()
    try:
        document = documents.ask_for(
            KIND, title="月报", filename="月报.pdf", station=station, by=clerk
        )
    finally:
        current_app.conf.broker_url = before
        current_app.pool.force_close_all()

    assert list(Document.objects.owed()) == [document]
    documents.make(document.pk)
    assert not Document.objects.owed().exists()


@pytest.mark.django_db
def test_the_sweep_sends_what_was_left_and_drops_what_is_over(
    make_document, maker, monkeypatch
):
    sent = []
    monkeypatch.setattr(documents, "send", sent.append)
    now = timezone.now()
    left = make_document(asked_at=now - timedelta(minutes=3))
    make_document(asked_at=now)
    over = make_document(made_at=now, content=b"x", expires_at=now - timedelta(minutes=1))
    kept = make_document(made_at=now, content=b"x", expires_at=now + timedelta(days=1))

    timetable.sweep_documents()

    assert sent == [left.pk]
    over.refresh_from_db()
    kept.refresh_from_db()
    assert (over.content, bytes(kept.content)) == (None, b"x")
    assert over.made_at


@pytest.mark.django_db
def test_a_second_run_makes_nothing(make_document, maker):
    document = make_document()
    documents.make(document.pk)
    documents.make(document.pk)

    document.refresh_from_db()
    assert maker == [document.pk]
    assert bytes(document.content) == b"made 1"


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_at_once_one_makes_it(make_document, monkeypatch):
    runs, begun, may_end = [], Event(), Event()

    def make(document, progress):
        runs.append(document.pk)
        begun.set()
        assert may_end.wait(10)
        return b"one"

    monkeypatch.setitem(documents.MAKERS, KIND, make)
    document = make_document()

    def work():
        try:
            documents.make(document.pk)
        finally:
            connection.close()

    first = Thread(target=work)
    first.start()
    assert begun.wait(10)
    documents.make(document.pk)
    may_end.set()
    first.join()

    document.refresh_from_db()
    assert (runs, bytes(document.content)) == ([document.pk], b"one")


@pytest.mark.django_db
def test_what_cannot_be_made_says_why_and_is_not_tried_again(
    client, clerk, make_document, monkeypatch
):
    def make(document, progress):
        raise documents.CannotMake("这个月还没有记录，没有可印的内容。")

    monkeypatch.setitem(documents.MAKERS, KIND, make)
    document = make_document()
    documents.make(document.pk)
    client.force_login(clerk)

    page = client.get(document.get_absolute_url()).content.decode()
    assert "这个月还没有记录，没有可印的内容。" in page
    assert "hx-trigger" not in page
    assert not Document.objects.owed().exists()


@pytest.mark.django_db
def test_the_page_asks_again_until_the_file_is_made(client, clerk, make_document, maker):
    document = make_document()
    client.force_login(clerk)
    waiting = client.get(document.get_absolute_url()).content.decode()
    Document.objects.update(done=30, total=120)
    working = client.get(document.get_absolute_url(), headers={"HX-Request": "true"})
    documents.make(document.pk)
    ready = client.get(document.get_absolute_url(), headers={"HX-Request": "true"})

    assert 'hx-trigger="every 1s"' in waiting
    assert "已完成30，共120" in working.content.decode()
    assert working.context["share"] == 25
    assert "<html" not in working.content.decode()
    assert "hx-trigger" not in ready.content.decode()
    assert reverse("stations:document_file", args=[document.pk]) in ready.content.decode()


@pytest.mark.django_db
def test_the_file_comes_safely(client, clerk, make_document, maker):
    document = make_document()
    client.force_login(clerk)
    address = reverse("stations:document_file", args=[document.pk])
    assert client.get(address)["Location"] == document.get_absolute_url()
    documents.make(document.pk)

    file = client.get(address)

    assert file.content == b"made 1"
    assert file["Content-Type"] == "application/pdf"
    assert file["Content-Disposition"].startswith("attachment; filename*=utf-8''%E6%9D%A5")
    assert file["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in file["Cache-Control"]


@pytest.mark.django_db
def test_an_expired_file_is_gone(client, clerk, make_document):
    now = timezone.now()
    document = make_document(made_at=now, content=None, expires_at=now - timedelta(days=1))
    not_swept = make_document(made_at=now, content=b"x", expires_at=now - timedelta(seconds=1))
    client.force_login(clerk)

    assert "到期已删除" in client.get(document.get_absolute_url()).content.decode()
    for each in (document, not_swept):
        answer = client.get(reverse("stations:document_file", args=[each.pk]))
        assert answer["Location"] == each.get_absolute_url()


@pytest.mark.django_db
def test_who_reaches_which_file(
    client, clerk, head, neighbour, officer, stranger, liaison, system_admin, make_document
):
    now = timezone.now()
    report = make_document(made_at=now, content=b"x")
    personal = make_document(made_at=now, content=seal(b"x"), is_personal=True)
    answers = {}
    for user in (clerk, head, officer, neighbour, stranger, liaison, system_admin):
        client.force_login(user)
        answers[user.username] = tuple(
            client.get(reverse(f"stations:{name}", args=[document.pk])).status_code
            for document in (report, personal)
            for name in ("document_detail", "document_file")
        )

    assert answers == {
        "clerk": (200, 200, 200, 200),
        "head": (200, 200, 404, 404),
        "officer": (200, 200, 404, 404),
        "neighbour": (404, 404, 404, 404),
        "stranger": (404, 404, 404, 404),
        "liaison": (403, 403, 403, 403),
        "sysadmin": (403, 403, 403, 403),
    }


@pytest.mark.django_db
def test_a_file_of_personal_data_is_unreadable_in_the_database(
    client, clerk, make_document, maker
):
    document = make_document(is_personal=True)
    documents.make(document.pk)
    document.refresh_from_db()
    client.force_login(clerk)

    assert b"made" not in bytes(document.content)
    answer = client.get(reverse("stations:document_file", args=[document.pk]))
    assert answer.content == b"made 1"


@pytest.mark.django_db
def test_a_fault_of_the_maker_is_told_and_not_repeated_for_ever(make_document, monkeypatch):
    def stumble(document, progress):
        raise ZeroDivisionError

    monkeypatch.setitem(documents.MAKERS, KIND, stumble)
    document = make_document()

    documents.make(document.pk)

    document.refresh_from_db()
    assert document.failed_at
    assert document.failure
    assert not Document.objects.owed().exists()


@pytest.mark.django_db
def test_a_lost_database_leaves_the_file_owed(make_document, monkeypatch):
    def lose(document, progress):
        raise OperationalError("server closed the connection")

    monkeypatch.setitem(documents.MAKERS, KIND, lose)
    document = make_document()

    with pytest.raises(OperationalError):
        documents.make(document.pk)

    assert list(Document.objects.owed()) == [document]
