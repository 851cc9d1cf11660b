"""What is answered when a page cannot be."""

import pytest
from django.db import OperationalError
from django.urls import reverse

pytestmark = pytest.mark.django_db


def test_a_database_that_is_away_is_told_as_such_and_to_try_again(clerk, client, monkeypatch):
    def away(user, today):
        raise OperationalError("the database system is shutting down")

    monkeypatch.setattr("legalaid.views.station_desk", away)
    client.raise_request_exception = False
    client.force_login(clerk)

    page = client.get(reverse("desk"))

    assert page.status_code == 503
    assert page["Retry-After"] == "60"
    assert "没有保存" in page.content.decode()
    assert "shutting down" not in page.content.decode()
