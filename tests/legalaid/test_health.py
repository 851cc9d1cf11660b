import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from stations.models import Document


@pytest.fixture
def owed_for(db):
    def owe(minutes, **fields):
        return Document.objects.create(
            kind="any",
            title="月度分析",
            filename="analysis.pdf",
            asked_at=timezone.now() - timedelta(minutes=minutes),
            **fields,
        )

    return owe


def ask(client):
    page = client.get(reverse("health"))
    return page.status_code, page.json()


def test_site_is_well_for_anyone_who_asks(client, owed_for):
    owed_for(5)
    owed_for(300, failed_at=timezone.now(), failure="没有数据")

    assert ask(client) == (
        200,
        {"healthy": True, "database": True, "files": True, "redis": True},
    )


def test_files_that_pile_up_are_told(client, owed_for):
    owed_for(31)

    status, report = ask(client)

    assert status == 503
    assert report["files"] is False


def test_missing_redis_is_told(client, db, monkeypatch):
    monkeypatch.setenv("CELERY_BROKER_URL", "redis+socket:///nowhere/redis.sock")

    status, report = ask(client)

    assert status == 503
    assert report["redis"] is False


def test_missing_database_is_told_and_no_fault():
    code = (
        "import django; django.setup(); from django.db import connection;"
        "connection.settings_dict['OPTIONS']['pool']['timeout'] = 1;"
        "from django.test import Client;"
        "page = Client().get('/health/'); print(page.status_code, page.json()['database'])"
    )
    elsewhere = {
        "DATABASE_URL": "postgresql:///none?host=/nowhere",
        "DJANGO_SETTINGS_MODULE": "legalaid.settings",
    }

    asked = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | elsewhere, capture_output=True, text=True
    )

    assert asked.stdout.strip() == "503 False"
