"""A station of which every condition that can be known is met, for tests and the journey."""

from datetime import date, timedelta

from django.utils import timezone

from assessment.demonstration import CheckPoint
from casework.models import MonthlyReport
from casework.periods import month_of, months_from
from stations.models import Liaison
from stations.terms import ItemState, LiaisonPost, PremisesItem
from stations.upkeep import premises
from stations.walls import texts
from tests.stations.wall_world import hang_all


def ready(station, *, officer, by):
    """Fill in what the conditions ask of a station: liaisons, months, postings, equipment."""
    today = timezone.localdate()
    station.phone, station.address, station.hours = "0564-000-0011", "政府院内一楼", "工作日"
    station.save()
    for village in station.township.children.all():
        Liaison.objects.get_or_create(
            station=station,
            village=village,
            appointed_to=None,
            defaults={
                "name": "石联络",
                "post": LiaisonPost.MEDIATION,
                "appointed_from": date(2024, 1, 1),
            },
        )
    months_sent(station, 12)
    if not station.county.complaint_phone:
        station.county.complaint_phone = "0564-000-2148"
        station.county.save()
        texts.take_over_defaults(station.county, by=officer)
    hang_all(station, today, by)
    premises.record(
        station,
        [(item, ItemState.THERE, "", b"") for item in PremisesItem],
        on=today,
        by=by,
    )
    return station


def months_sent(station, count):
    """The last twelve months are due; so many of them were sent."""
    this_month = month_of(timezone.localdate())
    for back in range(1, 13):
        month = months_from(this_month, -back)
        MonthlyReport.objects.create(
            county=station.county,
            station=station,
            month=month,
            due_on=min(month + timedelta(days=38), timezone.localdate() - timedelta(days=1)),
            first_sent_at=timezone.now() if back <= count else None,
        )


def all_met():
    return dict.fromkeys(CheckPoint, (True, ""))
