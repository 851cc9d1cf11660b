"""The way back: what the README says of backing up, walked line by line."""

import os
import re
import subprocess
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from stations.models import Evidence, Liaison
from stations.privacy import decrypt

ROOT = Path(__file__).resolve().parent.parent.parent
README = (ROOT / "README.md").read_text()
PHOTO = bytes(range(256)) * 400


def line(beginning):
    """The command of the README that begins so, without its remark."""
    found = re.search(rf"^    ({re.escape(beginning)}.*?)(?:  +#.*)?$", README, re.MULTILINE)
    return found[1]


def address(name):
    database = settings.DATABASES["default"]
    return (
        f"postgresql://{database['USER']}:{database['PASSWORD']}@:{database['PORT']}/{name}"
        f"?host={database['HOST']}"
    )


@pytest.fixture
def new_machine(transactional_db):
    """The address of an empty database, as a new machine has one."""
    name = f"back_{os.getpid()}"
    with psycopg.connect(address("postgres"), autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        yield address(name)
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def run(command, folder, **environment):
    programs = line("PATH=").replace(".venv", f"{ROOT}/.venv")
    subprocess.run(
        ["bash", "-ec", f"{programs}\n{command}"],
        cwd=folder,
        env=os.environ | environment,
        check=True,
    )


@pytest.mark.soak
def test_a_dump_brings_papers_and_personal_data_back_on_a_new_machine(
    tmp_path, new_machine, liaison, clerk, station
):
    Liaison.objects.update(phone="13900002648")
    Evidence.objects.create(
        station=station, media_type="image/png", sha256="0" * 64, content=PHOTO, added_by=clerk
    )

    run(line("pg_dump"), tmp_path, DATABASE_URL=address(settings.DATABASES["default"]["NAME"]))
    # Twice: on an empty database, and over what is there.
    for _time in range(2):
        run(line("pg_restore"), tmp_path, DATABASE_URL=new_machine)

    with psycopg.connect(new_machine) as there:
        [photo] = there.execute("SELECT content FROM stations_evidence").fetchone()
        [phone] = there.execute("SELECT phone FROM stations_liaison").fetchone()
        tables = "SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'pgtrigger%'"
        assert there.execute(tables).fetchone()[0] > 0
    assert photo == PHOTO
    assert b"13900002648" not in phone
    assert decrypt(phone) == "13900002648"
