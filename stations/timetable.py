"""Clockwork of the ground floor."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from . import chores

# What a place owes is found by functions these register.
from .duty import duty_chores  # noqa: F401
from .liaisons import liaison_work  # noqa: F401
from .models import County, Document
from .papers import documents
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
