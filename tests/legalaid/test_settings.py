"""Each start is a process of its own, as on a real machine."""

import base64
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
KEY = base64.b64encode(bytes(range(32))).decode()
PRODUCTION = {
    "LEGALAID_ENV": "production",
    "LEGALAID_SECRET_KEY": "correct horse battery staple and some forty more characters",
    "LEGALAID_FIELD_KEYS": f"2:{KEY},1:{KEY}",
    "LEGALAID_ALLOWED_HOSTS": "legalaid.example",
    "LEGALAID_SITE_URL": "https://legalaid.example",
    "DATABASE_URL": "postgresql://legalaid:pa%40ss@db.example:5433/county",
    "REDIS_URL": "redis://queue.example:6379/0",
}
# The last is what the browser journeys need of this process, not of a site.
OURS = {"DATABASE_URL", "REDIS_URL", "DJANGO_ALLOW_ASYNC_UNSAFE"}
UNTOUCHED = {
    name: value
    for name, value in os.environ.items()
    if not name.startswith("LEGALAID_") and name not in OURS
}


def start(environment, *, show="''"):
    return subprocess.run(
        [sys.executable, "-c", f"from legalaid import settings; print({show})"],
        env=UNTOUCHED | environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )


def refusal(environment):
    """The last line of what the operator sees; the start must have failed."""
    started = start(environment)
    assert started.returncode
    return started.stderr.splitlines()[-1].partition(": ")[2]


def test_demonstration_starts_with_nothing_set():
    shown = start(
        {}, show="settings.DEMO, settings.ALLOWED_HOSTS, settings.DATABASES['default']['NAME']"
    )

    assert shown.stdout.strip() == "True ['*'] legalaid"


def test_production_reads_its_database_from_the_address():
    shown = start(
        PRODUCTION,
        show="[settings.DATABASES['default'][k] for k in ('HOST', 'PORT', 'USER', 'PASSWORD', 'NAME')]",
    )

    assert shown.stdout.strip() == "['db.example', '5433', 'legalaid', 'pa@ss', 'county']"


@pytest.mark.parametrize("name", sorted(set(PRODUCTION) - {"LEGALAID_ENV"}))
@pytest.mark.parametrize("value", [None, ""])
def test_production_does_not_start_without(name, value):
    environment = PRODUCTION | {name: value}
    if value is None:
        del environment[name]

    assert refusal(environment) == f"{name} is not set; production does not start without it."


@pytest.mark.parametrize("name", ["LEGALAID_SECRET_KEY", "LEGALAID_FIELD_KEYS"])
def test_production_does_not_start_with_the_demonstration_secret(name):
    demo_value = start({}, show=f"settings.{name.removeprefix('LEGALAID_')}").stdout.strip()

    assert refusal(PRODUCTION | {name: demo_value}).startswith(
        f"{name} is the demonstration value"
    )


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("LEGALAID_ENV", "prod", "LEGALAID_ENV must be one of demo, production, not 'prod'."),
        (
            "LEGALAID_SECRET_KEY",
            "short",
            "LEGALAID_SECRET_KEY is too short; 50 characters at least.",
        ),
        ("LEGALAID_FIELD_KEYS", "x" * 50, "LEGALAID_FIELD_KEYS must look like 1:KEY"),
        ("LEGALAID_FIELD_KEYS", f"300:{KEY}", "LEGALAID_FIELD_KEYS must look like 1:KEY"),
        ("LEGALAID_ALLOWED_HOSTS", "*", "LEGALAID_ALLOWED_HOSTS must name the hosts"),
        (
            "LEGALAID_SITE_URL",
            "http://legalaid.example",
            "LEGALAID_SITE_URL must begin with https://",
        ),
        ("DATABASE_URL", "mysql://db/county", "DATABASE_URL must look like postgresql://"),
        (
            "DATABASE_URL",
            "postgresql://db:port/county",
            "DATABASE_URL must look like postgresql://",
        ),
        (
            "DATABASE_URL",
            "postgresql://u:demo-only@db/x",
            "DATABASE_URL has the demonstration password",
        ),
        ("REDIS_URL", "queue.example:6379", "REDIS_URL must begin with redis://"),
        ("LEGALAID_SECRET", "typing error", "LEGALAID_SECRET is not a setting of this site."),
    ],
)
def test_unusable_value_stops_the_start_and_names_the_variable(name, value, sentence):
    said = refusal(PRODUCTION | {name: value})

    assert said.startswith(sentence)
    assert "pa%40ss" not in said


def test_the_command_line_says_just_the_sentence():
    started = subprocess.run(
        [sys.executable, "manage.py", "up"],
        env=UNTOUCHED | PRODUCTION | {"LEGALAID_SECRET_KEY": "short"},
        cwd=ROOT,
        capture_output=True,
        text=True,
    )

    assert started.returncode == 1
    assert started.stderr == "LEGALAID_SECRET_KEY is too short; 50 characters at least.\n"


def test_production_settings_pass_djangos_deployment_check():
    checked = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        env=UNTOUCHED | PRODUCTION,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )

    assert checked.returncode == 0, checked.stderr
