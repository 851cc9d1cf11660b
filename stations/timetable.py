"""Clockwork of the ground floor."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from . import chores

# What a place owes, and what it keeps for how long, is said by what these register.
from .duty import duty_chores  # noqa: F401
from .liaisons import liaison_work  # noqa: F401
from .models import County, DestructionList, Document, SealCheck
from .papers import documents
from .retention import carrying, ground_kinds, reminding  # noqa: F401
from .seals import chain, checking
from .seals import ground as sealed_ground  # noqa: F401
from .upkeep import (  # noqa: F401
    premises,
    publicity,
    question_slips,
    rule_documents,
    staffing,
    training_years,
)
from .walls import postings, test_calls  # noqa: F401

# What a worker has not finished by now was lost with it, or never reached the queue.
SWEEP_AFTER = timedelta(minutes=2)


@shared_task
def sweep_documents():
    """Send again every file still owed after two minutes, and drop the contents of expired ones."""
    now = timezone.now()
    for pk in (
        Document.objects.owed()
        .filter(asked_at__lt=now - SWEEP_AFTER)
        .values_list("pk", flat=True)
    ):
        documents.send(pk)
    Document.objects.filter(expires_at__lt=now, content__isnull=False).update(content=None)


@shared_task
def refresh_chores():
    """Find anew what every county and its stations owe. A second run changes nothing."""
    for county in County.objects.select_related("division"):
        chores.refresh_county(county)


@shared_task
def seal_days():
    """Seal the days that are past, then check the last ones. A second run changes nothing.

    Long after midnight, so that what was begun before it is saved; and again in the morning, for a
    machine that is off at night.
    """
    chain.seal_days()
    checking.check_at_night()


@shared_task
def sweep_seal_checks():
    """Send again every check of seals that no worker has moved for two minutes."""
    before = timezone.now() - SWEEP_AFTER
    for pk in SealCheck.objects.owed().filter(moved_at__lt=before).values_list("pk", flat=True):
        checking.send(pk)


@shared_task
def sweep_destructions():
    """Send again every list that was ordered two minutes ago and is not carried out."""
    before = timezone.now() - SWEEP_AFTER
    owed = DestructionList.objects.owed().filter(ordered_at__lt=before)
    for pk in owed.values_list("pk", flat=True):
        carrying.send(pk)
