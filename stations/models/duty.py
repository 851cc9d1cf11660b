"""Duty at stations 值班: what stations want, a county's months, their half-days and changes."""

from datetime import datetime, timedelta

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..duty_hours import DutyHours
from ..sayings import SayingField
from ..terms import Absence, DutyChangeKind, Half, SlotOrigin, WeekHalf
from .network import County, Station
from .panel import AidWorker
from .people import User

# Clock 31: an absence is told so long before the half-day begins.
NOTICE = timedelta(days=1)


def pair(moment, person):
    """Both or neither: a moment and who it was."""
    return Q(**{moment: None, person: None}) | Q(
        **{f"{moment}__isnull": False, f"{person}__isnull": False}
    )


class StationDuty(models.Model):
    """At which half-days a station wants somebody, and how many a week; else the county's rule."""

    station = models.OneToOneField(Station, models.PROTECT, related_name="duty_wish")
    # None chosen: any half-day from Monday to Friday.
    half_days = ArrayField(
        models.CharField(max_length=3, choices=WeekHalf),
        verbose_name=_("half-days of the station"),
        default=list,
        blank=True,
    )
    per_week = models.PositiveSmallIntegerField(_("half-days a week"), null=True, blank=True)
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="station_duty_at_least_once_a_week",
                condition=Q(per_week=None) | Q(per_week__range=(1, 10)),
            )
        ]

    def __str__(self):
        return f"{self.station} {self.per_week}"


class DutyMonthQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(county__in=County.objects.visible_to(user))

    def published(self):
        return self.filter(published_at__isnull=False)


class DutyMonth(models.Model):
    """The roster of a county for one month: a draft until it is published by a person.

    What was published stays written in each half-day; every later change is a dated row
    (`DutyChange`). Changed by `stations.duty.months` only.
    """

    county = models.ForeignKey(County, models.PROTECT, related_name="duty_months")
    # The first day of the month.
    month = models.DateField(_("month"))
    planned_at = models.DateTimeField(null=True, blank=True)
    planned_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    published_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    # The hours of duty it was published with; a county that changes its hours changes later months.
    published_hours = ArrayField(models.TimeField(), size=4, null=True, blank=True)

    objects = DutyMonthQuerySet.as_manager()

    class Meta:
        ordering = ["-month"]
        verbose_name = _("duty roster")
        constraints = [
            models.UniqueConstraint(fields=["county", "month"], name="duty_month_once"),
            models.CheckConstraint(name="duty_month_is_a_first_day", condition=Q(month__day=1)),
            models.CheckConstraint(
                name="duty_month_planned_by_somebody",
                condition=pair("planned_at", "planned_by"),
            ),
            models.CheckConstraint(
                name="duty_month_published_by_somebody",
                condition=pair("published_at", "published_by"),
            ),
        ]

    def __str__(self):
        return f"{self.county} {self.month:%Y-%m}"

    @property
    def is_published(self):
        return self.published_at is not None

    @property
    def hours(self):
        """The `DutyHours` of its half-days."""
        if self.published_hours:
            return DutyHours(*self.published_hours)
        return self.county.duty_hours


class DutySlotQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The half-days of the stations a user reaches, and their own wherever they are."""
        return self.filter(
            Q(station__in=Station.objects.visible_to(user)) | Q(worker__user=user)
        )

    def standing(self):
        """Those that stand: without the half-days somebody was absent from."""
        return self.filter(absence="")

    def published(self):
        return self.filter(duty_month__published_at__isnull=False)

    def of(self, user):
        """The half-days of somebody's own account."""
        return self.filter(worker__user=user)

    def unfilled(self):
        return self.standing().filter(worker=None)

    def on_duty_at(self, station, now):
        """Whoever stands duty at a station now; before noon the morning's."""
        here = timezone.localtime(now)
        half = station.county.duty_hours.half_at(here.time())
        return (
            self.published()
            .standing()
            .filter(station=station, day=here.date(), half=half, worker__isnull=False)
        )

    def for_grid(self):
        return self.select_related("worker", "station", "duty_month").order_by(
            "day", "half", "pk"
        )


class DutySlot(models.Model):
    """Half a day of duty at a station: who, how that came about, signed in and out, or absent.

    A half-day nobody could be found for has no worker and says why. Somebody absent keeps the
    row; who stands in has a row of their own, which is called off when the absence is taken back.
    `published_worker` is who was printed on the wall.
    """

    duty_month = models.ForeignKey(DutyMonth, models.PROTECT, related_name="slots")
    station = models.ForeignKey(
        Station, models.PROTECT, related_name="duty_slots", verbose_name=_("station")
    )
    day = models.DateField(_("day"))
    half = models.CharField(_("half-day"), max_length=2, choices=Half)
    worker = models.ForeignKey(
        AidWorker,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="duty_slots",
        verbose_name=_("duty person"),
    )
    published_worker = models.ForeignKey(
        AidWorker, models.PROTECT, null=True, blank=True, related_name="+"
    )
    origin = models.CharField(max_length=10, choices=SlotOrigin, default=SlotOrigin.PLANNED)
    why_open = SayingField(_("why nobody"), blank=True)
    stands_in_for = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="substitute"
    )
    signed_in_at = models.DateTimeField(_("signed in"), null=True, blank=True)
    signed_out_at = models.DateTimeField(_("signed out"), null=True, blank=True)
    # Who set the times right when the person could not sign; None: they signed themselves.
    signing_set_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    absence = models.CharField(_("absence"), max_length=6, choices=Absence, blank=True)
    # When it was told; with `UNTOLD` it was told too late, or never.
    told_at = models.DateTimeField(_("told at"), null=True, blank=True)
    absence_reason = models.CharField(_("reason"), max_length=120, blank=True)
    absence_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = DutySlotQuerySet.as_manager()

    class Meta:
        ordering = ["day", "half", "pk"]
        verbose_name = _("half-day of duty")
        constraints = [
            models.UniqueConstraint(
                fields=["station", "day", "half"],
                condition=Q(absence=""),
                name="duty_slot_one_standing",
                violation_error_message=_("The station already has this half-day."),
            ),
            # Never in two places at once, absent or not.
            models.UniqueConstraint(
                fields=["worker", "day", "half"],
                condition=Q(worker__isnull=False),
                name="duty_slot_worker_in_one_place",
                violation_error_message=_("This person stands duty elsewhere at that time."),
            ),
            models.CheckConstraint(
                name="duty_slot_signed_by_a_worker",
                condition=Q(signed_in_at=None) | Q(worker__isnull=False, absence=""),
            ),
            models.CheckConstraint(
                name="duty_slot_signs_out_after_in",
                condition=Q(signed_out_at=None) | Q(signed_out_at__gte=F("signed_in_at")),
            ),
            models.CheckConstraint(
                name="duty_slot_absence_noted_by_somebody",
                condition=Q(absence="", absence_by=None, told_at=None)
                | Q(absence=Absence.CALLED_OFF, absence_by__isnull=False, worker=None)
                | ~Q(absence__in=["", Absence.CALLED_OFF])
                & Q(absence_by__isnull=False, worker__isnull=False),
            ),
            models.CheckConstraint(
                name="duty_slot_told_at_with_notice",
                condition=~Q(absence=Absence.TOLD) | Q(told_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["day", "station"], name="duty_slot_day")]

    def __str__(self):
        return f"{self.station} {self.day} {self.get_half_display()}"

    def get_absolute_url(self):
        return reverse("stations:duty_slot", args=[self.pk])

    @property
    def starts_at(self):
        return self._at(self.duty_month.hours.of(self.half)[0])

    @property
    def ends_at(self):
        return self._at(self.duty_month.hours.of(self.half)[1])

    def _at(self, hour):
        return timezone.make_aware(datetime.combine(self.day, hour))

    @property
    def is_standing(self):
        return not self.absence

    @property
    def is_to_come(self):
        return self.day >= timezone.localdate()

    @property
    def is_stood(self):
        """Signed in: what the subsidy counts."""
        return self.signed_in_at is not None

    @property
    def was_told_late(self):
        return self.absence == Absence.UNTOLD and self.told_at is not None


class DutyChange(models.Model):
    """One change of a published half-day: from whom to whom, by whom, why. Never edited.

    An absence taken back leaves here what was noted, times set right leave the ones before.
    """

    slot = models.ForeignKey(DutySlot, models.PROTECT, related_name="changes")
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    from_worker = models.ForeignKey(
        AidWorker, models.PROTECT, null=True, blank=True, related_name="+"
    )
    to_worker = models.ForeignKey(
        AidWorker, models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(_("reason"), max_length=120)
    kind = models.CharField(max_length=7, choices=DutyChangeKind, default=DutyChangeKind.PERSON)
    # The absence that was noted, or that was taken back, and when it was told.
    absence = models.CharField(max_length=6, choices=Absence, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    in_before = models.DateTimeField(null=True, blank=True)
    in_after = models.DateTimeField(null=True, blank=True)
    out_before = models.DateTimeField(null=True, blank=True)
    out_after = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["changed_at", "pk"]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self):
        return f"{self.slot_id} {self.from_worker_id} → {self.to_worker_id}"
