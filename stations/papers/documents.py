"""How owed files are asked for and made. One way for every PDF, bundle and export.

A maker is a function `(document, progress) -> bytes`, registered under the document's kind by the
floor that knows how (`@makes("monthly_report")`). It may call `progress(done, total)`.
"""

import logging
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ..errands import hand_over
from ..models import Document
from ..privacy import seal

log = logging.getLogger(__name__)

MAKERS = {}
# The first half of the database's name for the making of one document.
MAKING_LOCK = 341526


class CannotMake(Exception):
    """A maker's plain sentence why the file cannot be made; shown to who asked, not retried."""


def makes(kind):
    """Register the decorated function as the maker of a kind of document."""

    def register(maker):
        MAKERS[kind] = maker
        return maker

    return register


def ask_for(
    kind, *, title, filename, station=None, county=None, by=None, parameters=None, **fields
):
    """Save the wish for a file and, once that is committed, send it to a worker.

    Returns the `Document`. Call inside the transaction of the act that causes it.
    """
    document = Document.objects.create(
        kind=kind,
        title=title,
        filename=filename,
        station=station,
        county=county,
        asked_by=by,
        parameters=parameters or {},
        **fields,
    )
    transaction.on_commit(lambda: send(document.pk))
    return document


def send(document_id):
    """Hand one owed document to a worker; when Redis is away, the sweep will."""
    hand_over("stations.tasks.make_document", document_id)


def make(document_id):
    """Fill in one owed document, once however often it was sent.

    The sweep sends again what is still being made; whoever then finds a colleague at it leaves.
    """
    with _alone_at(document_id) as is_alone:
        document = Document.objects.owed().filter(pk=document_id).first()
        if is_alone and document:
            _fill_in(document)


@contextmanager
def _alone_at(document_id):
    """Whether no other worker makes this document; a killed worker's claim ends with its connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [MAKING_LOCK, document_id])
        [is_alone] = cursor.fetchone()
    try:
        yield is_alone
    finally:
        if is_alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [MAKING_LOCK, document_id])


def _fill_in(document):
    owed = Document.objects.owed().filter(pk=document.pk)

    def progress(done, total):
        Document.objects.filter(pk=document.pk).update(done=done, total=total)

    try:
        content = MAKERS[document.kind](document, progress)
    except CannotMake as sentence:
        owed.update(failed_at=timezone.now(), failure=str(sentence)[:200])
    except (OSError, OperationalError):
        # The network or the database is away: still owed, the sweep sends it again.
        raise
    except Exception:
        # A fault of ours would come again every minute; whoever asked is told instead.
        log.exception("document %s of kind %s cannot be made", document.pk, document.kind)
        sentence = _(
            "This file could not be made. Tell the administrator, then ask for it again."
        )
        owed.update(failed_at=timezone.now(), failure=sentence)
    else:
        # A file of personal data lies in the database as its fields do.
        stored = seal(content) if document.is_personal else content
        owed.update(content=stored, made_at=timezone.now())
