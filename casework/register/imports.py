"""Bringing register files in, whole, and taking them back, whole.

A page saves the file and sends an errand; a worker checks it (the dry run), a person says yes, a
worker brings it in. The command does both at once. Either way all rows come in, or none.
"""

import base64
import hashlib
from contextlib import closing

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stations.errands import hand_over
from stations.files.tables import FileRefused
from stations.models import Station

from ..models import ImportBatch, RegisterEntry
from ..terms import BatchStatus
from . import writing
from .file import MOST_ERRORS, read_file

# The first half of the database's name for bringing in one file.
IMPORT_LOCK = 341525


class ImportRefused(Exception):
    """A plain sentence why a file is not taken in, or not taken back."""


def file_hash(content):
    return hashlib.sha256(content).hexdigest()


def refuse_twice(hash_of_file, station, *, upload=None):
    """Raise ImportRefused when the very same file is in at the station by another upload.

    Call inside the transaction that takes the file in: the station is locked, so that of two
    people with one file the second waits and is then refused.
    """
    Station.objects.select_for_update(no_key=True).get(pk=station.pk)
    others = ImportBatch.objects.exclude(pk=upload and upload.pk)
    before = others.filter(
        station=station,
        file_hash=hash_of_file,
        status__in=[BatchStatus.IMPORTED, BatchStatus.IMPORTING],
    ).first()
    if before:
        raise ImportRefused(
            _("This very file was brought in on %(day)s. Undo that import first.")
            % {"day": timezone.localdate(before.imported_at or before.uploaded_at)}
        )


def find_doubles(entries, station):
    """Return [(position, number or position of the other)] of entries that may be there twice.

    The same day and matter with the same name or the same phone, in the register or among the
    entries themselves. A question to a person, never a refusal.
    """
    if not entries:
        return []
    days = [timezone.localdate(entry.occurred_at) for entry in entries]
    known = {}
    for other in (
        RegisterEntry.objects.counted()
        .filter(station=station, occurred_on__range=(min(days), max(days)))
        .only("channel", "year", "serial", "occurred_on", "matter_id", "name", "phone_hash")
        .iterator()
    ):
        for key in _person_keys(other, other.occurred_on):
            known.setdefault(key, other.number)
    doubles = []
    for position, (entry, day) in enumerate(zip(entries, days, strict=True)):
        entry.phone_hash = writing.keyed_hash(entry.phone)
        keys = _person_keys(entry, day)
        other = next((known[key] for key in keys if key in known), None)
        if other is not None:
            doubles.append((position, other))
        for key in keys:
            known.setdefault(key, position)
    return doubles


def doubles_by_row(read, station):
    """Return [(row of a file, what it may be again)] of a `ReadFile`, in the words of a sentence."""
    return [
        (
            read.numbers[position],
            other
            if isinstance(other, str)
            else _("row %(row)s") % {"row": read.numbers[other]},
        )
        for position, other in find_doubles(read.entries, station)
    ]


def _person_keys(entry, day):
    return [
        (day, entry.matter_id, person) for person in (entry.phone_hash, entry.name) if person
    ]


# ── From a page: upload, check, confirm ─────────────────────────────────────────────────


@transaction.atomic
def upload(filename, content, station, *, by):
    """Save a file and have it checked. Raises ImportRefused when it is in already."""
    refuse_twice(file_hash(content), station)
    batch = ImportBatch.objects.create(
        station=station,
        filename=filename[:200],
        file_hash=file_hash(content),
        content=base64.b64encode(content).decode(),
        uploaded_by=by,
    )
    transaction.on_commit(lambda: send(batch.pk))
    return batch


def send(batch_id):
    """Hand a waiting file to a worker; when Redis is away, the sweep will."""
    hand_over("casework.tasks.work_on_import", batch_id)


def work_on(batch_id):
    """Check a file just uploaded, or bring in one that was confirmed. Safe to run twice."""
    batch = ImportBatch.objects.waiting().filter(pk=batch_id).first()
    if batch is None:
        return
    if batch.status == BatchStatus.UPLOADED:
        _check(batch)
    else:
        _bring_in(batch)


def _read(batch):
    return read_file(base64.b64decode(batch.content), batch.station, by=batch.uploaded_by)


def _check(batch):
    """Read every cell, save nothing but the findings."""
    found = {"status": BatchStatus.REJECTED, "content": ""}
    try:
        read = _read(batch)
    except FileRefused as sentence:
        found["refusal"] = str(sentence)[:200]
    else:
        found |= {
            "row_count": read.row_count,
            "error_count": read.error_count,
            "errors": [[error.row, error.column, error.sentence] for error in read.errors],
        }
        if not read.error_count:
            doubles = doubles_by_row(read, batch.station)
            del found["content"]
            found |= {"status": BatchStatus.CHECKED, "doubles": doubles[:MOST_ERRORS]}
    ImportBatch.objects.filter(pk=batch.pk, status=BatchStatus.UPLOADED).update(**found)


def confirm(batch):
    """Have a checked file brought in.

    Raises ImportRefused unless it has just been checked and is not in by another upload.
    """
    with transaction.atomic():
        refuse_twice(batch.file_hash, batch.station, upload=batch)
        if not ImportBatch.objects.filter(pk=batch.pk, status=BatchStatus.CHECKED).update(
            status=BatchStatus.IMPORTING, done=0
        ):
            raise ImportRefused(_("This file is not waiting to be brought in."))
        transaction.on_commit(lambda: send(batch.pk))


def give_up(batch):
    """Drop a checked file; nothing of it was ever in the register."""
    ImportBatch.objects.filter(pk=batch.pk, status=BatchStatus.CHECKED).update(
        status=BatchStatus.REJECTED, refusal=_("Given up by hand."), content=""
    )


def _bring_in(batch):
    with transaction.atomic(), closing(connection.copy()) as beside:
        # Of two workers with the same errand, one works and the other leaves.
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [IMPORT_LOCK, batch.pk])
            if not cursor.fetchone()[0]:
                return
        batch.refresh_from_db(fields=["status"])
        if batch.status != BatchStatus.IMPORTING:
            return

        def progress(done, total):
            # Beside the transaction, so that the page sees it before all is in.
            with beside.cursor() as cursor:
                cursor.execute(
                    "UPDATE casework_importbatch SET done = %s WHERE id = %s", [done, batch.pk]
                )

        read = _read(batch)
        for entry in read.entries:
            entry.batch = batch
        writing.record_many(read.entries, by=batch.uploaded_by, progress=progress)
        ImportBatch.objects.filter(pk=batch.pk).update(
            status=BatchStatus.IMPORTED,
            imported_at=timezone.now(),
            done=read.row_count,
            content="",
        )


# ── At once: the command and the backlog grid ───────────────────────────────────────────


@transaction.atomic
def take_in(filename, content, entries, station, *, by, progress=lambda done, total: None):
    """Save every entry of one source, as one batch. Returns the `ImportBatch`.

    Raises ImportRefused when the very same content is in already.
    """
    refuse_twice(file_hash(content), station)
    batch = ImportBatch.objects.create(
        station=station,
        filename=filename[:200],
        file_hash=file_hash(content),
        status=BatchStatus.IMPORTED,
        row_count=len(entries),
        done=len(entries),
        uploaded_by=by,
        imported_at=timezone.now(),
    )
    for entry in entries:
        entry.batch = batch
    writing.record_many(entries, by=by, progress=progress)
    return batch


@transaction.atomic
def undo(batch, *, by, reason):
    """Take a whole import back: its entries become void and keep their numbers. Returns the batch.

    The numbers stay used, as a struck-out line in a paper register does. Raises ImportRefused
    when it is not in, or was undone by somebody else.
    """
    batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if batch.status != BatchStatus.IMPORTED:
        raise ImportRefused(_("This import is not in, so there is nothing to undo."))
    if not reason.strip():
        raise ImportRefused(_("Say why this import is undone."))
    writing.declare_batch_void(batch, reason=reason, by=by)
    batch.status = BatchStatus.UNDONE
    batch.undone_at, batch.undone_by, batch.undo_reason = timezone.now(), by, reason[:200]
    batch.save(update_fields=["status", "undone_at", "undone_by", "undo_reason"])
    return batch
