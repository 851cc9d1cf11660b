"""A database that is started anew in the middle of the day."""

import psycopg
import pytest
from django.db import InterfaceError, OperationalError, connection
from django.urls import reverse

from stations.papers import documents
from stations.papers.documents import MAKERS, ask_for

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def end_all_connections():
    """What a restart does to a site: each of its connections is gone, and new ones are taken."""
    at = connection.settings_dict
    with psycopg.connect(
        host=at["HOST"], port=at["PORT"] or None, user=at["USER"], dbname=at["NAME"]
    ) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def leave_idle(count):
    """What a busy hour leaves in a process's pool: connections that nobody uses now."""
    taken = [connection.pool.getconn() for _ in range(count)]
    for one in taken:
        connection.pool.putconn(one)


def test_pages_and_files_go_on_as_if_nothing_had_happened(client, station, clerk, monkeypatch):
    restarts = [end_all_connections]

    def cut_off(document, progress):
        if restarts:
            restarts.pop()()
        progress(1, 1)
        return b"%PDF-"

    monkeypatch.setitem(MAKERS, "cut_off", cut_off)
    client.force_login(clerk)
    document = ask_for("cut_off", title="月报", filename="a.pdf", station=station, by=clerk)

    # A worker's file is cut off in the middle: it is still owed, not failed.
    with pytest.raises((InterfaceError, OperationalError)):
        documents.make(document.pk)
    connection.close()
    # The page asked for next finds a connection that lives, however many died in the pool.
    leave_idle(connection.pool.max_size)
    end_all_connections()
    assert client.get(reverse("desk")).status_code == 200

    documents.make(document.pk)
    document.refresh_from_db()
    assert (bytes(document.content), document.failed_at) == (b"%PDF-", None)
