"""The duty subsidies of a county's months, once settled."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .network import County
from .panel import AidWorker
from .people import User


class SubsidySheetQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(county__in=County.objects.visible_to(user))


class SubsidySheet(models.Model):
    """The duty subsidies of a county's month, locked: rate, rows and a hash of what was counted."""

    county = models.ForeignKey(County, models.PROTECT, related_name="subsidy_sheets")
    month = models.DateField(_("month"))
    # Yuan for half a day.
    rate = models.DecimalField(_("yuan a half-day"), max_digits=8, decimal_places=2)
    half_days = models.PositiveIntegerField()
    amount = models.DecimalField(_("amount"), max_digits=10, decimal_places=2)
    hash = models.CharField(max_length=64)
    locked_at = models.DateTimeField(default=timezone.now)
    locked_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = SubsidySheetQuerySet.as_manager()

    class Meta:
        ordering = ["-month"]
        verbose_name = _("subsidy sheet")
        constraints = [
            models.UniqueConstraint(fields=["county", "month"], name="subsidy_sheet_once"),
            models.CheckConstraint(
                name="subsidy_sheet_adds_up", condition=Q(amount=F("rate") * F("half_days"))
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self):
        return f"{self.county} {self.month:%Y-%m}"


class SubsidyRow(models.Model):
    """One person of a locked sheet, as they were named then, and the half-days that count."""

    sheet = models.ForeignKey(SubsidySheet, models.PROTECT, related_name="rows")
    worker = models.ForeignKey(AidWorker, models.PROTECT, related_name="subsidies")
    name = models.CharField(max_length=40)
    unit_name = models.CharField(max_length=60)
    kind = models.CharField(max_length=12)
    # The slots counted, in order.
    slots = ArrayField(models.BigIntegerField())
    half_days = models.PositiveSmallIntegerField()
    # Entries of the register they received on those days, as the higher floor told; for the reader.
    handled = models.PositiveSmallIntegerField(default=0)
    amount = models.DecimalField(_("amount"), max_digits=8, decimal_places=2)
    absences_told = models.PositiveSmallIntegerField(default=0)
    absences_untold = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["unit_name", "name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "worker"], name="subsidy_row_once"),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self):
        return f"{self.name} {self.half_days}"
