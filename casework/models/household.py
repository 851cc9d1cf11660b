"""Household tables that were corrected: what stood before, who put another in its place, and why."""

import pgtrigger
from django.db import models
from django.utils import timezone

from stations.models import User
from stations.privacy import EncryptedTextField

from .applications import Application


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
