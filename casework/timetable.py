"""Clockwork of casework: what the calendar starts by itself."""

from celery import shared_task
from django.utils import timezone

from stations.models import County, Station
from stations.timetable import SWEEP_AFTER

from . import imports, months
from .models import ImportBatch
from .periods import last_day, month_of, months_from


@shared_task
def open_months():
    """Open last month's and this month's reports of every county and open station.

    Meant for the 1st; run daily, so that a machine that was off then catches up. A second run
    changes nothing.
    """
    this_month = month_of(timezone.localdate())
    for month in (months_from(this_month, -1), this_month):
        for county in County.objects.select_related("division"):
            for place in [
                county,
                *Station.objects.open_between(month, last_day(month)).filter(county=county),
            ]:
                months.open_month(place, month)


@shared_task
def sweep_imports():
    """Send again every file that has waited for a worker for two minutes."""
    before = timezone.now() - SWEEP_AFTER
    for pk in (
        ImportBatch.objects.waiting()
        .filter(uploaded_at__lt=before)
        .values_list("pk", flat=True)
    ):
        imports.send(pk)
