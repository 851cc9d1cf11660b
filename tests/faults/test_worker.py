"""A worker that dies: its file is made by the next one, once; its import is in whole, or not."""

import os
import signal
import threading
from datetime import timedelta

import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from casework.models import ImportBatch, RegisterCounter, RegisterEntry
from casework.register import imports
from casework.terms import BatchStatus, Channel
from stations.models import Document
from stations.papers import documents
from stations.timetable import SWEEP_AFTER, sweep_documents
from tests.casework.register.test_file import GOOD, csv_bytes

from .conftest import PATIENCE, kill, until

pytestmark = pytest.mark.django_db(transaction=True)


def ask_for(kind, **parameters):
    return documents.ask_for(kind, title="月度分析", filename="a.pdf", parameters=parameters)


def made(document):
    return Document.objects.exclude(made_at=None).filter(pk=document.pk).first()


def let_time_pass():
    """Make every owed file old enough for the sweep."""
    earlier = timezone.now() - SWEEP_AFTER - timedelta(seconds=1)
    Document.objects.owed().update(asked_at=earlier)


# ── In one process, two connections ─────────────────────────────────────────────────────


class Gate:
    """A maker whose first run stops in the middle until the test lets it go on."""

    def __init__(self):
        self.runs = 0
        self.reached, self.opened = threading.Event(), threading.Event()

    def __call__(self, document, progress):
        self.runs += 1
        run = self.runs
        progress(1, 2)
        if run == 1:
            self.reached.set()
            self.opened.wait(PATIENCE)
        return f"run {run}".encode()


@pytest.fixture
def gate(monkeypatch, queue):
    gate = Gate()
    monkeypatch.setitem(documents.MAKERS, "gated", gate)
    return gate


@pytest.fixture
def in_the_middle(gate):
    """(document, the thread that makes it and stands in the middle, what went wrong in it)."""
    document = ask_for("gated")
    faults = []

    def run():
        try:
            documents.make(document.pk)
        except OperationalError as error:
            faults.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    assert gate.reached.wait(PATIENCE)
    yield document, thread, faults
    gate.opened.set()
    thread.join(PATIENCE)


def test_a_file_sent_again_while_it_is_made_is_made_once(in_the_middle, gate):
    document, thread, _faults = in_the_middle

    documents.make(document.pk)
    assert not made(document)
    gate.opened.set()
    thread.join(PATIENCE)
    documents.make(document.pk)

    assert gate.runs == 1
    assert bytes(made(document).content) == b"run 1"


def test_the_progress_of_a_file_is_seen_while_it_is_made(in_the_middle):
    document, _thread, _faults = in_the_middle

    document.refresh_from_db()

    assert (document.done, document.total) == (1, 2)


def test_the_next_worker_makes_what_a_lost_one_began(in_the_middle, gate):
    document, thread, faults = in_the_middle

    lose_connections("pg_locks.locktype = 'advisory'")
    documents.make(document.pk)
    before = made(document)
    gate.opened.set()
    thread.join(PATIENCE)

    assert faults
    assert bytes(before.content) == b"run 2"
    assert made(document).made_at == before.made_at
    assert bytes(made(document).content) == b"run 2"


def lose_connections(condition):
    """End the other sessions of this database that hold such a lock, as a killed worker's end."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 60000) FROM pg_locks"
            " JOIN pg_database ON pg_database.oid = pg_locks.database"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            f" AND {condition}"
        )
        assert cursor.fetchall() == [(True,)]


def test_a_maker_that_says_why_not_is_asked_once(monkeypatch, queue):
    runs = []

    def refusing(document, progress):
        runs.append(document.pk)
        raise documents.CannotMake("这个月的报告已退回。")

    monkeypatch.setitem(documents.MAKERS, "refused", refusing)
    document = ask_for("refused")

    documents.make(document.pk)
    documents.make(document.pk)

    document.refresh_from_db()
    assert runs == [document.pk]
    assert document.failure == "这个月的报告已退回。"


def test_an_import_whose_worker_is_lost_is_brought_in_whole_by_the_next(station, clerk, queue):
    batch = imports.upload("台账.csv", csv_bytes(*GOOD), station, by=clerk)
    imports.work_on(batch.pk)
    imports.confirm(batch)
    RegisterCounter.objects.create(
        station=station, channel=Channel.VISIT, year=timezone.localdate().year
    )
    faults = []

    def run():
        try:
            imports.work_on(batch.pk)
        except OperationalError as error:
            faults.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    with transaction.atomic():
        # The import waits here, in the middle, for its numbers.
        RegisterCounter.objects.select_for_update().get()
        thread.start()
        until(lambda: holds_import_lock())
        lose_connections("pg_locks.locktype = 'advisory'")
        thread.join(PATIENCE)
    assert faults
    assert not RegisterEntry.objects.exists()

    imports.work_on(batch.pk)
    imports.work_on(batch.pk)

    assert ImportBatch.objects.get().status == BatchStatus.IMPORTED
    assert RegisterEntry.objects.filter(batch=batch).count() == len(GOOD)


def holds_import_lock():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_stat_activity JOIN pg_locks USING (pid)"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
            " AND locktype = 'advisory'"
        )
        return cursor.fetchone()


# ── Workers that are really killed ──────────────────────────────────────────────────────


def began(folder):
    return {int(path.name.removeprefix("began-")) for path in folder.glob("began-*")}


def test_a_killed_worker_s_file_is_made_by_the_next_one_once(start_worker, tmp_path):
    first = start_worker()
    document = ask_for("slow", folder=str(tmp_path))
    until(lambda: began(tmp_path))
    kill(first)
    (tmp_path / "go").touch()

    start_worker()
    let_time_pass()
    sweep_documents()
    before = until(lambda: made(document))

    assert len(began(tmp_path)) == 2
    # The queue hands the lost errand out again later; and whatever comes before the next file
    # has been worked through when that is made.
    documents.send(document.pk)
    documents.send(document.pk)
    until(lambda: made(ask_for_once(tmp_path)))
    after = made(document)
    assert after.made_at == before.made_at
    assert bytes(after.content) == bytes(before.content)
    assert len(began(tmp_path)) == 2


def ask_for_once(folder):
    """The file asked for behind all that was sent before."""
    last = Document.objects.filter(title="月度分析", filename="last.pdf").first()
    return last or documents.ask_for(
        "slow", title="月度分析", filename="last.pdf", parameters={"folder": str(folder)}
    )


@pytest.mark.soak
def test_a_killed_process_of_a_worker_s_pool_is_replaced_and_the_file_made(
    start_worker, tmp_path
):
    worker = start_worker()
    document = ask_for("slow", folder=str(tmp_path))
    [pid] = until(lambda: began(tmp_path))
    assert pid != worker.process.pid
    os.kill(pid, signal.SIGKILL)
    (tmp_path / "go").touch()

    after = until(lambda: made(document))

    assert worker.exit_code is None
    assert bytes(after.content) != f"made by {pid}".encode()
