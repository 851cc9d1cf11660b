"""Errands of the assessment, and how its documents are made."""

from celery import shared_task
from django.db import OperationalError
from django.utils import timezone

from . import running
from .models import Year

# Sheets, summaries, notices and lists as PDF and Excel.
from .results import papers, workbooks  # noqa: F401


@shared_task(autoretry_for=(OSError, OperationalError), retry_backoff=True, max_retries=5)
def recompute_year(year_id):
    """Compute the running scores of one year anew. A second run changes nothing."""
    year = Year.objects.select_related("county__division", "standard").get(pk=year_id)
    running.recompute(year, on=timezone.localdate())
