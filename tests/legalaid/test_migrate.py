"""A new site's tables are those Django would make, made sooner."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import models
from django.db.migrations import operations

from legalaid.management.commands.migrate import is_of_one_model

from .test_up import ROOT, administer

DATABASE = settings.DATABASES["default"]
# All that the database holds of its own tables, as sentences to compare.
CATALOGUE = """
SELECT format('%s.%s %s %s %s', table_name, column_name, data_type, is_nullable, column_default)
FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL SELECT format('%s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT format('%s %s', proname, prosrc)
FROM pg_proc WHERE pronamespace = 'public'::regnamespace
ORDER BY 1
"""
DJANGOS_OWN = (
    "import django; django.setup();"
    "from django.core.management import call_command;"
    "from django.core.management.commands.migrate import Command;"
    "call_command(Command(), verbosity=0)"
)


@pytest.mark.parametrize(
    ("operation", "is_quick"),
    [
        (operations.AddField("entry", "note", models.TextField()), True),
        (operations.AlterField("entry", "note", models.CharField(max_length=9)), True),
        (operations.AlterField("entry", "id", models.UUIDField(primary_key=True)), False),
        (operations.AlterField("station", "code", models.TextField(unique=True)), False),
        (operations.RenameField("station", "code", "number"), False),
        (operations.RenameModel("Station", "Place"), False),
        (operations.AlterModelTable("station", "place"), False),
        (operations.RunSQL("SELECT 1"), True),
        (
            operations.RunSQL("SELECT 1", state_operations=[operations.RenameModel("A", "B")]),
            False,
        ),
    ],
)
def test_what_other_tables_may_point_at_is_changed_in_django_s_way(operation, is_quick):
    assert is_of_one_model(operation) == is_quick


@pytest.mark.soak
def test_a_new_site_has_the_tables_django_makes():
    found = []
    for name, command in [
        ("made_by_django", ["-c", DJANGOS_OWN]),
        ("made_by_us", ["manage.py", "migrate", "--verbosity=0"]),
    ]:
        administer(f"CREATE DATABASE {name}")
        try:
            address = (
                f"postgresql://{DATABASE['USER']}:{DATABASE['PASSWORD']}@:{DATABASE['PORT']}"
                f"/{name}?host={DATABASE['HOST']}"
            )
            site = {"DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "legalaid.settings"}
            subprocess.run(
                [sys.executable, *command], env=os.environ | site, cwd=ROOT, check=True
            )
            found.append(administer(CATALOGUE, name))
        finally:
            administer(f"DROP DATABASE {name} WITH (FORCE)")

    by_django, by_us = found
    assert len(by_us) > 2000
    assert by_us == by_django
