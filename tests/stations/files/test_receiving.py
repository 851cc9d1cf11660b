"""How much may be sent at once."""

import tempfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from stations.files import receiving

from ...casework.register.test_file import GOOD, csv_bytes

pytestmark = pytest.mark.django_db


def test_more_than_anything_taken_is_refused_before_it_is_read(client, clerk, monkeypatch):
    monkeypatch.setattr(receiving, "MOST_AT_ONCE", 1000)
    client.force_login(clerk)

    page = client.post(
        reverse("casework:import_create"), {"file": SimpleUploadedFile("a.csv", b"x" * 2000)}
    )

    assert page.status_code == 413
    assert "一次发送的内容太多" in page.text


def test_a_register_sent_in_lies_in_no_folder_for_passing_things(
    client, clerk, station, monkeypatch, settings
):
    monkeypatch.setattr(tempfile, "NamedTemporaryFile", None)  # whoever makes one fails
    seen = []
    monkeypatch.setattr(
        "casework.views.imports.imports.upload",
        lambda name, content, *args, **more: seen.append(len(content)),
    )
    client.force_login(clerk)
    long = csv_bytes(*GOOD, *["," * 40] * 100_000)
    assert len(long) > 3 * 2**20
    client.raise_request_exception = False

    client.post(
        reverse("casework:import_create"),
        {"station": station.pk, "file": SimpleUploadedFile("台账.csv", long)},
    )

    assert seen == [len(long)]
