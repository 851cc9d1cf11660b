"""Errands of the ground floor. Each takes an id and may run twice."""

from celery import shared_task
from django.db import OperationalError

from . import documents


@shared_task(autoretry_for=(OSError, OperationalError), retry_backoff=True, max_retries=5)
def make_document(document_id):
    """Fill in one owed document."""
    documents.make(document_id)
