"""How a case ended 结案: its result, the checks of its file, archive number and subsidy."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stations.models import County, User

from ..terms import CaseResult, FileCheck
from .applications import Application


class Closing(models.Model):
    """How a case ended (结案), its file, check, subsidy and archive number."""

    application = models.OneToOneField(Application, models.PROTECT, related_name="closing")
    closed_on = models.DateField(_("closing date"))
    result = models.CharField(_("result"), max_length=16, choices=CaseResult)
    summary = models.TextField(_("summary"), max_length=2000)
    recovered = models.DecimalField(
        _("recovered or saved, yuan"), max_digits=12, decimal_places=2, default=0
    )
    wages_recovered = models.DecimalField(
        _("of which wages of migrant workers, yuan"), max_digits=12, decimal_places=2, default=0
    )
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    materials_on = models.DateField(_("file handed in on"), null=True, blank=True)
    checked_on = models.DateField(_("file checked on"), null=True, blank=True)
    checked_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    file_check = models.CharField(_("file check"), max_length=12, choices=FileCheck, blank=True)
    check_note = models.CharField(max_length=400, blank=True)
    subsidy = models.DecimalField(
        _("subsidy, yuan"), max_digits=8, decimal_places=2, null=True, blank=True
    )
    # What was paid, through the handler's unit, and the number of the voucher.
    paid_on = models.DateField(_("subsidy paid on"), null=True, blank=True)
    paid = models.DecimalField(
        _("subsidy paid, yuan"), max_digits=8, decimal_places=2, null=True, blank=True
    )
    voucher = models.CharField(_("voucher number"), max_length=40, blank=True)
    paid_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    archive_number = models.CharField(_("archive number"), max_length=40, blank=True)
    # Whose archive and of which year: within them a number stands once.
    archive_county = models.ForeignKey(
        County, models.PROTECT, null=True, blank=True, related_name="+"
    )
    archive_year = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["-closed_on"]
        verbose_name = _("closing")
        constraints = [
            models.CheckConstraint(
                name="closing_wages_within_recovered",
                condition=Q(wages_recovered__lte=F("recovered")) & Q(wages_recovered__gte=0),
            ),
            models.UniqueConstraint(
                fields=["archive_county", "archive_year", "archive_number"],
                condition=~Q(archive_number=""),
                name="closing_archive_number_once",
            ),
            models.CheckConstraint(
                name="closing_checked_whole",
                condition=Q(checked_on=None, checked_by=None, file_check="")
                | Q(
                    checked_on__isnull=False,
                    checked_by__isnull=False,
                    materials_on__isnull=False,
                )
                & ~Q(file_check=""),
            ),
            # A file that did not pass goes back to its handler: the check is a `FileReview`.
            models.CheckConstraint(
                name="closing_check_passed", condition=~Q(file_check=FileCheck.FAILED)
            ),
            models.CheckConstraint(
                name="closing_paid_whole",
                condition=Q(paid_on=None, paid=None, paid_by=None, voucher="")
                | Q(
                    paid_on__isnull=False,
                    paid__gt=0,
                    paid_by__isnull=False,
                    checked_on__isnull=False,
                )
                & ~Q(voucher=""),
            ),
        ]
        indexes = [models.Index(fields=["closed_on"], name="closing_closed_on")]

    def __str__(self):
        return f"{self.application} {self.get_result_display()}"


class FileReview(models.Model):
    """One check of a closed file 案卷检查. Never changed: a file that comes back is checked again."""

    closing = models.ForeignKey(Closing, models.PROTECT, related_name="reviews")
    # The day this file was handed in.
    handed_in_on = models.DateField(_("file handed in on"))
    checked_on = models.DateField(_("file checked on"))
    checked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    outcome = models.CharField(_("file check"), max_length=12, choices=FileCheck)
    # What the check found; of a file that failed, what is missing.
    words = models.CharField(_("what the check found"), max_length=400, blank=True)
    # By when a file that failed is handed in again.
    due_on = models.DateField(_("hand in again by"), null=True, blank=True)
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["checked_on", "pk"]
        verbose_name = _("check of a file")
        constraints = [
            models.CheckConstraint(
                name="file_review_failed_says_what_and_when",
                condition=~Q(outcome=FileCheck.FAILED) & Q(due_on=None)
                | Q(outcome=FileCheck.FAILED, due_on__gt=F("checked_on")) & ~Q(words=""),
            ),
            models.CheckConstraint(
                name="file_review_after_handed_in",
                condition=Q(checked_on__gte=F("handed_in_on")),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self):
        return f"{self.closing_id} {self.checked_on} {self.get_outcome_display()}"
