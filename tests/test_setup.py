"""The Makefile, the image, the compose file and the check before a merge agree with each other."""

import json
import re
from importlib import resources
from pathlib import Path

import jsonschema
import pytest
import yaml

from legalaid import embedded
from legalaid.management.commands import up

ROOT = Path(__file__).parent.parent
MAKEFILE = (ROOT / "Makefile").read_text()
DOCKERFILE = (ROOT / "Dockerfile").read_text()
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]


def test_compose_file_follows_the_published_schema():
    schema = resources.files("check_jsonschema") / "builtin_schemas/vendor/compose-spec.json"

    jsonschema.Draft202012Validator(json.loads(schema.read_text())).validate(COMPOSE)


def test_compose_file_has_the_whole_site():
    assert {"db", "redis", "web", "worker", "beat"} <= set(SERVICES)


@pytest.mark.parametrize("service", sorted(set(SERVICES) - {"prepare"}))
def test_every_lasting_service_has_a_health_check_and_comes_back(service):
    assert SERVICES[service]["healthcheck"]["test"]
    assert SERVICES[service]["restart"] == "unless-stopped"


def test_all_data_stands_in_named_volumes():
    used = {
        mount.partition(":")[0]
        for each in SERVICES.values()
        for mount in each.get("volumes", [])
    }

    assert used == set(COMPOSE["volumes"])
    assert SERVICES["db"]["volumes"] == ["database:/var/lib/postgresql"]


@pytest.mark.parametrize("service", ["web", "worker"])
def test_web_and_worker_can_be_several(service):
    assert not {"container_name", "ports", "volumes"} & set(SERVICES[service])


def test_compose_starts_what_make_run_starts():
    assert SERVICES["web"]["command"] == f"{up.WEB} --bind 0.0.0.0:8000"
    assert SERVICES["worker"]["command"] == up.WORKER
    assert SERVICES["beat"]["command"] == up.BEAT
    assert SERVICES["db"]["environment"]["POSTGRES_INITDB_ARGS"] == embedded.CLUSTER_FLAGS


def test_compose_file_holds_no_secret():
    given = SERVICES["web"]["environment"]

    assert given["LEGALAID_SECRET_KEY"] == "${LEGALAID_SECRET_KEY:-}"
    assert given["LEGALAID_FIELD_KEYS"] == "${LEGALAID_FIELD_KEYS:-}"


def test_image_is_made_by_the_makefile():
    steps = [
        line.removeprefix("RUN ") for line in DOCKERFILE.splitlines() if line.startswith("RUN")
    ]
    made = [step for step in steps if step.startswith("make ")]
    others = [step for step in steps if step not in made]
    targets = " ".join(step.removeprefix("make ") for step in made).split()

    assert targets == ["system", "venv", "catalogue", "static"]
    assert not any(word in step for step in others for word in ("pip", "msgfmt", "manage.py"))
    # What `make run` sets up, the image has too; its Redis is another container.
    prepared_to_run = re.search(r"^run: (.*)$", MAKEFILE, re.MULTILINE)[1].split()
    assert {target.removesuffix("-run") for target in prepared_to_run} <= set(targets)


def test_ci_tests_and_checks():
    commands = (ROOT / ".ci/run").read_text().splitlines()

    assert commands[-2:] == ["make test", "make check"]


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_lock_has_a_hash_for_everything_and_no_address(lock):
    text = (ROOT / lock).read_text()
    pins = re.findall(r"^[\w.\-\[\]]+==.*(?:\n    .*)*", text, re.MULTILINE)

    assert pins
    assert all("--hash=sha256:" in pin for pin in pins)
    assert "://" not in text
