"""Real services that a test may stop, kill and start again."""

import os
import signal
import sys
import time
from pathlib import Path

import pytest
from django.db import connection

from legalaid.management.commands.up import POOL
from legalaid.processes import Child

ROOT = Path(__file__).resolve().parent.parent.parent
# Long enough for a busy machine; reached only when something never happens.
PATIENCE = 60


def until(condition):
    """Wait for a condition and return what it answers; fails when it does not come."""
    give_up_at = time.monotonic() + PATIENCE
    while not (found := condition()):
        assert time.monotonic() < give_up_at, "it never came"
        time.sleep(0.02)
    return found


@pytest.fixture
def start_worker(queue, tmp_path):
    """Return a function that starts a Celery worker on the test's database and queue."""
    workers = []

    def start():
        database = connection.settings_dict
        log = tmp_path / f"worker-{len(workers)}.log"
        worker = Child(
            "worker",
            [
                *(sys.executable, "-m", "celery", "-A", "legalaid", "worker"),
                *("--concurrency=1", "--without-gossip", "--without-mingle", f"--pool={POOL}"),
                "--include=tests.faults.slow",
            ],
            log=log,
            cwd=ROOT,
            env=os.environ
            | {
                "REDIS_URL": queue.url,
                "DATABASE_URL": (
                    f"postgresql://{database['USER']}:{database['PASSWORD']}"
                    f"@:{database['PORT']}/{database['NAME']}?host={database['HOST']}"
                ),
            },
        )
        workers.append(worker)
        return worker

    yield start
    for worker in workers:
        kill(worker)


def kill(worker):
    """End a worker and the processes of its pool as a power cut does: without a word."""
    if worker.exit_code is None:
        os.killpg(worker.process.pid, signal.SIGKILL)
        worker.wait()
