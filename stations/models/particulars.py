"""What changed in the particulars of a record: the old value stays, with who, when and why."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..privacy import EncryptedTextField
from .people import User


class ParticularsChange(models.Model):
    """One field of one record that was changed (变更记录). Never changed itself.

    Written by `stations.particulars` only, in the transaction that changes the record.
    """

    # The model and the id of the record: "stations.station", 17. Records are never deleted.
    model = models.CharField(max_length=40)
    record_id = models.BigIntegerField()
    # A field of the model, or a parameter of a county.
    field = models.CharField(max_length=40)
    old_value = EncryptedTextField()
    new_value = EncryptedTextField()
    # Empty where none is due.
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-changed_at", "-pk"]
        verbose_name = _("change of particulars")
        constraints = [
            models.CheckConstraint(
                name="particulars_change_names_its_field",
                condition=~Q(model="") & ~Q(field=""),
            )
        ]
        indexes = [
            models.Index(
                fields=["model", "record_id", "-changed_at"], name="particulars_change_record"
            )
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self):
        return f"{self.model}:{self.record_id} {self.field}"
