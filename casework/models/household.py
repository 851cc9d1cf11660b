"""What a household states: its table, tables that were corrected, and checks of what stands in them."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from stations.models import User
from stations.privacy import EncryptedTextField

from ..terms import HardshipOutcome, Relation
from .applications import Application


class HouseholdMember(models.Model):
    """One line of the household table of form 4; every figure is encrypted."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="household")
    name = EncryptedTextField(verbose_name=pgettext_lazy("person", "name"))
    relation = models.CharField(_("relation"), max_length=12, choices=Relation)
    age = models.PositiveSmallIntegerField(_("age"), null=True, blank=True)
    occupation = EncryptedTextField(verbose_name=_("occupation or employer"))
    # Yuan a month, as text of a decimal.
    monthly_income = EncryptedTextField(verbose_name=_("yuan a month"))

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return self.get_relation_display()


class HouseholdVersion(models.Model):
    """The household table of form 4 as it stood before a correction. Never changed.

    `content` is JSON, a list of {"name", "relation", "age", "occupation", "monthly_income"} in the
    order of the lines; it is encrypted like the table itself.
    """

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="household_versions"
    )
    # The application's count of changes while this table stood last.
    version = models.PositiveSmallIntegerField()
    content = EncryptedTextField()
    why = models.CharField(max_length=400)
    replaced_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    replaced_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["replaced_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "version"], name="household_version_once"
            )
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self):
        return f"{self.application_id} {self.version}"


class HardshipCheck(models.Model):
    """A check of what a household has stated (LAL 41): who was asked, and what they said.

    Under a data query it comes before the decision. Of the pledges under which aid was granted a
    share is drawn by lot and checked afterwards; until then `checked_on` is empty.
    """

    application = models.ForeignKey(Application, models.PROTECT, related_name="hardship_checks")
    is_drawn = models.BooleanField(default=False)
    opened_on = models.DateField()
    due_on = models.DateField(null=True, blank=True)
    checked_on = models.DateField(_("day of the answer"), null=True, blank=True)
    checked_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+"
    )
    source = models.CharField(_("who was asked"), max_length=80, blank=True)
    outcome = models.CharField(
        _("what it has shown"), max_length=10, choices=HardshipOutcome, blank=True
    )
    # May name what somebody earns.
    words = EncryptedTextField(verbose_name=pgettext_lazy("hardship", "what was said"))

    class Meta:
        ordering = ["opened_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="hardship_check_whole",
                condition=Q(checked_on=None, checked_by=None, source="", outcome="")
                | Q(checked_on__isnull=False, checked_by__isnull=False)
                & ~Q(source="")
                & ~Q(outcome=""),
            ),
            models.CheckConstraint(
                name="hardship_check_open_is_drawn",
                condition=Q(checked_on__isnull=False) | Q(is_drawn=True, due_on__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(is_drawn=True),
                name="hardship_check_drawn_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["application"],
                condition=Q(checked_on=None),
                name="hardship_check_open",
            )
        ]

    def __str__(self):
        return f"{self.application_id} {self.opened_on}"
