"""The whole site, started for real, in production's settings so that nothing is seeded."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import psycopg
import pytest
from django.conf import settings

from .test_settings import KEY, UNTOUCHED

ROOT = Path(__file__).parent.parent.parent
DATABASE = settings.DATABASES["default"]


def administer(sql, database="postgres"):
    with psycopg.connect(
        host=DATABASE["HOST"],
        port=DATABASE["PORT"] or None,
        user=DATABASE["USER"],
        password=DATABASE["PASSWORD"] or None,
        dbname=database,
        autocommit=True,
    ) as connection:
        cursor = connection.execute(sql)
        return cursor.fetchall() if cursor.description else None


@pytest.fixture(scope="module")
def environment():
    """Production's settings on a database of its own, beside the one the tests use."""
    name = f"up_{os.getpid()}"
    administer(f"CREATE DATABASE {name}")
    address = (
        f"postgresql://{DATABASE['USER']}:{DATABASE['PASSWORD']}@:{DATABASE['PORT']}/{name}"
        f"?host={DATABASE['HOST']}"
    )
    yield UNTOUCHED | {
        "LEGALAID_ENV": "production",
        "LEGALAID_SECRET_KEY": "correct horse battery staple and some forty more characters",
        "LEGALAID_FIELD_KEYS": f"1:{KEY}",
        "LEGALAID_ALLOWED_HOSTS": "127.0.0.1",
        "LEGALAID_SITE_URL": "https://127.0.0.1",
        "DATABASE_URL": address,
        "REDIS_URL": settings.REDIS_URL,
    }
    administer(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def port():
    with socket.socket() as anywhere:
        anywhere.bind(("127.0.0.1", 0))
        return anywhere.getsockname()[1]


def up(environment, *flags):
    return subprocess.Popen(
        [sys.executable, "manage.py", "up", *map(str, flags)],
        env=environment,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def site(environment, port):
    """The started site; whatever the test does to it, it ends, and so do all its processes."""
    site = up(environment, "--port", port)
    for line in site.stdout:
        if "The site is at" in line:
            break
    assert site.poll() is None, site.stderr.read()
    site.port = port
    site.processes = psutil.Process(site.pid).children(recursive=True)
    yield site
    site.kill()
    site.communicate()
    alive = lives_on(site.processes)
    for process in alive:
        process.kill()
    assert not alive


def lives_on(processes):
    """Those still running after half a minute; one that ended and awaits its parent is not."""
    for _ in range(30):
        processes = [process for process in processes if not has_ended(process)]
        if not processes:
            break
        psutil.wait_procs(processes, timeout=1)
    return processes


def has_ended(process):
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def running(site, name):
    return next(
        process
        for process in site.processes
        if process.is_running() and name in process.cmdline()
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopping_ends_every_process(site, number):
    site.send_signal(number)

    said, _ = site.communicate(timeout=60)
    assert said.endswith("Stopped.\n")
    assert site.returncode == 0
    assert not lives_on(site.processes)


def test_death_of_the_worker_ends_all_with_its_exit_code(site):
    running(site, "worker").kill()

    _, complaint = site.communicate(timeout=60)
    assert "worker ended by itself (exit code 137); stopping everything." in complaint
    assert site.returncode == 137
    assert not lives_on(site.processes)


def test_killed_starter_takes_everything_with_it(site):
    site.kill()

    assert not lives_on(site.processes)


def test_many_requests_at_once_use_few_connections(site, environment):
    def ask(_):
        with urllib.request.urlopen(
            f"http://127.0.0.1:{site.port}/health/", timeout=30
        ) as page:
            return json.load(page)["healthy"]

    with ThreadPoolExecutor(40) as people:
        assert all(people.map(ask, range(200)))

    database = environment["DATABASE_URL"].rpartition("/")[2].partition("?")[0]
    [(connections,)] = administer(
        f"SELECT count(*) FROM pg_stat_activity WHERE datname LIKE 'up_{os.getpid()}'"
    )
    # Two web processes of four threads each; a worker's main process and its two children.
    assert connections <= 2 * 4 + 3, database


def test_port_in_use_is_a_sentence(environment, port):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        refused = up(environment, "--port", port)
        _, complaint = refused.communicate(timeout=30)

    assert refused.returncode == 1
    assert f"Port {port} of 127.0.0.1 cannot be used" in complaint
    assert "Traceback" not in complaint


def test_database_that_does_not_answer_is_a_sentence(environment, port):
    nowhere = {"DATABASE_URL": "postgresql:///none?host=/nowhere"}

    refused = up(environment | nowhere, "--port", port)
    _, complaint = refused.communicate(timeout=60)

    assert refused.returncode == 1
    assert "The database does not answer" in complaint
    assert "Traceback" not in complaint


def test_preparing_ends_by_itself(environment):
    prepared = up(environment, "--prepare")

    said, complaint = prepared.communicate(timeout=60)
    assert prepared.returncode == 0, complaint
    assert said.startswith("Bringing the database up to date.\n")
    assert "Starting" not in said
