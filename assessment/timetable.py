"""Clockwork of the assessment: running scores at night, and what a year's steps owe."""

from celery import shared_task
from django.utils import timezone

# These say what places owe, and what day seals go over.
from . import duties, integrity, running, sealed_tables  # noqa: F401
from .models import Year
from .naming import naming_duties  # noqa: F401


@shared_task
def recompute_years():
    """Compute the running scores of every open year. A second run changes nothing."""
    today = timezone.localdate()
    for year in Year.objects.running().select_related("county__division", "standard"):
        running.make_sheets(year)
        running.recompute(year, on=today)
        integrity.find_flags(year, on=today)
