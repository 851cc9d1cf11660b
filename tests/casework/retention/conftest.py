"""Years pass, lists are drawn up and carried out, and the whole database is read for what is left."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection, models
from django.utils import timezone

from stations.privacy import unseal
from stations.retention import carrying, lists


@pytest.fixture
def later(monkeypatch):
    """Return a function that lets years or days pass; with none it is today again."""
    real = timezone.now

    def pass_by(years=0, days=0):
        now = real() + timedelta(days=days)
        then = now.replace(year=now.year + years, day=min(now.day, 28))
        monkeypatch.setattr(timezone, "now", lambda: then)

    return pass_by


@pytest.fixture
def destroy(county, officer, director):
    """Return a function that draws up, approves and carries out a list of some kinds."""

    def carry_through(*kinds):
        listed = lists.draw(county, set(kinds), by=officer)
        lists.approve(listed, by=director)
        lists.carry_out(listed, by=officer)
        carrying.work_on(listed.pk)
        listed.refresh_from_db()
        return listed

    return carry_through


def sealed_with(words):
    """The columns that say one of the words once they are unsealed."""
    found = set()
    for app in ("stations", "casework"):
        for model in apps.get_app_config(app).get_models():
            for field in model._meta.concrete_fields:
                if not isinstance(field, models.BinaryField):
                    continue
                for value in model._base_manager.values_list(field.name, flat=True):
                    stored = value.encode() if isinstance(value, str) else bytes(value or b"")
                    text = unseal(stored) if stored[:1] == b"A" else stored
                    if any(word.encode() in text for word in words):
                        found.add(f"{model.__name__}.{field.name}")
    return found


@pytest.fixture
def found_in_database():
    """Return a function that says in which tables any of some words still stand, as text or as bytes."""

    def look(*words):
        found = set()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
                " AND tablename ~ '^(stations|casework|assessment)_'"
            )
            for (table,) in cursor.fetchall():
                cursor.execute(
                    f'SELECT count(*) FROM "{table}" AS row WHERE row::text ~ %s',
                    ["|".join(words)],
                )
                if cursor.fetchone()[0]:
                    found.add(table)
        return found | sealed_with(words)

    return look
