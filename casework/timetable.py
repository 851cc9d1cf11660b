"""Clockwork of casework: what the calendar starts by itself."""

import hashlib

from celery import shared_task
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stations.errands import hand_over
from stations.models import County, DayOff, Station
from stations.timetable import SWEEP_AFTER

from . import looked_at, notices, sealed_tables  # noqa: F401
from .applications import cooperation
from .complaints import complaint_chores  # noqa: F401
from .early_signs import signs
from .models import CountedCalendar, ImportBatch, Notice, Recount
from .periods import last_day, month_of, months_from
from .register import imports
from .reports import months
from .rules.deadlines import LIMITS
from .terms import NoticeKind
from .time_limits import clocks, complaint_clocks, escalation, recounts


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


@shared_task
def sweep_messages():
    """Send again every message to an applicant that has waited for a worker for two minutes."""
    before = timezone.now() - SWEEP_AFTER
    for pk in (
        Notice.objects.open()
        .filter(kind=NoticeKind.MESSAGE, made_at__lt=before)
        .values_list("pk", flat=True)
    ):
        hand_over(notices.SEND, pk)


@shared_task
def sweep_recounts():
    """Send again every new count of clocks that is owed since two minutes and not done."""
    before = timezone.now() - SWEEP_AFTER
    for pk in Recount.objects.owed().filter(asked_at__lt=before).values_list("pk", flat=True):
        hand_over(recounts.WORK, pk)


@shared_task
def recount_after_calendar():
    """Owe a county a new count of its running clocks when its days off have changed.

    Days off are imported, added and taken back on the ground floor, which knows nothing of
    applications: here their traces are found. A worker counts, and logs what moves. A second run
    changes nothing.
    """
    why = _("the working calendar changed")
    for county in County.objects.all():
        fingerprint = _fingerprint(DayOff.objects.calendar(county))
        counted = CountedCalendar.objects.filter(county=county)
        if counted.filter(fingerprint=fingerprint).exists():
            continue
        with transaction.atomic():
            CountedCalendar.objects.update_or_create(
                county=county, defaults={"fingerprint": fingerprint}
            )
            # A county has few complaints: they are counted at once.
            complaint_clocks.recount_county(county, why=why)
            recounts.ask_for(county, why=why, numbers=LIMITS, by=None)


def _fingerprint(calendar):
    days = [sorted(map(str, each)) for each in (calendar.days_off, calendar.work_days)]
    return hashlib.sha256(repr(days).encode()).hexdigest()


@shared_task
def warn_of_deadlines():
    """Warn of time limits, county by county, in its office hours; and end what has lapsed.

    A second run warns nobody twice.
    """
    now = timezone.now()
    clocks.lapse(timezone.localdate(now))
    for county in County.objects.all():
        escalation.warn(county, now)
        cooperation.warn(county, now)


@shared_task
def find_signs():
    """Look for early signs of group disputes in every county. A second run changes nothing."""
    today = timezone.localdate()
    for county in County.objects.all():
        signs.find(county, today)
