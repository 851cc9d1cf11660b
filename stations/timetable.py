"""Clockwork of the ground floor."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from . import documents
from .models import Document

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
