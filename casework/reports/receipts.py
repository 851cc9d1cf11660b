"""Which stations owed the county a report for a month, and how each stands (应报、已报、按时)."""

from dataclasses import dataclass
from datetime import date

from django.db import models
from django.db.models import Case, Q, TextField, Value, When
from django.db.models.fields.json import KT
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from stations.models import Station

from ..models import MonthlyReport
from ..periods import last_day
from ..terms import ReportStatus


class State(models.TextChoices):
    """How one station's month looks from the county."""

    WAITING = "waiting", pgettext_lazy("monthly report", "not due yet")
    OVERDUE = "overdue", pgettext_lazy("monthly report", "missing")
    RETURNED = "returned", pgettext_lazy("monthly report", "returned")
    ON_TIME = "on_time", pgettext_lazy("monthly report", "on time")
    LATE = "late", pgettext_lazy("monthly report", "late")
    CLOSED = "closed", pgettext_lazy("monthly report", "not open then")


@dataclass(frozen=True)
class Receipt:
    """One station and month: the report if there is one, and its state."""

    station: Station
    month: date
    report: MonthlyReport | None
    state: State

    @property
    def name_then(self):
        """The station's short name in the report that was sent, where it is another one now; else ""."""
        then = getattr(self.report, "short_name_then", "") or ""
        return "" if then == self.station.short_name else then

    @property
    def is_received(self):
        return self.state in {State.ON_TIME, State.LATE}

    @property
    def is_locked(self):
        return self.report is not None and self.report.status == ReportStatus.CONFIRMED


def state_of(report, today):
    """Return the state of an existing report on a day.

    On time is measured by the first sending: a return does not make a punctual station late.
    """
    if report.status == ReportStatus.RETURNED:
        return State.RETURNED
    if report.first_sent_at is None:
        return State.OVERDUE if today > report.due_on else State.WAITING
    return State.ON_TIME if report.was_on_time else State.LATE


def receipts(county, months, today):
    """Return {station: [Receipt for each month]} for the stations open in any of the months.

    `months` in order. Two reads for any number of stations and months. A report sent in the last one
    knows as `short_name_then` what its station was called when it was sent.
    """
    stations = Station.objects.filter(county=county).open_between(
        months[0], last_day(months[-1])
    )
    reports = {
        (report.station_id, report.month): report
        for report in MonthlyReport.objects.of_stations()
        .filter(county=county, month__gte=months[0], month__lte=months[-1])
        .annotate(
            short_name_then=Case(
                When(_FROZEN & Q(month=months[-1]), then=KT("figures__place__short_name")),
                default=Value("", TextField()),
            )
        )
        .defer("row_ids", "figures", *_WORDS)
    }
    return {
        station: [
            _receipt(station, month, reports.get((station.pk, month)), today)
            for month in months
        ]
        for station in stations
    }


_FROZEN = Q(status__in=[ReportStatus.SENT, ReportStatus.CONFIRMED])
_WORDS = ("comment", "signals_text", "typical_cases", "suggestions")


def _receipt(station, month, report, today):
    if report is not None:
        return Receipt(station, month, report, state_of(report, today))
    was_open = station.opened_on <= last_day(month) and (
        station.closed_on is None or station.closed_on > month
    )
    return Receipt(station, month, None, State.WAITING if was_open else State.CLOSED)


@dataclass(frozen=True)
class Standing:
    """The county's month: the stations that owed a report, and those of each kind."""

    expected: tuple[Station, ...]
    received: tuple[Station, ...]
    on_time: tuple[Station, ...]
    missing: tuple[Station, ...]

    @property
    def late(self):
        return tuple(station for station in self.received if station not in self.on_time)


def standing(county, month, *, at=None):
    """Return how the stations stood at a moment, now unless given.

    Received is what had been sent by then, whatever was returned since: so the county's own
    report shows the same names for good.
    """
    sent = {
        report.station_id: report
        for report in MonthlyReport.objects.of_stations()
        .filter(county=county, month=month, first_sent_at__lte=at or timezone.now())
        .defer("row_ids", "figures", *_WORDS)
    }
    expected = tuple(Station.objects.filter(county=county).open_between(month, last_day(month)))
    return Standing(
        expected=expected,
        received=tuple(station for station in expected if station.pk in sent),
        on_time=tuple(
            station
            for station in expected
            if station.pk in sent and sent[station.pk].was_on_time
        ),
        missing=tuple(station for station in expected if station.pk not in sent),
    )
