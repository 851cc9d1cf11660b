"""A register file that was brought in, so that it can be checked, taken in and undone whole."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from stations.models import Station
from stations.privacy import EncryptedTextField

from ..terms import BatchStatus


class ImportBatchQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(station__in=Station.objects.visible_to(user))

    def waiting(self):
        """Files a worker has yet to check or to bring in."""
        return self.filter(status__in=[BatchStatus.UPLOADED, BatchStatus.IMPORTING])

    def for_list(self):
        return self.select_related("station", "uploaded_by").defer("content", "errors")


class ImportBatch(models.Model):
    """One csv or xlsx file for one station: all of its rows come in, or none."""

    station = models.ForeignKey(Station, models.PROTECT, related_name="import_batches")
    filename = models.CharField(_("file"), max_length=200)
    # The file itself in base64, kept until it is in, refused or given up.
    content = EncryptedTextField()
    file_hash = models.CharField(max_length=64)
    status = models.CharField(
        _("status"), max_length=10, choices=BatchStatus, default=BatchStatus.UPLOADED
    )
    row_count = models.PositiveIntegerField(_("rows"), default=0)
    done = models.PositiveIntegerField(default=0)
    # Why the file as a whole cannot be read, or the first wrong cells as [row, column, sentence].
    refusal = models.CharField(max_length=200, blank=True)
    errors = models.JSONField(default=list)
    error_count = models.PositiveIntegerField(default=0)
    # Rows that look like an entry already in the register, or like one another.
    doubles = models.JSONField(default=list)
    uploaded_by = models.ForeignKey("stations.User", models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)
    imported_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        "stations.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    undo_reason = models.CharField(_("reason"), max_length=200, blank=True)

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        ordering = ["-uploaded_at"]
        verbose_name = _("import")
        constraints = [
            models.CheckConstraint(
                name="import_undone_with_reason",
                condition=Q(undone_at=None, undone_by=None)
                | Q(undone_at__isnull=False, undone_by__isnull=False) & ~Q(undo_reason=""),
            ),
        ]

    def __str__(self):
        return self.filename

    def get_absolute_url(self):
        return reverse("casework:import_detail", args=[self.pk])
