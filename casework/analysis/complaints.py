"""Complaints counted: for a station's year (rules 5.2, S2), by station, and for the city by county."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from ..models import Complaint
from ..terms import SUBSTANTIATED, ComplaintStatus

S = ComplaintStatus


@dataclass(frozen=True)
class ComplaintFigures:
    """Complaints about one station, or of one county, received in a period; ids of `Complaint`.

    `substantiated_ids` are those decided in the period, whenever they were received.
    """

    received_ids: tuple[int, ...] = ()
    open_ids: tuple[int, ...] = ()
    not_accepted_ids: tuple[int, ...] = ()
    substantiated_ids: tuple[int, ...] = ()
    late_ids: tuple[int, ...] = ()

    @property
    def substantiated(self):
        return len(self.substantiated_ids)


def complaints_about(station, first: date, last: date) -> ComplaintFigures:
    """Return the figures of one station from `first` to `last`, both included."""
    rows = Complaint.objects.filter(about_station=station)
    return _by("about_station", rows, first, last).get(station.pk, ComplaintFigures())


def complaints_by_station(county, first, last):
    """{station id or None: ComplaintFigures}; None is everybody who is not of a station."""
    return _by("about_station", Complaint.objects.filter(county=county), first, last)


def complaints_by_county(counties, first, last):
    """{county id: ComplaintFigures}, for the city: counts, never rows."""
    return _by("county", Complaint.objects.filter(county__in=counties), first, last)


def _by(place, rows, first, last):
    today = timezone.localdate()
    late = set(rows.late(today).values_list("pk", flat=True))
    found = defaultdict(lambda: defaultdict(list))
    for pk, where, status, received_at, outcome, decided_on in rows.order_by("pk").values_list(
        "pk", place, "status", "received_at", "outcome", "decided_on"
    ):
        ids = found[where]
        if first <= timezone.localdate(received_at) <= last:
            ids["received_ids"].append(pk)
            if status in {S.NOT_ACCEPTED}:
                ids["not_accepted_ids"].append(pk)
        if status not in {S.NOT_ACCEPTED, S.MERGED, S.WITHDRAWN, S.REPLIED, S.CLOSED}:
            ids["open_ids"].append(pk)
        if outcome in SUBSTANTIATED and first <= decided_on <= last:
            ids["substantiated_ids"].append(pk)
        if pk in late:
            ids["late_ids"].append(pk)
    return {
        where: ComplaintFigures(**{name: tuple(each) for name, each in ids.items()})
        for where, ids in found.items()
    }
