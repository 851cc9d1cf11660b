"""Seals of days: gapless, each on the one before, over every table that is only ever added to."""

from datetime import date, timedelta

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils import timezone
from psycopg.types.json import Jsonb

from casework.models import Correction
from stations.models import DaySeal, Look, LookKind, SealAmendment, SealCheck
from stations.privacy import encrypt
from stations.seals import chain, checking
from stations.seals.amending import SealBroken, lawfully
from stations.seals.tables import TABLES
from stations.timetable import seal_days
from tests.conftest import at

pytestmark = pytest.mark.django_db

# A Thursday morning; what is sealed then are the days before.
NOW = at(2026, 11, 5, 8, 45)
DAY = date(2026, 11, 3)


@pytest.fixture
def looks(clerk, make_look):
    """Two looks of one past day, one of the next."""
    moments = [at(2026, 11, 3, 9), at(2026, 11, 3, 23, 59), at(2026, 11, 4, 0, 1)]
    return [
        make_look(clerk, moment, subject=f"entry:{n}", reason="核对身份")
        for n, moment in enumerate(moments)
    ]


@pytest.fixture
def sealed(looks):
    assert chain.seal_days(NOW) == 2
    return looks


def wrong(first=DAY, last=date(2026, 11, 4)):
    return [
        (finding.day, finding.table, finding.kind) for finding in checking.check(first, last)
    ]


def test_every_table_that_is_only_added_to_is_sealed():
    added_to = {
        model._meta.label_lower
        for model in apps.get_models()
        if any(
            trigger.name == "append_only" for trigger in getattr(model._meta, "triggers", [])
        )
    }
    assert added_to - set(TABLES) == {"stations.dayseal"}


def test_each_day_is_sealed_once_from_the_first_row_on_and_agrees(sealed):
    assert chain.seal_days(NOW) == 0
    assert [seal.day for seal in DaySeal.objects.order_by("day")] == [DAY, date(2026, 11, 4)]
    rows = {
        table.table: table.rows for table in chain.table_seals(DaySeal.objects.get(day=DAY))
    }
    assert (rows["stations.look"], sum(rows.values())) == (2, 2)
    assert wrong() == []
    # A night that was missed is caught up with, and today's day waits until it is over and settled.
    assert chain.seal_days(at(2026, 11, 8, 1)) == 2
    assert DaySeal.objects.first().day == date(2026, 11, 6)


def test_no_seal_is_left_out_changed_or_taken_away(sealed):
    last = DaySeal.objects.first()
    leaves_one_out = DaySeal(day=last.day + timedelta(days=2), previous=last, digest="a")
    begins_anew = DaySeal(day=date(2026, 1, 1), previous=None, digest="b")
    for seal in (leaves_one_out, begins_anew):
        with pytest.raises(IntegrityError), transaction.atomic():
            seal.save(force_insert=True)
    for act in (last.delete, lambda: DaySeal.objects.update(digest="c")):
        with pytest.raises(Exception, match="Cannot update or delete"), transaction.atomic():
            act()


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("UPDATE stations_look SET subject = 'entry:9' WHERE id = %s", "changed"),
        ("UPDATE stations_look SET reason = '查案' WHERE id = %s", "words"),
        ("DELETE FROM stations_look WHERE id = %s", "gone"),
        (
            "INSERT INTO stations_look (kind, user_id, at, station_id, subject, count, reason)"
            " SELECT kind, user_id, at, station_id, subject, count, reason"
            " FROM stations_look WHERE id = %s",
            "added",
        ),
        ("UPDATE stations_look SET at = at - interval '3 minutes' WHERE id = %s", "changed"),
    ],
)
def test_a_row_altered_with_triggers_switched_off_is_found(
    sealed, as_database_administrator, statement, kind
):
    as_database_administrator(statement, sealed[0].pk)

    [finding] = checking.check(DAY, date(2026, 11, 4))

    assert (finding.day, finding.table, finding.kind) == (DAY, "stations.look", kind)
    assert "2026年11月3日" in finding.sentence


def test_a_seal_that_was_changed_exchanged_or_removed_is_found(
    sealed, as_database_administrator
):
    next_day = date(2026, 11, 4)
    with transaction.atomic():
        # A row and the count of its table.
        as_database_administrator("DELETE FROM stations_look WHERE id = %s", sealed[0].pk)
        as_database_administrator(
            "UPDATE stations_dayseal SET tables = replace(tables::text, '\"rows\": 2', '\"rows\": 1')"
            "::jsonb WHERE day = %s",
            DAY,
        )
        assert (DAY, "", "seal") in wrong()
        transaction.set_rollback(True)
    with transaction.atomic():
        # Whoever has the keys, too, makes the seal anew: the next day's no longer follows from it.
        as_database_administrator("DELETE FROM stations_look WHERE id = %s", sealed[0].pk)
        [anew] = chain._seals(None, DAY, DAY)
        as_database_administrator(
            "UPDATE stations_dayseal SET tables = %s, digest = %s WHERE day = %s",
            Jsonb(anew.tables),
            anew.digest,
            DAY,
        )
        assert wrong() == [(next_day, "", "seal")]
        transaction.set_rollback(True)
    with transaction.atomic():
        as_database_administrator("DELETE FROM stations_dayseal WHERE day = %s", DAY)
        assert wrong(next_day) == [(next_day, "", "seal")]
        transaction.set_rollback(True)
    with transaction.atomic():
        chain.seal_days(at(2026, 11, 6, 9))
        as_database_administrator("DELETE FROM stations_dayseal WHERE day = %s", next_day)
        assert (next_day, "", "missing") in wrong(last=date(2026, 11, 5))
        transaction.set_rollback(True)
    # The last seals can be made anew by the site itself; that they came late shows.
    as_database_administrator("DELETE FROM stations_dayseal WHERE day = %s", next_day)
    chain.seal_days(NOW)
    anew = DaySeal.objects.get(day=next_day)
    assert anew.is_late == (timezone.localdate() > date(2026, 11, 5))


def test_personal_values_count_by_what_they_say_and_not_by_their_cipher(
    make_entry, clerk, as_database_administrator
):
    entry = make_entry()
    correction = Correction.objects.create(
        entry=entry,
        field="phone",
        old_value="13900002648",
        new_value="13900009999",
        reason="抄错",
        corrected_by=clerk,
        corrected_at=at(2026, 11, 3),
    )
    chain.seal_days(at(2026, 11, 5))
    change = "UPDATE casework_correction SET old_value = %s WHERE id = %s"

    as_database_administrator(change, encrypt("13900002648"), correction.pk)
    assert wrong() == []
    as_database_administrator(change, encrypt("13900001111"), correction.pk)
    assert wrong() == [(DAY, "casework.correction", "words")]
    as_database_administrator(change, b"A\x01broken", correction.pk)
    assert wrong() == [(DAY, "casework.correction", "words")]


def test_what_is_lawfully_destroyed_is_written_down_and_checked_on(
    sealed, clerk, as_database_administrator
):
    destroy = "DELETE FROM stations_look WHERE id = %s"
    with lawfully(Look, [DAY], why="2029年第1号销毁清单", by=clerk):
        as_database_administrator(destroy, sealed[0].pk)

    amendment = SealAmendment.objects.get()
    assert (amendment.day, amendment.table, amendment.rows) == (DAY, "stations.look", 1)
    assert wrong() == []
    # Afterwards, anything else is found as before, and nothing altered can be destroyed along.
    as_database_administrator(destroy, sealed[1].pk)
    assert wrong() == [(DAY, "stations.look", "gone")]
    with (
        pytest.raises(SealBroken, match="2026年11月3日"),
        lawfully(Look, [DAY], why="清单", by=clerk),
    ):
        pytest.fail("the act was let run")


def test_the_clockwork_seals_and_checks_and_a_worker_does_what_the_auditor_asks(
    clerk, audit_admin, make_look
):
    past = timezone.now() - timedelta(days=3)
    make_look(clerk, past, kind=LookKind.SIGN_IN, subject=f"user:{clerk.pk}")

    seal_days()
    seal_days()

    at_night = SealCheck.objects.get()
    assert (at_night.findings, at_night.asked_by, at_night.done) == ([], None, at_night.total)
    assert at_night.finished_at
    assert at_night.total >= 2
    first = timezone.localdate(past)
    asked = checking.ask_for(first, first, by=audit_admin)
    assert checking.ask_for(first, first, by=audit_admin) == asked
    checking.work_on(asked.pk)
    checking.work_on(asked.pk)
    asked.refresh_from_db()
    assert (asked.done, asked.total, asked.findings) == (1, 1, [])
