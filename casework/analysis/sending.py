"""Whether stations sent their monthly analyses: a door for the name of demonstration station."""

from ..models import MonthlyReport
from ..periods import months_from

MONTHS = 12


def last_twelve_months(county, today):
    """Return {station id: (due, sent)} of the last twelve months whose analysis is due by now.

    A station that opened within them had fewer due. One query more for the latest month.
    """
    due = MonthlyReport.objects.of_stations().filter(county=county, due_on__lt=today)
    latest = due.order_by("-month").values_list("month", flat=True).first()
    if latest is None:
        return {}
    counted = {}
    for station, sent_at in due.filter(
        month__gt=months_from(latest, -MONTHS), month__lte=latest
    ).values_list("station", "first_sent_at"):
        months, sent = counted.get(station, (0, 0))
        counted[station] = months + 1, sent + (sent_at is not None)
    return counted
