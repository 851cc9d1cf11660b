"""Papers beside an entry of the register: taken, sealed, shown, refused."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from PIL import Image

from casework.models import EntryPaper
from stations.models import Look

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_clerk(client, clerk):
    client.force_login(clerk)
    return client


def png_bytes():
    kept = io.BytesIO()
    Image.new("RGB", (8, 8)).save(kept, "PNG")
    return kept.getvalue()


def send(client, entry, *contents):
    files = [SimpleUploadedFile("周秀英欠条.png", content) for content in contents]
    return client.post(
        reverse("casework:entry_paper_add", args=[entry.pk]), {"file": files}, follow=True
    )


def said(answer):
    return " ".join(str(message) for message in answer.context["messages"])


def test_a_paper_is_kept_sealed_beside_the_entry_and_who_looks_is_kept(
    as_clerk, clerk, make_entry
):
    entry, content = make_entry(), png_bytes()

    page = send(as_clerk, entry, content)
    send(as_clerk, entry, content)

    paper = entry.papers.get()
    assert "已保存1个文件" in said(page)
    assert "周秀英" not in paper.name
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM casework_entrypaper")
        assert b"PNG" not in bytes(cursor.fetchone()[0])
    address = reverse("casework:entry_paper", args=[paper.pk])
    assert address in page.content.decode()
    shown = as_clerk.get(address)
    assert (shown["Content-Type"], shown.content[1:4]) == ("image/png", b"PNG")
    assert Look.objects.get().subject == f"entry_paper:{paper.pk}"


def test_what_is_no_picture_is_refused_by_its_place_and_the_others_are_kept(
    as_clerk, make_entry
):
    entry = make_entry()

    page = send(as_clerk, entry, png_bytes(), b"MZ\x90\x00 not a picture")

    assert EntryPaper.objects.count() == 1
    assert "第2个文件" in said(page)


def test_a_void_entry_takes_no_more_papers(as_clerk, make_entry, clerk):
    entry = make_entry()
    as_clerk.post(
        reverse("casework:entry_void", args=[entry.pk]),
        {"reason": "录重了", "version": entry.version},
    )

    page = send(as_clerk, entry, png_bytes())

    assert not EntryPaper.objects.exists()
    assert "作废" in said(page)
