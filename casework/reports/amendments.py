"""What happened to a month after its report was issued: changed rows (补正), reopenings.

Issued figures stay as they are; the page says what changed since, and the next report prints it.
"""

from dataclasses import dataclass
from datetime import date, datetime

from ..models import Correction, MonthlyReport, RegisterEntry, ReportEvent
from ..periods import next_month


@dataclass(frozen=True)
class Changes:
    """How many entries of an issued month changed since: typed late, gone from it, corrected."""

    added: int
    gone: int
    corrected: int

    @property
    def total(self):
        return self.added + self.gone + self.corrected


@dataclass(frozen=True)
class Reopening:
    """One month that was unlocked again, when and why."""

    month: date
    at: datetime
    reason: str


def changes_since_issue(report):
    """Compare the register with the ids an issue counted; None for a report never issued.

    Gone covers entries declared void and those a correction moved to another month.
    """
    if report.row_ids is None:
        return None
    issued = set(report.row_ids)
    here = (
        {"station": report.station_id}
        if report.station_id
        else {"station__county": report.county_id}
    )
    now = set(
        RegisterEntry.objects.counted()
        .filter(**here)
        .in_month(report.month, next_month(report.month))
        .values_list("pk", flat=True)
        .order_by()
    )
    corrected = set(
        Correction.objects.filter(
            corrected_at__gt=report.sent_at, entry__in=report.row_ids
        ).values_list("entry_id", flat=True)
    )
    return Changes(
        added=len(now - issued), gone=len(issued - now), corrected=len(corrected & now)
    )


def reopenings(report):
    """Return the reopenings a report prints, in order.

    Those of its own month, and those of earlier months since the last earlier report was first
    sent: the reports before have printed the rest. For a sent report, up to its sending.
    """
    same_place = MonthlyReport.objects.of_place(report).filter(month__lt=report.month)
    since = (
        same_place.exclude(first_sent_at=None)
        .order_by("-first_sent_at")
        .values_list("first_sent_at", flat=True)
        .first()
    )
    events = ReportEvent.objects.filter(move="reopen", report=report)
    if since:
        events |= ReportEvent.objects.filter(
            move="reopen", report__in=same_place, made_at__gt=since
        )
    if report.is_frozen:
        events = events.filter(made_at__lte=report.sent_at)
    return [
        Reopening(*event)
        for event in events.values_list("report__month", "made_at", "note").order_by("made_at")
    ]
