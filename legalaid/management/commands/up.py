"""Start the whole site: its services, the web process, a worker and the clock."""

import contextlib
import os
import socket
import sys
import time
import urllib.request

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from legalaid.demo import ACCOUNTS, PASSWORD
from legalaid.embedded import CannotStart, Services
from legalaid.processes import Child, stopping_politely
from stations.models import County

READY_SECONDS = 60
# A worker is given time to finish the file at hand; what it does not finish is made again.
STOP_SECONDS = 20

# docker-compose.yml starts the same. No access log: searches stand in addresses.
WEB = (
    "gunicorn legalaid.wsgi --workers 2 --threads 4 --timeout 120"
    " --log-level warning --no-control-socket"
)
WORKER = (
    "celery --quiet --app legalaid worker --concurrency 2 --without-gossip --without-mingle"
)
# Where there is no shared memory (a bare chroot), Celery cannot have child processes.
POOL = "prefork" if os.access("/dev/shm", os.W_OK) else "threads"
BEAT = "celery --quiet --app legalaid beat"
# Said to whoever runs the demonstration, who can do nothing about either: that a worker
# started by root is one, and that there are no collected static files.
UNHEARD = "ignore:You're running the worker,ignore:No directory at"


class Command(BaseCommand):
    help = "Start PostgreSQL and Redis when none are named, then web, worker and beat. Ctrl-C ends all."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument(
            "--prepare", action="store_true", help="Bring the database up to date, and end."
        )

    def handle(self, *, host, port, prepare, **options):
        try:
            with stopping_politely(), contextlib.ExitStack() as running:
                if not prepare:
                    self._expect_free(host, port)
                running.enter_context(Services(say=self.say))
                self._prepare_database()
                if not prepare:
                    self._run(running, host, port)
        except CannotStart as sentence:
            raise CommandError(sentence) from None
        except KeyboardInterrupt:
            self.say("Stopped.")

    def say(self, line):
        self.stdout.write(line)
        self.stdout.flush()

    def _expect_free(self, host, port):
        with socket.socket() as attempt:
            attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                attempt.bind((host, port))
            except (OSError, OverflowError) as error:
                raise CommandError(
                    f"Port {port} of {host} cannot be used ({error}). "
                    f"Choose another: make run PORT={port + 1 if port < 65535 else 8000}"
                ) from None

    def _prepare_database(self):
        self.say("Bringing the database up to date.")
        try:
            executor = MigrationExecutor(connection)
            if executor.migration_plan(executor.loader.graph.leaf_nodes()):
                # It says what it is at: the first time that takes a while.
                call_command("migrate", interactive=False)
        except OperationalError as error:
            raise CommandError(f"The database does not answer: {error}") from None
        if settings.DEMO and not County.objects.exists():
            self.say("Building the demonstration county.")
            call_command("seed_demo")
        connection.close()
        connection.close_pool()

    def _run(self, running, host, port):
        address = f"http://{host}:{port}/"
        defaults = {"LEGALAID_SITE_URL": address.rstrip("/"), "PYTHONWARNINGS": UNHEARD}
        surroundings = defaults | os.environ
        settings.LOCAL_DIR.mkdir(exist_ok=True)
        children = []
        for name, command in [
            ("web", f"{WEB} --bind {host}:{port}"),
            ("worker", f"{WORKER} --pool {POOL}"),
            ("beat", BEAT),
        ]:
            child = Child(name, [sys.executable, "-m", *command.split()], env=surroundings)
            children.append(child)
            running.callback(child.stop, patience=STOP_SECONDS)
        running.callback(self.say, "\nStopping …")
        self._wait_until_ready(address, children)
        self._greet(address)
        while not _ended(children):
            time.sleep(0.5)
        self._mourn(children)

    def _wait_until_ready(self, address, children):
        self.say("Starting web, worker and beat.")
        give_up_at = time.monotonic() + READY_SECONDS
        while time.monotonic() < give_up_at and not _ended(children):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{address}health/", timeout=10)
                return
            time.sleep(0.1)
        self._mourn(children)

    def _mourn(self, children):
        """One of them ended by itself: the others end too, and its exit code is ours."""
        child = _ended(children)
        if child is None:
            raise CommandError(f"The site did not answer within {READY_SECONDS} seconds.")
        raise CommandError(
            f"{child.name} ended by itself (exit code {child.exit_code}); stopping everything.",
            returncode=child.exit_code or 1,
        )

    def _greet(self, address):
        self.say(f"\nThe site is at  {address}\n")
        if settings.DEMO:
            self.say(f"Accounts of the demonstration county, all with the password {PASSWORD}:")
            for account in ACCOUNTS:
                self.say(f"  {account.username:<10} {account.role_label} · {account.place}")
        self.say("\nCtrl-C stops everything.")


def _ended(children):
    return next((child for child in children if child.exit_code is not None), None)
