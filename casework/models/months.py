"""Months: the analysis a station owes its county every month, and the county's own."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import ExtractYear
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stations.models import County, Document, Station, User
from stations.models.seals import short_code

from ..terms import ReportMove, ReportStatus


class MonthlyReportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A station's reports for whoever reaches the station; the county's for county and city."""
        counties = County.objects.visible_to(user)
        if user.station:
            counties = counties.none()
        return self.filter(
            Q(station__in=Station.objects.visible_to(user))
            | Q(station=None, county__in=counties)
        )

    def of_stations(self):
        return self.exclude(station=None)

    def of_place(self, report):
        """The reports of the same station, or of the same county."""
        return self.filter(county=report.county_id, station=report.station_id)

    def being_written(self):
        return self.filter(status__in=[ReportStatus.OPEN, ReportStatus.RETURNED])

    def frozen(self):
        return self.filter(status__in=[ReportStatus.SENT, ReportStatus.CONFIRMED])

    def overdue(self, today):
        return self.being_written().filter(due_on__lt=today)

    def for_list(self):
        return self.select_related("station", "county__division").defer("row_ids", "figures")


class MonthlyReport(models.Model):
    """The monthly analysis 月度分析 of a station, or of a county when `station` is empty.

    `status` changes only through `casework.reports.months`. While open, figures are computed from the
    rows at each look; when sent they are frozen with the ids and the hash of the rows counted.
    """

    county = models.ForeignKey(County, models.PROTECT, related_name="monthly_reports")
    station = models.ForeignKey(
        Station, models.PROTECT, null=True, blank=True, related_name="monthly_reports"
    )
    # The first day of the month.
    month = models.DateField(_("month"))
    status = models.CharField(
        _("status"), max_length=10, choices=ReportStatus, default=ReportStatus.OPEN
    )
    due_on = models.DateField(_("due on"))

    # What people write; figures are never typed.
    comment = models.TextField(_("main features"), max_length=4000, blank=True)
    signals_text = models.TextField(
        _("signals: facts and action taken"), max_length=4000, blank=True
    )
    typical_cases = models.TextField(
        _("typical cases, without names"), max_length=4000, blank=True
    )
    suggestions = models.TextField(_("problems and suggestions"), max_length=4000, blank=True)
    is_zero_confirmed = models.BooleanField(
        _("confirmed: nobody called or came this month"), default=False
    )

    # Filled when sent.
    serial = models.PositiveIntegerField(_("document number"), null=True, blank=True)
    # The place's sign in that number, 霍清, as it was called on the first sending.
    number_sign = models.CharField(max_length=6, blank=True)
    figures = models.JSONField(null=True, blank=True)
    row_ids = ArrayField(models.BigIntegerField(), null=True, blank=True)
    rows_hash = models.CharField(max_length=64, blank=True)
    # The last day sealed before it was sent, and its seal: paper keeps the chain from being remade.
    seal_on = models.DateField(null=True, blank=True)
    seal = models.CharField(max_length=64, blank=True)
    # How often it was sent: 1 the first time, more after a return or a reopening.
    issue = models.PositiveSmallIntegerField(default=0)
    first_sent_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="monthly_reports"
    )

    objects = MonthlyReportQuerySet.as_manager()

    class Meta:
        ordering = ["-month", "station__code"]
        verbose_name = _("monthly analysis")
        constraints = [
            models.UniqueConstraint(
                fields=["county", "station", "month"],
                nulls_distinct=False,
                name="report_one_per_place_and_month",
            ),
            # Document numbers of a place run within the year of the first sending.
            models.UniqueConstraint(
                "county",
                "station",
                ExtractYear("first_sent_at"),
                "serial",
                condition=Q(serial__isnull=False),
                nulls_distinct=False,
                name="report_number_once",
            ),
            models.CheckConstraint(
                name="report_month_is_a_first_day", condition=Q(month__day=1)
            ),
            models.CheckConstraint(
                name="report_sent_is_frozen",
                condition=Q(status__in=[ReportStatus.OPEN, ReportStatus.RETURNED])
                | Q(
                    figures__isnull=False,
                    row_ids__isnull=False,
                    sent_at__isnull=False,
                    sent_by__isnull=False,
                    serial__isnull=False,
                )
                & ~Q(rows_hash=""),
            ),
            models.CheckConstraint(
                name="report_confirmed_by_with_at",
                condition=Q(confirmed_at=None, confirmed_by=None)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.place} {self.month:%Y-%m}"

    def get_absolute_url(self):
        return reverse("casework:report_detail", args=[self.pk])

    @property
    def place(self):
        return self.station or self.county

    @property
    def is_frozen(self):
        return self.status in {ReportStatus.SENT, ReportStatus.CONFIRMED}

    @property
    def place_name(self):
        """What the place is called in it: as it was called when sent, as today before that."""
        return self.figures["place"]["name"] if self.is_frozen else str(self.place)

    @property
    def name_of_now(self):
        """What the place is called today, where the report was sent under another name; else ""."""
        return "" if self.place_name == str(self.place) else str(self.place)

    @property
    def was_on_time(self):
        """Whether it was first sent by the due day; None while it never was."""
        return self.first_sent_at and timezone.localdate(self.first_sent_at) <= self.due_on

    @property
    def document_number(self):
        """The number on paper, 霍清援〔2026〕18号: county, station, year and serial; "" before it."""
        if self.serial is None:
            return ""
        year = timezone.localtime(self.first_sent_at).year
        return f"{self.number_sign}援〔{year}〕{self.serial}号"

    @property
    def seal_code(self):
        """The seal as paper prints it; "" before the first one of the site."""
        return short_code(self.seal)

    @property
    def sign_of_now(self):
        """The sign a number taken today would carry."""
        return self.county.short_name + (self.station.short_name[:1] if self.station else "")


class ReportIssue(models.Model):
    """One issue of a report as it was sent: words, figures, rows and their hash. Never changed.

    The report itself carries the issue in force; a reopened month sent anew leaves the earlier
    issues here, each with its own hash.
    """

    report = models.ForeignKey(MonthlyReport, models.PROTECT, related_name="issues")
    issue = models.PositiveSmallIntegerField()
    comment = models.TextField(blank=True)
    signals_text = models.TextField(blank=True)
    typical_cases = models.TextField(blank=True)
    suggestions = models.TextField(blank=True)
    is_zero_confirmed = models.BooleanField(default=False)
    figures = models.JSONField()
    row_ids = ArrayField(models.BigIntegerField())
    rows_hash = models.CharField(max_length=64)
    seal_on = models.DateField(null=True, blank=True)
    seal = models.CharField(max_length=64, blank=True)
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["issue"]
        verbose_name = _("issue of a monthly analysis")
        constraints = [
            models.UniqueConstraint(fields=["report", "issue"], name="report_issue_once"),
            models.CheckConstraint(
                name="report_issue_is_whole", condition=Q(issue__gte=1) & ~Q(rows_hash="")
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self):
        return f"{self.report} {self.issue}"


class ReportEvent(models.Model):
    """One move of a report: who, when, from, to, why. Never changed."""

    report = models.ForeignKey(MonthlyReport, models.PROTECT, related_name="events")
    move = models.CharField(max_length=20)
    from_status = models.CharField(max_length=10, choices=ReportStatus)
    to_status = models.CharField(max_length=10, choices=ReportStatus)
    note = models.TextField(_("note"), blank=True)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["made_at", "pk"]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self):
        return f"{self.report} {self.move}"

    @property
    def move_label(self):
        return ReportMove(self.move).label
